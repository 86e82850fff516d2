"""Why something was refused, in Indonesian too: parsers and the desk say it in English, in known words. Pure."""

import re
from collections.abc import Callable
from functools import lru_cache

from dashboard.operate_sayings import SAYINGS
from layers.layer import Words

_HOLE = re.compile(r"\\\{\\\}")
_QUOTED = r"'[^']*'|\"[^\"]*\""


def _compiled(english: str, indonesian: str) -> tuple[re.Pattern[str], Callable[[re.Match[str]], str]]:
    last = r"\S+" if english.endswith("{}") else r".{1,80}?"
    before, after = (r"\b" if edge.isalpha() else "" for edge in (english[0], english[-1]))
    pattern = _HOLE.sub(lambda _hole: f"({_QUOTED}|{last})", re.escape(english))
    return re.compile(before + pattern + after), lambda found: indonesian.format(*found.groups())


_KNOWN = tuple(_compiled(*pair) for pair in sorted(SAYINGS, key=lambda pair: -len(pair[0])))
"""The longest first, so that "is no time zone" is not taken for "is no time"."""


@lru_cache(maxsize=1_024)  # the same few reasons stand on a page that asks every two seconds
def reason_words(reason: str) -> Words:
    """Both languages; what nobody has said in Indonesian yet is quoted as its reader wrote it."""
    plain = reason
    for pattern, said in _KNOWN:
        plain = pattern.sub(said, plain)
    return Words(id=plain if plain != reason else f"tidak terbaca. Kata pembacanya: {reason}", en=reason)
