"""Events keep their facts exactly: through the codec, whatever the text, to the microsecond."""

import uuid
from datetime import datetime, timedelta, timezone

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.errors import BadPayload
from layers.event import _NAMESPACE, UnknownFact, stable_id, subject_of
from layers.incidents import IncidentReported, IncidentStatusChanged, Report
from layers.layer import codec_for, discover_layers
from layers.responders import PositionReported

CODEC = codec_for(discover_layers().found)
FINITE = st.floats(allow_nan=False, allow_infinity=False)
MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1),  # noqa: DTZ001 — the zone comes beside
                       timezones=st.sampled_from([timezone.utc, timezone(timedelta(hours=8))]))  # fmt: skip  # noqa: UP017


def through(fact):
    return CODEC.fact(fact.kind, CODEC.dump(fact))


@given(st.text(), FINITE, FINITE, st.none() | FINITE)
def test_a_position_comes_back_as_it_was(unit, lon, lat, speed):
    fact = PositionReported(unit=unit, lon=lon, lat=lat, speed_mps=speed)
    assert through(fact) == fact


@given(MOMENTS, st.text())
def test_times_come_back_to_the_microsecond(moment, text):
    fact = IncidentReported(incident="A", report=Report(category=text, reported_at=moment))
    assert through(fact) == fact
    step = IncidentStatusChanged(incident="A", status="selesai", reached_at=moment)
    assert through(step).reached_at == moment


def test_a_fact_of_a_layer_that_is_not_installed_is_kept_as_it_came():
    fact = CODEC.fact("tsunami_seen", b'{"height_m": 3}')
    assert fact == UnknownFact(kind="tsunami_seen", body=b'{"height_m": 3}')
    assert CODEC.dump(fact) == b'{"height_m": 3}'
    assert subject_of(fact) is None


def test_a_known_fact_with_a_body_that_does_not_fit_is_refused():
    with pytest.raises(BadPayload) as caught:
        CODEC.fact("position_reported", b'{"unit": "U"}')
    assert caught.value.field == "position_reported"


def test_the_subject_of_a_fact_is_the_thing_it_is_about():
    assert subject_of(PositionReported(unit="U", lon=1, lat=1)) == "U"
    assert subject_of(IncidentStatusChanged(incident="A", status="batal")) == "A"


def test_the_same_words_have_the_same_id_and_others_another():
    assert stable_id("a", 1, None) == stable_id("a", 1, None)
    assert len({stable_id("a", 1), stable_id("a", "1"), stable_id("a1"), stable_id("a", 1, None)}) == 4


def test_the_shape_of_the_facts_changes_with_their_fields_only():
    layers = discover_layers().found
    assert CODEC.shape == codec_for(layers).shape
    assert CODEC.shape != codec_for({name: layers[name] for name in ("incidents", "sources")}).shape


@pytest.mark.parametrize("said", [(), ("a", 1, None), ("incidents", {"x": 1.5}), ("naïve", True)])
def test_an_id_made_of_words_is_the_uuid_of_their_json(said):
    assert stable_id(*said) == str(uuid.uuid5(_NAMESPACE, orjson.dumps(said).decode()))
