"""Which cities are known here."""

from geodata.boundaries import Wish, import_boundaries
from geodata.cities import known_cities
from geodata.ground import use
from tests.geodata.conftest import TWO


def test_a_new_installation_knows_samarinda_approximately(tmp_path):
    (known,) = known_cities(tmp_path)
    assert (known.code, known.name, known.boundaries) == ("64.72", "Samarinda", "approximate")
    assert known.is_in_use
    assert not known.is_own


def test_an_imported_city_is_listed_as_real_and_may_be_in_use(tmp_path, write):
    import_boundaries(tmp_path, write(*TWO), Wish(name="Kota Contoh"))
    use(tmp_path, "33.99")
    contoh, samarinda = known_cities(tmp_path)
    assert (contoh.name, contoh.boundaries, contoh.is_own, contoh.is_in_use) == ("Contoh", "real", True, True)
    assert not samarinda.is_in_use


def test_a_description_that_cannot_be_read_is_listed_with_its_fault(tmp_path, write):
    described = import_boundaries(tmp_path, write(*TWO), Wish()).described
    described.write_text("code = 7", "utf-8")
    known = known_cities(tmp_path)[0]
    assert known.fault
    assert "33.99.toml" in known.fault


def test_other_files_in_the_folder_are_no_cities(tmp_path):
    (tmp_path / "cities").mkdir()
    (tmp_path / "cities" / "notes.toml").write_text("a = 1")
    assert [known.code for known in known_cities(tmp_path)] == ["64.72"]


def test_a_described_city_without_boundaries_says_so(tmp_path, write):
    report = import_boundaries(tmp_path, write(*TWO), Wish())
    report.saved.unlink()
    assert known_cities(tmp_path)[0].boundaries == "none"
