"""Options that every command of `layar` shares."""

from pathlib import Path
from typing import get_args

import click

from layers.event import Mode

DEFAULT_DATA = "layar-data"

data_option = click.option(
    "--data",
    "data_dir",
    envvar="LAYAR_DATA",
    default=DEFAULT_DATA,
    show_default=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of everything this city keeps (or LAYAR_DATA).",
)

config_option = click.option(
    "--config",
    "config_file",
    default=None,
    type=click.Path(path_type=Path, dir_okay=False),
    help="Settings file; DIR/layar.toml when not given.",
)

mode_option = click.option(
    "--mode",
    default=None,
    type=click.Choice(get_args(Mode)),
    help="live, drill or demo; what layar.toml says when not given.",
)
