"""The minute of the README: pictures of the pages one after another, with words below, as one animated picture."""

from collections.abc import Iterator
from pathlib import Path

import font_rhd
import font_source_sans_pro
from PIL import Image, ImageDraw, ImageFont

from dashboard.style import tokens
from tests.screens.shots import TOUR, Stop

WIDTH, PICTURE_HEIGHT, WORDS_HEIGHT = 1120, 630, 84
FADE_MS, FADES = 100, 2
STOP_MS = 60_000 // len(TOUR) - FADES * FADE_MS
QUALITY = 60
MOST_BYTES = 3_000_000


def make_tour(folder: Path) -> str:
    """Write `tour.webp`; says how large it is. Raises FileNotFoundError when a picture is missing."""
    looks = [look(stop, place, folder) for place, stop in enumerate(TOUR)]
    frames = list(fading(looks))
    path = folder / "tour.webp"
    first, *others = [frame for frame, _ in frames]
    lengths = [length for _, length in frames]
    first.save(path, save_all=True, append_images=others, duration=lengths, loop=0, quality=QUALITY, method=3)
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise ValueError(f"{path.name} has {size} bytes")
    return f"{path.name}  {size // 1024} kB, {sum(lengths) / 1000:.0f} s"


def look(stop: Stop, place: int, folder: Path) -> Image.Image:
    """The picture, its words below, and how far the tour has come."""
    colours = tokens()
    whole = Image.new("RGB", (WIDTH, PICTURE_HEIGHT + WORDS_HEIGHT), colours["--panel"])
    with Image.open(folder / f"{stop.picture}.webp") as picture:
        whole.paste(picture.convert("RGB").resize((WIDTH, PICTURE_HEIGHT), Image.Resampling.LANCZOS))
    pen = ImageDraw.Draw(whole)
    head = ImageFont.truetype(font_rhd.RedHatDisplayBold, 27)
    text = ImageFont.truetype(font_source_sans_pro.SourceSansPro, 22)
    pen.text((28, PICTURE_HEIGHT + 14), stop.words[0], fill=colours["--text"], font=head)
    pen.text((28, PICTURE_HEIGHT + 48), stop.words[1], fill=colours["--text-soft"], font=text)
    done = round(WIDTH * (place + 1) / len(TOUR))
    pen.rectangle((0, PICTURE_HEIGHT, done, PICTURE_HEIGHT + 4), fill=colours["--brand"])
    return whole


def fading(looks: list[Image.Image]) -> Iterator[tuple[Image.Image, int]]:
    """Each for its time, and a short way to the next."""
    for place, one in enumerate(looks):
        yield one, STOP_MS
        following = looks[(place + 1) % len(looks)]
        for step in range(1, FADES + 1):
            yield Image.blend(one, following, step / (FADES + 1)), FADE_MS
