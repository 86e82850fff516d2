"""The briefing in a real browser before a real server: figures, a filter, the records behind a bar, a telephone."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest
from playwright.sync_api import Browser, Page

from dashboard.briefing_words import day_words
from tests.e2e.conftest import Server, eventually, new_server, sign_in

NOW = datetime.now(UTC)


def steps(number: int, category: str, minutes: int) -> list[dict[str, object]]:
    """A report of yesterday, and that somebody was there."""
    began = NOW - timedelta(hours=26 + number)
    common = {"id": f"INC-{number}", "category": category, "lon": 117.15, "lat": -0.5}
    there = (began + timedelta(minutes=minutes)).isoformat()
    return [
        {**common, "time": began.isoformat()},
        {**common, "time": began.isoformat(), "status": "di_lokasi", "status_time": there, "agency": "damkar"},
    ]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    started = new_server(tmp_path_factory.mktemp("briefing"))
    started.start()
    told = [*steps(1, "kebakaran", 5), *steps(2, "kebakaran", 25), *steps(3, "banjir", 9)]
    try:
        answer = started.post("/api/v1/incidents", json=told)
        assert answer.status_code == 201, answer.text
        yield started
    finally:
        started.stop()


@pytest.fixture
def page(browser: Browser, server: Server) -> Iterator[Page]:
    tab = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
    sign_in(tab, server)
    complaints: list[str] = []
    tab.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
    tab.goto(f"{server.url}/briefing/")
    yield tab
    tab.close()
    assert complaints == []


def value(page: Page, label: str) -> str:
    card = page.locator(f".brief-card:has(.brief-label [lang=id]:text-is('{label}')) .brief-value")
    return card.inner_text() if card.count() else ""


def test_a_week_is_chosen_then_a_kind_and_the_records_behind_a_bar_are_listed(page):
    page.wait_for_selector(".brief-value", timeout=30_000)
    page.click("#brief-span label:has-text('7 hari')")
    eventually(lambda: value(page, "Kejadian") == "3", 30, "the three of the week")
    assert value(page, "Pertama tiba (median)") == "9 mnt"
    assert "2 dari 3 · target 15 menit" in page.inner_text(".brief-cards")
    page.click("#brief-by label:has-text('Jenis')")
    eventually(lambda: page.locator(".is-groups .barlayer .point path").count() == 2, 30, "a bar per kind")
    page.locator(".is-groups .barlayer .point path").last.click(force=True)
    eventually(lambda: page.locator(".brief-records tbody tr").count() == 2, 30, "the records of the bar")
    assert "INC-2" in page.inner_text(".brief-records tbody tr:first-child")
    highlighted = "#brief-map .scatterlayer path.js-line[style*='stroke-width: 3px']"
    eventually(lambda: page.locator(highlighted).count() >= 1, 30, "their kelurahan on the map")
    page.click("#brief-only-category")
    page.click("label:has-text('Banjir')")
    eventually(lambda: value(page, "Kejadian") == "1", 30, "what is left of the filter")
    assert "tidak tersaring" in page.inner_text(".brief-figures")


def said(day: date) -> str:
    return f"{day_words(datetime.combine(day, time()))} {day.year}"


def test_days_by_hand_stand_in_the_address_and_are_counted(page, server):
    page.wait_for_selector(".brief-value", timeout=30_000)
    zone = timezone(timedelta(hours=8))
    day = (NOW - timedelta(hours=27)).astimezone(zone).date().isoformat()
    page.goto(f"{server.url}/briefing/?since={day}&until={NOW.astimezone(zone).date().isoformat()}")
    eventually(lambda: value(page, "Kejadian") == "3", 30, "the three of these days")
    field = ".brief-hand input[name=since]"
    assert page.input_value(field) == said(date.fromisoformat(day))
    assert "dihitung pukul" in page.inner_text("#brief-period")
    page.fill(field, "32 Nov 2026")
    page.press(field, "Enter")
    eventually(lambda: page.get_attribute(field, "aria-invalid") == "true", 30, "that this is no day")
    before = date.fromisoformat(day) - timedelta(days=400)
    page.fill(field, f"{before:%d/%m/%Y}")
    page.press(field, "Enter")
    eventually(lambda: f"since={before.isoformat()}" in page.url, 30, "the day that was typed")
    eventually(lambda: page.input_value(field) == said(before), 30, "the day as it is written here")
    page.click(".brief-hand button")
    eventually(lambda: "since=" not in page.url, 30, "the address without the days")
    eventually(lambda: value(page, "Kejadian") == "0", 30, "today")


@pytest.mark.timeout(300)
def test_one_figure_is_saved_as_a_picture_with_its_title(page, tmp_path):
    page.wait_for_selector(".is-groups .js-plotly-plot .main-svg", timeout=60_000)
    with page.expect_download(timeout=60_000) as coming:
        page.click(".is-groups .brief-png")
    assert coming.value.suggested_filename == "waktu-sampai-pertolongan-pertama-tiba.png"
    coming.value.save_as(tmp_path / "figure.png")
    wide, high = image_size((tmp_path / "figure.png").read_bytes())
    assert (wide, high) == (2560, 1600)


def image_size(png: bytes) -> tuple[int, int]:
    """As its header has it."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    return int.from_bytes(png[16:20], "big"), int.from_bytes(png[20:24], "big")


def test_one_key_makes_a_report_shows_how_far_it_is_and_gives_the_file(browser, server):
    tab = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
    sign_in(tab, server, "admin")
    tab.goto(f"{server.url}/briefing/")
    tab.wait_for_selector(".brief-value", timeout=30_000)
    assert tab.locator("#brief-report").is_hidden()
    tab.keyboard.press("p")
    tab.select_option("#brief-report select[name=kind]", "incident")
    tab.fill("#brief-report input[name=incident]", "INC-1")
    tab.click("#brief-report form button")
    done = tab.locator(".brief-job[data-state=done] a")
    done.wait_for(timeout=90_000)
    with tab.expect_download() as fetched:
        done.click()
    assert fetched.value.suggested_filename == "layar-incident-INC-1.pdf"
    assert fetched.value.path().read_bytes().startswith(b"%PDF")
    tab.fill("#brief-report input[name=incident]", "INC-404")
    tab.click("#brief-report form button")
    failed = tab.locator(".brief-job[data-state=failed]")
    failed.wait_for(timeout=90_000)
    assert "no incident" in failed.inner_text()
    tab.keyboard.press("Escape")
    tab.locator("h1").click()
    tab.keyboard.press("b")
    eventually(lambda: "Make a report" in tab.inner_text("#brief-ask"), 30, "the other language")
    tab.close()


def test_who_only_watches_a_wall_is_not_asked_to_make_reports(page):
    page.wait_for_selector(".brief-value", timeout=30_000)
    page.keyboard.press("p")
    assert page.locator("#brief-report").is_hidden()
    assert page.locator("#brief-ask").count() == 0


def test_a_telephone_shows_all_of_it_without_scrolling_sideways(browser, server):
    tab = browser.new_context(viewport={"width": 390, "height": 844}).new_page()
    sign_in(tab, server)
    tab.goto(f"{server.url}/briefing/")
    tab.wait_for_selector(".brief-value", timeout=30_000)
    assert tab.evaluate("document.documentElement.scrollWidth") <= 390
    tab.close()
