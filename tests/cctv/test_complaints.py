"""The same trouble once a minute, with a count."""

from cctv.complaints import Complaints


def test_the_same_trouble_is_said_once_a_minute_with_its_count():
    complaints = Complaints()
    said = [complaints.times("CAM-07", "refused", float(second)) for second in range(0, 130, 10)]
    assert said == [1, 0, 0, 0, 0, 0, 6, 0, 0, 0, 0, 0, 6]


def test_another_trouble_and_another_camera_are_said_at_once():
    complaints = Complaints()
    assert complaints.times("CAM-07", "refused", 0.0) == 1
    assert complaints.times("CAM-07", "timed_out", 0.0) == 1
    assert complaints.times("CAM-08", "refused", 0.0) == 1


def test_what_it_remembers_is_bounded():
    complaints = Complaints()
    for number in range(20_000):
        complaints.times(f"CAM-{number}", "refused", 0.0)
    assert len(complaints._said) <= 5000
