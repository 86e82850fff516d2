"""Every byte that each role can fetch: nothing that a mask hides, no address of a camera, no credential."""

import threading
from datetime import timedelta

import cv2
import numpy as np
import pytest

from cctv.camera import discover_sources
from cctv.fleet import Fleet, Listener
from cctv.inventory import import_cameras
from dashboard.camera_log import health_fact, listed_fact
from geodata.clock import utc_now
from tests.dashboard.conftest import until

SECRETS = (b"rahasia", b"pengawas", b"asli-07", b"jalur-gambar", b"127.0.0.1:9")
ROLES = (None, "ingest", "wall", "admin")
LIST = (
    "id,name,lon,lat,url,user,password,masks,audience\n"
    '"A","Jembatan",117.14,-0.5,file://{folder}/asli-07.jpg,,,"[[[0,0],[0.5,0],[0.5,1],[0,1]]]",wall\n'
    '"B","Pos Jaga",117.15,-0.5,http://127.0.0.1:9/jalur-gambar,pengawas,rahasia,"[[[0,0],[0.5,0],[0.5,1],[0,1]]]",\n'
    '"C","Ruang Dalam",117.16,-0.5,file://{folder}/asli-07.jpg,,,,operator\n'
)


def street():
    """The left half, which the mask hides, is red; nothing else is."""
    pixels = np.random.default_rng(7).integers(60, 120, (360, 640, 3), np.uint8)
    pixels[:, :316] = (0, 0, 255)
    return pixels


@pytest.fixture
def masked(city):
    """A server whose camera process has run."""
    city.watch.now = utc_now() + timedelta(seconds=5)
    cv2.imwrite(str(city.folder / "asli-07.jpg"), street())
    reading = import_cameras(LIST.format(folder=city.folder).encode(), city.folder, discover_sources().found)
    assert not reading.refused
    changes, stopping = [], threading.Event()
    fleet = Fleet(city.folder, Listener(health=changes.append, listed=lambda _: None), period_s=0.5)
    thread = threading.Thread(target=fleet.run, args=(stopping,))
    thread.start()
    until(lambda: {change.camera for change in changes} == {"A", "B", "C"})
    stopping.set()
    thread.join(10)
    city.bring(*map(listed_fact, reading.cameras), *map(health_fact, changes))
    return city


def paths(server):
    """Every address that answers GET, for each camera where it is about one."""
    for rule in server.url_map.iter_rules():
        if "GET" not in (rule.methods or ()):
            continue
        names = ("A", "B", "C") if "camera_id" in rule.arguments else ("A",)
        for name in names:
            with server.test_request_context():
                path = rule.build(dict.fromkeys(rule.arguments, name))[1] if rule.arguments else rule.rule
            yield path
            if "camera_id" in rule.arguments:
                yield from (f"{path}?size={size}" for size in ("tiny", "thumb", "medium", "full"))
                yield f"{path}?at={(utc_now()).strftime('%Y-%m-%dT%H:%M:%SZ')}"


def fetched(city, path, role):
    """What that role gets: head and body, of an endless answer its beginning."""
    response = city.client().get(path, headers=city.bearer(role) if role else {})
    body = next(iter(response.response), b"") if "stream" in path else response.get_data()
    response.close()
    return response, body


def reddest(jpeg):
    pixels = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    return 0 if pixels is None else int((pixels[..., 2].astype(int) - pixels[..., 0]).max())


@pytest.mark.parametrize("role", ROLES)
def test_nobody_can_fetch_what_a_mask_hides_nor_an_address_nor_a_password(masked, role):
    answers = {path: fetched(masked, path, role) for path in paths(masked.server)}
    pictures = [path for path, (response, _) in answers.items() if response.content_type == "image/jpeg"]
    assert bool(pictures) is (role in {"wall", "admin"})
    for path, (response, body) in answers.items():
        said = body + str(response.headers).encode()
        assert not [secret for secret in SECRETS if secret in said], path
        if path in pictures and "/A" in path:
            assert reddest(body) < 90, path


def test_a_camera_for_operators_is_not_there_for_a_wall(masked):
    assert masked.get("/cameras/C.jpg", "admin").status_code == 200
    assert masked.get("/cameras/C.jpg", "wall").status_code == 404
    assert b"Ruang Dalam" not in masked.get("/live", "wall").data
    assert b"Ruang Dalam" in masked.get("/live", "admin").data
