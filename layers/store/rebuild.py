"""Re-folding the log: proof that the projections are what the events add up to, and the repair if not."""

from collections.abc import Iterator
from functools import partial

from immutables import Map
from sqlalchemy import Connection, Engine

from layers.event import Event
from layers.situation import Situation, Touched
from layers.store.past import past_step, put_past
from layers.store.reading import Folded, head_of, live_of, refolded
from layers.store.rollup import Recounting, recount
from layers.store.rows import Lexicon
from layers.store.store import LayerKey, Live, Rebuilt
from layers.store.transaction import Known, Transaction, steps_of
from layers.store.versions import Step, drop_versions, put_versions, things_now
from layers.store.writer import Writer, put_checkpoint

_PATIENCE_S = 600.0


def rebuild(engine: Engine, lexicon: Lexicon, writer: Writer) -> Rebuilt:
    """Fold everything anew while others go on writing, then compare and repair in one transaction."""
    writer.submit(_drop_checkpoints)
    folded, counting = _nothing(lexicon), Recounting(lexicon.ground)
    with engine.connect() as connection:
        for reached in refolded(connection, lexicon, folded, head_of(connection), counting.hear):
            folded = reached
            writer.submit(partial(put_checkpoint, situation=reached.situation))
    return writer.submit(lambda transaction: _repaired(transaction, folded, counting), patience_s=_PATIENCE_S)


def compared(connection: Connection, lexicon: Lexicon) -> Rebuilt:
    """What `rebuild` would find; nothing is written. The connection must be in one transaction."""
    counting = Recounting(lexicon.ground)
    *_, truth = refolded(connection, lexicon, _nothing(lexicon), head_of(connection), counting.hear)
    return Rebuilt(events=truth.situation.cursor, differences=_wrong(connection, lexicon, truth, counting))


def adopt(connection: Connection, lexicon: Lexicon) -> None:
    """Fold the projections by these layers, in the transaction of the caller, who must hold the write lock."""
    connection.exec_driver_sql("DELETE FROM thing")
    _drop(connection)
    transaction = Transaction(connection, lexicon, Known(situation=lexicon.empty(), generation=None))
    for folded in _with_history(connection, lexicon, head_of(connection)):
        put_checkpoint(transaction, folded.situation)
    transaction.put_things(folded.situation, folded.changed)
    recount(connection, lexicon)
    _count_repair(connection)
    connection.exec_driver_sql("INSERT OR REPLACE INTO meta VALUES ('layers', ?)", (lexicon.signature,))


class _History:
    """The versions of a log that is folded anew, and the subjects that they are found by."""

    def __init__(self, connection: Connection, lexicon: Lexicon) -> None:
        self._connection = connection
        self._lexicon = lexicon
        self._steps: list[Step] = []
        self._past: list[Step] = []
        self._subjects: list[tuple[str, int]] = []

    def hear(self, situation: Situation, event: Event, touched: Touched) -> None:
        own = self._lexicon.own(event)
        if own is not None and event.is_history and own in touched:
            heard = (own, situation.of(own[0])[own[1]])
            self._past.append(past_step(self._lexicon, situation.cursor, event, heard))
        else:
            self._steps += steps_of(self._lexicon, situation, event, touched)
        if own is not None:
            self._subjects.append((own[1], situation.cursor))

    def write(self) -> None:
        if self._subjects:
            self._connection.exec_driver_sql("UPDATE event SET subject = ? WHERE cursor = ?", self._subjects)
        put_versions(self._connection, self._lexicon, self._steps)
        put_past(self._connection, self._lexicon, self._past)
        self._steps, self._past, self._subjects = [], [], []


def _nothing(lexicon: Lexicon) -> Folded:
    return Folded(situation=lexicon.empty(), changed=Map())


def _drop_checkpoints(transaction: Transaction) -> None:
    _drop(transaction.connection)


def _drop(connection: Connection) -> None:
    connection.exec_driver_sql("DELETE FROM checkpoint")


def _repaired(transaction: Transaction, folded: Folded, counting: Recounting) -> Rebuilt:
    transaction.flush()
    connection, lexicon = transaction.connection, transaction.lexicon
    *_, truth = refolded(connection, lexicon, folded, transaction.situation.cursor, counting.hear)
    wrong = _wrong(connection, lexicon, truth, counting)
    if wrong:
        for _ in _with_history(connection, lexicon, truth.situation.cursor):
            pass  # only the history is wanted
        recount(connection, lexicon)
        gone = [(layer, key) for layer, key in wrong if (layer, key) not in truth.changed]
        if gone:
            connection.exec_driver_sql("DELETE FROM thing WHERE layer = ? AND key = ?", gone)
        transaction.put_things(truth.situation, {key: truth.changed[key] for key in wrong if key in truth.changed})
        transaction.situation = truth.situation
        transaction.generation = _count_repair(connection)
    return Rebuilt(events=truth.situation.cursor, differences=wrong)


def _wrong(connection: Connection, lexicon: Lexicon, truth: Folded, counting: Recounting) -> tuple[LayerKey, ...]:
    of_history = set(_differences_of_history(connection, lexicon, truth))
    of_counts = counting.differences(connection, lexicon)
    return tuple(sorted({*_differences(live_of(connection, lexicon), truth), *of_history, *of_counts}))


def _differences(stored: Live, truth: Folded) -> Iterator[LayerKey]:
    for layer, key in {*stored.changed, *truth.changed}:
        then, now = stored.situation.of(layer).get(key), truth.situation.of(layer).get(key)
        is_forgotten = then is None and now is None and truth.changed.get((layer, key), 0) < stored.oldest
        if not is_forgotten and (then != now or stored.changed.get((layer, key)) != truth.changed.get((layer, key))):
            yield layer, key


def _differences_of_history(connection: Connection, lexicon: Lexicon, truth: Folded) -> Iterator[LayerKey]:
    for layer in lexicon.historic:
        shown, true = things_now(connection, lexicon, layer), truth.situation.of(layer)
        yield from ((layer, key) for key in {*shown, *true} if shown.get(key) != true.get(key))


def _with_history(connection: Connection, lexicon: Lexicon, until: int) -> Iterator[Folded]:
    """The whole log folded anew, as `refolded` does; at each place the history up to there is written anew."""
    drop_versions(connection)
    history = _History(connection, lexicon)
    for folded in refolded(connection, lexicon, _nothing(lexicon), until, history.hear):
        history.write()
        yield folded


def _count_repair(connection: Connection) -> str:
    """Tells the writers of other processes that what they remember is no longer true."""
    return str(
        connection.exec_driver_sql(
            "INSERT INTO meta VALUES ('generation', '1') "
            "ON CONFLICT (key) DO UPDATE SET value = CAST(value AS INTEGER) + 1 RETURNING value"
        ).scalar_one()
    )
