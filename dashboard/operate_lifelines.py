"""Lifelines at the desk: telephone networks, power and internet per area, as somebody in the room has learnt."""

from collections.abc import Mapping, Sequence

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
    Told,
    both,
    choices,
    version_of,
)
from dashboard.operate_choices import area_name, area_options
from geodata.clock import epoch_s
from layers.event import Event
from layers.layer import Words
from layers.lifelines import PROVIDERS, STATE_WORDS, Lifeline, LifelineReported

_MOODS: Mapping[str, Mood] = {"normal": "good", "jammed": "warn", "down": "grave"}


def rows(look: Look) -> Sequence[Row]:
    """What is down first."""
    known = look.situation.of("lifelines").values()
    worst = {"down": 0, "jammed": 1, "normal": 2}
    return [_row(one, look) for one in sorted(known, key=lambda one: (worst[one.fact.state], one.id))]


def _row(one: Lifeline, look: Look) -> Row:
    fact = one.fact
    note = (Line(label=both("Catatan", "Note"), value=fact.note),) if fact.note else ()
    return Row(
        key=one.id,
        version=version_of(fact, one.told.seen),
        title=fact.provider,
        sub=area_name(look, fact.area),
        state=STATE_WORDS[fact.state],
        mood=_MOODS[fact.state],
        at=epoch_s(fact.since or one.told.at),
        lines=(*note, Line(label=both("Kabar terakhir", "Last heard"), value={"at": epoch_s(one.told.at)}),
               Line(label=both("Sumber", "Source"), value=one.told.source)),
        values={"state": fact.state, "note": fact.note or ""},
        deeds=("change",),
        mode=one.told.mode,
    )  # fmt: skip


def _state_fields(_look: Look) -> tuple[Field, ...]:
    states = {str(state): words for state, words in STATE_WORDS.items()}
    return (
        Field(name="state", words=both("Keadaan", "State"), kind="choice", is_needed=True, options=choices(states)),
        Field(name="note", words=both("Catatan", "Note"), hint=both("Dari siapa kabarnya?", "Who told?")),
    )


def _new_fields(look: Look) -> tuple[Field, ...]:
    said = {one.fact.provider for one in look.situation.of("lifelines").values()}
    names = [*PROVIDERS, *sorted(said - set(PROVIDERS))]
    providers = tuple(Option(value=name, words=both(name, name)) for name in names)
    return (
        Field(name="provider", words=both("Jaringan", "Network"), kind="choice", is_needed=True, options=providers),
        Field(name="area", words=both("Di", "Where"), kind="choice", is_needed=True, options=area_options(look)),
        *_state_fields(look),
    )


def _told(provider: str, area: str, state: str, note: str | None) -> Told:
    return Told(feed="lifelines", payload={"provider": provider, "area": area, "state": state, "note": note})


def report(asked: Asked) -> Done:
    """Of a network nobody spoke of yet; taking it back says that it is normal."""
    provider, area = asked.needed("provider"), asked.needed("area")
    told = _told(provider, area, asked.needed("state"), asked.text("note", 100))
    return Done(subject=f"{provider.casefold()}@{area}", tells=(told,), back=(_told(provider, area, "normal", None),))


def change(asked: Asked) -> Done:
    """The newest word holds; taking it back says the former one again."""
    fact: LifelineReported = asked.look.situation.of("lifelines")[asked.key].fact
    told = _told(fact.provider, fact.area, asked.needed("state"), asked.text("note", 100))
    return Done(subject=asked.key, tells=(told,), back=(_told(fact.provider, fact.area, fact.state, fact.note),))


def told(event: Event, _look: Look) -> Words | None:
    """How it was said to be."""
    return STATE_WORDS[event.fact.state] if isinstance(event.fact, LifelineReported) else None


ROOM = Room(
    title=both("Jaringan vital", "Lifelines"),
    rows=rows,
    empty=both("Belum ada kabar tentang jaringan apa pun.", "Nothing has been heard of any network."),
    kinds=(LifelineReported.kind,),
    told=told,
    deeds={
        "report": Deed(
            words=both("Catat gangguan", "Note an outage"), do=report, fields=_new_fields, key="n", is_new=True
        ),
        "change": Deed(words=both("Ubah keadaan", "Change its state"), do=change, fields=_state_fields, key="v"),
    },
)
