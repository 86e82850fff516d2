"""`layar cameras import | export | list | test | teach | discover`."""

import os
from datetime import timedelta

import numpy as np
import pytest
from click.testing import CliRunner
from fake_camera import FakeCamera, says
from onvif_camera import OnvifCamera

from cctv.inventory import load_cameras
from cctv.shelf import Renditions, Shelf
from cctv.truth_aim import Aim, AimBook
from cctv.truth_signs import Reference
from dashboard.audit import Audit
from dashboard.cli import main
from dashboard.commands.cameras import words_for
from geodata.clock import utc_now

HEAD = "id,name,lon,lat,url\n"


@pytest.fixture
def layar(tmp_path):
    """`layar("list")` → what it said and its exit code."""

    def run(*arguments):
        return CliRunner().invoke(main, ["cameras", *arguments, "--data", str(tmp_path / "data")])

    return run


@pytest.fixture
def listed(tmp_path, layar):
    """`listed("A,Satu,…")` imports those lines."""

    def take(*lines):
        file = tmp_path / "cameras.csv"
        file.write_text(HEAD + "\n".join(lines) + "\n")
        return layar("import", str(file))

    return take


def test_an_import_says_what_was_taken_and_what_was_not(listed, tmp_path):
    said = listed("A,Satu,117.13,-0.51,rtsp://u:rahasia@10.0.0.7/1", "B,Dua,0,0,sim:", "C,Tiga,106.8,-6.2,sim:")
    assert said.exit_code == 0
    assert "refused line 3: lon: 0,0 is no place" in said.output
    assert "2 cameras taken, 1 lines refused" in said.output
    assert "1 passwords moved to camera-secrets.toml" in said.output
    assert "not on the map: C" in said.output
    assert "rahasia" not in said.output
    assert (tmp_path / "data" / "camera-secrets.toml").stat().st_mode & 0o777 == 0o600


def test_an_import_without_one_right_line_is_an_error(listed):
    said = listed("B,Dua,0,0,sim:")
    assert said.exit_code == 2
    assert "no line of the camera list can be taken; line 2: lon" in said.output


def test_the_list_tells_the_age_of_each_picture(listed, layar, tmp_path):
    listed("A,Satu,117.13,-0.51,sim:", "B,Dua,117.13,-0.51,sim:")
    jpeg = b"\xff\xd8\xff\xd9"
    shelf = Shelf(tmp_path / "data" / "shelf")
    shelf.put(
        "A",
        Renditions(full=jpeg, medium=jpeg, thumb=jpeg, tiny=jpeg, width=1, height=1),
        utc_now() - timedelta(hours=3),
    )
    said = layar("list").output.splitlines()
    assert said[0].split() == ["A", "3", "h", "simulated", "no", "password", "Satu"]
    assert said[1].startswith("B  no picture")
    assert "never run" in said[2]
    shelf.beat()
    os.utime(shelf.root / "heartbeat", (0, utc_now().timestamp() - 10))
    assert "alive 10 s ago" in layar("list").output


def test_an_empty_list_says_what_to_do(layar):
    said = layar("list")
    assert said.exit_code == 2
    assert "layar cameras import FILE" in said.output


def test_of_a_stream_is_told_how_it_is_read(listed, layar, rtsp_farm):
    listed(f"A,Satu,117.13,-0.51,{rtsp_farm(1).url(0)}")
    said = layar("test", "A").output.splitlines()
    assert said[0].startswith("A: 640x360, h264, first picture after ")
    assert said[1:3] == [
        "A: read by tap (keyframes only, the cheapest way): is read without FFmpeg",
        "A: a keyframe every 1.0 s",
    ]


def test_a_camera_is_tried_and_tells_its_picture_or_its_fault(listed, layar):
    with FakeCamera() as good, FakeCamera(says("404 Not Found")) as bad:
        listed(f"A,Satu,117.13,-0.51,{good.url()}", f"B,Dua,117.13,-0.51,{bad.url()}")
        assert layar("test", "A").output.startswith("A: 1280x720, mjpeg, first picture after ")
        said = layar("test", "B")
    assert said.exit_code == 2
    assert said.output == "layar: camera B: does not know this path; check its URL\n"
    assert "no camera 'C' is listed" in layar("test", "C").output


@pytest.mark.parametrize(
    ("seconds", "words"), [(-3, "0 s"), (5, "5 s"), (180, "3 min"), (7200, "2 h"), (999999, "12 d")]
)
def test_an_age_is_told_in_its_largest_unit(seconds, words):
    assert words_for(timedelta(seconds=seconds)) == words


def test_a_camera_can_be_told_to_learn_anew_how_it_looks(listed, layar, tmp_path):
    listed("A,Satu,117.13,-0.51,sim:")
    assert "has not learnt yet" in layar("teach", "A").output
    grey = np.zeros((90, 160), np.uint8)
    book = AimBook(tmp_path / "data" / "aim")
    book.save("A", Aim(references={"day": Reference(grey=grey, light=90.0, sharpness=5.0)}))
    assert "forgot how it looked" in layar("teach", "A").output
    assert book.load("A", "").references == {}
    assert layar("teach", "B").exit_code == 2


@pytest.mark.parametrize("ending", ["csv", "geojson"])
def test_what_is_exported_is_imported_again_without_a_change_and_without_passwords(listed, layar, tmp_path, ending):
    listed("A,=Satu,117.13,-0.51,rtsp://u:rahasia@10.0.0.7/1?ch=2", "B,Dua,117,-0.5,sim:")
    before, file = load_cameras(tmp_path / "data"), tmp_path / f"out.{ending}"
    assert "2 cameras written" in layar("export", str(file)).output
    assert "rahasia" not in file.read_text()
    assert "2 cameras taken, 0 lines refused" in layar("import", str(file)).output
    assert load_cameras(tmp_path / "data") == before
    assert [row.action for row in Audit(tmp_path / "data").newest(9)] == [
        "camera.import",
        "camera.export",
        "camera.import",
    ]


def test_a_camera_outside_the_networks_allowed_is_refused_until_it_is_named(listed, tmp_path, monkeypatch):
    monkeypatch.delenv("LAYAR_CAMERA_ALLOW")
    lines = ("A,Satu,117,-0.5,rtsp://203.0.113.9/1", "B,Dua,117,-0.5,http://127.0.0.1/s.jpg")
    assert "add its network to [cameras] allow" in listed(*lines, "C,Tiga,117,-0.5,sim:").output
    (tmp_path / "data" / "layar.toml").write_text('[cameras]\nallow = ["203.0.113.0/24", "127.0.0.0/8"]\n')
    assert "2 cameras taken, 0 lines refused" in listed(*lines).output


def test_cameras_that_answer_are_named(layar):
    with OnvifCamera() as camera:
        said = layar("discover", "--host", "127.0.0.1", "--port", str(camera.discovery_port))
    assert "Jembatan Mahakam  K-112" in said.output
    assert "1 cameras answered" in said.output


def test_nobody_is_looked_for_where_no_camera_may_be(layar):
    said = layar("discover", "--host", "169.254.169.254")
    assert said.exit_code == 2
    assert "outside the networks allowed" in said.output
