"""`layar`: every command is there, answers at once, and says what is wrong in one line."""

import subprocess
import sys

import pytest
from click.testing import CliRunner

from dashboard.cli import COMMANDS, main
from dashboard.config import parse_settings
from dashboard.tokens import TokenBook


def layar(*words: str):
    return CliRunner().invoke(main, words)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_there_and_takes_the_folder(name):
    said = layar(name, "--help")
    assert said.exit_code == 0
    command = main.get_command(None, name)
    inner = list(getattr(command, "commands", {name: command}).values())
    assert all("--data" in {word for one in inner for option in one.params for word in option.opts} for one in inner)


def test_help_names_every_command_without_loading_dash():
    program = (
        "import sys; from dashboard.cli import main; "
        "main(['--help'], standalone_mode=False); print('dash' in sys.modules)"
    )
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)  # noqa: S603 — our own text
    assert all(name in said.stdout for name in COMMANDS)
    assert said.stdout.rstrip().endswith("False")


def test_an_unknown_command_is_refused():
    assert layar("fly").exit_code == 2


def test_a_token_is_printed_once_and_can_be_listed_and_revoked(tmp_path):
    data = ("--data", str(tmp_path))
    plain = layar("token", "create", "--role", "wall", "--name", "lobby", *data).stdout.strip()
    assert TokenBook(tmp_path / "tokens.json").check(plain).name == "lobby"
    listed = layar("token", "list", *data).stdout
    assert "lobby\twall\tlive" in listed
    assert plain not in listed
    layar("token", "revoke", "lobby", *data)
    assert TokenBook(tmp_path / "tokens.json").check(plain) is None


def test_what_is_wrong_is_one_line_and_exit_code_two(tmp_path):
    (tmp_path / "layar.toml").write_text("[server]\nprot = 1", "utf-8")
    for command in ("check", "serve"):
        said = layar(command, "--data", str(tmp_path))
        assert said.exit_code == 2
        assert said.stderr.startswith("layar: layar.toml: server.prot: there is no such setting")
        assert "Traceback" not in said.output


def test_check_prints_every_layer_feed_source_and_page(tmp_path):
    command = [sys.executable, "-m", "dashboard.findings", "--data", str(tmp_path)]
    said = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 — ourselves
    assert said.returncode == 0, said.stderr
    for kind, name in (("layer", "incidents"), ("feed", "osmand"), ("source", "rtsp"), ("page", "wall")):
        assert f"{kind:<9} {name}: " in said.stdout
    assert "64.72 Samarinda: 59 kelurahan" in said.stdout
    assert "cards     every camera's purpose card is complete" in said.stdout


def test_check_says_what_cannot_be_used_and_ends_with_two(tmp_path):
    (tmp_path / "layar.toml").write_text('[city]\ncode = "99.99"', "utf-8")
    command = [sys.executable, "-m", "dashboard.findings", "--data", str(tmp_path)]
    said = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 — ourselves
    assert said.returncode == 2
    assert said.stderr.startswith("layar: no city 99.99")


def test_the_printed_example_is_valid():
    parse_settings(layar("check", "--example").stdout, "example")
