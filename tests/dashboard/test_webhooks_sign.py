"""Signatures: only who knows the secret, only now, only these bytes."""

import base64
import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.webhooks_sign import WINDOW_S, new_secret, sign, verified

EXAMPLE = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
SECRET, OTHER, NOW_S = new_secret(), new_secret(), 1_795_000_000


def test_what_is_signed_is_as_the_public_standard_has_it():
    headers = sign(EXAMPLE, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_message_of_who_knows_the_secret_is_taken_also_beside_another_signature():
    headers = sign(SECRET, "m-1", NOW_S, b"body")
    assert verified(SECRET, headers, b"body", NOW_S).id == "m-1"
    both = {**headers, "webhook-signature": f"v1,AAAA {headers['webhook-signature']} v2,x"}
    assert verified(SECRET, both, b"body", NOW_S)
    assert verified(SECRET, {name.title(): value for name, value in headers.items()}, b"body", NOW_S)


@pytest.mark.parametrize("late_s", [WINDOW_S + 1, -WINDOW_S - 1])
def test_an_old_message_and_one_from_the_future_are_refused(late_s):
    assert verified(SECRET, sign(SECRET, "m", NOW_S, b"x"), b"x", NOW_S + late_s) is None


@pytest.mark.parametrize("name", ["webhook-id", "webhook-timestamp", "webhook-signature"])
def test_a_message_without_or_with_another_header_is_refused(name):
    headers = sign(SECRET, "m", NOW_S, b"x")
    assert verified(SECRET, {**headers, name: "7"}, b"x", NOW_S) is None
    del headers[name]
    assert verified(SECRET, headers, b"x", NOW_S) is None


@given(body=st.binary(max_size=60), more=st.binary(min_size=1, max_size=9))
def test_other_bytes_and_another_secret_are_refused(body, more):
    headers = sign(SECRET, "m", NOW_S, body)
    assert verified(SECRET, headers, body + more, NOW_S) is None
    assert verified(OTHER, headers, body, NOW_S) is None


@given(values=st.lists(st.text(max_size=40), min_size=3, max_size=3))
def test_any_headers_are_survived(values):
    names = ("webhook-id", "webhook-timestamp", "webhook-signature")
    assert verified(SECRET, dict(zip(names, values, strict=True)), b"x", NOW_S) is None


def test_the_digest_is_hmac_sha256_of_id_time_and_body():
    key = base64.b64decode(SECRET.removeprefix("whsec_"))
    wanted = hmac.new(key, b"m.5.x", hashlib.sha256).digest()
    assert base64.b64decode(sign(SECRET, "m", 5, b"x")["webhook-signature"].removeprefix("v1,")) == wanted
