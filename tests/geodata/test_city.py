"""A city as data."""

from datetime import UTC, date, datetime

import pytest

from geodata.city import SHIPPED, load_city
from geodata.errors import BadSettings

SAMARINDA = load_city("64.72")
TEXT = (SHIPPED / "64.72.toml").read_text("utf-8")


def own(tmp_path, text):
    (tmp_path / "64.72.toml").write_text(text, "utf-8")
    return load_city("64.72", tmp_path)


def test_samarinda_ships_whole():
    assert (SAMARINDA.name, SAMARINDA.time_zone, SAMARINDA.utm_epsg) == ("Samarinda", "Asia/Makassar", 32750)
    assert {c.service_class for c in SAMARINDA.categories} == {"darurat", "tidak_darurat", "informasi", "bukan_laporan"}
    assert len(SAMARINDA.shifts) == 3


def test_its_clock_is_eight_hours_ahead():
    noon = datetime(2026, 11, 20, 12, tzinfo=UTC)
    assert noon.astimezone(SAMARINDA.zone).hour == 20


@pytest.mark.parametrize(
    "said", ["kebakaran", "KEBAKARAN", "Kebakaran", "damkar", "kebakaran_rumah", "Kebakaran-Rumah "]
)
def test_a_category_is_known_by_id_name_and_alias(said):
    assert SAMARINDA.category(said).id == "kebakaran"


def test_what_nobody_foresaw_is_other():
    assert SAMARINDA.category("ufo").id == "lainnya"


def test_the_citys_own_file_wins(tmp_path):
    assert own(tmp_path, TEXT.replace('name = "Samarinda"', 'name = "Tepian"')).name == "Tepian"
    assert load_city("64.72", tmp_path / "nothing").name == "Samarinda"


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [("west = 117.0540", "west = 1170.5", "extent.west"), ('code = "64.72"', 'code = "64.72"\nnomor = 1', "nomor"),
     ("utm_epsg = 32750", 'utm_epsg = "UTM"', "utm_epsg"), ('"07:00"', '"7 pagi"', "shifts.0.starts")],
)  # fmt: skip
def test_a_wrong_field_is_named(tmp_path, old, new, field):
    assert old in TEXT
    with pytest.raises(BadSettings, match=r"64\.72\.toml") as refused:
        own(tmp_path, TEXT.replace(old, new))
    assert refused.value.field == field


def test_a_taxonomy_without_other_is_refused(tmp_path):
    with pytest.raises(BadSettings, match="lainnya"):
        own(tmp_path, TEXT.replace('id = "lainnya"', 'id = "entah"'))


def test_text_that_is_no_toml_is_refused(tmp_path):
    with pytest.raises(BadSettings, match="is not TOML"):
        own(tmp_path, "name = ")


def test_no_position_outside_the_extent_and_no_nan_is_held():
    extent = SAMARINDA.extent
    assert extent.holds(117.15, -0.5)
    assert not extent.holds(float("nan"), -0.5)
    assert not extent.holds(117.15, float("nan"))
    assert not extent.holds(-0.5, 117.15)


CAMPAIGN = """
[[campaigns]]
id = "covid"
id_name = "Covid-19"
en_name = "Covid-19"
starts = 2020-03-15
ends = 2020-12-31
counts = ["darurat_medis"]

[[campaigns.categories]]
id = "covid_isolasi"
id_name = "Isolasi mandiri"
en_name = "Self-isolation"
service_class = "tidak_darurat"
aliases = ["isoman"]
"""


def test_a_campaign_adds_its_category_for_ever_and_goes_on_between_its_days(tmp_path):
    city = own(tmp_path, TEXT + CAMPAIGN)
    assert city.category("Isoman").id == "covid_isolasi"
    (campaign,) = city.campaigns
    assert campaign.counted == ("covid_isolasi", "darurat_medis")
    days = [date(2020, 3, 14), date(2020, 3, 15), date(2020, 12, 31), date(2021, 1, 1)]
    assert [campaign.is_on(day) for day in days] == [False, True, True, False]


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('counts = ["darurat_medis"]', 'counts = ["dokter"]', "dokter"),
        ('id = "covid_isolasi"', 'id = "banjir"', "banjir"),
        ('en_name = "Covid-19"', 'en = "Covid-19"', "campaigns"),
        ("[[campaigns.categories]]", "[campaigns.categories]", "categories"),
    ],
)
def test_a_campaign_that_does_not_fit_is_refused_with_what_is_wrong(tmp_path, before, after, said):
    with pytest.raises(BadSettings, match=said):
        own(tmp_path, TEXT + CAMPAIGN.replace(before, after))
