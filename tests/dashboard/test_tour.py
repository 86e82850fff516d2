"""The visitors' tour: its file, its figures, and the one time of the past that somebody opened to visitors."""

from datetime import timedelta

import pytest
import yaml
from click.testing import CliRunner

from dashboard import findings
from dashboard.config import VisitorSettings
from dashboard.tour import FILE_NAME, SHIPPED, TourBook, load_tour
from dashboard.tour_past import stretch
from geodata.errors import BadSettings
from layers.bookmarks import Bookmark, BookmarkSet
from layers.calls import CallRecord, CallRecorded
from layers.exercises import ExerciseStarted
from layers.incidents import IncidentReported, Report
from layers.responders import UnitRegistered
from layers.told import Told
from tests.dashboard.conftest import NOW, until

SECRETS = ("Budi", "0812-5550", "KT 4321", "Siti", "INC-", "rapat tertutup", "117.1737", "117173")
NARRATIVE = "pelapor Budi 0812-5550-1234, mobil KT 4321 KN"


def written(folder, **changes):
    said = yaml.safe_load(SHIPPED.read_text("utf-8"))
    (folder / FILE_NAME).write_text(yaml.safe_dump({**said, **changes}), "utf-8")


@pytest.fixture
def city(make_city):
    """Two hours of a fire and of calls, of which the first hour is opened to visitors."""
    made = make_city(visitor=VisitorSettings(categories=("kebakaran",), delay_min=15))
    report = Report(category="kebakaran", reported_at=NOW, lon=117.173737, lat=-0.487613, description=NARRATIVE)
    made.bring(IncidentReported(incident="INC-1", report=report), at=NOW)
    made.bring(*(UnitRegistered(unit=f"r-{n}", name="Siti", unit_kind="volunteer") for n in range(3)))
    for n in range(6):
        came_at = NOW + timedelta(minutes=10 * n)
        record = CallRecord(came_at=came_at, kind="normal" if n < 2 else "prank", answered_at=came_at)
        made.bring(CallRecorded(call=f"C-{n}", record=record), at=came_at)
    made.watch.forward(7_200)
    made.bring()
    return made


def marked(city, role="supervisor", **more):
    body = {"name": "rapat tertutup", "note": NARRATIVE, "at": NOW.isoformat(), "for_visitors": True, **more}
    body.setdefault("until", (NOW + timedelta(hours=1)).isoformat())
    response = city.client().post("/api/v1/bookmarks", json=body, headers=city.bearer(role))
    until(lambda: response.status_code != 201 or response.json["id"] in city.services.hub.situation().of("bookmarks"))
    return response


def scene(city, shows):
    return next(one for one in city.get("/api/v1/tour", "visitor").json["scenes"] if one["shows"] == shows)


def recording(city, role="visitor"):
    number, cursor, messages, raw = scene(city, "past")["number"], "", [], b""
    while cursor is not None:
        response = city.get(f"/api/v1/tour/past/{number}{cursor and f'?cursor={cursor}'}", role)
        assert response.status_code == 200, response.data
        raw += response.data
        messages += response.json["messages"]
        cursor = response.json["next"]
    return messages, raw


def test_the_tour_that_ships_can_be_read_and_has_every_kind_of_scene(tmp_path):
    kinds = [one.shows for one in load_tour(tmp_path).scenes]
    assert set(kinds) == {"welcome", "call", "volunteers", "cameras", "past", "map"}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"scenes": []}, "scenes"),
        ({"idle": 5}, "idle: there is no such setting"),
        ({"scenes": [{"shows": "map", "title": {"id": "a"}, "caption": {"id": "a", "en": "b"}}]}, "scenes.0.title.en"),
        ({"scenes": [{"shows": "map", "title": {"id": "a", "en": "b"}, "caption": {"id": "a", "en": "b"}, "speed": 2}]},
         "bookmark and speed are for a scene that shows: past"),
    ],
)  # fmt: skip
def test_a_mistake_in_the_file_is_named_with_its_key(tmp_path, changes, said):
    written(tmp_path, **changes)
    with pytest.raises(BadSettings, match=f"{FILE_NAME}.*{said}"):
        load_tour(tmp_path)


@pytest.mark.parametrize("text", ["scenes: [", "!!python/object/apply:os.getcwd []", "- 1", "", "x" * 70_000])
def test_what_is_no_tour_is_refused_and_runs_nothing(tmp_path, text):
    (tmp_path / FILE_NAME).write_text(text)
    with pytest.raises(BadSettings, match=FILE_NAME):
        load_tour(tmp_path)


def test_a_running_screen_takes_a_new_tour_and_keeps_the_last_good_one(tmp_path):
    book = TourBook(tmp_path)
    assert book.tour().idle_s == 90
    written(tmp_path, idle_s=33)
    assert book.tour().idle_s == 33
    (tmp_path / FILE_NAME).write_text("broken: [")
    assert book.tour().idle_s == 33


def test_figures_are_sums_of_the_city_as_late_as_all_that_visitors_see(city):
    city.watch.now = NOW + timedelta(minutes=50)  # of the half hours that began 15 minutes ago only the first is over
    figures = city.get("/api/v1/tour", "visitor").json["figures"]
    assert (figures["calls"]["came"], figures["calls"]["real"]) == (3, 2)
    assert figures["calls"]["others"] == [{"words": {"id": "iseng", "en": "prank"}, "count": 1}]
    assert figures["volunteers"] == 3
    assert not [word for word in SECRETS if word in str(figures)]


def test_without_calls_or_volunteers_the_figures_say_so(make_city):
    figures = make_city().get("/api/v1/tour", "visitor").json["figures"]
    assert (figures["calls"], figures["volunteers"]) == (None, None)


def test_without_a_bookmark_for_visitors_there_is_no_past(city):
    assert marked(city, for_visitors=False).status_code == 201
    said = scene(city, "past")
    assert said["past"] is None
    assert city.get(f"/api/v1/tour/past/{said['number']}", "visitor").status_code == 404


def test_only_who_leads_a_shift_opens_a_time_to_visitors(city):
    assert marked(city, "head").status_code == 403
    assert marked(city, "head", for_visitors=False).status_code == 201
    assert marked(city, for_visitors="ja").status_code == 400
    assert marked(city).status_code == 201


@pytest.mark.parametrize("sense", ["shown", "known"])
def test_the_recording_shows_what_visitors_may_see_and_as_late(city, sense):
    marked(city, sense=sense)
    messages, raw = recording(city)
    assert not [word for word in SECRETS if word in raw.decode()]
    seen = {one["properties"]["kelurahan"] for m in messages for one in m["layers"].get("incidents", {}).get("set", [])}
    assert len(seen) == 1
    first = next(m["now"] for m in messages if m["layers"].get("incidents", {}).get("set"))
    assert first >= (NOW + timedelta(minutes=15)).timestamp()
    assert all(m["panels"]["audience"] == "visitor" for m in messages if "panels" in m)
    assert not any("responders" in m["layers"] for m in messages)


def test_an_admin_who_opens_the_tour_is_sent_the_same_as_a_visitor(city):
    marked(city)
    assert recording(city, "admin")[1] == recording(city)[1]


def test_no_cursor_leads_out_of_the_time_that_was_opened(city):
    marked(city)
    number = scene(city, "past")["number"]
    for moment in (NOW - timedelta(seconds=1), NOW + timedelta(hours=1), NOW + timedelta(hours=1.5)):
        at = int(moment.timestamp() * 1_000_000)
        assert city.get(f"/api/v1/tour/past/{number}?cursor=0~{at}~{at}~0~0~x", "visitor").status_code == 400
    assert city.get("/api/v1/tour/past/0", "visitor").status_code == 404
    assert city.get("/api/v1/tour/past/99", "visitor").status_code == 404


def test_a_recording_is_two_hours_of_a_moment_and_never_longer_than_a_day(tmp_path):
    past = next(one for one in load_tour(tmp_path).scenes if one.shows == "past")

    def length(end):
        fact = BookmarkSet(bookmark="b", name="x", at=NOW, until=end, by="x", for_visitors=True)
        told = Told(at=NOW, seen=NOW, source="", mode="live")
        played = stretch(past, Bookmark(id="b", fact=fact, told=told), NOW + timedelta(days=9))
        return played.until - played.since

    assert length(None) == timedelta(hours=2)
    assert length(NOW + timedelta(days=3)) == timedelta(days=1)


def test_the_check_names_the_tour_and_what_is_wrong_with_it(tmp_path):
    def checked():
        done = CliRunner().invoke(findings.main, ["--data", str(tmp_path)])
        return done.exit_code, done.output

    assert "tour      the one that ships: welcome, call, volunteers, cameras, past, map" in checked()[1]
    written(tmp_path, scenes=[{"shows": "map"}])
    code, said = checked()
    assert (code, "tour.yaml: scenes.0.title: Field required" in said) == (2, True)


def test_what_an_exercise_is_called_stays_in_the_room(city):
    told = ExerciseStarted(exercise="L-1", title="Budi jatuh", starts_at=NOW, ends_at=NOW + timedelta(hours=9))
    city.bring(told, source="desk/rina")
    exercise = city.get("/live", "visitor").json["panels"]["exercise"]
    assert (exercise["title"], exercise["ends_at"] > 0) == ("", True)
    assert city.live()["panels"]["exercise"]["title"] == "Budi jatuh"
