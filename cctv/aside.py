"""Work with strange cameras in a process of its own, that ends in time: what was learnt until then is told.

Such a process says `{"ready": true}` when it has started, reads its job from standard input, and answers line by line
in JSON. What hangs or crashes there takes nothing else along, and what it had to load is gone with it.
"""

import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_STARTS_WITHIN_S = 60.0
_STDOUT, _STDERR = 1, 2
_ONE_READ = 65_536
_MOST_BYTES = 20_000_000
_ROOT = Path(__file__).parents[1]


def newest_answer(module: str, job: bytes, within_s: float) -> Mapping[str, Any]:
    """The newest answer of the process, or `fault` alone: "timed_out" where none came, "broken" if it died.

    The time counts from when that process is ready: how long Python takes to start says nothing of the camera.
    """
    with _process(module) as process:
        lines = _Lines(process)
        if not lines.next(time.monotonic() + _STARTS_WITHIN_S):
            return {"fault": "broken"}
        until_s = time.monotonic() + within_s
        _hand_over(process, job)
        newest: Mapping[str, Any] | None = None
        while (answer := lines.next(until_s)) is not None:
            newest = answer
        if newest is not None:
            return newest
        return {"fault": "broken" if lines.has_ended else "timed_out"}


def mouth() -> Callable[[Mapping[str, Any]], None]:
    """For such a process: what says an answer. Whatever else it prints from now on, logs too, is none."""
    answers = os.fdopen(os.dup(_STDOUT), "w", encoding="utf-8")
    os.dup2(_STDERR, _STDOUT)

    def say(words: Mapping[str, Any]) -> None:
        answers.write(json.dumps(words) + "\n")
        answers.flush()

    return say


@contextmanager
def _process(module: str) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", module]
    pipe = subprocess.PIPE
    process = subprocess.Popen(  # noqa: S603 — ours; what FFmpeg may complain holds the URL: it goes nowhere
        command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, cwd=_ROOT
    )
    try:
        yield process
    finally:
        process.kill()
        for end in (process.stdin, process.stdout):
            if end:
                end.close()
        process.wait()


def _hand_over(process: subprocess.Popen[bytes], job: bytes) -> None:
    assert process.stdin is not None  # noqa: S101 — made with a pipe above
    try:
        process.stdin.write(job)
        process.stdin.close()
    except BrokenPipeError:
        return  # it has died: its answers end


class _Lines:
    """What the process says, line by line, waited for until a moment (monotonic)."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdout is not None  # noqa: S101 — made with a pipe above
        self._from = process.stdout.fileno()
        self._said = bytearray()
        self.has_ended = False

    def next(self, until_s: float) -> dict[str, Any] | None:
        """The next answer; None when there will be none in time."""
        while (end := self._said.find(b"\n")) < 0:
            if self.has_ended or len(self._said) > _MOST_BYTES or not self._fill(until_s):
                return None
        line = bytes(self._said[:end])
        del self._said[: end + 1]
        answer: dict[str, Any] = json.loads(line)
        return answer

    def _fill(self, until_s: float) -> bool:
        left_s = until_s - time.monotonic()
        if left_s <= 0 or not select.select([self._from], [], [], left_s)[0]:
            return False
        more = os.read(self._from, _ONE_READ)
        self.has_ended = not more
        self._said += more
        return bool(more)
