"""`layar check`: is this configuration fit to serve, and what is installed? `--example` prints a commented one."""

import subprocess
import sys
from pathlib import Path

import click

from dashboard.config import load_settings
from dashboard.example import example
from dashboard.options import config_option, data_option


@click.command()
@data_option
@config_option
@click.option("--example", "wants_example", is_flag=True, help="Print a commented layar.toml with every default.")
def check(data_dir: Path, config_file: Path | None, wants_example: bool) -> None:  # noqa: FBT001 — click's way
    """Validate the whole configuration; print every layer, feed, camera source and page."""
    if wants_example:
        click.echo(example(), nl=False)
        return
    load_settings(data_dir, config_file)
    config = ("--config", str(config_file)) if config_file else ()
    command = (sys.executable, "-m", "dashboard.findings", "--data", str(data_dir), *config)
    sys.exit(subprocess.run(command, check=False).returncode)  # noqa: S603 — ourselves; in a process of its own: pages import Dash, which takes seconds
