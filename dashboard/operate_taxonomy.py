"""The taxonomy at the desk: which kinds of calls there are, their class, priority and target. For supervisors.

What is changed here stands in a small file beside the city's (`geodata/taxonomy.py`) and holds at once, in every
process (`geodata/ground_now.py`); the log has who changed what and why.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

from dashboard.auth import SUPERVISORS
from dashboard.glyphs import GLYPHS
from dashboard.operate import (
    Asked,
    Deed,
    Done,
    Field,
    Line,
    Look,
    Mood,
    Option,
    Room,
    Row,
    both,
    choices,
    one_of,
    version_of,
)
from dashboard.operate_choices import agency_options
from dashboard.operate_tell import append_fact
from geodata.city import Category, City, ServiceClass
from geodata.errors import BadInput, BadSettings, StoreUnavailable
from geodata.taxonomy import own_categories, save_categories
from layers.event import Event
from layers.incident_facts import PRIORITY_WORDS
from layers.layer import Words
from layers.taxonomy import CategorySet, Meaning

_ID = re.compile(r"[a-z][a-z0-9_]{1,39}")
_LONGEST = 60
_MOST_ALIASES = 20
_MOST_MIN = 1440
_CLASSES: dict[str, Words] = {
    "darurat": both("Darurat", "Emergency"),
    "tidak_darurat": both("Mendesak, bukan darurat", "Urgent, no emergency"),
    "informasi": both("Informasi", "Information"),
    "bukan_laporan": both("Bukan laporan", "No report"),
}
_MOODS: dict[int, Mood] = {1: "grave", 2: "warn"}
_PRIORITIES = {str(level): words for level, words in PRIORITY_WORDS.items()}
_ICONS = tuple(Option(value=name, words=both(name, name)) for name in sorted(GLYPHS))


def rows(look: Look) -> Sequence[Row]:
    """As they hold now, in the order of the city's file."""
    city, own = look.services.ground.city, _own(look)
    of_campaigns = {one.id for campaign in city.campaigns for one in campaign.categories}
    return [_row(one, city, is_own=one.id in own, is_fixed=one.id in of_campaigns) for one in city.categories]


def _folder(look: Look) -> Path:
    return look.services.data_dir / "cities"


def _own(look: Look) -> dict[str, Category]:
    return {one.id: one for one in own_categories(_folder(look), look.services.ground.city.code)}


def _row(one: Category, city: City, *, is_own: bool, is_fixed: bool) -> Row:
    target = f"{one.response_target_min:g}".replace(".", ",") if one.response_target_min else None
    short = {agency.id: agency.short for agency in city.agencies}
    return Row(
        key=one.id,
        version=version_of(one),
        title=both(one.id_name, one.en_name),
        sub=one.id,
        state=PRIORITY_WORDS[one.priority],
        mood=_MOODS.get(one.priority, "calm"),
        group=one.service_class,
        badges=(both("diubah di sini", "changed here"),) if is_own else (),
        lines=(
            Line(label=both("Golongan", "Class"), value=_CLASSES[one.service_class]),
            Line(label=both("Target tiba", "Target"), value=both(f"{target} menit", f"{target} minutes") if target else
                 both("seperti kota", "as the city's")),
            Line(label=both("OPD yang biasa", "Usual agencies"),
                 value=", ".join(short[agency] for agency in one.agencies) or "-"),
            Line(label=both("Tanda", "Icon"), value=one.icon),
            Line(label=both("Ejaan lain", "Other spellings"), value=", ".join(one.aliases) or "-"),
            *((Line(label=both("Dari", "Of"), value=both("kampanye di berkas kota", "a campaign of the city's file")),)
              if is_fixed else ()),
        ),
        values={"id_name": one.id_name, "en_name": one.en_name, "service_class": one.service_class, "icon": one.icon,
                "priority": str(one.priority), "target_min": target or "", "agencies": list(one.agencies),
                "aliases": "\n".join(one.aliases)},
        deeds=() if is_fixed else ("change", "reset") if is_own else ("change",),
    )  # fmt: skip


def _fields(look: Look) -> tuple[Field, ...]:
    target = both("Kosong: target kota.", "Empty: as the city's.")
    ticked = both("Sudah tercentang saat diteruskan.", "Ticked when it is sent on.")
    aliases = both("Satu per baris, seperti ditulis sistem lain.", "One a line, as other systems write it.")
    return (
        Field(name="id_name", words=both("Nama", "Name in Indonesian"), is_needed=True, longest=_LONGEST),
        Field(name="en_name", words=both("Nama Inggris", "Name in English"), is_needed=True, longest=_LONGEST),
        Field(name="service_class", words=both("Golongan", "Class"), kind="choice", is_needed=True,
              options=choices(_CLASSES)),
        Field(name="priority", words=both("Prioritas", "Priority"), kind="choice", is_needed=True,
              options=choices(_PRIORITIES)),
        Field(name="target_min", words=both("Target tiba (menit)", "Target (minutes)"), kind="number", hint=target),
        Field(name="agencies", words=both("OPD yang biasa", "Usual agencies"), kind="many",
              options=agency_options(look), hint=ticked),
        Field(name="icon", words=both("Tanda", "Icon"), kind="choice", is_needed=True, options=_ICONS),
        Field(name="aliases", words=both("Ejaan lain", "Other spellings"), kind="prose", hint=aliases, longest=1000),
    )  # fmt: skip


def _new_fields(look: Look) -> tuple[Field, ...]:
    hint = both("Huruf kecil tanpa spasi, seperti pohon_tumbang. Tidak dapat diubah.", "Small letters, as fallen_tree.")
    return (Field(name="id", words=both("Kunci", "Key"), is_needed=True, hint=hint, longest=40), *_fields(look))


def _said(asked: Asked, category: str) -> Category:
    said_class, said_priority = one_of(asked, "service_class", _CLASSES), one_of(asked, "priority", _PRIORITIES)
    service_class: ServiceClass = next(one for one in get_args(ServiceClass) if one == said_class)
    aliases = tuple(line.strip() for line in (asked.text("aliases", 1000) or "").splitlines() if line.strip())
    if len(aliases) > _MOST_ALIASES or any(len(one) > _LONGEST for one in aliases):
        raise BadInput(f"aliases: at most {_MOST_ALIASES}, of {_LONGEST} characters each", field="aliases")
    return Category(
        id=category,
        id_name=_name(asked, "id_name"),
        en_name=_name(asked, "en_name"),
        service_class=service_class,
        icon=one_of(asked, "icon", GLYPHS),
        priority=int(said_priority),
        aliases=aliases,
        agencies=_agencies(asked),
        response_target_min=_target(asked),
    )


def _agencies(asked: Asked) -> tuple[str, ...]:
    said = asked.many("agencies") if asked.said.get("agencies") else []
    unknown = set(said) - {agency.id for agency in asked.services.ground.city.agencies}
    if unknown:
        raise BadInput(f"agencies: {min(unknown)[:40]!r} is no agency of this city", field="agencies")
    return tuple(dict.fromkeys(said))


def _name(asked: Asked, field: str) -> str:
    said = asked.needed(field)
    if len(said) > _LONGEST or not said.isprintable():
        raise BadInput(f"{field}: at most {_LONGEST} characters, in one line", field=field)
    return said


def _target(asked: Asked) -> float | None:
    said = asked.text("target_min", 10)
    try:
        minutes = None if said is None else float(said.replace(",", "."))
    except ValueError as error:
        raise BadInput("target_min: this is no number", field="target_min") from error
    if minutes is not None and not 0 < minutes <= _MOST_MIN:
        raise BadInput(f"target_min: more than 0, at most {_MOST_MIN} minutes", field="target_min")
    return minutes


def _saved(asked: Asked, key: str, said: Category | None) -> Done:
    """Taking it back restores this one kind; another that somebody changed meanwhile stays."""
    before = _own(asked.look).get(key)
    _put(asked, key, said)
    return Done(subject=key, before={"category": key, "own": before.model_dump(mode="json") if before else None})


def restore(asked: Asked, before: dict[str, Any]) -> None:
    """As it was before; the log hears of it as of any other change."""
    own = before["own"]
    _put(asked, str(before["category"]), None if own is None else Category.model_validate(own))


def _put(asked: Asked, key: str, said: Category | None) -> None:
    """Into the file, from which every process has it within a second, and into the log; into both or neither."""
    services, before = asked.services, _own(asked.look)
    after = {**before, key: said} if said else {one: before[one] for one in before if one != key}
    _write(asked, after)
    services.grounds.renew()
    try:
        append_fact(services, CategorySet(category=key, meaning=_meaning(said)), asked.who, asked.why)
    except StoreUnavailable:
        _write(asked, before)
        services.grounds.renew()
        raise


def _write(asked: Asked, own: Mapping[str, Category]) -> None:
    try:
        save_categories(_folder(asked.look), asked.services.ground.city.code, own.values())
    except BadSettings as error:
        raise BadInput(str(error), field="id_name") from error


def _meaning(said: Category | None) -> Meaning | None:
    return None if said is None else Meaning(**said.model_dump(exclude={"id"}))


def change(asked: Asked) -> Done:
    """Another class, priority, target or name; reports keep their key."""
    return _saved(asked, asked.key, _said(asked, asked.key))


def add(asked: Asked) -> Done:
    """A new kind of call."""
    key = asked.needed("id")
    if not _ID.fullmatch(key):
        raise BadInput("id: 2 to 40 small letters, digits or _", field="id")
    if key in {one.id for one in asked.services.ground.city.categories}:
        raise BadInput(f"id: there is a category {key} already", field="id")
    return _saved(asked, key, _said(asked, key))


def reset(asked: Asked) -> Done:
    """As the city's file says it; one that was added here is gone, and reports of it count as 'lainnya'."""
    return _saved(asked, asked.key, None)


def head(look: Look) -> Sequence[Line]:
    """How many there are."""
    known = look.services.ground.city.categories
    return (Line(label=both("jenis panggilan", "kinds of calls"), value=str(len(known))),)


def told(event: Event, _look: Look) -> Words | None:
    """What was said of it."""
    fact = event.fact
    if not isinstance(fact, CategorySet):
        return None
    if fact.meaning is None:
        return both("dikembalikan ke asal", "as it was at first")
    level = PRIORITY_WORDS[fact.meaning.priority]
    return both(f"{fact.meaning.id_name} · {level.id}", f"{fact.meaning.en_name} · {level.en}")


ROOM = Room(
    title=both("Jenis panggilan", "Kinds of calls"),
    rows=rows,
    groups=_CLASSES,
    head=head,
    kinds=(CategorySet.kind,),
    told=told,
    restore=restore,
    is_house=True,
    allowed=SUPERVISORS,
    deeds={
        "add": Deed(words=both("Jenis baru", "New kind"), do=add, fields=_new_fields, key="n", is_new=True,
                    asks_why=True, allowed=SUPERVISORS),
        "change": Deed(words=both("Ubah", "Change"), do=change, fields=_fields, key="v", asks_why=True,
                       allowed=SUPERVISORS),
        "reset": Deed(words=both("Kembalikan ke asal", "As it was at first"), do=reset, key="c", asks_why=True,
                      is_grave=True, allowed=SUPERVISORS),
    },
)  # fmt: skip
