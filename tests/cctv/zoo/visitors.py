"""One visit to the zoo: a real fleet among well and ill cameras, and what it said when, for the tests to ask.

Everything is ill from the beginning, is made well, and falls ill again from good health.
"""

import os
import socket
import subprocess
import sys
import threading
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

import pytest
import structlog
from fake_camera import PASSWORD, USER, bomb, gives, guarded, short
from zoo import animals
from zoo.keeper import Behaviour, Cage, Zoo

from cctv.camera import Camera
from cctv.fleet import Fleet, Listener
from cctv.inventory import save_cameras
from cctv.secrets import Credentials, save_secrets
from cctv.status import CameraStatus, load_status
from geodata.clock import utc_now

PERIOD_S = 2.0
OTHER_PASSWORD = "lain/lagi@2"  # noqa: S105 — a canary
NAME = "kamera.uji"
RARE = "keyframe every 20 s"
_PATIENCE_S = 60
_LEAK_PATIENCE_S = 15
_STREAMS, _HOLES = 4, 12
_METRONOME = """
import time
while True:
    before = time.monotonic()
    time.sleep(0.02)
    print(f"{before} {time.monotonic() - before - 0.02}", flush=True)
"""


@dataclass(frozen=True, slots=True)
class Animal:
    """A camera, and how it is when ill. Without `ill` the keeper does something to its address (see `_fall_ill`)."""

    well: Behaviour = animals.STREAM
    ill: Behaviour | None = None
    kind: str = "rtsp"
    is_cut: bool = True


ANIMALS = {
    "black hole": Animal(),
    "accepts and says nothing": Animal(ill=animals.mute),
    "garbage": Animal(ill=animals.garbage),
    "one byte a second": Animal(ill=animals.drip),
    "redirect loop": Animal(well=animals.well, kind="http_jpeg"),
    "endless SDP": Animal(ill=animals.endless_sdp),
    "dies mid-stream": Animal(ill=animals.DIES),
    "freezes": Animal(ill=animals.FREEZES),
    "wrong password": Animal(well=guarded("digest", animals.STREAM, "RTSP/1.0")),
    "unknown codec": Animal(ill=animals.UNKNOWN_CODEC),
    RARE: Animal(ill=animals.RARE),
    "JPEG bomb": Animal(well=animals.well, ill=gives(bomb()), kind="http_jpeg"),
    "truncated JPEG": Animal(well=animals.well, ill=short, kind="http_jpeg"),
    "100 MB JPEG": Animal(well=animals.well, ill=animals.huge, kind="http_jpeg"),
    "clock a day off": Animal(ill=animals.A_DAY_OFF),
    "address that changes": Animal(well=animals.well, kind="http_jpeg"),
}


@dataclass
class Diary:
    """What was heard and seen, each with the monotonic second."""

    health: list = field(default_factory=list)
    verdicts: list = field(default_factory=list)
    pictures: dict = field(default_factory=dict)
    lags: list = field(default_factory=list)
    moments: dict = field(default_factory=dict)
    statuses: dict = field(default_factory=dict)
    leaks: tuple = ()
    logs: list = field(default_factory=list)
    rare: CameraStatus | None = None
    returns: dict = field(default_factory=dict)

    def leaked(self, after, before):
        """Whether there are more threads or more descriptors than before."""
        return any(now > then for now, then in zip(after, before, strict=True))

    def slack_s(self, begin, end):
        """What a busy machine took of every second: three times the worst lag of a process that only sleeps."""
        return 0.6 + 3 * max((lag for at, lag in self.lags if begin <= at <= end), default=0.0)

    def said(self, name, begin, end=float("inf")):
        """(second, health, fault) of that camera in that time."""
        return [
            (at - begin, one.health, one.fault) for at, one in self.health if one.camera == name and begin <= at < end
        ]

    def interval_s(self, name, begin, end):
        """The median between the pictures taken then, by their own time."""
        taken = sorted(captured for at, captured in self.pictures[name] if begin <= at < end)
        return median((later - earlier).total_seconds() for earlier, later in pairwise(taken))


class Visitors:
    """The fleet among the cages."""

    def __init__(self, zoo: Zoo, folder, monkeypatch):
        self.diary = Diary()
        self.folder = folder
        self._password = PASSWORD
        self._old_home = "127.0.0.2"
        self.good = {f"good {n}": Animal(well=animals.well, kind="http_jpeg") for n in range(2)}
        self.good |= {f"good {n}": Animal() for n in range(2, 2 + _STREAMS)}
        self.holes = {f"hole {n}": Animal() for n in range(_HOLES)}
        self._animals = {**self.good, **ANIMALS, **self.holes}
        self.cages = {name: self._caged(zoo, name, one) for name, one in self._animals.items()}
        _resolves(monkeypatch, lambda: self._old_home)
        self._list()
        self.fleet = Fleet(
            folder,
            Listener(
                health=lambda change: self.diary.health.append((time.monotonic(), change)),
                listed=lambda _: None,
                judged=lambda judged: self.diary.verdicts.append((time.monotonic(), judged)),
            ),
            period_s=PERIOD_S,
        )

    def _caged(self, zoo, name, animal) -> Cage:
        return zoo.cage(animal.well, "127.0.0.2" if name == "address that changes" else "127.0.0.1")

    def _list(self):
        listed = [self._listed(name, one) for name, one in self._animals.items()]
        save_cameras(self.folder, listed)
        save_secrets(self.folder, {"wrong password": Credentials(user=USER, password=self._password)})

    def _listed(self, name, animal):
        host = NAME if name == "address that changes" else None
        url = self.cages[name].url("/1", "http" if animal.kind == "http_jpeg" else "rtsp", host)
        return Camera(id=name, name=name, lon=117.1, lat=-0.5, url=url, kind=animal.kind)

    def fall_ill(self):
        """All but the good ones, at once."""
        for name, animal in ANIMALS.items():
            if animal.ill:
                self.cages[name].holds(animal.ill, is_cut=animal.is_cut)
        for name in ("black hole", *self.holes):
            self.cages[name].swallow()
        self.cages["redirect loop"].holds(animals.redirects(self.cages["redirect loop"]))
        self._password = PASSWORD if self._password == OTHER_PASSWORD else OTHER_PASSWORD
        self.cages["wrong password"].holds(guarded("digest", animals.STREAM, "RTSP/1.0", self._password))
        self.cages["address that changes"].vanish()

    def get_well(self):
        """They return: the ill ones have been restarted, the password corrected, the name leads to the new address."""
        returns, cages = self.diary.returns, self.cages
        for name, animal in ANIMALS.items():
            returns[name] = time.monotonic()
            if animal.ill:
                cages[name].holds(animal.well)
        returns["redirect loop"] = time.monotonic()
        cages["redirect loop"].holds(animals.well)
        for name in ("black hole", *self.holes):
            returns[name] = time.monotonic()
            cages[name].appear()
        returns["wrong password"] = returns["address that changes"] = time.monotonic()
        self._list()
        away = cages["address that changes"]
        away.host = self._old_home = "127.0.0.3" if self._old_home == "127.0.0.2" else "127.0.0.2"
        away.appear()

    def status(self, name):
        """How that camera is now."""
        return self.fleet.workers[name].status

    def look(self, seconds):
        """Note which pictures hang on the shelf for that long."""
        end_s = time.monotonic() + seconds
        while (now_s := time.monotonic()) < end_s:
            for name in self.cages:
                label = self.fleet.shelf.label(name, "thumb")
                seen = self.diary.pictures.setdefault(name, {})
                if label:
                    seen.setdefault(label.captured_at, now_s)
            time.sleep(0.1)

    def look_until(self, is_so):
        """The same until it is so."""
        end_s = time.monotonic() + _PATIENCE_S
        while not is_so() and time.monotonic() < end_s:
            self.look(0.1)


def _resolves(monkeypatch, home):
    real = socket.getaddrinfo

    def look(host, port, *args, **more):
        if host != NAME:
            return real(host, port, *args, **more)
        if more.get("flags"):
            raise socket.gaierror(socket.EAI_NONAME, "a name")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (home(), port))]

    monkeypatch.setattr(socket, "getaddrinfo", look)


@contextmanager
def _metronome(lags):
    """How late this machine lets a process sleep, whatever we do in ours."""
    process = subprocess.Popen([sys.executable, "-c", _METRONOME], stdout=subprocess.PIPE, text=True)  # noqa: S603
    try:
        yield
    finally:
        process.kill()
        said, _ = process.communicate()
        whole = (line.split() for line in said.splitlines()[:-1])
        lags.extend((float(at), float(lag)) for at, lag in whole)


def _open_things():
    return threading.active_count(), len(os.listdir("/proc/self/fd"))  # noqa: PTH208 — the one being read counts too


@contextmanager
def _running(fleet):
    stopping = threading.Event()
    thread = threading.Thread(target=fleet.run, args=(stopping,))
    thread.start()
    try:
        yield
    finally:
        stopping.set()
        thread.join(60)
        assert not thread.is_alive()


def visit(folder) -> Diary:
    """The whole visit, some twenty seconds on a quiet machine."""
    with ExitStack() as stack:
        monkeypatch = stack.enter_context(pytest.MonkeyPatch.context())
        logs = stack.enter_context(structlog.testing.capture_logs())
        visitors = Visitors(stack.enter_context(Zoo()), folder, monkeypatch)
        diary = visitors.diary
        visitors.fall_ill()
        before = _open_things()
        with _metronome(diary.lags), _running(visitors.fleet):
            _see_all(visitors)
        end_s = time.monotonic() + _LEAK_PATIENCE_S
        while diary.leaked(after := _open_things(), before) and time.monotonic() < end_s:
            time.sleep(0.1)
        diary.leaks, diary.logs = (before, after), logs
    diary.pictures = {name: [(at, captured) for captured, at in seen.items()] for name, seen in diary.pictures.items()}
    return diary


def _see_all(visitors):
    diary = visitors.diary
    diary.moments["begin"] = time.monotonic()
    lost = [name for name, why in WRONG.items() if why]
    visitors.look_until(lambda: all(_newest(diary, name) == ("lost", WRONG[name]) for name in lost))
    visitors.look_until(lambda: "frozen" in _kinds(diary, "freezes"))
    visitors.look_until(lambda: (rare := visitors.status(RARE)).rung == "decode" and rare.health == "ok")
    diary.rare = visitors.status(RARE)
    diary.moments["ill"] = time.monotonic()
    diary.moments |= {"return": time.monotonic(), "return_utc": utc_now()}
    visitors.get_well()
    visitors.look_until(lambda: all(_newest(diary, name)[0] == "ok" for name in visitors.cages))
    visitors.look_until(lambda: not _kinds(diary, "freezes"))
    diary.moments["well"] = time.monotonic()
    visitors.fall_ill()
    diary.moments["again"] = time.monotonic()
    visitors.look_until(lambda: all(_newest(diary, name)[0] == "lost" for name in lost))
    visitors.look(1)
    diary.moments["end"] = time.monotonic()
    diary.statuses = load_status(visitors.folder)


def _newest(diary, name):
    said = [(change.health, change.fault) for _, change in diary.health if change.camera == name]
    return said[-1] if said else (None, None)


def _kinds(diary, name):
    verdicts = [judged for _, judged in diary.verdicts if judged.camera == name]
    return [fault.kind for fault in verdicts[-1].faults] if verdicts else []


WRONG = {
    "black hole": "timed_out",
    "accepts and says nothing": "mute",
    "garbage": "garbled",
    "one byte a second": "mute",
    "redirect loop": "redirected",
    "endless SDP": "garbled",
    "dies mid-stream": "ended",
    "freezes": None,
    "wrong password": "wrong_password",
    "unknown codec": "unknown_codec",
    RARE: None,
    "JPEG bomb": "too_large",
    "truncated JPEG": "truncated",
    "100 MB JPEG": "too_large",
    "clock a day off": None,
    "address that changes": "refused",
}
"""The fault that each is told with; None for those that are not lost."""
