"""Walls at the desk: what each shows now and why, and what somebody asks of its director.

Nothing is switched here: a word becomes the event `scene_asked`, and the director heeds it by its rules.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from dashboard.beats_kept import beats_of
from dashboard.director_said import TITLES, scenes
from dashboard.operate import Asked, Deed, Done, Field, Line, Look, Option, Room, Row, both, choices, one_of, version_of
from dashboard.operate_tell import append_fact
from dashboard.walls import KINDS, WallSettings, walls_of
from geodata.errors import BadInput
from layers.event import Event
from layers.incident_facts import Incident
from layers.incident_reading import category_of, kelurahan_of, position_of, priority_of
from layers.layer import Words
from layers.scenes import Ask, SceneAsked, SceneKind, WallScene
from layers.situation import Situation
from layers.statistics import open_incidents

Json = Mapping[str, Any]
_SHOWS = dict(
    zip(KINDS, (both("peta", "map"), both("kamera", "cameras"), both("angka", "figures"), both("adegan", "scene"),
                both("semuanya", "everything")), strict=True)
)  # fmt: skip
_HOLDERS = {
    "acknowledge": both("menunggu ada yang mencatatnya", "until somebody acknowledges it"),
    "hand": both("ada tangan di layar itu", "a hand is at that wall"),
    "desk": both("ditahan dari meja operator", "held from the desk"),
}
_MINUTES = {"1": both("1 menit", "1 minute"), "5": both("5 menit", "5 minutes"), "15": both("15 menit", "15 minutes"),
            "60": both("1 jam", "1 hour")}  # fmt: skip
_DEEDS = {
    "send": both("dikirim", "sent"),
    "lock": both("ditahan", "held"),
    "release": both("dilepas", "released"),
    "acknowledge": both("dicatat", "acknowledged"),
}
_MOST_INCIDENTS = 40


def rows(look: Look) -> Sequence[Row]:
    """In the order of the settings."""
    shown = scenes(look.situation, look.now, look.services.director.stuck())
    heard: Mapping[str, WallScene] = look.situation.of("scenes")
    return [
        _row(wall, shown.get(wall.name), heard.get(wall.name), look)
        for wall in walls_of(look.services.settings.walls)
    ]  # fmt: skip


def _row(wall: WallSettings, scene: Json | None, heard: WallScene | None, look: Look) -> Row:
    screens = beats_of(wall, look.services.beats, look.now)
    is_stuck = scene is not None and scene["stuck_since"] is not None
    return Row(
        key=wall.name,
        version=version_of(scene and scene["incident"]),
        title=both(f"Dinding {wall.name}", f"Wall {wall.name}"),
        sub=_what(scene, look) if scene else "",
        state=both("sutradara tersendat", "the director is stuck") if is_stuck else (
            TITLES[scene["kind"]] if scene else both("belum ada adegan", "no scene yet")),
        mood="warn" if is_stuck else "lost" if scene is None else "grave" if scene["incident"] else "good",
        at=scene["since"] if scene else None,
        badges=(*((both("ditahan", "held"),) if scene and scene["held_by"] else ()), *_dead(screens)),
        lines=(*(_of_scene(scene) if scene else ()), *_of_asked(heard), *_of_screens(screens)),
        deeds=_may(scene),
    )  # fmt: skip


def _may(scene: Json | None) -> tuple[str, ...]:
    held = scene["held_by"] if scene else None
    is_waited_for = scene is not None and scene["incident"] is not None
    return (
        "send",
        *(("lock",) if scene else ()),
        *(("acknowledge",) if is_waited_for else ()),
        *(("release",) if held else ()),
    )


def _what(scene: Json, look: Look) -> str | Words:
    """The incident of a scene, in a few words."""
    found: Incident | None = look.situation.of("incidents").get(scene["incident"] or "")
    return _named(found, look.situation) if found else ""


def _named(incident: Incident, situation: Situation) -> Words:
    ground = situation.ground
    category, area = category_of(incident, ground.city), ground.places.areas.get(kelurahan_of(incident, ground) or "")
    where = area.name if area else ""
    return both(
        *(" · ".join(filter(None, (name, where, incident.id))) for name in (category.id_name, category.en_name))
    )


def _of_scene(scene: Json) -> tuple[Line, ...]:
    held, until = scene["held_by"], scene["locked_until"]
    score = scene["score"]
    return (
        Line(label=both("Mengapa", "Why"), value=Words(**scene["why"])),
        *((Line(label=both("Nilai", "Score"), value=f"{score:.1f}".replace(".", ",")),) if score is not None else ()),
        *((Line(label=both("Ditahan", "Held"), value=_HOLDERS[held]),) if held else ()),
        *((Line(label=both("Paling lama sampai", "At most until"), value={"at": until}),) if until else ()),
        *((Line(label=both("Menunggu giliran", "Waiting"), value=scene["waiting"]),) if scene["waiting"] else ()),
    )


def _of_asked(heard: WallScene | None) -> tuple[Line, ...]:
    newest: Ask | None = heard.asked[-1] if heard and heard.asked else None
    if newest is None:
        return ()
    who = newest.told.source.removeprefix("desk/").removeprefix("wall/")
    word = _DEEDS[newest.fact.deed]
    return (
        Line(label=both("Permintaan terakhir", "Last asked"), value=both(f"{word.id} · {who}", f"{word.en} · {who}")),
    )


def _of_screens(screens: Sequence[Json]) -> Iterator[Line]:
    """What each shows, and whether its browser lives."""
    for screen in screens:
        shows, beat = _SHOWS[screen["shows"]], screen["beat"]
        yield Line(label=both(f"Layar {screen['name']}", f"Screen {screen['name']}"), value=_life(shows, beat))
        if beat is not None:
            yield Line(label=both("Kabar terakhirnya", "Last heard of it"), value={"at": beat["at"]})


def _life(shows: Words, beat: Json | None) -> Words:
    if beat is None:
        return both(f"{shows.id} · belum terdengar", f"{shows.en} · not heard of yet")
    if not beat["is_alive"]:
        return both(f"{shows.id} · TIDAK TERDENGAR LAGI", f"{shows.en} · SILENT")
    wrong = beat["errors"]
    if wrong:
        return both(f"{shows.id} · hidup, {wrong} galat di halaman", f"{shows.en} · alive, {wrong} errors on the page")
    return both(f"{shows.id} · hidup", f"{shows.en} · alive")


def _dead(screens: Sequence[Json]) -> tuple[Words, ...]:
    """Named also in the list: a dark screen must not be looked for."""
    names = [screen["name"] for screen in screens if screen["beat"] is not None and not screen["beat"]["is_alive"]]
    return tuple(both(f"layar {name} diam", f"screen {name} silent") for name in names)


def _send_fields(look: Look) -> tuple[Field, ...]:
    kinds: dict[str, Words] = {kind: title for kind, title in TITLES.items() if kind != "incident"}
    city = look.situation.ground.city
    worst = sorted(open_incidents(look.situation), key=lambda one: (priority_of(one, city), one.id))
    placed = [one for one in worst if position_of(one, look.situation.ground)][:_MOST_INCIDENTS]
    found = tuple(Option(value=f"incident:{one.id}", words=_named(one, look.situation)) for one in placed)
    return (
        Field(name="scene", words=both("Adegan", "Scene"), kind="choice", is_needed=True,
              options=(*found, *choices(kinds))),
        Field(name="minutes", words=both("Tahan selama", "Hold it for"), kind="choice", options=choices(_MINUTES)),
    )  # fmt: skip


def _lock_fields(_look: Look) -> tuple[Field, ...]:
    words = both("Selama", "For")
    return (Field(name="minutes", words=words, kind="choice", is_needed=True, options=choices(_MINUTES)),)


def _until(asked: Asked) -> timedelta | None:
    return timedelta(minutes=int(one_of(asked, "minutes", _MINUTES))) if asked.text("minutes") else None


def send(asked: Asked) -> Done:
    """Show that; what is graver may still take its place, unless it is held."""
    said = asked.needed("scene")
    kind, _, incident = said.partition(":")
    scene: SceneKind | None = next((one for one in TITLES if one == kind), None)
    if scene is None:
        raise BadInput(f"scene: {said[:40]!r} is none of: {', '.join(TITLES)}", field="scene")
    if scene == "incident":
        found: Incident | None = asked.look.situation.of("incidents").get(incident)
        if found is None or not found.is_open:
            raise BadInput("scene: no open incident has this id", field="scene")
    lasts = _until(asked)
    until = asked.look.now + lasts if lasts else None
    fact = SceneAsked(wall=asked.key, deed="send", scene=scene, incident=incident or None, until=until)
    return _told(asked, fact)


def lock(asked: Asked) -> Done:
    """Leave what is shown for so long."""
    lasts = _until(asked)
    if lasts is None:
        raise BadInput("minutes: say for how long", field="minutes")
    return _told(asked, SceneAsked(wall=asked.key, deed="lock", until=asked.look.now + lasts))


def release(asked: Asked) -> Done:
    """Let the director choose again."""
    return _told(asked, SceneAsked(wall=asked.key, deed="release"))


def acknowledge(asked: Asked) -> Done:
    """The incident that is shown is known: the wall may go on."""
    known: WallScene | None = asked.look.situation.of("scenes").get(asked.key)
    shown = known.shown if known else None
    if shown is None or shown.incident is None:
        raise BadInput("key: no incident is shown there now", field="key")
    return _told(asked, SceneAsked(wall=asked.key, deed="acknowledge", incident=shown.incident))


def _told(asked: Asked, fact: SceneAsked) -> Done:
    append_fact(asked.services, fact, asked.who, asked.why, source=f"desk/{asked.who}")
    asked.services.director.look_soon()
    return Done(subject=asked.key, words=both("diminta dari sutradara", "asked of the director"))


def told(event: Event, _look: Look) -> Words | None:
    """What was asked of the director."""
    if not isinstance(event.fact, SceneAsked):
        return None
    word, what = _DEEDS[event.fact.deed], TITLES.get(event.fact.scene or "incident") if event.fact.scene else None
    about = event.fact.incident or ""
    parts = ((word.id, what.id if what else "", about), (word.en, what.en if what else "", about))
    return both(*(" · ".join(filter(None, one)) for one in parts))


ROOM = Room(
    title=both("Layar dinding", "Walls"),
    rows=rows,
    kinds=(SceneAsked.kind,),
    told=told,
    is_house=True,
    deeds={
        "send": Deed(words=both("Kirim adegan", "Send a scene"), do=send, fields=_send_fields, key="a"),
        "lock": Deed(words=both("Tahan", "Hold"), do=lock, fields=_lock_fields, key="k"),
        "acknowledge": Deed(words=both("Catat: sudah tahu", "Acknowledge"), do=acknowledge, key="v"),
        "release": Deed(words=both("Lepas", "Release"), do=release, key="c"),
    },
)
