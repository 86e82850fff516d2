"""One log format for every process: JSON lines on standard error, UTC."""

import sys

import orjson
import structlog


def log_as_json() -> None:
    """Call it once, first thing in a process."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(serializer=_dump),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )


def _dump(line: object, **_options: object) -> str:
    return orjson.dumps(line, default=str).decode()
