"""Each part of the installation as it is when no trouble of its own is told. Pure."""

from dashboard.health_part import Line, Part, Seen
from dashboard.health_words import remedy
from layers.layer import Words
from layers.numbers import count_words, decimal_words, joined, share_words
from layers.statistics import listed_cameras

BEHIND_S = 5.0
_LEAST_MEMORY, _LITTLE_MEMORY = 0.04, 0.1
_MOST_LOAD = 3.0
_GIB, _MIB = 2**30, 2**20
_UNUSED = Words(id="Belum diatur", en="Not set up")
_UNKNOWN = Words(id="Tidak diketahui", en="Not known")


def web(seen: Seen) -> Part:
    """The server behind every screen."""
    title = Words(id="Layar dan peta", en="Screens and map")
    lines, state = memory_line("web", seen), seen.child("web")
    since = state.since if state else None
    if seen.behind_s is None or seen.behind_s >= BEHIND_S:
        said = Words(id="Layar tidak mengikuti catatan kejadian", en="The screens do not follow the log")
        return Part(key="web", title=title, mood="grave", said=said, remedy=remedy("behind"), lines=lines)
    said = Words(id="Mengikuti setiap kabar baru", en="Follow every piece of news")
    return Part(key="web", title=title, mood="good", said=said, since=since, lines=lines)


def log(seen: Seen) -> Part:
    """The event log and its disk."""
    title, machine = Words(id="Catatan dan disk", en="Log and disk"), seen.machine
    lines = []
    if machine.log_bytes is not None:
        lines.append(Line(label=Words(id="Besar catatan", en="Size of the log"), value=_size(machine.log_bytes)))
    if machine.disk_bytes and machine.disk_free_bytes is not None:
        left = share_words(machine.disk_free_bytes / machine.disk_bytes)
        free = joined(_size(machine.disk_free_bytes), " · ", left)
        lines.append(Line(label=Words(id="Ruang tersisa", en="Room left"), value=free))
    if seen.situation is None:
        said = Words(id="Catatan kejadian belum terbaca", en="The event log has not been read yet")
        return Part(key="log", title=title, mood="grave", said=said, remedy=remedy("store"), lines=tuple(lines))
    said = Words(id="Setiap kabar tersimpan di disk", en="Every piece of news is on the disk")
    return Part(key="log", title=title, mood="good", said=said, lines=tuple(lines))


def spool(_seen: Seen) -> Part:
    """What waits for the log."""
    said = Words(id="Tidak ada kabar yang menunggu", en="No news waits")
    return Part(key="spool", title=Words(id="Penampung kabar", en="Spool"), mood="good", said=said)


def cameras(seen: Seen) -> Part:
    """Pictures of the streets."""
    title = Words(id="Kamera jalan", en="Street cameras")
    listed = listed_cameras(seen.situation) if seen.situation else []
    if not listed:
        return Part(key="cameras", title=title, mood="off", said=_UNUSED)
    well = sum(camera.health == "ok" for camera in listed)
    said = joined(
        count_words(well), Words(id=" dari ", en=" of "), count_words(len(listed)),
        Words(id=" kamera bergambar baru", en=" cameras have a new picture"),
    )  # fmt: skip
    lines = memory_line("cameras", seen)
    return Part(key="cameras", title=title, mood="good", said=said, since=seen.signs.heartbeat_at, lines=lines)


def live(seen: Seen) -> Part:
    """Moving pictures."""
    title, state = Words(id="Video langsung", en="Live video"), seen.child("live")
    if state is None:
        return Part(key="live", title=title, mood="lost", said=_UNKNOWN)
    said = Words(id="Siap memutar kamera yang dibuka", en="Ready to play a camera that is opened")
    return Part(
        key="live", title=title, mood="good", said=said, since=state.since, lines=memory_line("live", seen)
    )  # fmt: skip


def feeds(seen: Seen) -> Part:
    """What comes from outside by itself."""
    title, signs = Words(id="Data dari luar", en="Feeds from outside"), seen.signs.lines
    if signs is None:
        said = Words(id="Tidak ada sumber yang diatur", en="No source is set up")
        return Part(key="feeds", title=title, mood="off", said=said)
    fresh = sum(line.freshness(seen.now) == "fresh" for line in signs.lines)
    said = joined(
        count_words(fresh), Words(id=" dari ", en=" of "), count_words(len(signs.lines)),
        Words(id=" sumber menjawab", en=" sources answer"),
    )  # fmt: skip
    return Part(
        key="feeds", title=title, mood="good", said=said, since=signs.said_at, lines=memory_line("feeds", seen)
    )  # fmt: skip


def reports(seen: Seen) -> Part:
    """Those that go out by the clock."""
    title = Words(id="Laporan terjadwal", en="Scheduled reports")
    if seen.child("reports") is None and not seen.signs.reports:
        return Part(key="reports", title=title, mood="off", said=_UNUSED)
    sent = max((one.delivered_at for one in seen.signs.reports if one.delivered_at), default=None)
    said = Words(id="Terkirim sesuai jadwal", en="Delivered as planned")
    return Part(key="reports", title=title, mood="good", said=said, since=sent)


def backups(seen: Seen) -> Part:
    """Copies of the log."""
    title, status = Words(id="Cadangan data", en="Backups"), seen.signs.backups
    if status is None:
        said = Words(id="Belum diatur: tidak ada cadangan otomatis", en="Not set up: no backups by the clock")
        todo = Words(
            id="Minta petugas TI mengisi [backup] di layar.toml.",
            en="Ask the technician to fill in [backup] in layar.toml.",
        )
        return Part(key="backups", title=title, mood="warn", said=said, remedy=todo)
    if status.made_at is None:
        said = Words(id="Cadangan pertama sedang ditunggu", en="The first backup is awaited")
        return Part(key="backups", title=title, mood="good", said=said, since=status.begun_at)
    said = Words(id="Cadangan terbaru sudah dibuat dan diperiksa", en="The newest backup was made and proved")
    return Part(key="backups", title=title, mood="good", said=said, since=status.made_at)


def clock(seen: Seen) -> Part:
    """The time of this machine."""
    title = Words(id="Jam server", en="The server's clock")
    if seen.machine.is_clock_kept is False:
        said = Words(id="Belum disetel oleh server waktu", en="Not set by a time server yet")
        return Part(key="clock", title=title, mood="warn", said=said, remedy=remedy("clock"))
    said = Words(id="Sejalan dengan catatan kejadian", en="Agrees with the log")
    if seen.machine.is_clock_kept:
        said = Words(id="Disetel oleh server waktu", en="Set by a time server")
    return Part(key="clock", title=title, mood="good", said=said)


def memory(seen: Seen) -> Part:
    """Memory and processor."""
    title, machine = Words(id="Memori dan prosesor", en="Memory and processor"), seen.machine
    if not machine.memory_bytes or machine.memory_free_bytes is None:
        return Part(key="memory", title=title, mood="lost", said=_UNKNOWN)
    share = machine.memory_free_bytes / machine.memory_bytes
    free = joined(_size(machine.memory_free_bytes), " · ", share_words(share))
    lines = [Line(label=Words(id="Memori tersisa", en="Memory left"), value=free)]
    if machine.load_per_core is not None:
        load = Words(id="Beban per inti, 5 menit", en="Load per core, 5 minutes")
        lines.append(Line(label=load, value=decimal_words(machine.load_per_core, 1)))
    if share < _LITTLE_MEMORY:
        mood, kind = ("grave" if share < _LEAST_MEMORY else "warn"), "memory"
        said = Words(id="Memori hampir habis", en="Memory is nearly used up")
    elif (machine.load_per_core or 0) > _MOST_LOAD:
        mood, kind = "warn", "load"
        said = Words(id="Prosesor terlalu sibuk", en="The processor is too busy")
    else:
        said = Words(id="Cukup", en="Enough")
        return Part(key="memory", title=title, mood="good", said=said, lines=tuple(lines))
    return Part(key="memory", title=title, mood=mood, said=said, remedy=remedy(kind), lines=tuple(lines))  # type: ignore[arg-type]


def memory_line(child: str, seen: Seen) -> tuple[Line, ...]:
    """What a process of ours uses, where it can be read."""
    state = seen.child(child)
    used = seen.machine.memory_of.get(state.pid or 0) if state else None
    label = Words(id="Memori proses ini", en="Memory of this process")
    return () if used is None else (Line(label=label, value=_size(used)),)


def _size(size: int) -> Words:
    return decimal_words(size / _GIB, 1, "GB") if size >= _GIB else joined(count_words(round(size / _MIB)), " MB")
