"""Every parser measured with its samples, and fuzzed: `python -m tests.bench parsers [--seconds=10]` per fuzzed feed.

With atheris (the extra `fuzz`) inputs are found by coverage, from our samples on; without it they are our samples,
changed at random by hypothesis. Anything but an event, a rejection or BadPayload is a find, and ends the bench.
"""

import importlib.util
import os
import re
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geodata.errors import BadPayload
from geodata.ground import load_ground
from layers.event import Event
from layers.feed import Feed, at_home, discover_feeds

ROOT = Path(__file__).parents[2]
PAYLOADS = ROOT / "tests" / "payloads"
RECEIVED = datetime(2026, 11, 22, 11, 18, tzinfo=UTC) + timedelta(minutes=10)
KEY = b"k" * 32
FUZZED = ("cap", "cot", "georss", "open311", "nmea", "eido", "gtfs_realtime", "traccar")
MEASURED_S = 0.3
_DONE = re.compile(r"Done (\d+) runs in (\d+) second")
_COVERAGE = re.compile(r"cov: (\d+)")


def seconds() -> float:
    """How long each feed is fuzzed."""
    said = [word.partition("=")[2] for word in sys.argv if word.startswith("--seconds=")]
    return float(said[0]) if said else 10.0


def read(feed: Feed, payload: bytes) -> int:
    """How many events it holds; sealed and parsed as the door does it."""
    try:
        return sum(isinstance(one, Event) for one in feed.parse(feed.seal(payload, KEY), RECEIVED))
    except BadPayload:
        return 0


def measured(feed: Feed, payload: bytes) -> tuple[float, float, int]:
    """(payloads a second, MB a second, events in one)."""
    events, began, count = read(feed, payload), time.perf_counter(), 0
    while time.perf_counter() - began < MEASURED_S:
        read(feed, payload)
        count += 1
    rate = count / (time.perf_counter() - began)
    return rate, rate * len(payload) / 1e6, events


def throughput(feeds: dict[str, Feed]) -> None:
    """A row per feed: its sample with the most events."""
    print(f"{'feed':<16}{'sample':<30}{'bytes':>8}{'events':>8}{'events/s':>12}{'MB/s':>8}")
    for name, feed in sorted(feeds.items()):
        folder = PAYLOADS / name
        samples = sorted(folder.iterdir()) if folder.is_dir() else []
        found = [(read(feed, path.read_bytes()), path) for path in samples]
        best = max(found, key=lambda one: one[0], default=None)
        if best is None or not best[0]:
            print(f"{name:<16}no sample with events")
            continue
        payload = best[1].read_bytes()
        rate, megabytes, events = measured(feed, payload)
        print(f"{name:<16}{best[1].name[:29]:<30}{len(payload):>8}{events:>8}{rate * events:>12,.0f}{megabytes:>8.1f}")


def by_atheris(name: str, for_s: float) -> str:
    """What libFuzzer says of one feed. Raises AssertionError with its find."""
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder) / "corpus"
        corpus.mkdir()
        for path in (PAYLOADS / name).iterdir():
            (corpus / path.name).write_bytes(path.read_bytes())
        done = subprocess.run(  # noqa: S603 — our own command
            [sys.executable, str(ROOT / "tests" / "bench" / "fuzz_child.py"), name, str(corpus),
             f"-max_total_time={for_s:.0f}", "-timeout=10", "-rss_limit_mb=1024", f"-artifact_prefix={folder}/"],
            capture_output=True, text=True, check=False, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)},
        )  # fmt: skip
        said = done.stderr + done.stdout
        if done.returncode:
            found = next((path.read_bytes() for path in Path(folder).iterdir() if path.is_file()), b"")
            raise AssertionError(f"{name}: {said[-3000:]}\n{found!r}")
        runs, took = (int(one) for one in _DONE.search(said).groups())
        coverage = _COVERAGE.findall(said)
        return f"{runs:>10,} inputs in {took} s, {coverage[-1] if coverage else '?'} edges, no find"


def by_hypothesis(feed: Feed, samples: list[bytes], for_s: float) -> str:
    """Samples cut, doubled and overwritten at random places."""
    until, count = time.monotonic() + for_s, 0

    @settings(max_examples=200, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(
        sample=st.sampled_from(samples), at=st.integers(0, 5_000), length=st.integers(0, 60), put=st.binary(max_size=40)
    )
    def survives(sample: bytes, at: int, length: int, put: bytes) -> None:
        at %= len(sample) + 1
        read(feed, sample[:at] + put + sample[at + length :])

    while time.monotonic() < until:
        survives()
        count += 200
    return f"{count:>10,} inputs in {for_s:.0f} s, no find"


def main() -> None:
    """Print both tables."""
    with tempfile.TemporaryDirectory() as folder:
        feeds = dict(at_home(discover_feeds().found, load_ground(Path(folder))))
    throughput(feeds)
    has_atheris = importlib.util.find_spec("atheris") is not None
    print(
        f"\nfuzzed by {'atheris (coverage)' if has_atheris else 'hypothesis (random changes; the extra fuzz has more)'}"
    )
    for name in FUZZED:
        if name not in feeds:
            continue
        samples = [path.read_bytes() for path in sorted((PAYLOADS / name).iterdir())]
        said = by_atheris(name, seconds()) if has_atheris else by_hypothesis(feeds[name], samples, seconds())
        print(f"{name:<16}{said}", flush=True)


if __name__ == "__main__":
    main()
