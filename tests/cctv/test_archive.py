"""What a kept still is called, and which settings of the archive are refused."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from cctv.archive import ArchiveSettings, is_whole, read_key, still_of

TAKEN = datetime(2026, 11, 20, 3, 4, 5, 678_901, tzinfo=UTC)
JPEG = b"\xff\xd8picture\xff\xd9"


def test_a_name_tells_camera_time_in_utc_and_content():
    local = TAKEN.astimezone(timezone(timedelta(hours=8)))
    still = still_of("CAM-07", local, JPEG)
    assert still.key == "cam/CAM-07/2026/11/20/030405-b67d7e314e5c.jpg"
    assert (still.bytes, still.captured_at) == (len(JPEG), TAKEN)


@given(st.text(min_size=1, max_size=64, alphabet=st.characters(exclude_categories=["Cs"])))
def test_any_camera_and_time_can_be_read_back_from_the_name_to_the_second(camera):
    still = still_of(camera, TAKEN, JPEG)
    told = read_key(still.key, still.bytes)
    assert (told.camera, told.captured_at, told.bytes) == (camera, TAKEN.replace(microsecond=0), len(JPEG))
    assert ".." not in still.key.split("/")
    assert still.key.count("/") == 5


@pytest.mark.parametrize(
    "key", ["", "cam", "cam/A/x.jpg", "cam/A/2026/11/20/030405-ab.part", "x/A/2026/11/20/030405-ab.jpg"]
)
def test_other_names_tell_nothing(key):
    assert read_key(key, 1) is None


def test_a_picture_that_was_cut_short_does_not_fit_its_name():
    key = still_of("A", TAKEN, JPEG).key
    assert is_whole(key, JPEG)
    assert not is_whole(key, JPEG[:-1])


def test_what_can_be_no_camera_is_no_name():
    with pytest.raises(ValueError, match="no camera"):
        still_of("x" * 65, TAKEN, JPEG)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("ftp://there", "file:/// or s3://"),
        ("/srv/stills", "file:/// or s3://"),
        ("s3://key:rahasia@bucket", "AWS_ACCESS_KEY_ID"),
    ],
)
def test_a_place_that_cannot_be_is_refused_without_repeating_a_secret(url, words):
    with pytest.raises(ValidationError) as error:
        ArchiveSettings(url=url)
    said = error.value.errors(include_input=False)[0]["msg"]
    assert words in said
    assert "rahasia" not in said


def test_a_bucket_without_the_extra_says_what_to_install(monkeypatch):
    monkeypatch.setattr("cctv.archive.find_spec", lambda _name: None)
    with pytest.raises(ValidationError, match=r"layar112\[s3\]"):
        ArchiveSettings(url="s3://bucket")


def test_a_fresh_installation_keeps_only_the_sets_of_incidents_and_only_a_week():
    fresh = ArchiveSettings()
    assert fresh.keep == "incidents"
    assert fresh.lifetime("pinned") == timedelta(days=7)
