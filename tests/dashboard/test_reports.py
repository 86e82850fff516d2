"""Reports: what they hold, what the ones to be given away can never hold, and how they are asked for and fetched."""

import io
import threading
import time
from datetime import timedelta

import openpyxl
import orjson
import pypdfium2
import pytest

from dashboard.briefing import Asked, brief_of
from dashboard.report_compliance import compliance
from dashboard.report_content import Gathered, document_of
from dashboard.report_desk import MOST_EACH, MOST_WAITING, ReportDesk, Result, TooMany
from dashboard.report_document import Picture
from dashboard.report_incident import Still, incident_document
from dashboard.report_making import file_of, picture_of
from dashboard.report_pdf import pdf_of
from dashboard.report_public import FEW
from dashboard.report_shelf import KEPT_FOR, ReportShelf
from dashboard.report_wanted import Wanted, file_name, period_of, wanted_of
from dashboard.report_words import Tongue
from geodata.errors import BadInput
from layers.incidents import IncidentReported, Report
from tests.dashboard.conftest import until
from tests.dashboard.report_paper import (
    DAY,
    NOW,
    PRINTED,
    TOLD,
    cells,
    day_of_incidents,
    document,
    jpeg_of,
    text_of,
)


def test_the_same_content_is_the_same_bytes_and_another_content_has_another_fingerprint(ground):
    first, again = document(ground), document(ground)
    assert pdf_of(first, PRINTED) == pdf_of(again, PRINTED)
    assert first.fingerprint == again.fingerprint
    assert first.fingerprint != document(ground, is_public=True).fingerprint
    for form in ("xlsx", "geojson", "png"):
        wanted = Wanted(kind="day", format=form)
        assert file_of(first, wanted, ground, PRINTED) == file_of(again, wanted, ground, PRINTED)


def test_a_report_says_figures_with_n_what_was_left_out_its_log_and_its_pages(ground):
    said = text_of(pdf_of(document(ground), PRINTED))
    assert "22 Nov 2026 00.00 sampai 22 Nov 2026 23.59 WITA" in said
    assert "4 dari 5 kejadian (80,0 %) dicapai dalam 15 menit" in said
    assert "INC-2" in said  # late
    assert "waktu bertentangan" in said  # INC-4 came before its report
    assert "belum sampai langkah ini" in said  # INC-3
    assert "catatan sampai nomor 7" in said
    assert "Halaman 1 dari" in said
    assert "SIMULASI" not in said


def test_what_is_not_real_says_so_on_every_page(ground):
    for mode, word in (("demo", "SIMULASI"), ("drill", "LATIHAN")):
        with pypdfium2.PdfDocument(pdf_of(document(ground, mode=mode), PRINTED)) as pages:
            assert len(pages) > 1
            assert all(word in page.get_textpage().get_text_bounded() for page in pages)


def test_records_without_a_usable_time_are_listed_and_never_counted(ground):
    found = compliance(day_of_incidents(ground), ground.city)
    assert (found.n, found.within) == (5, 4)
    assert [one.id for one, _ in found.late] == ["INC-2"]
    assert {one.incident.id: one.reason for one in found.left_out} == {"INC-3": "pending", "INC-4": "impossible"}
    assert "sebelum laporan" in next(one.why for one in found.left_out if one.reason == "impossible")


@pytest.mark.parametrize("form", ["pdf", "xlsx", "geojson"])
def test_the_version_to_be_given_away_holds_no_id_no_text_and_no_small_number(ground, form):
    file = file_of(document(ground, is_public=True), Wanted(kind="day", format=form), ground, PRINTED)
    said = file.decode() if form == "geojson" else text_of(file) if form == "pdf" else cells(file)
    for secret in ("INC-", "Aminah", "081234567890", "Merdeka", "cad/"):
        assert secret not in said
    assert FEW in said or "1\\u20132" in said or form == "geojson"


def test_one_and_two_look_the_same_when_given_away(ground):
    period = period_of(Wanted(kind="day"), NOW, ground.city, "live")
    wanted = Wanted(kind="day", is_public=True)

    def given(told):
        brief = brief_of(day_of_incidents(ground, told), period, Asked(), ground)
        return document_of(Gathered(wanted=wanted, brief=brief, ground=ground))

    one, two = given(TOLD[:1]), given((TOLD[0], ("INC-9", "kebakaran", 0, 4, 10)))
    assert one.areas == two.areas
    assert "1\N{EN DASH}2" in text_of(pdf_of(one, PRINTED))
    assert "4 mnt" not in text_of(pdf_of(one, PRINTED))  # the time of the one there was


def test_a_workbook_has_the_tables_and_text_that_is_no_formula(ground):
    file = file_of(document(ground), Wanted(kind="day", format="xlsx"), ground, PRINTED)
    book = openpyxl.load_workbook(io.BytesIO(file))
    assert {"Ringkasan", "Jenis", "OPD", "Tidak dihitung"} <= set(book.sheetnames)
    assert [row[0] for row in book["Lewat waktu"].iter_rows(min_row=2, values_only=True)] == ["INC-2"]


def test_a_page_is_a_picture_and_there_is_none_of_a_page_that_is_not_there(ground):
    pdf = pdf_of(document(ground), PRINTED)
    assert picture_of(pdf, 1).startswith(b"\x89PNG")
    with pytest.raises(BadInput, match="pages"):
        picture_of(pdf, 99)


def test_the_report_of_an_incident_shows_its_steps_and_pictures_to_those_who_may_see_them(ground):
    incident = next(one for one in day_of_incidents(ground) if one.id == "INC-4")
    still = Still(jpeg=jpeg_of("black"), camera="K-1", captured_at=DAY, milestone="call", phase="at")
    shown = incident_document(incident, ground, [still], Tongue("id"), may_see_stills=True)
    hidden = incident_document(incident, ground, [still], Tongue("id"), may_see_stills=False)
    assert any(isinstance(block, Picture) for block in shown.blocks)
    assert not any(isinstance(block, Picture) for block in hidden.blocks)
    assert "Kamera K-1 · 22 Nov 2026 10.00.00 · saat laporan" in text_of(pdf_of(shown, PRINTED))
    said = text_of(pdf_of(hidden, PRINTED))
    assert "Tidak dipakai dalam hitungan: di lokasi: sebelum laporan" in said
    assert "tidak melihat gambar lampau" in said


@pytest.mark.parametrize(
    ("wish", "since", "until_"),
    [
        ({"kind": "day"}, "2026-11-22T00:00", "2026-11-23T00:00"),
        ({"kind": "day", "at": "2026-11-23"}, "2026-11-23T00:00", "2026-11-23T14:41"),
        ({"kind": "month"}, "2026-10-01T00:00", "2026-11-01T00:00"),
        ({"kind": "month", "at": "2026-11"}, "2026-11-01T00:00", "2026-11-23T14:41"),
        ({"kind": "period", "at": "2026-11-01/2026-11-07"}, "2026-11-01T00:00", "2026-11-08T00:00"),
    ],
)
def test_periods_are_days_and_months_of_the_city_and_end_now_at_the_latest(ground, wish, since, until_):
    found = period_of(wanted_of(wish), NOW, ground.city, "live")
    assert (found.since.isoformat()[:16], found.until.isoformat()[:16]) == (since, until_)


def test_a_shift_is_the_last_that_is_over_or_the_one_that_is_named(ground):
    last = period_of(Wanted(kind="shift"), NOW, ground.city, "live")
    assert last.until <= NOW
    name = ground.city.shifts[0].name
    named = period_of(Wanted(kind="shift", at=f"2026-11-20/{name}"), NOW, ground.city, "live")
    assert named.since.date().isoformat() == "2026-11-20"
    with pytest.raises(BadInput, match="there are"):
        period_of(Wanted(kind="shift", at="2026-11-20/Subuh"), NOW, ground.city, "live")


@pytest.mark.parametrize(
    "wish",
    [
        {}, {"kind": "year"}, {"kind": "day", "format": "docx"}, {"kind": "incident"}, {"kind": "period"},
        {"kind": "incident", "at": "INC-1", "publishable": True}, {"kind": "day", "at": 7},
        {"kind": "day", "lang": "nl"},
        {"kind": "day", "publishable": "yes"}, {"kind": "day", "page": 0}, {"kind": "day", "at": "x" * 121},
    ],
)  # fmt: skip
def test_a_wish_that_cannot_be_is_refused_with_its_field(wish):
    with pytest.raises(BadInput):
        wanted_of(wish)


@pytest.mark.parametrize("at", ["2026-13", "x", "2100-01", "2027-01"])
def test_a_month_that_is_none_or_has_not_begun_is_refused(ground, at):
    with pytest.raises(BadInput):
        period_of(Wanted(kind="month", at=at), NOW, ground.city, "live")


def test_a_file_is_named_after_its_time_and_an_id_never_becomes_a_path(ground):
    period = period_of(Wanted(kind="day"), NOW, ground.city, "live")
    assert file_name(Wanted(kind="day", is_public=True), period) == "layar-day-2026-11-22-umum.pdf"
    assert file_name(Wanted(kind="day", lang="en"), period) == "layar-day-2026-11-22-en.pdf"
    assert file_name(Wanted(kind="incident", at="../../INC 1"), None) == "layar-incident--INC-1.pdf"


class Printer:
    """A maker that works when the test lets it."""

    def __init__(self):
        self.may_go = threading.Event()
        self.made = []

    def __call__(self, wanted, may_see_stills, out, tell):
        """As the child process does."""
        tell(0.5, "menghitung")
        assert self.may_go.wait(60)
        if wanted.at == "2026-01-01":
            raise BadInput("at: nothing of that day is kept")
        if wanted.at == "2026-01-02":
            raise ZeroDivisionError
        out.write_bytes(b"%PDF")
        self.made.append((wanted, may_see_stills))
        return Result(name="a.pdf", title="Laporan", fingerprint="f")


@pytest.fixture
def printer():
    found = Printer()
    yield found
    found.may_go.set()


@pytest.fixture
def desk(tmp_path, printer):
    noted = []
    found = ReportDesk(ReportShelf(tmp_path), printer, lambda: NOW, noted.append)
    found.noted = noted
    return found


def crowd(desk):
    for number in range(MOST_WAITING + 2):
        desk.ask(day(number + 1), f"orang {number}", may_see_stills=False)


def day(number):
    return Wanted(kind="day", at=f"2026-02-{number:02}")


def test_reports_wait_in_a_short_queue_and_the_same_wish_is_not_made_twice(desk, printer):
    first = desk.ask(day(1), "kepala", may_see_stills=False)
    assert desk.ask(day(1), "kepala", may_see_stills=False).id == first.id
    for number in range(2, MOST_EACH + 1):
        desk.ask(day(number), "kepala", may_see_stills=False)
    with pytest.raises(TooMany, match="sedang dibuat"):
        desk.ask(day(9), "kepala", may_see_stills=False)
    with pytest.raises(TooMany, match="antrean"):
        crowd(desk)
    until(lambda: desk.job(first.id).step == "menghitung", within_s=60)
    printer.may_go.set()
    until(lambda: all(job.state == "done" for job in desk.jobs()), within_s=60)
    assert desk.shelf.path(desk.shelf.get(first.id)).read_bytes() == b"%PDF"
    assert not list(desk.shelf.folder.glob(".*"))


def test_a_report_that_fails_says_why_and_the_next_one_is_made(desk, printer):
    printer.may_go.set()
    said = desk.ask(Wanted(kind="day", at="2026-01-01"), "a", may_see_stills=False)
    broken = desk.ask(Wanted(kind="day", at="2026-01-02"), "a", may_see_stills=False)
    good = desk.ask(day(3), "b", may_see_stills=True)
    until(lambda: desk.job(good.id).state == "done", within_s=60)
    assert desk.job(said.id).error == "at: nothing of that day is kept"
    assert "ZeroDivisionError" in desk.job(broken.id).error
    assert [job.state for job in desk.noted] == ["failed", "failed", "done"]
    assert printer.made == [(day(3), True)]


def test_reports_are_kept_for_a_week_and_no_name_becomes_a_path(desk, printer):
    printer.may_go.set()
    job = desk.ask(day(1), "a", may_see_stills=False)
    until(lambda: desk.job(job.id).state == "done", within_s=60)
    shelf = ReportShelf(desk.shelf.folder.parent)
    assert shelf.get(job.id).name == "a.pdf"
    for name in ("../secret", "0" * 16, "", "x"):
        assert shelf.get(name) is None
    shelf.tidy(NOW + KEPT_FOR + timedelta(seconds=1))
    assert shelf.get(job.id) is None
    assert not list(shelf.folder.iterdir())


def test_a_report_is_asked_for_made_apart_and_fetched_by_who_asked(city):
    city.bring(
        IncidentReported(
            incident="INC-1", report=Report(category="kebakaran", reported_at=city.watch.now, lon=117.15, lat=-0.5)
        )
    )
    head, other = city.bearer("head"), city.bearer("operator")
    asked = city.client().post("/api/v1/reports", json={"kind": "period", "at": "2026-11-20/2026-11-20"}, headers=head)
    assert asked.status_code == 202, asked.data
    where = f"/api/v1/reports/{asked.json['id']}"
    deadline = time.monotonic() + 100
    while (said := city.client().get(where, headers=head).json)["state"] not in {"done", "failed"}:
        assert time.monotonic() < deadline, said
        time.sleep(0.2)
    assert said["state"] == "done", said
    file = city.client().get(said["url"], headers=head, buffered=True)
    assert file.data.startswith(b"%PDF")
    assert "layar-period-2026-11-20.pdf" in file.headers["Content-Disposition"]
    assert "no-store" in file.headers["Cache-Control"]
    assert "Laporan periode" in text_of(file.data)
    assert city.client().get(said["url"], headers=other).status_code == 404
    assert city.client().get(where, headers=other).status_code == 404
    assert city.client().get(said["url"], headers=city.bearer("supervisor"), buffered=True).status_code == 200
    assert [one["id"] for one in city.client().get("/api/v1/reports", headers=head).json["reports"]] == [said["id"]]
    done = [row for row in orjson_rows(city.folder / "audit.jsonl") if row["action"].startswith("report.")]
    assert [row["action"] for row in done] == ["report.make", "report.fetch", "report.fetch"]


def test_a_head_of_one_agency_gets_that_agency_alone_whatever_is_asked_for(city, monkeypatch):
    monkeypatch.setattr("dashboard.report_routes.agency", lambda: "damkar")
    asked = []

    def remembering(_self, wanted, _who, *, may_see_stills):
        asked.append((wanted.agency, may_see_stills))
        raise TooMany("x")

    monkeypatch.setattr(ReportDesk, "ask", remembering)
    city.client().post("/api/v1/reports", json={"kind": "day", "agency": "bpbd"}, headers=city.bearer("head"))
    assert asked == [("damkar", False)]


def orjson_rows(path):
    return [orjson.loads(line) for line in path.read_bytes().splitlines()]


def test_a_wrong_wish_is_answered_at_once_with_its_field(city):
    answer = city.client().post(
        "/api/v1/reports", json={"kind": "day", "at": "2027-01-01"}, headers=city.bearer("admin")
    )
    assert (answer.status_code, answer.json["field"]) == (400, "at")
    assert city.client().post("/api/v1/reports", data="x", headers=city.bearer("admin")).status_code == 415
