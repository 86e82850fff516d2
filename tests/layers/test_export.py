"""Tables hold what happened and nothing that anybody has typed; whoever tries to put such a thing in is refused."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime, timedelta
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import pytest

from layers.calls import CallRecord, CallRecorded
from layers.event import Event, stable_id
from layers.export import Frame, Row, Span, Word, checked, months_of, rows_of
from layers.export_tables import TABLES
from layers.incidents import IncidentReported, IncidentStatusChanged, Report
from layers.layer import discover_layers
from layers.shelters import ShelterReported

SECRET = "RAHASIA-0812"  # noqa: S105 — planted
NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
DAY = Span(since=NOW - timedelta(hours=12), until=NOW + timedelta(hours=12))


def planted(hint: Any, name: str = "") -> Any:
    """A value of that type in which every text is the secret."""
    if get_origin(hint) in {Union, UnionType}:
        return planted(next(one for one in get_args(hint) if one is not type(None)), name)
    if get_origin(hint) is Literal:
        return get_args(hint)[0]
    if get_origin(hint) is tuple:
        return tuple(planted(one) for one in get_args(hint) if one is not Ellipsis)
    if get_origin(hint) is Mapping:
        kind, value = get_args(hint)
        return {planted(kind): planted(value)}
    if is_dataclass(hint):
        hints = get_type_hints(hint)
        return hint(**{field.name: planted(hints[field.name], field.name) for field in fields(hint)})
    simple = {str: SECRET, datetime: NOW, bool: True, int: 3, float: {"lon": 117.15, "lat": -0.5}.get(name, 1.0)}
    return simple[hint]


def planted_facts():
    """Every fact of every layer, full of secrets."""
    for layer in discover_layers().found.values():
        for kind in layer.facts:
            fact = planted(kind)
            is_of_shift = fields(kind)[0].name == "shift"
            yield replace(fact, shift=f"2026-11-22/{SECRET}") if is_of_shift else fact


def planted_events():
    return [
        Event(id=stable_id(SECRET, n), at=NOW, seen=NOW + timedelta(seconds=n), source=f"{SECRET}/{SECRET}", fact=fact)
        for n, fact in enumerate(planted_facts())
    ]


@pytest.fixture
def frame(ground):
    return Frame(ground=ground, alias=lambda said: f"key-{len(said)}", feeds=frozenset({"incidents", "feed"}))


@pytest.fixture
def exported(frame):
    """`exported(name, events)`: rows as mappings."""

    def of(name: str, events: list[Event]) -> list[dict[str, Any]]:
        table = TABLES[name]

        def tell(kinds, since, until):
            return (event for event in events if event.fact.kind in kinds and since <= event.seen < until)

        names = [column.name for column in table.columns]
        return [dict(zip(names, row, strict=True)) for row in rows_of(table, tell, DAY, frame)]

    return of


@pytest.mark.parametrize("name", sorted(TABLES))
def test_no_text_that_somebody_typed_is_in_any_table(exported, name):
    rows = exported(name, planted_events())
    assert rows
    assert SECRET not in str(rows)


@pytest.mark.parametrize("name", sorted(TABLES))
def test_every_table_says_who_told_it_when_it_came_and_whether_it_was_real(exported, name):
    events = [replace(event, mode="drill", source="cad/feed") for event in planted_events()]
    said = {(row["source"], row["mode"]) for row in exported(name, events)}
    assert said == {("feed", "drill")}
    assert all(row["received_at"] is not None for row in exported(name, events))


def test_a_table_that_would_let_a_text_in_is_refused():
    table = TABLES["calls"]
    row: Row = (*(None for _ in table.columns[:-1]), NOW)
    assert checked(table, row) is row
    for wrong in (SECRET, Word("fine")):
        with pytest.raises(TypeError, match="came_at"):
            checked(table, (None, wrong, *row[2:]))
    with pytest.raises(TypeError, match="call may not hold a str"):
        checked(table, (SECRET, *row[1:]))


def test_an_incident_has_its_category_place_and_times_and_no_door(exported, happened):
    report = Report(category="kebakaran", reported_at=NOW, lon=117.1403, lat=-0.5001, description=SECRET)
    later = {s: NOW + timedelta(minutes=m) for s, m in (("diteruskan", 1), ("di_lokasi", 7))}
    steps = [
        IncidentStatusChanged(incident="A", status=status, reached_at=at, agency="damkar")
        for status, at in later.items()
    ]
    facts = [IncidentReported(incident="A", report=report), *steps]
    events = [replace(happened(fact, n), at=NOW, seen=NOW + timedelta(minutes=n)) for n, fact in enumerate(facts)]
    [row] = exported("incidents", events)
    assert (row["category"], row["service_class"], row["status"], row["agency"]) == (
        "kebakaran", "darurat", "di_lokasi", "damkar",
    )  # fmt: skip
    assert (row["kelurahan_name"], row["lon"], row["lat"]) == ("Pasar Pagi", 117.14125, -0.50125)
    assert (row["dispatch_s"], row["first_on_scene_s"], row["close_s"], row["close_why"]) == (60, 420, None, "pending")
    assert [(r["status"], r["after_s"]) for r in exported("responses", events)] == [
        ("diteruskan", 60),
        ("di_lokasi", 420),
    ]


def test_a_call_told_twice_is_one_row_with_the_newest_word(exported, happened):
    first, second = (
        CallRecord(came_at=NOW),
        CallRecord(came_at=NOW, answered_at=NOW + timedelta(seconds=9), kind="prank"),
    )
    events = [
        replace(happened(CallRecorded(call="C", record=record), n), at=NOW, seen=NOW + timedelta(seconds=n))
        for n, record in enumerate((first, second))
    ]
    [row] = exported("calls", events)
    assert (row["wait_s"], row["kind"], row["provider"]) == (9, "prank", None)


def test_what_lies_outside_of_the_days_is_left_out(exported, happened):
    fact = ShelterReported(shelter="S", name="x", occupants=5)
    events = [replace(happened(fact, n), seen=NOW + timedelta(hours=hours)) for n, hours in enumerate((-13, 0, 12))]
    assert len(exported("shelters", events)) == 1


def test_a_long_span_is_read_a_month_at_a_time_without_a_gap():
    months = list(months_of(Span(since=NOW, until=NOW + timedelta(days=70))))
    assert [month.since for month in months[1:]] == [month.until for month in months[:-1]]
    assert (len(months), months[0].since, months[-1].until) == (3, NOW, NOW + timedelta(days=70))
