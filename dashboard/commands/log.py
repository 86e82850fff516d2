"""`layar rebuild` and `layar quarantine`: looking after the log."""

import contextlib
from collections.abc import Iterator
from datetime import UTC
from pathlib import Path

import click

from dashboard.audit import Audit, operator
from dashboard.grounds import ground_of
from dashboard.operate_veil import trace_of
from dashboard.options import data_option
from geodata.errors import LayarError
from layers.feed import at_home, discover_feeds
from layers.ingest import Door, Receipt
from layers.layer import discover_layers
from layers.store.sqlite import FILE_NAME, SqliteStore, open_store
from layers.store.store import Quarantined

_SHOWN_REASON = 100


@contextlib.contextmanager
def opened(data_dir: Path) -> Iterator[SqliteStore]:
    """The city's log; whatever is wrong becomes one line for the operator."""
    path = data_dir / FILE_NAME
    if not path.is_file():
        raise click.ClickException(f"{data_dir} holds no log yet: is --data right?")
    try:
        store = open_store(path, discover_layers().found, ground_of(data_dir))
        try:
            yield store
        finally:
            store.close()
    except LayarError as error:
        raise click.ClickException(str(error)) from error


@click.command()
@data_option
def rebuild(data_dir: Path) -> None:
    """Fold the whole log anew, compare it with what is shown, and put right what differs."""
    with opened(data_dir) as store:
        rebuilt = store.rebuild()
    click.echo(f"{rebuilt.events} events folded, {len(rebuilt.differences)} differences")
    for layer, key in rebuilt.differences:
        click.echo(f"  put right: {layer} {key}")
    if rebuilt.differences:
        click.echo("Restart `layar serve` so that the screens show it.")


@click.group()
def quarantine() -> None:
    """What was sent and could not be read."""


@quarantine.command("list")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 10_000), help="At most so many.")
@data_option
def list_(data_dir: Path, limit: int) -> None:
    """The newest first: id, time, source, field, reason."""
    with opened(data_dir) as store:
        kept, count = store.quarantined(limit), store.quarantined_count()
    for one in kept:
        click.echo(_harmless(_line(one)))
    click.echo(f"{len(kept)} of {count} shown" if kept else "The quarantine is empty.")


def _line(one: Quarantined) -> str:
    said = one.refusal
    reason = said.reason if len(said.reason) <= _SHOWN_REASON else f"{said.reason[:_SHOWN_REASON]}…"
    return f"{one.id:>6}  {_time(one)}  {said.source}  {one.times}x  {said.field or '-'}  {reason}"


def _harmless(text: str) -> str:
    """Without what could command the terminal: the text came from outside."""
    return "".join(c if c.isprintable() or c in "\n\t" else ascii(c)[1:-1] for c in text)


def _time(one: Quarantined) -> str:
    return one.refusal.received.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


@quarantine.command()
@click.argument("number", metavar="ID", type=int)
@data_option
def show(data_dir: Path, number: int) -> None:
    """Everything about one, with its original bytes."""
    with opened(data_dir) as store:
        one = store.refused(number)
    said = one.refusal
    click.echo(f"id: {one.id}\nreceived: {_time(one)}\nsource: {said.source}\nmode: {said.mode}\ntimes: {one.times}")
    click.echo(_harmless(f"field: {said.field or '-'}\nreason: {said.reason}\nbytes: {len(said.original)}\n"))
    click.echo(_harmless(said.original.decode("utf-8", "backslashreplace")))


@quarantine.command()
@click.argument("number", metavar="ID", type=int)
@data_option
def retry(data_dir: Path, number: int) -> None:
    """Read one again, after a feed was mended; it stays when it is refused again."""
    with opened(data_dir) as store:
        receipt = Door(store, at_home(discover_feeds().found, ground_of(data_dir))).retry(number)
    if number in receipt.quarantined:
        raise click.ClickException(f"refused again: {receipt.rejected[0].reason}")
    click.echo(_taken(receipt))


@quarantine.command()
@click.argument("numbers", metavar="ID…", type=int, nargs=-1, required=True)
@click.option("--why", required=True, help="The reason; it stands in the audit with what was thrown away.")
@data_option
def discard(numbers: tuple[int, ...], why: str, data_dir: Path) -> None:
    """Throw away what nobody will mend; the audit keeps whose it was, why it was refused, and its hash."""
    if not why.strip():
        raise click.ClickException("say why: --why '…'")
    audit = Audit(data_dir, is_logged=False)
    with opened(data_dir) as store:
        kept = [store.refused(number) for number in dict.fromkeys(numbers)]  # all of them are there, or none is touched
        for one in kept:
            audit.note(operator(), "quarantine.discard", str(one.id), why=why.strip(), **trace_of(one))
            store.release(one.id)
    click.echo(f"{len(kept)} thrown away; `layar audit` has why")


def _taken(receipt: Receipt) -> str:
    subjects = ", ".join(f"{item.subject} ({item.outcome})" for item in receipt.items)
    return f"read: {subjects}" if subjects else "read: it says nothing new"
