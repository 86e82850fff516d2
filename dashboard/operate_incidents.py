"""Incidents at the desk: taken, verified, sent on, followed step by step, joined and closed."""

from collections.abc import Mapping

from dashboard import operate_incident_deeds as deeds
from dashboard.operate import Deed, Field, Look, Option, Room, both, choices
from dashboard.operate_choices import agency_options
from dashboard.operate_incident_deeds import ENDINGS, LAST_DIGITS, LONGEST_DESCRIPTION, STEPS
from dashboard.operate_incident_rows import rows
from layers.event import Event
from layers.incident_facts import PRIORITY_WORDS, STATUS_WORDS
from layers.incidents import IncidentReported, IncidentStatusChanged
from layers.joins import ReportJoined
from layers.layer import Words

_CLASSES = {
    "darurat": both("darurat", "emergency"),
    "tidak_darurat": both("tidak darurat", "not urgent"),
    "informasi": both("informasi", "information"),
}


def _report_fields(look: Look) -> tuple[Field, ...]:
    city, areas = look.situation.ground.city, look.situation.ground.places.areas
    kinds = tuple(
        Option(value=c.id, words=Words(id=f"{c.id_name} ({said.id})", en=f"{c.en_name} ({said.en})"))
        for service, said in _CLASSES.items()
        for c in city.categories
        if c.service_class == service
    )
    places = sorted(areas.values(), key=lambda area: area.name)
    named = tuple(Option(value=a.code, words=Words(id=a.name, en=a.name)) for a in places)
    worst = tuple(Option(value=str(p), words=said) for p, said in PRIORITY_WORDS.items())
    return (
        Field(name="category", words=both("Jenis", "Kind"), kind="choice", is_needed=True, options=kinds),
        Field(name="place", words=both("Tempat: klik di peta", "Place: click on the map"), kind="place"),
        Field(name="kelurahan", words=both("Atau kelurahan", "Or kelurahan"), kind="choice", options=named),
        Field(
            name="priority",
            words=both("Tingkat", "Priority"),
            kind="choice",
            options=worst,
            hint=both("Kosong: sesuai jenisnya.", "Empty: as its kind has it."),
        ),
        Field(
            name="description", words=both("Keterangan", "Description"), kind="prose", longest=LONGEST_DESCRIPTION,
            hint=both("Apa yang terlihat, berapa orang. Tanpa nama.", "What is seen, how many people. No names."),
        ),
    )  # fmt: skip


def _new_fields(look: Look) -> tuple[Field, ...]:
    hint = both("Hanya tiga angka.", "Three digits only.")
    words = both("Tiga angka terakhir penelepon", "Caller's last three digits")
    return (*_report_fields(look), Field(name="caller", words=words, longest=LAST_DIGITS, hint=hint))


def _agencies_field(look: Look) -> tuple[Field, ...]:
    words = both("Kepada", "To")
    return (Field(name="agencies", words=words, kind="many", is_needed=True, options=agency_options(look)),)


def _step_fields(look: Look) -> tuple[Field, ...]:
    steps = {str(status): STATUS_WORDS[status] for status in STEPS}
    return (
        Field(name="agency", words=both("Siapa", "Who"), kind="choice", is_needed=True,
              options=agency_options(look)),
        Field(name="step", words=both("Sampai mana", "How far"), kind="choice", is_needed=True,
              options=choices(steps)),
        Field(name="time", words=both("Pukul", "At"), kind="time",
              hint=both("Kosong: sekarang. Tulis 19.30.", "Empty: now. Write 19:30.")),
    )  # fmt: skip


def _join_fields(_look: Look) -> tuple[Field, ...]:
    return (Field(name="into", words=both("Bagian dari", "Part of"), kind="row", is_needed=True),)


def _close_fields(_look: Look) -> tuple[Field, ...]:
    endings = {str(status): STATUS_WORDS[status] for status in ENDINGS}
    words = both("Berakhir sebagai", "Ends as")
    return (Field(name="ending", words=words, kind="choice", is_needed=True, options=choices(endings)),)


def told(event: Event, look: Look) -> Words | None:
    """One step of an incident's history, in a few words."""
    fact, city = event.fact, look.situation.ground.city
    short: Mapping[str | None, str] = {a.id: a.short for a in city.agencies}
    if isinstance(fact, IncidentReported):
        category = city.category(fact.report.category)
        return Words(id=f"laporan: {category.id_name}", en=f"report: {category.en_name}")
    if isinstance(fact, IncidentStatusChanged):
        words, agency = STATUS_WORDS[fact.status], short.get(fact.agency, fact.agency)
        return Words(id=f"{words.id} · {agency}", en=f"{words.en} · {agency}") if agency else words
    if isinstance(fact, ReportJoined):
        into = fact.into
        return Words(id=f"bagian dari {into}" if into else "berdiri sendiri", en=f"part of {into}" if into else "alone")
    return None


ROOM = Room(
    title=both("Kejadian", "Incidents"),
    rows=rows,
    groups={"open": both("Terbuka", "Open"), "closed": both("Ditutup (48 jam)", "Closed (48 h)")},
    empty=both("Tidak ada kejadian terbuka.", "No open incidents."),
    kinds=(IncidentReported.kind, IncidentStatusChanged.kind, ReportJoined.kind),
    told=told,
    has_map=True,
    deeds={
        "create": Deed(
            words=both("Kejadian baru", "New incident"), do=deeds.create, fields=_new_fields, key="n", is_new=True
        ),
        "verify": Deed(words=both("Verifikasi", "Verify"), do=deeds.verify, key="v"),
        "assign": Deed(
            words=both("Teruskan ke OPD", "Send on to agencies"), do=deeds.assign, fields=_agencies_field, key="a"
        ),
        "step": Deed(words=both("Catat langkah", "Note a step"), do=deeds.step, fields=_step_fields, key="m"),
        "correct": Deed(words=both("Perbaiki laporan", "Correct"), do=deeds.correct, fields=_report_fields, key="p"),
        "join": Deed(words=both("Gabungkan", "Merge"), do=deeds.join, fields=_join_fields, key="g"),
        "alone": Deed(words=both("Pisahkan", "Stands alone"), do=deeds.alone),
        "close": Deed(
            words=both("Tutup", "Close"), do=deeds.close, fields=_close_fields, key="c", asks_why=True, is_grave=True,
            hint=both("Langkah yang sudah dicatat tetap ada.", "Steps already noted stay."),
        ),
        "reopen": Deed(words=both("Buka lagi", "Open again"), do=deeds.reopen, asks_why=True),
    },
)  # fmt: skip
