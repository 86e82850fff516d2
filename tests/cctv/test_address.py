"""A camera's URL taken apart and put together."""

import pytest

from cctv.address import address_of, pinned_url
from cctv.faults import Broken


@pytest.mark.parametrize(
    ("url", "host", "port", "target"),
    [
        ("rtsp://10.0.0.7/1", "10.0.0.7", 554, "/1"),
        ("http://kamera.local:8080/a b?x=1&y=ü", "kamera.local", 8080, "/a%20b?x=1&y=%C3%BC"),
        ("https://[fe80::1]/s.jpg", "fe80::1", 443, "/s.jpg"),
        ("http://10.0.0.7", "10.0.0.7", 80, "/"),
    ],
)
def test_a_url_is_taken_apart(reach_to, url, host, port, target):
    address = address_of(reach_to(url))
    assert (address.host, address.port, address.target) == (host, port, target)


def test_credentials_join_the_url_only_for_ffmpeg_and_are_quoted(reach_to):
    reach = reach_to("rtsp://10.0.0.7/1?a=b", username="pe@ngawas", password="r/a:h")  # noqa: S106
    assert pinned_url(reach) == "rtsp://pe%40ngawas:r%2Fa%3Ah@10.0.0.7/1?a=b"


def test_places_in_the_url_take_the_credentials_instead(reach_to):
    reach = reach_to("rtsp://10.0.0.7/user={user}_password={password}", username="a", password="b&c")  # noqa: S106
    assert pinned_url(reach) == "rtsp://10.0.0.7/user=a_password=b%26c"


def test_nothing_that_holds_a_secret_shows_it(reach_to):
    reach = reach_to("http://10.0.0.7/?p={password}", username="pengawas", password="rahasia")  # noqa: S106
    assert "rahasia" not in repr(reach) + repr(address_of(reach)) + repr(reach.camera)
    assert "10.0.0.7" not in repr(reach) + repr(address_of(reach)) + repr(reach.camera)


@pytest.mark.parametrize("url", ["", "kamera", "http://", "gopher://x/1", "http://x:99999/", "http://[::1/"])
def test_what_is_no_address_is_a_fault(reach_to, url):
    with pytest.raises(Broken):
        address_of(reach_to(url))


def test_ffmpeg_is_given_the_address_that_was_checked(reach_to):
    reach = reach_to("rtsp://localhost:8554/1", username="u", password="p")  # noqa: S106
    assert pinned_url(reach) in {"rtsp://u:p@127.0.0.1:8554/1", "rtsp://u:p@[::1]:8554/1"}
    with pytest.raises(Broken, match="forbidden_address"):
        pinned_url(reach_to("rtsp://169.254.169.254/1"))
