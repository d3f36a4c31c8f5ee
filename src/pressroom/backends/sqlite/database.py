"""One SQLite file: connections, group commit and migrations. What is stored in it is its callers' business."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any, Generic, TypeVar

from pressroom.backends.sqlite.job_words import know_words
from pressroom.backends.sqlite.troubles import SameFile, cannot_be_opened, is_trouble, unusable
from pressroom.errors import ConfigurationError

T = TypeVar("T")
Work = Callable[[sqlite3.Connection], T]

BUSY_MS = 15_000
SHORTEST_PAUSE, LONGEST_PAUSE = 0.0005, 0.01
"""Seconds between two looks whether another process has finished writing. SQLite's own pauses soon are 25 to 100 ms,
in which the file is free again and again: a request beside a busy worker waited 80 ms for its turn, and 10 with these.
"""
_PATIENCE = 50
"""Pauses grow to this part of the time already waited: nobody looks two thousand times a second for long."""
LARGEST_GROUP = 128
"""Writes in one transaction; bounds how long the last one waits for the first."""


class _Pending(Generic[T]):
    """One write that waits to be part of a transaction."""

    __slots__ = ("durable", "error", "gate", "leads", "result", "work")

    def __init__(self, work: Work[T], durable: bool) -> None:
        self.work, self.durable = work, durable
        self.result: T | None = None
        self.error: BaseException | None = None
        self.leads = False
        self.gate = threading.Lock()
        self.gate.acquire()


class Database:
    """Reads on as many connections as read at once; writes on one, several writes in one transaction.

    Whichever thread finds nobody writing commits for all who came meanwhile: one fsync serves many, and a lone
    writer pays for no hand-over. The leader passes on its role after one group, so nobody serves for ever.
    """

    def __init__(self, file: Path) -> None:
        self.file = file
        self._idle_readers: list[sqlite3.Connection] = []
        self._mutex = threading.Lock()
        self._pending: list[_Pending[Any]] = []
        self._leading = False
        self._synchronised = True
        try:
            self._writer = self._opened()
        except sqlite3.DatabaseError as error:
            raise cannot_be_opened(file, error) from error
        self._same_file = SameFile(file)

    def read(self, sql: str, parameters: Any = ()) -> list[sqlite3.Row]:
        """Return the rows of a query over what is committed."""
        self._same_file.check_now_and_then()
        with self._mutex:
            connection = self._idle_readers.pop() if self._idle_readers else None
        try:
            if connection is None:
                self._same_file.check()  # to connect would make a file that is not there
                connection = _connect(self.file)
                _set_up(connection)
                connection.execute("PRAGMA query_only = ON")
            return connection.execute(sql, parameters).fetchall()
        except sqlite3.DatabaseError as error:
            if is_trouble(error):
                raise unusable(self.file, error) from error
            raise
        finally:
            if connection is not None:
                with self._mutex:
                    self._idle_readers.append(connection)

    def write(self, work: Work[T], *, durable: bool = True) -> T:
        """Run `work` in a transaction; what it raises undoes its own writes and no others.

        A write that is not `durable` survives the end of every process, but may be lost in a power cut unless
        a durable one follows. `work` must only use the connection it is given, and be quick.
        """
        pending = _Pending(work, durable)
        with self._mutex:
            self._pending.append(pending)
            pending.leads = not self._leading
            self._leading = True
        if not pending.leads:
            try:
                pending.gate.acquire()
            except BaseException:
                self._withdraw(pending)
                raise
        if pending.leads:
            self._commit_group()
        if pending.error is not None and is_trouble(pending.error):
            raise unusable(self.file, pending.error) from pending.error
        if pending.error is not None:
            raise pending.error
        return pending.result  # type: ignore[return-value]

    def _withdraw(self, pending: _Pending[Any]) -> None:
        """Leave the queue, for a thread that is interrupted while it waits; whoever counted on it to lead is served."""
        with self._mutex:
            if pending in self._pending:
                self._pending.remove(pending)
            must_lead = pending.leads
        if must_lead:
            self._commit_group()

    def close(self) -> None:
        with self._mutex:
            readers, self._idle_readers = self._idle_readers, []
        for connection in [*readers, self._writer]:
            connection.close()

    def _commit_group(self) -> None:
        with self._mutex:
            group = self._pending[:LARGEST_GROUP]
            del self._pending[: len(group)]
        try:
            if group:
                self._transact(group)
        except BaseException as error:
            for pending in group:
                pending.error = pending.error or error
            if not isinstance(error, Exception):
                raise
        finally:
            with self._mutex:
                heir = self._pending[0] if self._pending else None
                self._leading = heir is not None
            for pending in group:
                if not pending.leads:
                    pending.gate.release()
            if heir is not None:
                heir.leads = True
                heir.gate.release()

    def _transact(self, group: list[_Pending[Any]]) -> None:
        self._same_file.check()
        connection = self._writer
        durable = any(pending.durable for pending in group)
        if durable != self._synchronised:
            connection.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
            self._synchronised = durable
        _begin(connection)
        try:
            if len(group) == 1:
                # What it raises undoes the transaction, which is all its own.
                group[0].result = group[0].work(connection)
            else:
                for pending in group:
                    self._run(connection, pending)
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise

    @staticmethod
    def _run(connection: sqlite3.Connection, pending: _Pending[Any]) -> None:
        connection.execute("SAVEPOINT one")
        try:
            pending.result = pending.work(connection)
        except Exception as error:
            if not connection.in_transaction:
                raise  # a full disk undoes the whole transaction: nobody's write is in it any more
            pending.error = error
            connection.execute("ROLLBACK TO one")
        connection.execute("RELEASE one")

    def _opened(self) -> sqlite3.Connection:
        """Return the connection that writes, with the schema brought to this version."""
        connection = _connect(self.file)
        try:
            _use_wal(connection)
            migrate(connection, self.file)
            _set_up(connection)
            connection.execute("PRAGMA busy_timeout = 0")  # whoever begins waits by itself
        except BaseException:
            connection.close()
            raise
        return connection


def _connect(file: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(
        file, timeout=BUSY_MS / 1000, isolation_level=None, check_same_thread=False, cached_statements=256
    )
    connection.row_factory = sqlite3.Row
    return connection


def _set_up(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA temp_store = MEMORY")


def _begin(connection: sqlite3.Connection) -> None:
    """Begin to write as soon as no other process does; raises what SQLite does if that takes too long."""
    began = time.monotonic()
    while True:
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            waited = time.monotonic() - began
            # The last byte is the kind: another process may also be mending what a third one left.
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or waited > BUSY_MS / 1000:
                raise
            time.sleep(min(SHORTEST_PAUSE + waited / _PATIENCE, LONGEST_PAUSE))
        else:
            return


def _use_wal(connection: sqlite3.Connection) -> None:
    """Switch to the write-ahead log; only the first opening needs it, and it does not wait for others by itself."""
    ends = time.monotonic() + BUSY_MS / 1000
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > ends:
                raise
            time.sleep(0.01)
        else:
            return


def migrations() -> list[tuple[int, str]]:
    """Return `(version, SQL)` of every migration, in order."""
    folder = files("pressroom.backends.sqlite.migrations")
    found = sorted((item for item in folder.iterdir() if item.name.endswith(".sql")), key=lambda item: item.name)
    return [(int(item.name[:4]), item.read_text(encoding="utf-8")) for item in found]


def migrate(connection: sqlite3.Connection, file: Path, upto: int | None = None) -> None:
    """Bring the database to the newest version (or to `upto`), each migration in a transaction of its own."""
    known = migrations()
    newest = known[-1][0] if upto is None else upto
    if connection.execute("PRAGMA user_version").fetchone()[0] == newest:
        return
    know_words(connection)
    for version, sql in known:
        if version > newest:
            break
        connection.execute("BEGIN IMMEDIATE")
        try:
            # Read under the lock: another process may have migrated meanwhile.
            if connection.execute("PRAGMA user_version").fetchone()[0] < version:
                for statement in _statements(sql):
                    connection.execute(statement)
                connection.execute(f"PRAGMA user_version = {version}")
            connection.execute("COMMIT")
        except BaseException:
            connection.execute("ROLLBACK")
            raise
    found = connection.execute("PRAGMA user_version").fetchone()[0]
    if found > newest and upto is None:
        raise ConfigurationError(
            f"The database {file} was written by a newer Pressroom (its version is {found}, this one knows {newest}).",
            todo="Install that newer version, or open another workspace.",
        )


def _statements(script: str) -> list[str]:
    """Split a script, since `executescript` would commit the transaction that a migration stands in."""
    statements, current = [], ""
    for line in script.splitlines(keepends=True):
        current += line
        if sqlite3.complete_statement(current):
            statements.append(current)
            current = ""
    return statements
