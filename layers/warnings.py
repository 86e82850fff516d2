"""What the room must know beside the incidents, a sentence each: networks, water, staff, disasters, surges. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from layers.alerts import active_alerts, concerns
from layers.areas import area_name
from layers.disaster_mode import blocked_in_disaster, going_on
from layers.earthquakes import concerns as concerns_now
from layers.earthquakes import distance_km
from layers.event import Mode
from layers.layer import Words
from layers.lifelines import STATE_WORDS
from layers.numbers import decimal_words, joined
from layers.shifts import staffing
from layers.situation import Situation
from layers.surge import surge
from layers.watches import shift_words, watch_at
from layers.water import state_of

_BAD_WATER = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Warned:
    """One sentence. `key` stays the same while it lasts; the text holds no age, `since` does."""

    key: str
    text: Words
    since: datetime | None


def warnings(situation: Situation, now: datetime, mode: Mode = "live") -> tuple[Warned, ...]:
    """Everything to be known, the gravest first."""
    return (
        *_of_disasters(situation, now),
        *_of_blocked(situation, now),
        *_of_water(situation),
        *_of_lifelines(situation),
        *_of_surge(situation, now, mode),
        *_of_quakes(situation, now),
        *_of_alerts(situation, now),
        *_of_staff(situation, now),
    )


def _of_disasters(situation: Situation, now: datetime) -> Iterator[Warned]:
    for one in going_on(situation, now):
        if one.declared:
            text = Words(id=f"Bencana: {one.declared.title}", en=f"Disaster: {one.declared.title}")
            yield Warned(key=f"disaster:{one.id}", text=text, since=one.declared.began_at)


def _of_blocked(situation: Situation, now: datetime) -> Iterator[Warned]:
    """Only a role that sees callers has any here."""
    for one in blocked_in_disaster(situation, now):
        name = area_name(situation.ground, one.kelurahan)
        text = Words(
            id=f"Nomor diblokir …{one.number.last3} terakhir menelepon dari daerah bencana {name}",
            en=f"Blocked number …{one.number.last3} last called from a disaster in {name}",
        )
        yield Warned(key=f"blocked:{one.number.id}", text=text, since=one.number.last_at)


def _of_water(situation: Situation) -> Iterator[Warned]:
    for gauge in sorted(situation.of("water").values(), key=lambda one: one.id):
        state, newest = state_of(gauge), gauge.newest
        if state is not None and newest is not None and gauge.listed is not None and state.rank >= _BAD_WATER:
            said = joined(f"{gauge.listed.name} {state.name}: ", decimal_words(newest.level_m, 2, "m"))
            yield Warned(key=f"water:{gauge.id}", text=said, since=newest.at)


def _of_lifelines(situation: Situation) -> Iterator[Warned]:
    bad = [one for one in situation.of("lifelines").values() if one.fact.state != "normal"]
    for one in sorted(bad, key=lambda lifeline: (lifeline.fact.state != "down", lifeline.id)):
        words, name = STATE_WORDS[one.fact.state], area_name(situation.ground, one.fact.area)
        text = Words(id=f"{one.fact.provider} {words.id} · {name}", en=f"{one.fact.provider} {words.en} · {name}")
        yield Warned(key=f"lifeline:{one.id}", text=text, since=one.fact.since)


def _of_surge(situation: Situation, now: datetime, mode: Mode) -> Iterator[Warned]:
    found = surge(situation.of("call_tally"), now, mode)
    if found.is_surge and found.expected is not None:
        text = Words(
            id=f"Lonjakan panggilan: {found.calls} dalam satu jam, biasanya {found.expected:.0f}",
            en=f"Surge: {found.calls} calls within an hour, usually {found.expected:.0f}",
        )
        yield Warned(key="surge", text=text, since=None)


def _of_quakes(situation: Situation, now: datetime) -> Iterator[Warned]:
    city = situation.ground.city
    for one in sorted(situation.of("earthquakes").values(), key=lambda quake: quake.fact.quaked_at, reverse=True):
        if not concerns_now(one, city, now):
            continue
        strength = decimal_words(one.fact.magnitude)
        far = distance_km(one.fact, city.view_lon, city.view_lat)
        felt = f" · dirasakan {one.felt_by[1]}" if one.felt_by else ""
        felt_en = f" · felt {one.felt_by[1]}" if one.felt_by else ""
        may_come = one.tsunami_by is not None and one.tsunami_by[1]
        wave, wave_en = (" · BERPOTENSI TSUNAMI", " · TSUNAMI POSSIBLE") if may_come else ("", "")
        text = Words(
            id=f"Gempa M {strength.id} · {far} km dari kota{wave}{felt}",
            en=f"Earthquake M {strength.en} · {far} km away{wave_en}{felt_en}",
        )
        yield Warned(key=f"quake:{one.id}", text=text, since=one.fact.quaked_at)


def _of_alerts(situation: Situation, now: datetime) -> Iterator[Warned]:
    for one in active_alerts(situation.of("alerts").values(), now):
        if one.issued and concerns(one, situation.ground):
            said = f"{one.issued.issuer}: {one.issued.title}"
            yield Warned(key=f"alert:{one.id}", text=Words(id=said, en=said), since=one.issued.starts_at)


def _of_staff(situation: Situation, now: datetime) -> Iterator[Warned]:
    watch = watch_at(situation.ground.city, now)
    found = staffing(situation.of("shifts").get(watch.id))
    if found.is_understaffed:
        text = Words(
            id=f"{shift_words(watch.name).id} kurang petugas: {found.present} dari {found.needed}",
            en=f"{shift_words(watch.name).en} is short of staff: {found.present} of {found.needed}",
        )
        yield Warned(key="staff", text=text, since=None)
