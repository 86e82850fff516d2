"""`layar report`: the report of a shift, a day, a month, days by hand or an incident, as a file."""

from pathlib import Path

import click

from dashboard.audit import Audit, operator
from dashboard.config import load_settings
from dashboard.options import data_option, mode_option
from dashboard.report_making import make
from dashboard.report_process import room_of
from dashboard.report_wanted import FORMATS, KINDS, wanted_of
from dashboard.report_words import LANGS
from layers.event import Mode

_ENDINGS = tuple(FORMATS)


@click.group()
def report() -> None:
    """Reports on paper: make them by hand."""


@report.command("make")
@click.option("--kind", required=True, type=click.Choice(KINDS), help="Of what.")
@click.option(
    "--date", "at", default="", help="Day, month (2026-11), shift (2026-11-22/Pagi) or incident; else the last."
)
@click.option("--format", "format_", default="pdf", show_default=True, type=click.Choice(_ENDINGS), help="Of the file.")
@click.option("--lang", default="id", show_default=True, type=click.Choice(LANGS), help="What it is written in.")
@click.option("--agency", help="Id of the only agency it is of.")
@click.option("--publishable", is_flag=True, help="Counts alone, without personal data.")
@click.option("--out", type=click.Path(path_type=Path), help="File or folder; the folder you stand in when not given.")
@data_option
@mode_option
def make_(  # noqa: PLR0913, PLR0917 — a command's options
    kind: str,
    at: str,
    format_: str,
    lang: str,
    agency: str | None,
    out: Path | None,
    data_dir: Path,
    mode: Mode | None,
    *,
    publishable: bool,
) -> None:
    """Write one report to a file."""
    said = {"kind": kind, "at": at, "format": format_, "publishable": publishable, "agency": agency, "lang": lang}
    wanted = wanted_of(said)
    with room_of(data_dir, load_settings(data_dir), mode) as room:
        made = make(room, wanted, lambda _done, step: click.echo(step, err=True), may_see_stills=True)
    path = _path(out, made.name)
    partial = path.with_name(f".{path.name}.partial")
    try:
        partial.write_bytes(made.data)
        partial.replace(path)
    except OSError as error:
        raise click.ClickException(f"{path} cannot be written: {error.strerror}") from error
    finally:
        partial.unlink(missing_ok=True)
    Audit(data_dir, is_logged=False).note(
        operator(), "report.make", f"{kind} {at}".strip(), fingerprint=made.fingerprint
    )
    click.echo(f"{path} · {made.title} · {made.fingerprint}", err=True)


def _path(out: Path | None, name: str) -> Path:
    if out is None:
        return Path(name)
    return out / name if out.is_dir() else out
