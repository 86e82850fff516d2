"""The script that makes a wall PC of a PC."""

import subprocess

import pytest
from click.testing import CliRunner

from dashboard.cli import main
from dashboard.kiosk import kiosk_script
from dashboard.walls import ScreenSettings, WallSettings

WALL = WallSettings(
    name="utama",
    width_mm=2420,
    columns=2,
    rows=2,
    screens=(
        ScreenSettings(name="peta", shows="peta"),
        ScreenSettings(name="angka", shows="angka", columns=1, rows=1, width_mm=680, pixels=(1080, 1920)),
    ),
)
URL = "http://192.168.1.10:8112"


@pytest.fixture
def script():
    return kiosk_script(WALL, f"{URL}/")


def test_a_shell_can_read_it_and_the_script_within_it(script):
    inner = script.split("<<'END'\n")[1].split("\nEND\n")[0]
    for text in (script, inner):
        assert subprocess.run(["sh", "-n"], input=text, text=True, check=False).returncode == 0  # noqa: S607 — a shell


def test_each_screen_has_its_own_browser_beside_the_one_before(script):
    assert f"screen peta 0,0 3840,2160 '{URL}/wall?wall=utama&screen=peta' &" in script
    assert f"screen angka 3840,0 1080,1920 '{URL}/wall?wall=utama&screen=angka' &" in script


def test_the_screens_never_go_dark_and_the_unit_comes_back(script):
    for word in ("xset s off s noblank -dpms", "mask sleep.target", "Restart=always", "--kiosk", "PAMName=login"):
        assert word in script


def test_it_holds_no_token(script):
    assert "token" not in script.replace("the token of the wall", "").lower()


def test_layar_systemd_prints_it_for_a_wall_that_there_is(tmp_path):
    (tmp_path / "layar.toml").write_text('[[walls]]\nname = "rapat"\n')
    said = CliRunner().invoke(main, ["systemd", "--data", str(tmp_path), "--kiosk", URL, "--wall", "rapat"])
    assert said.exit_code == 0
    assert "wall=rapat&screen=penuh" in said.output
    refused = CliRunner().invoke(main, ["systemd", "--data", str(tmp_path), "--kiosk", URL, "--wall", "lain"])
    assert refused.exit_code != 0
    assert "no wall 'lain'" in refused.output + str(refused.exception)
