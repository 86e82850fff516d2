"""Every answer is as the description says: status, type, words; asked as everybody, with sense and with nonsense."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import quote

import orjson
import pytest
from jsonschema import Draft202012Validator

from cctv.camera import discover_sources
from cctv.inventory import import_cameras
from dashboard.camera_log import listed_fact
from dashboard.report_shelf import Kept, ReportShelf
from layers.incidents import IncidentReported, Report
from layers.responders import PositionReported
from layers.water import WaterLevelReported
from tests.dashboard.conftest import NOW

PROBLEM = "application/problem+json"
ENDLESS = "/live/stream"
METHODS = ("get", "post", "put", "patch", "delete")
ASKS_THE_NETWORK = {"/api/v1/cameras/discover", "/api/v1/cameras/onvif", "/api/v1/cameras/test"}
"""Sent nothing here that would make them look for cameras; tests of the desk do."""
EXISTS = {
    "feed": "incidents", "name": "incidents", "camera_id": "A", "incident_id": "INC-1", "bookmark_id": "x",
    "report_id": "0" * 16, "room": "incidents", "deed": "verify", "wall": "utama",
    "kind": "incidents", "format_": "csv", "screen": "penuh", "number": "4",
}  # fmt: skip
SENSE = {
    "lon": "117.15", "lat": "-0.5", "from": "2026-11-20T02:50:00Z", "to": "2026-11-20T02:59:00Z",
    "since": "2026-11-20T02:50:00Z", "until": "2026-11-20T02:59:00Z", "at": "2026-11-20T02:59:00Z",
    "first": "2026-11-01", "last": "2026-11-20", "month": "2026-11", "id": "U-1", "unit": "U-1", "by": "kelurahan",
}  # fmt: skip
CAMERAS = "id,name,lon,lat,url\nA,Jembatan,117.15,-0.5,sim:\n"
DAYS = {"since": "2026-11-01", "until": "2026-11-20"}
"""What /export and the audit as a table understand by the same words."""
NONSENSE = (
    "x", "NaN", "inf", "-1", "1e999", "9" * 400, "\0", "2026-11-20T02:50:00", "2100-01-01T00:00:00Z",
    "0001-01-01T00:00:00Z", "9999-12-31T23:59:59-23:59", "-1e18", "😀", "../../x", "[]", "1,2", "٣",
)  # fmt: skip
ANY_TEXT_WILL_DO = {"cursor", "unit", "lat", "lon", "timestamp", "bearing", "id", "limit"}
"""A cursor nobody gave out is none, a unit nobody knows has no tracks; positions are answered 200 and quarantined."""
MAY_REFUSE = {
    "/readyz",
    "/cameras/{camera_id}/reference.jpg",
    "/cameras/{camera_id}.jpg",
    "/api/v1/tour/past/{number}",
    "/api/v1/desk/{room}/more",
}
"""The disk of who runs the tests may be full; nothing was learnt of this camera, and no still of it is that old;
no time is marked for visitors; a row of most rooms has no more to tell."""
BODIES = (b"", b"{}", b"[]", b"null", b"[1]", b'"x"', b"\xff\xfe", b"[" * 5_000, b'{"id": NaN}', b'{"id": "\\ud800"}',
          b'{"name": 1, "at": [], "lon": "x", "ids": {}, "url": 5}')  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One method of one path."""

    path: str
    method: str
    item: dict
    words: tuple[dict, ...]

    def url(self) -> str:
        """With arguments that exist."""
        return re.sub(r"\{(\w+)\}", lambda found: EXISTS[found[1]], self.path)

    def asked(self, **replaced: str) -> str:
        """With a query that makes sense, but for what is replaced."""
        sense = SENSE | (DAYS if "/export/" in self.path or self.path == "/api/v1/audit.csv" else {})
        names = [word["name"] for word in self.words if word["in"] == "query"]
        said = {name: sense[name] for name in names if name in sense} | replaced
        return self.url() + "?" + "&".join(f"{name}={quote(value)}" for name, value in said.items())


def operations(document: dict) -> Iterator[Operation]:
    """All that can be asked and that ends."""
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item and path != ENDLESS:
                words = (*item.get("parameters", ()), *item[method].get("parameters", ()))
                yield Operation(path=path, method=method, item=item[method], words=words)


def faults(document: dict, operation: Operation, answer) -> list[str]:
    """In what an answer is not as described."""
    described = operation.item["responses"].get(str(answer.status_code))
    if described is None:
        return [f"{answer.status_code} is not described"]
    if "$ref" in described:
        described = document["components"]["responses"]["Problem"]
    if answer.status_code >= 400 and answer.mimetype != PROBLEM and "readyz" not in operation.path:
        return [f"an error as {answer.mimetype}"]
    content = described.get("content", {})
    if content and answer.mimetype not in content:
        return [f"{answer.mimetype} is not among {sorted(content)}"]
    schema = content.get(answer.mimetype, {}).get("schema") if "json" in answer.mimetype else None
    return _mistold(document, schema, orjson.loads(answer.data)) if schema else []


def _mistold(document: dict, schema: dict, told) -> list[str]:
    whole = {**schema, "components": document["components"]}
    wrong = [error.message for error in Draft202012Validator(whole).iter_errors(told)]
    known = _words_of(document, schema)
    unknown = sorted(set(told) - known) if known and isinstance(told, dict) else []
    return [*wrong, *(f"says {unknown}, of which the description does not know" for _ in unknown[:1])]


def _words_of(document: dict, schema: dict) -> set[str]:
    """The names that an object of this schema may have at its top; none where it does not say."""
    if "$ref" in schema:
        return _words_of(document, document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]])
    parts = [_words_of(document, part) for name in ("allOf", "anyOf") for part in schema.get(name, ())]
    return set(schema.get("properties", ())).union(*parts)


@pytest.fixture
def asked(make_city):
    """A city of which there is something to be told, its description, and every operation in it."""
    city = make_city()
    an_hour_ago, earlier = NOW - timedelta(hours=1), NOW - timedelta(minutes=5)
    report = Report(category="banjir", reported_at=an_hour_ago, lon=117.15, lat=-0.5, description="rumah Pak Budi")
    listed = import_cameras(CAMERAS.encode(), city.folder, discover_sources().found)
    assert not listed.refused
    city.watch.forward(-3600)
    city.bring(*map(listed_fact, listed.cameras))
    city.bring(IncidentReported(incident="INC-1", report=report), WaterLevelReported(gauge="G", level_m=7.1))
    city.watch.forward(3300)
    city.bring(PositionReported(unit="U-1", lon=117.15, lat=-0.5), source="x/osmand", at=earlier)
    city.watch.forward(300)
    keep_report(ReportShelf(city.folder), city.watch.now)
    return city, city.get("/api/v1/openapi.json").json


def keep_report(shelf, now):
    shelf.partial(EXISTS["report_id"]).write_bytes(b"%PDF")
    shelf.keep(
        Kept(
            id=EXISTS["report_id"], who="x", made_at=now, title="Laporan", name="a.pdf", format="pdf", fingerprint="f",
            bytes=4,
        )
    )  # fmt: skip


def test_answers_to_sensible_questions_are_as_described(asked):
    city, document = asked
    told = []
    for operation in operations(document):
        if operation.method == "get":
            for role in (None, "ingest", "visitor", "wall", "admin"):
                answer = city.get(operation.asked(), role)
                told += [(operation.path, role, fault) for fault in faults(document, operation, answer)]
    assert told == []


def test_every_question_that_makes_sense_is_answered_and_with_every_word_that_the_description_promises(asked):
    city, document = asked
    unanswered, promised_only = [], []
    for operation in operations(document):
        if operation.method != "get" or operation.path in MAY_REFUSE:
            continue
        given = [city.get(operation.asked(), role) for role in ("admin", "ingest")]
        good = [answer for answer in given if answer.status_code == 200]
        if not good:
            unanswered.append(operation.path)
        elif good[0].mimetype == "application/json" and isinstance(good[0].json, dict):
            schema = operation.item["responses"]["200"]["content"]["application/json"]["schema"]
            promised_only += [(operation.path, word) for word in _words_of(document, schema) - set(good[0].json)]
    assert unanswered == []
    assert promised_only == []


def test_nonsense_in_a_query_is_refused_with_the_word_at_fault_and_never_breaks_anything(asked):
    city, document = asked
    told, questions = [], 0
    for operation in operations(document):
        if operation.method != "get":
            continue
        role = "ingest" if operation.path in {"/api/v1/osmand", "/api/v1/traccar"} else "admin"
        for word in (word["name"] for word in operation.words if word["in"] == "query"):
            for nonsense in NONSENSE:
                questions += 1
                answer = city.get(operation.asked(**{word: nonsense}), role)
                told += [(operation.path, word, nonsense, fault) for fault in faults(document, operation, answer)]
                if answer.status_code == 400 and not (answer.json.get("field") and answer.json.get("detail")):
                    told.append((operation.path, word, nonsense, "400 without field or detail"))
    assert told == []
    assert questions > 300


WRONG_WAY_ROUND = {
    "/api/v1/tracks": ("until", {"since": SENSE["until"], "until": SENSE["since"]}),
    "/api/v1/statistics": ("to", {"from": SENSE["to"], "to": SENSE["from"]}),
    "/api/v1/replay": ("to", {"from": SENSE["to"], "to": SENSE["from"]}),
    "/api/v1/counts": ("last", {"first": SENSE["last"], "last": SENSE["first"]}),
    "/api/v1/export/{kind}.{format_}": ("until", {"since": DAYS["until"], "until": DAYS["since"]}),
}
WITHOUT_ZONE = {
    "/api/v1/tracks": "since", "/api/v1/statistics": "from", "/api/v1/replay": "from", "/api/v1/situation": "at",
    "/api/v1/audit": "since", "/cameras/{camera_id}.jpg": "at",
}  # fmt: skip


def test_a_period_that_ends_before_it_begins_is_refused_by_the_word_for_its_end(asked):
    city, document = asked
    known = {operation.path: operation for operation in operations(document)}
    for path, (field, words) in WRONG_WAY_ROUND.items():
        answer = city.get(known[path].asked(**words), "admin")
        assert (answer.status_code, answer.json["field"]) == (400, field), path
        assert "ends after it begins" in answer.json["detail"]


def test_a_time_without_its_zone_is_refused_everywhere(asked):
    city, document = asked
    known = {operation.path: operation for operation in operations(document)}
    for path, word in WITHOUT_ZONE.items():
        answer = city.get(known[path].asked(**{word: "2026-11-20T02:50:00"}), "admin")
        assert (answer.status_code, answer.json["field"]) == (400, word), path


def test_nonsense_in_a_body_is_refused_as_described_and_never_breaks_anything(asked):
    city, document = asked
    told = []
    for operation in operations(document):
        if operation.method not in {"post", "put", "patch"} or operation.path in ASKS_THE_NETWORK:
            continue
        for role in ("ingest", "admin"):
            for body in BODIES:
                headers = {**city.bearer(role), "Content-Type": "application/json"}
                answer = city.client().open(
                    operation.url(), method=operation.method.upper(), data=body, headers=headers
                )
                told += [(operation.path, role, body[:40], fault) for fault in faults(document, operation, answer)]
    assert told == []
