"""Feeds at the desk: who brings us data, how fresh it is, what went wrong, and what of it could not be read.

Two kinds stand in one list: lines of [[feeds]], which we fetch or listen to, and clients, which send by themselves.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from dashboard.degraded import FEED_PROCESS_SILENT, is_silent
from dashboard.operate import Asked, Deed, Done, Line, Look, Mood, Room, Row, both, version_of
from dashboard.operate_trial import LISTENING, begin, tried
from geodata.clock import epoch_s
from geodata.errors import NotFound
from layers.event import HISTORY
from layers.feed import Feed
from layers.layer import Words
from layers.line_status import LineStatus, load_lines
from layers.sources import Source
from layers.transport import LineSettings

_LINE, _CLIENT = "line:", "client:"
_HANDS = "desk/"
_AT_ONCE = 200
_STATES: Mapping[str, tuple[Words, Mood]] = {
    "fresh": (both("lancar", "fresh"), "good"),
    "silent": (both("tidak ada kabar", "silent"), "grave"),
    "unknown": (both("belum ada kabar", "nothing heard yet"), "lost"),
    "stopped": (both("pengambil data berhenti", "the feed process has stopped"), "grave"),
    "failing": (both("sedang gagal, dicoba lagi", "failing, tried again"), "warn"),
    "old": (both("kabar terakhir sudah lama", "the last news is old"), "warn"),
}
_TRYING = both("sedang dicoba, paling lama 20 detik", "being tried, for 20 seconds at most")
_DIED = both("percobaan terputus; coba lagi", "the trial broke off; try again")
_WORST_FIRST = {"grave": 0, "warn": 1, "lost": 2, "calm": 3, "good": 4}


def rows(look: Look) -> Sequence[Row]:
    """What does not work first."""
    refused = look.services.store.quarantine_by_source()
    signs = load_lines(look.services.data_dir)
    known = {line.name: line for line in signs.lines}
    wanted = look.services.settings.feeds
    is_stopped = bool(wanted) and is_silent(signs.said_at, FEED_PROCESS_SILENT, look.now)
    lines = [_of_line(one, known.get(one.name), look, refused, is_stopped=is_stopped) for one in wanted]
    own = {f"{one.name}/{one.feed}" for one in wanted}
    heard: Mapping[str, Source] = look.situation.of("sources")
    clients = {name for name in {*heard, *refused} if name not in own and _feed_of(name, look) is not None}
    sent = [_of_client(name, heard.get(name), look, refused.get(name, 0)) for name in clients]
    return sorted([*lines, *sent], key=lambda row: (_WORST_FIRST[row.mood], row.key))


def _feed_of(source: str, look: Look) -> Feed | None:
    """The dialect of a client that sends by itself; None for hands, and for what was brought in from the past."""
    client, _, name = source.rpartition("/")
    is_other = not client or client.startswith((_HANDS, HISTORY))
    return None if is_other else look.services.feeds.get(name)


def _of_line(
    line: LineSettings, known: LineStatus | None, look: Look, refused: Mapping[str, int], *, is_stopped: bool
) -> Row:
    state, mood = _STATES["stopped" if is_stopped else _line_state(known, look)]
    feed, waiting = look.services.feeds.get(line.feed), refused.get(f"{line.name}/{line.feed}", 0)
    return Row(
        key=f"{_LINE}{line.name}",
        version=version_of(waiting),
        title=line.title or line.name,
        sub=feed.title if feed else line.feed,
        state=state,
        mood=mood,
        at=epoch_s(known.well_at) if known and known.well_at else None,
        group="line",
        badges=_badges(waiting),
        lines=(*_of_trial(line, look), *(_of_status(known) if known else ()), *_brought(line), *_kept(waiting)),
        deeds=(*(() if line.transport in LISTENING else ("test",)), *(("retry",) if waiting else ())),
    )


def _line_state(known: LineStatus | None, look: Look) -> str:
    if known is None:
        return "unknown"
    freshness = known.freshness(look.now)
    return "failing" if freshness != "silent" and known.error else freshness


def _of_status(line: LineStatus) -> tuple[Line, ...]:
    moments = (
        (both("Terakhir berhasil", "Last success"), line.well_at),
        (both("Kabar baru terakhir", "Last news"), line.news_at),
        (both("Gagal sejak", "Failed at"), line.failed_at),
        (both("Dicoba lagi", "Tried again"), line.next_try_at),
    )
    wrong = both(line.error or "", line.error_en or line.error or "")
    error = (Line(label=both("Yang salah", "What is wrong"), value=wrong),) if line.error else ()
    resting = (Line(label=both("Istirahat", "Resting"), value=both("gagal berulang, jarang ditanya", "asked seldom")),)
    counts = both(f"{line.taken} diterima, {line.refused} ditolak", f"{line.taken} taken, {line.refused} refused")
    return (
        *error,
        *(resting if line.is_resting else ()),
        *(Line(label=label, value={"at": epoch_s(moment)}) for label, moment in moments if moment is not None),
        Line(label=both("Sejak dinyalakan", "Since it started"), value=counts),
    )  # fmt: skip


def _of_trial(line: LineSettings, look: Look) -> tuple[Line, ...]:
    found = tried(look, line.name)
    if found is None:
        return ()
    words = found.said or (_TRYING if found.is_on(look.now) else _DIED)
    return (
        Line(label=both("Hasil coba", "Test"), value=words),
        Line(label=both("Dicoba", "Tested"), value={"at": epoch_s(found.began_at)}),
    )


def _brought(line: LineSettings) -> tuple[Line, ...]:
    return (
        Line(label=both("Dialek", "Dialect"), value=line.feed),
        Line(label=both("Jalan masuk", "Brought by"), value=line.transport),
    )


def _of_client(name: str, heard: Source | None, look: Look, waiting: int) -> Row:
    client, _, dialect = name.rpartition("/")
    feed = look.services.feeds[dialect]
    state, mood = _STATES[_client_state(heard, feed, look)]
    return Row(
        key=f"{_CLIENT}{name}",
        version=version_of(waiting),
        title=client,
        sub=feed.title,
        state=state,
        mood=mood,
        at=epoch_s(heard.last_seen) if heard else None,
        group="client",
        badges=_badges(waiting),
        lines=(*(_of_source(heard) if heard else ()), Line(label=both("Dialek", "Dialect"), value=dialect),
               *_kept(waiting)),
        deeds=("retry",) if waiting else (),
        mode=heard.mode if heard else "live",
    )  # fmt: skip


def _client_state(heard: Source | None, feed: Feed, look: Look) -> str:
    if heard is None:
        return "unknown"
    if feed.silent_s is None:
        return "fresh"
    return "old" if look.now - heard.last_seen > timedelta(seconds=feed.silent_s) else "fresh"


def _of_source(heard: Source) -> tuple[Line, ...]:
    return (
        Line(label=both("Kabar terakhir", "Last news"), value={"at": epoch_s(heard.last_seen)}),
        Line(label=both("Menurut jamnya", "By its clock"), value={"at": epoch_s(heard.last_at)}),
        Line(label=both("Kabar diterima", "Events taken"), value=heard.events),
    )


def _badges(waiting: int) -> tuple[Words, ...]:
    return (both(f"{waiting} di karantina", f"{waiting} in quarantine"),) if waiting else ()


def _kept(waiting: int) -> tuple[Line, ...]:
    link = {"href": "/operate/quarantine", "words": {"id": f"{waiting} kiriman, lihat", "en": f"{waiting}, look"}}
    return (Line(label=both("Tidak terbaca", "Not readable"), value=link),) if waiting else ()


def _source(asked: Asked) -> str:
    if asked.key.startswith(_CLIENT):
        return asked.key.removeprefix(_CLIENT)
    name = asked.key.removeprefix(_LINE)
    line = next((one for one in asked.services.settings.feeds if one.name == name), None)
    if line is None:
        raise NotFound(f"no [[feeds]] is called {name[:40]!r}")
    return f"{line.name}/{line.feed}"


def test(asked: Asked) -> Done:
    """Ask its sender once, as `layar feeds test` does; the result stands in the row within half a minute."""
    name = asked.key.removeprefix(_LINE)
    line = next((one for one in asked.services.settings.feeds if one.name == name), None)
    if line is None:
        raise NotFound(f"no [[feeds]] is called {name[:40]!r}")
    begin(asked.look, line)
    return Done(subject=asked.key, words=_TRYING)


def retry(asked: Asked) -> Done:
    """Read again, in the order in which it came, what of this feed waits; what is refused again stays."""
    services, source = asked.services, _source(asked)
    numbers = services.store.quarantine_of(source, _AT_ONCE)
    refused = 0
    for number in numbers:
        refused += number in services.door.retry(number, who=asked.who, why=asked.why).quarantined
    left = services.store.quarantine_by_source().get(source, 0)
    read = len(numbers) - refused
    words = both(f"{read} terbaca, {left} tetap di karantina", f"{read} read, {left} still in quarantine")
    return Done(subject=asked.key, words=words)


def head(look: Look) -> Sequence[Line]:
    """How many of them bring news, in one line."""
    found = rows(look)
    well = sum(row.mood == "good" for row in found)
    waiting = look.services.store.quarantined_count()
    return (
        Line(label=both(f"dari {len(found)} sumber lancar", f"of {len(found)} sources fresh"), value=str(well)),
        Line(label=both("di karantina", "in quarantine"), value=str(waiting)),
    )


ROOM = Room(
    title=both("Sumber data", "Feeds"),
    rows=rows,
    groups={"line": both("Diambil sendiri", "Fetched by us"), "client": both("Dikirim ke sini", "Sent to us")},
    empty=both("Belum ada sumber data; tulis [[feeds]] di layar.toml atau buat token ingest.",
               "No feed yet: write [[feeds]] in layar.toml, or make a token of role ingest."),
    head=head,
    is_house=True,
    deeds={
        "test": Deed(words=both("Coba sekarang", "Test now"), do=test, key="s"),
        "retry": Deed(
            words=both("Baca ulang yang di karantina", "Read its quarantine again"), do=retry, key="r",
            hint=both("Setelah pengirim atau dialek diperbaiki.", "After the sender or the dialect was mended."),
        )
    },
)  # fmt: skip
