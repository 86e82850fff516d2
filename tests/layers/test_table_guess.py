"""What is proposed for the columns of an unknown table is found by their names and by what stands in them."""

import pytest

from geodata.errors import BadPayload
from layers.table_guess import proposal_of
from layers.table_source import Row
from layers.table_toml import mapping_from, toml_of

LOCAL = [
    ["LAPORAN BULANAN"],
    ["No Tiket", "Tanggal", "Jam", "Kategori", "Instansi", "Waktu Tiba", "Koordinat", "No HP", "Catatan Piket"],
    ["A-1", "01/02/2024", "13.45", "Kebakaran", "Damkar", "13.52", "-0.5, 117.14", "081234567890", "Bu Siti"],
    ["A-2", "02/02/2024", "08.00", "Naga", "Dinas PU", "-", "-", "0812-3456-7890", "-"],
]


def proposed(rows, city):
    return proposal_of([Row("S", n, cells) for n, cells in enumerate(rows, 1)], city)


def test_columns_are_known_by_their_names_and_a_phone_is_shown_to_nobody(ground):
    found = proposed(LOCAL, ground.city)
    columns = found.mapping.columns.model_dump(exclude_none=True)
    assert columns == {
        "id": "No Tiket", "time": "Tanggal", "clock": "Jam", "category": "Kategori", "agency": "Instansi",
        "point": "Koordinat", "caller": "No HP"}  # fmt: skip
    assert (found.mapping.milestones, found.header_row) == ({"di_lokasi": "Waktu Tiba"}, 2)
    assert (found.unused, found.unknown) == (("Catatan Piket",), {"category": ("Naga",), "agency": ("Dinas PU",)})
    text = toml_of(found)
    assert "081234567890" not in text
    assert "3456" not in text
    assert mapping_from(text, "map.toml") == found.mapping


def test_what_the_dates_do_not_tell_a_person_is_asked(ground):
    assert any("look at `dates`" in note for note in proposed(LOCAL, ground.city).notes)
    proof = [*LOCAL, ["A-3", "02/13/2024", "08.00", "Banjir", "BPBD", "-", "-", "-", "-"]]
    assert proposed(proof, ground.city).mapping.dates == "mdy"
    assert not proposed(proof, ground.city).notes


def test_places_are_known_by_their_values_where_the_names_do_not_tell(ground):
    rows = [["Case ID", "Reported", "E", "N"], ["1", "2024-02-01 10:00", 117.15, -0.5], ["2", "2024-02-01 11:00", 0, 0]]
    columns = proposed(rows, ground.city).mapping.columns
    assert (columns.lon, columns.lat) == ("E", "N")


def test_a_table_without_times_or_names_is_refused_with_the_reason(ground):
    for rows, reason in (([["a", "b"], [1, 2]], "names columns we know"), ([["No Tiket", "OPD"], ["1", "x"]], "times")):
        with pytest.raises(BadPayload, match=reason):
            proposed(rows, ground.city)
