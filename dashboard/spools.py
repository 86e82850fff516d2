"""The room set aside for what a process takes while the log cannot be written."""

from pathlib import Path

import structlog

from geodata.errors import StoreUnavailable
from layers.store.spool import Spool, open_spool

_PATIENCE_S = 10.0
_LOG = structlog.get_logger()


def spool_or_none(data_dir: Path, name: str, room_mb: int) -> Spool | None:
    """Without one (it says why in the log) what comes while the log cannot be written is refused."""
    try:
        spool = open_spool(data_dir / name, room_mb * 1_000_000, _PATIENCE_S) if room_mb else None
    except StoreUnavailable as error:
        _LOG.warning("no_spool", name=name, reason=str(error))
        return None
    if room_mb and spool is None:
        _LOG.warning("no_spool", name=name, reason="another process has it")
    return spool
