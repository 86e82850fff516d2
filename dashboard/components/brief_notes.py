"""What stands beside the title of each figure of a briefing: on how much it rests, and what it cannot say."""

from collections.abc import Callable, Mapping

from dashboard.briefing_desk import Told
from dashboard.briefing_words import left_out_said
from dashboard.components.brief_cards import usual_said
from layers.layer import Words


def note_of(name: str, told: Told) -> Words:
    """No figure without its n."""
    return _NOTES.get(name, _incidents)(told)


def _incidents(told: Told) -> Words:
    return _same(f"n {len(told.brief.incidents)}")


def _slots(told: Told) -> Words:
    n, usual = len(told.brief.incidents), usual_said(told.usual)
    return Words(id=f"n {n} · {usual.id}", en=f"n {n} · {usual.en}")


def _groups(told: Told) -> Words:
    first, left = told.brief.first, left_out_said(told.brief.first)
    return Words(
        id=f"batang median, garis p90, putus-putus target · n {first.n} · {left.id}",
        en=f"bar median, line p90, dashes target · n {first.n} · {left.en}",
    )


def _calls(told: Told) -> Words:
    calls = told.brief.calls
    if calls is None:
        return Words(
            id="tidak tersaring menurut jenis, OPD, tempat atau sif",
            en="cannot be filtered by kind, agency, place or shift",
        )
    return _same(f"n {calls.came}")


def _leads(told: Told) -> Words:
    both = told.around.leads.n
    return Words(id=f"n {both} yang dicapai keduanya", en=f"n {both} reached by both")


def _callers(told: Told) -> Words:
    found = told.around.callers
    if told.brief.period.since >= found.remembered_from:
        return Words(id=f"n {found.numbers} nomor · hanya jumlah", en=f"n {found.numbers} numbers · counts only")
    return Words(id=f"n {found.numbers} nomor · diingat 30 hari", en=f"n {found.numbers} numbers · kept for 30 days")


def _lifelines(told: Told) -> Words:
    found = told.around.lifelines
    if found is None:
        return Words(id="pilih paling lama 93 hari", en="choose at most 93 days")
    n = len({one.lifeline for one in found})
    return Words(id=f"n {n} jaringan", en=f"n {n} networks")


def _courses(told: Told) -> Words:
    courses = told.around.courses
    if not courses:
        return _same("n 0")
    n, title = sum(day.calls for day in courses[0].days), courses[0].title
    return Words(
        id=f"{title} · batang: panggilan (n {n}) · garis: pengungsi",
        en=f"{title} · bars: calls (n {n}) · line: evacuees",
    )


def _same(text: str) -> Words:
    return Words(id=text, en=text)


_NOTES: Mapping[str, Callable[[Told], Words]] = {
    "slots": _slots,
    "groups": _groups,
    "funnel": _calls,
    "leads": _leads,
    "callers": _callers,
    "lifelines": _lifelines,
    "flood": _courses,
}
