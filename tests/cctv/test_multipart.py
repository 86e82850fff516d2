"""Cutting a multipart stream, in whatever pieces it arrives."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cctv.faults import Broken
from cctv.multipart import parts

bodies = st.lists(st.binary(min_size=1, max_size=60).filter(lambda b: b"--batas" not in b), min_size=1, max_size=5)


def stream(shown, *, has_length):
    out = b""
    for body in shown:
        length = f"Content-Length: {len(body)}\r\n" if has_length else ""
        out += f"--batas\r\nContent-Type: image/jpeg\r\n{length}\r\n".encode() + body + b"\r\n"
    return out + b"--batas--\r\n"


def chopped(data, sizes):
    at = 0
    for size in sizes:
        yield data[at : at + size]
        at += size
    yield data[at:]


@given(bodies, st.lists(st.integers(1, 40), max_size=40), st.booleans())
def test_every_part_comes_out_whole_however_the_stream_is_chopped(shown, sizes, has_length):
    data = stream(shown, has_length=has_length)
    assert list(parts(chopped(data, sizes), "--batas", 1000)) == shown


def test_a_part_with_a_boundary_inside_is_whole_when_its_length_is_said():
    body = b"\xff\xd8--batas\xff\xd9"
    assert list(parts([stream([body], has_length=True)], '"batas"', 1000)) == [body]


@pytest.mark.parametrize("has_length", [True, False])
def test_a_part_larger_than_allowed_is_refused_before_it_is_whole(has_length):
    data = stream([b"x" * 5000], has_length=has_length)[:3000]
    with pytest.raises(Broken, match="too_large"):
        list(parts([data], "batas", 1000))


def test_a_stream_without_any_part_is_not_kept_for_ever():
    with pytest.raises(Broken, match="garbled"):
        list(parts([b"x" * 1000] * 50, "batas", 1000))


@given(st.lists(st.binary(max_size=300), max_size=20))
def test_noise_gives_parts_or_one_fault(chunks):
    try:
        fault = None if all(isinstance(part, bytes) for part in parts(chunks, "b", 200)) else "no bytes"
    except Broken as error:
        fault = error.fault
    assert fault in {None, "garbled", "too_large"}


def test_a_body_of_unknown_length_is_searched_once_and_not_anew_with_each_chunk(monkeypatch):
    looked = []

    class Counting(bytearray):
        """Counts the bytes it is searched through."""

        def find(self, what, start=0):
            """As ever."""
            found = super().find(what, start)
            looked.append((found if found >= 0 else len(self)) - start)
            return found

    monkeypatch.setattr("cctv.multipart.bytearray", Counting, raising=False)
    data = stream([b"x" * 50_000], has_length=False)
    assert list(parts(chopped(data, [500] * 100), "batas", 100_000)) == [b"x" * 50_000]
    assert sum(looked) < 2 * len(data)
