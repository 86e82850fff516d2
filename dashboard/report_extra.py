"""Pages of a report about what went on around the incidents: lifelines, disasters, relawan, repeated calls. Pure."""

from dashboard.briefing_city import Callers, Course, Leads, Stretch
from dashboard.briefing_reading import Around
from dashboard.report_document import Bar, Block, Chart, Heading, Note, Table
from dashboard.report_words import Tongue
from geodata.places import Ground
from layers.areas import area_name
from layers.lifelines import STATE_WORDS
from layers.monthly import Period

_MOST_STRETCHES = 80


def extra_blocks(around: Around, period: Period, ground: Ground, say: Tongue) -> tuple[Block, ...]:
    """What is known of each; what is not is said."""
    return (
        Heading(text=say("Relawan lebih dulu tiba", "Volunteers came first")),
        _leads(around.leads, say),
        Heading(text=say("Penelepon berulang", "Repeated callers")),
        _callers(around.callers, period, ground, say),
        Heading(text=say("Jaringan vital", "Lifelines")),
        *_lifelines(around.lifelines, ground, say),
        *(block for course in around.courses for block in _course(course, say)),
    )


def step_words(least: int, most: int | None, say: Tongue) -> str:
    """Such as "2 sampai 5 menit"."""
    if most is None:
        return say(f"{least} menit ke atas", f"{least} minutes and more")
    return say(f"{least} sampai {most} menit", f"{least} to {most} minutes")


def _leads(found: Leads, say: Tongue) -> Block:
    if not found.n:
        return Note(text=say(
            "Tidak ada kejadian yang dicapai relawan dan OPD dengan waktu keduanya diketahui.",
            "No incident was reached by volunteers and by an agency with both times known.",
        ))  # fmt: skip
    bars = [Bar(label=step_words(least, most, say), value=count, mood="good") for least, most, count in found.steps]
    bars.append(Bar(label=say("OPD lebih dulu, atau bersamaan", "Agency first, or both at once"), value=found.behind))
    note = say(
        f"n {found.n} kejadian yang dicapai keduanya dengan waktu yang diketahui",
        f"n {found.n} incidents reached by both, with known times",
    )
    title = say("Selisih relawan mendahului OPD", "By how much volunteers were before agencies")
    return Chart(title=title, shape="bars", bars=tuple(bars), note=note)


def _callers(found: Callers, period: Period, ground: Ground, say: Tongue) -> Block:
    if not found.numbers:
        none = say(
            "Tidak ada panggilan dengan nomor yang tercatat pada periode ini.",
            "No call with a number is on record in this period.",
        )
        return Note(text=none + _since(found, period, ground, say))
    rows = tuple(
        (_times_words(least, most, say), numbers, calls, pranks) for least, most, numbers, calls, pranks in found.groups
    )
    columns = (
        say("Satu nomor menelepon", "One number called"), say("Nomor", "Numbers"), say("Panggilan", "Calls"),
        say("Di antaranya iseng", "Pranks among them"),
    )  # fmt: skip
    name = say("Penelepon berulang", "Repeated callers")
    return Table(name=name, columns=columns, rows=rows, widths=(3, 1, 1, 1.4), numeric=frozenset({1, 2, 3}))


def _times_words(least: int, most: int | None, say: Tongue) -> str:
    if most is None:
        return say(f"{least} kali ke atas", f"{least} times and more")
    if least == most:
        return say(f"{least} kali", "once" if least == 1 else f"{least} times")
    return say(f"{least} sampai {most} kali", f"{least} to {most} times")


def _since(found: Callers, period: Period, ground: Ground, say: Tongue) -> str:
    if period.since >= found.remembered_from:
        return ""
    day = say.day(found.remembered_from.astimezone(ground.city.zone))
    return say(f" Nomor diingat sejak {day}.", f" Numbers are remembered since {day}.")


def _lifelines(found: tuple[Stretch, ...] | None, ground: Ground, say: Tongue) -> tuple[Block, ...]:
    if found is None:
        return (Note(text=say(
            "Periode terlalu panjang untuk keadaan jaringan; mintalah laporan harian atau bulanan.",
            "The period is too long for the state of networks; ask for the report of a day or a month.",
        )),)  # fmt: skip
    if not found:
        return (Note(text=say("Tidak ada kabar tentang jaringan vital.", "Nothing was said of lifelines.")),)
    broken = [one for one in found if one.state != "normal"]
    named = ", ".join(sorted({one.provider for one in found}))
    if not broken:
        normal = say(f"Semua normal sejauh dikabarkan: {named}.", f"All normal as far as was said: {named}.")
        return (Note(text=normal),)
    rows = tuple(
        (one.provider, area_name(ground, one.area), say.of(STATE_WORDS[one.state]), say.moment(one.since, ground),
         say.moment(one.until, ground), say.span((one.until - one.since).total_seconds()))
        for one in broken[:_MOST_STRETCHES]
    )  # fmt: skip
    columns = (
        say("Penyedia", "Provider"), say("Wilayah", "Area"), say("Keadaan", "State"), say("Sejak", "Since"),
        say("Sampai", "Until"), say("Lama", "For"),
    )  # fmt: skip
    name = say("Jaringan vital", "Lifelines")
    table = Table(name=name, columns=columns, rows=rows, widths=(1.4, 1.8, 1, 1.4, 1.4, 1.4))
    said = say(f"Dikabarkan oleh atau tentang: {named}.", f"Said by or of: {named}.")
    return (table, Note(text=said, is_small=True))


def _course(course: Course, say: Tongue) -> tuple[Block, ...]:
    numbers = [say(f"ke-{day.number}", f"{day.number}") for day in course.days]
    pairs = list(zip(numbers, course.days, strict=True))
    bars = tuple(Bar(label=number, value=day.calls) for number, day in pairs)
    total = say.count(sum(day.calls for day in course.days))
    rows = tuple((number, f"{day.day:%d.%m.%Y}", day.calls, day.occupants) for number, day in pairs)
    columns = (
        say("Hari", "Day"), say("Tanggal", "Date"), say("Panggilan", "Calls"),
        say("Pengungsi di pos", "Evacuees in shelters"),
    )  # fmt: skip
    title, disaster = say("Panggilan per hari sejak awal", "Calls a day since the first"), say("Bencana", "Disaster")
    return (
        Heading(text=f"{disaster}: {course.title}"),
        Chart(title=title, shape="columns", bars=bars, note=say(f"n {total} panggilan", f"n {total} calls")),
        Table(name=disaster, columns=columns, rows=rows, widths=(1, 1.4, 1, 1.4), numeric=frozenset({2, 3})),
    )
