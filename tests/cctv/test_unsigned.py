"""Credentials taken out of a URL, wherever they hide."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cctv.unsigned import unsigned


@pytest.mark.parametrize(
    ("url", "bare", "user", "password"),
    [
        ("rtsp://admin:rahasia@10.0.0.7/1", "rtsp://10.0.0.7/1", "admin", "rahasia"),
        ("rtsp://admin:p%40ss@10.0.0.7:554/1", "rtsp://10.0.0.7:554/1", "admin", "p@ss"),
        ("rtsp://admin:p@ss@10.0.0.7/1", "rtsp://10.0.0.7/1", "admin", "p@ss"),
        ("rtsp://admin@10.0.0.7/1", "rtsp://10.0.0.7/1", "admin", ""),
        (
            "http://10.0.0.7/s.cgi?user=admin&pwd=rahasia",
            "http://10.0.0.7/s.cgi?user={user}&pwd={password}",
            "admin",
            "rahasia",
        ),
        (
            "http://10.0.0.7/s?loginuse=a&loginpas=b&c=1",
            "http://10.0.0.7/s?loginuse={user}&loginpas={password}&c=1",
            "a",
            "b",
        ),
        ("http://10.0.0.7/s?token=abc", "http://10.0.0.7/s?token={password}", "", "abc"),
        (
            "rtsp://10.0.0.7/user=admin_password=rahasia_channel=1_stream=0.sdp",
            "rtsp://10.0.0.7/user={user}_password={password}_channel=1_stream=0.sdp",
            "admin",
            "rahasia",
        ),
        (
            "rtsp://10.0.0.7/user=admin&password=rahasia&channel=1",
            "rtsp://10.0.0.7/user={user}&password={password}&channel=1",
            "admin",
            "rahasia",
        ),
    ],
)
def test_credentials_are_taken_out_and_kept_apart(url, bare, user, password):
    found = unsigned(url)
    assert found.why is None
    assert found.url == bare
    assert (found.credentials.user, found.credentials.password) == (user, password)


@pytest.mark.parametrize(
    "url",
    ["rtsp://10.0.0.7/1", "http://k.id/axis-cgi/jpg/image.cgi?camera=1&monkey=2", "sim:rain", "file:///srv/a.jpg"],
)
def test_a_url_without_credentials_stays_as_it_is(url):
    assert unsigned(url).url == url
    assert unsigned(url).credentials is None


def test_places_that_are_there_already_stay():
    url = "http://10.0.0.7/s?user={user}&pwd={password}"
    assert unsigned(url).url == url
    assert unsigned(url).credentials is None


@pytest.mark.parametrize(
    "url",
    [
        "rtsp://admin:ra/hasia@10.0.0.7/1",
        "rtsp://admin:12/34@10.0.0.7/1",
        "rtsp://admin:12#hasia@10.0.0.7/1",
        "rtsp://admin:12?hasia@10.0.0.7/1",
        "rtsp://admin:satu@10.0.0.7/?password=dua",
        "rtsp://[::1/rahasia",
    ],
)
def test_a_password_that_cannot_be_told_apart_is_refused_without_repeating_it(url):
    found = unsigned(url)
    assert found.why
    assert not found.url
    assert not any(secret in found.why for secret in ("hasia", "34", "satu", "dua"))


safe = st.text(st.characters(codec="ascii", categories=("L", "N")), min_size=4, max_size=12)


@given(safe, safe)
def test_no_password_in_the_usual_places_ever_stays(user, password):
    secret = f"{password}Zq9"
    for url in (f"rtsp://{user}:{secret}@h/1", f"http://h/x?usr={user}&passwd={secret}", f"http://h/x?auth={secret}"):
        assert secret not in unsigned(url).url
