"""What every answer carries, what an error tells, and what never leaves the server."""

import re

import orjson
import pytest
import structlog

from dashboard.problems import STATUSES, status_of
from dashboard.reports import _words
from geodata.errors import BadBoundaries, CameraLost, LayarError, StoreUnavailable
from layers.cameras import CameraHealthChanged, CameraListed
from layers.incidents import IncidentReported, Report
from tests.dashboard.conftest import NOW

CANARY = "CANARY-081234567890"


def directives(answer) -> dict[str, list[str]]:
    parts = answer.headers["Content-Security-Policy"].split("; ")
    return {name: values for name, *values in (part.split() for part in parts)}


@pytest.mark.parametrize("path", ["/wall", "/live", "/login", "/nothing", "/assets/00-tokens.css", "/healthz"])
def test_every_answer_is_dressed(city, path):
    headers = city.get(path, "wall").headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert headers["Referrer-Policy"] == ("same-origin" if path == "/login" else "no-referrer")
    assert "Content-Security-Policy" in headers
    assert "Cache-Control" in headers


def test_the_policy_lets_nothing_in_from_elsewhere_and_no_inline_script_but_dashs_own(city):
    page = city.get("/wall", "wall")
    said = directives(page)
    assert said["default-src"] == said["object-src"] == said["frame-ancestors"] == ["'none'"]
    assert said["connect-src"] == said["font-src"] == ["'self'"]
    scripts = said["script-src"]
    assert scripts[0] == "'self'"
    assert all(re.fullmatch(r"'sha256-[A-Za-z0-9+/]{43}='", one) for one in scripts[1:])
    inline = re.findall(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>", page.text)
    assert 0 < len(inline) <= len(scripts[1:])
    assert not re.search(r"""(?:src|href)=["'](?:https?:)?//""", page.text)


def test_scripts_of_pages_are_shared_and_a_page_of_another_role_has_its_own_callbacks(city):
    assert "/assets/00-tokens.css" in city.get("/wall", "wall").text
    assert city.get("/office/_dash-dependencies", "wall").status_code == 403
    assert city.get("/office/_dash-dependencies", "admin").status_code == 200


def test_a_callback_works_for_a_signed_in_browser_on_our_own_page(city):
    client = city.client()
    client.post("/login", data={"token": city.tokens["wall"]})
    asked = {
        "output": "said.title",
        "outputs": {"id": "said", "property": "title"},
        "inputs": [{"id": "button", "property": "n_clicks", "value": 3}],
        "changedPropIds": ["button.n_clicks"],
    }
    path = "/wall/_dash-update-component"
    assert client.post(path, json=asked).status_code == 403
    answer = client.post(path, json=asked, headers={"Origin": "http://localhost"})
    assert answer.json["response"] == {"said": {"title": "clicked 3"}}


def test_large_texts_are_compressed_and_a_script_that_never_changes_is_kept(city):
    page = city.get("/wall", "wall").text
    script = next(path for path in re.findall(r'src="([^"]+)"', page) if "dash_renderer.v" in path)
    answer = city.get(script, "wall", Accept_Encoding="gzip")
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.cache_control.max_age == 31_536_000
    assert answer.data == city.get(script, "wall", Accept_Encoding="gzip").data
    assert "Content-Encoding" not in city.get(script, "wall").headers


def test_a_missing_thing_is_a_problem_and_a_wrong_method_too(city):
    for path, method, status in (("/nothing", "GET", 404), ("/live", "DELETE", 405)):
        answer = city.client().open(path, method=method, headers=city.bearer("admin"))
        assert (answer.status_code, answer.content_type) == (status, "application/problem+json")
        assert answer.json["status"] == status


def test_a_bug_tells_the_caller_nothing_but_an_id_to_ask_for(make_city):
    city = make_city()

    def broken():
        raise RuntimeError(CANARY)

    city.server.view_functions["readyz"] = broken
    city.server.testing = False
    answer = city.get("/readyz")
    assert answer.status_code == 500
    assert CANARY not in answer.text
    assert answer.json["request"]


def test_every_error_of_ours_has_a_status():
    assert set(STATUSES) <= {LayarError, *_below(LayarError)}
    assert (status_of(BadBoundaries("x")), status_of(StoreUnavailable("x")), status_of(CameraLost("x"))) == (
        400,
        503,
        503,
    )


def _below(kind):
    return {one for child in kind.__subclasses__() for one in (child, *_below(child))}


def test_secrets_and_free_text_are_in_no_answer_of_a_lower_role_and_in_no_log(city):
    with structlog.testing.capture_logs() as lines:
        report = Report(category="banjir", reported_at=NOW, lon=117.15, lat=-0.5, description=CANARY)
        city.bring(
            IncidentReported(incident="INC-1", report=report),
            CameraListed(camera="CAM-1", name="Jembatan", lon=117.1, lat=-0.5),
            CameraHealthChanged(camera="CAM-1", health="lost", reason="kamera menolak"),
        )
        paths = ("/live", "/wall", "/wall/_dash-layout", "/healthz", "/readyz", "/api/v1/layers/incidents.geojson",
                 "/api/v1/openapi.json", f"/live?cursor={CANARY}", f"/login?next=/x?{CANARY}")  # fmt: skip
        secrets = [*city.tokens.values(), *(one.sha256 for one in city.services.tokens.tokens())]
        for role in (None, "ingest", "wall"):
            for path in paths:
                answer = city.get(path, role)
                said = answer.get_data(as_text=True) + str(answer.headers)
                assert not [secret for secret in secrets if secret in said]
                assert CANARY not in said or "login" in path
        city.client().post("/login", data={"token": CANARY})
    log = orjson.dumps(lines, default=str).decode()
    assert "request" in log
    assert CANARY not in log
    assert not [secret for secret in secrets if secret in log]


def test_a_report_of_the_policy_is_logged_without_query_strings_and_junk_is_borne(city):
    report = {"csp-report": {"violated-directive": "img-src", "blocked-uri": f"http://x/?{CANARY}", "other": "y" * 999}}
    assert _words(orjson.dumps(report)) == {"violated_directive": "img-src", "blocked_uri": "http://x/"}
    for body in (b"", b"[]", b"{", b'{"csp-report": 3}', b"\xff", orjson.dumps(report)):
        assert city.client().post("/csp", data=body).status_code == 204
    assert city.client().post("/csp", data=b"x" * 20_000).status_code == 413
