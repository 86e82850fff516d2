"""Figures as JSON: times are epoch seconds, what is not known is null."""

from datetime import datetime, timedelta
from typing import Any

from geodata.city import City
from geodata.clock import epoch_s
from geodata.places import Ground
from layers.callers import Number
from layers.calls import Queue
from layers.disaster_mode import Standing
from layers.incident_answer import FLAW_WORDS, arrivals, flaws
from layers.incident_facts import Incident
from layers.intervals import INTERVALS, interval_of
from layers.signals import Signal
from layers.surge import Folded, Pressure, Surge


def incident_said(incident: Incident, city: City) -> dict[str, Any]:
    """How one incident was answered: every step of every agency, who came first, and what cannot be believed."""
    came = arrivals(incident, city)
    return {
        "key": incident.id,
        "status": incident.status,
        "reported_at": epoch_s(incident.report.reported_at) if incident.report else None,
        "steps": {status: epoch_s(at) for status, at in incident.milestones.items()},
        "by_agency": {
            agency: {status: epoch_s(at) if at else None for status, at in steps.items()}
            for agency, steps in sorted(incident.reached_by.items())
        },
        "relawan_at": epoch_s(came.relawan) if came.relawan else None,
        "opd_at": epoch_s(came.opd) if came.opd else None,
        "first": came.first,
        "lead_s": came.lead_s,
        "flaws": [
            {"status": one.status, "agency": one.agency, "flaw": one.flaw, "text": FLAW_WORDS[one.flaw].id}
            for one in flaws(incident)
        ],
        "intervals": {name: interval_of(incident, name, city) for name in INTERVALS},
        "observed_at": epoch_s(incident.observed_at),
        "source": incident.source,
        "mode": incident.mode,
    }


def queue_said(found: Queue, now: datetime) -> dict[str, Any]:
    """The queue; since when the first waits instead of how long, so that it stays the same while nothing happens."""
    longest = found.longest_wait_s
    return {
        "waiting": found.waiting,
        "first_since": None if longest is None else round(epoch_s(now - timedelta(seconds=longest)), 1),
        "talking": found.talking,
        "unfinished": found.unfinished,
        "answered_15_min": found.answered,
        "missed_15_min": found.missed,
        "answer_median_s": found.answer_median_s,
        "pressure": found.pressure,
    }


def caller_said(number: Number, now: datetime) -> dict[str, Any]:
    """One number, for admins. `key` is its hash, to block or free it by."""
    block = number.block_at(now)
    return {
        "key": number.id,
        "last3": number.last3,
        "last_at": epoch_s(number.last_at) if number.last_at else None,
        "blocks": len(number.blocks),
        "blocked_since": epoch_s(block.starts_at) if block else None,
        "blocked_until": epoch_s(block.ends_at) if block else None,
        "reason": block.reason if block else None,
        "calls_since_blocked": number.calls_since(block.starts_at) if block else None,
    }


def disaster_said(one: Standing) -> dict[str, Any]:
    """One disaster that goes on."""
    declared = one.disaster.declared
    return {
        "key": one.disaster.id,
        "title": declared.title if declared else None,
        "hazard": declared.hazard if declared else None,
        "areas": list(declared.areas) if declared else [],
        "began_at": epoch_s(declared.began_at) if declared else None,
        "shelters": one.shelters,
        "shelters_in_use": one.in_use,
        "occupants": one.occupants,
        "home": one.home,
        "home_untold": one.home_untold,
        "enquiries_open": one.enquiries_open,
        "enquiries_answered": one.enquiries_answered,
        "calls_per_day": [{"day": day, "calls": calls} for day, calls in one.curve],
        "source": one.disaster.told.source,
        "observed_at": epoch_s(one.disaster.told.at),
    }


def folded_said(one: Folded) -> dict[str, Any]:
    """A thing and its reports."""
    return {
        "key": one.first.id,
        "reports": one.reports,
        "others": [incident.id for incident in one.others],
        "confidence": one.confidence,
    }


def surge_said(found: Surge) -> dict[str, Any]:
    """The calls of the last hour beside what is usual."""
    return {
        "last_hour": found.calls,
        "expected": found.expected,
        "days": found.days,
        "chance": found.chance,
        "surge": found.is_surge,
    }


def pressure_said(one: Pressure, ground: Ground) -> dict[str, Any]:
    """One kelurahan."""
    area = ground.places.areas.get(one.kelurahan)
    return {
        "kelurahan": area.name if area else None,
        "kelurahan_code": one.kelurahan,
        "open": one.open,
        "critical": one.critical,
        "waiting": one.waiting,
        "weight": one.weight,
    }


def signal_said(one: Signal) -> dict[str, Any]:
    """One sign."""
    return {
        "key": one.key,
        "sign": one.sign,
        "text": one.words.id,
        "text_en": one.words.en,
        "since": epoch_s(one.since) if one.since else None,
        "areas": list(one.areas),
    }
