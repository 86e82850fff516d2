"""A zoo of faults, all in one fleet at once: each is told for what it is, and none of the others notices."""

from datetime import timedelta

import pytest
from fake_camera import PASSWORD, USER
from zoo.visitors import ANIMALS, NAME, OTHER_PASSWORD, PERIOD_S, RARE, WRONG, visit

from cctv.faults import FAULTS

pytestmark = pytest.mark.slow
LOST = [name for name, fault in WRONG.items() if fault]


@pytest.fixture(scope="module")
def diary(tmp_path_factory):
    return visit(tmp_path_factory.mktemp("zoo"))


def test_the_zoo_holds_every_fault():
    assert WRONG.keys() == ANIMALS.keys()
    assert len(WRONG) >= 16


@pytest.mark.parametrize("number", range(6))
def test_the_intervals_of_the_good_cameras_stay_within_a_tenth(diary, number):
    begin, end = diary.moments["begin"] + 2 * PERIOD_S, diary.moments["end"]
    slack = diary.slack_s(begin, end) - 0.6
    assert diary.interval_s(f"good {number}", begin, end) == pytest.approx(PERIOD_S, abs=0.1 * PERIOD_S + slack)
    assert [health for _, health, _ in diary.said(f"good {number}", diary.moments["begin"])] == ["ok"]


@pytest.mark.parametrize("name", LOST)
def test_a_camera_that_falls_ill_is_shown_as_lost_within_six_seconds(diary, name):
    again = diary.moments["again"]
    lost_s = next(at for at, health, _ in diary.said(name, again) if health == "lost")
    assert lost_s <= 6 + diary.slack_s(again, again + lost_s)


@pytest.mark.parametrize("name", LOST)
def test_what_is_wrong_is_told_by_its_name_and_the_operator_reads_what_to_try(diary, name):
    told = [fault for _, health, fault in diary.said(name, diary.moments["begin"], diary.moments["ill"])]
    assert told[-1] == WRONG[name]
    for words in (FAULTS[WRONG[name]].id, FAULTS[WRONG[name]].en):
        what_is_wrong, _, what_to_try = words.partition("; ")
        assert what_is_wrong
        assert what_to_try


@pytest.mark.parametrize("name", ANIMALS)
def test_it_is_well_again_within_five_seconds_of_its_return(diary, name):
    returned = diary.returns[name]
    first = min(at for at, captured in diary.pictures[name] if captured > diary.moments["return_utc"])
    assert first - returned <= 5 + diary.slack_s(returned, first)
    assert diary.said(name, diary.moments["begin"], diary.moments["again"])[-1][1] == "ok"


def test_a_frozen_picture_is_told_with_its_third_capture_though_its_clock_runs(diary):
    begin, ill = diary.moments["begin"], diary.moments["ill"]
    at, verdict = next((at, one) for at, one in diary.verdicts if one.camera == "freezes" and one.faults)
    (fault,) = verdict.faults
    assert (fault.kind, at < ill) == ("frozen", True)
    captures = [captured for _, captured in diary.pictures["freezes"] if captured <= verdict.at]
    assert len(captures) <= 3
    assert verdict.at - fault.since < timedelta(seconds=1.5 * PERIOD_S + diary.slack_s(begin, ill))
    assert {health for _, health, _ in diary.said("freezes", begin, ill)} == {"ok"}


def test_a_camera_with_a_keyframe_every_twenty_seconds_is_never_lost_and_says_how_it_is_read(diary):
    said = [health for _, health, _ in diary.said(RARE, diary.moments["begin"], diary.moments["ill"])]
    assert (said[0], said[-1]) == ("ok", "ok")
    assert "lost" not in said
    assert (diary.rare.rung, diary.rare.rung_reason) == ("decode", "rare_keyframes")


def test_a_clock_a_day_off_makes_no_picture_older_or_younger_and_is_told(diary):
    offsets = [(at - diary.moments["return"], captured) for at, captured in diary.pictures["clock a day off"]]
    ages = [abs(captured - diary.moments["return_utc"] - timedelta(seconds=at)) for at, captured in offsets]
    slack = diary.slack_s(diary.moments["begin"], diary.moments["end"])
    assert max(ages) < timedelta(seconds=PERIOD_S + 1 + slack)
    assert diary.statuses["clock a day off"].clock_error_s == pytest.approx(86_400, abs=1 + slack)
    begin, ill = diary.moments["begin"], diary.moments["ill"]
    assert [health for _, health, _ in diary.said("clock a day off", begin, ill)] == ["ok"]


def test_the_status_file_tells_by_what_each_picture_is_judged(diary):
    signs = {sign.kind: sign for sign in diary.statuses["clock a day off"].signs}
    assert signs.keys() >= {"frozen", "black", "covered", "clock"}
    assert (signs["clock"].threshold, signs["clock"].is_fault) == (5, False)
    assert signs["clock"].value == pytest.approx(86_400, abs=60)
    assert signs["clock"].since is not None
    assert {sign.kind: sign.since for sign in diary.statuses["good 0"].signs}["black"] is None


def test_nothing_is_logged_over_and_over_and_never_with_a_secret(diary):
    lost = [line for line in diary.logs if line["event"] == "camera_lost"]
    assert len({(line["camera"], line["fault"]) for line in lost}) == len(lost)
    assert not any(secret in str(diary.logs) for secret in (PASSWORD, OTHER_PASSWORD, USER, "127.0.0", NAME))


def test_no_thread_and_no_connection_is_left_behind(diary):
    before, after = diary.leaks
    assert not diary.leaked(after, before), (before, after)
