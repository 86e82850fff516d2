"""Who may watch what: grants, limits and their rows in the audit, against the real desk and a listening socket."""

from contextlib import suppress
from dataclasses import replace

import pytest

from cctv.camera import discover_sources
from cctv.inventory import import_cameras
from dashboard.audit import FILE_NAME as AUDIT
from dashboard.auth import Principal
from dashboard.camera_log import listed_fact
from dashboard.live_video import Desk
from dashboard.live_video_wire import heard, meet
from dashboard.tokens import FILE_NAME, TokenBook
from geodata.errors import NotFound, StoreUnavailable
from layers.cameras import CameraDelisted
from tests.dashboard.conftest import NOW, until

LIST = "id,name,lon,lat,url,audience\n" + "".join(
    f"CAM-{n},C{n},117.15,-0.5,rtsp://127.0.0.1:9/{n},\n" for n in range(30)
)
KEPALA = Principal(name="kepala", role="admin")


class Room:
    """A desk, and the place where the video process would listen."""

    def __init__(self, city) -> None:
        self.city = city
        self.services = city.services
        self.desk = Desk(city.services, city.folder)
        self.place = meet(city.folder)
        self.lines = []
        TokenBook(city.folder / FILE_NAME).create(name="kepala", role="admin", now=NOW)
        reading = import_cameras((LIST + "IN,Dalam,117.1,-0.5,rtsp://127.0.0.1:9/x,operator\n").encode(), city.folder,
                                 discover_sources().found)  # fmt: skip
        city.bring(*map(listed_fact, reading.cameras))

    def open(self, asks=KEPALA, role="admin"):
        """A screen whose orders we can read."""
        screen = self.desk.open(asks, role)
        line, _ = self.place.accept()
        line.settimeout(0)
        self.lines.append(line)
        return screen

    def orders(self):
        """The tiles of the newest order to the newest screen."""
        newest = None
        with suppress(BlockingIOError):
            while (said := heard(self.lines[-1])[0]) is not None:
                newest = said.get("tiles", newest)
        return newest

    def deeds(self):
        """(who, action, camera, why) of the audit, oldest first."""
        rows = reversed(self.services.audit.newest(100))
        return [(row.who, row.action, row.target, row.details.get("why")) for row in rows]

    def close(self):
        """Let the desk see that nobody is there any more."""
        for line in self.lines:
            line.close()
        self.place.close()
        until(lambda: not self.desk._screens)


@pytest.fixture
def room(city):
    made = Room(city)
    yield made
    made.close()


def test_what_is_granted_is_ordered_and_noted_and_so_is_its_end(room):
    screen = room.open()
    said = room.desk.show(screen.id, KEPALA, {1: "CAM-0", 2: "CAM-1"})
    assert said == {"1": {"state": "granted"}, "2": {"state": "granted"}}
    assert room.orders() == {"1": "CAM-0", "2": "CAM-1"}
    room.desk.show(screen.id, KEPALA, {2: "CAM-1"})
    assert room.orders() == {"2": "CAM-1"}
    assert room.deeds() == [
        ("kepala", "live.start", "CAM-0", None),
        ("kepala", "live.start", "CAM-1", None),
        ("kepala", "live.end", "CAM-0", "closed"),
    ]


def test_another_camera_on_the_same_tile_is_another_viewing(room):
    screen = room.open()
    room.desk.show(screen.id, KEPALA, {1: "CAM-0"})
    room.desk.show(screen.id, KEPALA, {1: "CAM-1"})
    assert [deed[1:3] for deed in room.deeds()] == [
        ("live.start", "CAM-0"), ("live.end", "CAM-0"), ("live.start", "CAM-1"),
    ]  # fmt: skip


def test_without_the_audit_there_is_no_video(room):
    (room.city.folder / AUDIT).mkdir()
    screen = room.open()
    said = room.desk.show(screen.id, KEPALA, {1: "CAM-0"})
    assert (said["1"]["state"], said["1"]["reason"]) == ("refused", "unaudited")
    assert room.orders() == {}


def test_all_screens_together_have_so_many_tiles_and_each_has_nine(room):
    first, second, third = room.open(), room.open(), room.open()
    cameras = {tile: f"CAM-{tile}" for tile in range(1, 12)}
    states = [
        sum(one["state"] == "granted" for one in room.desk.show(screen.id, KEPALA, cameras).values())
        for screen in (first, second, third)
    ]
    assert states == [9, 9, 0]  # [cameras] live_tiles is 18
    room.desk.close(first, "closed")
    assert room.desk.show(third.id, KEPALA, {1: "CAM-1"})["1"]["state"] == "granted"


def test_a_wall_does_not_even_learn_of_a_camera_for_operators(room):
    wall = Principal(name="lobi", role="wall")
    TokenBook(room.city.folder / FILE_NAME).create(name="lobi", role="wall", now=NOW)
    screen = room.open(wall, "wall")
    said = room.desk.show(screen.id, wall, {1: "IN", 2: "CAM-0", 3: "NOWHERE"})
    assert [said[tile]["state"] for tile in ("1", "2", "3")] == ["refused", "granted", "refused"]
    assert said["1"] == said["3"]


def test_a_camera_that_is_taken_off_the_list_ends(room):
    screen = room.open()
    room.desk.show(screen.id, KEPALA, {1: "CAM-0", 2: "CAM-1"})
    room.orders()
    room.city.bring(CameraDelisted(camera="CAM-0"))
    until(lambda: room.orders() == {"2": "CAM-1"})
    assert room.deeds()[-1] == ("kepala", "live.end", "CAM-0", "rights")


def test_a_revoked_token_ends_its_screens(room):
    kept = next(token for token in room.services.tokens.tokens() if token.name == "kepala")
    screen = room.open(replace(KEPALA, proof=kept.proof))
    room.desk.show(screen.id, KEPALA, {1: "CAM-0"})
    TokenBook(room.city.folder / FILE_NAME).revoke("kepala")
    until(lambda: room.deeds()[-1] == ("kepala", "live.end", "CAM-0", "rights"))
    with pytest.raises(NotFound):
        room.desk.show(screen.id, KEPALA, {})


def test_a_viewer_that_goes_ends_its_screen(room):
    screen = room.open()
    room.desk.show(screen.id, KEPALA, {1: "CAM-0"})
    room.lines.pop().close()
    until(lambda: room.deeds()[-1] == ("kepala", "live.end", "CAM-0", "connection"))


def test_nobody_shows_anything_on_anothers_screen(room):
    screen = room.open()
    with pytest.raises(NotFound):
        room.desk.show(screen.id, Principal(name="lain", role="admin"), {1: "CAM-0"})


def test_without_the_video_process_nothing_is_opened(city):
    with pytest.raises(StoreUnavailable):
        Desk(city.services, city.folder).open(KEPALA, "admin")


@pytest.mark.parametrize(("may", "status"), [(False, 403), (True, 503)])
def test_a_wall_token_may_watch_only_where_the_city_says_so(make_city, may, status):
    city = make_city(live_for_wall=may)
    assert city.get("/video", "wall").status_code == status  # 503: this server has no connection to give away
    assert city.get("/video", "admin").status_code == 503


def test_nobody_watches_without_a_name(make_city):
    city = make_city(anonymous="wall", live_for_wall=True)
    assert city.get("/wall").status_code == 200
    assert city.get("/video").status_code == 403


def test_another_site_cannot_make_a_signed_in_browser_watch(city):
    headers = {"Sec-Fetch-Site": "cross-site", "Origin": "http://evil.example"}
    client = city.client()
    client.post("/login", data={"token": city.tokens["admin"]}, headers={"Sec-Fetch-Site": "same-origin"})
    answer = client.post("/video/0/tiles", json={"tiles": {}}, headers=headers)
    assert answer.status_code == 403
    assert (
        client.post("/video/0/tiles", json={"tiles": {}}, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 404
    )
