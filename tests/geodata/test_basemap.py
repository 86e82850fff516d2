"""A basemap is taken in from what people carry: cut to the city, checked tile by tile, never half."""

import sqlite3
from contextlib import closing

import pytest
from pmtiles.tile import Compression, TileType

from geodata.basemap import plain_credit
from geodata.basemap_book import Unreadable, add, basemaps, check, chosen, opened, remove, with_attribution
from geodata.basemap_mbtiles import MbtilesFile
from geodata.errors import BadBasemap, NotFound
from geodata.tiles import share_covered, tiles_over
from tests.basemap_files import LAYERS, basemap_file, metadata, png, vector_tiles, write_mbtiles, write_pmtiles

SAMARINDA = (117.03, -0.72, 117.32, -0.29)
PEKALONGAN = (109.6, -6.96, 109.73, -6.83)


@pytest.fixture(scope="module")
def brought(tmp_path_factory):
    """One file of each schema and each form, written by GDAL."""
    return {
        (schema, ending): basemap_file(tmp_path_factory.mktemp("brought"), schema, ending)
        for schema in LAYERS
        for ending in ("pmtiles", "mbtiles")
    }


@pytest.mark.parametrize("ending", ["pmtiles", "mbtiles"])
@pytest.mark.parametrize("schema", LAYERS)
def test_a_file_of_either_form_is_told_by_its_content_and_its_schema_by_its_layers(brought, tmp_path, schema, ending):
    disguised = brought[schema, ending].rename(brought[schema, ending].with_suffix(".dat"))
    added = add(disguised, tmp_path, SAMARINDA, "jalan")
    disguised.rename(disguised.with_suffix(f".{ending}"))
    assert added.basemap.schema == schema
    assert (added.basemap.min_zoom, added.basemap.max_zoom) == (8, 12)
    assert added.basemap.attribution == "© OpenStreetMap contributors"


def test_both_forms_of_the_same_tiles_have_the_same_digest(brought, tmp_path):
    digests = {
        add(brought["protomaps", form], tmp_path, SAMARINDA, form).basemap.digest for form in ("pmtiles", "mbtiles")
    }
    assert len(digests) == 1


@pytest.mark.parametrize("ending", ["pmtiles", "mbtiles"])
def test_a_tile_is_the_same_after_it_was_taken_in(brought, tmp_path, ending):
    path = brought["openmaptiles", ending]
    added = add(path, tmp_path, SAMARINDA)
    place = next(iter(tiles_over((117.14, -0.5, 117.15, -0.49), 12)))
    with closing(opened(path)) as before, closing(MbtilesFile(added.basemap.path)) as after:
        assert before.tile(*place) == after.tile(*place)
        assert before.tile(*place).startswith(b"\x1f\x8b")
        assert after.tile(12, 0, 0) is None


def test_only_what_lies_around_the_city_is_kept(tmp_path):
    city = next(iter(tiles_over((117.15, -0.5, 117.15, -0.5), 10)))
    tiles = {city: png((1, 2, 3)), (10, 3, 3): png((4, 5, 6))}
    path = write_pmtiles(
        tmp_path / "world.pmtiles", tiles, {}, TileType.PNG,
        min_lon_e7=-1_800_000_000, max_lon_e7=1_800_000_000, min_lat_e7=-850_000_000, max_lat_e7=850_000_000,
    )  # fmt: skip
    added = add(path, tmp_path, SAMARINDA)
    assert (added.basemap.tiles, added.basemap.schema, added.basemap.tile_format) == (1, "raster", "png")
    assert added.basemap.bounds[0] > 116


def test_a_picture_of_512_pixels_is_known_as_such(tmp_path):
    place = next(iter(tiles_over((117.15, -0.5, 117.15, -0.5), 10)))
    path = write_mbtiles(tmp_path / "big.mbtiles", {place: png((1, 2, 3), 512)}, {}, "png")
    assert add(path, tmp_path, SAMARINDA).basemap.tile_px == 512


def test_a_file_of_another_city_is_refused_and_both_places_are_named(brought, tmp_path):
    with pytest.raises(BadBasemap, match=r"covers 117\.000.*the city lies in 109\.600"):
        add(brought["protomaps", "pmtiles"], tmp_path, PEKALONGAN)
    assert basemaps(tmp_path) == []


def test_what_is_thin_about_a_file_is_noted(brought, tmp_path):
    notes = " ".join(add(brought["protomaps", "pmtiles"], tmp_path, (117.0, -0.8, 117.3, -0.2)).notes)
    assert "53%" in notes
    bare = write_mbtiles(tmp_path / "bare.mbtiles", {(9, 422, 256): png((1, 1, 1))}, {}, "png")
    notes = " ".join(add(bare, tmp_path, SAMARINDA).notes)
    assert "closest zoom is 9" in notes
    assert "names no source" in notes


def _cut_off(path, tmp_path):
    short = tmp_path / "short.pmtiles"
    short.write_bytes(path.read_bytes()[:-400])
    return short


def test_a_file_that_was_cut_off_on_the_stick_is_refused_and_the_one_before_stays(brought, tmp_path):
    kept = add(brought["protomaps", "pmtiles"], tmp_path, SAMARINDA, "jalan").basemap
    with pytest.raises(BadBasemap, match="ends too early"):
        add(_cut_off(brought["openmaptiles", "pmtiles"], tmp_path), tmp_path, SAMARINDA, "jalan")
    assert basemaps(tmp_path) == [kept]
    check(kept)


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"", "neither"), (b"PK\x03\x04 a zip", "neither"), (b"PMTiles\x03", "header"),
     (b"PMTiles\x02" + bytes(200), "another version"), (b"SQLite format 3\x00" + bytes(200), "no MBTiles")],
)  # fmt: skip
def test_what_is_no_file_of_tiles_is_refused_in_a_sentence(tmp_path, content, said):
    path = tmp_path / "x.pmtiles"
    path.write_bytes(content)
    with pytest.raises(BadBasemap, match=said):
        add(path, tmp_path, SAMARINDA)


def test_layers_without_a_style_are_named(tmp_path):
    path = write_pmtiles(tmp_path / "odd.pmtiles", {(9, 422, 256): b"\x1a\x00"}, metadata(["parcels", "owners"]))
    with pytest.raises(BadBasemap, match="owners, parcels"):
        add(path, tmp_path, SAMARINDA)


def test_tiles_packed_in_a_way_that_no_browser_here_reads_are_refused(tmp_path):
    path = write_pmtiles(
        tmp_path / "z.pmtiles", {(9, 422, 256): b"\x1a\x00"}, metadata(["roads", "water"]),
        tile_compression=Compression.ZSTD,
    )  # fmt: skip
    with pytest.raises(BadBasemap, match="zstd"):
        add(path, tmp_path, SAMARINDA)


@pytest.mark.parametrize(
    ("tile", "said"), [(b"\x00garbage", "no Mapbox Vector Tile"), (b"\x1f\x8bgarbage", "cannot be unpacked")]
)
def test_a_tile_that_is_none_is_refused(tmp_path, tile, said):
    path = write_mbtiles(tmp_path / "bad.mbtiles", {}, metadata(["roads", "water"]))
    with closing(sqlite3.connect(path)) as database:
        database.execute("INSERT INTO tiles VALUES (9, 422, ?, ?)", (2**9 - 1 - 256, tile))
        database.commit()
    with pytest.raises(BadBasemap, match=said):
        add(path, tmp_path, SAMARINDA)


def test_a_tile_that_was_not_packed_is_packed_when_it_is_taken_in(tmp_path):
    plain = vector_tiles(tmp_path / "parts", "protomaps", (9, 9))
    path = write_mbtiles(tmp_path / "plain.mbtiles", {}, metadata(["roads", "water"]))
    with closing(sqlite3.connect(path)) as database:
        rows = [(z, x, 2**z - 1 - y, data) for (z, x, y), data in plain.items()]
        database.executemany("INSERT INTO tiles VALUES (?, ?, ?, ?)", rows)
        database.commit()
    with closing(MbtilesFile(add(path, tmp_path, SAMARINDA).basemap.path)) as kept:
        assert all(kept.tile(*place).startswith(b"\x1f\x8b") for place in plain)


def test_check_finds_a_tile_that_changed_on_the_disk(brought, tmp_path):
    kept = add(brought["protomaps", "pmtiles"], tmp_path, SAMARINDA).basemap
    check(kept)
    with closing(sqlite3.connect(kept.path)) as database:
        database.execute("UPDATE tiles SET tile_data = x'1f8b00' WHERE zoom_level = 12")
        database.commit()
    with pytest.raises(BadBasemap, match="have changed"):
        check(kept)


def test_the_newest_is_shown_unless_one_is_named(brought, tmp_path):
    for name in ("lama", "baru"):
        add(brought["protomaps", "pmtiles"], tmp_path, SAMARINDA, name)
    assert chosen(tmp_path, "").name == "baru"
    assert chosen(tmp_path, "lama").name == "lama"
    remove(tmp_path, "baru")
    assert chosen(tmp_path, "").name == "lama"
    with pytest.raises(NotFound):
        chosen(tmp_path, "baru")
    with pytest.raises(NotFound):
        remove(tmp_path, "baru")
    with pytest.raises(BadBasemap, match="no name"):
        remove(tmp_path, "../tokens")


def test_a_file_somebody_put_there_by_hand_is_listed_as_unusable_and_never_shown(tmp_path):
    (tmp_path / "basemaps").mkdir()
    write_mbtiles(tmp_path / "basemaps" / "hand.mbtiles", {(9, 422, 256): png((1, 1, 1))}, {}, "png")
    (known,) = basemaps(tmp_path)
    assert isinstance(known, Unreadable)
    assert chosen(tmp_path, "") is None


def test_an_attribution_is_text_without_its_markup(brought, tmp_path):
    assert plain_credit('<a href="javascript:x">© A</a> &amp; <b>B</b>') == "© A & B"
    assert plain_credit(None) == ""
    kept = add(brought["protomaps", "pmtiles"], tmp_path, SAMARINDA).basemap
    with_attribution(kept, "© BIG")
    assert chosen(tmp_path, "").attribution == "© BIG"


def test_the_share_of_a_city_that_a_box_covers():
    assert share_covered((0, 0, 2, 2), (1, 1, 5, 5)) == pytest.approx(0.25)
    assert share_covered((0, 0, 2, 2), (3, 3, 5, 5)) == 0
