"""The shelf: whole pictures only, with their own time, for readers who come at any moment."""

import threading
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cctv.shelf import MAX_ID_LENGTH, SIZES, Renditions, Shelf, folder_name


def renditions(shade=b"a", length=10):
    body = b"\xff\xd8" + shade * length + b"\xff\xd9"
    medium, thumb, tiny = (b"\xff\xd8" + body + b"\xff\xd9" for body in (b"m", b"t", b"y"))
    return Renditions(full=body * 1, medium=medium, thumb=thumb, tiny=tiny, width=4, height=3)


@pytest.fixture
def shelf(tmp_path):
    return Shelf(tmp_path / "shelf")


def test_a_picture_comes_back_in_each_size_with_its_capture_time(shelf, now):
    captured_at = now + timedelta(microseconds=123_457)
    shelf.put("CAM-07", renditions(), captured_at)
    assert shelf.get("CAM-07", "full").jpeg == renditions().full
    assert shelf.get("CAM-07", "medium").jpeg == renditions().medium
    assert shelf.get("CAM-07", "thumb").jpeg == renditions().thumb
    assert shelf.get("CAM-07", "full").captured_at == captured_at
    assert (shelf.root / "CAM-07" / "full.jpg").stat().st_mtime == pytest.approx(captured_at.timestamp(), abs=1e-5)


def test_another_shelf_on_the_same_folder_sees_it_after_a_restart(shelf, now):
    shelf.put("CAM-07", renditions(), now)
    assert Shelf(shelf.root).get("CAM-07", "full").captured_at == now


def test_the_label_is_that_of_the_picture_and_changes_with_it(shelf, now):
    shelf.put("CAM-07", renditions(), now)
    before = shelf.label("CAM-07", "full")
    assert before.etag == shelf.get("CAM-07", "full").etag
    assert before.etag.startswith('"')
    shelf.put("CAM-07", renditions(b"b"), now + timedelta(seconds=2))
    assert shelf.label("CAM-07", "full") != before


def test_a_camera_that_never_gave_a_picture_has_none(shelf):
    assert shelf.get("CAM-07", "full") is None
    assert shelf.label("CAM-07", "full") is None
    assert shelf.heartbeat_at() is None


@pytest.mark.parametrize("content", [b"", b"\xff\xd8 cut short", b"no jpeg\xff\xd9"])
def test_a_file_that_a_power_cut_spoilt_is_not_shown(shelf, now, content):
    shelf.put("CAM-07", renditions(), now)
    (shelf.root / "CAM-07" / "full.jpg").write_bytes(content)
    assert shelf.get("CAM-07", "full") is None


@pytest.mark.parametrize(
    "camera_id", ["../../etc/passwd", "..", ".", "/etc/passwd", "a/b", "heartbeat", "a\0b", "Kamera 7", "é/ü", "%2E%2E"]
)
def test_no_id_leads_out_of_the_shelf(shelf, now, camera_id):
    shelf.put(camera_id, renditions(), now)
    shelf.beat()
    assert shelf.get(camera_id, "full").jpeg == renditions().full
    inside = [path for path in shelf.root.rglob("*.jpg") if path.parent.parent == shelf.root]
    assert len(inside) == len([*shelf.root.parent.rglob("*.jpg")]) == len(SIZES)


@given(st.text(max_size=MAX_ID_LENGTH), st.text(max_size=MAX_ID_LENGTH))
def test_different_ids_have_different_folders(one, other):
    if one != other and folder_name(one):
        assert folder_name(one) != folder_name(other)


@pytest.mark.parametrize("camera_id", ["", "x" * (MAX_ID_LENGTH + 1), "\ud800"])
def test_what_can_be_no_id_has_no_picture_and_takes_none(shelf, now, camera_id):
    assert shelf.get(camera_id, "full") is None
    with pytest.raises(ValueError, match="no camera can be called"):
        shelf.put(camera_id, renditions(), now)


def test_an_unknown_size_is_no_file(shelf, now):
    shelf.put("CAM-07", renditions(), now)
    assert shelf.get("CAM-07", "../CAM-07/full") is None
    assert shelf.label("CAM-07", "huge") is None


def test_a_reader_never_sees_half_a_picture_while_it_is_replaced(shelf, now):
    stop = threading.Event()

    def write():
        number = 0
        while not stop.is_set():
            number += 1
            shelf.put("CAM-07", renditions(bytes([65 + number % 20]), 200_000), now + timedelta(seconds=number))

    shelf.put("CAM-07", renditions(b"a", 200_000), now)
    writer = threading.Thread(target=write)
    writer.start()
    try:
        seen = [shelf.get("CAM-07", "full") for _ in range(200)]
    finally:
        stop.set()
        writer.join()
    assert all(one is not None and len(one.jpeg) == 200_004 for one in seen)
    assert all(len(set(one.jpeg[2:-2])) == 1 for one in seen)


def test_two_workers_of_one_camera_do_not_write_into_each_others_picture(shelf, now):
    failures = []

    def write(shade):
        for number in range(60):
            try:
                shelf.put("CAM-07", renditions(shade, 100_000), now + timedelta(seconds=number))
            except OSError as error:
                failures.append(error)
            shown = shelf.get("CAM-07", "full")
            if shown is None or len(set(shown.jpeg[2:-2])) != 1:
                failures.append(shown)

    writers = [threading.Thread(target=write, args=(shade,)) for shade in (b"a", b"b", b"c")]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert failures == []
    assert not [*shelf.root.rglob("*.part")]


def test_what_a_killed_process_left_half_written_is_swept_away(shelf, now):
    shelf.sweep()
    shelf.put("CAM-07", renditions(), now)
    left = shelf.root / "CAM-07" / "full.0123.part"
    left.write_bytes(b"half")
    shelf.sweep()
    assert not left.exists()
    assert shelf.get("CAM-07", "full")


def test_it_knows_whose_pictures_it_holds(shelf, now):
    assert shelf.camera_ids() == frozenset()
    ids = {"CAM-07", "..", "heartbeat", "a/b", "é"}
    for id_ in ids:
        shelf.put(id_, renditions(), now)
    shelf.beat()
    (shelf.root / "100%").mkdir()
    assert shelf.camera_ids() == ids


def test_a_camera_taken_off_the_list_leaves_nothing(shelf, now):
    shelf.put("CAM-07", renditions(), now)
    shelf.remove("CAM-07")
    shelf.remove("CAM-08")
    assert shelf.get("CAM-07", "full") is None
    assert not [*shelf.root.iterdir()]


def test_pictures_taken_under_other_masks_are_forgotten(shelf, now):
    shelf.put("CAM-07", renditions(), now)
    assert not shelf.remask("CAM-07", "")
    assert shelf.get("CAM-07", "full")
    assert shelf.remask("CAM-07", "[[[0,0]]]")
    assert shelf.get("CAM-07", "full") is None
    shelf.put("CAM-07", renditions(), now)
    assert not Shelf(shelf.root).remask("CAM-07", "[[[0,0]]]")
    assert shelf.get("CAM-07", "full")
    assert shelf.remask("CAM-07", "")
    assert not [*shelf.root.iterdir()]


def test_the_heart_beats(shelf):
    shelf.beat()
    assert shelf.heartbeat_at() is not None
