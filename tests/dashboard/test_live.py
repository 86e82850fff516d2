"""The live message over HTTP, and the hub behind it."""

import gzip
import threading
from datetime import timedelta

import orjson

from dashboard.degraded import Signs
from dashboard.live import Hub, Surroundings
from geodata.errors import StoreUnavailable
from layers.cameras import CameraListed
from layers.incidents import IncidentReported, Report
from layers.responders import PositionReported
from tests.dashboard.conftest import NOW, until


def reported(incident="INC-1", words=None, category="banjir"):
    report = Report(category=category, reported_at=NOW, lon=117.15, lat=-0.5, description=words)
    return IncidentReported(incident=incident, report=report)


def moved(unit="unit-1", lon=117.15):
    return PositionReported(unit=unit, lon=lon, lat=-0.5)


def test_a_first_message_is_whole_and_the_next_holds_what_is_new(city):
    city.bring(reported("INC-1"), moved())
    whole = city.live()
    assert whole["from"] is None
    assert whole["build"] == city.services.build
    assert (whole["mode"], whole["now"]) == ("live", NOW.timestamp())
    assert whole["panels"]["figures"]["open"] == 1
    assert "trail" in whole["layers"]["responders"]["columns"]
    city.bring(reported("INC-2"))
    news = city.live(cursor=whole["cursor"])
    assert news["from"] == whole["cursor"]
    assert [one["properties"]["key"] for one in news["layers"]["incidents"]["set"]] == ["INC-2"]
    assert "responders" not in news["layers"]
    assert news["panels"]["figures"]["open"] == 2


def test_nothing_new_is_304_by_cursor_and_by_etag(city):
    city.bring(reported())
    answer = city.get("/live", "wall")
    cursor = orjson.loads(answer.data)["cursor"]
    assert answer.headers["ETag"] == f'"{cursor}.wall.{city.services.build}"'
    assert city.get(f"/live?cursor={cursor}", "wall").status_code == 304
    again = city.get("/live", "wall", If_None_Match=answer.headers["ETag"])
    assert (again.status_code, again.data) == (304, b"")
    city.bring(reported("INC-2"))
    assert city.get(f"/live?cursor={cursor}", "wall", If_None_Match=answer.headers["ETag"]).status_code == 200


def test_an_answer_is_for_one_role_and_kept_by_no_proxy(city):
    city.bring(reported(words="rumah Pak Budi"))
    wall, admin = city.get("/live", "wall"), city.get("/live", "admin")
    assert b"Budi" not in wall.data
    assert b"Budi" in admin.data
    assert wall.headers["ETag"] != admin.headers["ETag"]
    assert city.get("/live", "admin", If_None_Match=wall.headers["ETag"]).status_code == 200
    assert wall.headers["Cache-Control"] == "private, no-cache"
    assert {"Cookie", "Authorization"} <= {name.strip() for name in wall.headers["Vary"].split(",")}


def test_a_large_answer_is_compressed(city):
    city.bring(*(reported(f"INC-{i}") for i in range(40)))
    answer = city.get("/live", "wall", Accept_Encoding="gzip")
    assert answer.headers["Content-Encoding"] == "gzip"
    assert len(orjson.loads(gzip.decompress(answer.data))["layers"]["incidents"]["set"]) == 40


def test_an_answer_from_the_cache_has_the_time_of_the_asking_not_of_the_encoding(city):
    city.bring(reported())
    first = city.live()
    city.watch.forward(0.5)
    again = city.live()
    assert again["cursor"] == first["cursor"]
    assert again["now"] == first["now"] + 0.5


def test_what_time_alone_changes_is_seen_without_an_event(city):
    city.bring(moved())
    city.watch.forward(1)
    until(lambda: city.live()["panels"]["figures"]["units_fresh"] == 1)
    cursor = city.live()["cursor"]
    city.watch.forward(120)
    until(lambda: city.get(f"/live?cursor={cursor}", "wall").status_code == 200)
    assert city.live(cursor=cursor)["panels"]["figures"]["units_fresh"] == 0


def test_the_camera_process_that_stopped_is_in_the_panels(city):
    city.bring(CameraListed(camera="CAM-1", name="Jembatan", lon=117.1, lat=-0.5))
    assert city.live()["panels"]["degraded"][0]["key"] == "camera_process"
    cursor = city.live()["cursor"]
    city.watch.forward(5)
    city.beat()
    until(lambda: city.get(f"/live?cursor={cursor}", "wall").status_code == 200)
    keys = [one["key"] for one in city.live()["panels"]["degraded"]]
    assert "camera_process" not in keys


def test_before_the_log_is_read_a_viewer_is_told_to_try_again(make_city):
    city = make_city(starts=False)
    answer = city.get("/live", "wall")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "2"


def test_a_waiting_viewer_is_woken_by_an_event_at_once(city):
    cursor = city.live()["cursor"]
    heard = []
    viewer = threading.Thread(target=lambda: heard.append(city.services.hub.wait("wall", cursor, 20)))
    viewer.start()
    city.bring(reported())
    viewer.join(5)
    assert heard == [True]
    assert city.services.hub.wait("wall", city.live()["cursor"], 0.01) is False


class _Broken:
    """A log that can be read once, and then not until it is mended."""

    def __init__(self, store):
        self._store = store
        self.is_broken = False

    def __getattr__(self, name):
        if self.is_broken:
            raise StoreUnavailable("disk full")
        return getattr(self._store, name)


def test_a_log_that_cannot_be_read_leaves_the_picture_and_says_so_and_comes_back(city):
    city.bring(reported())
    store = _Broken(city.services.store)
    hub = Hub(store, _around(city))
    hub.start()
    until(lambda: hub.behind_s is not None)
    store.is_broken = True

    def panels():
        city.watch.forward(1)
        return orjson.loads(hub.picture("wall").panels)

    until(lambda: [one["key"] for one in panels()["degraded"]] == ["store"])
    assert panels()["figures"]["open"] == 1
    store.is_broken = False
    until(lambda: panels()["degraded"] == [])
    hub.stop()


def test_a_log_that_is_overwritten_is_not_called_healthy(city):
    """The real store on a real file: it has its own memory of pages, and nobody writes that could ring."""
    city.bring(*(reported(f"INC-{i}") for i in range(200)))
    log = city.folder / "layar.db"
    for path in (log, log.with_name("layar.db-wal")):
        path.write_bytes(b"x" * path.stat().st_size)

    def keys():
        city.watch.forward(1)
        return [one["key"] for one in city.live()["panels"]["degraded"]]

    until(lambda: "store" in keys())
    since = {one["key"]: one for one in city.live()["panels"]["degraded"]}["store"]["since"]
    for _ in range(3):
        until(lambda: "store" in keys(), 5)
    assert {one["key"]: one for one in city.live()["panels"]["degraded"]}["store"]["since"] == since
    answer = city.get("/readyz")
    assert (answer.status_code, answer.json["log_is_readable"]) == (503, False)


def test_an_unreadable_quarantine_is_not_an_empty_one(city):
    seen = [Signs(quarantined=7, quarantined_at=NOW)]
    hub = Hub(city.services.store, _around(city, signs=lambda: seen[0]))
    hub.start()
    until(lambda: hub.behind_s is not None)
    seen[0] = Signs(store_failed_at=NOW)

    def keys():
        city.watch.forward(1)
        return [one["key"] for one in orjson.loads(hub.picture("wall").panels)["degraded"]]

    until(lambda: keys() == ["store", "quarantine"])
    hub.stop()


def test_a_clock_that_is_set_back_an_hour_does_not_hold_up_what_is_looked_at(city):
    full = [False]
    hub = Hub(city.services.store, _around(city, signs=lambda: Signs(is_disk_full=full[0])))
    hub.start()
    until(lambda: hub.behind_s is not None)
    city.watch.now -= timedelta(hours=1)
    full[0] = True
    city.watch.monotonic_s += 2
    until(lambda: [one["key"] for one in orjson.loads(hub.picture("wall").panels)["degraded"]] == ["disk"], 5)
    assert hub.behind_s < 5
    hub.stop()


def _around(city, **changes) -> Surroundings:
    services = city.services
    said = {
        "layers": services.layers,
        "feeds": services.feeds,
        "clock": city.watch,
        "signs": Signs,
        "heartbeat_s": 10,
        "mode": "live",
        "build": "b",
        "cache": services.cache,
        "seconds": city.watch.seconds,
    }
    return Surroundings(**(said | changes))


def test_a_hub_that_fails_says_so_before_it_is_gone(city, monkeypatch):
    died = threading.Event()

    def signs():
        raise RuntimeError("a bug of ours")

    monkeypatch.setattr(threading, "excepthook", lambda _said: None)
    hub = Hub(city.services.store, _around(city, signs=signs, on_death=died.set))
    hub.start()
    assert died.wait(5)
    hub.stop()
