"""Two minutes in memory, a few pictures of each camera, and a bound on all of them."""

from datetime import timedelta

from cctv.archive_recent import Recent, Shot

SPAN = timedelta(seconds=120)


def shot(now, seconds, size=10):
    return Shot(captured_at=now + timedelta(seconds=seconds), jpeg=b"x" * size)


def test_four_pictures_a_span_are_wanted_and_older_ones_are_let_go(now):
    recent = Recent(SPAN)
    taken = [
        s for s in range(0, 301, 2) if recent.wants("A", shot(now, s).captured_at) and not recent.add("A", shot(now, s))
    ]
    assert taken == list(range(0, 301, 30))
    held = recent.between("A", now, now + timedelta(hours=1))
    assert [one.captured_at for one in held] == [shot(now, s).captured_at for s in (180, 210, 240, 270, 300)]


def test_a_camera_that_died_is_forgotten_in_time(now):
    recent = Recent(SPAN)
    recent.add("A", shot(now, 0))
    recent.forget(now + SPAN)
    assert recent.between("A", now, now + SPAN)
    recent.forget(now + SPAN + timedelta(seconds=1))
    assert not recent.between("A", now, now + SPAN)


def test_an_end_is_not_included(now):
    recent = Recent(SPAN)
    recent.add("A", shot(now, 0))
    assert not recent.between("A", now - SPAN, now)
    assert not recent.between("B", now, now + SPAN)


def test_all_cameras_together_stay_within_the_bound_and_the_oldest_goes_first(now):
    recent = Recent(SPAN, most_bytes=50)
    for second, camera in enumerate("ABCDEFG"):
        recent.add(camera, shot(now, second))
    assert [c for c in "ABCDEFG" if recent.between(c, now, now + SPAN)] == list("CDEFG")


def test_without_a_span_nothing_is_wanted(now):
    assert not Recent(timedelta()).wants("A", now)
