"""The Page contract: one screen in one file of `dashboard/pages/`, with ids, layout and callbacks together.

Every page is served as a Dash app of its own under its path (docs/decisions/0004-pages.md), so its ids and
callbacks can never meet those of another page, and its roles hold for its callbacks too.
"""

from collections.abc import Callable
from dataclasses import dataclass

from dash import Dash
from dash.development.base_component import Component

from dashboard.auth import VIEWERS, Who
from dashboard.services import Services
from geodata.plugins import Plugins, discover
from layers.layer import Words


def no_callbacks(_app: Dash, _services: Services) -> None:
    """For a page whose work is done by `assets/` alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One screen; `dashboard/pages/<name>.py` ends with `PAGE = Page(...)`.

    `path` starts with "/" and does not end with one, e.g. "/wall". `layout(services)` is called once per page
    load; `register(app, services)` once, when the app is built. `roles` may open it; nobody else can.
    """

    path: str
    title: Words
    layout: Callable[[Services], Component]
    register: Callable[[Dash, Services], None] = no_callbacks
    roles: frozenset[Who] = VIEWERS


def discover_pages() -> Plugins[Page]:
    """Every page in `dashboard/pages` and every third party's."""
    return discover("dashboard.pages", "PAGE", Page)
