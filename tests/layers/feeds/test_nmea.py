"""NMEA 0183: whose, when and where; and that a receiver without a fix is nowhere."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.event import Event
from layers.feed import Rejected
from layers.feeds.nmea import FEED, addressed, checksum


def line(body: str, unit: str = "U") -> bytes:
    return addressed(f"${body}*{checksum(body)}".encode(), unit)


def read(payload, received):
    return list(FEED.parse(payload, received))


def rmc(**said):
    base = {"time": "111800.00", "status": "A", "lat": "0030.13200", "north": "S", "lon": "11709.21600", "east": "E",
            "speed": "16.5", "course": "271.5", "date": "221126", "more": ",,A"}  # fmt: skip
    return "GPRMC," + ",".join((base | said).values())


def gga(**said):
    base = {"time": "111800.00", "lat": "0030.13200", "north": "S", "lon": "11709.21600", "east": "E", "quality": "1"}
    return "GNGGA," + ",".join((base | said).values()) + ",08,0.9,12.0,M,,M,,"


def test_a_position_is_read_in_degrees_and_metres_per_second(now):
    (event,) = read(line(rmc()), now)
    assert (event.at, event.fact.unit) == (now, "U")
    assert (event.fact.lon, event.fact.lat) == (pytest.approx(117.1536), pytest.approx(-0.5022))
    assert (event.fact.speed_mps, event.fact.heading_deg) == (
        pytest.approx(8.488, abs=0.06),
        pytest.approx(271.5, abs=0.6),
    )
    assert event.fact.accuracy_m is None


@pytest.mark.parametrize("talker", ["GP", "GN", "GL", "GA", "BD", "QZ", "II"])
def test_any_talker_may_say_it(now, talker):
    assert read(line(talker + rmc()[2:]), now)


def test_the_north_and_the_west_have_their_signs(now):
    (event,) = read(line(rmc(north="N", east="W")), now)
    assert (event.fact.lon, event.fact.lat) == (pytest.approx(-117.1536), pytest.approx(0.5022))


@pytest.mark.parametrize(
    "body",
    [rmc(status="V"), rmc(status="V", lat="", lon="", north="", east=""), rmc(more=",,N"), rmc(more=",,S"),
     rmc(more=",,E"), gga(quality="0"), gga(quality="8"), gga(quality="6"), gga(quality=""),
     "GPGSV,1,1,01,05,45,090,40", "GPVTG,271.5,T,,M,16.5,N,30.6,K"],
)  # fmt: skip
def test_without_a_measured_fix_there_is_no_place_and_nothing_wrong(now, body):
    assert read(line(body), now) == []


@pytest.mark.parametrize(
    ("field", "body"),
    [
        ("lat", rmc(lat="")), ("lon", rmc(lon="")), ("north", rmc(north="")), ("east", rmc(east="X")),
        ("lat", rmc(lat="9960.00000")), ("lat", rmc(lat="9130.00000")), ("lon", rmc(lon="18100.0000")),
        ("time", rmc(time="")), ("time", rmc(time="250000")), ("date", rmc(date="310226")),
        ("date", rmc(date="231126")), ("speed", rmc(speed="x")),
    ],
)  # fmt: skip
def test_a_refusal_names_the_field_and_costs_only_its_line(now, field, body):
    refused, good = read(line(body) + b"\n" + line(rmc()), now)
    assert isinstance(refused, Rejected)
    assert refused.field == field
    assert isinstance(good, Event)


def test_a_damaged_sentence_and_one_without_a_checksum_are_refused(now):
    damaged = line(rmc()).replace(b"16.5", b"17.5")
    naked = addressed(("$" + rmc()).encode(), "U")
    assert [one.field for one in read(damaged, now)] == ["checksum"]
    assert [type(one) for one in read(naked, now)] == [Rejected]
    assert [type(one) for one in read(line(rmc())[:-20], now)] == [Rejected]


@pytest.mark.parametrize(("arrived", "day"), [("00:00:03", 22), ("12:00:00", 22), ("23:59:59", 22)])
def test_a_time_without_a_date_is_of_the_nearest_day(arrived, day):
    hour, minute, second = map(int, arrived.split(":"))
    received = datetime(2026, 11, day, hour, minute, second, tzinfo=UTC)
    (event,) = read(line(gga(time="235958.00")), datetime(2026, 11, 23, 0, 0, 3, tzinfo=UTC))
    assert event.at == datetime(2026, 11, 22, 23, 59, 58, tzinfo=UTC)
    said = received - timedelta(seconds=5)
    (event,) = read(line(gga(time=f"{said:%H%M%S}.00")), received)
    assert event.at == said


def test_a_week_counter_that_began_anew_is_set_right_and_another_old_date_is_not(now):
    old = now - timedelta(weeks=1024)
    (event,) = read(line(rmc(date=f"{old:%d%m%y}")), now)
    assert event.at == now
    (event,) = read(line(rmc(date="221106")), now)
    assert event.at.year == 2006


def test_whose_it_is_comes_from_the_tag_block_else_from_the_transport(now):
    tagged = line(rmc(), "pompa-01")
    (event,) = read(addressed(tagged, "10.0.0.7"), now)
    assert event.fact.unit == "pompa-01"
    (event,) = read(addressed(line(rmc()).split(b"\\")[-1], "fe80::1"), now)
    assert event.fact.unit == "fe80::1"
    (refused,) = read(line(rmc()).split(b"\\")[-1], now)
    assert (refused.field, type(refused)) == ("id", Rejected)


def test_a_tag_block_cannot_be_broken_out_of(now):
    (event,) = read(line(rmc(), "a*b\\$GP,c"), now)
    assert event.fact.unit == "a_b__GP_c"


@given(topic=st.text(min_size=1, max_size=80))
def test_any_name_of_a_peer_is_survived(topic):
    received = datetime(2026, 11, 22, 11, 18, tzinfo=UTC)
    assert len(read(line(rmc(), topic), received)) == 1


@given(body=st.text(alphabet="GPRMC,.0123456789ANSEWV*$", max_size=80))
def test_any_sentence_with_a_right_checksum_is_survived(body):
    received = datetime(2026, 11, 22, 11, 18, tzinfo=UTC)
    for one in read(line(f"GPRMC,{body}"), received):
        assert isinstance(one, Event | Rejected)


@given(payload=st.binary(max_size=200) | st.text(alphabet="$\\GPRMC,*0123\n\r\x00", max_size=80).map(str.encode))
def test_sealing_what_is_sealed_changes_nothing(payload):
    once = FEED.seal(payload, b"k" * 32)
    assert FEED.seal(once, b"k" * 32) == once
