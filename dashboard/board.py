"""The board: cards that take turns beside the map, each one subject with its figures, age and source. Pure.

A card is left out while nothing was ever told of its subject, or the role may not know it; one whose news stopped
stays, and the page says so.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from geodata.city import Agency
from geodata.clock import epoch_s
from layers.air import Station, band_of, stations_of
from layers.areas import area_name
from layers.call_tally import UNTYPED, Funnel, funnel, tallies_between
from layers.calls import KIND_WORDS
from layers.disaster_mode import Standing, standings
from layers.event import Mode
from layers.layer import Ages, Layer, Words
from layers.lifelines import STATE_WORDS, Lifeline
from layers.numbers import count_words, decimal_words, joined, share_words
from layers.situation import Situation
from layers.statistics import day_start, is_fresh, open_incidents
from layers.tides import next_high
from layers.told import Told
from layers.water import Gauge, state_of
from layers.weather import Sky, Weather, sky_words

Mood = Literal["grave", "late", "good"]
_MOST_ROWS, _MOST_DENSE = 6, 8
_MOST_BARS = 14
_MOST_STATIONS = 2
_STEP_S = 15
_NONE = "\N{EN DASH}"
_CALLS_AGES = Ages(late_s=1800, lost_s=7200)
_GRAVE_RANK = 2
_UNTOLD = Words(id="belum dinilai", en="not yet judged")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line: `value` stands at its end, `note` below; `since` (epoch seconds) is shown as an age.

    A value that is the same in both languages is a plain text.
    """

    label: Words
    value: Words | str
    note: Words | None = None
    mood: Mood | None = None
    since: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One bar of a small chart; `label` is written below the first and the last."""

    label: str
    value: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One subject. `observed_at` (epoch seconds) is when its newest word was true; after `ages.lost_s` it is no news.

    `source` names who said it. `is_pressing`: shown every other turn. `is_dense`: notes
    stand beside the labels.
    """

    key: str
    title: Words
    lead: Words | str | None = None
    lead_label: Words | None = None
    rows: tuple[Row, ...] = ()
    bars: tuple[Bar, ...] = ()
    bars_label: Words | None = None
    source: Words | str
    observed_at: float | None
    ages: Ages | None = None
    is_pressing: bool = False
    is_dense: bool = False


def board(situation: Situation, now: datetime, mode: Mode = "live") -> list[dict[str, Any]]:
    """Every card there is something to say on, as JSON; `situation` is what the role may see."""
    cards = (
        *_of_disasters(situation, now, mode),
        *_of_calls(situation, now, mode),
        *_of_agencies(situation, now),
        *_of_lifelines(situation),
        *_of_water(situation),
        *_of_sky(situation, now),
    )
    return [asdict(card) for card in cards]


def _of_disasters(situation: Situation, now: datetime, mode: Mode) -> Iterator[Card]:
    for one in standings(situation, now, mode):
        if one.disaster.declared:
            yield _of_disaster(situation, one, one.disaster.declared.title)


def _of_disaster(situation: Situation, one: Standing, title: str) -> Card:
    shelters = [shelter for shelter in situation.of("shelters").values() if shelter.fact.disaster == one.disaster.id]
    told = _newest([one.disaster.told, *(shelter.told for shelter in shelters)])
    fullest = sorted(shelters, key=lambda shelter: (-shelter.fact.occupants, shelter.id))[: _MOST_ROWS - 4]
    untold = f"{one.home_untold} posko belum melapor", f"{one.home_untold} shelters have not said"
    rows = (
        Row(label=Words(id="Posko terisi", en="Shelters in use"), value=f"{one.in_use}/{one.shelters}"),
        Row(
            label=Words(id="Sudah pulang", en="Gone home"),
            value=count_words(one.home),
            note=Words(id=untold[0], en=untold[1]) if one.home_untold else None,
        ),
        Row(
            label=Words(id="Keluarga mencari", en="Families asking"),
            value=count_words(one.enquiries_open),
            note=Words(id=f"{one.enquiries_answered} terjawab", en=f"{one.enquiries_answered} answered"),
            mood="late" if one.enquiries_open else None,
        ),
        *(Row(label=_same(s.fact.name), value=_of(s.fact.occupants, s.fact.capacity)) for s in fullest),
    )
    return Card(
        key=f"disaster:{one.disaster.id}",
        title=Words(id=title, en=title),
        lead=count_words(one.occupants),
        lead_label=Words(id="pengungsi di posko", en="evacuees in shelters"),
        rows=rows,
        bars=tuple(Bar(label=day[5:], value=calls) for day, calls in one.curve[-_MOST_BARS:]),
        bars_label=Words(id="panggilan per hari", en="calls per day"),
        source=_clients([told.source]),
        observed_at=epoch_s(told.at),
        is_pressing=True,
    )


def _of_calls(situation: Situation, now: datetime, mode: Mode) -> Iterator[Card]:
    start = day_start(situation.ground.city, now)
    tallies = list(tallies_between(situation.of("call_tally"), start, now + timedelta(hours=1), mode))
    found = funnel(tallies, start, now + timedelta(hours=1), mode)
    if found.came:
        yield _of_funnel(found, max(row.seen for tally in tallies for row in tally.rows.values()))


def _of_funnel(found: Funnel, newest: datetime) -> Card:
    kinds = sorted(KIND_WORDS, key=lambda kind: (kind != "normal", -found.by_kind[kind]))
    rows = [
        Row(
            label=Words(id="Dijawab", en="Answered"),
            value=count_words(found.answered),
            note=share_words(found.answered / found.came),
        ),
        *(
            Row(
                label=_capital(KIND_WORDS[kind]),
                value=count_words(found.by_kind[kind]),
                note=_share_note(found) if kind == "normal" else None,
                mood="good" if kind == "normal" else None,
            )
            for kind in kinds
            if found.by_kind[kind]
        ),
    ]
    if found.by_kind[UNTYPED]:
        rows.append(Row(label=_capital(_UNTOLD), value=count_words(found.by_kind[UNTYPED])))
    return Card(
        key="calls",
        title=Words(id="Panggilan hari ini", en="Calls today"),
        lead=count_words(found.came),
        lead_label=Words(id="panggilan masuk", en="calls came"),
        rows=tuple(rows[:_MOST_DENSE]),
        is_dense=True,
        source=Words(id="telepon 112", en="112 telephone"),
        observed_at=_stepped(newest),
        ages=_CALLS_AGES,
    )


def _share_note(found: Funnel) -> Words | None:
    share = found.genuine_share
    return None if share is None else joined(share_words(share), Words(id=" nyata", en=" real"))


def _of_agencies(situation: Situation, now: datetime) -> Iterator[Card]:
    """Who is out there and who is at work; free is an agency with a fresh unit and no open incident."""
    units = [unit for unit in situation.of("responders").values() if unit.agency]
    if not any(unit.observed_at for unit in units):
        return
    known = Counter(unit.agency for unit in units)
    fresh = Counter(unit.agency for unit in units if is_fresh(unit, now, situation.ground.city))
    busy = Counter(agency for incident in open_incidents(situation) for agency in incident.reached_by)
    judged = [
        (agency, fresh[agency.id], known[agency.id], busy[agency.id])
        for agency in situation.ground.city.agencies
        if agency.id in known
    ]
    free = sum(out > 0 and tasks == 0 for _, out, _, tasks in judged)
    newest = max((unit for unit in units if unit.observed_at), key=lambda unit: (unit.observed_at, unit.id))
    yield Card(
        key="agencies",
        title=Words(id="OPD dan relawan", en="Agencies and volunteers"),
        lead=str(free),
        lead_label=_of_so_many(len(judged)),
        rows=(
            _all_units(situation, now),
            *(_strength(*one) for one in sorted(judged, key=_busiest_first)[: _MOST_DENSE - 1]),
        ),
        is_dense=True,
        source=_clients([newest.source]),
        observed_at=_stepped(newest.observed_at),
        ages=_ages(situation, "responders"),
    )


def _of_so_many(agencies: int) -> Words:
    return Words(id=f"dari {agencies} instansi siap, tanpa tugas", en=f"of {agencies} agencies ready, without a task")


def _busiest_first(judged: tuple[Agency, int, int, int]) -> tuple[int, int, str]:
    agency, fresh, _, busy = judged
    return -busy, -fresh, agency.short


def _all_units(situation: Situation, now: datetime) -> Row:
    """The same two numbers as above the map, so that those of the agencies are read as parts of them."""
    units = situation.of("responders").values()
    fresh = sum(is_fresh(unit, now, situation.ground.city) for unit in units)
    return Row(label=Words(id="Unit berposisi baru", en="Units, new position"), value=f"{fresh}/{len(units)}")


def _strength(agency: Agency, fresh: int, known: int, busy: int) -> Row:
    """Units with a fresh position among its units, and open incidents it was told of."""
    mood: Mood | None = None if busy else "good" if fresh else "late"
    return Row(label=_same(agency.short), value=f"{fresh}/{known}", note=_task(busy), mood=mood)


def _task(busy: int) -> Words:
    if not busy:
        return Words(id="tanpa tugas", en="no task")
    return Words(id=f"{busy} kejadian", en=f"{busy} incidents")


def _of_lifelines(situation: Situation) -> Iterator[Card]:
    lines: list[Lifeline] = sorted(situation.of("lifelines").values(), key=_gravity)
    if not lines:
        return
    bad = [line for line in lines if line.fact.state != "normal"]
    told = _newest(line.told for line in lines)
    shown = (bad + [line for line in lines if line.fact.state == "normal"])[:_MOST_ROWS]
    yield Card(
        key="lifelines",
        title=Words(id="Jaringan vital", en="Lifelines"),
        lead=str(len(bad)),
        lead_label=Words(id="terganggu" if bad else "semua normal", en="disturbed" if bad else "all normal"),
        rows=tuple(_line(line, situation) for line in shown),
        source=_clients(line.told.source for line in lines),
        observed_at=epoch_s(told.at),
        ages=_ages(situation, "lifelines"),
        is_pressing=any(line.fact.state == "down" for line in bad),
    )


def _gravity(line: Lifeline) -> tuple[bool, bool, str]:
    return line.fact.state == "normal", line.fact.state != "down", line.id


def _line(line: Lifeline, situation: Situation) -> Row:
    fact = line.fact
    moods: dict[str, Mood] = {"down": "grave", "jammed": "late", "normal": "good"}
    return Row(
        label=_same(fact.provider),
        value=STATE_WORDS[fact.state],
        note=_same(area_name(situation.ground, fact.area)),
        mood=moods[fact.state],
        since=epoch_s(fact.since) if fact.since and fact.state != "normal" else None,
    )


def _of_water(situation: Situation) -> Iterator[Card]:
    gauges: list[Gauge] = [gauge for gauge in situation.of("water").values() if gauge.listed]
    if not gauges:
        return
    worst = sorted(gauges, key=lambda gauge: (-_rank(gauge), gauge.id))[:_MOST_ROWS]
    read = [gauge.told for gauge in gauges if gauge.newest]
    told = _newest(read) if read else None
    yield Card(
        key="water",
        title=Words(id="Tinggi muka air", en="Water levels"),
        rows=tuple(_level(gauge) for gauge in worst),
        source=_clients(gauge.told.source for gauge in gauges),
        observed_at=epoch_s(told.at) if told else None,
        ages=_ages(situation, "water"),
        is_pressing=_rank(worst[0]) >= _GRAVE_RANK,
    )


def _rank(gauge: Gauge) -> int:
    state = state_of(gauge)
    return -1 if state is None else state.rank


def _level(gauge: Gauge) -> Row:
    newest, state = gauge.newest, state_of(gauge)
    name = gauge.listed.name if gauge.listed else gauge.id
    if newest is None:
        return Row(label=_same(name), value=_NONE, note=Words(id="tidak ada data", en="no data"), mood="late")
    mood: Mood | None = None if state is None or state.rank == 0 else "grave" if state.rank >= _GRAVE_RANK else "late"
    return Row(
        label=_same(name),
        value=decimal_words(newest.level_m, 2, "m"),
        note=_same(state.name) if state else None,
        mood=mood,
        since=epoch_s(newest.at),
    )


def _of_sky(situation: Situation, now: datetime) -> Iterator[Card]:
    """Air and tide have their rows however many kelurahan have a forecast."""
    weathers: list[Weather] = sorted(situation.of("weather").values(), key=lambda one: one.id)
    stations, tides = stations_of(situation), list(situation.of("tides").values())
    if not weathers and not stations and not tides:
        return
    skies = [row for weather in weathers for row in _sky(weather, situation, now)]
    others = [*(_air(station) for station in stations[:_MOST_STATIONS]), *_tide(situation, now)]
    told: list[Told] = [one.told for one in (*weathers, *stations, *tides)]
    yield Card(
        key="sky",
        title=Words(id="Cuaca dan udara", en="Weather and air"),
        rows=(*skies[: _MOST_ROWS - len(others)], *others),
        source=_clients(one.source for one in told),
        observed_at=epoch_s(_newest(told).at),
        ages=_ages(situation, "weather"),
    )


def _air(station: Station) -> Row:
    note = Words(id=band_of(station.fact.ispu).id, en=band_of(station.fact.ispu).en)
    return Row(label=_same(f"ISPU {station.fact.name}"), value=f"{station.fact.ispu:.0f}", note=note)


def _tide(situation: Situation, now: datetime) -> Iterator[Row]:
    """The highest water forecast for the coming day; what it is counted from stands beside it."""
    high = next_high(situation, now)
    if high is None:
        return
    forecast, level = high
    city = situation.ground.city
    local = f"{level.at.astimezone(city.zone):%H.%M} {city.zone_label}"
    yield Row(
        label=Words(id="Pasang tertinggi", en="Highest tide"),
        value=decimal_words(level.level_m, 1, "m", is_signed=True),
        note=Words(id=f"prakiraan {local}, dari {forecast.zero}", en=f"forecast {local}, from mean sea level"),
    )


def _sky(weather: Weather, situation: Situation, now: datetime) -> Iterator[Row]:
    """What is observed; the forecast where nobody observes."""
    sky: Sky | None = weather.fact.now or weather.next_slot(now)
    if sky is None:
        return
    heat = _NONE if sky.temperature_c is None else f"{sky.temperature_c:.0f} °C"
    said = sky_words(sky.words or _NONE)
    is_forecast = weather.fact.now is None
    words = Words(id=f"prakiraan: {said.id}", en=f"forecast: {said.en}") if is_forecast else said
    yield Row(label=_same(area_name(situation.ground, weather.id)), value=heat, note=words)


def _ages(situation: Situation, name: str) -> Ages | None:
    """The freshness of a layer, as it says it itself."""
    layer = situation.layers.get(name)
    return layer.ages if isinstance(layer, Layer) else None


def _newest(told: Iterable[Told]) -> Told:
    return max(told, key=lambda one: (one.at, one.source))


def _clients(sources: Iterable[str]) -> str:
    """Who told it; by which feed is not for a wall."""
    return " · ".join(sorted({source.partition("/")[0] for source in sources}))


def _stepped(moment: datetime | None) -> float | None:
    """Rounded down, so that not every word makes a new board."""
    return None if moment is None else float(int(epoch_s(moment)) // _STEP_S * _STEP_S)


def _of(part: int, whole: int | None) -> Words:
    return count_words(part) if whole is None else joined(count_words(part), "/", count_words(whole))


def _same(text: str) -> Words:
    return Words(id=text, en=text)


def _capital(words: Words) -> Words:
    return Words(id=words.id[:1].upper() + words.id[1:], en=words.en[:1].upper() + words.en[1:])
