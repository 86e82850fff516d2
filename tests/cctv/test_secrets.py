"""Credentials: in a file for the owner alone, or in the environment; shown nowhere."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cctv.secrets import FILE_NAME, Credentials, credentials_for, is_keepable, load_secrets, save_secrets
from geodata.errors import BadInventory

LOGIN = Credentials(user="pengawas", password="rahasia")  # noqa: S106


def test_what_is_saved_is_read_back_and_only_the_owner_may(tmp_path):
    save_secrets(tmp_path, {"CAM-07": LOGIN})
    assert (tmp_path / FILE_NAME).stat().st_mode & 0o777 == 0o600
    assert load_secrets(tmp_path) == {"CAM-07": LOGIN}


def test_no_file_means_no_secrets(tmp_path):
    assert load_secrets(tmp_path) == {}


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o620])
def test_a_file_that_others_may_read_is_refused_with_the_command_to_run(tmp_path, mode):
    save_secrets(tmp_path, {"CAM-07": LOGIN})
    (tmp_path / FILE_NAME).chmod(mode)
    with pytest.raises(BadInventory, match="chmod 600"):
        load_secrets(tmp_path)


@pytest.mark.parametrize(
    "text",
    [
        'rahasia = "x',
        "rahasia",
        '["CAM-07"]\nuser = 1\npassword = "rahasia"',
        '["CAM-07"]\nsandi = "rahasia"',
        '"CAM-07" = "rahasia"',
        "\x00rahasia",
    ],
)
def test_a_damaged_file_is_named_without_repeating_it(tmp_path, text):
    (tmp_path / FILE_NAME).touch(0o600)
    (tmp_path / FILE_NAME).write_text(text)
    with pytest.raises(BadInventory, match="camera-secrets") as refused:
        load_secrets(tmp_path)
    assert "rahasia" not in str(refused.value)
    assert refused.value.__context__ is None


def test_the_environment_wins_over_the_file(monkeypatch):
    monkeypatch.setenv("LAYAR_CAMERA_CAM_07_USER", "lain")
    monkeypatch.setenv("LAYAR_CAMERA_CAM_07_PASSWORD", "sandi-lain")
    assert credentials_for("cam-07", {"cam-07": LOGIN}).user == "lain"
    assert credentials_for("CAM-08", {"CAM-08": LOGIN}) == LOGIN
    assert credentials_for("CAM-09", {}) is None


def test_a_secret_has_no_repr():
    assert "rahasia" not in repr(LOGIN)
    assert "pengawas" not in f"{LOGIN}"


words = st.text(st.characters(exclude_categories=("Cs", "Cc"))).filter(lambda w: is_keepable(Credentials(password=w)))


@given(st.dictionaries(words, st.builds(Credentials, user=words, password=words), max_size=4))
def test_any_password_survives_the_file(tmp_path_factory, secrets):
    folder = tmp_path_factory.mktemp("s")
    save_secrets(folder, secrets)
    assert load_secrets(folder) == secrets
