"""The rules of the house that no linter knows: lengths, echoes, what may not be in the tree."""

import ast
import re
import subprocess
import sys
import tomllib
from importlib.metadata import distributions, packages_distributions
from pathlib import Path

import pytest

from cctv.camera import Source
from geodata.plugins import discover
from layers.feed import discover_feeds
from layers.layer import discover_layers
from layers.transport import discover_transports

ROOT = Path(__file__).parents[1]
PACKAGES = ("dashboard", "layers", "cctv", "geodata")
MODULES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
TEXTS = {".py", ".js", ".css", ".md", ".toml", ".csv", ".json", ".geojson", ".txt", ".xml", ".sh", ""}
FORBIDDEN_ENDINGS = {".ttf", ".otf", ".woff", ".woff2", ".pbf", ".mjs", ".min.js"}
ALLOWED_AT_TOP = {
    "dashboard", "layers", "cctv", "geodata", "assets", "tests", "docs", "pyproject.toml", "README.md",
    "Makefile", "CHANGELOG.md", "LICENSE", ".ci", ".gitignore",
}  # fmt: skip


def tracked() -> list[Path]:
    """Every file git knows of or would take."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],  # noqa: S607 — git from the PATH
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def functions(path: Path) -> list[tuple[str, int]]:
    """(name, lines without its docstring) of each function."""
    found = []
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            docstring = ast.get_docstring(node, clean=False) or ""
            lines = (node.end_lineno or node.lineno) - node.lineno + 1 - len(docstring.splitlines())
            found.append((f"{path.relative_to(ROOT)}:{node.name}", lines))
    return found


def test_no_function_is_longer_than_fifty_lines():
    long = [(name, lines) for path in MODULES for name, lines in functions(path) if lines > 50]
    assert not long


def test_nine_functions_of_ten_are_at_most_thirty_lines():
    lengths = sorted(lines for path in MODULES for _, lines in functions(path))
    assert lengths[int(len(lengths) * 0.9)] <= 30


def test_no_file_of_ours_is_longer_than_four_hundred_lines():
    ours = [path for path in tracked() if path.suffix in {".py", ".js", ".css"}]
    long = [(str(path.relative_to(ROOT)), n) for path in ours if (n := len(path.read_text("utf-8").splitlines())) > 400]
    assert not long


def test_the_top_level_holds_only_what_it_should():
    assert {path.relative_to(ROOT).parts[0] for path in tracked()} <= ALLOWED_AT_TOP


def test_no_font_script_or_tile_of_others_is_in_the_tree():
    assert not [path for path in tracked() if any(path.name.endswith(ending) for ending in FORBIDDEN_ENDINGS)]


def test_nothing_names_this_machine_or_a_registry():
    wrong = re.compile(r"/work/|/home/[a-z]|/tmp/bash|\.pyenv|pypi\.org/simple|registry\.npmjs|\.internal\b")
    texts = [path for path in tracked() if path.suffix in TEXTS and path != Path(__file__)]
    assert not [str(path) for path in texts if wrong.search(path.read_text("utf-8", errors="replace"))]


def test_colours_are_written_in_one_stylesheet_only():
    colour = re.compile(r"#[0-9a-fA-F]{6}\b")
    styled = [*MODULES, *(path for path in tracked() if path.suffix in {".js", ".css"})]
    wrong = [path.name for path in styled if path.name != "00-tokens.css" and colour.search(path.read_text("utf-8"))]
    assert not wrong


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_module_says_what_it_is_for(module):
    assert len((ast.get_docstring(ast.parse(module.read_text("utf-8"))) or "").split()) >= 4


def test_no_plugin_of_ours_is_left_out():
    for plugins in (
        discover_layers(),
        discover_feeds(),
        discover_transports(),
        discover("cctv.sources", "SOURCE", Source),
    ):
        assert not plugins.broken
        assert plugins.found


def test_every_lint_rule_that_is_off_has_a_reason():
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    ignored = text.split("ignore = [")[1].split("\n]")[0].strip().splitlines()
    assert all("#" in line for line in ignored)


def test_every_dependency_has_a_reason_in_the_decisions():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = project["dependencies"] + project["optional-dependencies"]["test"]
    reasons = (ROOT / "docs/decisions/0003-dependencies.md").read_text("utf-8").casefold()
    names = [re.split(r"[<>=\[ ]", line)[0] for line in wanted]
    assert not [name for name in names if f"`{name}`" not in reasons]


def declared() -> set[str]:
    """The names of the packages we depend on, and of those that these bring without an extra."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    lines = project["dependencies"] + [line for extra in project["optional-dependencies"].values() for line in extra]
    ours = {plain_name(line) for line in lines}
    here = {plain_name(found.metadata["Name"]): found for found in distributions()}
    brought = [line for name in ours & here.keys() for line in here[name].requires or [] if "extra ==" not in line]
    return ours | {plain_name(line) for line in brought}


def plain_name(requirement: str) -> str:
    return re.split(r"[^\w.-]", requirement)[0].casefold().replace("_", "-").replace(".", "-")


def imported(path: Path) -> set[str]:
    """The first parts of the modules a file imports."""
    nodes = list(ast.walk(ast.parse(path.read_text("utf-8"))))
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    return {name.split(".")[0] for name in plain | {
        node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module and not node.level
    }}  # fmt: skip


def test_every_package_that_is_imported_is_one_we_depend_on():
    files = [path for path in tracked() if path.suffix == ".py"]
    own = {name for path in files for name in (path.stem, path.parent.name)}
    ours = {"gi", *PACKAGES, *own}  # gi comes with Debian's GStreamer
    carriers, known = packages_distributions(), declared()
    foreign = {name for path in files for name in imported(path)} - ours - set(sys.stdlib_module_names)
    assert not [
        name for name in sorted(foreign) if not {plain_name(found) for found in carriers.get(name, (name,))} & known
    ]


def test_links_between_documents_lead_somewhere():
    pages = [path for path in tracked() if path.suffix == ".md"]
    links = [(page, link) for page in pages for link in re.findall(r"\]\(([^)#\s]+)", page.read_text("utf-8"))]
    dead = [(page.name, link) for page, link in links if "://" not in link and not (page.parent / link).exists()]
    assert not dead
