"""`layar systemd`: a unit file for this installation and this folder."""

import sys
from pathlib import Path

import click

from dashboard.options import data_option

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
ReadWritePaths={data}
UMask=0077

[Install]
WantedBy=multi-user.target
"""


@click.command()
@click.option("--user", default="layar", show_default=True, help="Who it runs as; owns the folder of the city.")
@data_option
def systemd(data_dir: Path, user: str) -> None:
    """Print a unit that runs `layar serve` and starts it anew when it hangs."""
    program = Path(sys.executable).with_name("layar")
    click.echo(_UNIT.format(user=user, program=_quoted(program), data=_quoted(data_dir.resolve())), nl=False)


def _quoted(path: Path) -> str:
    """As systemd reads words: spaces would part them, percent signs mean something."""
    said = str(path).replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    return f'"{said}"' if " " in said else said
