"""What a trial is told to do, as bytes for its process: who gives the order need not know how cameras are read."""

from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter

from cctv.camera import Camera
from cctv.guard import Guard


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A camera, how to sign in at it, and within what bounds. Text only, to be sent."""

    camera: Camera
    user: str | None
    password: str | None
    data_dir: str
    is_live: bool
    networks: tuple[str, ...]
    own_ports: tuple[int, ...]

    def __repr__(self) -> str:
        return f"Job({self.camera.id})"


JOB = TypeAdapter(Job)


def job_for(camera: Camera, login: tuple[str, str] | None, data_dir: Path, guard: Guard, *, is_live: bool) -> bytes:
    """The job as it is sent."""
    job = Job(
        camera=camera,
        user=login[0] if login else None,
        password=login[1] if login else None,
        data_dir=str(data_dir.resolve()),
        is_live=is_live,
        networks=tuple(map(str, guard.networks)),
        own_ports=tuple(guard.own_ports),
    )
    return JOB.dump_json(job)
