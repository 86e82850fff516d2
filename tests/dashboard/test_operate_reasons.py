"""Every refusal that a person may read is said in Indonesian too."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboard.operate_reasons import reason_words

ROOT = Path(__file__).parents[2]
READ = [
    *sorted((ROOT / "layers" / "feeds").glob("*.py")),
    *sorted((ROOT / "dashboard").glob("operate*.py")),
    *(ROOT / "layers" / f"{name}.py" for name in (
        "caller_seal", "fields", "geojson", "incident_words", "ingest", "markup", "records", "table_feed",
        "table_read", "table_rows", "table_source", "table_values", "topojson",
    )),
    ROOT / "dashboard" / "users.py",
    ROOT / "dashboard" / "backup_now.py",
]  # fmt: skip
REFUSING = {"BadPayload", "BadInput", "Rejected", "ValueError"}
ENGLISH = re.compile(
    r"\b(is|are|the|not|no|none|must|send|write|missing|has|have|this|it|there|of|and|with|without|longer|than|a|an|or|"
    r"be|cannot|like|known|already|choose|say|for|wait)\b"
)


def _text(node: ast.expr) -> str:
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(part) for part in node.values)
    return str(node.value) if isinstance(node, ast.Constant) and isinstance(node.value, str) else "X"


def refusals() -> Iterator[str]:
    for path in READ:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in REFUSING:
                said = [*node.args[:1], *(word.value for word in node.keywords if word.arg == "reason")]
                yield from (text for one in said if len(text := _text(one)) > len("X: X"))


def test_nothing_that_the_code_refuses_is_left_in_english():
    found = set(refusals())
    assert len(found) > 200
    left = {text: said for text in found if ENGLISH.search(said := reason_words(text).id)}
    assert left == {}


@pytest.mark.parametrize(
    ("english", "indonesian"),
    [
        ("lat: 99 is not between -90 and 90", "lat: 99 tidak di antara -90 dan 90"),
        ("priority: 'a b' is no priority; send 1 (worst) to 4, or one of: kritis, tinggi",
         "priority: 'a b' bukan tingkat; kirim 1 (terparah) sampai 4, atau salah satu dari: kritis, tinggi"),
        ("time: 'x' is no time zone we know; WIB, WITA, WIT, UTC or +08:00 are",
         "time: 'x' bukan zona waktu yang dikenal; yang dikenal: WIB, WITA, WIT, UTC atau +08:00"),
        ("something nobody foresaw", "tidak terbaca. Kata pembacanya: something nobody foresaw"),
    ],
)  # fmt: skip
def test_a_reason_is_said_in_plain_indonesian(english, indonesian):
    assert reason_words(english).id == indonesian
    assert reason_words(english).en == english
