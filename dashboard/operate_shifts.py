"""Shifts at the desk: who is on the roster, who is there, what the next shift must know."""

from collections.abc import Sequence
from typing import Any

from dashboard.operate import Asked, Deed, Done, Field, Line, Look, Option, Room, Row, Told, both, version_of
from dashboard.operate_choices import agency_name, agency_options
from geodata.errors import BadInput
from layers.layer import Words
from layers.shifts import (
    Attendance,
    Person,
    Shift,
    handover_said,
    staffing,
)
from layers.watches import shift_words, watch_at

_YES = both("relawan", "volunteer")
_AT_MOST = 100


def _shift(look: Look) -> tuple[str, Shift | None]:
    watch = watch_at(look.situation.ground.city, look.now)
    return watch.id, look.situation.of("shifts").get(watch.id)


def rows(look: Look) -> Sequence[Row]:
    """Everybody of the shift on duty: who is there, then who is on the roster and is not."""
    _, shift = _shift(look)
    people = handover_said(shift)["people"] if shift else []
    return [_row(one, shift, look) for one in sorted(people, key=lambda one: (not one["present"], one["name"]))]


def _row(one: dict[str, Any], shift: Shift | None, look: Look) -> Row:
    is_here = bool(one["present"])
    known = both("pernah hadir", "was here") if one["present"] is False else both("belum hadir", "not here yet")
    attendance = shift.attendance.get(one["name"]) if shift else None
    return Row(
        key=one["name"],
        version=version_of(attendance, one["rostered"]),
        title=one["name"],
        sub=" · ".join(part for part in (one["role"], agency_name(look, one["agency"])) if part),
        state=both("hadir", "here") if is_here else known,
        mood="good" if is_here else "warn",
        at=one["since"],
        badges=(
            *((_YES,) if one["volunteer"] else ()),
            *(() if one["rostered"] else (both("di luar jadwal", "unplanned"),)),
        ),
        deeds=("leave",) if is_here else ("arrive",),
    )


def head(look: Look) -> Sequence[Line]:
    """Which shift, how many are there of how many it takes, and the note of the shift before."""
    key, shift = _shift(look)
    found, watch = staffing(shift), watch_at(look.situation.ground.city, look.now)
    known = look.situation.of("shifts")
    before = max((one for one in known if one < key and known[one].note), default=None)
    notes = [(both("pesan sif ini", "note of this shift"), shift.note if shift else None),
             (_of(before), known[before].note if before else None)]  # fmt: skip
    return (
        Line(label=both(f"sampai {watch.ends:%H.%M}", f"until {watch.ends:%H:%M}"), value=shift_words(watch.name)),
        Line(
            label=both(f"hadir dari {found.needed or '?'}", f"here of {found.needed or '?'}"), value=str(found.present)
        ),
        *(Line(label=label, value=note) for label, note in notes if note),
    )


def _of(shift: str | None) -> Words:
    day, _, name = (shift or "").partition("/")
    said = shift_words(name)
    return both(f"pesan {said.id} {day}", f"note of the {said.en} of {day}")


def _person_fields(look: Look) -> tuple[Field, ...]:
    yes = (Option(value="ya", words=_YES),)
    return (
        Field(name="name", words=both("Nama", "Name"), is_needed=True, longest=_AT_MOST),
        Field(name="role", words=both("Tugas", "Task"), hint=both("penerima, penugas …", "call taker, dispatcher …")),
        Field(name="agency", words=both("OPD", "Agency"), kind="choice", options=agency_options(look)),
        Field(name="volunteer", words=both("Tanda", "Mark"), kind="many", options=yes),
    )  # fmt: skip


def _note_fields(_look: Look) -> tuple[Field, ...]:
    hint = both(
        "Menggantikan pesan sebelumnya dari sif ini. Tanpa nomor telepon.", "Replaces this shift's note before."
    )
    words = both("Yang harus diketahui sif berikutnya", "What the next shift must know")
    return (Field(name="note", words=words, kind="prose", is_needed=True, longest=2_000, hint=hint),)


def _roster_fields(_look: Look) -> tuple[Field, ...]:
    words = both("Satu orang satu baris: nama, tugas", "One person a line: name, task")
    return (
        Field(name="people", words=words, kind="prose", is_needed=True, longest=4_000),
        Field(name="needed", words=both("Berapa orang yang dibutuhkan", "How many it takes"), kind="number"),
    )


def _said(person: Person) -> dict[str, Any]:
    return {"name": person.name, "role": person.role, "agency": person.agency, "volunteer": person.is_volunteer}


def _tell(look: Look, what: str, said: object, needed: object = None) -> Told:
    return Told(feed="shifts", payload={"shift": _shift(look)[0], what: said, "needed": needed})


def sign_in(asked: Asked) -> Done:
    """Somebody who is on no roster is there too; volunteers come and go."""
    name = asked.needed("name")[:_AT_MOST]
    person = {
        "name": name,
        "role": asked.text("role", _AT_MOST) or "petugas",
        "agency": asked.text("agency"),
        "volunteer": asked.said.get("volunteer") == ["ya"],
    }
    here = (_tell(asked.look, "present", [person]),)
    return Done(subject=name, tells=here, back=(_tell(asked.look, "left", [person]),))


def _person(asked: Asked) -> dict[str, Any]:
    _, shift = _shift(asked.look)
    known: Attendance | None = shift.attendance.get(asked.key) if shift else None
    if known is not None:
        return _said(known.person)
    people = shift.roster.people if shift and shift.roster else ()
    found = next((one for one in people if one.name == asked.key), None)
    if found is None:
        raise BadInput("key: nobody of that name is on this shift", field="key")
    return _said(found)


def arrive(asked: Asked) -> Done:
    """There from now on."""
    person = [_person(asked)]
    return Done(
        subject=asked.key, tells=(_tell(asked.look, "present", person),), back=(_tell(asked.look, "left", person),)
    )


def leave(asked: Asked) -> Done:
    """Gone; the wall says so when too few are left."""
    person = [_person(asked)]
    return Done(
        subject=asked.key, tells=(_tell(asked.look, "left", person),), back=(_tell(asked.look, "present", person),)
    )


def note(asked: Asked) -> Done:
    """The newest note of the shift holds; taking it back says the former one again."""
    _, shift = _shift(asked.look)
    former = shift.note if shift else None
    tells = (_tell(asked.look, "note", asked.needed("note")),)
    return Done(subject=asked.who, tells=tells, back=(_tell(asked.look, "note", former),) if former else None)


def roster(asked: Asked) -> Done:
    """Replaces the roster of the shift on duty."""
    lines = [line.partition(",") for line in asked.needed("people").splitlines() if line.strip()]
    people = [{"name": name.strip()[:_AT_MOST], "role": role.strip()[:_AT_MOST]} for name, _, role in lines]
    _, shift = _shift(asked.look)
    former = shift.roster if shift else None
    back = (
        (_tell(asked.look, "roster", [_said(one) for one in former.people], needed=former.needed),) if former else None
    )
    tells = (_tell(asked.look, "roster", people, asked.text("needed")),)
    return Done(subject=asked.who, tells=tells, back=back)


ROOM = Room(
    title=both("Sif", "Shift"),
    rows=rows,
    head=head,
    empty=both("Belum ada yang dicatat di sif ini.", "Nobody is noted on this shift yet."),
    deeds={
        "sign_in": Deed(
            words=both("Catat kehadiran", "Sign in"), do=sign_in, fields=_person_fields, key="n", is_new=True
        ),
        "note": Deed(
            words=both("Pesan serah terima", "Handover note"), do=note, fields=_note_fields, key="p", is_new=True
        ),
        "roster": Deed(
            words=both("Jadwal sif ini", "Roster of this shift"), do=roster, fields=_roster_fields, is_new=True
        ),
        "arrive": Deed(words=both("Hadir", "Is here"), do=arrive, key="v"),
        "leave": Deed(words=both("Pulang", "Has left"), do=leave, key="c"),
    },
)
