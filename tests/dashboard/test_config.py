"""layar.toml: unknown names are errors, and the example is always right."""

import re

import pytest

from dashboard.config import LayarSettings, load_settings, parse_settings
from dashboard.example import example
from geodata.errors import BadSettings


def test_without_a_file_everything_has_its_default(tmp_path):
    assert load_settings(tmp_path) == LayarSettings()


def test_a_file_that_was_asked_for_must_exist(tmp_path):
    with pytest.raises(BadSettings, match=r"other\.toml.*--example"):
        load_settings(tmp_path, tmp_path / "other.toml")


@pytest.mark.parametrize(
    ("text", "field", "words"),
    [
        ("[server]\nprot = 1", "server.prot", "no such setting"),
        ("[srever]\nport = 1", "srever", "no such setting"),
        ("[server]\nport = 0", "server.port", "greater than"),
        ("[access]\nanonymous = 'all'", "access.anonymous", "none"),
        ("mode = 'test'", "mode", "live"),
        ("[city]\ncode = '../x'", "city.code", "pattern"),
        ("[archive]\nurl = 'ftp://x'", "archive", "s3://"),
        ("[cameras]\nallow = ['10.0.0.0/33']", "cameras.allow", "is no network"),
        ("mode =", None, "TOML"),
    ],
)
def test_what_is_wrong_is_named_with_file_and_key(tmp_path, text, field, words):
    path = tmp_path / "layar.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(BadSettings, match=r"layar\.toml") as error:
        load_settings(tmp_path)
    assert error.value.field == field
    assert words in str(error.value)


def test_a_file_that_is_not_text_is_an_error_too(tmp_path):
    (tmp_path / "layar.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(BadSettings, match=r"layar\.toml"):
        load_settings(tmp_path)


def test_the_example_is_valid_and_changes_nothing():
    assert parse_settings(example(), "example") == LayarSettings()


def test_the_example_names_every_setting_with_a_sentence():
    text = example()
    for table in ("server", "access", "city", "cameras", "archive"):
        assert f"\n[{table}]\n" in text
        for key in type(getattr(LayarSettings(), table)).model_fields:
            assert re.search(rf"^# [^\n]{{10,}}\n(# )?{key} = ", text, re.MULTILINE), key
    assert "(≥ 8, ≤ 512)" in text
