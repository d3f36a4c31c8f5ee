"""Which commits wait for the disk: all, but for those whose loss only makes a delivery come again."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from pressroom.backends.sqlite import Sqlite, open_sqlite
from pressroom.changes import Change
from pressroom.clocks import SystemClock
from pressroom.contracts.samples import an_event
from pressroom.deliveries import Delivery, Done, Task

NORMAL, FULL = 1, 2


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[Sqlite]:
    opened = open_sqlite(tmp_path / "pressroom.db", SystemClock())
    yield opened
    opened.close()


@pytest.fixture
def commits(sqlite: Sqlite) -> list[int]:
    """How far each commit from now on is synchronised, as SQLite itself says when it happens."""
    seen: list[int] = []
    writer = sqlite.database._writer

    def look(statement: str) -> None:
        if statement == "COMMIT":
            writer.set_trace_callback(None)
            seen.append(writer.execute("PRAGMA synchronous").fetchone()[0])
            writer.set_trace_callback(look)

    writer.set_trace_callback(look)
    return seen


def _claimed(sqlite: Sqlite) -> Delivery:
    event = an_event()
    waiting = Delivery(queue="events", task=Task.EVENT, name="notify", event=event)
    sqlite.store.commit(Change(events=(event,), deliveries=(waiting,)))
    (claimed,) = sqlite.queue.claim(["events"], 1, timedelta(minutes=1))
    return claimed


def test_an_acknowledgement_does_not_wait_for_the_disk(sqlite: Sqlite, commits: list[int]) -> None:
    sqlite.store.commit(Change(settled=Done(_claimed(sqlite))))
    stored, claimed, acknowledged = commits
    assert (stored, claimed, acknowledged) == (FULL, NORMAL, NORMAL)


def test_an_acknowledgement_with_news_waits_for_the_disk(sqlite: Sqlite, commits: list[int]) -> None:
    sqlite.store.commit(Change(events=(an_event(),), settled=Done(_claimed(sqlite))))
    assert commits[-1] == FULL


def test_what_follows_an_acknowledgement_waits_for_the_disk_again(sqlite: Sqlite, commits: list[int]) -> None:
    sqlite.store.commit(Change(settled=Done(_claimed(sqlite))))
    sqlite.store.commit(Change(events=(an_event(),)))
    assert commits[-2:] == [NORMAL, FULL]


def test_a_lone_write_that_fails_leaves_nothing_behind(sqlite: Sqlite) -> None:
    def fails(connection: sqlite3.Connection) -> None:
        connection.execute("INSERT INTO ledger (key, note, at) VALUES ('half', '{}', 0)")
        raise ValueError("halfway")

    with pytest.raises(ValueError, match="halfway"):
        sqlite.database.write(fails)
    assert sqlite.ledger.get("half") is None
    assert sqlite.ledger.claim("half", {})
