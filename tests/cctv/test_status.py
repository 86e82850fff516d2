"""What the camera process tells of each camera, and what a reader makes of it."""

import threading
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from fake_camera import PASSWORD, USER

from cctv.camera import Camera, Rung, Snapshot
from cctv.fleet import Fleet, Listener
from cctv.inventory import save_cameras
from cctv.secrets import Credentials, save_secrets
from cctv.shelf import Renditions
from cctv.status import FILE_NAME, CameraStatus, Evidence, Readings, StatusFile, load_status

AT = datetime(2026, 11, 23, 3, 30, tzinfo=UTC)
FULL = CameraStatus(
    id="CAM-07", health="lost", fault="stalled", since=AT, last_picture_at=AT, rung="tap", rung_reason="cheapest",
    codec="h264", width=640, height=360, keyframe_spacing_s=2.0, clock_error_s=-0.4, period_s=2.0,
    period_reason="default", decode_ms=8.1,
    signs=(Evidence(kind="blurred", value=0.3, threshold=0.42, since=AT, is_fault=True),),
)  # fmt: skip


def test_what_was_written_is_read_back(tmp_path):
    StatusFile(tmp_path).write([FULL, CameraStatus(id="B")])
    assert load_status(tmp_path) == {"CAM-07": FULL, "B": CameraStatus(id="B")}


@pytest.mark.parametrize("damage", [b"", b"[{", b"null", b"\xff\xfe", b'[{"id": 7, "health": "tired"}]'])
def test_a_missing_or_damaged_file_says_nothing(tmp_path, damage):
    assert load_status(tmp_path) == {}
    (tmp_path / FILE_NAME).write_bytes(damage)
    assert load_status(tmp_path) == {}


def test_the_file_is_left_alone_while_nothing_is_new(tmp_path):
    file = StatusFile(tmp_path)
    file.write([FULL])
    before = (tmp_path / FILE_NAME).stat()
    file.write([FULL])
    assert (tmp_path / FILE_NAME).stat() == before
    file.write([])
    assert load_status(tmp_path) == {}


def test_what_is_news_is_written_at_once_and_mere_figures_seldom(tmp_path):
    now_s = [0.0]
    file = StatusFile(tmp_path, lambda: now_s[0])
    file.write([FULL])
    newer = replace(FULL, decode_ms=9.0, last_picture_at=AT + timedelta(seconds=2))
    file.write([newer])
    assert load_status(tmp_path) == {"CAM-07": FULL}
    file.write([replace(newer, health="ok", fault=None)])
    assert load_status(tmp_path)["CAM-07"].health == "ok"
    now_s[0] = 3.0
    file.write([replace(newer, health="ok", fault=None, decode_ms=7.0)])
    assert load_status(tmp_path)["CAM-07"].decode_ms == 7.0


def test_the_cost_of_a_still_is_the_mean_of_the_latest(now):
    readings = Readings("CAM-07")
    snapshot = Snapshot(data=b"", codec="h264", captured_at=now, rung=Rung(name="tap", reason="cheapest"))
    sizes = Renditions(full=b"", medium=b"", thumb=b"", tiny=b"", width=640, height=360)
    for cpu_s in [0.010] * 3 + [0.020] * 40:
        readings.take(snapshot, sizes, cpu_s)
    assert readings.newest.decode_ms == pytest.approx(20, abs=0.2)
    assert (readings.newest.rung, readings.newest.rung_reason, readings.newest.width) == ("tap", "cheapest", 640)


def test_a_stream_that_is_decoded_whole_is_named_and_charged_as_what_it_is(now):
    readings = Readings("CAM-07")
    rung = Rung(name="decode", reason="rare_keyframes")
    snapshot = Snapshot(data=b"", codec="bmp", captured_at=now, rung=rung, stream_codec="hevc", decoding_cpu_s=0.040)
    readings.take(snapshot, Renditions(full=b"", medium=b"", thumb=b"", tiny=b"", width=640, height=360), 0.010)
    assert readings.newest.codec == "hevc"
    assert readings.newest.decode_ms == pytest.approx(50)


def test_the_fleet_tells_of_every_camera_and_never_a_secret(tmp_path, fake, stopping):
    cameras = [
        Camera(id="A", name="A", lon=117.1, lat=-0.5, url=fake().url("/?p={password}"), kind="http_jpeg"),
        Camera(id="B", name="B", lon=117.1, lat=-0.5, url="rtsp://127.0.0.1:1/rahasia", kind="rtsp"),
    ]
    save_cameras(tmp_path, cameras)
    save_secrets(tmp_path, {"A": Credentials(user=USER, password=PASSWORD)})
    fleet = Fleet(tmp_path, Listener(health=lambda _: None, listed=lambda _: None), period_s=0.5)
    thread = threading.Thread(target=fleet.run, args=(stopping,))
    thread.start()
    end = time.monotonic() + 30
    told = {}
    while {told[id_].health for id_ in told} != {"ok", "lost"}:
        assert time.monotonic() < end, told
        time.sleep(0.1)
        told = load_status(tmp_path)
    stopping.set()
    thread.join(10)
    assert (told["A"].width, told["A"].codec, told["A"].period_s) == (1280, "mjpeg", 0.5)
    assert (told["B"].fault, told["B"].width) == ("refused", None)
    text = (tmp_path / FILE_NAME).read_text("utf-8")
    assert not any(word in text for word in (USER, PASSWORD, "127.0.0.1", "rahasia", "://"))
