"""Is the picture true? Streets with everything that happens to cameras, and everything that only looks so."""

import shutil
from datetime import timedelta

import cv2
import numpy as np
import pytest
from streets import DAY, NIGHT, PERIOD_S, Watching, dazzled, noisy, shifted, smeared, street, with_clock

from cctv.truth_aim import AimBook


def seed_of(at):
    return int(at.timestamp())


def black(at):
    return noisy(np.zeros((360, 640, 3), np.uint8), 6, seed_of(at))


def hand(at):
    return noisy(np.full((360, 640, 3), 70, np.uint8), 6, seed_of(at))


@pytest.fixture(scope="module")
def taught(tmp_path_factory):
    """A folder in which the camera knows its street by day."""
    folder = tmp_path_factory.mktemp("taught")
    watching = Watching(folder)
    watching.watches(street, 124)
    assert AimBook(folder / "aim").load("CAM-07", "").references.keys() == {"day"}
    assert [told.faults for told in watching.news] == [()]
    return folder


@pytest.fixture
def watching(taught, tmp_path):
    """A camera that knows its street, restarted."""
    shutil.copytree(taught / "aim", tmp_path / "aim")
    one = Watching(tmp_path, begins=DAY + timedelta(minutes=3))
    one.watches(street, 4)
    return one


@pytest.mark.parametrize(
    ("kind", "look", "within_s"),
    [
        ("black", black, 8),
        ("covered", hand, 12),
        ("blurred", lambda at: smeared(street(at)), 34),
        ("blurred", lambda at: noisy(smeared(street(at)), 20, seed_of(at)), 34),
        ("moved", lambda at: shifted(street(at), 14, 5), 64),
        ("moved", lambda at: shifted(street(at), -60), 64),
        ("turned", lambda at: street(at, seed=14), 190),
    ],
)
def test_a_fault_is_told_with_its_evidence_and_clears_by_itself(watching, kind, look, within_s):
    began = watching.at
    watching.watches(look, within_s)
    assert watching.faults == [kind]
    (fault,) = watching.news[-1].faults
    assert timedelta(0) < fault.since - began <= timedelta(seconds=10)
    watching.watches(street, 6)
    assert watching.faults == []
    assert watching.ever == {kind}


@pytest.mark.parametrize("clock", [lambda pixels, _at: pixels, with_clock], ids=["still", "running clock"])
def test_a_frozen_picture_is_told_within_three_captures_even_under_a_running_clock(watching, clock):
    frozen = street(watching.at)
    watching.watches(lambda at: clock(frozen, at), 3 * PERIOD_S)
    assert watching.faults == ["frozen"]
    watching.watches(street, PERIOD_S)
    assert watching.faults == []


@pytest.mark.parametrize(
    "look",
    [
        lambda at: noisy(street(NIGHT + (at - DAY)), 20, seed_of(at)),
        lambda at: street(at, is_rainy=True),
        lambda at: dazzled(street(NIGHT + (at - DAY)), at),
        lambda at: with_clock(street(at), at),
        lambda at: street(DAY + timedelta(seconds=(at - DAY).total_seconds() // 4 * 4)),
        lambda at: street(at, kind="river"),
        lambda at: shifted(street(at), seed_of(at) % 5 - 2, seed_of(at) % 3 - 1),
    ],
    ids=["night with noise", "rain", "headlights", "clock", "one keyframe served twice", "water", "wind"],
)
def test_what_only_looks_like_a_fault_is_none(tmp_path, look):
    watching = Watching(tmp_path)
    watching.watches(look, 180)
    assert watching.ever == set()
    assert len(watching.news) == 1
    assert watching.judge._truth.is_sound


@pytest.mark.slow
def test_a_day_and_a_night_go_by_without_an_alarm_and_both_are_learnt(tmp_path):
    watching = Watching(tmp_path, begins=DAY)
    for hours in range(25):
        watching.at = DAY + timedelta(hours=hours, minutes=hours % 3 * 20)
        watching.watches(lambda at: noisy(street(at), 8, seed_of(at)), 124 if hours in {0, 12} else 6)
    assert watching.ever == set()
    assert AimBook(tmp_path / "aim").load("CAM-07", "").references.keys() == {"day", "night"}


def test_the_switch_to_infrared_is_no_fault(watching):
    watching.at = NIGHT
    watching.watches(lambda at: cv2.cvtColor(cv2.cvtColor(street(at), cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR), 200)
    assert watching.ever == set()


def test_a_camera_reset_to_another_size_is_told(watching):
    watching.watches(lambda at: cv2.resize(street(at), (352, 198)), 10)
    assert watching.faults == ["resolution"]
    assert watching.news[-1].faults[0].value == 288
    watching.watches(street, 6)
    assert watching.faults == []


def test_the_same_camera_read_another_way_may_have_another_size(watching):
    for _ in range(10):
        watching.sees(cv2.resize(street(watching.at), (352, 198)), "h264")
    assert watching.ever == set()


def test_what_a_mask_hides_is_never_judged(tmp_path):
    left = (((0.0, 0.0), (0.5, 0.0), (0.5, 1.0), (0.0, 1.0)),)
    watching = Watching(tmp_path, masks=left)
    watching.watches(street, 124)
    frozen = street(watching.at)

    def only_left_lives(at):
        pixels = frozen.copy()
        pixels[:, :300] = street(at)[:, :300]
        return pixels

    watching.watches(only_left_lives, 3 * PERIOD_S)
    assert watching.faults == ["frozen"]
    watching.watches(lambda at: shifted(street(at), 20), 66)
    assert watching.faults == ["moved"]


def test_a_camera_that_is_all_mask_is_not_judged(tmp_path):
    watching = Watching(tmp_path, masks=(((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)),))
    watching.watches(street, 20)
    assert watching.news == []


def test_no_reference_holds_what_a_mask_hides_and_a_new_mask_is_taught_anew(watching, tmp_path):
    left = (((0.0, 0.0), (0.5, 0.0), (0.5, 1.0), (0.0, 1.0)),)
    again = Watching(tmp_path, masks=left, begins=watching.at)
    again.watches(lambda at: shifted(street(at), 40), 130)
    assert again.ever == set()
    kept = cv2.imread(str(tmp_path / "aim" / "CAM-07" / "day.png"), cv2.IMREAD_GRAYSCALE)
    assert kept[:, :78].std() < 2
    assert kept[:, 84:].std() > 10


def test_a_camera_aimed_anew_is_told_until_it_is_taught_anew(watching, tmp_path):
    def aimed_anew(at):
        return shifted(street(at), 30)

    watching.watches(aimed_anew, 70)
    assert watching.faults == ["moved"]
    assert AimBook(tmp_path / "aim").forget("CAM-07")
    watching.watches(aimed_anew, 130)
    assert watching.faults == []
    watching.watches(street, 70)
    assert watching.faults == ["moved"]


def test_nothing_is_taught_while_the_picture_is_in_doubt(tmp_path):
    watching = Watching(tmp_path)
    watching.watches(hand, 130)
    assert watching.faults == ["covered"]
    assert AimBook(tmp_path / "aim").stamp("CAM-07") is None


def test_a_disk_that_refuses_the_reference_stops_nothing(tmp_path):
    (tmp_path / "aim").write_text("a file where the folder should be")
    watching = Watching(tmp_path)
    watching.watches(street, 130)
    watching.watches(lambda at: shifted(street(at), 30), 66)
    assert watching.faults == ["moved"]


@pytest.mark.parametrize(
    "content", ["", "{}", "[]", '{"masks": 1, "extents": 3}', '{"masks": "", "extents": {}, "day": {}}']
)
def test_a_damaged_reference_is_no_reference(watching, tmp_path, content):
    (tmp_path / "aim" / "CAM-07" / "aim.json").write_text(content)
    assert AimBook(tmp_path / "aim").load("CAM-07", "").references == {}
    watching.watches(street, 4)
    assert watching.ever == set()


@pytest.mark.parametrize("error_s", [86_400.0, -86_400.0, 7.5])
def test_a_clock_that_is_wrong_for_a_minute_is_told_and_clears_by_itself(watching, error_s):
    began = watching.at
    watching.watches(street, 58, clock_error_s=error_s)
    assert watching.faults == []
    watching.watches(street, 8, clock_error_s=error_s)
    assert watching.faults == ["clock"]
    (fault,) = watching.news[-1].faults
    assert (fault.value, fault.threshold) == (abs(error_s), 5)
    assert fault.since - began == timedelta(seconds=PERIOD_S)
    watching.watches(street, 10, clock_error_s=4.0)
    assert watching.faults == ["clock"]
    watching.watches(street, 4, clock_error_s=0.2)
    assert watching.faults == []


def test_of_a_clock_that_is_nearly_right_or_that_nobody_tells_nothing_is_said(watching):
    watching.watches(street, 70, clock_error_s=4.5)
    watching.watches(street, 70)
    assert watching.ever == set()
    assert "clock" not in watching.evidence


def test_what_a_camera_once_said_of_its_clock_is_not_held_against_it_for_ever(watching):
    watching.watches(street, 66, clock_error_s=900.0)
    watching.watches(street, 50)
    assert watching.faults == ["clock"]  # reports may be rare
    watching.watches(street, 14)
    assert watching.faults == []


def test_a_wrong_clock_does_not_keep_a_camera_from_learning_how_it_looks(tmp_path):
    watching = Watching(tmp_path)
    watching.watches(street, 126, clock_error_s=3600.0)
    assert watching.faults == ["clock"]
    assert AimBook(tmp_path / "aim").load("CAM-07", "").references.keys() == {"day"}


def test_every_capture_tells_by_what_it_was_judged(watching):
    assert watching.evidence.keys() == {"frozen", "black", "covered", "blurred", "moved", "turned", "resolution"}
    assert all(one.since is None and not one.is_fault for one in watching.evidence.values())
    began = watching.at
    watching.watches(hand, 6)
    assert watching.evidence.keys() == {"black", "covered", "resolution"}
    covered = watching.evidence["covered"]
    assert covered.value < covered.threshold == 6
    assert (covered.since, covered.is_fault) == (began + timedelta(seconds=PERIOD_S), False)
    watching.watches(hand, 8)
    assert watching.evidence["covered"].is_fault
    watching.watches(street, 4)
    assert watching.evidence["covered"].since is None


def test_a_fault_that_a_capture_cannot_speak_of_keeps_the_evidence_it_was_told_with(watching):
    watching.watches(lambda at: shifted(street(at), 30), 66)
    told = watching.evidence["moved"]
    assert (told.is_fault, told.value > told.threshold) == (True, True)
    watching.watches(hand, 6)
    assert watching.evidence["moved"].is_fault


def test_forgetting_what_was_never_taught_says_so(tmp_path):
    assert not AimBook(tmp_path / "aim").forget("CAM-07")
