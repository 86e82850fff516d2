"""`/api/v1/desk`: what the rooms of the desk show, what is done there, and what is taken back. For operators.

Every deed is checked against the row as it is now, so that nobody overwrites what they have not seen; it leaves an
event with who and why, and a row in the audit. A browser's request must come from a page of ours (`dashboard/auth.py`)
and be JSON (`dashboard/desk_request.py`).
"""

import threading
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Any

from flask import Flask, Response, request
from werkzeug.exceptions import Forbidden

from dashboard.auth import OPERATORS, Access, Who, principal
from dashboard.desk_request import json_body, text_of, told
from dashboard.operate import LONGEST_WHY, Asked, Deed, Done, Look, Room, Row, both
from dashboard.operate_front import front
from dashboard.operate_reasons import reason_words
from dashboard.operate_rooms import ROOMS
from dashboard.operate_said import more_said, room_said, row_said, words_said
from dashboard.operate_steps import Step, Steps, new_step_id
from dashboard.operate_tell import Hand, mode_for, tell
from dashboard.problems import problem
from dashboard.services import Services
from geodata.clock import epoch_s
from geodata.errors import BadInput, NotFound
from layers.event import HISTORY, Mode, subject_of
from layers.exercises import shown_mode

ACCESS: Access = {
    "api_desk": OPERATORS,
    "api_desk_room": OPERATORS,
    "api_desk_history": OPERATORS,
    "api_desk_more": OPERATORS,
    "api_desk_deed": OPERATORS,
    "api_desk_undo": OPERATORS,
}
_PAGES = {
    "operate_cameras": both("Kamera", "Cameras"),
    "health": both("Kesehatan sistem", "System health"),
    "gallery": both("Galeri komponen", "Gallery"),
}
"""Pages beside the desk, where they are installed and who asks may open them."""
_WRONG, _CHANGED = 400, 412
_WAITING, _OK = 202, 200
_MOST_HISTORY = 200
_LONGEST_SOUGHT = 100
_ALL_OF_IT = timedelta(days=3)


def register(server: Flask, services: Services) -> None:
    """Add the routes."""
    steps, alone = Steps(services.data_dir, services.clock), threading.Lock()
    rules: tuple[tuple[str, str, Any, str], ...] = (
        ("", "api_desk", partial(_front, services, steps), "GET"),
        ("/<room>", "api_desk_room", partial(_room, services, steps), "GET"),
        ("/<room>/history", "api_desk_history", partial(_history, services), "GET"),
        ("/<room>/more", "api_desk_more", partial(_more, services), "GET"),
        ("/<room>/<deed>", "api_desk_deed", partial(_deed, services, steps, alone), "POST"),
        ("/undo", "api_desk_undo", partial(_undo, services, steps, alone), "POST"),
    )
    for path, endpoint, view, method in rules:
        server.add_url_rule(f"/api/v1/desk{path}", endpoint, view, methods=[method], provide_automatic_options=False)


def _look(services: Services) -> Look:
    return Look(services=services, situation=services.hub.situation(), now=services.clock(), rooms=ROOMS)


def _role() -> Who:
    return principal().role or "anyone"


def _room_of(name: str) -> Room:
    found = ROOMS.get(name)
    if found is None:
        raise NotFound(f"no room {name[:40]!r} at the desk; there are: {', '.join(ROOMS)}")
    if _role() not in found.allowed:
        raise Forbidden
    return found


def _answer(body: dict[str, Any], tag: str | None = None) -> Response:
    response = told(body)
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Vary"] = "Cookie, Authorization"
    if tag is not None:
        response.set_etag(tag)
        response.make_conditional(request)
    return response


def _head(look: Look, steps: Steps) -> dict[str, Any]:
    mode = shown_mode(look.services.mode, look.situation, look.now)
    rooms = [
        {"name": name, "title": words_said(room.title), "is_house": room.is_house}
        for name, room in ROOMS.items()
        if _role() in room.allowed
    ]
    return {
        "now": epoch_s(look.now),
        "mode": mode,
        "who": principal().name,
        "undo": _undoable(steps.newest(principal().name)),
        "rooms": rooms,
        "links": [
            {"href": page.path, "title": words_said(title)}
            for name, title in _PAGES.items()
            if (page := look.services.pages.get(name)) is not None and _role() in page.roles
        ],
    }


def _undoable(step: Step | None) -> dict[str, Any] | None:
    deed = ROOMS[step.room].deeds.get(step.deed) if step and step.room in ROOMS else None
    return None if step is None or deed is None else {"id": step.id, "words": words_said(deed.words)}


def _front(services: Services, steps: Steps) -> Response:
    look = _look(services)
    return _answer({**_head(look, steps), **front(look)})


def _room(services: Services, steps: Steps, room: str) -> Response:
    found, look = _room_of(room), _look(services)
    names = [one.name for one in found.seek(look)]
    sought = {name: said for name in names if (said := request.args.get(name, "")[:_LONGEST_SOUGHT].strip())}
    return _answer({**_head(look, steps), **room_said(found, replace(look, sought=sought), _role())})


def _more(services: Services, room: str) -> Response:
    """What is too much for the list, of one row."""
    found, key = _room_of(room), request.args.get("key", "")
    if found.more is None:
        raise NotFound("the rows of this room have nothing more to tell")
    return _answer({"key": key, **more_said(found.more(_look(services), key))})


def _history(services: Services, room: str) -> Response:
    """What was said of one thing in the last three days, the newest first, with who and why."""
    found, look, key = _room_of(room), _look(services), request.args.get("key", "")
    events = services.store.told(found.kinds, look.now - _ALL_OF_IT, look.now + timedelta(minutes=1))
    steps = [
        {
            "at": epoch_s(event.at),
            "seen": epoch_s(event.seen),
            "who": event.who,
            "why": event.why,
            "source": event.source.removeprefix(HISTORY),
            "mode": event.mode,
            "words": words_said(words),
        }
        for event in events
        if subject_of(event.fact) == key and (words := found.told(event, look)) is not None
    ]
    newest = _changes(sorted(steps, key=lambda step: (step["at"], step["seen"])))[::-1]
    return _answer({"key": key, "steps": newest[:_MOST_HISTORY]})


def _changes(steps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Without what a machine only says again: the first time is when it became so."""
    repeats = ("words", "who", "why", "source", "mode")
    pairs = zip(steps, [None, *steps], strict=False)
    return [one for one, before in pairs if before is None or any(one[name] != before[name] for name in repeats)]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wish:
    """One deed that somebody wants done, and on what."""

    room: str
    name: str
    deed: Deed
    body: dict[str, Any]
    why: str | None


def _deed(services: Services, steps: Steps, alone: threading.Lock, room: str, deed: str) -> Response:
    """What is refused is said in both languages, beside the field that is to blame."""
    try:
        return _asked(services, steps, alone, room, deed)
    except BadInput as error:
        words = reason_words(str(error).removeprefix(f"{error.field}: "))
        return problem(_WRONG, str(error), field=error.field, words=words_said(words))


def _asked(services: Services, steps: Steps, alone: threading.Lock, room: str, deed: str) -> Response:
    found, body = _room_of(room), json_body()
    wanted = found.deeds.get(deed)
    if wanted is None:
        raise NotFound(f"no deed {deed[:40]!r} in this room; there are: {', '.join(found.deeds)}")
    if _role() not in wanted.allowed:
        raise Forbidden
    wish = _Wish(room=room, name=deed, deed=wanted, body=body, why=_why(body, is_needed=wanted.asks_why))
    with alone:
        look = _look(services)
        row = None if wanted.is_new else _row_of(found, look, body)
        if row is not None and body.get("version") != row.version:
            return _changed(row)
        return _do(services, steps, wish, look, row)


def _why(body: dict[str, Any], *, is_needed: bool) -> str | None:
    said = (text_of(body, "why", LONGEST_WHY) or "").strip() or None
    if is_needed and said is None:
        raise BadInput("why: a reason is needed", field="why")
    return said


def _row_of(room: Room, look: Look, body: dict[str, Any]) -> Row:
    row = next((one for one in room.rows(look) if one.key == body.get("key")), None)
    if row is None:
        raise NotFound("it is no longer there")
    return row


def _changed(row: Row) -> Response:
    return problem(_CHANGED, "somebody else has changed it meanwhile", row=row_said(row, frozenset(row.deeds)))


def _do(services: Services, steps: Steps, wish: _Wish, look: Look, row: Row | None) -> Response:
    if row is not None and wish.name not in row.deeds:
        raise BadInput("as it is now, this cannot be done to it", field="key")
    who = principal()
    is_real = wish.body.get("is_real") is True
    mode = mode_for(services, who.mode, row.mode if row else None, look.now, is_real=is_real)
    done = wish.deed.do(Asked(look=look, who=who.name, said=wish.body, row=row, why=wish.why))
    is_kept = tell(services, done.tells, Hand(who=who.name, why=wish.why, mode=mode)) if done.tells else True
    details = {**done.details, "why": wish.why, "mode": mode}
    services.audit.note(who.name, f"desk.{wish.room}.{wish.name}", done.subject, **details)
    step = _step(services, wish, who.name, done, mode)
    if step is not None:
        steps.keep(step)
    return told(_outcome(done, step, is_kept=is_kept), _OK if is_kept else _WAITING)


def _step(services: Services, wish: _Wish, who: str, done: Done, mode: Mode) -> Step | None:
    if not (done.back or done.before is not None or done.revert):
        return None
    return Step(
        id=new_step_id(),
        at=services.clock(),
        who=who,
        room=wish.room,
        deed=wish.name,
        subject=done.subject,
        version=_version(ROOMS[wish.room], _look(services), done.subject),
        mode=mode,
        tells=done.back or (),
        before=done.before,
        revert=done.revert,
    )


def _outcome(done: Done, step: Step | None, *, is_kept: bool) -> dict[str, Any]:
    return {
        "key": done.subject,
        "undo": step.id if step else None,
        "is_kept": is_kept,
        "words": words_said(done.words) if done.words else None,
        "shown_once": done.shown_once,
    }


def _version(room: Room, look: Look, key: str) -> str | None:
    return next((row.version for row in room.rows(look) if row.key == key), None)


def _undo(services: Services, steps: Steps, alone: threading.Lock) -> Response:
    """Restores, as a new event, what was before; only for who did it, and only while nobody has changed it since."""
    body, who = json_body(), principal().name
    with alone:
        step = steps.take(text_of(body, "id") or "", who)
        if step is None:
            raise NotFound("this cannot be taken back any more")
        room = _room_of(step.room)
        deed = room.deeds.get(step.deed)
        if deed is None or _role() not in deed.allowed:
            raise Forbidden
        now = _version(room, _look(services), step.subject)
        if now != step.version:
            return problem(_CHANGED, "it has been changed since; it cannot be taken back")
        why = _why(body, is_needed=False) or "dibatalkan"
        is_kept = tell(services, step.tells, Hand(who=who, why=why, mode=step.mode))
        restore = room.restore
        if step.before is not None and restore is not None:
            restore(Asked(look=_look(services), who=who, said={}, why=why), step.before)
        if step.revert:
            step.revert()
        services.audit.note(who, f"desk.{step.room}.undo", step.subject, why=why, deed=step.deed)
    return told({"key": step.subject, "is_kept": is_kept}, _OK if is_kept else _WAITING)
