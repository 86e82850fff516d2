"""Is all that a log has derived just what its events add up to? A copy is folded anew from event 1, and compared.

`Store.rebuild` compares what is newest. This compares every row: every version of the past, every count, every subject.
"""

import contextlib

from pysqlite3 import dbapi2

DERIVED = {
    "event": "SELECT cursor, subject FROM event",
    "thing": "SELECT layer, key, cursor, body FROM thing",
    "version": "SELECT layer, key, at_from, at_to, seen_from, seen_to, body FROM version",
    "version_span": "SELECT v.layer, v.key, s.at_from, s.at_to, s.seen_from, s.seen_to"
    " FROM version_span AS s JOIN version AS v ON v.id = s.id",
    "counted": "SELECT * FROM counted",
    "rollup": "SELECT * FROM rollup",
    "rollup_month": "SELECT * FROM rollup_month",
}


def rows_of(path):
    with contextlib.closing(dbapi2.connect(str(path))) as log:
        return {name: set(log.execute(asked).fetchall()) for name, asked in DERIVED.items()}


def unlike(path, opened):
    """Table → how many of its rows differ; empty when all is well. `opened` opens a log; this one may be open."""
    copy = path.with_name("mirror.db")
    for old in path.parent.glob("mirror.db*"):
        old.unlink()
    with contextlib.closing(dbapi2.connect(str(path))) as log, contextlib.closing(dbapi2.connect(str(copy))) as other:
        log.backup(other)
    found = rows_of(copy)
    with contextlib.closing(dbapi2.connect(str(copy))) as other, other:
        other.execute("DELETE FROM meta WHERE key = 'layers'")
    opened(copy).close()
    true = rows_of(copy)
    return {name: len(found[name] ^ true[name]) for name in DERIVED if found[name] != true[name]}
