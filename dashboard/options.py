"""Options that every command of `layar` shares."""

from pathlib import Path

import click

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
