"""Disasters at the desk: declared, followed by their figures, ended; and the families that ask."""

import secrets
from collections.abc import Sequence
from datetime import datetime

from dashboard.auth import SUPERVISORS
from dashboard.operate import Asked, Deed, Done, Field, Line, Look, Room, Row, Told, both, version_of
from dashboard.operate_choices import area_name, area_options
from dashboard.operate_time import moment_asked
from geodata.clock import epoch_s
from layers.disaster_mode import Standing, standings
from layers.disasters import DisasterDeclared, DisasterEnded
from layers.enquiries import Enquiry, EnquiryRecorded
from layers.event import Event
from layers.layer import Words

_MOST_ENQUIRIES = 100


def rows(look: Look) -> Sequence[Row]:
    """Disasters that go on, then the families that wait for an answer, the longest first."""
    waiting = [one for one in look.situation.of("enquiries").values() if one.fact.answered_at is None]
    waiting.sort(key=lambda one: (one.fact.asked_at, one.id))
    going_on = standings(look.situation, look.now, look.services.mode)
    return [*(_row(one, look) for one in going_on), *(_enquiry(one) for one in waiting[:_MOST_ENQUIRIES])]


def _row(one: Standing, look: Look) -> Row:
    declared = one.disaster.declared
    areas = ", ".join(area_name(look, code) for code in declared.areas) if declared else ""
    said = (
        (both("Pengungsian", "Shelters"), f"{one.in_use} / {one.shelters}"),
        (both("Pengungsi", "Evacuees"), str(one.occupants)),
        (both("Sudah pulang", "Gone home"), str(one.home)),
        (both("Keluarga menunggu", "Families waiting"), str(one.enquiries_open)),
        (both("Sudah dijawab", "Answered"), str(one.enquiries_answered)),
        (both("Panggilan hari ini", "Calls today"), str(one.curve[-1][1]) if one.curve else "-"),
    )
    return Row(
        key=one.disaster.id,
        version=version_of(one.disaster),
        title=declared.title if declared else one.disaster.id,
        sub=areas,
        state=both("berlangsung", "going on"),
        mood="grave",
        at=epoch_s(declared.began_at) if declared else None,
        group="disasters",
        lines=tuple(Line(label=label, value=value) for label, value in said),
        deeds=("enquire", "end"),
        mode=one.disaster.told.mode,
    )


def _enquiry(one: Enquiry) -> Row:
    return Row(
        key=one.id,
        version=version_of(one.fact),
        title=both("Keluarga mencari kabar", "A family asks"),
        sub=one.id,
        state=both("menunggu jawaban", "waits for an answer"),
        mood="warn",
        at=epoch_s(one.fact.asked_at),
        group="enquiries",
        lines=(Line(label=both("Bencana", "Disaster"), value=one.fact.disaster or "-"),),
        deeds=("answer",),
    )


def _declare_fields(look: Look) -> tuple[Field, ...]:
    wider = tuple(one for one in area_options(look) if one.value.count(".") <= 2)  # noqa: PLR2004 — no kelurahan
    return (
        Field(name="title", words=both("Nama bencana", "Name of the disaster"), is_needed=True),
        Field(name="hazard", words=both("Jenis", "Kind"), hint=both("banjir, gempa …", "flood, quake …")),
        Field(name="areas", words=both("Di", "Where"), kind="many", is_needed=True, options=wider),
        Field(name="time", words=both("Mulai pukul", "Began at"), kind="time",
              hint=both("Kosong: sekarang. Tulis 19.30.", "Empty: now. Write 19:30.")),
    )  # fmt: skip


def declare(asked: Asked) -> Done:
    """From now on the wall has its panel; taking it back ends it."""
    now = asked.look.now
    began = moment_asked(asked, "time") or now
    key = f"BENCANA-{now:%y%m%d-%H%M}-{secrets.token_hex(1).upper()}"
    said = {"id": key, "title": asked.needed("title")[:100], "hazard": asked.text("hazard", 100),
            "areas": asked.many("areas"), "began_at": began.isoformat()}  # fmt: skip
    return Done(subject=key, tells=(Told(feed="disasters", payload=said),), back=(_ended(key, now),))


def _ended(key: str, at: datetime) -> Told:
    return Told(feed="disasters", payload={"id": key, "ended_at": at.isoformat()})


def end(asked: Asked) -> Done:
    """Over. It cannot be taken back: who must, declares it anew."""
    words = both("diakhiri; tidak dapat dibatalkan, nyatakan lagi bila perlu", "over; declare it anew if you must")
    return Done(subject=asked.key, tells=(_ended(asked.key, asked.look.now),), words=words)


def enquire(asked: Asked) -> Done:
    """Somebody asks after their family: counted here, their names stand in the city's own register."""
    now = asked.look.now
    key = f"TANYA-{now:%y%m%d-%H%M}-{secrets.token_hex(2).upper()}"
    said = {"id": key, "asked_at": now.isoformat(), "disaster": asked.key}
    words = both(f"dicatat sebagai {key}", f"noted as {key}")
    return Done(subject=key, tells=(Told(feed="enquiries", payload=said),), words=words)


def answer(asked: Asked) -> Done:
    """They were told."""
    fact: EnquiryRecorded = asked.look.situation.of("enquiries")[asked.key].fact
    said = {"id": asked.key, "asked_at": fact.asked_at.isoformat(), "answered_at": asked.look.now.isoformat(),
            "disaster": fact.disaster}  # fmt: skip
    return Done(subject=asked.key, tells=(Told(feed="enquiries", payload=said),))


def told(event: Event, _look: Look) -> Words | None:
    """Declared, ended, asked, answered."""
    if isinstance(event.fact, EnquiryRecorded):
        return both("dijawab", "answered") if event.fact.answered_at else both("ditanyakan", "asked")
    if isinstance(event.fact, DisasterDeclared):
        return both("dinyatakan", "declared")
    return both("diakhiri", "ended") if isinstance(event.fact, DisasterEnded) else None


ROOM = Room(
    title=both("Bencana", "Disasters"),
    rows=rows,
    groups={"disasters": both("Berlangsung", "Going on"), "enquiries": both("Pencarian keluarga", "Families asking")},
    empty=both("Tidak ada bencana yang berlangsung.", "No disaster goes on."),
    kinds=(DisasterDeclared.kind, DisasterEnded.kind, EnquiryRecorded.kind),
    told=told,
    deeds={
        "declare": Deed(words=both("Nyatakan bencana", "Declare a disaster"), do=declare, fields=_declare_fields,
                        key="n", is_new=True, asks_why=True, is_grave=True, allowed=SUPERVISORS),
        "enquire": Deed(words=both("Keluarga mencari kabar", "A family asks"), do=enquire, key="a"),
        "answer": Deed(words=both("Sudah dijawab", "Answered"), do=answer, key="v"),
        "end": Deed(words=both("Akhiri bencana", "End it"), do=end, key="c", asks_why=True, is_grave=True,
                    allowed=SUPERVISORS),
    },
)  # fmt: skip
