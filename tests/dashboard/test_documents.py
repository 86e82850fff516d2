"""The documents promise nothing that is not there and leave nothing out: commands, addresses, settings, feeds."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import click
import pytest
from pydantic import BaseModel

from dashboard.cli import main
from dashboard.config import LayarSettings
from dashboard.openapi import description
from dashboard.page import discover_pages
from layers.feed import discover_feeds
from layers.layer import discover_layers, hidden
from layers.transport import discover_transports
from tests.bench.__main__ import benches

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
DOCUMENTS = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted(DOCS.rglob("*.md"))]
TEXTS = {path.relative_to(ROOT).as_posix(): path.read_text("utf-8") for path in DOCUMENTS}
WHOLE = "\n".join(TEXTS.values())
FENCE = re.compile(r"^ *```(\w*)\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
LAYAR = re.compile(r"(?:^|[\s;&|(/])layar ([a-z].*)")


def said_commands(text: str) -> Iterator[str]:
    """What stands after `layar` in code, in a block of a shell or in a line of text."""
    for language, block in FENCE.findall(text):
        if language in {"", "sh", "console"}:
            for line in block.splitlines():
                for part in re.split(r"&&|\|\s|[;#<>]", line):
                    yield from LAYAR.findall(part)
    for code in re.findall(r"`([^`\n]+)`", FENCE.sub("", text)):
        if code.startswith("layar "):
            yield from LAYAR.findall(code)


def fault_of(said: str) -> str | None:
    """What the command line would not know of it; several words may stand for one, as in list|show."""
    words = [word.strip("[](),.") for word in shlex.split(said.replace("…", ""), posix=True)]
    context, command = click.Context(main), main
    options = _options(main)
    while words and isinstance(command, click.Group) and not words[0].startswith("-"):
        name = words.pop(0)
        found = [command.get_command(context, one) for one in name.split("|")]
        if None in found:
            return f"there is no command {name}"
        command = found[0]
        options |= _options(command)
    unknown = [word for word in words if word.startswith("--") and word.split("=")[0] not in options]
    return f"no option {unknown[0]}" if unknown else None


def _options(command: click.Command) -> set[str]:
    return {"--help", *(name for one in command.params for name in (*one.opts, *one.secondary_opts))}


def test_a_command_that_is_not_there_is_told():
    assert fault_of("token create --role wall --name x") is None
    assert fault_of("feeds list|dialects") is None
    assert fault_of("token forge") == "there is no command forge"
    assert fault_of("backup X --fast") == "no option --fast"


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_every_command_in_a_document_is_known_with_its_options(name):
    assert [(said, fault) for said in said_commands(TEXTS[name]) if (fault := fault_of(said))] == []


def test_commands_are_found_and_every_one_of_ours_is_in_some_document():
    said = {line.split()[0].strip("|,.") for text in TEXTS.values() for line in said_commands(text)}
    assert set(main.commands) <= said


def test_every_file_of_the_tree_that_a_document_names_is_there():
    named = re.findall(r"`((?:layers|dashboard|cctv|geodata|tests|assets|docs)/[\w./-]+)`", WHOLE)
    assert len(named) > 10
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_every_setting_that_a_document_names_is_known():
    named = set(re.findall(r"`\[(\w+)\]\s+(\w+)", WHOLE))
    assert len(named) > 10
    assert sorted(f"[{section}] {word}" for section, word in named if not _is_setting(section, word)) == []


def _is_setting(section: str, word: str) -> bool:
    field = LayarSettings.model_fields.get(section)
    models = [field.annotation, *get_args(field.annotation)] if field else []
    return any(word in one.model_fields for one in models if isinstance(one, type) and issubclass(one, BaseModel))


def addresses(text: str) -> set[str]:
    """Paths below /api, each argument as `<>`; without a query or a sentence's end."""
    named = re.findall(r"(/api/v1/(?:[\w.-]|/(?=[\w<{])|<\w+>|\{\w+\})+)", text)
    return {_plain(path.removesuffix(".")) for path in named}


def _plain(path: str) -> str:
    return re.sub(r"<\w*>|\{\w+\}", "<>", path)


def test_every_address_that_a_document_names_is_served(city):
    served = {re.sub(r"<[^>]*>", "<>", rule.rule) for rule in city.server.url_map.iter_rules()}
    as_asked = [re.compile(re.escape(rule).replace("<>", "[^/]+")) for rule in served]
    assert len(addresses(WHOLE)) > 30
    families = {"/api/v1/export"}  # named for all that stands below it
    unknown = [path for path in addresses(WHOLE) if not any(rule.fullmatch(path) for rule in as_asked)]
    assert set(unknown) <= families


def test_every_address_of_the_description_is_in_the_short_way_for_machines():
    text = _plain((DOCS / "api.md").read_text("utf-8"))
    described = {_plain(path) for path in description("x")["paths"]}
    assert sorted(path for path in described if path not in text) == []


def test_every_page_is_in_some_document():
    assert [page.path for page in discover_pages().found.values() if f"`{page.path}" not in WHOLE] == []


def test_every_feed_is_in_the_table_of_feeds_or_has_a_page_and_says_what_it_brings():
    feeds, data = TEXTS["docs/feeds.md"], TEXTS["docs/data.md"]
    pages = {path.stem for path in (DOCS / "feeds").glob("*.md")}
    missing = [name for name in discover_feeds().found if f"`{name}`" not in feeds + data and name not in pages]
    assert missing == []
    assert [name for name in pages if f"feeds/{name}.md" not in feeds] == []


def test_every_dialect_of_a_stranger_has_a_page_or_a_chapter_and_each_of_ours_its_fields():
    pages = {path.stem for path in (DOCS / "feeds").glob("*.md")}
    chapters = set(re.findall(r"^## (\w+)", TEXTS["docs/feeds.md"], re.MULTILINE))
    fields = set(re.findall(r"\(`([\w`, ]+)`\)", TEXTS["docs/data.md"]))
    ours = {name for said in fields for name in re.split(r"`, `", said)}
    assert sorted(set(discover_feeds().found) - pages - chapters - ours) == []


def test_the_list_of_layers_has_every_one_with_its_names_and_says_truly_who_sees_it_where():
    listed = TEXTS["docs/data.md"].split("\n## Layers\n")[1].split("\n## ")[0]
    rows = set(re.findall(r"^\| `(\w+)` \| (.+) \| (.+) \| (yes|no) \| (nothing|a part) \|$", listed, re.MULTILINE))
    assert rows == {
        (
            name,
            layer.title.id,
            layer.title.en,
            "yes" if layer.style else "no",
            "nothing" if layer.for_visitor is hidden else "a part",
        )
        for name, layer in discover_layers().found.items()
    }


def test_every_benchmark_is_named_and_said_where_its_figures_stand():
    figures = TEXTS["README.md"].split("\n## Figures\n")[1]
    named = set(re.search(r"python -m tests.bench ([a-z_ ]+)`", figures)[1].split())
    assert named == set(benches())


def test_every_way_by_which_news_may_come_in_is_explained():
    ways = set(discover_transports().found)
    assert {way for way in ways if not re.search(rf"\*\*[^*]*{way}", TEXTS["docs/feeds.md"])} == set()


def test_every_file_of_a_city_is_in_the_list_of_what_lives_in_its_folder(city):
    listed = TEXTS["docs/architecture.md"].split("\n## What lives in DIR\n")[1]
    named = {name.split("/")[0] for cell in re.findall(r"^\| (.+?) \|", listed, re.MULTILINE)
             for name in re.findall(r"`([\w./<>-]+)", cell)}  # fmt: skip
    beside = re.compile(r"\.|.*(-wal|-shm|\.lock)$")  # SQLite's own, locks, probes
    there = {path.name for path in city.folder.iterdir() if not beside.match(path.name)}
    assert {"layar.db", "tokens.json", "spool"} <= there
    assert there - named == set()
