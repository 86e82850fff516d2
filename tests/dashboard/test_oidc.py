"""Signing in through the city's own provider, a real one on 127.0.0.1; what is not right about it lets nobody in."""

import orjson
import pytest
import requests
import structlog
from joserfc.jwk import RSAKey

from dashboard.app import lay_foundation
from dashboard.config import LayarSettings, parse_settings
from dashboard.oidc_settings import OidcRoles, OidcSettings, client_secret
from dashboard.users import FILE_NAME, UserBook
from geodata.errors import BadSettings
from tests.dashboard.conftest import NOW
from tests.dashboard.oidc_provider import CLIENT, SECRET, SUBJECT, LocalProvider

WORDS = "sungai mahakam pasang"
OURS = {"Sec-Fetch-Site": "same-origin"}
ROLES = OidcRoles(admin=("112-admin",), operator=("112-operator",), head=("opd",), visitor=("tamu",))


@pytest.fixture(scope="module")
def listening():
    provider = LocalProvider().start()
    yield provider
    provider.stop()


@pytest.fixture
def provider(listening):
    """Honest at first."""
    listening.person = {"sub": SUBJECT, "preferred_username": "rina", "groups": ["112-operator"]}
    listening.cheat, listening.sign, listening.is_down = (lambda claims: claims), listening.signed, False
    listening.shown = [listening.key]
    listening.asked.clear()
    return listening


@pytest.fixture
def city(make_city, provider, tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "oidc-secrets.toml").write_text(f'client_secret = "{SECRET}"')
    (folder / "oidc-secrets.toml").chmod(0o600)
    settings = OidcSettings(
        issuer=provider.issuer, client_id=CLIENT, url="http://localhost", name="Akun Kota", agency_claim="opd.kode",
        roles=ROLES,
    )  # fmt: skip
    city = make_city(folder=folder, oidc=settings)
    provider.now = lambda: city.watch().timestamp()
    return city


def there_and_back(client, home="/office"):
    """As a browser goes: to us, to the provider, and back to us with what it was given."""
    away = client.get(f"/login/oidc?next={home}")
    assert away.status_code == 303, away.text
    back = requests.get(away.location, allow_redirects=False, timeout=10).headers["Location"]
    return client.get(back.removeprefix("http://localhost"))


def test_a_person_comes_in_through_the_provider_with_the_role_of_their_group(city):
    client = city.client()
    assert "Masuk lewat Akun Kota" in client.get("/login").text
    answer = there_and_back(client, "/wall?grid=9")
    assert answer.status_code == 200
    assert answer.headers["Refresh"] == "0; url=/wall?grid=9"
    assert "rina" in answer.text
    assert client.get("/api/v1/quarantine").status_code == 200
    assert client.get("/api/v1/audit").status_code == 403
    assert client.get_cookie("layar-away") is None
    (user,) = UserBook(city.folder / FILE_NAME).users()
    assert (user.name, user.role, user.hash) == ("rina", "operator", "")
    assert any(row.action == "sign-in" and row.who == "rina" for row in city.services.audit.newest(5))


def test_without_a_provider_there_is_no_button_and_no_route(make_city):
    city = make_city()
    assert "/login/oidc" not in city.client().get("/login").text
    assert city.get("/login/oidc").status_code == 404
    assert city.get("/login/oidc/callback").status_code == 404


CHEATS = {
    "nonce": lambda claims: {**claims, "nonce": "another"},
    "no nonce": lambda claims: {key: value for key, value in claims.items() if key != "nonce"},
    "audience": lambda claims: {**claims, "aud": "somebody-else"},
    "audiences": lambda claims: {**claims, "aud": [CLIENT, "somebody-else"], "azp": "somebody-else"},
    "issuer": lambda claims: {**claims, "iss": "https://evil.example"},
    "expired": lambda claims: {**claims, "exp": claims["iat"] - 300},
    "future": lambda claims: {**claims, "iat": claims["iat"] + 3_600, "nbf": claims["iat"] + 3_600},
    "nobody": lambda claims: {key: value for key, value in claims.items() if key != "sub"},
    "endless": lambda claims: {**claims, "sub": "x" * 300},
    "another's access": lambda claims: {**claims, "at_hash": "AAAA"},
}


def test_a_token_that_is_not_for_us_now_opens_nothing(city, provider):
    for what, cheat in CHEATS.items():
        provider.cheat = cheat
        _refused(city, what)


def test_a_token_that_no_key_of_the_provider_signed_opens_nothing(city, provider):
    stranger = RSAKey.generate_key(2048, {"kid": provider.key.kid})
    forgeries = {
        "unsigned": provider.unsigned,
        "by a public word": provider.signed_with_our_own_word,
        "by a stranger": lambda claims: provider.signed(claims, stranger),
        "changed": lambda claims: provider.signed(claims)[:-4] + "AAAA",
        "no token": lambda _claims: "x",
    }
    for what, forged in forgeries.items():
        provider.sign = forged
        _refused(city, what)


def _refused(city, what) -> None:
    client = city.client()
    with structlog.testing.capture_logs() as lines:
        answer = there_and_back(client)
    assert (what, answer.status_code) == (what, 403)
    assert any(line.get("reason", "").startswith("id_token") for line in lines), what
    assert "tidak selesai" in answer.text
    assert client.get("/live").status_code == 401
    assert not UserBook(city.folder / FILE_NAME).users()
    assert SECRET not in orjson.dumps(lines, default=str).decode()
    city.watch.forward(1)


def test_a_key_that_the_provider_changed_is_asked_for_anew_and_the_old_one_is_worth_nothing(city, provider):
    assert there_and_back(city.client()).status_code == 200
    old = provider.key
    provider.rotate()
    city.watch.forward(31)
    assert there_and_back(city.client()).status_code == 200
    provider.sign = lambda claims: provider.signed(claims, old)
    assert there_and_back(city.client()).status_code == 403


def test_only_the_browser_that_left_comes_back_and_only_once_and_soon(city):
    client, other = city.client(), city.client()
    away = client.get("/login/oidc")
    back = requests.get(away.location, allow_redirects=False, timeout=10).headers["Location"]
    path = back.removeprefix("http://localhost")
    assert other.get(path).status_code == 403
    other.get("/login/oidc")
    assert other.get(path).status_code == 403
    wrong_state = city.client()
    wrong_state.get("/login/oidc")
    city.watch.forward(2)
    assert wrong_state.get("/login/oidc/callback?code=x&state=é").status_code == 403
    late = client.get_cookie("layar-away").value
    city.watch.forward(601)
    assert client.get(path).status_code == 403
    client.set_cookie("layar-away", late[:-3] + "AAA")
    assert client.get(path).status_code == 403
    assert client.get("/live").status_code == 401


def test_who_left_in_english_is_spoken_to_in_english_on_the_way_back_too(city, provider):
    welcome = there_and_back(city.client(), "/office&lang=en").text
    assert 'lang="en"' in welcome
    assert "You are signed in as" in welcome
    provider.person = {"sub": SUBJECT, "groups": []}
    refused = there_and_back(city.client(), "/office&lang=en").text
    assert "has no role" in refused
    assert 'href="/login?lang=en"' in refused
    assert "tidak selesai" in city.client().get("/login/oidc/callback?code=x").text


def test_what_travels_with_the_browser_cannot_be_read_and_goes_to_no_script(city):
    client = city.client()
    away = client.get("/login/oidc?next=/office")
    cookie = away.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    state = away.location.partition("state=")[2].partition("&")[0]
    assert state not in cookie
    assert "office" not in cookie
    assert SECRET not in cookie + away.location


def test_a_provider_that_is_down_is_said_so_and_passwords_go_on(city, provider):
    UserBook(city.folder / FILE_NAME).create(name="budi", role="admin", password=WORDS, now=NOW)
    provider.is_down = True
    answer = city.client().get("/login/oidc")
    assert answer.status_code == 503
    assert "Akun Kota tidak terjangkau" in answer.text
    asked = len(provider.asked)
    assert city.client().get("/login/oidc").status_code == 503
    assert len(provider.asked) == asked
    client = city.client()
    said = {"name": "budi", "token": WORDS}
    assert client.post("/login", data=said, headers=OURS).status_code == 303
    provider.is_down = False
    city.watch.forward(6)
    assert there_and_back(city.client()).status_code == 200


def test_a_role_follows_the_group_at_the_next_sign_in_and_ends_the_sessions_before(city, provider):
    before = city.client()
    there_and_back(before)
    provider.person = {**provider.person, "groups": ["112-admin", "112-operator"]}
    admin = city.client()
    there_and_back(admin)
    assert admin.get("/api/v1/audit").status_code == 200
    assert before.get("/live").status_code == 401
    provider.person = {**provider.person, "groups": ["dinas"]}
    answer = there_and_back(city.client())
    assert answer.status_code == 403
    assert "tidak punya peran" in answer.text
    assert admin.get("/live").status_code == 401


def test_a_head_is_let_in_with_their_agency_only(city, provider):
    provider.person = {**provider.person, "groups": ["opd"]}
    assert there_and_back(city.client()).status_code == 403
    provider.person = {**provider.person, "opd": {"kode": "damkar"}}
    assert there_and_back(city.client()).status_code == 200
    assert UserBook(city.folder / FILE_NAME).named("rina").agency == "damkar"


def test_nobody_becomes_another_by_a_name_chosen_elsewhere(city, provider):
    UserBook(city.folder / FILE_NAME).create(name="budi", role="admin", password=WORDS, now=NOW)
    for name in ("Budi", "admin-2", "<script>", ""):
        provider.person = {**provider.person, "preferred_username": name}
        answer = there_and_back(city.client())
        assert (name, answer.status_code) == (name, 403)
        assert "Minta bantuan admin" in answer.text
        city.watch.forward(1)
    assert len(UserBook(city.folder / FILE_NAME).users()) == 1


def test_who_is_disabled_here_stays_out_though_the_provider_vouches(city):
    client = city.client()
    there_and_back(client)
    UserBook(city.folder / FILE_NAME).set_disabled("rina", is_disabled=True)
    assert client.get("/live").status_code == 401
    assert "dinonaktifkan" in there_and_back(city.client()).text


@pytest.mark.parametrize(
    "lines",
    [
        'issuer = "http://sso.example"',
        'issuer = "https://sso.example"\nclient_id = "x"\nurl = "https://layar.example"',
        'issuer = "https://sso.example"\nurl = "https://layar.example"\n[oidc.roles]\nadmin = ["a"]',
        'issuer = "https://sso.example"\nclient_id = "x"\nurl = "http://layar.example"\n[oidc.roles]\nadmin = ["a"]',
        'issuer = "https://a:b@sso.example"\nclient_id = "x"\nurl = "https://layar.example"',
    ],
)
def test_settings_of_a_provider_that_cannot_work_are_refused(lines):
    with pytest.raises(BadSettings):
        parse_settings(f"[oidc]\n{lines}", "layar.toml")


def test_the_secret_lies_in_a_file_that_only_its_owner_reads(tmp_path):
    path = tmp_path / "oidc-secrets.toml"
    assert client_secret(tmp_path, {}) is None
    path.write_text(f'client_secret = "{SECRET}"')
    path.chmod(0o644)
    with pytest.raises(BadSettings, match="chmod 600"):
        client_secret(tmp_path, {})
    path.chmod(0o600)
    assert client_secret(tmp_path, {}) == SECRET
    assert client_secret(tmp_path, {"LAYAR_OIDC_SECRET": "another"}) == "another"


def test_a_server_does_not_start_with_a_secret_that_others_may_read(tmp_path):
    (tmp_path / "oidc-secrets.toml").write_text(f'client_secret = "{SECRET}"')
    (tmp_path / "oidc-secrets.toml").chmod(0o644)
    oidc = OidcSettings(issuer="https://sso.example", client_id="x", url="https://layar.example", roles=ROLES)
    with pytest.raises(BadSettings, match="chmod 600"):
        lay_foundation(LayarSettings(oidc=oidc), tmp_path)
