"""`GET /api/v1/feeds`: every feed that comes in by itself, and every source ever heard of, with how fresh it is."""

from datetime import datetime
from pathlib import Path
from typing import Any

import orjson
from flask import Flask, Response

from dashboard.auth import VIEWERS, Access
from dashboard.degraded import FEED_PROCESS_SILENT, is_silent
from dashboard.services import Services
from geodata.clock import epoch_s
from layers.line_status import LineStatus, load_lines
from layers.sources import Source

ACCESS: Access = {"api_feeds": VIEWERS}


def register(server: Flask, services: Services, data_dir: Path) -> None:
    """Add the route."""

    def feeds() -> Response:
        return Response(orjson.dumps(_feeds(services, data_dir)), content_type="application/json")

    server.add_url_rule("/api/v1/feeds", "api_feeds", feeds, methods=["GET"])


def _feeds(services: Services, data_dir: Path) -> dict[str, Any]:
    now = services.clock()
    signs = load_lines(data_dir)
    wanted = {line.name for line in services.settings.feeds}
    sources: list[Source] = sorted(services.hub.situation().of("sources").values(), key=lambda source: source.id)
    return {
        "now": epoch_s(now),
        "is_running": bool(wanted) and not is_silent(signs.said_at, FEED_PROCESS_SILENT, now),
        "feeds": [line_said(line, now) for line in signs.lines if line.name in wanted],
        "sources": [_source(source) for source in sources],
    }


def line_said(line: LineStatus, now: datetime) -> dict[str, Any]:
    """One line as JSON has it; without URL and secret, which it never holds."""
    return {
        "name": line.name,
        "title": line.title,
        "feed": line.feed,
        "transport": line.transport,
        "freshness": line.freshness(now),
        "silent_s": line.silent_s,
        "well_at": _epoch(line.well_at),
        "news_at": _epoch(line.news_at),
        "failed_at": _epoch(line.failed_at),
        "error": line.error,
        "error_en": line.error_en,
        "next_try_at": _epoch(line.next_try_at),
        "is_resting": line.is_resting,
        "taken": line.taken,
        "refused": line.refused,
    }


def _source(source: Source) -> dict[str, Any]:
    return {
        "id": source.id,
        "last_at": epoch_s(source.last_at),
        "last_seen": epoch_s(source.last_seen),
        "events": source.events,
        "mode": source.mode,
    }


def _epoch(moment: datetime | None) -> float | None:
    return None if moment is None else epoch_s(moment)
