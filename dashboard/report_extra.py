"""Pages of a report about what went on around the incidents: lifelines, disasters, relawan, repeated calls. Pure."""

from dashboard.briefing_city import Callers, Course, Leads, Stretch
from dashboard.briefing_reading import Around
from dashboard.briefing_words import count_words, day_words, span_words
from dashboard.report_document import Bar, Block, Chart, Heading, Note, Table
from geodata.places import Ground
from layers.areas import area_name
from layers.lifelines import STATE_WORDS
from layers.monthly import Period

_MOST_STRETCHES = 80


def extra_blocks(around: Around, period: Period, ground: Ground) -> tuple[Block, ...]:
    """What is known of each; what is not is said."""
    return (
        Heading(text="Relawan lebih dulu tiba"),
        _leads(around.leads),
        Heading(text="Penelepon berulang"),
        _callers(around.callers, period, ground),
        Heading(text="Jaringan vital"),
        *_lifelines(around.lifelines, ground),
        *(block for course in around.courses for block in _course(course)),
    )


def step_words(least: int, most: int | None) -> str:
    """Such as "2 sampai 5 menit"."""
    return f"{least} menit ke atas" if most is None else f"{least} sampai {most} menit"


def _leads(found: Leads) -> Block:
    if not found.n:
        return Note(text="Tidak ada kejadian yang dicapai relawan dan OPD dengan waktu keduanya diketahui.")
    bars = [Bar(label=step_words(least, most), value=count, mood="good") for least, most, count in found.steps]
    bars.append(Bar(label="OPD lebih dulu, atau bersamaan", value=found.behind))
    note = f"n {found.n} kejadian yang dicapai keduanya dengan waktu yang diketahui"
    return Chart(title="Selisih relawan mendahului OPD", shape="bars", bars=tuple(bars), note=note)


def _callers(found: Callers, period: Period, ground: Ground) -> Block:
    if not found.numbers:
        since = _since(found, period, ground)
        return Note(text=f"Tidak ada panggilan dengan nomor yang tercatat pada periode ini.{since}")
    rows = tuple(
        (_times_words(least, most), numbers, calls, pranks) for least, most, numbers, calls, pranks in found.groups
    )
    columns = ("Satu nomor menelepon", "Nomor", "Panggilan", "Di antaranya iseng")
    return Table(
        name="Penelepon berulang", columns=columns, rows=rows, widths=(3, 1, 1, 1.4), numeric=frozenset({1, 2, 3})
    )


def _times_words(least: int, most: int | None) -> str:
    if most is None:
        return f"{least} kali ke atas"
    return f"{least} kali" if least == most else f"{least} sampai {most} kali"


def _since(found: Callers, period: Period, ground: Ground) -> str:
    if period.since >= found.remembered_from:
        return ""
    return f" Nomor diingat sejak {day_words(found.remembered_from.astimezone(ground.city.zone))}."


def _lifelines(found: tuple[Stretch, ...] | None, ground: Ground) -> tuple[Block, ...]:
    if found is None:
        return (Note(text="Periode terlalu panjang untuk keadaan jaringan; mintalah laporan harian atau bulanan."),)
    if not found:
        return (Note(text="Tidak ada kabar tentang jaringan vital."),)
    broken = [one for one in found if one.state != "normal"]
    named = ", ".join(sorted({one.provider for one in found}))
    if not broken:
        return (Note(text=f"Semua normal sejauh dikabarkan: {named}."),)
    rows = tuple(
        (one.provider, area_name(ground, one.area), STATE_WORDS[one.state].id, _moment(one, ground, "since"),
         _moment(one, ground, "until"), span_words((one.until - one.since).total_seconds()))
        for one in broken[:_MOST_STRETCHES]
    )  # fmt: skip
    columns = ("Penyedia", "Wilayah", "Keadaan", "Sejak", "Sampai", "Lama")
    table = Table(name="Jaringan vital", columns=columns, rows=rows, widths=(1.4, 1.8, 1, 1.4, 1.4, 1.4))
    return (table, Note(text=f"Dikabarkan oleh atau tentang: {named}.", is_small=True))


def _moment(one: Stretch, ground: Ground, which: str) -> str:
    at = (one.since if which == "since" else one.until).astimezone(ground.city.zone)
    return f"{day_words(at)} {at:%H.%M}"


def _course(course: Course) -> tuple[Block, ...]:
    bars = tuple(Bar(label=f"ke-{day.number}", value=day.calls) for day in course.days)
    total = sum(day.calls for day in course.days)
    rows = tuple((f"ke-{day.number}", f"{day.day:%d.%m.%Y}", day.calls, day.occupants) for day in course.days)
    columns = ("Hari", "Tanggal", "Panggilan", "Pengungsi di pos")
    return (
        Heading(text=f"Bencana: {course.title}"),
        Chart(
            title="Panggilan per hari sejak awal", shape="columns", bars=bars, note=f"n {count_words(total)} panggilan"
        ),
        Table(name="Bencana", columns=columns, rows=rows, widths=(1, 1.4, 1, 1.4), numeric=frozenset({2, 3})),
    )
