"""`make bench`: every benchmark, or those named: `python -m tests.bench wall cameras`, `soak --minutes=1`, `list`."""

import ast
import importlib
import os
import sys
from pathlib import Path

HERE = Path(__file__).parent


def benches() -> list[str]:
    """Every file here that has a `main`."""
    return sorted(path.stem for path in HERE.glob("*.py") if "\ndef main()" in path.read_text("utf-8"))


def print_list() -> None:
    """Each with the first line of what it says of itself."""
    for name in benches():
        said = ast.get_docstring(ast.parse((HERE / f"{name}.py").read_text("utf-8"))) or ""
        print(f"{name:12} {said.splitlines()[0]}")


def run(names: list[str]) -> None:
    """Run them one after another, so that they do not disturb each other."""
    os.environ["LAYAR_CAMERA_ALLOW"] = "127.0.0.0/8"  # the cameras of every benchmark are on this machine
    sys.path.insert(0, str(HERE))
    for name in names or benches():
        print(f"\n## {name}\n", flush=True)
        importlib.import_module(name).main()


if __name__ == "__main__":
    if sys.argv[1:] == ["list"]:
        print_list()
        sys.exit()
    run([word for word in sys.argv[1:] if not word.startswith("--")])  # options are read by who knows them
