"""Campaigns at the desk: for a time the city asks for calls of some kinds, and the wall counts them on a card."""

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter

from dashboard.auth import SUPERVISORS
from dashboard.operate import Asked, Deed, Done, Field, Line, Look, Option, Room, Row, both, version_of
from dashboard.operate_tell import append_fact
from geodata.city import Campaign
from geodata.clock import epoch_s
from geodata.errors import BadInput
from layers.campaigns import CampaignSet, HandCampaign
from layers.event import Event
from layers.fields import day_of
from layers.layer import Words

_A_DAY = timedelta(days=1)
_LONGEST_NAME = 40
_OF_FILE = "file:"
_WORD = TypeAdapter(CampaignSet)


def rows(look: Look) -> Sequence[Row]:
    """Those that go on first; those of the city's file among them."""
    today = look.now.astimezone(look.situation.ground.city.zone).date()
    known: Mapping[str, HandCampaign] = look.situation.of("campaigns")
    by_hand = sorted(known.values(), key=lambda one: (one.fact.starts_at, one.id), reverse=True)
    of_file = [_of_file(one, look, is_on=one.is_on(today)) for one in look.situation.ground.city.campaigns]
    return [*(_row(one, look) for one in by_hand), *of_file]


def _row(one: HandCampaign, look: Look) -> Row:
    fact, is_on = one.fact, one.is_on(look.now)
    began = Line(label=both("Mulai", "Began"), value=_day(fact.starts_at, look))
    ends = (Line(label=both("Berakhir", "Ends"), value=_day(fact.ends_at, look)),) if fact.ends_at else ()
    return Row(
        key=one.id,
        version=version_of(fact),
        title=both(fact.id_name, fact.en_name),
        state=both("berjalan", "going on") if is_on else both("selesai", "over"),
        mood="good" if is_on else "lost",
        at=epoch_s(fact.starts_at),
        group="on" if is_on else "over",
        lines=(_counted(fact.counts, look), began, *ends),
        values={"id_name": fact.id_name, "en_name": fact.en_name, "counts": list(fact.counts),
                "ends": _last_day(fact.ends_at, look)},
        deeds=("change", "end") if is_on else ("again",),
        mode=one.told.mode,
    )  # fmt: skip


def _of_file(one: Campaign, look: Look, *, is_on: bool) -> Row:
    return Row(
        key=f"{_OF_FILE}{one.id}",
        version=version_of(one.id),
        title=both(one.id_name, one.en_name),
        sub=both("dari berkas kota", "from the city's file"),
        state=both("berjalan", "going on") if is_on else both("tidak berjalan", "not going on"),
        mood="good" if is_on else "lost",
        group="on" if is_on else "over",
        lines=(
            _counted(one.counted, look),
            Line(label=both("Mulai", "Began"), value=f"{one.starts:%d.%m.%Y}"),
        ),
    )


def _counted(counts: Sequence[str], look: Look) -> Line:
    names = {category.id: category for category in look.situation.ground.city.categories}
    id_names = ", ".join(names[one].id_name if one in names else one for one in counts)
    en_names = ", ".join(names[one].en_name if one in names else one for one in counts)
    return Line(label=both("Yang dihitung", "Counted"), value=both(id_names, en_names))


def _day(moment: datetime, look: Look) -> str:
    return f"{moment.astimezone(look.situation.ground.city.zone):%d.%m.%Y %H.%M}"


def _last_day(ends: datetime | None, look: Look) -> str:
    if ends is None:
        return ""
    return (ends - timedelta(seconds=1)).astimezone(look.situation.ground.city.zone).date().isoformat()


def _fields(look: Look) -> tuple[Field, ...]:
    known = tuple(
        Option(value=one.id, words=both(one.id_name, one.en_name)) for one in look.situation.ground.city.categories
    )
    hint = both("Kosong: sampai diakhiri.", "Empty: until it is ended.")
    return (
        Field(name="id_name", words=both("Nama", "Name in Indonesian"), is_needed=True, longest=_LONGEST_NAME),
        Field(name="en_name", words=both("Nama Inggris", "Name in English"), longest=_LONGEST_NAME),
        Field(name="counts", words=both("Jenis yang dihitung", "Counted kinds"), kind="many", is_needed=True,
              options=known),
        Field(name="ends", words=both("Hari terakhir", "Last day"), kind="date", hint=hint),
    )  # fmt: skip


def _said(asked: Asked, campaign: str, starts_at: datetime) -> CampaignSet:
    known = {one.id for one in asked.look.situation.ground.city.categories}
    counts = asked.many("counts")
    unknown = sorted(set(counts) - known)
    if unknown:
        raise BadInput(f"counts: there is no category {unknown[0][:40]!r}", field="counts")
    id_name = asked.text("id_name", _LONGEST_NAME)
    if id_name is None:
        raise BadInput("id_name: missing", field="id_name")
    return CampaignSet(
        campaign=campaign,
        id_name=id_name,
        en_name=asked.text("en_name", _LONGEST_NAME) or id_name,
        counts=tuple(dict.fromkeys(counts)),
        starts_at=starts_at,
        ends_at=_ends(asked, asked.look.situation.ground.city.zone),
    )


def _ends(asked: Asked, zone: ZoneInfo) -> datetime | None:
    said = asked.text("ends", 10)
    if said is None:
        return None
    try:
        ends = datetime.combine(day_of(said), time(), tzinfo=zone) + _A_DAY
    except ValueError as error:
        raise BadInput(f"ends: {error}", field="ends") from error
    if ends <= asked.look.now:
        raise BadInput("ends: that day is over", field="ends")
    return ends


def _told(asked: Asked, now: CampaignSet, before: CampaignSet | None) -> Done:
    """Taking it back says the former word again; of one that was new, that it is over."""
    append_fact(asked.services, now, asked.who, asked.why)
    restored = before or replace(now, ends_at=now.starts_at)
    return Done(subject=now.campaign, before=_WORD.dump_python(restored, mode="json"))


def restore(asked: Asked, before: dict[str, Any]) -> None:
    """The former word, as a new one."""
    append_fact(asked.services, _WORD.validate_python(before), asked.who, asked.why)


def _known(asked: Asked) -> CampaignSet:
    found: HandCampaign = asked.look.situation.of("campaigns")[asked.key]
    return found.fact


def _new_key(asked: Asked) -> str:
    """One that a reader of the log knows again."""
    name = re.sub(r"[^a-z0-9]+", "-", (asked.text("id_name", _LONGEST_NAME) or "").casefold()).strip("-")
    return f"{name or 'kampanye'}-{secrets.token_hex(2)}"


def begin(asked: Asked) -> Done:
    """From now on; the card is on the wall at once, and counts from the first minute of today."""
    return _told(asked, _said(asked, _new_key(asked), asked.look.now), None)


def change(asked: Asked) -> Done:
    """Other kinds, another name, another end; its beginning stays."""
    before = _known(asked)
    return _told(asked, _said(asked, before.campaign, before.starts_at), before)


def end(asked: Asked) -> Done:
    """Over now."""
    before = _known(asked)
    return _told(asked, replace(before, ends_at=asked.look.now), before)


def again(asked: Asked) -> Done:
    """It goes on as if it had not ended."""
    before = _known(asked)
    return _told(asked, replace(before, ends_at=None), before)


def told(event: Event, look: Look) -> Words | None:
    """What was said of it."""
    fact = event.fact
    if not isinstance(fact, CampaignSet):
        return None
    if fact.ends_at is not None and fact.ends_at <= event.at:
        return both("diakhiri", "ended")
    return _counted(fact.counts, look).value  # type: ignore[no-any-return]  # Words, as made above


ROOM = Room(
    title=both("Kampanye", "Campaigns"),
    rows=rows,
    groups={"on": both("Berjalan", "Going on"), "over": both("Selesai", "Over")},
    empty=both("Tidak ada kampanye.", "No campaign goes on."),
    kinds=(CampaignSet.kind,),
    told=told,
    restore=restore,
    deeds={
        "begin": Deed(words=both("Mulai kampanye", "Begin a campaign"), do=begin, fields=_fields, key="n", is_new=True,
                      asks_why=True, allowed=SUPERVISORS),
        "change": Deed(words=both("Ubah", "Change"), do=change, fields=_fields, key="v", allowed=SUPERVISORS),
        "end": Deed(words=both("Akhiri", "End it"), do=end, key="c", asks_why=True, allowed=SUPERVISORS),
        "again": Deed(words=both("Lanjutkan lagi", "Go on with it"), do=again, key="r", allowed=SUPERVISORS),
    },
)  # fmt: skip
