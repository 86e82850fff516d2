"""What is not working, in sentences an operator understands. Pure: signs in, troubles out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo

from dashboard.backup_status import BackupStatus
from dashboard.report_due import Standing
from layers.aside import Waiting
from layers.cameras import StreetCamera, words_of
from layers.feed import Feed
from layers.layer import Words
from layers.line_status import LineSigns, LineStatus
from layers.outages import outages_in
from layers.situation import Situation
from layers.sources import Source
from layers.statistics import listed_cameras
from layers.store.mend import is_ahead

NAMED_AT_MOST = 3
CAMERA_PROCESS = "camera_process"
ARCHIVE_SILENT = timedelta(seconds=60)
"""One look at a slow bucket may take so long."""
BACKUP_TAKES = timedelta(hours=1)
REPORT_TRIES = 3
"""A server that sleeps for a minute is no trouble yet."""
FEED_PROCESS = "feed_process"
FEED_PROCESS_SILENT = timedelta(seconds=15)
_HANDS = "desk/"
_GRAVEST_FIRST = (
    "store", "spool", "clock", "disk", "layer", "camera_process", "feed_process", "outage", "cameras", "line", "source",
    "archive", "backup", "report", "camera", "pictures", "picture", "clocks", "hook", "quarantine",
)  # fmt: skip
"""By the part of a trouble's key before the colon."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """What the machine knows of itself, beside the situation.

    `heartbeat_at`: the camera process's last sign of life, None for never. `store_failed_at`: since when the
    log cannot be read; None while it can. `broken_layers`: layers whose drawing failed. `archive_at`: when the
    archive of stills last worked, None where there is none. `lines`: how the feeds that come in by themselves are
    doing, None where the city has none. `waiting`: deliveries that the log could not take yet.
    `backups`: those made by the clock, None where there are none. `dead_hooks`: how many messages to others were
    given up, by hook. `reports`: how those by the clock are doing.
    """

    heartbeat_at: datetime | None = None
    quarantined: int = 0
    quarantined_at: datetime | None = None
    store_failed_at: datetime | None = None
    is_disk_full: bool = False
    broken_layers: tuple[str, ...] = ()
    archive_at: datetime | None = None
    lines: LineSigns | None = None
    backups: BackupStatus | None = None
    dead_hooks: Mapping[str, int] = field(default_factory=dict)
    waiting: Waiting = field(default_factory=Waiting)
    reports: tuple[Standing, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """One thing that is not working. `key` stays the same while it lasts; the text holds no age, `since` does."""

    key: str
    text: Words
    since: datetime | None


def troubles(
    situation: Situation, signs: Signs, feeds: Mapping[str, Feed], heartbeat_s: float, now: datetime
) -> tuple[Trouble, ...]:
    """Everything that is not working, the gravest first: a wall shows the first one all the time."""
    found = (
        *_of_this_machine(signs),
        *_of_log_clock(situation, now),
        *_of_camera_process(situation, signs, heartbeat_s, now),
        *_of_archive(signs, heartbeat_s, now),
        *_of_backups(signs.backups, now),
        *_of_reports(signs.reports),
        *_of_cameras(situation),
        *_of_lines(signs.lines, now),
        *_of_sources(situation, feeds, silent_lines(signs.lines, now), now),
        *_of_hooks(signs.dead_hooks),
        *_of_quarantine(signs),
    )
    return tuple(sorted(found, key=_gravity))


def without_places(positions_from: datetime | None, at: datetime, zone: tzinfo) -> tuple[Trouble, ...]:
    """Of a past whose places were destroyed, as the city wishes: an empty map does not mean an empty street."""
    if positions_from is None or at >= positions_from:
        return ()
    day = f"{positions_from.astimezone(zone):%d.%m.%Y}"
    said = Words(
        id=f"Posisi armada dan relawan sebelum {day} sudah dimusnahkan",
        en=f"Places of units before {day} were destroyed",
    )
    return (Trouble(key="positions", text=said, since=None),)


def _gravity(trouble: Trouble) -> int:
    kind = trouble.key.partition(":")[0]
    return _GRAVEST_FIRST.index(kind) if kind in _GRAVEST_FIRST else len(_GRAVEST_FIRST) - 1


def _of_this_machine(signs: Signs) -> Iterator[Trouble]:
    if signs.store_failed_at is not None:
        said = Words(id="Catatan kejadian tidak dapat dibaca", en="The event log cannot be read")
        yield Trouble(key="store", text=said, since=signs.store_failed_at)
    held_up = tuple(_of_spool(signs))
    yield from held_up
    if signs.is_disk_full and not held_up:  # which says so already
        said = Words(id="Ruang simpan hampir penuh", en="The disk is nearly full")
        yield Trouble(key="disk", text=said, since=None)
    for name in signs.broken_layers:
        said = Words(id=f"Lapisan {name} tidak dapat digambar", en=f"Layer {name} cannot be drawn")
        yield Trouble(key=f"layer:{name}", text=said, since=None)


def _of_log_clock(situation: Situation, now: datetime) -> Iterator[Trouble]:
    """The order of the log never goes back; so it stays ahead until the clock is there, or somebody mends it."""
    if is_ahead(situation.seen, now):
        said = Words(
            id="Jam mesin ini salah atau pernah maju; setel NTP, lalu: layar clock",
            en="This machine's clock is wrong or ran ahead; set NTP, then: layar clock",
        )
        yield Trouble(key="clock", text=said, since=None)


def _of_spool(signs: Signs) -> Iterator[Trouble]:
    """The picture stands still; what comes is kept, or is not even that."""
    waiting = signs.waiting
    why = Words(id="Ruang simpan penuh", en="The disk is full")
    if not signs.is_disk_full:
        why = Words(id="Catatan kejadian tidak dapat ditulis", en="The event log cannot be written")
    if waiting.is_refusing:
        what = Words(
            id=f"kabar baru ditolak ({waiting.count} menunggu)", en=f"news is refused ({waiting.count} waiting)"
        )
    elif waiting.count:
        what = Words(
            id=f"{waiting.count} kabar ditampung, menyusul sendiri", en=f"{waiting.count} kept aside, will follow"
        )
    else:
        return
    yield Trouble(key="spool", text=Words(id=f"{why.id}: {what.id}", en=f"{why.en}: {what.en}"), since=waiting.since)


def is_silent(last: datetime | None, allowed: timedelta, now: datetime) -> bool:
    """Whether a sign of life is too old, or from a future that only a clock set back can explain: it proves nothing."""
    return last is None or abs(now - last) > allowed


def _of_camera_process(situation: Situation, signs: Signs, heartbeat_s: float, now: datetime) -> Iterator[Trouble]:
    if not listed_cameras(situation):
        return
    if is_silent(signs.heartbeat_at, timedelta(seconds=heartbeat_s), now):
        said = Words(id="Pengambil gambar kamera berhenti", en="The camera process has stopped")
        yield Trouble(key=CAMERA_PROCESS, text=said, since=signs.heartbeat_at)


def _of_archive(signs: Signs, heartbeat_s: float, now: datetime) -> Iterator[Trouble]:
    """Only while the camera process lives: it is what keeps the stills, and its own end is told already."""
    if is_silent(signs.heartbeat_at, timedelta(seconds=heartbeat_s), now):
        return
    if signs.archive_at is not None and is_silent(signs.archive_at, ARCHIVE_SILENT, now):
        said = Words(
            id="Arsip gambar kamera berhenti; periksa ruang simpan atau jalan ke S3",
            en="Camera stills are not kept; check the disk or the way to S3",
        )
        yield Trouble(key="archive", text=said, since=signs.archive_at)


def _of_backups(backups: BackupStatus | None, now: datetime) -> Iterator[Trouble]:
    """Of the last one that was made, its failure, or its silence: two rounds without one."""
    if backups is None:
        return
    since = backups.made_at or backups.begun_at
    is_overdue = now - since > timedelta(hours=2 * backups.every_h) + BACKUP_TAKES
    if backups.failed_at is not None or is_overdue:
        said = Words(
            id="Cadangan data gagal dibuat; periksa ruang simpan cadangan",
            en="No backup is made; check the disk it goes to",
        )
        yield Trouble(key="backup", text=said, since=backups.made_at or backups.failed_at or since)


def _of_reports(reports: Sequence[Standing]) -> Iterator[Trouble]:
    """Those by the clock that could not be delivered; they are tried again by themselves."""
    for one in reports:
        if one.failed_at is not None and one.tries >= REPORT_TRIES:
            said = Words(
                id=f"Laporan {one.name} belum terkirim: {one.reason}",
                en=f"Report {one.name} could not be delivered: {one.reason}",
            )
            yield Trouble(key=f"report:{one.name}", text=said, since=one.failed_at)


def _of_cameras(situation: Situation) -> Iterator[Trouble]:
    cameras = listed_cameras(situation)
    together = outages_in(situation)
    for outage in together:
        count = len(outage.cameras)
        said = Words(
            id=f"{count} kamera putus bersama · {outage.value}", en=f"{count} cameras lost together · {outage.value}"
        )
        yield Trouble(key=f"outage:{outage.shared}:{outage.value}", text=said, since=outage.since)
    explained = {camera.id for outage in together for camera in outage.cameras}
    alone = [camera for camera in cameras if camera.health == "lost" and camera.id not in explained]
    yield from _of_lost(sorted(alone, key=lambda camera: camera.id))
    yield from _of_pictures(sorted((c for c in cameras if c.untruths), key=lambda camera: camera.id))
    yield from _of_clocks([fault.since for c in cameras for fault in c.faults if fault.kind == "clock"])


def _of_lost(lost: Sequence[StreetCamera]) -> Iterator[Trouble]:
    if len(lost) > NAMED_AT_MOST:
        said = Words(id=f"{len(lost)} kamera putus", en=f"{len(lost)} cameras lost")
        yield Trouble(key="cameras", text=said, since=min((c.since for c in lost if c.since), default=None))
        return
    for camera in lost:
        said = Words(id=f"Kamera {_name(camera)} putus", en=f"Camera {_name(camera)} lost")
        yield Trouble(key=f"camera:{camera.id}", text=said, since=camera.since)


def _of_pictures(doubtful: Sequence[StreetCamera]) -> Iterator[Trouble]:
    """Pictures that are not what they seem; those of lost cameras too, for they hang on the wall with their age."""
    if len(doubtful) > NAMED_AT_MOST:
        said = Words(
            id=f"{len(doubtful)} gambar kamera tidak dapat dipercaya",
            en=f"{len(doubtful)} camera pictures cannot be trusted",
        )
        since = min(fault.since for camera in doubtful for fault in camera.untruths)
        yield Trouble(key="pictures", text=said, since=since)
        return
    for camera in doubtful:
        if words := words_of(camera.untruths):
            said = Words(id=f"Kamera {_name(camera)}: {words.id}", en=f"Camera {_name(camera)}: {words.en}")
            yield Trouble(key=f"picture:{camera.id}", text=said, since=min(fault.since for fault in camera.untruths))


def _of_clocks(wrong: Sequence[datetime]) -> Iterator[Trouble]:
    """One line for all: no picture is older than we say, but the time written in it misleads."""
    if wrong:
        said = Words(
            id=f"Jam {len(wrong)} kamera salah; setel NTP di kamera",
            en=f"{len(wrong)} camera clock(s) wrong; set NTP in the camera",
        )
        yield Trouble(key="clocks", text=said, since=min(wrong))


def _name(camera: StreetCamera) -> str:
    return camera.listed.name if camera.listed else camera.id


def silent_lines(signs: LineSigns | None, now: datetime) -> tuple[LineStatus, ...]:
    """Feeds that have not answered for longer than they may."""
    return tuple(line for line in (signs.lines if signs else ()) if line.freshness(now) == "silent")


def _of_lines(signs: LineSigns | None, now: datetime) -> Iterator[Trouble]:
    """When the process that brings them in has stopped, that is all there is to say of them."""
    if signs is None:
        return
    if is_silent(signs.said_at, FEED_PROCESS_SILENT, now):
        said = Words(id="Pengambil data dari luar berhenti", en="The process that brings in feeds has stopped")
        yield Trouble(key=FEED_PROCESS, text=said, since=signs.said_at)
        return
    for line in silent_lines(signs, now):
        why, why_en = (f": {line.error}", f": {line.error_en}") if line.error else ("", "")
        said = Words(id=f"Tidak ada kabar dari {line.title}{why}", en=f"No news from {line.title}{why_en}")
        yield Trouble(key=f"line:{line.name}", text=said, since=line.well_at or line.since)


def _of_sources(
    situation: Situation, feeds: Mapping[str, Feed], named: Sequence[LineStatus], now: datetime
) -> Iterator[Trouble]:
    """Those that are named already, with the reason, are not named again; a hand at the desk may rest."""
    told = {f"{line.name}/{line.feed}" for line in named}
    sources: list[Source] = sorted(situation.of("sources").values(), key=lambda source: source.id)
    for source in sources:
        client, _, name = source.id.rpartition("/")
        is_hand = client.startswith(_HANDS)
        feed = None if is_hand or source.id in told else feeds.get(name)
        if feed is None or feed.silent_s is None or now - source.last_seen <= timedelta(seconds=feed.silent_s):
            continue
        said = Words(
            id=f"Tidak ada kabar dari {client or name} ({feed.title.id})",
            en=f"No news from {client or name} ({feed.title.en})",
        )
        yield Trouble(key=f"source:{source.id}", text=said, since=source.last_seen)


def _of_hooks(dead: Mapping[str, int]) -> Iterator[Trouble]:
    for name, count in sorted(dead.items()):
        said = Words(
            id=f"{count} pesan ke {name} tidak sampai; jalankan layar hooks dead",
            en=f"{count} messages to {name} did not arrive; run layar hooks dead",
        )
        yield Trouble(key=f"hook:{name}", text=said, since=None)


def _of_quarantine(signs: Signs) -> Iterator[Trouble]:
    if signs.quarantined:
        said = Words(
            id=f"{signs.quarantined} kiriman tidak terbaca, disimpan di karantina",
            en=f"{signs.quarantined} deliveries could not be read and are in quarantine",
        )
        yield Trouble(key="quarantine", text=said, since=signs.quarantined_at)
