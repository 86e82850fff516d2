"""Pictures that lie in a folder."""

import os
from datetime import UTC, datetime, timedelta

import pytest
from fake_camera import PICTURE, bomb, jpeg

from cctv.sources.file import SOURCE
from geodata.clock import utc_now
from geodata.errors import CameraLost

YESTERDAY = datetime(2026, 11, 21, tzinfo=UTC)


@pytest.fixture
def shown(tmp_path, reach_to):
    """`shown(name)` → a Reach to that file in the folder allowed."""

    def make(name, query="", **more):
        return reach_to(f"file://{tmp_path}/{name}{query}", "file", folders=(tmp_path,), period_s=0.05, **more)

    return make


def lay(path, content=PICTURE, at=YESTERDAY):
    path.write_bytes(content)
    os.utime(path, (at.timestamp(), at.timestamp()))


def take(reach, count=1):
    with SOURCE.open(reach) as pictures:
        return [next(pictures) for _ in range(count)]


def test_a_file_is_shown_with_its_own_time_and_again_when_it_changes(tmp_path, shown):
    lay(tmp_path / "07.jpg")
    with SOURCE.open(shown("07.jpg")) as pictures:
        assert next(pictures).captured_at == YESTERDAY
        lay(tmp_path / "07.jpg", jpeg(64, 48), YESTERDAY + timedelta(hours=1))
        second = next(pictures)
    assert second.data == jpeg(64, 48)
    assert second.captured_at == YESTERDAY + timedelta(hours=1)


def test_a_file_from_the_future_is_as_old_as_its_first_sight(tmp_path, shown):
    lay(tmp_path / "07.jpg", at=utc_now() + timedelta(hours=1))
    first, second = take(shown("07.jpg"), 2)
    assert first.captured_at == second.captured_at <= utc_now()


def test_the_newest_picture_of_a_folder_is_shown(tmp_path, shown):
    lay(tmp_path / "b.jpg")
    lay(tmp_path / "a.JPG", jpeg(64, 48), YESTERDAY + timedelta(hours=1))
    (tmp_path / "baca.txt").write_text("x")
    assert take(shown(""))[0].data == jpeg(64, 48)


def test_a_loop_plays_a_folder_in_order_as_if_taken_now(tmp_path, shown):
    for number in range(3):
        lay(tmp_path / f"{number}.jpg", jpeg(64, 48, number * 50))
    taken = take(shown("", "?loop=1", is_live=False), 4)
    assert [one.data for one in taken] == [jpeg(64, 48, shade * 50) for shade in (0, 1, 2, 0)]
    assert utc_now() - taken[0].captured_at < timedelta(seconds=10)


@pytest.mark.parametrize("query", ["?loop=1", "?loop"])
def test_no_recording_is_played_as_the_present_where_it_is_meant_in_earnest(tmp_path, shown, query):
    lay(tmp_path / "0.jpg")
    with pytest.raises(CameraLost, match=r"take \?loop=1 out") as lost:
        take(shown("", query))
    assert lost.value.fault == "loop_live"


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", "not_a_picture"),
        (PICTURE[:-9], "truncated"),
        (bomb(), "too_large"),
        (PICTURE + bytes(8_000_000), "too_large"),
    ],
)
def test_a_file_that_is_no_picture_is_named(tmp_path, shown, content, fault):
    lay(tmp_path / "07.jpg", content)
    with pytest.raises(CameraLost) as lost:
        take(shown("07.jpg"))
    assert lost.value.fault == fault


def test_a_missing_file_and_an_empty_folder_are_named(shown):
    for name in ("tidak-ada.jpg", ""):
        with pytest.raises(CameraLost) as lost:
            take(shown(name))
        assert lost.value.fault == "no_file"


@pytest.mark.parametrize("name", ["../luar.jpg", "..%2Fluar.jpg", "tautan.jpg", "/etc/passwd"])
def test_no_path_and_no_link_leads_out_of_the_folder(tmp_path, reach_to, name):
    inside = tmp_path / "data"
    inside.mkdir()
    lay(tmp_path / "luar.jpg")
    (inside / "tautan.jpg").symlink_to(tmp_path / "luar.jpg")
    with pytest.raises(CameraLost) as lost:
        take(reach_to(f"file://{inside}/{name}", "file", folders=(inside,)))
    assert lost.value.fault in {"forbidden_file", "no_file"}


def test_a_link_inside_a_folder_is_not_followed_out_of_it(tmp_path, reach_to):
    inside = tmp_path / "data"
    inside.mkdir()
    lay(tmp_path / "luar.jpg")
    (inside / "tautan.jpg").symlink_to(tmp_path / "luar.jpg")
    with pytest.raises(CameraLost) as lost:
        take(reach_to(f"file://{inside}", "file", folders=(inside,)))
    assert lost.value.fault == "forbidden_file"
