"""`/api/v1/reports`: ask for a report, look how far it is, fetch the file. Each deed stands in the audit."""

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from flask import Flask, Response, send_file

from dashboard.auth import BRIEFERS, OPERATORS, SUPERVISORS, Access, agency, principal
from dashboard.desk_request import busy, json_body, told
from dashboard.report_child import child_maker
from dashboard.report_desk import EXTENSION, Job, ReportDesk, TooMany
from dashboard.report_shelf import KEPT_FOR, Kept, ReportShelf
from dashboard.report_wanted import FORMATS, period_of, wanted_of
from dashboard.services import Services
from geodata.errors import NotFound

ACCESS: Access = {
    "api_reports": BRIEFERS,
    "api_report_post": BRIEFERS,
    "api_report": BRIEFERS,
    "api_report_file": BRIEFERS,
}
MAY_SEE_STILLS = OPERATORS
_ACCEPTED = 202
_MOST_LISTED = 20


def register(server: Flask, services: Services, data_dir: Path) -> None:
    """Add the routes."""
    desk = ReportDesk(
        ReportShelf(data_dir),
        child_maker(data_dir, services.settings, services.mode),
        services.clock,
        partial(_note, services),
    )
    server.extensions[EXTENSION] = desk
    path = "/api/v1/reports"
    server.add_url_rule(path, "api_reports", partial(_listed, desk))
    server.add_url_rule(
        path, "api_report_post", partial(_asked, services, desk), methods=["POST"], provide_automatic_options=False
    )
    server.add_url_rule(f"{path}/<report_id>", "api_report", partial(_one, desk))
    server.add_url_rule(f"{path}/<report_id>/file", "api_report_file", partial(_file, services, desk))


def _asked(services: Services, desk: ReportDesk) -> Response:
    wanted = wanted_of(json_body())
    if agency() is not None:
        wanted = replace(wanted, agency=agency())
    if wanted.kind != "incident":
        period_of(wanted, services.clock(), services.ground.city, services.mode)
    asks = principal()
    try:
        job = desk.ask(wanted, asks.name, may_see_stills=asks.role in MAY_SEE_STILLS)
    except TooMany as error:
        return busy(str(error))
    return told(_said(job), _ACCEPTED)


def _listed(desk: ReportDesk) -> Response:
    """Those of who asks, of this run first; a supervisor sees all of them."""
    running = [_said(job) for job in desk.jobs() if _is_mine(job.who) and job.state != "done"]
    kept = [_kept_said(one) for one in desk.shelf.all() if _is_mine(one.who)]
    return told({"reports": [*running, *kept][:_MOST_LISTED], "kept_days": KEPT_FOR.days})


def _one(desk: ReportDesk, report_id: str) -> Response:
    job = desk.job(report_id)
    if job is not None and _is_mine(job.who):
        return told(_said(job))
    return told(_kept_said(_kept(desk, report_id)))


def _file(services: Services, desk: ReportDesk, report_id: str) -> Response:
    kept = _kept(desk, report_id)
    path = desk.shelf.path(kept)
    if not path.is_file():
        raise NotFound("that report is no longer kept; ask for it again")
    services.audit.note(principal().name, "report.fetch", kept.name, fingerprint=kept.fingerprint)
    response = send_file(path, FORMATS[kept.format], as_attachment=True, download_name=kept.name, conditional=False)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _kept(desk: ReportDesk, report_id: str) -> Kept:
    kept = desk.shelf.get(report_id)
    if kept is None or not _is_mine(kept.who):
        raise NotFound("there is no such report, or it is no longer kept; ask for it again")
    return kept


def _is_mine(who: str) -> bool:
    return who == principal().name or principal().role in SUPERVISORS


def _said(job: Job) -> dict[str, Any]:
    said: dict[str, Any] = {
        "id": job.id,
        "format": job.wanted.format,
        "state": job.state,
        "done": round(job.done, 2),
        "step": job.step,
        "error": job.error,
        "asked_at": job.asked_at.timestamp(),
    }
    return {**_kept_said(job.kept), "asked_at": said["asked_at"]} if job.kept else said


def _kept_said(kept: Kept) -> dict[str, Any]:
    return {
        "id": kept.id,
        "state": "done",
        "done": 1.0,
        "step": "selesai",
        "error": None,
        "asked_at": kept.made_at.timestamp(),
        "format": kept.format,
        "title": kept.title,
        "name": kept.name,
        "fingerprint": kept.fingerprint,
        "bytes": kept.bytes,
        "made_at": kept.made_at.timestamp(),
        "url": f"/api/v1/reports/{kept.id}/file",
    }


def _note(services: Services, job: Job) -> None:
    details = {"state": job.state, "format": job.wanted.format, "publishable": str(job.wanted.is_public)}
    target = f"{job.wanted.kind} {job.wanted.at}".strip()
    services.audit.note(job.who, "report.make", target, **details)
