"""What the routes of the camera desk work with, and who did what there."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from pathlib import Path

from cctv.camera import Sources, discover_sources
from cctv.entry import Rules
from cctv.guard import Guard
from cctv.inventory import file_folders
from cctv.status import CameraStatus, load_status
from dashboard.auth import principal
from dashboard.config import guard_of
from dashboard.degraded import is_silent
from dashboard.services import Services


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """One server's desk."""

    services: Services
    data_dir: Path
    sources: Callable[[], Sources]

    @property
    def rules(self) -> Rules:
        """What a camera is measured by."""
        return Rules(sources=self.sources(), folders=file_folders(self.data_dir), guard=self.guard)

    @property
    def guard(self) -> Guard:
        """Where cameras may be."""
        return guard_of(self.services.settings)

    @property
    def is_silent(self) -> bool:
        """Whether the camera process gives no sign of life."""
        services = self.services
        allowed = timedelta(seconds=services.settings.cameras.heartbeat_s)
        return is_silent(services.shelf.heartbeat_at(), allowed, services.clock())

    def statuses(self) -> Mapping[str, CameraStatus]:
        """How the cameras are; while the camera process is silent, what was last known without a word on health."""
        statuses = load_status(self.data_dir)
        if not self.is_silent:
            return statuses
        return {id_: replace(status, health="unknown") for id_, status in statuses.items()}

    def note(self, action: str, target: str, **details: str | float | None) -> None:
        """Keep in the audit that who asks has done that."""
        self.services.audit.note(principal().name, action, target, **details)


def desk_for(services: Services, data_dir: Path) -> Desk:
    """The desk of this server; what reads cameras is loaded when somebody first changes one."""
    return Desk(services=services, data_dir=data_dir, sources=cache(lambda: discover_sources().found))
