"""Every page there is, on a telephone in Chromium: within its policy, without a complaint, in both languages, legible.

Pages are found on the server itself: whatever answers GET with HTML. Each is opened by the least of the roles that
may; of all other roles the server's own answer is looked at. And the way through the city's own sign-in,
which leads over another site, ends signed in.
"""

import re
import threading
import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from werkzeug.serving import BaseWSGIServer, make_server

from dashboard.oidc_settings import OidcRoles, OidcSettings
from dashboard.page import discover_pages
from geodata.clock import utc_now
from layers.incidents import IncidentReported, Report
from layers.responders import PositionReported, UnitRegistered
from tests.dashboard.conftest import City, ground, make_city  # noqa: F401 — fixtures
from tests.dashboard.oidc_provider import CLIENT, SECRET, LocalProvider
from tests.dashboard.route_table import PAGES, first_requests
from tests.e2e.conftest import CHROMIUM_FLAGS, eventually
from tests.e2e.page_look import texts, weak

UNTIL_S = 60
SETTLES_S = 20
RANKS = ("visitor", "wall", "head", "operator", "supervisor", "admin")
SMALL = {"width": 390, "height": 700}
OWN = frozenset({"/gallery", "/gallery/"})
"""Looked at part by part elsewhere (test_gallery.py)."""
SAME = re.compile(
    r"[\d\W_]*|.*\b112\b.*|LAYAR|[\d.]* ?WITA|\d+ \w+ \d{4} .*WITA|[A-Za-z]{1,3}|n \d.*|Kecamatan|Kelurahan|semua · all"
    r"|.*INC-1.*|.*Damkar 1.*|asap|Telkomsel|XL|PLN|Internet|ISPU|BMKG|PetaBencana|Samarinda|km|EOC|OPD|SSO|PDF|XLSX"
    r"|CSV|GeoJSON|JSON|visitor-\d|wall-\d|head-\d|operator-\d|supervisor-\d|admin-\d|https?:.*|/[\w/?=.-]*"
)
"""What is the same in both languages: numbers, units, addresses, names and what this city was told."""
LISTEN = """
window.violations = [];
document.addEventListener('securitypolicyviolation', said =>
  window.violations.push(`${said.violatedDirective} ${said.blockedURI} ${said.sourceFile}:${said.lineNumber}`));
"""


@dataclass
class Visit:
    """A browser of somebody, and what its pages complained of."""

    context: BrowserContext
    complaints: set[str] = field(default_factory=set)

    def sign_in(self, url: str, token: str) -> None:
        """As somebody else from now on."""
        self.context.clear_cookies()
        said = self.context.request.post(
            f"{url}/login", form={"token": token}, headers={"Origin": url}, max_redirects=0
        )
        assert said.status == 303

    def open(self, url: str) -> Page:
        """Go there, in a window of its own, without waiting for all of it."""
        page = self.context.new_page()
        page.on("console", lambda said: self._heard(url, said.type, said.text, said.location["url"]))
        page.on("pageerror", lambda error: self._heard(url, "error", str(error)))
        page.goto(url, wait_until="commit")
        return page

    def _heard(self, url: str, kind: str, text: str, of: str = "") -> None:
        is_told = "/api/v1/situation" in of and "400" in text  # of a moment before this log began: the replay says so
        if kind == "error" and not is_told:
            self.complaints.add(f"{url}: {text}")


@pytest.fixture
def city(make_city, tmp_path) -> Iterator[City]:  # noqa: F811 — the fixture imported above
    """With something on the map, every page of the product, and a sign-in of the city's own on another site."""
    provider = LocalProvider("127.0.0.2").start()
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "oidc-secrets.toml").write_text(f'client_secret = "{SECRET}"')
    (folder / "oidc-secrets.toml").chmod(0o600)
    web = make_server("127.0.0.1", 0, lambda *_: [], threaded=True)
    oidc = OidcSettings(
        issuer=provider.issuer, client_id=CLIENT, url=f"http://127.0.0.1:{web.port}",
        roles=OidcRoles(operator=("112-operator",)),
    )  # fmt: skip
    city = make_city(folder=folder, pages=discover_pages().found, oidc=oidc)
    city.watch.now = utc_now()
    report = Report(category="kebakaran", reported_at=city.watch.now, lon=117.15, lat=-0.49, description="asap")
    city.bring(
        IncidentReported(incident="INC-1", report=report),
        UnitRegistered(unit="damkar-1", name="Damkar 1", unit_kind="fire"),
        PositionReported(unit="damkar-1", lon=117.147, lat=-0.512),
    )
    web.app = city.server
    _serve(web)
    yield city, f"http://127.0.0.1:{web.port}"
    web.shutdown()
    provider.stop()


def _serve(web: BaseWSGIServer) -> None:
    web.daemon_threads = True  # type: ignore[attr-defined]
    threading.Thread(target=web.serve_forever, daemon=True).start()


@pytest.fixture
def chromium(chromium_of) -> Iterator[Browser]:
    """One that knows two sites: 127.0.0.1 and 127.0.0.2."""
    flags = [flag.replace("EXCLUDE 127.0.0.1", "EXCLUDE 127.0.0.1 , EXCLUDE 127.0.0.2") for flag in CHROMIUM_FLAGS]
    started = chromium_of(flags)
    yield started
    started.close()


def pages_of(city: City) -> list[str]:
    """Every address without arguments that answers an admin with HTML."""
    found = set()
    for asked in first_requests(city.server):
        rule = next(rule for rule in city.server.url_map.iter_rules() if rule.endpoint == asked.endpoint)
        if asked.method == "GET" and not rule.arguments and not asked.path.endswith("/") and "stream" not in asked.path:
            answer = city.get(asked.path, "admin")
            if answer.status_code == 200 and answer.mimetype == "text/html":
                found.add(asked.path)
    return sorted(found)


@pytest.mark.timeout(400)
def test_no_page_breaks_its_policy_or_complains_in_any_role_that_may_open_it(city, chromium):
    city, url = city
    pages = pages_of(city)
    assert {page.path for page in discover_pages().found.values()} | {"/login", "/account"} <= set(pages)
    visit = Visit(chromium.new_context(viewport=SMALL))
    visit.context.add_init_script(LISTEN)
    names = {area.name for area in city.services.ground.places.areas.values()}
    for role in RANKS:
        answers = {path: city.get(path, role) for path in pages}
        theirs = [path for path, answer in answers.items() if answer.status_code == 200]
        assert len({answers[path].headers["Content-Security-Policy"] for path in theirs}) == 1, role
        visit.sign_in(url, city.tokens[role])
        for path in _to_open(role, theirs):
            _look(visit, url, path, names)
    assert not visit.complaints, "\n".join(sorted(visit.complaints)[:60])


def _to_open(role: str, theirs: list[str]) -> list[str]:
    """Those that are nobody's below: each page is opened once. The policy is the same for all who may (above)."""
    below = RANKS[: RANKS.index(role)]
    return [path for path in theirs if not PAGES.get(path, frozenset(RANKS)) & set(below)]


def _look(visit: Visit, url: str, path: str, names: set[str]) -> None:
    page = visit.open(url + path)
    page.wait_for_load_state("load", timeout=UNTIL_S * 1000)
    eventually(lambda: _is_drawn(page), UNTIL_S, f"{path} as it looks when it is drawn")
    if path not in OWN:
        visit.complaints |= _unread(page, path, names)
    assert page.evaluate("window.violations") == [], path
    page.close()  # a browser keeps few connections to one server, and streams hold them


def _unread(page: Page, path: str, names: set[str]) -> set[str]:
    """What is not told in both languages, or does not stand out in both themes. Plain HTML has an address for each."""
    is_plain = not page.evaluate("Boolean(window.layar)")
    before = {one["text"] for one in texts(page)}

    def untold() -> set[str]:
        same = before & {one["text"] for one in texts(page)}
        return {one for one in same if not SAME.fullmatch(one) and not any(name in one for name in names)}

    if is_plain:
        page.goto(f"{page.url}?lang=en")
    elif page.query_selector("#desk"):  # the desk of cameras is built in one language
        with page.expect_navigation(timeout=UNTIL_S * 1000):
            page.evaluate("layar.setLang('en')")
        eventually(lambda: _is_drawn(page), UNTIL_S, f"{path} in English")
    else:
        page.evaluate("layar.setLang('en')")
    found = {f"{path} in English: {one}" for one in _left_of(untold)}
    for theme in ("night", "day"):
        if is_plain:
            page.goto(re.sub(r"&theme=.*|$", f"&theme={theme}", page.url, count=1))
        else:
            page.evaluate("(theme) => layar.setTheme(theme)", theme)
        found |= {f"{path} by {theme}: {one}" for one in _left_of(lambda: {f"{k} {v}" for k, v in weak(page).items()})}
    if not is_plain:
        page.evaluate("localStorage.clear()")
    return found


def _left_of(look: Callable[[], Collection[str]]) -> Collection[str]:
    """What is still found when there has been time for it to change."""
    end = time.monotonic() + SETTLES_S
    while (found := look()) and time.monotonic() < end:
        time.sleep(0.2)
    return found


def _is_drawn(page: Page) -> bool:
    """Dash shows its layout; a plain page is there at once. A map has its style."""
    return page.evaluate(
        """() => {
          const root = document.querySelector('#react-entry-point');
          if (root && (!root.children.length || document.querySelector('._dash-loading'))) return false;
          const plot = document.querySelector('.js-plotly-plot');
          const map = plot && plot._fullLayout && plot._fullLayout.map && plot._fullLayout.map._subplot.map;
          return !plot || !map || map.isStyleLoaded();
        }"""
    )


def test_whoever_comes_from_the_citys_own_sign_in_is_signed_in_at_once(city, chromium):
    _, url = city
    visit = Visit(chromium.new_context(viewport=SMALL))
    page = visit.open(f"{url}/login?next=/account")
    page.click("text=Masuk lewat SSO")
    page.wait_for_url("**/account", timeout=UNTIL_S * 1000)
    assert "rina" in page.inner_text("dl")
    assert {cookie["name"]: cookie["sameSite"] for cookie in visit.context.cookies()} == {"layar": "Strict"}
    assert not visit.complaints
