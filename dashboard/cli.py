"""`layar`: every command of the product.

Nothing here may import Dash: what needs it runs as a program of its own, so that a command answers at once.
"""

import sys
from typing import Any

import click

from dashboard.commands.cameras import cameras
from dashboard.commands.check import check
from dashboard.commands.serve import serve
from dashboard.commands.token import token
from geodata.errors import LayarError

_WRONG = 2


class _Clear(click.Group):
    """Errors made on purpose are one line on standard error; anything else is a bug and shows itself."""

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 — as click has it
        try:
            return super().invoke(ctx)
        except LayarError as error:
            click.echo(f"layar: {error}", err=True)
            sys.exit(_WRONG)


@click.group(cls=_Clear, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="layar112", prog_name="layar")
def main() -> None:
    """The wall screen of a city's 112 emergency command center."""


for command in (cameras, serve, check, token):
    main.add_command(command)
