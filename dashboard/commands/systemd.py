"""`layar systemd`: a unit file for this installation and this folder, or what makes a wall PC of another machine."""

import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

import click

from dashboard.config import LayarSettings, load_settings
from dashboard.kiosk import kiosk_script
from dashboard.options import data_option
from dashboard.walls import wall_named, walls_of
from geodata.errors import BadSettings

_UNIT = """\
# layar systemd > /etc/systemd/system/layar.service && systemctl daemon-reload && systemctl enable --now layar
[Unit]
Description=Layar 112
After=network-online.target
Wants=network-online.target

[Service]
Type=notify
NotifyAccess=main
User={user}
ExecStart={program} serve --data {data}
Restart=always
RestartSec=2
TimeoutStartSec=180
TimeoutStopSec=20
WatchdogSec=60
NoNewPrivileges=yes
PrivateTmp=yes
ProtectSystem=strict
ProtectHome=read-only
ReadWritePaths={writable}
UMask=0077
CapabilityBoundingSet=
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectKernelLogs=yes
ProtectControlGroups=yes
RestrictSUIDSGID=yes
RestrictRealtime=yes
LockPersonality=yes
SystemCallArchitectures=native

[Install]
WantedBy=multi-user.target
"""


@click.command()
@click.option("--user", default="layar", show_default=True, help="Who it runs as; owns the folder of the city.")
@click.option("--kiosk", "url", help="Print instead the script for a wall PC that finds this server at that address.")
@click.option("--wall", "wall_name", help="With --kiosk: which wall its screens are; else the first.")
@data_option
def systemd(data_dir: Path, user: str, url: str | None, wall_name: str | None) -> None:
    """Print a unit that runs `layar serve` and starts it anew when it hangs."""
    if url is not None:
        click.echo(_kiosk(load_settings(data_dir), url, wall_name), nl=False)
        return
    program, data = Path(sys.executable).with_name("layar"), data_dir.resolve()
    # a - before a path: where it is missing, as a disk that is not there, the service starts all the same
    others = [_quoted(path, before="-") for path in _other_folders(load_settings(data_dir))]
    words = {"program": _variables_kept(_quoted(program)), "data": _variables_kept(_quoted(data))}
    click.echo(_UNIT.format(user=user, writable=" ".join([_quoted(data), *others]), **words), nl=False)


def _kiosk(settings: LayarSettings, url: str, name: str | None) -> str:
    """Raises BadSettings for a wall that there is not, and for what is no address."""
    wall = wall_named(walls_of(settings.walls), name)
    if wall is None:
        raise BadSettings(f"no wall {name!r} in [[walls]]", field="wall")
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise BadSettings(f"{url!r} is no address like http://192.168.1.10:8112", field="kiosk")
    return kiosk_script(wall, url)


def _other_folders(settings: LayarSettings) -> list[Path]:
    """Those outside of the city's folder that its settings have it write to."""
    archive = urlsplit(settings.archive.url or "")
    said = [
        settings.backup.to,
        unquote(archive.path) if archive.scheme == "file" else "",
        *(getattr(line, "folder", None) or "" for line in settings.feeds),
        *(line.folder for line in settings.reports),
    ]
    return [Path(folder) for folder in said if Path(folder).is_absolute()]


def _variables_kept(word: str) -> str:
    """In a command a dollar sign means something, too."""
    return word.replace("$", "$$")


def _quoted(path: Path, before: str = "") -> str:
    """As systemd reads words: spaces would part them, percent signs mean something."""
    said = before + str(path).replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    return f'"{said}"' if " " in said else said
