"""The SQLite backend: opens one file and hands out the ports that it implements."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pressroom.backends.sqlite.assets import SqliteAssets
from pressroom.backends.sqlite.database import Database
from pressroom.backends.sqlite.dead_letters import SqliteDeadLetters
from pressroom.backends.sqlite.jobs import SqliteJobs
from pressroom.backends.sqlite.ledger import SqliteCosts, SqliteLedger
from pressroom.backends.sqlite.log import SqliteEventLog, SqliteViews
from pressroom.backends.sqlite.publications import SqlitePublications
from pressroom.backends.sqlite.queue import SqliteQueue
from pressroom.backends.sqlite.states import SqliteChannelStates, SqliteCursors, SqliteSchedules
from pressroom.backends.sqlite.store import SqliteStore
from pressroom.backends.sqlite.tables import SqliteTables
from pressroom.ports import Clock


@dataclass(frozen=True)
class Sqlite:
    """Everything that is kept in one database file."""

    database: Database
    store: SqliteStore
    events: SqliteEventLog
    queue: SqliteQueue
    dead_letters: SqliteDeadLetters
    jobs: SqliteJobs
    publications: SqlitePublications
    assets: SqliteAssets
    ledger: SqliteLedger
    costs: SqliteCosts
    schedules: SqliteSchedules
    cursors: SqliteCursors
    tables: SqliteTables
    channel_states: SqliteChannelStates
    views: SqliteViews

    def close(self) -> None:
        self.database.close()


def open_sqlite(file: Path, clock: Clock) -> Sqlite:
    """Open the database, creating or migrating it first; raises `ConfigurationError` if it is too new."""
    file.parent.mkdir(parents=True, exist_ok=True)
    database = Database(file)
    return Sqlite(
        database=database,
        store=SqliteStore(database, clock),
        events=SqliteEventLog(database),
        queue=SqliteQueue(database, clock),
        dead_letters=SqliteDeadLetters(database, clock),
        jobs=SqliteJobs(database),
        publications=SqlitePublications(database),
        assets=SqliteAssets(database),
        ledger=SqliteLedger(database, clock),
        costs=SqliteCosts(database),
        schedules=SqliteSchedules(database),
        cursors=SqliteCursors(database),
        tables=SqliteTables(database),
        channel_states=SqliteChannelStates(database),
        views=SqliteViews(database),
    )
