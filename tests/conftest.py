"""Real RTSP cameras for every test that wants them: `rtsp_farm(count)` gives a running farm, gone with the test."""

import os
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import settings

# every test's cameras are on this machine, where no camera may be by itself (cctv/guard.py)
os.environ["LAYAR_CAMERA_ALLOW"] = "127.0.0.0/8, ::1"
# the farm is one file that tests of other folders and the benchmarks use too
sys.path.insert(0, str(Path(__file__).parent / "cctv"))
from rtsp_farm import RtspFarm

# how long an example takes is the machine's affair; `python -m tests.bench parsers` looks for many more
settings.register_profile("any machine", deadline=None, max_examples=50)
settings.load_profile("any machine")


@pytest.fixture(scope="session")
def clip_folder(tmp_path_factory):
    """Clips are encoded once a session."""
    return tmp_path_factory.mktemp("clips")


@pytest.fixture
def rtsp_farm(clip_folder):
    """`rtsp_farm(count, clip=None, login=())` → a started RtspFarm."""
    with ExitStack() as farms:
        yield lambda count, clip=None, login=(): farms.enter_context(RtspFarm(count, clip_folder, clip, login))


def pytest_collection_modifyitems(items):
    """Spread the browsers among the first two thirds of the rest.

    Together they would wait for each other, and at the end one process for the last of them.
    """
    files = list(dict.fromkeys(item.path for item in items))
    heavy = [path for path in files if "e2e" in path.parts]
    light = [path for path in files if path not in set(heavy)]
    step = max(1, 2 * len(light) // (3 * len(heavy) or 1))
    turn = {path: at * step for at, path in enumerate(heavy)} | {path: at for at, path in enumerate(light)}
    items.sort(key=lambda item: turn[item.path])
