"""`layar import` and `layar map-columns`: from a file with the past to figures."""

import hashlib
import os
import secrets
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import click
import orjson

from dashboard.caller_key import load_caller_key
from dashboard.commands.import_said import said_of, told_lines
from dashboard.config import load_settings
from dashboard.options import data_option, mode_option
from geodata.clock import utc_now
from geodata.errors import BadInput
from geodata.ground import load_ground
from geodata.places import Ground
from layers.bulk import Import, Summary, always
from layers.bulk_items import is_long_ago, items_of, likely_feeds, readings_of_items
from layers.event import Event, Mode
from layers.feed import Feed, at_home, discover_feeds
from layers.layer import discover_layers
from layers.store.sqlite import FILE_NAME, open_store
from layers.store.store import Store
from layers.table_ahead import Job, read
from layers.table_guess import SAMPLE_ROWS, proposal_of
from layers.table_mapping import TableMapping
from layers.table_read import Reading, Sheet
from layers.table_source import Row, about_rows, rows_of
from layers.table_toml import mapping_from, toml_of
from layers.table_words import is_of_112

FOLDER = "imports"
_TABLES = frozenset({"cc112", "table"})
_HEAD_ROWS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is to be read, how, and what is said of it beforehand."""

    feed: str
    readings: Callable[[datetime], Iterator[Reading]]
    said: tuple[str, ...]
    sheets: tuple[Sheet, ...] | list[Sheet] = ()
    is_table: bool = True
    size: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What the officer asked for."""

    feed: str | None
    mapping: TableMapping | None
    mode: Mode
    is_dry: bool


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--as", "feed", help="Feed it is read by: cc112, table, or any of `layar feeds dialects`; guessed if missing."
)
@click.option(
    "--mapping",
    "mapping_file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="What the columns mean, as `layar map-columns` proposes it.",
)
@click.option("--dry-run", is_flag=True, help="Only look: say what would be read; write nothing.")
@click.option("--json", "as_json", is_flag=True, help="The summary as JSON, with every row number.")
@mode_option
@data_option
def import_(
    file: Path,
    data_dir: Path,
    mapping_file: Path | None,
    *,
    as_json: bool,
    dry_run: bool,
    **wished: Any,  # noqa: ANN401 — as declared above
) -> None:
    """Bring the past in from FILE: XLSX, CSV, or what any feed reads. Again, or cut off and again, is harmless."""
    started = time.monotonic()
    settings = load_settings(data_dir)
    ground = load_ground(data_dir, settings.city.code)
    mapping = None if mapping_file is None else mapping_from(mapping_file.read_text("utf-8-sig"), mapping_file.name)
    wish = Wish(feed=wished["feed"], mapping=mapping, mode=wished["mode"] or settings.mode, is_dry=dry_run)
    plan = _plan(file, wish, data_dir, ground)
    for line in plan.said:
        click.echo(line, err=True)
    summary = _brought(file, data_dir, plan, wish, ground)
    if as_json:
        click.echo(orjson.dumps(said_of(summary, plan.sheets, plan.feed), option=orjson.OPT_INDENT_2).decode())
    else:
        for line in told_lines(summary, plan.sheets, ground.city, time.monotonic() - started, is_dry=dry_run):
            click.echo(line)
    if not summary.rows:
        raise click.ClickException("nothing was read")


def _brought(file: Path, data_dir: Path, plan: Plan, wish: Wish, ground: Ground) -> Summary:
    if wish.is_dry:
        return _run(None, plan, wish, file, None)
    kept = data_dir / FOLDER / f"{_digest(file, plan, wish)}.json"
    with closing(open_store(data_dir / FILE_NAME, discover_layers().found, ground)) as store:
        return _run(store, plan, wish, file, kept)


def _plan(file: Path, wish: Wish, data_dir: Path, ground: Ground) -> Plan:
    """How the file is read. Raises BadInput where nobody knows."""
    key = secrets.token_bytes(32) if wish.is_dry else load_caller_key(data_dir)
    feeds, feed, mapping = at_home(discover_feeds().found, ground), wish.feed, wish.mapping
    if mapping is not None and feed not in {None, "table"}:
        raise BadInput(f"--mapping goes with --as table, not with --as {feed}")
    if feed is not None and feed not in feeds:
        raise BadInput(f"no feed {feed!r}; there are: {', '.join(sorted(feeds))}")
    if feed in _TABLES or mapping is not None or (feed is None and _is_table(file)):
        return _table_plan(file, wish, data_dir, ground.city.code, key)
    return _items_plan(file, feed, feeds, key)


def _is_table(file: Path) -> bool:
    with file.open("rb") as opened:
        head = opened.read(4_096)
    return head.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] not in {b"{", b"[", b"<"}


def _table_plan(file: Path, wish: Wish, data_dir: Path, code: str, key: bytes) -> Plan:
    feed, mapping = wish.feed, wish.mapping
    said: tuple[str, ...] = ()
    if feed is None:
        feed, said = _guessed(file, mapping)
    sheets: list[Sheet] = []

    def readings(received: datetime) -> Iterator[Reading]:
        job = Job(path=file, data_dir=data_dir, code=code, feed=feed, mapping=mapping, received=received, key=key)
        sheets.clear()
        for one in read(job):
            if isinstance(one, Sheet):
                sheets.append(one)
            else:
                yield one
        if not any(sheet.mapping for sheet in sheets):
            raise BadInput(
                f"no sheet of {file.name} has the columns that {feed} needs; run `layar map-columns {file.name}`"
            )

    return Plan(feed=feed, readings=readings, said=said, sheets=sheets)


def _guessed(file: Path, mapping: TableMapping | None) -> tuple[str, tuple[str, ...]]:
    if mapping is not None:
        return "table", ("read as: table, by the mapping",)
    for row in _head(rows_of(file)):
        if is_of_112([str(cell) for cell in row.cells if cell]):
            return "cc112", (f"read as: cc112, because row {row.number} has the columns of the 112 application",)
    raise BadInput(
        f"nobody knows what the columns of {file.name} mean: run `layar map-columns {file.name} --out map.toml`, "
        "look at what it proposes, then import with --as table --mapping map.toml"
    )


def _head(rows: Iterable[Row]) -> Iterator[Row]:
    """The first rows of every sheet."""
    counts: dict[str, int] = {}
    for row in rows:
        counts[row.sheet] = counts.get(row.sheet, 0) + 1
        if counts[row.sheet] <= _HEAD_ROWS:
            yield row


def _items_plan(file: Path, name: str | None, feeds: Mapping[str, Feed], key: bytes) -> Plan:
    items = items_of(file)
    said: tuple[str, ...] = ()
    if name is None:
        likely = likely_feeds(items, feeds, utc_now(), key)
        if len(likely) != 1:
            among = f"it could be {' or '.join(likely)}" if likely else "no feed can read it"
            raise BadInput(f"what is {file.name}? {among}: say --as FEED")
        name = likely[0]
        said = (f"read as: {name}, which understands the most of it",)
    feed = feeds[name]

    def readings(received: datetime) -> Iterator[Reading]:
        return readings_of_items(items, feed, received, key)

    return Plan(feed=name, readings=readings, said=said, is_table=False, size=len(items))


def _digest(file: Path, plan: Plan, wish: Wish) -> str:
    """The same for the same file, read in the same way."""
    with file.open("rb") as opened:
        digest = hashlib.file_digest(opened, "sha256")
    digest.update(f"{plan.feed} {wish.mapping!r} {wish.mode}".encode())
    return digest.hexdigest()[:32]


def _run(store: Store | None, plan: Plan, wish: Wish, file: Path, kept: Path | None) -> Summary:
    """Bring it in; what is done is kept beside the log now and then, and forgotten at the end."""
    received = utc_now()
    is_history: Callable[[Sequence[Event]], bool] = always if plan.is_table else partial(is_long_ago, received)
    work = Import(store, plan.feed, received, mode=wish.mode, is_history=is_history)
    if kept is not None and kept.is_file():
        rows = work.go_on(orjson.loads(kept.read_bytes()))
        click.echo(f"going on after {rows} rows that an earlier run brought in", err=True)
    size = about_rows(file) if plan.is_table else plan.size
    with click.progressbar(range(size), label=file.name, file=sys.stderr) as bar:
        _drive(work, plan.readings(received), partial(_moved, bar), kept)
    if kept is not None:
        kept.unlink(missing_ok=True)
    return work.summary()


def _drive(work: Import, readings: Iterator[Reading], tell: Callable[[int], None], kept: Path | None) -> None:
    try:
        for rows in work.take(readings):
            tell(rows)
            if kept is not None:
                _keep(kept, work)
    except KeyboardInterrupt:
        click.echo("\ndihentikan; perintah yang sama melanjutkannya / cut off; the same command goes on", err=True)
        raise


def _moved(bar: Any, rows: int) -> None:  # noqa: ANN401 — click's bar
    bar.update(rows - bar.pos)


def _keep(path: Path, work: Import) -> None:
    """Only a hint from where to go on: if it is lost, rows are read once more and change nothing."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(orjson.dumps(work.progress()))
    fresh.replace(path)


@click.command("map-columns")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write it there; else it is printed.")
@click.option("--sheet", help="The sheet to look at; else the first one that has a table.")
@data_option
def map_columns(file: Path, data_dir: Path, out: Path | None, sheet: str | None) -> None:
    """Propose what the columns of FILE mean, as TOML to look at and mend."""
    city = load_ground(data_dir, load_settings(data_dir).city.code).city
    text = toml_of(_first_proposal(file, sheet, lambda rows: proposal_of(rows, city)))
    if out is None:
        click.echo(text, nl=False)
        return
    if out.exists():
        raise click.ClickException(f"{out} is there already; choose another name, or remove it first")
    out.write_text(text, "utf-8")
    click.echo(f"{out}: look at it, then: layar import {file} --as table --mapping {out} --dry-run")


def _first_proposal(file: Path, sheet: str | None, propose: Callable[[list[Row]], Any]) -> Any:  # noqa: ANN401 — a Proposal
    sheets: dict[str, list[Row]] = {}
    for row in rows_of(file):
        some = sheets.setdefault(row.sheet, [])
        if len(some) < SAMPLE_ROWS and sheet in {None, row.sheet}:
            some.append(row)
    reasons = []
    for rows in sheets.values():
        try:
            if rows:
                return propose(rows)
        except BadInput as error:
            reasons.append(f"{rows[0].sheet}: {error}" if rows[0].sheet else str(error))
    raise BadInput("; ".join(reasons) or f"{file.name} has no sheet {sheet!r}; there are: {', '.join(sheets)}")
