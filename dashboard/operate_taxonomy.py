"""The taxonomy at the desk: which kinds of calls there are, their class, priority and target. For supervisors.

What is changed here stands in a small file beside the city's (`geodata/taxonomy.py`) and holds from the next start on:
until then the row says so.
"""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import get_args

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
from geodata.city import Category, City, ServiceClass, load_city, own_taxonomy
from geodata.errors import BadInput, BadSettings
from geodata.taxonomy import own_categories, save_categories
from layers.incident_facts import PRIORITY_WORDS
from layers.layer import Words

_ID = re.compile(r"[a-z][a-z0-9_]{1,39}")
_LONGEST = 60
_MOST_ALIASES = 20
_KEPT_S = 600
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
_LATER = both("berlaku setelah Layar dinyalakan ulang", "holds after Layar is started again")


def rows(look: Look) -> Sequence[Row]:
    """As they will be at the next start, in the order of the city's file."""
    running, written, own = look.situation.ground.city, _written(look), _own(look)
    now = {one.id: one for one in running.categories}
    of_campaigns = {one.id for campaign in written.campaigns for one in campaign.categories}
    found = [
        _row(one, now.get(one.id), is_own=one.id in own, is_fixed=one.id in of_campaigns) for one in written.categories
    ]
    gone = [_gone(one) for one in running.categories if one.id not in {other.id for other in written.categories}]
    return [*found, *gone]


def _folder(look: Look) -> Path:
    return look.services.data_dir / "cities"


def _written(look: Look) -> City:
    """As it stands in the files now; read again only when one of them has changed."""
    folder, code, cache = _folder(look), look.situation.ground.city.code, look.services.cache
    key = f"desk-taxonomy:{_stamp(folder / f'{code}.toml')}:{_stamp(own_taxonomy(folder, code))}"
    known: City | None = cache.get(key)
    if known is None:
        known = load_city(code, folder)
        cache.set(key, known, timeout=_KEPT_S)
    return known


def _stamp(path: Path) -> str:
    try:
        said = path.stat()
    except FileNotFoundError:
        return "none"
    return f"{said.st_mtime_ns}.{said.st_size}.{said.st_ino}"


def _own(look: Look) -> dict[str, Category]:
    return {one.id: one for one in own_categories(_folder(look), look.situation.ground.city.code)}


def _row(one: Category, now: Category | None, *, is_own: bool, is_fixed: bool) -> Row:
    target = f"{one.response_target_min:g}".replace(".", ",") if one.response_target_min else None
    changed = (both("diubah di sini", "changed here"),) if is_own else ()
    return Row(
        key=one.id,
        version=version_of(one),
        title=both(one.id_name, one.en_name),
        sub=one.id,
        state=PRIORITY_WORDS[one.priority],
        mood=_MOODS.get(one.priority, "calm"),
        group=one.service_class,
        badges=(*((_LATER,) if one != now else ()), *changed),
        lines=(
            Line(label=both("Golongan", "Class"), value=_CLASSES[one.service_class]),
            Line(label=both("Target tiba", "Target"), value=both(f"{target} menit", f"{target} minutes") if target else
                 both("seperti kota", "as the city's")),
            Line(label=both("Tanda", "Icon"), value=one.icon),
            Line(label=both("Ejaan lain", "Other spellings"), value=", ".join(one.aliases) or "-"),
            *((Line(label=both("Dari", "Of"), value=both("kampanye di berkas kota", "a campaign of the city's file")),)
              if is_fixed else ()),
        ),
        values={"id_name": one.id_name, "en_name": one.en_name, "service_class": one.service_class, "icon": one.icon,
                "priority": str(one.priority), "target_min": target or "", "aliases": "\n".join(one.aliases)},
        deeds=() if is_fixed else ("change", "reset") if is_own else ("change",),
    )  # fmt: skip


def _gone(one: Category) -> Row:
    return Row(
        key=one.id,
        version="gone",
        title=both(one.id_name, one.en_name),
        sub=one.id,
        state=both("dihapus", "removed"),
        mood="lost",
        group=one.service_class,
        badges=(_LATER,),
    )


def _fields(_look: Look) -> tuple[Field, ...]:
    target = both("Kosong: target kota.", "Empty: as the city's.")
    aliases = both("Satu per baris, seperti ditulis sistem lain.", "One a line, as other systems write it.")
    return (
        Field(name="id_name", words=both("Nama", "Name in Indonesian"), is_needed=True, longest=_LONGEST),
        Field(name="en_name", words=both("Nama Inggris", "Name in English"), is_needed=True, longest=_LONGEST),
        Field(name="service_class", words=both("Golongan", "Class"), kind="choice", is_needed=True,
              options=choices(_CLASSES)),
        Field(name="priority", words=both("Prioritas", "Priority"), kind="choice", is_needed=True,
              options=choices(_PRIORITIES)),
        Field(name="target_min", words=both("Target tiba (menit)", "Target (minutes)"), kind="number", hint=target),
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
        response_target_min=_target(asked),
    )


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


def _saved(asked: Asked, own: dict[str, Category], key: str) -> Done:
    """Taking it back writes what was there before."""
    folder, code, before = _folder(asked.look), asked.look.situation.ground.city.code, _own(asked.look)
    try:
        save_categories(folder, code, own.values())
    except BadSettings as error:
        raise BadInput(str(error), field="id_name") from error

    def restore() -> None:
        save_categories(folder, code, before.values())

    return Done(subject=key, revert=restore, words=_LATER)


def change(asked: Asked) -> Done:
    """Another class, priority, target or name; reports keep their key."""
    said = _said(asked, asked.key)
    return _saved(asked, {**_own(asked.look), said.id: said}, said.id)


def add(asked: Asked) -> Done:
    """A new kind of call."""
    key = asked.needed("id")
    if not _ID.fullmatch(key):
        raise BadInput("id: 2 to 40 small letters, digits or _", field="id")
    if key in {one.id for one in _written(asked.look).categories}:
        raise BadInput(f"id: there is a category {key} already", field="id")
    said = _said(asked, key)
    return _saved(asked, {**_own(asked.look), key: said}, key)


def reset(asked: Asked) -> Done:
    """As the city's file says it; one that was added here is gone, and reports of it count as 'lainnya'."""
    own = _own(asked.look)
    own.pop(asked.key, None)
    return _saved(asked, own, asked.key)


def head(look: Look) -> Sequence[Line]:
    """How many there are, and whether all of it holds already."""
    written, running = _written(look).categories, look.situation.ground.city.categories
    later = (Line(label=_LATER, value=both("ada perubahan", "changes")),) if written != running else ()
    return (Line(label=both("jenis panggilan", "kinds of calls"), value=str(len(written))), *later)


ROOM = Room(
    title=both("Jenis panggilan", "Kinds of calls"),
    rows=rows,
    groups=_CLASSES,
    head=head,
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
