"""Public feeds from the agency's server to the wall in a browser; and what the wall says when each of them stops.

One server and one page for all tests of this file, in order: first all feeds speak, then one after the other fails.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser
from playwright.sync_api import Page as Tab

from tests.e2e import feed_days
from tests.e2e.conftest import Server, eventually, map_source, new_server, sign_in
from tests.feed_server import Agency, Page, agency

LONG_S = 120
SILENT_S = 5
WRONG = "server sedang rusak (500)"
FEEDS = {
    "gempa": ("bmkg_quakes", "/autogempa.json", "Gempa BMKG"),
    "nowcast": ("cap", "/rss.xml", "Peringatan dini BMKG"),
    "petabencana": ("petabencana", "/reports", "PetaBencana"),
    "ispu": ("ispu", "/stations", "Udara KLH"),
    "cuaca": ("bmkg_forecast", "/cuaca", "Prakiraan BMKG"),
    "pasut": ("bmkg_tide", "/pasut/data/WITA/4000000017/a/b", "Pasut Palaran"),
    "pupr": ("georss", "/genangan.rss", "Dinas PUPR"),
}


@dataclass
class Room:
    """The agency, our server and the wall that looks at it."""

    agency: Agency
    server: Server
    tab: Tab
    complaints: list[str] = field(default_factory=list)

    def status(self) -> str:
        """What the bar at the bottom says now."""
        said: str = self.tab.locator("#wall-status").inner_text()
        return said

    def known(self) -> dict[str, str]:
        """Every sentence that the bar of this very page takes turns with, by key."""
        told = self.tab.evaluate("() => window.layar.picture.panels().degraded || []")
        return {one["key"]: one["text"] for one in told}

    def labels(self, source: str) -> list[dict[str, Any]]:
        """What the map itself holds of a layer."""
        return [one["properties"] for one in map_source(self.tab, source)]

    def written(self, layer: str) -> int:
        """How many labels of a style layer have found room on the map."""
        found: int = self.tab.evaluate(
            """layer => {
              const plot = document.querySelector('.js-plotly-plot');
              const map = plot._fullLayout.map._subplot.map;
              return map.queryRenderedFeatures({layers: [layer]}).length;
            }""",
            layer,
        )
        return found


def lines(port: int) -> str:
    """The [[feeds]] of layar.toml."""
    return "".join(
        f'[[feeds]]\nname = "{name}"\ntitle = "{title}"\nfeed = "{feed}"\ntransport = "poll"\n'
        f'url = "http://127.0.0.1:{port}{path}"\nevery_s = 1\nsilent_s = {SILENT_S}\nallow = ["127.0.0.0/8"]\n'
        + ('follow = "_alert"\n' if feed == "cap" else "")
        for name, (feed, path, title) in FEEDS.items()
    )


@pytest.fixture(scope="module")
def room(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    """All of it running, and the browser signed in."""
    with agency() as bmkg:
        bmkg.pages = {
            "/autogempa.json": Page(feed_days.autogempa()),
            "/rss.xml": Page(feed_days.nowcast_list(bmkg.url("/CKT_alert.xml"))),
            "/CKT_alert.xml": Page(feed_days.nowcast()),
            "/reports": Page(feed_days.reports(), is_packed=True),
            "/stations": Page(feed_days.stations(), has_etag=False),
            "/cuaca": Page(feed_days.forecast()),
            "/pasut/data/WITA/4000000017/a/b": Page(feed_days.tides()),
            "/genangan.rss": Page(feed_days.news()),
        }
        server = new_server(tmp_path_factory.mktemp("feeds") / "data")
        (server.data / "layar.toml").write_text(lines(bmkg.port), "utf-8")
        server.start()
        tab = browser.new_page(viewport={"width": 1920, "height": 1080})
        room = Room(agency=bmkg, server=server, tab=tab)
        tab.on("pageerror", lambda error: room.complaints.append(str(error)))
        try:
            sign_in(tab, server)
            yield room
        finally:
            tab.close()
            server.stop()


def test_an_earthquake_of_bmkg_is_a_sentence_on_the_wall(room: Room) -> None:
    sentence = "Gempa M 5,1 · 28 km dari kota · dirasakan III-IV Samarinda"
    eventually(lambda: sentence in room.status(), LONG_S, "the earthquake in the bar")


def test_a_warning_of_bmkg_is_an_area_on_the_map_and_a_sentence(room: Room) -> None:
    shapes = eventually(lambda: map_source(room.tab, "alerts"), LONG_S, "the area of the warning on the map")
    assert [shape["geometry"]["type"] for shape in shapes] == ["Polygon", "Point"]
    eventually(lambda: room.written("alerts-label"), LONG_S, "its words on the map")
    eventually(
        lambda: "BMKG: Hujan Lebat disertai Petir di Samarinda" in room.status(), LONG_S, "the warning in the bar"
    )


def test_reports_of_petabencana_and_news_with_a_place_stand_on_the_map_with_source_and_time(room: Room) -> None:
    eventually(lambda: len(room.labels("public_reports")) == 2, LONG_S, "the reports on the map")
    told, news = sorted(one["label"] for one in room.labels("public_reports"))
    assert told.startswith("Banjir 40 cm\nPetaBencana ")
    assert news.startswith("Jalan tergenang\nDinas PUPR ")
    eventually(lambda: room.written("public-reports-label") >= 2, LONG_S, "their words on the map")


def test_weather_air_and_tide_of_the_city_stand_on_the_board(room: Room) -> None:
    card = room.tab.locator("#wall-board")
    eventually(lambda: "Cuaca dan udara" in card.inner_text(), LONG_S, "the card of weather and air")
    said = card.inner_text()
    assert "Pasar Pagi" in said
    assert "Hujan Petir" in said
    assert "78" in said
    assert "+1,1 m" in said
    assert "Berau" not in said


def test_whose_data_it_is_is_named_on_the_wall(room: Room) -> None:
    owed = room.tab.evaluate("() => window.layar.picture.panels().credits")
    assert [who.split(" ")[-1] for who in owed] == ["(ISPU)", "PetaBencana.id", "Geofisika)"]
    eventually(lambda: any(who in room.status() for who in owed), LONG_S, "a credit in the bar")


def test_every_feed_says_how_it_is_doing(room: Room) -> None:
    said = room.server.get("/api/v1/feeds").json()
    assert said["is_running"] is True
    assert {one["name"]: one["freshness"] for one in said["feeds"]} == dict.fromkeys(FEEDS, "fresh")
    assert all(one["taken"] for one in said["feeds"])
    assert not [key for key in room.known() if key.startswith(("line:", "feed_process", "quarantine"))]


def test_feeds_that_stop_are_named_with_the_reason_and_when_they_are_back_they_are_not(room: Room) -> None:
    whole = dict(room.agency.pages)
    for _feed, path, _title in FEEDS.values():
        room.agency.pages[path] = Page(b"oops", status=500, has_etag=False)
    wanted = {f"line:{name}": f"Tidak ada kabar dari {title}: {WRONG}" for name, (_, _, title) in FEEDS.items()}
    eventually(lambda: wanted.items() <= room.known().items(), LONG_S, "every feed is named on the wall")
    eventually(lambda: any(said in room.status() for said in wanted.values()), LONG_S, "one of them in the bar")
    room.agency.pages |= whole
    eventually(lambda: not wanted.keys() & room.known().keys(), LONG_S, "every feed is back")


def test_what_was_known_stays_while_all_feeds_are_silent_and_nothing_broke_the_page(room: Room) -> None:
    assert map_source(room.tab, "alerts")
    assert room.complaints == []


def test_the_log_of_the_server_holds_no_address_of_a_feed(room: Room) -> None:
    assert str(room.agency.port) not in Path(room.server.data / "serve.log").read_text("utf-8").replace(
        str(room.server.port), ""
    )
