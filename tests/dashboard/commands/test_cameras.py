"""`layar cameras import | list | test | teach`."""

import os
from datetime import timedelta

import numpy as np
import pytest
from click.testing import CliRunner
from fake_camera import FakeCamera, says

from cctv.shelf import Renditions, Shelf
from cctv.truth_aim import Aim, AimBook
from cctv.truth_signs import Reference
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
