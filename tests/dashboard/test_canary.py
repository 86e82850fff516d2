"""The canary: secrets are planted, and every byte that each role can fetch is looked through for them.

It walks every route the server has (route_table.py). What it looks for: of nobody's business a password, a token, or
what a mask hides; for admins alone who called, what was said, and cameras for operators; not for visitors who is
where, and what is not listed for them.
"""

import re
import threading
import traceback
from datetime import timedelta

import cv2
import numpy as np
import orjson
import pytest
import structlog
from argon2 import PasswordHasher

from cctv.archive import ArchiveSettings, still_of
from cctv.archive_place import place_for
from cctv.camera import discover_sources
from cctv.fleet import Fleet, Listener
from cctv.inventory import import_cameras
from dashboard.camera_log import health_fact, listed_fact
from dashboard.config import VisitorSettings
from dashboard.oidc_settings import OidcRoles, OidcSettings
from dashboard.page import discover_pages
from dashboard.report_settings import MailSettings
from dashboard.users import FILE_NAME as USER_FILE
from dashboard.users import UserBook
from geodata.clock import utc_now
from layers.incidents import IncidentReported, Report
from layers.layer import discover_layers
from layers.responders import PositionReported, UnitRegistered
from layers.store.stills import FILE_NAME as INDEX
from layers.store.stills import Slot, Stills
from tests.dashboard.conftest import until
from tests.dashboard.planted import MARK, planted
from tests.dashboard.route_table import every_get, first_requests

ROLES = ("admin", "operator", "head", "wall", "visitor", "ingest", None)
"""Who sees most asks first: what the server kept for them must not reach the next. Supervisors see what operators see
(the matrix has their routes); the operator here is a person with a session."""
FULL = {"operator", "admin"}
LEFT_HALF = '"[[[0,0],[0.5,0],[0.5,1],[0,1]]]"'
LIST = (
    "id,name,lon,lat,url,user,password,masks,audience,owner\n"
    f'"A","Jembatan Kenari",117.14,-0.5,file://{{folder}}/jalur-07.jpg,,,{LEFT_HALF},wall,DinasKaca\n'
    f'"V","Taman Kota",117.15,-0.5,file://{{folder}}/jalur-07.jpg,,,{LEFT_HALF},visitor,DinasKaca\n'
    f'"B","Pos Jaga",117.15,-0.5,rtsp://pengawas:sandi-url@127.0.0.1:9/jalur-b,,,{LEFT_HALF},\n'
    '"P","Gerbang",117.15,-0.5,http://127.0.0.1:9/jalur-p,pengawas,sandi-tabel,,wall,\n'
    '"C","Ruang Rahasia",117.16,-0.5,file://{folder}/jalur-07.jpg,,,,operator,\n'
)
NARRATIVE = "pelapor Budi Kenari 0812-5550-1234, mobil KT 4321 KN"
PASSWORDS = ("sandi-url", "sandi-tabel", "pengawas")
WORDS = "kenari menyelam malam"
FILES = {
    "oidc-secrets.toml": 'client_secret = "rahasia-oidc-kenari"',
    "mail-secrets.toml": 'password = "rahasia-surat-kenari"',
    "feed-secrets.toml": '[bmkg]\ntoken = "rahasia-umpan-kenari"',
}
OF_FILES = ("rahasia-oidc-kenari", "rahasia-surat-kenari", "rahasia-umpan-kenari")
OIDC = OidcSettings(
    issuer="https://127.0.0.1:9", client_id="layar", url="http://localhost", roles=OidcRoles(admin=("112",))
)
MAIL = MailSettings(host="127.0.0.1", port=9, security="none", sender="layar@kota.example")
ADDRESSES = ("jalur-", "127.0.0.1:9", "file://", "rtsp://")
PERSONAL = ("Budi", "0812-5550", "KT 4321", "Ruang Rahasia")
PLACES = ("117.147474", "117147474", "117.173737", "117173737")
OWNER = "DinasKaca"
NOT_FOR_VISITORS = (*PLACES, "Siti", "relawan-7", "INC-1", "Jembatan Kenari", "Pos Jaga", "Gerbang", "cad/", OWNER)
PUBLIC_WORDS = {
    "area", "disaster", "facility", "felt", "gauge", "kelurahan", "lifeline", "name", "place", "pollutant", "provider",
    "quake", "shelter", "station", "thresholds_source", "words",
}  # fmt: skip
"""Fields of facts of which visitors may read the words: what the city tells everybody of gauges, shelters, weather …"""
ADDRESS_OF_CAMERAS = {"api_camera", "api_cameras", "api_cameras_csv", "api_cameras_geojson"}
"""Where an admin, who lists the cameras, is told their addresses; never with a password."""


def street():
    """The left half, which the mask hides, is red; nothing else is."""
    pixels = np.random.default_rng(7).integers(60, 120, (360, 640, 3), np.uint8)
    pixels[:, :316] = (0, 0, 255)
    return pixels


def run_cameras(folder) -> list:
    """As the camera process does, until each camera has said how it is and visitors have a picture."""
    changes, stopping = [], threading.Event()
    listener = Listener(health=changes.append, listed=lambda _: None)
    fleet = Fleet(folder, listener, period_s=0.5, visitor_delay_s=0.2)
    thread = threading.Thread(target=fleet.run, args=(stopping,))
    thread.start()
    try:
        until(lambda: {change.camera for change in changes} >= {"A", "V", "B", "P", "C"}, 60)
        until(lambda: fleet.shelf.get("V", "late") is not None, 60)
    finally:
        stopping.set()
        thread.join(20)
    return changes


def plant_people(city, then) -> None:
    report = Report(category="kebakaran", reported_at=then, lon=117.173737, lat=-0.487613, description=NARRATIVE)
    city.bring(
        IncidentReported(incident="INC-1", report=report),
        UnitRegistered(unit="relawan-7", name="Siti Kenari", unit_kind="volunteer"),
        PositionReported(unit="relawan-7", lon=117.147474, lat=-0.512345),
        at=then,
    )
    facts = [fact for layer in discover_layers().found.values() for fact in layer.facts]
    city.bring(*(planted(fact, then) for fact in facts), at=then)
    refused = city.client().post("/api/v1/incidents", data=NARRATIVE, headers=city.bearer("ingest"))
    assert refused.status_code == 422


def plant_secrets(city) -> None:
    """In every file that may hold one, and in the memory of a server that was told one in the wrong field."""
    for name, said in FILES.items():
        (city.folder / name).write_text(said)
        (city.folder / name).chmod(0o600)
    hasher = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    UserBook(city.folder / USER_FILE, hasher).create(name="rina", role="operator", password=WORDS, now=city.watch.now)
    assert city.client().post("/login", data={"name": WORDS, "token": city.tokens["admin"]}).status_code == 401
    assert city.client().post("/login", data={"name": "rina", "token": WORDS[:-1]}).status_code == 401


def browser_of_rina(city):
    client = city.client()
    assert client.post("/login", data={"name": "rina", "token": WORDS}).status_code == 303
    return client


def plant_still(city, then) -> None:
    jpeg = city.services.shelf.get("A", "medium").jpeg
    still, index = still_of("A", then, jpeg), Stills(city.folder / INDEX)
    place_for(ArchiveSettings(least_free_percent=0), city.folder).put(still.key, jpeg)
    index.add(still, "pinned", Slot(incident="INC-1", camera="A", milestone="call", phase="at"))
    index.close()


@pytest.fixture
def city_with_secrets(make_city):
    city = make_city(
        pages=discover_pages().found,
        visitor=VisitorSettings(categories=("kebakaran",), delay_min=1),
        mode="live",
        oidc=OIDC,
        mail=MAIL,
    )
    city.watch.now = utc_now() + timedelta(seconds=5)
    cv2.imwrite(str(city.folder / "jalur-07.jpg"), street())
    reading = import_cameras(LIST.format(folder=city.folder).encode(), city.folder, discover_sources().found)
    assert not reading.refused
    changes = run_cameras(city.folder)
    city.bring(*map(listed_fact, reading.cameras), *map(health_fact, changes))
    then = city.watch.now - timedelta(minutes=10)
    plant_people(city, then)
    plant_still(city, then)
    plant_secrets(city)
    city.watch.forward(120)  # old enough for visitors
    return city


def fetched(city, client, asked, role) -> tuple:
    """What that role gets: (head, body); of an endless answer its first message."""
    headers = city.bearer(role) if role and client.get_cookie("layar") is None else {}
    body = {} if asked.method == "GET" else {"data": "{", "content_type": "application/json"}
    response = client.open(asked.path, method=asked.method, headers=headers, **body)
    said = _beginning(response) if asked.endpoint == "live_stream" else response.get_data()
    response.close()
    return response, said


def _beginning(response) -> bytes:
    said = b""
    for part in response.response:
        said += part if isinstance(part, bytes) else part.encode()
        if b"data: {" in said or not said.startswith(b"retry"):
            break
    return said


def walked(city, client, role):
    """(request, response, body) of everything; who does not see all of it also tries what changes things."""
    now = (city.watch.now - timedelta(minutes=9)).strftime("%Y-%m-%dT%H:%M:%SZ")
    changing = (
        () if role in FULL else (one for one in first_requests(city.server) if one.method not in {"GET", "OPTIONS"})
    )
    for asked in (*every_get(city.server, now), *changing):
        yield (asked, *fetched(city, client, asked, role))


def forbidden_to(role, endpoint, secrets) -> tuple[str, ...]:
    """What this role may not read there."""
    words = (*PASSWORDS, *secrets)
    if role in FULL:
        return words if role == "admin" and endpoint in ADDRESS_OF_CAMERAS else (*words, *ADDRESSES)
    not_theirs = () if role in {"wall", "head"} else NOT_FOR_VISITORS
    if endpoint == "api_camera_card":  # whose a camera is stands on its card
        not_theirs = tuple(word for word in not_theirs if word != OWNER)
    return (*words, *ADDRESSES, *PERSONAL, *not_theirs)


def reddest(jpeg: bytes) -> int:
    pixels = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    return 0 if pixels is None else int((pixels[..., 2].astype(int) - pixels[..., 0]).max())


def leaks(city, role, secrets, seen) -> list:
    """Every place where something is that must not be; `seen` collects what was found where it may be."""
    found = []
    client = browser_of_rina(city) if role == "operator" else city.client()
    session = client.get_cookie("layar")
    secrets = [*secrets, session.value] if session else secrets
    for asked, response, body in walked(city, client, role):
        said = str(response.headers) + body.decode("utf-8", "replace")
        seen[role] = seen.get(role, "") + (said if response.content_type != "image/jpeg" else "")
        words = (word for word in forbidden_to(role, asked.endpoint, secrets) if word in said)
        found += [(role, asked.path, word, _around(word, said)) for word in words]
        if role not in {"wall", "head", *FULL}:
            found += [(role, asked.path, word) for word in set(re.findall(rf"{MARK}-(\w+)-", said)) - PUBLIC_WORDS]
        if response.content_type == "image/jpeg":
            seen[role, "pictures"] = (*seen.get((role, "pictures"), ()), (asked.path, body))
            is_masked = not asked.path.startswith("/cameras/C")
            found += [(role, asked.path, "a masked region")] * (is_masked and reddest(body) > 90)
    return found


def _around(word, said) -> str:
    at = said.index(word)
    return said[max(0, at - 80) : at + 80]


def secrets_of(city) -> list[str]:
    book = city.services.tokens.tokens()
    (rina,) = UserBook(city.folder / USER_FILE).users()
    of_rina = (WORDS, WORDS[:-1], rina.hash, rina.stamp)
    keys = ((city.folder / name).read_bytes().hex() for name in ("session.key", "callers.key"))
    return [*city.tokens.values(), *(token.sha256 for token in book), *keys, *of_rina, *OF_FILES]


def test_nobody_can_fetch_what_is_not_theirs_and_no_log_line_holds_it(city_with_secrets, capfd):
    city, seen = city_with_secrets, {}
    secrets = secrets_of(city)
    with structlog.testing.capture_logs() as lines:
        found = [leak for role in ROLES for leak in leaks(city, role, secrets, seen)]
    assert not found, found[:10]
    lines += [{"raised": traceback.format_exception(line["exc_info"])} for line in lines if _raised(line)]
    logged = orjson.dumps(lines, default=str).decode() + "".join(capfd.readouterr())
    assert not [word for word in (*PASSWORDS, *secrets, "Budi", "0812-5550", "KT 4321") if word in logged]
    _each_sees_what_is_theirs(seen)


def _raised(line) -> bool:
    return isinstance(line.get("exc_info"), BaseException)


def _each_sees_what_is_theirs(seen) -> None:
    """Or the canary would have been looking at empty pages."""
    assert all(word in seen["admin"] for word in (*PERSONAL, *PLACES[:2], "Siti", "INC-1", "P"))
    assert all(word in seen["operator"] for word in (*PERSONAL, "Siti", "rina"))
    assert all(word in seen["head"] for word in ("Jembatan Kenari", "Siti", "INC-1"))
    assert all(word in seen["wall"] for word in ("Jembatan Kenari", "Siti", "INC-1", "117.173737"))
    assert "Taman Kota" in seen["visitor"]
    assert "Kebakaran" in seen["visitor"]
    assert (None, "pictures") not in seen
    assert ("ingest", "pictures") not in seen
    shown_to = {"visitor": {"V"}, "wall": {"A", "V"}, "head": {"A", "V"}, "operator": {"A", "V", "C"}}
    for role, names in {**shown_to, "admin": {"A", "V", "C"}}.items():
        shown = {path[len("/cameras/") :].partition(".")[0] for path, _ in seen[role, "pictures"]}
        assert shown - {"B", "P"} == names
    assert max(reddest(body) for path, body in seen["admin", "pictures"] if path.startswith("/cameras/C")) > 90
    assert len({body for _, body in seen["visitor", "pictures"]}) == 1
