"""A wall PC, told in one shell script: Debian 12, X without a desktop, one Chromium for each screen of a wall. Pure.

The script is for another machine than the server; it needs nothing of ours there but Chromium. Nobody signs in on that
machine: its unit opens a session on the first console, and the token of the wall is pasted into the browser once.
"""

import shlex
from collections.abc import Iterator
from urllib.parse import urlencode

from dashboard.walls import ScreenSettings, WallSettings, sized

_PACKAGES = "xserver-xorg xinit x11-xserver-utils openbox chromium"
_FLAGS = (
    "--kiosk --no-first-run --no-default-browser-check --noerrdialogs --disable-infobars --hide-crash-restore-bubble "
    "--disable-session-crashed-bubble --disable-features=Translate --disable-background-networking "
    "--disable-component-update --disable-pinch --overscroll-history-navigation=0 --password-store=basic "
    "--autoplay-policy=no-user-gesture-required"
)
_SCRIPT = """\
#!/bin/sh
# Printed by `layar systemd --kiosk` for the wall {wall}. On the wall PC, with Debian 12: sudo sh THIS_FILE
set -eu
apt-get install -y --no-install-recommends {packages}
id wall >/dev/null 2>&1 || useradd --create-home --home-dir /var/lib/wall --groups video,render,input wall

cat > /usr/local/bin/layar-wall <<'END'
#!/bin/sh
# One browser for each screen; one that ends is opened again, the others go on.
# Where monitors stand in another order, put xrandr commands into /etc/layar-wall-monitors.
xset s off s noblank -dpms
openbox &
sleep 1
[ -r /etc/layar-wall-monitors ] && . /etc/layar-wall-monitors
screen() {{
  while :; do
    chromium {flags} --user-data-dir="/var/lib/wall/$1" --window-position="$2" --window-size="$3" "$4"
    sleep 2
  done
}}
{screens}
wait
END
chmod 755 /usr/local/bin/layar-wall

cat > /etc/systemd/system/layar-wall.service <<'END'
[Unit]
Description=Layar 112 on this PC's screens
After=systemd-user-sessions.service network-online.target
Wants=network-online.target
Conflicts=getty@tty1.service

[Service]
User=wall
PAMName=login
TTYPath=/dev/tty1
TTYReset=yes
TTYVHangup=yes
StandardInput=tty
StandardOutput=journal
StandardError=journal
WorkingDirectory=/var/lib/wall
ExecStart=/usr/bin/xinit /usr/local/bin/layar-wall -- :0 vt1 -keeptty -nolisten tcp -s 0 -dpms
Restart=always
RestartSec=5

[Install]
WantedBy=multi-user.target
END

systemctl mask sleep.target suspend.target hibernate.target hybrid-sleep.target
systemctl set-default multi-user.target
systemctl daemon-reload
systemctl enable --now layar-wall.service
"""


def kiosk_script(wall: WallSettings, url: str) -> str:
    """`url` is where the server is found from the wall PC, as `http://192.168.1.10:8112`."""
    return _SCRIPT.format(
        wall=wall.name, packages=_PACKAGES, flags=_FLAGS, screens="\n".join(_screens(wall, url.rstrip("/")))
    )


def _screens(wall: WallSettings, url: str) -> Iterator[str]:
    """From left to right, as the settings name them, each as large as its pixels."""
    left = 0
    for screen in wall.screens:
        across, down = _pixels(wall, screen)
        address = f"{url}/wall?{urlencode({'wall': wall.name, 'screen': screen.name})}"
        yield f"screen {shlex.quote(screen.name)} {left},0 {across},{down} {shlex.quote(address)} &"
        left += across


def _pixels(wall: WallSettings, screen: ScreenSettings) -> tuple[int, int]:
    size = sized(wall, screen)
    return size.pixels[0] * size.columns, size.pixels[1] * size.rows
