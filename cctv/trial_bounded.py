"""A trial that ends in time, whatever the camera does."""

from collections.abc import Mapping
from typing import Any

from cctv.aside import newest_answer

WITHIN_S = 12.0


def try_within(job: bytes, within_s: float = WITHIN_S) -> Mapping[str, Any]:
    """What `cctv/trial_process.py` says last: the first picture, what the second told, or the `fault`."""
    return newest_answer("cctv.trial_process", job, within_s)
