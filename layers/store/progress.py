"""How far the log got with what had been set aside, remembered in the same transaction as its events."""

from collections.abc import Sequence

from sqlalchemy import Connection

from layers.event import Event
from layers.store.reading import fact_of
from layers.store.transaction import Transaction, Work


def catching_up(deliveries: Sequence[Sequence[tuple[Event, bytes]]], place: str, spool: str) -> Work[None]:
    """The work of appending each delivery by itself, as if they had come one after another, and of noting the place."""

    def catch_up(transaction: Transaction) -> None:
        for delivery in deliveries:
            if delivery:
                transaction.append(delivery)
        transaction.connection.exec_driver_sql("INSERT OR REPLACE INTO meta VALUES (?, ?)", (spool, place))

    return catch_up


def place_in(connection: Connection, spool: str) -> str | None:
    """The place of that spool that was noted last."""
    return fact_of(connection, spool)
