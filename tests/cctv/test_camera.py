"""The contract of a source, over all there are: one error, in time, without a secret."""

import time

import pytest
from fake_camera import PASSWORD, USER, garbage

from cctv.camera import discover_sources
from geodata.errors import CameraLost

SOURCES = discover_sources()
JUNK = ["", "x", "://", "{scheme}:", "{scheme}://", "{scheme}:///\0", "{scheme}://[", "{scheme}://127.0.0.1:1/x",
        "{scheme}://127.0.0.1:99999/", "{scheme}://{{user}}:{{password}}/", "{scheme}://127.0.0.1:{port}/a\nb",
        "{scheme}://127.0.0.1:{port}/?{{password}}", "{scheme}:///etc/passwd"]  # fmt: skip
JUNK_OF_EACH = [
    (kind, url.replace("{scheme}", scheme))
    for kind, source in SOURCES.found.items()
    for scheme in source.schemes
    for url in JUNK
    if scheme != "sim"  # any sim: URL is a street
]


def test_every_source_of_ours_is_found():
    ours = {"rtsp", "http_jpeg", "mjpeg", "hls", "http_flv", "rtmp", "mpegts", "file", "simulated"}
    assert set(SOURCES.found) == ours
    assert not SOURCES.broken


@pytest.mark.parametrize(("kind", "url"), JUNK_OF_EACH)
def test_junk_is_one_error_in_time_and_tells_no_secret(fake, reach_to, tmp_path, kind, url):
    said = url.format(port=fake(garbage).port)
    reach = reach_to(said, kind, username=USER, password=PASSWORD, folders=(tmp_path,), open_timeout_s=0.5)
    began = time.monotonic()
    with pytest.raises(CameraLost, match=r"^camera CAM-07: ") as lost, SOURCES.found[kind].open(reach) as pictures:
        next(pictures)
    assert time.monotonic() - began < 15
    told = f"{lost.value!r} {lost.value.__context__!r} {lost.value.__cause__!r} {reach!r}"
    assert not any(secret in told for secret in (USER, PASSWORD, "127.0.0.1", "%40"))
