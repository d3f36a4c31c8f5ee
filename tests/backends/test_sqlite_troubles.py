"""What is said of a database that cannot be used, and a file that is taken away while it is in use."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from pressroom.backends.sqlite import Sqlite, open_sqlite
from pressroom.backends.sqlite.examining import examine
from pressroom.backends.sqlite.troubles import explained
from pressroom.changes import Change
from pressroom.clocks import SystemClock
from pressroom.contracts.samples import an_event
from pressroom.errors import ConfigurationError, Unavailable


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "pressroom.db"


@pytest.fixture
def sqlite(file: Path) -> Iterator[Sqlite]:
    opened = open_sqlite(file, SystemClock())
    yield opened
    opened.close()


def error_of(code: int, words: str = "it went wrong") -> sqlite3.OperationalError:
    error = sqlite3.OperationalError(words)
    error.sqlite_errorcode = code
    return error


def has_room(monkeypatch: pytest.MonkeyPatch, free: int) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=free))


def test_a_file_that_was_removed_takes_nothing_more_and_is_not_made_anew(sqlite: Sqlite, file: Path) -> None:
    sqlite.store.commit(Change(events=(an_event(),)))
    file.unlink()
    with pytest.raises(Unavailable, match="removed or replaced while it was in use") as refused:
        sqlite.store.commit(Change(events=(an_event(),)))
    assert refused.value.where == str(file)
    assert str(file.parent) not in refused.value.what + refused.value.todo, "the health check shows it to anybody"
    with pytest.raises(Unavailable, match="removed or replaced"):
        sqlite.events.last_position()
    assert not file.exists()


def test_a_file_in_its_place_is_not_taken_for_it(sqlite: Sqlite, file: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    open_sqlite(other, SystemClock()).close()
    other.replace(file)
    with pytest.raises(Unavailable, match="removed or replaced"):
        sqlite.store.commit(Change(events=(an_event(),)))


def test_work_goes_on_when_the_very_file_is_put_back(sqlite: Sqlite, file: Path, tmp_path: Path) -> None:
    away = tmp_path / "away.db"
    file.rename(away)
    with pytest.raises(Unavailable):
        sqlite.store.commit(Change(events=(an_event(),)))
    away.rename(file)
    before = sqlite.events.last_position()
    sqlite.store.commit(Change(events=(an_event(),)))
    assert sqlite.events.last_position() > before


def test_what_only_reads_notices_it_by_itself_within_a_second(
    sqlite: Sqlite, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sqlite.events.last_position()
    file.unlink()
    later = time.monotonic() + 1.1
    monkeypatch.setattr("pressroom.backends.sqlite.troubles.time.monotonic", lambda: later)
    with pytest.raises(Unavailable, match="removed or replaced"):
        sqlite.events.last_position()


def test_a_disk_that_is_full_in_use_is_called_full_and_asks_for_no_backup(sqlite: Sqlite) -> None:
    def limit(connection: sqlite3.Connection) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages}")

    sqlite.database.write(limit)
    much = tuple(an_event(data={"words": "x" * 4000}) for _ in range(1000))
    with pytest.raises(Unavailable, match=r"The disk is full\.") as refused:
        sqlite.store.commit(Change(events=much))
    assert "backup" not in refused.value.todo


@pytest.mark.parametrize("code", [sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR_SHMSIZE])
def test_an_error_of_the_files_on_a_full_disk_is_the_full_disk(
    file: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    has_room(monkeypatch, 4096)
    what, todo = explained(file, error_of(code))
    assert what == "The disk is full."
    assert "backup" not in todo


def test_an_error_of_the_files_on_a_disk_with_room_is_not(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    has_room(monkeypatch, 10**10)
    what, todo = explained(file, error_of(sqlite3.SQLITE_IOERR, "disk I/O error"))
    assert what == "The database cannot be used at the moment: disk I/O error."
    assert "backup" not in todo


def test_a_missing_right_asks_for_the_right(file: Path) -> None:
    words = "attempt to write a readonly database"
    what, todo = explained(file, error_of(sqlite3.SQLITE_READONLY, words))
    assert what == f"The database cannot be written: {words}."
    assert "Give this user the right" in todo
    assert "backup" not in todo


def test_a_folder_that_may_not_be_written_is_a_missing_right(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    has_room(monkeypatch, 10**10)
    monkeypatch.setattr("os.access", lambda *_: False)
    assert "right" in explained(file, error_of(sqlite3.SQLITE_CANTOPEN))[1]


def test_what_is_no_database_asks_for_a_backup(file: Path) -> None:
    file.write_bytes(b"This is no database, whatever its name says. " * 100)
    with pytest.raises(
        ConfigurationError, match=r"pressroom\.db cannot be opened\. The database is damaged"
    ) as refused:
        open_sqlite(file, SystemClock())
    assert "backup" in refused.value.todo
    assert "backup" in examine(file).todo


def test_a_database_that_another_program_holds_asks_for_no_backup(file: Path) -> None:
    assert explained(file, error_of(sqlite3.SQLITE_BUSY, "database is locked"))[1] == (
        "Does another program hold the file?"
    )
