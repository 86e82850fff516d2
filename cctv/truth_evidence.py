"""What a picture is judged by, for whoever wants to check: each sign with value, threshold, and since when. Pure."""

from collections.abc import Iterable, Mapping

from cctv.status import Evidence
from cctv.truth import FAULT_KINDS, RULES, FaultKind, Rule, Sign, Truth


def evidence_of(truth: Truth, signs: Iterable[Sign], rules: Mapping[FaultKind, Rule] = RULES) -> tuple[Evidence, ...]:
    """The signs of the newest capture; of a fault that it could not speak of, the value it was told with."""
    values: dict[FaultKind, float] = {fault.kind: fault.value for fault in truth.faults}
    values |= {sign.kind: sign.value for sign in signs}
    return tuple(_evidence(kind, values[kind], truth, rules[kind]) for kind in FAULT_KINDS if kind in values)


def _evidence(kind: FaultKind, value: float, truth: Truth, rule: Rule) -> Evidence:
    doubt = truth.doubts.get(kind)
    return Evidence(
        kind=kind,
        value=round(value, 2),
        threshold=rule.bad,
        since=doubt.since if doubt else None,
        is_fault=doubt is not None and doubt.told is not None,
    )
