"""The doors for machines: what they are told, and what becomes of what they brought."""

import contextlib
import re

import orjson
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator
from pysqlite3 import dbapi2

from dashboard.api import mode_of
from dashboard.tokens import TokenBook
from layers.incidents import IncidentReported, Report
from tests.dashboard.conftest import NOW, until

CALL = {"id": "INC-9", "category": "kebakaran", "lon": 117.15, "lat": -0.5, "time": "2026-11-20T02:59:00Z"}


def post(city, path, body, role="ingest", **headers):
    payload = body if isinstance(body, bytes) else orjson.dumps(body)
    return city.client().post(path, data=payload, headers={**city.bearer(role), **headers})


def test_an_incident_is_kept_and_on_the_wall_and_known_when_it_comes_again(city):
    first = post(city, "/api/v1/incidents", CALL)
    assert first.status_code == 201
    assert first.json["id"] == "INC-9"
    assert first.json["cursor"] == 1
    assert post(city, "/api/v1/incidents", CALL).status_code == 200
    until(lambda: "incidents" in city.live()["layers"])
    (shown,) = city.live()["layers"]["incidents"]["set"]
    assert shown["properties"]["source"] == "ingest-0/incidents"


def test_a_bad_incident_is_refused_with_the_field_and_kept_in_quarantine(city):
    answer = post(city, "/api/v1/incidents", {**CALL, "priority": "worst"})
    assert answer.status_code == 422
    assert answer.content_type == "application/problem+json"
    assert answer.json["field"] == "priority"
    kept = city.get("/api/v1/quarantine", "admin").json
    assert kept["count"] == 1
    assert kept["newest"][0]["field"] == "priority"
    assert '"worst"' in kept["newest"][0]["original"]


def test_a_list_is_answered_item_by_item(city):
    answer = post(city, "/api/v1/incidents", [CALL, {"id": "INC-10", "priority": 99}, {**CALL, "id": "INC-11"}])
    assert answer.status_code == 201
    assert [one["outcome"] for one in answer.json["results"]] == ["created", "rejected", "created"]
    assert [one.get("id") for one in answer.json["results"]][::2] == ["INC-9", "INC-11"]
    assert len(answer.json["quarantined"]) == 1


JUNK = (b"", b"\xff\xfe", b"{}", b"[1]", b"null", b"[]", b"<x/>", b"[" * 10_000)


@pytest.mark.parametrize("path", ["/api/v1/incidents", "/api/v1/feeds/units", "/api/v1/owntracks", "/api/v1/osmand"])
def test_junk_is_never_our_fault(city, path):
    for junk in JUNK:
        assert post(city, path, junk).status_code in {200, 400, 422}, junk[:20]


def test_a_body_that_is_too_large_is_refused_unread(city):
    assert post(city, "/api/v1/incidents", b"x" * 11_000_000).status_code == 413


def test_an_unknown_feed_names_those_there_are(city):
    answer = post(city, "/api/v1/feeds/nothing", {})
    assert answer.status_code == 404
    assert "incidents" in answer.json["detail"]


def test_osmand_takes_a_query_a_form_and_says_400_without_an_id(city):
    words = "id=relawan-7&lat=-0.5&lon=117.15&timestamp=1795143600&bearing=90&accuracy=10"
    assert city.get(f"/api/v1/osmand?{words}", "ingest").status_code == 200
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert post(city, "/api/v1/osmand", words.replace("-7", "-8").encode(), **form).status_code == 200
    assert city.get("/api/v1/osmand?lat=1&lon=2", "ingest").status_code == 400
    until(lambda: len(city.services.hub.situation().of("responders")) == 2)


def test_a_bad_position_is_quarantined_and_answered_as_taken_or_the_phone_would_send_it_for_ever(city):
    assert city.get("/api/v1/osmand?id=a-9&lat=utara&lon=2", "ingest").status_code == 200
    assert post(city, "/api/v1/owntracks", b'{"_type": "location"}').status_code == 200
    assert "utara" in city.get("/api/v1/quarantine", "admin").get_data(as_text=True)


def test_owntracks_is_answered_with_an_empty_list_and_named_by_its_headers(city):
    said = {"_type": "location", "lat": -0.5, "lon": 117.15, "tst": 1795143600, "tid": "aa"}
    answer = post(city, "/api/v1/owntracks", said, **{"X-Limit-U": "budi", "X-Limit-D": "hp"})
    assert (answer.status_code, answer.data) == (200, b"[]")
    until(lambda: len(city.services.hub.situation().of("responders")) == 1)
    (unit,) = city.services.hub.situation().of("responders")
    assert "budi" in unit
    assert post(city, "/api/v1/owntracks", {"_type": "status"}).data == b"[]"


def test_a_layer_is_drawn_for_the_role_and_not_sent_twice(city):
    report = Report(category="banjir", reported_at=NOW, lon=117.15, lat=-0.5, description="rumah Pak Budi")
    city.bring(IncidentReported(incident="INC-1", report=report))
    wall, admin = (city.get("/api/v1/layers/incidents.geojson", role) for role in ("wall", "admin"))
    assert wall.content_type == "application/geo+json"
    assert wall.json["features"][0]["properties"]["description"] is None
    assert admin.json["features"][0]["properties"]["description"] == "rumah Pak Budi"
    again = city.get("/api/v1/layers/incidents.geojson", "wall", If_None_Match=wall.headers["ETag"])
    assert again.status_code == 304
    assert city.get("/api/v1/layers/sources.geojson", "wall").json["features"] == []
    assert city.get("/api/v1/layers/nothing.geojson", "wall").status_code == 404


def test_events_of_a_drill_are_never_stamped_live(make_city):
    city = make_city(mode="drill")
    post(city, "/api/v1/incidents", CALL)
    until(lambda: city.services.hub.situation().cursor == 1)
    assert city.services.hub.situation().of("incidents")["INC-9"].mode == "drill"
    assert city.live()["mode"] == "drill"


def test_the_stricter_of_instance_and_token_wins():
    assert mode_of("live", "drill") == "drill"
    assert mode_of("demo", "live") == "demo"
    assert mode_of("live", "live") == "live"


def test_the_description_is_valid_openapi(city):
    OpenAPIV31SpecValidator(city.get("/api/v1/openapi.json").json).validate()


def test_everything_described_is_served_and_everything_served_to_machines_is_described(city):
    described = {
        (re.sub(r"\{(\w+)\}", "<>", path), method.upper())
        for path, item in city.get("/api/v1/openapi.json").json["paths"].items()
        for method in item.keys() & {"get", "post", "put", "delete", "patch"}
    }
    served = {
        (re.sub(r"<[^>]*>", "<>", rule.rule), method)
        for rule in city.server.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
        if rule.endpoint.startswith(("api_", "live", "camera_")) or rule.endpoint in {"healthz", "readyz"}
    }
    assert described == served


def test_every_answer_to_a_described_path_has_a_described_status(city):
    paths = city.get("/api/v1/openapi.json").json["paths"]
    for path, item in paths.items():
        for method in item.keys() & {"get", "post"}:
            if path == "/live/stream":
                continue
            for role in (None, "ingest", "wall", "admin"):
                headers = city.bearer(role) if role else {}
                answer = city.client().open(re.sub(r"\{\w+\}", "x", path), method=method.upper(), headers=headers)
                assert str(answer.status_code) in item[method]["responses"], (method, path, role, answer.status_code)


def test_a_report_the_city_cannot_wholly_use_is_taken_and_the_sender_told(city):
    said = {"id": "D-1", "category": "kebakaran", "kelurahan": "99.99.99.9999", "agency": "nosuch"}
    answer = post(city, "/api/v1/incidents", said)
    assert answer.status_code == 201
    assert [doubt["field"] for doubt in answer.json["doubts"]] == ["kelurahan", "agency"]


@contextlib.contextmanager
def locked(city):
    """A stranger has the log: nothing can be written, as on a full disk."""
    folder = city.folder / "layar.db"
    with contextlib.closing(dbapi2.connect(str(folder), isolation_level=None)) as stranger:
        stranger.execute("BEGIN IMMEDIATE")
        yield
        stranger.execute("ROLLBACK")


def test_while_the_log_cannot_be_written_what_comes_is_kept_the_wall_says_so_and_it_follows(city, monkeypatch):
    monkeypatch.setattr("layers.store.schema._BUSY_MS", 20)
    city.services.store._engine.dispose()  # connections made from now on are impatient
    with locked(city):
        one = post(city, "/api/v1/incidents", {"id": "A", "category": "kebakaran"})
        assert (one.status_code, one.json) == (202, {"id": "A", "outcome": "waiting"})
        several = post(city, "/api/v1/incidents", [{"id": "B", "category": "banjir"}, {"id": "C"}])
        assert several.status_code == 202
        assert [result["outcome"] for result in several.json["results"]] == ["waiting", "rejected"]
        assert "cursor" not in several.json
        assert post(city, "/api/v1/incidents", [5]).status_code == 422
        assert city.get("/api/v1/osmand?id=U&lat=-0.5&lon=117.1", "ingest").status_code == 200
        city.watch.forward(2)
        assert city.get("/healthz", "wall").json["spool"] == {"waiting": 4, "refuses": False}
        until(lambda: "4 kabar ditampung, menyusul sendiri" in city.get("/live", "wall").text)
    until(lambda: set(city.services.hub.situation().of("incidents")) == {"A", "B"})
    until(lambda: city.services.store.quarantined_count() == 2)
    until(lambda: city.get("/healthz", "wall").json["spool"]["waiting"] == 0)
    city.watch.forward(2)
    until(lambda: "ditampung" not in city.get("/live", "wall").text)


def test_who_sends_too_often_is_told_when_to_come_again_and_the_others_go_on(make_city):
    city = make_city(server={"ingest_per_s": 2})
    statuses = [post(city, "/api/v1/owntracks", {"_type": "lwt"}).status_code for _ in range(6)]
    assert statuses == [200, 200, 200, 200, 429, 429]
    refused = post(city, "/api/v1/incidents", {"id": "A", "category": "x"})
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "1")
    assert refused.content_type == "application/problem+json"
    other = TokenBook(city.folder / "tokens.json").create(name="other", role="ingest", now=NOW)
    said = city.client().post("/api/v1/owntracks", json={"_type": "lwt"}, headers={"Authorization": f"Bearer {other}"})
    assert said.status_code == 200
    city.watch.forward(1)
    assert post(city, "/api/v1/owntracks", {"_type": "lwt"}).status_code == 200


def test_a_traccar_server_forwards_in_the_body_or_in_the_address(city):
    said = {
        "position": {"fixTime": "2026-11-20T03:00:00Z", "valid": True, "latitude": -0.5, "longitude": 117.15},
        "device": {"uniqueId": "pompa-3", "phone": "081234567890"},
    }
    assert post(city, "/api/v1/traccar", said).status_code == 200
    words = "uniqueId=pompa-4&fixTime=1795143600000&latitude=-0.5&longitude=117.15&valid=true"
    assert city.get(f"/api/v1/traccar?{words}", "ingest").status_code == 200
    until(lambda: set(city.services.hub.situation().of("responders")) == {"pompa-3", "pompa-4"})
    assert (
        post(city, "/api/v1/traccar", {"position": {"latitude": "utara"}, "device": {"uniqueId": "x"}}).status_code
        == 200
    )
    assert city.get("/api/v1/traccar?latitude=1&longitude=2", "ingest").status_code == 400
