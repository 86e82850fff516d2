"""Answers to challenges, against the examples of the RFCs."""

from hypothesis import given
from hypothesis import strategies as st

from cctv.digest import authorization, strongest

MUFASA = (
    'Digest realm="testrealm@host.com", qop="auth,auth-int", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", '
    'opaque="5ccc069c403ebaf9f0171e9517f40e41"'
)


def test_the_example_of_rfc_2617_is_answered_as_it_says():
    challenge = strongest([MUFASA])
    said = authorization(challenge, "GET", "/dir/index.html", "Mufasa", "Circle Of Life", cnonce="0a4f113b")
    assert 'response="6629fae49393a05397450978507c4ef1"' in said
    assert 'opaque="5ccc069c403ebaf9f0171e9517f40e41"' in said
    assert "nc=00000001" in said


def test_the_sha_256_example_of_rfc_7616_is_answered_as_it_says():
    said = 'Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=SHA-256, '
    nonce = (
        'nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"'
    )
    challenge = strongest([said + nonce])
    cnonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"
    said = authorization(challenge, "GET", "/dir/index.html", "Mufasa", "Circle of Life", cnonce=cnonce)
    assert 'response="753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"' in said


def test_an_old_challenge_without_qop_is_answered_without_counting():
    said = authorization(strongest(['Digest realm="r", nonce="n"']), "DESCRIBE", "rtsp://k/1", "u", "p")
    assert "nc=" not in said
    assert "response=" in said


def test_basic_is_answered_and_digest_preferred():
    assert (
        authorization(strongest(["Basic"]), "GET", "/", "Aladdin", "open sesame")
        == "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="
    )
    assert strongest(['Basic realm="x"', MUFASA]).scheme == "digest"


def test_challenges_in_one_line_are_told_apart_whatever_their_order():
    digest, basic = 'Digest realm="a", nonce="n, Basic x", opaque="o"', 'Basic realm="b", charset="UTF-8"'
    alone = strongest([digest])
    assert (alone.realm, alone.nonce, alone.opaque) == ("a", "n, Basic x", "o")
    assert strongest([f"{digest}, {basic}"]) == strongest([f"{basic}, {digest}"]) == alone
    assert strongest([f"Negotiate dG9r==, {digest}"]) == alone
    strong = f'{digest}, Digest realm="c", nonce="m", algorithm=SHA-256'
    assert strongest([strong]).realm == "c"


def test_what_we_cannot_answer_is_no_challenge():
    assert strongest(["Negotiate", "", 'Digest algorithm=SHA-512-256, nonce="x"']) is None


@given(st.lists(st.text(max_size=200)))
def test_no_challenge_is_too_strange_to_read(lines):
    strongest(lines)
