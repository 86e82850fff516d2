"""Pages of plain HTML for signing in and for one's own account: they open when nothing else does, without a script."""

from collections.abc import Callable, Iterable
from datetime import datetime, tzinfo
from html import escape

from flask import Response, current_app, g, request

from dashboard.briefing_words import MODE_SAID
from dashboard.style import THEMES, Theme
from layers.event import Mode
from layers.layer import Words

_FRAME = """<!doctype html>
<html lang="{lang}" data-theme="{theme}">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{title} · Layar 112</title>
<link rel="icon" href="/favicon.ico"><link rel="stylesheet" href="/assets/00-tokens.css">
<style>
body {{ margin: 0; min-height: 100vh; display: grid; place-items: center; background: var(--night);
  color: var(--text); font: 18px/1.5 system-ui, sans-serif }}
main {{ box-sizing: border-box; width: min(31em, 94vw); padding: min(2em, 6vw);
  margin: 1.5em 0; background: var(--panel); border-radius: 12px;
  border: 1px solid var(--panel-edge) }}
h1 {{ margin: 0; font-size: 1.5em }} h2 {{ margin: 1.6em 0 0; font-size: 1.1em }}
p {{ color: var(--text-soft); margin: .2em 0 1em }} .wrong, .well {{ color: var(--text); padding: .5em .8em;
  border-left: 5px solid var(--priority-2); background: var(--ground) }} .well {{ border-color: var(--ok) }}
label {{ display: block; color: var(--text-soft); margin-top: .8em }}
input, button, .button {{ box-sizing: border-box; width: 100%; padding: .6em; margin-top: .3em; font: inherit;
  border-radius: 8px; border: 1px solid var(--text-quiet); background: var(--ground); color: var(--text) }}
button, .button {{ display: block; margin-top: 1.2em; font-weight: 600; cursor: pointer; text-align: center;
  text-decoration: none }}
button.first {{ background: var(--brand); border-color: var(--brand); color: var(--text-on-light) }}
input:focus-visible, button:focus-visible, a:focus-visible {{ outline: 3px solid var(--text); outline-offset: 2px }}
dl {{ display: grid; grid-template-columns: auto 1fr; gap: .2em 1em; margin: 1em 0 }} dd {{ margin: 0 }}
dt, small {{ color: var(--text-soft) }} small {{ display: block; font-size: .92em; margin-top: .3em }}
.mode {{ margin: 0 0 1em; padding: .3em .8em; border-radius: 8px; background: var(--demo); color: var(--demo-ink);
  font-weight: 700; text-align: center }}
.mode[data-mode="drill"] {{ background: var(--drill); color: var(--drill-ink) }}
nav {{ display: flex; justify-content: space-between; margin-top: 1.6em }} nav a {{ color: var(--text-soft) }}
</style>
</head>
<body>
<main>
{mark}{body}
</main>
</body>
</html>"""
_LANGUAGES = ("id", "en")
_DAWN, _DUSK = 6, 18
THEME_NOW = "SCREENS_THEME_NOW"
"""In the server's configuration: what gives the theme of the room's screens."""
MODE_NOW = "SCREENS_MODE_NOW"
"""In the server's configuration: what gives the mode that every screen says, unless it is "live"."""
CAME_IN = "language_came_in"
"""On the request's `g`: the language of somebody whose address cannot say it."""
_HOME = "/wall"


def language() -> str:
    """The reader's: Indonesian unless `lang=en` was asked, in the address or in the form, or before they went away."""
    said = request.values.get("lang") or g.get(CAME_IN, "id")
    return said if said in _LANGUAGES else "id"


def local_path(said: str | None) -> str:
    """Where to go after signing in: a path of this server, never another site."""
    if not said or not said.startswith("/") or said.startswith(("//", "/\\")) or not said.isprintable():
        return _HOME
    return said


def theme_at(wanted: str, now: datetime, zone: tzinfo) -> Theme:
    """The theme that `[screens] theme` means at that moment; as assets/05-theme.js has it."""
    if wanted == "auto":
        return "day" if _DAWN <= now.astimezone(zone).hour < _DUSK else "night"
    return "day" if wanted == "day" else "night"


def _theme() -> Theme:
    """That of the address, or that of the room's screens."""
    asked = request.values.get("theme")
    known = next((one for one in THEMES if one == asked), None)
    now: Callable[[], Theme] = current_app.config.get(THEME_NOW, lambda: "night")
    return known or now()


def _mark() -> str:
    """LATIHAN or SIMULASI, as on every other screen."""
    now: Callable[[], Mode] = current_app.config.get(MODE_NOW, lambda: "live")
    mode = now()
    return "" if mode == "live" else f'<p class="mode" data-mode="{mode}">{escape(told(MODE_SAID[mode]))}</p>\n'


def told(words: Words) -> str:
    """In the reader's language."""
    return words.en if language() == "en" else words.id


def page(title: Words, parts: Iterable[str], status: int = 200) -> Response:
    """A page of these parts, which are HTML already."""
    said = {"lang": language(), "theme": _theme(), "title": escape(told(title)), "mark": _mark()}
    html = _FRAME.format(**said, body="\n".join(parts))
    response = Response(html, status, content_type="text/html; charset=utf-8")
    response.headers["Referrer-Policy"] = "same-origin"  # with no-referrer browsers send forms with "Origin: null"
    return response


def field(name: str, label: Words, kind: str, complete: str, hint: Words | None = None, *more: str) -> str:
    """A labelled input; `more` are further attributes."""
    said = "" if hint is None else f"<small>{escape(told(hint))}</small>"
    attributes = " ".join((f'name="{name}" type="{kind}" autocomplete="{complete}" maxlength="256"', *more))
    return f"<label>{escape(told(label))}\n<input {attributes}>{said}</label>"


def hidden(name: str, value: str) -> str:
    """A word that the form sends along."""
    return f'<input type="hidden" name="{name}" value="{escape(value)}">'


def paragraph(words: Words, kind: str = "") -> str:
    """A sentence; `kind` is `wrong` or `well` for one that must be seen."""
    return f'<p class="{kind}" role="status">{escape(told(words))}</p>' if kind else f"<p>{escape(told(words))}</p>"
