"""The scene as the live message has it: why it is shown, who sees it, who can come, and its clock. Pure.

Made anew from the situation of the moment, so that a scene of the past is told as it was.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import numpy as np

from dashboard.director_score import progress
from dashboard.panels import eye_said
from geodata.clock import epoch_s
from geodata.nearest import distances_m
from layers.assignments import assigned, units_of
from layers.eyes import eyes, how_many_see
from layers.incident_facts import PRIORITY_WORDS, STATUS_WORDS, Incident, Status
from layers.incident_reading import category_of, kelurahan_of, position_of, priority_of
from layers.intervals import target_s
from layers.joins import folded_now
from layers.layer import Words
from layers.numbers import count_words, joined
from layers.reach import Able, reach
from layers.responders import Responder
from layers.scenes import SceneKind, SceneShown, WallScene
from layers.situation import Situation
from layers.statistics import open_incidents
from layers.surge import pressures

Json = dict[str, Any]
TITLES: Mapping[SceneKind, Words] = {
    "incident": Words(id="Kejadian", en="Incident"),
    "overview": Words(id="Seluruh wilayah", en="The whole area"),
    "centre": Words(id="Pusat kota", en="The city centre"),
    "pressure": Words(id="Kelurahan tersibuk", en="Busiest kelurahan"),
    "cameras": Words(id="Kamera jalan", en="Street cameras"),
    "funnel": Words(id="Panggilan hari ini", en="Calls today"),
    "lifelines": Words(id="Jaringan vital", en="Lifelines"),
    "weather": Words(id="Cuaca dan air", en="Weather and water"),
}
_ATTENDANCE = (
    Words(id="belum ada petugas", en="nobody on it yet"),
    Words(id="petugas di jalan", en="help on its way"),
    Words(id="petugas di lokasi", en="help on scene"),
    Words(id="sudah tertangani", en="handled"),
)
_CALM = Words(id="tenang: tidak ada kejadian terbuka", en="quiet: no open incident")
_TOLD = Words(id="kejadian sudah disorot; giliran ringkasan", en="incidents were shown; now a summary")
_SENT = Words(id="dikirim dari meja operator", en="sent from the desk")
_WORSE = Words(id="lebih gawat", en="worse than the last")
_OVER = Words(id="kejadian selesai", en="incident over")
_STEPS: tuple[Status, ...] = ("diterima", "diteruskan", "menuju_lokasi", "di_lokasi", "tertangani")
_MOST_CAMERAS, _MOST_UNITS, _MOST_AREAS, _MOST_JUDGED = 6, 4, 6, 60
_MINUTE_S, _STEP_M = 60, 100
_VISITOR_KINDS: tuple[SceneKind, ...] = ("overview", "centre", "cameras")
_VISITOR_S = 30


def scenes(situation: Situation, now: datetime, stuck_since: datetime | None = None) -> dict[str, Json]:
    """The scene of every wall, by its name. `stuck_since`: the director has not been able to decide since then."""
    walls: Iterable[WallScene] = situation.of("scenes").values()
    stuck = None if stuck_since is None else epoch_s(stuck_since)
    found = {wall.id: scene_said(wall.shown, situation, now) for wall in walls if wall.shown is not None}
    return {name: {**scene, "stuck_since": stuck} for name, scene in sorted(found.items())}


def visitor_scenes(now: datetime) -> dict[str, Json]:
    """For every wall alike, by the clock alone: what visitors are shown says nothing of what goes on."""
    turn = int(epoch_s(now)) // _VISITOR_S
    kind = _VISITOR_KINDS[turn % len(_VISITOR_KINDS)]
    title = TITLES[kind]
    bare = {"kind": kind, "title": both(title), "why": both(title), "since": float(turn * _VISITOR_S)}
    empty: Json = dict.fromkeys(("incident", "score", "held_by", "locked_until", "clock", "what", "stuck_since"))
    return {"*": {"id": f"*:{kind}:{turn}", **bare, **empty, "eyes": [], "reach": []}}


def scene_said(shown: SceneShown, situation: Situation, now: datetime) -> Json:
    """One scene; what is of an incident is null where there is none."""
    incident: Incident | None = situation.of("incidents").get(shown.incident or "")
    said: Json = {
        "id": f"{shown.wall}:{shown.scene}:{shown.incident or ''}:{epoch_s(shown.since):.0f}",
        "kind": shown.scene,
        "incident": shown.incident,
        "since": epoch_s(shown.since),
        "title": both(TITLES[shown.scene]),
        "why": both(why(shown, incident, situation)),
        "reason": shown.reason,
        "score": shown.score,
        "factors": dict(shown.factors),
        "held_by": shown.held_by,
        "locked_until": None if shown.until is None else epoch_s(shown.until),
        "waiting": _waiting(shown, situation),
    }
    if shown.scene == "pressure":
        said["areas"] = _areas(situation)
    return {**said, **(_of_incident(incident, situation, now) if incident else _NOTHING)}


_NOTHING: Json = {"what": None, "clock": None, "steps": [], "eyes": [], "cameras": [], "reach": [], "reach_none": None}


def why(shown: SceneShown, incident: Incident | None, situation: Situation) -> Words:
    """One short line for the chip."""
    if shown.scene != "incident":
        if shown.reason == "sent":
            return _SENT
        return _TOLD if any(until > shown.since for until in shown.rests.values()) else _why_quiet(situation)
    parts = [] if incident is None else [*_why_incident(incident, situation)]
    opening = {"sent": [_SENT], "preempted": [_WORSE]}.get(shown.reason, [])
    return _line([*opening, *parts])


def _why_quiet(situation: Situation) -> Words:
    """What goes on though no incident is shown: help is on each, or what waits is of little weight or known."""
    known = open_incidents(situation)
    if not known:
        return _CALM
    alone = sum(progress(one) == 0 for one in known)
    count, waiting = count_words(len(known)), count_words(alone)
    if not alone:
        return joined(count, Words(id=" kejadian terbuka, semua sudah ada petugas", en=" open, help is on each"))
    return joined(
        count, Words(id=" kejadian terbuka, ", en=" open, "),
        waiting, Words(id=" belum ada petugas", en=" with nobody on it yet"),
    )  # fmt: skip


def _why_incident(incident: Incident, situation: Situation) -> Iterable[Words]:
    yield PRIORITY_WORDS[priority_of(incident, situation.ground.city)]
    if not incident.is_open:
        yield _OVER
        return
    yield _ATTENDANCE[progress(incident)]
    folded = next((one for one in folded_now(situation) if one.first.id == incident.id), None)
    if folded is not None and folded.reports > 1:
        yield Words(id=f"{folded.reports} laporan", en=f"{folded.reports} reports")
    where = position_of(incident, situation.ground)
    if where is None or not where[2]:
        yield Words(id="lokasi belum pasti", en="place not certain")


def _line(parts: list[Words]) -> Words:
    return Words(id=" · ".join(one.id for one in parts), en=" · ".join(one.en for one in parts))


def _waiting(shown: SceneShown, situation: Situation) -> int:
    """Other incidents of the worst kind that nobody is on, so that one scene hides none of them in silence."""
    city = situation.ground.city
    return sum(
        priority_of(one, city) == 1 and progress(one) == 0 and one.id != shown.incident
        for one in open_incidents(situation)
    )


def _areas(situation: Situation) -> list[Json]:
    areas = situation.ground.places.areas
    found = pressures(open_incidents(situation), situation.ground)[:_MOST_AREAS]
    return [
        {
            "code": p.kelurahan,
            "name": areas[p.kelurahan].name,
            "open": p.open,
            "critical": p.critical,
            "weight": p.weight,
        }
        for p in found
        if p.kelurahan in areas
    ]


def _of_incident(incident: Incident, situation: Situation, now: datetime) -> Json:
    where = position_of(incident, situation.ground)
    placed = _of_place(incident, situation, where[0], where[1], now) if where else {}
    return {
        **_NOTHING,
        "what": _what(incident, situation, where),
        "clock": _clock(incident, situation),
        **_steps(incident),
        **placed,
    }


def _what(incident: Incident, situation: Situation, where: tuple[float, float, bool] | None) -> Json:
    city = situation.ground.city
    category, area = (
        category_of(incident, city),
        situation.ground.places.areas.get(kelurahan_of(incident, situation.ground) or ""),
    )
    status = STATUS_WORDS[incident.status]
    return {
        "category": category.id,
        "icon": category.icon,
        "title": {"id": category.id_name, "en": category.en_name},
        "priority": priority_of(incident, city),
        "kelurahan": area.name if area else None,
        "is_exact": bool(where and where[2]),
        "lon": where[0] if where else None,
        "lat": where[1] if where else None,
        "status": both(status),
        "agency": next((a.short for a in city.agencies if a.id == incident.agency), incident.agency),
        "is_open": incident.is_open,
    }


def _clock(incident: Incident, situation: Situation) -> Json | None:
    """From the report to the first on the scene, against what the city wants."""
    if incident.report is None:
        return None
    reached = incident.milestones.get("di_lokasi")
    return {
        "since": epoch_s(incident.report.reported_at),
        "target_s": target_s(incident, "first_on_scene", situation.ground.city),
        "reached_at": epoch_s(reached) if reached else None,
    }


def _steps(incident: Incident) -> Json:
    at = {status: incident.milestones.get(status) for status in _STEPS}
    first = at["diterima"] or (incident.report.reported_at if incident.report else None)
    times = {**at, "diterima": first}
    return {
        "steps": [
            {"status": status, "words": both(STATUS_WORDS[status]), "at": epoch_s(moment) if moment else None}
            for status, moment in times.items()
        ]
    }


def _of_place(incident: Incident, situation: Situation, lon: float, lat: float, now: datetime) -> Json:
    found = eyes(situation, lon, lat, now)
    seeing = [eye.camera.id for eye in found if eye.sees]
    return {
        "eyes": seeing,
        "eyes_words": both(how_many_see(len(seeing))),
        "cameras": [eye_said(eye) for eye in found[:_MOST_CAMERAS]],
        **_who(incident, situation, lon, lat, now),
    }


def _who(incident: Incident, situation: Situation, lon: float, lat: float, now: datetime) -> Json:
    """Those who were sent first, then those who could be; the reason when there is nobody."""
    units = situation.of("responders")
    ground, busy = situation.ground, assigned(situation)
    own = [units[unit] for unit in units_of(situation, incident.id) if unit in units]
    sent = reach(own, lon, lat, now, ground, most=_MOST_UNITS)
    others: list[Responder] = [unit for unit in units.values() if busy.get(unit.id) != incident.id]
    free = reach(_nearby(others, lon, lat), lon, lat, now, ground, busy=busy, most=_MOST_UNITS)
    if not free.able and not sent.able:
        free = reach(others, lon, lat, now, ground, busy=busy, most=_MOST_UNITS)
    listed = [
        *(_coming(one, is_sent=True) for one in sent.able),
        *(_coming(one, is_sent=False) for one in free.able),
    ][:_MOST_UNITS]
    nobody = None if listed else free.why_nobody
    return {"reach": listed, "reach_none": both(nobody) if nobody else None}


def _nearby(units: list[Responder], lon: float, lat: float) -> list[Responder]:
    """The nearest few: judging a thousand takes longer than a second's look may."""
    placed = [(unit, unit.position) for unit in units if unit.position is not None]
    if len(placed) <= _MOST_JUDGED:
        return units
    far = distances_m(lon, lat, np.array([(place.lon, place.lat) for _, place in placed]))
    return [placed[index][0] for index in np.argsort(far, kind="stable")[:_MOST_JUDGED].tolist()]


def _coming(one: Able, *, is_sent: bool) -> Json:
    """In whole minutes, the band never narrower than it is: who moves does not make news every second."""
    soonest, latest = int(one.soonest_s // _MINUTE_S), -int(-one.latest_s // _MINUTE_S)
    return {
        "unit": one.responder.id,
        "name": one.responder.name,
        "kind": one.responder.unit_kind,
        "agency": one.responder.agency,
        "is_sent": is_sent,
        "soonest_min": soonest,
        "latest_min": max(1, latest),
        "distance_m": round(one.distance_m / _STEP_M) * _STEP_M,
    }


def both(words: Words) -> Json:
    """In both languages, as JSON."""
    return {"id": words.id, "en": words.en}
