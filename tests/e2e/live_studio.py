"""A city with cameras of every sort, served, and viewers without a browser: what the tests of live video stand on."""

import json
import struct
from contextlib import suppress
from dataclasses import dataclass, field

import psutil
import requests
from rtsp_farm import Clip, RtspFarm

from cctv.camera import discover_sources
from cctv.inventory import import_cameras
from dashboard.tokens import FILE_NAME, Grant, TokenBook
from geodata.clock import utc_now
from tests.e2e.conftest import Server

LIST = "id,name,lon,lat,url,masks\n"
MASK = '"[[[0,0],[0.5,0],[0.5,1],[0,1]]]"'
WORDS, BEGINNING, PIECE = 0, 1, 2
FAT = Clip(width=640, height=360, fps=15, gop=15, kilobits=8_000, seconds=1)


@dataclass
class Studio:
    """A city with cameras of every sort, served."""

    server: Server
    street: RtspFarm
    urls: dict[str, str] = field(default_factory=dict)
    watchers: list["Watcher"] = field(default_factory=list)

    def import_(self, **masks: str) -> None:
        """Import the list of cameras; `masks` hide what is in them."""
        rows = [f"{id_},{id_},117.15,-0.5,{url},{masks.get(id_, '')}" for id_, url in self.urls.items()]
        said = import_cameras((LIST + "\n".join(rows)).encode(), self.server.data, discover_sources().found)
        assert not said.refused

    def token(self, role: Grant, name: str) -> None:
        """Make a token of that name; requests use it by its name."""
        book = TokenBook(self.server.data / FILE_NAME)
        self.server.tokens[name] = book.create(name=name, role=role, now=utc_now())

    def process(self) -> psutil.Process:
        """The live video process."""
        assert self.server.process
        family = psutil.Process(self.server.process.pid).children()
        return next(one for one in family if "dashboard.live_video_process" in one.cmdline())

    def sessions(self, farm: RtspFarm | None = None) -> int:
        """How many connections it has with the cameras of a farm."""
        port = (farm or self.street).port
        with suppress(psutil.Error, StopIteration):
            lines = self.process().net_connections(kind="tcp")
            return sum(bool(line.raddr) and line.raddr.port == port and line.status == "ESTABLISHED" for line in lines)
        return -1

    def audit(self, action: str, camera: str) -> list[dict]:
        """Rows of the audit, the newest first."""
        rows = self.server.get("/api/v1/audit", "admin").json()["rows"]
        return [row for row in rows if (row["action"], row["target"]) == (action, camera)]

    def watch(self, role: str = "admin", **tiles: str) -> "Watcher":
        """Open a screen with these cameras on it: `a="CAM-0"`."""
        answer = self.server.get("/video", role, stream=True)
        assert answer.status_code == 200, answer.text
        watcher = Watcher(self, role, answer)
        self.watchers.append(watcher)
        watcher.show(*tiles.values())
        return watcher


class Watcher:
    """A viewer without a browser: reads the frames."""

    def __init__(self, studio: Studio, role: str, answer: requests.Response) -> None:
        self._studio, self._role, self._answer = studio, role, answer
        self.screen = json.loads(self.frame()[2])["screen"]
        self.said: dict[str, dict] = {}

    def show(self, *cameras: str) -> None:
        """From now on these, on tiles from 1."""
        tiles = {str(number): camera for number, camera in enumerate(cameras, 1)}
        answer = self._studio.server.post(f"/video/{self.screen}/tiles", self._role, json={"tiles": tiles})
        assert answer.status_code == 200, answer.text
        self.said = answer.json()["tiles"]

    def frame(self) -> tuple[int, int, bytes]:
        """The next one: kind, tile, payload."""
        kind, tile, size = struct.unpack(">BHI", self._read(7))
        return kind, tile, self._read(size)

    def until(self, kind: int, tile: int = 1) -> bytes:
        """The payload of the next frame of that kind for that tile."""
        while True:
            found, number, payload = self.frame()
            if (found, number) == (kind, tile):
                return payload

    def words(self, state: str) -> dict:
        """The next word that tells of that state."""
        while True:
            kind, _, payload = self.frame()
            if kind == WORDS and (said := json.loads(payload)).get("state") == state:
                return said

    def is_cut_off(self) -> bool:
        """Reads to the end of it; whether there is one."""
        try:
            while True:
                self.frame()
        except (EOFError, requests.RequestException, OSError):
            return True
        except Exception as error:  # noqa: BLE001 — urllib3's own, by its name
            return "IncompleteRead" in repr(error) or "InvalidChunk" in repr(error)

    def leave(self) -> None:
        """Close the page."""
        self._answer.close()

    def _read(self, count: int) -> bytes:
        data = b""
        while len(data) < count:
            more = self._answer.raw.read(count - len(data))
            if not more:
                raise EOFError
            data += more
        return data
