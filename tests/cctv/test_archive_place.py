"""The same promises from a folder and from a bucket behind a real S3 API."""

import os
import subprocess
import uuid
from datetime import UTC, datetime

import pytest

from cctv.archive import ArchiveSettings, still_of
from cctv.archive_place import ArchivePlace, place_for
from geodata.errors import ArchiveUnavailable
from tests.s3_server import BUCKET, CREDENTIALS, S3Server

TAKEN = datetime(2026, 11, 20, 3, 4, 5, tzinfo=UTC)
JPEG = b"\xff\xd8" + os.urandom(50_000) + b"\xff\xd9"
STILL = still_of("CAM 1/utara", TAKEN, JPEG)


@pytest.fixture(scope="module")
def s3():
    with S3Server() as server:
        yield server


@pytest.fixture(autouse=True)
def credentials(monkeypatch):
    for name, value in CREDENTIALS.items():
        monkeypatch.setenv(name, value)


@pytest.fixture(params=["folder", "bucket"])
def place(request, tmp_path) -> ArchivePlace:
    if request.param == "folder":
        return ArchivePlace(f"file://{tmp_path}/stills")
    server = request.getfixturevalue("s3")
    return ArchivePlace(f"s3://{BUCKET}/{uuid.uuid4().hex}", server.endpoint)


def test_what_is_put_is_got_until_it_is_removed(place):
    place.check()
    place.put(STILL.key, JPEG)
    assert place.get(STILL.key) == JPEG
    assert place.folders() == ("CAM 1%2Futara",)
    assert place.stills("CAM 1%2Futara") == ((STILL.key, STILL),)
    place.remove(STILL.key)
    assert place.get(STILL.key) is None
    assert place.folders() == ()
    place.remove(STILL.key)


def test_a_picture_cut_short_is_none(place):
    place.put(STILL.key, JPEG[:-9])
    assert place.get(STILL.key) is None


def test_an_empty_place_has_no_cameras_and_a_strange_file_is_named_as_strange(place):
    assert place.folders() == ()
    place.put("cam/A/note.txt", b"x")
    assert place.stills("A") == (("cam/A/note.txt", None),)


def test_a_folder_is_left_empty_and_closed_to_others(tmp_path):
    place = ArchivePlace(f"file://{tmp_path}/stills")
    place.put(STILL.key, JPEG)
    assert (tmp_path / "stills").stat().st_mode & 0o077 == 0
    place.remove(STILL.key)
    assert [*(tmp_path / "stills").iterdir()] == []


def test_a_bucket_that_is_gone_and_a_server_that_is_gone_are_refusals_without_secrets():
    with S3Server() as server:
        absent = ArchivePlace("s3://nobody/x", server.endpoint)
        with pytest.raises(ArchiveUnavailable, match="s3://nobody/x"):
            absent.check()
        place = ArchivePlace(f"s3://{BUCKET}", server.endpoint)
        place.put(STILL.key, JPEG)
        server.stop()
        for act in (lambda: place.put(STILL.key, JPEG), lambda: place.get(STILL.key), place.folders):
            with pytest.raises(ArchiveUnavailable, match="way to S3") as error:
                act()
            assert CREDENTIALS["AWS_ACCESS_KEY_ID"] not in str(error.value).replace("https", "")


def test_a_nearly_full_disk_is_refused_before_it_is_full(tmp_path):
    place = ArchivePlace(f"file://{tmp_path}/stills", least_free_percent=100)
    with pytest.raises(ArchiveUnavailable, match="make room"):
        place.put(STILL.key, JPEG)
    assert place.get(STILL.key) is None


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a small disk")
def test_a_full_disk_is_a_refusal_and_deleting_makes_room(tmp_path):
    folder = tmp_path / "small"
    folder.mkdir()
    mount = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=120k", "tmpfs", str(folder)], check=False)  # noqa: S603, S607
    if mount.returncode:
        pytest.skip("no tmpfs may be mounted here")
    try:
        place = ArchivePlace(f"file://{folder}")
        first, second = (still_of("A", TAKEN.replace(second=second), JPEG) for second in (1, 2))
        place.put(first.key, JPEG)
        place.put(second.key, JPEG)
        with pytest.raises(ArchiveUnavailable, match="make room"):
            place.put(STILL.key, JPEG)
        assert place.get(first.key) == JPEG
        place.remove(first.key)
        place.put(STILL.key, JPEG)
        assert place.get(STILL.key) == JPEG
    finally:
        subprocess.run(["umount", str(folder)], check=True)  # noqa: S603, S607


def test_without_an_address_the_place_is_in_the_data_folder(tmp_path):
    place_for(ArchiveSettings(least_free_percent=0), tmp_path).put(STILL.key, JPEG)
    assert (tmp_path / "archive" / STILL.key).read_bytes() == JPEG
