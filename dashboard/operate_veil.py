"""What a machine sent, as people at the desk may read it: no telephone number, no password, no token. Pure.

A sealed caller becomes a mark that stands for it, so that who mends the text around it does not lose the caller; a
secret is gone for good.
"""

import hashlib
import re
from dataclasses import dataclass

from layers.caller_seal import masked
from layers.store.store import Quarantined

SECRET = "(tidak ditampilkan)"  # noqa: S105 — what stands in its place
_LONGEST_REASON = 200
_SEALED = re.compile(r"sealed:[0-9a-f]{32}:(\d{3})", re.ASCII)
_NAMED = re.compile(
    r"""(?P<name>["']?[\w-]*(?:pass|sandi|secret|rahasia|token|credential|authori[sz]ation|bearer|api_?key)[\w-]*["']?\s*
    [:=>]\s*)(?P<value>"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|[^\s,;&<>}\]]+)""",
    re.IGNORECASE | re.VERBOSE,
)
_IN_ADDRESS = re.compile(r"(?<=://)[^\s/@\"'<>]+@")
_LIKE_A_TOKEN = re.compile(r"(?<![\w-])[\w-]{43}(?![\w-])|eyJ[\w-]{8,}\.[\w-]+\.[\w-]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Veiled:
    """`text` may be shown; `callers` are what its marks stand for, in their order."""

    text: str
    callers: tuple[str, ...]


def veiled(said: str) -> Veiled:
    """The text without what nobody at the desk needs to read."""
    callers: list[str] = []

    def mark(found: re.Match[str]) -> str:
        if found[0] not in callers:
            callers.append(found[0])
        return _mark(callers.index(found[0]), found[1])

    plain = _IN_ADDRESS.sub(f"{SECRET}@", _NAMED.sub(_unnamed, said))
    plain = _LIKE_A_TOKEN.sub(SECRET, plain)
    return Veiled(text=_SEALED.sub(mark, plain), callers=tuple(callers))


def unveiled(text: str, callers: tuple[str, ...]) -> str:
    """The marks replaced by what they stand for; a number that somebody typed is masked for good."""
    said = masked(text)
    for place, caller in enumerate(callers):
        said = said.replace(_mark(place, caller[-3:]), caller)
    return said


def _mark(place: int, last3: str) -> str:
    return f"⟦••{last3} · {place + 1}⟧"


def _unnamed(found: re.Match[str]) -> str:
    quote = found["value"][0] if found["value"][0] in "\"'" else ""
    return f"{found['name']}{quote}{SECRET}{quote}"


def trace_of(one: Quarantined) -> dict[str, str | None]:
    """What the audit keeps of a record that was thrown away: whose it was, why it was refused, and its fingerprint."""
    said = one.refusal
    return {
        "source": said.source,
        "received": said.received.isoformat(timespec="seconds"),
        "refused": veiled(said.reason).text[:_LONGEST_REASON],
        "bytes": str(len(said.original)),
        "times": str(one.times),
        "sha256": hashlib.sha256(said.original).hexdigest(),
    }
