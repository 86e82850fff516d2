"""Every route of the server, said independently of the tables in the product: who may use it, and how it is asked.

A new route has to be written down here, or the matrix and the canary fail.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import Flask

ADMIN = frozenset({"admin"})
SUPERVISE = ADMIN | {"supervisor"}
OPERATE = SUPERVISE | {"operator"}
BRIEF = OPERATE | {"head"}
WALL = BRIEF | {"wall"}
LOOK = WALL | {"visitor"}
BRINGS = frozenset({"ingest"})
PERSON: frozenset[str] = frozenset()
"""No token opens it: a person's session does (test_account.py)."""
ROLES = LOOK | BRINGS
ALL = ROLES | {"anyone"}

WHO = {
    "static": ALL, "root": ALL, "healthz": ALL, "readyz": ALL, "login": ALL, "login_try": ALL,
    "logout": ALL, "account": LOOK, "account_password": PERSON, "account_everywhere": PERSON,
    "icon": ALL, "oidc_start": ALL, "oidc_back": ALL,
    "csp": ALL, "api_openapi": ALL, "api_hook": ALL,
    "api_incidents": BRINGS, "api_feed": BRINGS, "api_osmand": BRINGS, "api_owntracks": BRINGS, "api_traccar": BRINGS,
    "live": LOOK, "live_stream": LOOK, "camera_picture": LOOK, "font": LOOK,
    "map_kelurahan": LOOK, "map_boundaries": LOOK, "map_labels": LOOK, "map_river": LOOK, "map_graticule": LOOK,
    "map_legend": LOOK, "map_style": LOOK, "map_sprite_1": LOOK, "map_sprite_2": LOOK, "map_sprite_index_1": LOOK,
    "map_sprite_index_2": LOOK, "map_basemap": LOOK,
    "api_timeline": WALL, "api_health": WALL,
    "api_visit": LOOK, "api_visit_begin": WALL, "api_visit_end": LOOK,
    "api_camera_card": LOOK, "api_situation": WALL, "api_replay": WALL,
    "api_tour": LOOK, "api_tour_past": LOOK,
    "api_bookmarks": WALL, "api_bookmark_post": BRIEF, "api_bookmark_delete": SUPERVISE,
    "api_eyes": WALL, "api_search": WALL, "api_here": WALL, "api_layer": WALL,
    "api_around": WALL, "api_incident": WALL, "api_statistics": WALL,
    "api_monthly": WALL, "api_counts": WALL, "api_tracks": WALL, "metrics": WALL, "api_feeds": WALL,
    "api_calls": WALL, "api_surge": WALL, "api_disasters": WALL, "api_shifts": WALL, "api_callers": OPERATE,
    "api_reports": BRIEF, "api_report_post": BRIEF, "api_report": BRIEF, "api_report_file": BRIEF,
    "api_audit": ADMIN, "api_audit_csv": ADMIN, "api_quarantine": OPERATE, "api_incident_stills": OPERATE,
    "api_cameras": ADMIN, "api_camera": ADMIN, "api_camera_put": ADMIN, "api_camera_patch": ADMIN,
    "api_camera_delete": ADMIN, "api_cameras_csv": ADMIN, "api_cameras_geojson": ADMIN, "api_cameras_import": ADMIN,
    "api_cameras_credentials": ADMIN, "api_cameras_test": ADMIN, "api_cameras_discover": ADMIN,
    "api_cameras_onvif": ADMIN, "api_camera_teach": ADMIN,
    "camera_reference": ADMIN, "api_export": SUPERVISE,
    "video": OPERATE, "video_tiles": OPERATE,
    "api_desk": OPERATE, "api_desk_room": OPERATE, "api_desk_history": OPERATE, "api_desk_more": OPERATE,
    "api_desk_deed": OPERATE, "api_desk_undo": OPERATE,
    "api_walls": WALL, "api_wall_scene": OPERATE, "api_wall_lock": OPERATE | {"wall"},
    "api_wall_beat": WALL, "api_wall_release": OPERATE | {"wall"}, "api_wall_acknowledge": OPERATE | {"wall"},
}  # fmt: skip
"""By endpoint."""

PAGES = {"/wall": LOOK, "/office": ADMIN, "/operate/cameras": ADMIN, "/camera-wall": LOOK, "/briefing": WALL}
"""By path; whatever Dash serves below it belongs to it."""

VALUES = {
    "feed": ("incidents", "nonsense"),
    "kind": ("incidents", "nonsense"),
    "format_": ("csv", "docx"),
    "name": ("incidents", "responders", "cameras", "sources", "RedHatDisplay-Bold.ttf", "..%2ftokens"),
    "camera_id": ("A", "V", "C", "nobody", "..%2f..%2ftokens"),
    "incident_id": ("INC-1", "nothing"),
    "bookmark_id": ("nothing",),
    "report_id": ("nothing", "..%2ftokens"),
    "filename": ("00-tokens.css", "../dashboard/auth.py"),
    "path": ("x",),
    "room": ("incidents", "nonsense"),
    "number": ("4", "99"),
    "deed": ("verify", "nonsense"),
    "screen": ("x",),
    "wall": ("utama", "nonsense"),
    "z": ("12", "99"),
    "x": ("3382", "0"),
    "y": ("2054", "0"),
    "package_name": ("dash", "nonsense"),
    "fingerprinted_path": ("x.js",),
}
"""Realistic and wrong ones for each argument; the first is one that exists."""

PAGES["/briefing/replay"] = WALL
PAGES["/operate"] = OPERATE
PAGES["/gallery"] = ADMIN
PAGES["/health"] = WALL
PAGES["/visitor"] = LOOK

QUERIES = {
    "camera_picture": (
        "size=tiny", "size=thumb", "size=medium", "size=full", "size=late", "size=huge", "at={now}", "at=x",
    ),
    "camera_reference": ("light=day", "light=x"),
    "live": ("cursor=1.nonsense",),
    "api_around": ("lon=117.15&lat=-0.5", "lon=x"),
    "api_statistics": ("by=category", "by=x", "from={now}&to=2100-01-01"),
    "api_monthly": ("month=2026-11", "month=x"),
    "api_export": ("since=2026-11-20&until=2026-11-20", "since=x"),
    "api_counts": ("by=month", "by=x", "first=x"),
    "api_eyes": ("lon=117.15&lat=-0.5", "lon=x"),
    "api_search": ("q=air", "q=INC-1", "q=-0.5,117.15"),
    "api_here": ("lon=117.15&lat=-0.5", "lon=x"),
    "api_tracks": ("unit=U", "since=x", "until={now}"),
    "api_osmand": ("id=U&lat=x",),
    "api_situation": ("at={now}", "at={now}&sense=known", "at=x", "at=2100-01-01T00:00:00Z", "at={now}&sense=x"),
    "api_replay": (
        "from={now}&to={now}", "from=1&to=2", "from=x", "from={now}&to=x&speed=0", "from={now}&to={now}&cursor=1",
    ),
    "api_timeline": ("until={now}", "since=1&until={now}", "since=x", "slots=0"),
    "api_audit": ("since={now}", "since=x"),
    "api_audit_csv": ("who=a&since=2026-11-20", "since=x"),
    "login": ("next=/wall",),
    "api_desk_history": ("key=INC-1",),
    "api_desk_more": ("key=1",),
}  # fmt: skip
"""Asked besides the bare path."""


def who_may(endpoint: str) -> frozenset[str]:
    """Raises KeyError for a route nobody has written down."""
    if endpoint in WHO:
        return WHO[endpoint]
    pages = [path for path in PAGES if endpoint in {path, _assets_of(path)} or endpoint.startswith(f"{path}/")]
    if not pages:
        raise KeyError(f"{endpoint}: say in tests/dashboard/route_table.py who may use it")
    return PAGES[max(pages, key=len)]


def _assets_of(path: str) -> str:
    """The blueprint that Dash makes for a page, as Dash names it."""
    return f"{path}/dash_assets.static".replace("/", "_")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request."""

    endpoint: str
    path: str
    method: str


def first_requests(server: Flask) -> Iterator[Asked]:
    """Each rule with each of its methods once, with arguments that exist."""
    for rule in server.url_map.iter_rules():
        path = _path(server, rule, {name: VALUES[name][0] for name in rule.arguments})
        for method in sorted((rule.methods or set()) - {"HEAD"}):
            yield Asked(endpoint=rule.endpoint, path=path, method=method)


def every_get(server: Flask, now: str) -> Iterator[Asked]:
    """Each rule that answers GET, with all arguments and queries that are known for it."""
    for rule in server.url_map.iter_rules():
        if "GET" not in (rule.methods or ()):
            continue
        for arguments in _combinations(sorted(rule.arguments)):
            path = _path(server, rule, arguments)
            yield Asked(endpoint=rule.endpoint, path=path, method="GET")
            for query in QUERIES.get(rule.endpoint, ()):
                yield Asked(endpoint=rule.endpoint, path=f"{path}?{query.format(now=now)}", method="GET")


def _combinations(names: list[str]) -> Iterator[dict[str, str]]:
    if not names:
        yield {}
        return
    missing = [name for name in names if name not in VALUES]
    assert not missing, f"say in tests/dashboard/route_table.py with what {missing} is asked"
    most = max(len(VALUES[name]) for name in names)
    for number in range(most):
        yield {name: VALUES[name][min(number, len(VALUES[name]) - 1)] for name in names}


def _path(server: Flask, rule, arguments: dict[str, str]) -> str:
    adapter = server.url_map.bind("localhost")
    return adapter.build(rule.endpoint, arguments, append_unknown=False).replace("%25", "%")
