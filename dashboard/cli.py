"""`layar`: every command of the product, loaded only when it is called, so that each answers at once.

Nothing here may import Dash: what needs it runs as a program of its own.
"""

import importlib
import keyword
import os
import sys
from collections.abc import Mapping
from typing import Any

import click

from geodata.errors import LayarError

COMMANDS: Mapping[str, tuple[str, str]] = {
    "demo": ("dashboard.commands.demo", "A simulated city on a real wall."),
    "serve": ("dashboard.commands.serve", "Serve the city's screens until told to stop."),
    "systemd": ("dashboard.commands.systemd", "Print a unit file for this installation."),
    "check": ("dashboard.commands.check", "Validate the configuration; print what is installed."),
    "token": ("dashboard.commands.token", "Make, list and revoke tokens."),
    "user": ("dashboard.commands.user", "People who sign in by name and password."),
    "hook": ("dashboard.commands.hook", "Webhooks: who signs what they send, and whom we tell."),
    "hooks": ("dashboard.commands.hook", "The same."),
    "city": ("dashboard.commands.city", "Cities and their boundaries."),
    "basemap": ("dashboard.commands.basemap", "Streets under the map: add, list, remove, check."),
    "cameras": ("dashboard.commands.cameras", "The street cameras of this city."),
    "feeds": ("dashboard.commands.feeds", "Feeds that come in by themselves: list, dialects, test."),
    "audit": ("dashboard.commands.audit", "Who looked at what, who changed what; was it edited?"),
    "import": ("dashboard.commands.importing", "Bring the past in: workbooks, CSV, files of any feed."),
    "map-columns": ("dashboard.commands.importing", "Propose what the columns of a table mean."),
    "quarantine": ("dashboard.commands.log", "Look at what could not be read, and read it again."),
    "export": ("dashboard.commands.export", "What happened as tables, without personal data."),
    "report": ("dashboard.commands.report", "Reports of shifts, days, months and incidents."),
    "backup": ("dashboard.commands.backup", "Copy everything while it runs, and prove the copy."),
    "restore": ("dashboard.commands.backup", "Bring a backup back into an empty folder."),
    "replay": ("dashboard.commands.replay", "Print what changed in a period of the past."),
    "retention": ("dashboard.commands.retention", "Destroy what is older than the city may keep."),
    "bookmarks": ("dashboard.commands.bookmarks", "Moments of the past that somebody marked."),
    "rebuild": ("dashboard.commands.log", "Fold the whole log again and compare."),
    "clock": ("dashboard.commands.clock", "Bring back what a wrong clock wrote into the future."),
}
"""Name → (module that holds a command of that name, what `layar --help` says of it)."""

_WRONG = 2


class Commands(click.Group):
    """Loads a command when it is called. Errors made on purpose are one line on standard error."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 — as click has it
        """As a program: what it starts must not import what lies in the folder that somebody stands in."""
        os.environ["PYTHONSAFEPATH"] = "1"
        return super().__call__(*args, **kwargs)

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """In the order of the table: what a newcomer needs first."""
        return list(COMMANDS)

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, or None when there is none of that name."""
        if cmd_name not in COMMANDS:
            return None
        name = cmd_name.replace("-", "_") + ("_" if keyword.iskeyword(cmd_name) else "")
        command: click.Command = getattr(importlib.import_module(COMMANDS[cmd_name][0]), name)
        return command

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Without loading them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, words) for name, (_, words) in COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 — as click has it
        """Run it. A bug shows itself whole; an error we raise on purpose is said in a line."""
        try:
            return super().invoke(ctx)
        except LayarError as error:
            click.echo(f"layar: {error}", err=True)
            sys.exit(_WRONG)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="layar112", prog_name="layar")
def main() -> None:
    """The wall screen of a city's 112 emergency command center."""
