"""The ladder: the cheapest way that works, a step down with its reason, and the cheaper one again later."""

import time
from dataclasses import replace
from itertools import count

import pytest
from fake_camera import PASSWORD, USER, FakeCamera, gives, guarded, jpeg, mute, picture, says
from rtsp_farm import Clip

from cctv.camera import Snapshot
from cctv.ladder import open_ladder
from cctv.rungs import FIRST_REASONS, REASONS, RUNGS, Unfit
from cctv.single import SnapshotStep
from cctv.sources.rtsp import SOURCE, open_rtsp
from geodata.clock import utc_now
from geodata.errors import CameraLost


def step(plays, opened=None):
    """A rung that plays: "picture", or an exception; at the end its time is over."""

    class Step:
        def __init__(self, _reach, rung, _until_s):
            if opened is not None:
                opened.append(rung.name)
            if plays and isinstance(plays[0], Exception) and plays[0].args == ("at once",):
                raise Unfit(None, "other_codec")
            self.rung = rung

        def __enter__(self):
            return self

        def __exit__(self, *_):
            pass

        def pictures(self):
            for one in plays:
                if isinstance(one, Exception):
                    raise one
                yield Snapshot(data=b"", captured_at=utc_now(), rung=self.rung)

    return Step


def rungs(reach, steps, number):
    with open_ladder(reach, steps) as pictures:
        return [(one.rung.name, one.rung.reason) for one, _ in zip(pictures, range(number), strict=False)]


def test_every_rung_has_words_and_a_first_reason():
    assert FIRST_REASONS.keys() == RUNGS.keys()
    assert set(FIRST_REASONS.values()) <= REASONS.keys()


def test_the_cheapest_is_taken_and_kept(reach_to):
    steps = {"tap": step(["picture"] * 3), "demux": step(["picture"])}
    assert rungs(reach_to("rtsp://h/1"), steps, 3) == [("tap", "cheapest")] * 3


def test_it_steps_down_with_the_reason_and_climbs_again_once_the_time_is_over(reach_to):
    opened = []
    steps = {
        "tap": step(["picture", Unfit("decode", "rare_keyframes")], opened),
        "demux": step(["picture"], opened),
        "decode": step(["picture", "picture"], opened),
    }
    seen = rungs(reach_to("rtsp://h/1"), steps, 5)
    assert seen[:4] == [("tap", "cheapest"), ("decode", "rare_keyframes"), ("decode", "rare_keyframes"), seen[0]]
    assert opened[:4] == ["tap", "decode", "tap", "decode"]


def test_a_rung_that_cannot_even_be_opened_hands_on_to_the_next(reach_to):
    steps = {"tap": step([Unfit(None, "at once")]), "demux": step([Unfit(None, "at once")]), "decode": step(["p"])}
    steps["tap"] = steps["demux"] = step([ValueError("at once")])
    assert rungs(reach_to("rtsp://h/1"), steps, 1) == [("decode", "other_codec")]


def test_below_the_last_rung_the_camera_is_lost(reach_to):
    with pytest.raises(CameraLost) as lost:
        rungs(reach_to("rtsp://h/1"), {"decode": step([Unfit(None, "rare_keyframes")])}, 2)
    assert lost.value.fault == "garbled"


def test_the_snapshot_rung_is_there_only_for_cameras_with_such_an_address(reach_to):
    steps = {"snapshot": step(["picture"]), "tap": step(["picture"])}
    reach = reach_to("rtsp://h/1", "rtsp")
    assert rungs(reach, steps, 1) == [("tap", "cheapest")]
    listed = replace(reach, camera=replace(reach.camera, snapshot_url="http://h/s.jpg"))
    assert rungs(listed, steps, 1) == [("snapshot", "gives_jpegs")]


@pytest.fixture
def both(rtsp_farm, reach_to):
    """`both(snapshot camera)` → a reach to an RTSP camera that has that snapshot address."""

    def make(snapshots: FakeCamera, **more):
        reach = reach_to(rtsp_farm(1, Clip(gop=8)).url(0), "rtsp", open_timeout_s=10.0, read_timeout_s=10.0, **more)
        return replace(reach, camera=replace(reach.camera, snapshot_url=snapshots.url("/snap.jpg?u={user}")))

    return make


def changing():
    """A camera whose pictures differ."""
    numbers = count()

    def behave(connection, asked):
        gives(jpeg(320, 180, next(numbers) % 200))(connection, asked)

    return behave


def test_a_stream_with_a_snapshot_address_is_read_by_it_with_its_password(fake, both):
    snapshots = fake(guarded("digest", changing()))
    with SOURCE.open(both(snapshots, username=USER, password=PASSWORD)) as pictures:
        taken = [next(pictures) for _ in range(5)]
    assert {(one.rung.name, one.codec) for one in taken} == {("snapshot", "mjpeg")}


@pytest.mark.parametrize("behaviour", [says("404 Not Found"), says("401 No"), gives(b"<html>"),
                                       says("302 Found", extra="Location: /x\r\n")])  # fmt: skip
def test_a_snapshot_address_that_does_not_work_leaves_the_stream(fake, both, behaviour):
    with SOURCE.open(both(fake(behaviour))) as pictures:
        one = next(pictures)
    assert (one.rung.name, one.rung.reason, one.codec) == ("tap", "no_snapshot", "h264")


def test_a_snapshot_that_fails_later_or_stays_the_same_leaves_the_stream_too(fake, both):
    for behaviour, reason in ((changing(), "no_snapshot"), (picture, "same_snapshot")):
        snapshots = fake(behaviour)
        with SOURCE.open(both(snapshots)) as pictures:
            seen = [next(pictures).rung]
            if reason == "no_snapshot":
                snapshots.behave = says("500 Internal Server Error")
            while seen[-1].name == "snapshot":
                seen.append(next(pictures).rung)
        assert (seen[-1].name, seen[-1].reason) == ("tap", reason)
        assert len(seen) <= 6


def test_the_snapshot_has_another_chance_later(fake, both):
    snapshots = fake(says("503 Busy"))
    with open_rtsp(both(snapshots), held_s=1.0) as pictures:
        assert next(pictures).rung.name == "tap"
        snapshots.behave = changing()
        end = time.monotonic() + 30
        while next(pictures).rung.name == "tap":
            assert time.monotonic() < end


def test_where_neither_works_the_stream_says_why(fake, reach_to):
    reach = reach_to(fake(mute).url("/1", "rtsp"), "rtsp")
    reach = replace(reach, camera=replace(reach.camera, snapshot_url=fake(says("404 No")).url()))
    with pytest.raises(CameraLost) as lost, SOURCE.open(reach):
        pass
    assert lost.value.fault == "timed_out"


def test_a_snapshot_step_passes_the_jpeg_on_as_it_came(fake, reach_to):
    body = jpeg(320, 180)
    reach = reach_to("rtsp://h/1", "rtsp")
    listed = replace(reach, camera=replace(reach.camera, snapshot_url=fake(gives(body)).url()))
    assert rungs(listed, {"snapshot": SnapshotStep}, 1) == [("snapshot", "gives_jpegs")]
    with open_ladder(listed, {"snapshot": SnapshotStep}) as pictures:
        assert next(pictures).data == body
