"""The stills of an incident as a list, each with the address of its picture."""

from datetime import timedelta

import pytest

from cctv.archive import ArchiveSettings, still_of
from cctv.archive_place import place_for
from layers.cameras import CameraListed
from layers.incidents import IncidentReported, Report
from layers.store.stills import FILE_NAME, Slot, Stills
from tests.dashboard.conftest import NOW

CAMERA = "CAM 1/utara"
JPEG = b"\xff\xd8fire\xff\xd9"


@pytest.fixture
def kept(city):
    city.bring(
        CameraListed(camera=CAMERA, name="Jembatan", lon=117.1, lat=-0.5),
        IncidentReported(incident="INC/1", report=Report(category="kebakaran", reported_at=NOW)),
    )
    index, place = Stills(city.folder / FILE_NAME), place_for(ArchiveSettings(least_free_percent=0), city.folder)
    for phase, seconds in (("at", 1.000001), ("before", -29)):
        still = still_of(CAMERA, NOW + timedelta(seconds=seconds), JPEG)
        place.put(still.key, JPEG)
        index.add(still, "pinned", Slot(incident="INC/1", camera=CAMERA, milestone="call", phase=phase))
    index.close()
    return city


def test_they_are_listed_oldest_first_and_each_address_leads_to_its_picture(kept):
    answer = kept.get("/api/v1/incidents/INC/1/stills", "admin")
    assert answer.status_code == 200
    before, at = answer.json
    assert {**at, "url": ""} == {
        "camera": CAMERA,
        "observed_at": "2026-11-20T03:00:01.000001Z",
        "milestone": "call",
        "phase": "at",
        "moment": "2026-11-20T03:00:00.000000Z",
        "offset_s": 1.000001,
        "url": "",
    }
    assert before["phase"] == "before"
    for one in (before, at):
        picture = kept.get(one["url"], "admin")
        assert picture.data == JPEG
        assert picture.headers["X-Observed-At"][:22] == one["observed_at"][:22]


def test_an_incident_without_stills_has_an_empty_list_and_an_unknown_one_is_not_found(kept):
    kept.bring(IncidentReported(incident="INC-2", report=Report(category="banjir", reported_at=NOW)))
    assert kept.get("/api/v1/incidents/INC-2/stills", "admin").json == []
    assert kept.get("/api/v1/incidents/INC-3/stills", "admin").status_code == 404


@pytest.mark.parametrize(("role", "status"), [("wall", 403), ("ingest", 403), (None, 401)])
def test_only_an_admin_may_ask(kept, role, status):
    assert kept.get("/api/v1/incidents/INC/1/stills", role).status_code == status


def test_who_looked_at_what_is_in_the_audit(kept):
    url = kept.get("/api/v1/incidents/INC/1/stills", "admin").json[0]["url"]
    kept.get(url, "admin")
    viewed, listed = kept.services.audit.newest(10)
    assert (listed.who, listed.action, listed.target, listed.details) == (
        "admin-2",
        "stills.list",
        "INC/1",
        {"stills": 2},
    )
    assert (viewed.who, viewed.action, viewed.target) == ("admin-2", "still.view", CAMERA)
    assert viewed.details == {"captured_at": "2026-11-20T02:59:31+00:00"}
