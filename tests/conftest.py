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

# how long an example takes is the machine's affair
settings.register_profile("any machine", deadline=None)
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
    """The files that wait longest begin first: a run of several processes then ends with small ones."""
    items.sort(key=lambda item: "e2e" not in item.path.parts)
