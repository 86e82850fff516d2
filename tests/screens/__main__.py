"""`python -m tests.screens [NAME…] [--tour]`: photographs every page of a demo into `docs/screens`, at three sizes.

Starts `layar demo` in a folder of its own and gives its city some minutes to live; `--demo URL TOKENS` takes one that
runs already. `--tour` makes the animated picture of the README from them.
"""

import io
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import click
import orjson
import requests
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright
from playwright.sync_api import Error as BrowserError

from tests.screens.shots import SHOTS, SIZES, Shot, Size
from tests.screens.tour import make_tour

HERE = Path(__file__).parents[2] / "docs" / "screens"
CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--ignore-gpu-blocklist",
    "--disable-gpu-compositing",  # but for the map, painting without it is cheaper
    "--no-sandbox",
    "--disable-background-networking",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
]
_READY_S = 180
_LIVES_S, _LONGEST_S = 150, 45
_DRAWN = """hasMap => {
  const root = document.querySelector('#react-entry-point');
  if (root && (!root.children.length || document.querySelector('._dash-loading'))) return false;
  const map = hasMap && window.layar && window.layar.map && window.layar.map.get();
  return !hasMap || (Boolean(map) && map.isStyleLoaded() && map.areTilesLoaded());
}"""
"""The page has its layout, and its map, where it has one, its style."""
_PATIENCE_MS = 150_000


@contextmanager
def demo() -> Iterator[tuple[str, dict[str, str]]]:
    """A demo of its own: its address and its tokens. Ends with the block."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        program = "import sys; from dashboard.cli import main; main()"
        words = ["demo", "--port", str(port), "--data", folder]
        running = subprocess.Popen([sys.executable, "-c", program, *words], env=dict(os.environ))  # noqa: S603 — our own command
        try:
            url = f"http://127.0.0.1:{port}"
            wait_for(url)
            time.sleep(_LIVES_S)
            yield url, orjson.loads(Path(folder, "demo-tokens.json").read_bytes())
        finally:
            running.terminate()
            running.wait(30)


def wait_for(url: str) -> None:
    """Until the server is able to work. Raises TimeoutError."""
    until_s = time.monotonic() + _READY_S
    while time.monotonic() < until_s:
        with suppress(requests.RequestException):
            if requests.get(f"{url}/readyz", timeout=5).ok:
                return
        time.sleep(1)
    raise TimeoutError(url)


def busy() -> float:
    """How many times slower than a quiet machine this one is just now."""
    return max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


class Studio:
    """A browser that looks at one server as any role."""

    def __init__(self, browser: Browser, url: str, tokens: dict[str, str]) -> None:
        self._browser = browser
        self._url = url
        self._tokens = tokens

    @contextmanager
    def page(self, size: Size, role: str | None) -> Iterator[Page]:
        """A page of that size, signed in as that role."""
        room = self._browser.new_context(
            viewport={"width": size.width, "height": size.height},
            device_scale_factor=size.scale,
            is_mobile=size.is_touch,
            has_touch=size.is_touch,
        )
        try:
            page = room.new_page()
            page.set_default_timeout(_PATIENCE_MS)
            if role is not None:
                page.goto(f"{self._url}/login")
                page.fill("input[name=token]", self._tokens[role])
                page.click("form button")
                page.wait_for_url(lambda address: "/login" not in address)
            yield page
        finally:
            room.close()

    def go(self, page: Page, shot: Shot) -> None:
        """Open it and wait until it stands. What does not come is photographed as it is, and said."""
        page.goto(f"{self._url}{shot.path}", wait_until="domcontentloaded")
        try:
            page.wait_for_selector(shot.ready, state="attached", timeout=_PATIENCE_MS)
            page.wait_for_function(_DRAWN, arg=shot.has_map, timeout=_PATIENCE_MS)
            if shot.click is not None:
                page.click(shot.click, timeout=15_000)
            for key in shot.keys:
                page.keyboard.press(key)
        except BrowserError as error:
            click.echo(f"{shot.name}: {str(error).splitlines()[0]}", err=True)
        page.wait_for_timeout(min(_LONGEST_S, shot.settle_s * busy()) * 1_000)

    def picture(self, page: Page) -> Image.Image:
        """What is on the screen just now; what is on its way in has come."""
        return Image.open(io.BytesIO(page.screenshot(animations="disabled"))).convert("RGB")


def photograph(studio: Studio, shots: Sequence[Shot], sizes: Sequence[Size], out: Path) -> None:
    """Each page at each size."""
    for size in sizes:
        for role in sorted({shot.role or "" for shot in shots}):
            with studio.page(size, role or None) as page:
                for shot in (one for one in shots if (one.role or "") == role):
                    studio.go(page, shot)
                    path = out / f"{shot.name}-{size.name}.webp"
                    studio.picture(page).save(path, quality=size.quality, method=6)
                    click.echo(f"{path.name}  {path.stat().st_size // 1024} kB")


@click.command()
@click.argument("names", nargs=-1)
@click.option("--size", "sizes", multiple=True, help="Only these: 1080, 2160, phone.")
@click.option("--tour", "is_tour", is_flag=True, help="Make the tour of the README from what lies there.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), default=HERE, help="Where they go.")
@click.option("--demo", "running", type=(str, click.Path(path_type=Path, exists=True)), help="One that runs already.")
def main(names: tuple[str, ...], sizes: tuple[str, ...], running: tuple[str, Path] | None, out: Path, *, is_tour: bool):
    """Photograph the pages."""
    shots = [shot for shot in SHOTS if not names or shot.name in names]
    wanted = [size for size in SIZES if not sizes or size.name in sizes]
    out.mkdir(parents=True, exist_ok=True)

    def work(url: str, tokens: dict[str, str]) -> None:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            studio = Studio(browser, url, tokens)
            photograph(studio, shots, wanted, out)
            browser.close()

    if is_tour:
        click.echo(make_tour(out))
        return
    if running:
        work(running[0], orjson.loads(running[1].read_bytes()))
        return
    with demo() as (url, tokens):
        work(url, tokens)


if __name__ == "__main__":
    main()
