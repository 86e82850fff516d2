"""Backups at the desk: the last one and whether it is proved, one more now, and how to bring one back. For admins."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from dashboard.auth import ADMIN
from dashboard.backup import Kept, Step, backups_in, kept
from dashboard.backup_now import Run, Wish, load_run, start
from dashboard.backup_status import load_backup_status
from dashboard.operate import Asked, Deed, Done, Line, Look, Room, Row, both, version_of
from geodata.clock import epoch_s
from geodata.errors import BadInput
from layers.layer import Words

_MOST_SHOWN = 30
_RUN = "run"
_STEPS: dict[Step, Words] = {
    "copy": both("menyalin", "copying"),
    "prove": both("memeriksa salinan", "proving the copy"),
    "list": both("mencatat sidik berkas", "listing every file"),
}
_ANYWHERE = both('di layar.toml: [backup] to = "/folder/di/disk/lain"', 'in layar.toml: [backup] to = "/another/disk"')


def rows(look: Look) -> Sequence[Row]:
    """The one that is being made or failed, then those there are, the newest first."""
    run = load_run(look.services.data_dir)
    found = [one for folder in reversed(_folders(look)[-_MOST_SHOWN:]) if (one := kept(folder)) is not None]
    told = [] if run is None or run.state == "done" else [_of_run(run, look.now)]
    return [*told, *(_row(one, look, is_newest=place == 0) for place, one in enumerate(found))]


def _folders(look: Look) -> tuple[Path, ...]:
    to = look.services.settings.backup.to
    try:
        return backups_in(Path(to)) if to else ()
    except OSError:
        return ()


def _of_run(run: Run, now: datetime) -> Row:
    is_on = run.is_on(now)
    state = _STEPS[run.step] if is_on else both("gagal", "failed")
    reason = run.reason or ("" if is_on else "the process ended")
    return Row(
        key=_RUN,
        version=version_of(run.state, run.step, is_on),
        title=both("Sedang dibuat", "Being made") if is_on else both("Tidak jadi dibuat", "It could not be made"),
        sub=both(f"{run.mb:.0f} MB disalin", f"{run.mb:.0f} MB copied"),
        state=state,
        mood="calm" if is_on else "grave",
        at=epoch_s(run.began_at),
        lines=(
            *((Line(label=both("Mengapa", "Why"), value=reason),) if reason else ()),
            Line(label=both("Diminta oleh", "Asked by"), value=run.who),
            Line(label=both("Mulai", "Began"), value={"at": epoch_s(run.began_at)}),
        ),
    )


def _row(one: Kept, look: Look, *, is_newest: bool) -> Row:
    made = one.made_at.astimezone(look.situation.ground.city.zone)
    proof = both("utuh dan dihitung ulang", "whole and folded anew") if one.is_folded else both("utuh", "whole")
    left = ", ".join(one.without) or "-"
    seen = (
        (Line(label=both("Kabar terbaru di dalamnya", "Newest news in it"), value={"at": epoch_s(one.seen)}),)
        if (one.seen)
        else ()
    )
    return Row(
        key=one.folder.name,
        version=one.folder.name,
        title=f"{made:%d.%m.%Y %H.%M}",
        sub=str(one.folder),
        state=proof,
        mood="good",
        at=epoch_s(one.made_at),
        badges=(both("terbaru", "newest"),) if is_newest else (),
        lines=(
            Line(label=both("Isi", "Holds"), value=both(f"{one.events} kabar", f"{one.events} events")),
            *seen,
            Line(label=both("Tidak ikut", "Not in it"), value=left),
            Line(label=both("Versi Layar", "Version"), value=one.version),
            Line(label=both("Memulihkan", "To restore"), value=both(
                "hentikan Layar, pulihkan ke folder baru yang kosong, lalu nyalakan dengan folder itu:",
                "stop Layar, restore into a new, empty folder, then start it with that folder:")),
            Line(label="", value={"source": f"layar restore {one.folder} --data FOLDER_BARU"}),
        ),
    )  # fmt: skip


def head(look: Look) -> Sequence[Line]:
    """When the last one was made, by what clock, and what went wrong."""
    settings, folders = look.services.settings.backup, _folders(look)
    newest = kept(folders[-1]) if folders else None
    status = load_backup_status(look.services.data_dir)
    every = both(f"tiap {settings.every_h:g} jam", f"every {settings.every_h:g} hours")
    failed = both(f"gagal: {status.reason}", f"failing: {status.reason}") if status and status.failed_at else None
    return (
        Line(label=both("cadangan terakhir", "last backup"),
             value={"at": epoch_s(newest.made_at)} if newest else both("belum ada", "none yet")),
        Line(label=both("otomatis", "by the clock"), value=every if settings.every_h else both("tidak", "no")),
        *((Line(label=both("yang otomatis", "by the clock"), value=failed),) if failed else ()),
        *((Line(label=_ANYWHERE, value=both("belum diatur", "not set up")),) if not settings.to else ()),
    )  # fmt: skip


def make(asked: Asked) -> Done:
    """Begun now, beside the work of the centre; it takes seconds to minutes."""
    settings, services = asked.services.settings.backup, asked.services
    if not settings.to or not Path(settings.to).is_absolute():
        raise BadInput("key: say in layar.toml where backups go: [backup] to", field="key")
    wish = Wish(to=Path(settings.to), keep=settings.keep, with_secrets=settings.with_secrets)
    start(services.data_dir, wish, asked.who, asked.look.now)
    return Done(subject=_RUN, words=both("dimulai; lihat di daftar", "begun; see the list"))


ROOM = Room(
    title=both("Cadangan data", "Backups"),
    rows=rows,
    empty=both("Belum ada cadangan.", "There is no backup yet."),
    head=head,
    is_house=True,
    allowed=ADMIN,
    deeds={
        "make": Deed(words=both("Buat cadangan sekarang", "Make a backup now"), do=make, key="n", is_new=True,
                     allowed=ADMIN)
    },
)  # fmt: skip
