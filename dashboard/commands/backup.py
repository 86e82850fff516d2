"""`layar backup` and `layar restore`: the city's memory, kept twice."""

from datetime import UTC, datetime
from pathlib import Path

import click

from dashboard.audit import Audit, operator
from dashboard.backup import Backup, What, make_backup, prune, restore_backup
from dashboard.options import data_option
from layers.layer import discover_layers

_QUICK = "Leave out folding the whole log anew; every page of it is looked at all the same."


@click.command()
@click.argument("target", type=click.Path(path_type=Path, file_okay=False))
@data_option
@click.option("--keep", type=click.IntRange(1, 10_000), help="Delete all but the newest so many backups in TARGET.")
@click.option("--with-secrets", "secrets", is_flag=True, help="Tokens, keys and credentials too: guard it like them.")
@click.option("--with-stills", "stills", is_flag=True, help="Kept pictures of cameras too.")
@click.option("--quick", is_flag=True, help=_QUICK)
def backup(target: Path, data_dir: Path, keep: int | None, **flags: bool) -> None:
    """Copy everything into a new folder in TARGET, while it runs, and prove that the copy is whole."""
    what = What(secrets=flags["secrets"], stills=flags["stills"], is_folded=not flags["quick"])
    made = make_backup(data_dir, target, discover_layers().found, datetime.now(UTC), what)
    Audit(data_dir, is_logged=False).note(operator(), "backup", made.folder.name, secrets=str(what.secrets))
    click.echo(str(made.folder))
    _say(made)
    for old in prune(target, keep) if keep else ():
        click.echo(f"deleted: {old.name}", err=True)


def _say(made: Backup) -> None:
    seen = f"{made.examined.seen:%Y-%m-%d %H:%M:%S} UTC" if made.examined.seen else "no event yet"
    how = "folded anew, 0 differences" if made.examined.is_folded else "not folded anew"
    click.echo(f"{made.examined.cursor} events, the newest of {seen}; every page whole, {how}", err=True)
    for name in made.without:
        click.echo(f"not included: {name}", err=True)


@click.command()
@click.argument("folder", metavar="BACKUP", type=click.Path(path_type=Path, exists=True, file_okay=False))
@data_option
@click.option("--quick", is_flag=True, help=_QUICK)
@click.option("--anyway", is_flag=True, help="Also when it holds news that no installed layer knows.")
def restore(folder: Path, data_dir: Path, *, quick: bool, anyway: bool) -> None:
    """Bring a backup back into an empty or new DIR, proved before it is there."""
    made = restore_backup(folder, data_dir, discover_layers().found, is_folded=not quick, is_anyway=anyway)
    Audit(data_dir, is_logged=False).note(operator(), "restore", folder.name, cursor=made.examined.cursor)
    click.echo(f"{folder.name} is back in {data_dir}")
    _say(made)
    if made.without:
        click.echo("Bring these back from where you keep them, or make them anew (`layar token create`).", err=True)
    click.echo(f"Then: layar check --data {data_dir} && layar serve --data {data_dir}", err=True)
