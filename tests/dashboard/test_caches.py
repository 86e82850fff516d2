"""What one role was given is never given to another: not by a browser, not by a proxy, not by the server itself.

Every GET of the server is asked by one role of each picture; where answers differ, so must all that caches go by.
"""

from dashboard.page import discover_pages
from layers.incidents import IncidentReported, Report
from tests.dashboard.route_table import PAGES, WHO, first_requests

PICTURES = ("admin", "wall", "visitor")
VARIES = {"Cookie", "Authorization"}
ENDLESS = {"live_stream"}


def is_scripts(asked) -> bool:
    """What Dash serves below a page and is the same for everybody: all but its layout."""
    return asked.endpoint not in {*WHO, *PAGES} and not asked.path.endswith("_dash-layout")


def kept_by(response) -> set[str]:
    """What its Cache-Control says."""
    return {word.strip() for word in response.headers.get("Cache-Control", "").split(",")}


def test_what_differs_by_role_has_another_etag_and_lies_in_no_shared_cache(make_city):
    city = make_city(pages=discover_pages().found)
    report = Report(category="kebakaran", reported_at=city.watch.now, lon=117.15, lat=-0.49, description="asap tebal")
    city.bring(IncidentReported(incident="INC-1", report=report))
    differing, tagged = 0, 0
    for asked in first_requests(city.server):
        if asked.method != "GET" or asked.endpoint in ENDLESS or is_scripts(asked):
            continue
        answers = [city.get(asked.path, role) for role in PICTURES]
        good = [answer for answer in answers if answer.status_code == 200]
        if len({answer.data for answer in good}) + len({answer.status_code for answer in answers}) == 2:
            continue
        differing += 1
        for answer in good:
            _lies_in_no_shared_cache(asked.path, answer, is_same=len({answer.data for answer in good}) == 1)
        tagged += _no_etag_of_another_is_taken(city, asked.path, answers)
    assert differing > 20
    assert tagged >= 2


def _lies_in_no_shared_cache(path, answer, *, is_same: bool) -> None:
    """What is the same for all who may see it may lie there, if the server is asked each time who wants it."""
    kept = kept_by(answer)
    is_asked_for = "no-store" in kept or ("no-cache" in kept and (is_same or "private" in kept))
    assert "public" not in kept, path
    assert is_asked_for or set(answer.vary) >= VARIES, (path, kept, answer.headers.get("Vary"))


def _no_etag_of_another_is_taken(city, path, answers) -> int:
    """Whoever shows the tag that another role was given gets the whole answer, or none."""
    known = {
        role: answer.headers["ETag"] for role, answer in zip(PICTURES, answers, strict=True) if "ETag" in answer.headers
    }
    for role, answer in zip(PICTURES, answers, strict=True):
        for other, tag in known.items():
            body = dict(zip(PICTURES, answers, strict=True))[other].data
            if other != role and body != answer.data:
                assert city.get(path, role, If_None_Match=tag).status_code != 304, (path, role, other)
    return len(known) > 1
