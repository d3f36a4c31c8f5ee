"""The SQLite file itself: versions, permissions of what is beside it, connections."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from pressroom.backends.sqlite import Sqlite, open_sqlite
from pressroom.backends.sqlite.database import migrate, migrations
from pressroom.changes import Change
from pressroom.clocks import SystemClock
from pressroom.contracts.samples import NOW, an_event
from pressroom.errors import ConfigurationError


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "pressroom.db"


@pytest.fixture
def sqlite(file: Path) -> Iterator[Sqlite]:
    opened = open_sqlite(file, SystemClock())
    yield opened
    opened.close()


def _schema(file: Path) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(file)) as connection:
        return connection.execute("SELECT name, sql FROM sqlite_schema ORDER BY name").fetchall()


def _version(file: Path) -> int:
    with closing(sqlite3.connect(file)) as connection:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])


def test_migrations_are_numbered_without_a_gap() -> None:
    assert [version for version, _ in migrations()] == list(range(1, len(migrations()) + 1))


@pytest.mark.parametrize("version", range(len(migrations())))
def test_a_database_of_any_earlier_version_becomes_the_newest(tmp_path: Path, version: int) -> None:
    old, new = tmp_path / "old.db", tmp_path / "new.db"
    with closing(sqlite3.connect(old, isolation_level=None)) as connection:
        migrate(connection, old, upto=version)
    assert _version(old) == version
    for file in (old, new):
        open_sqlite(file, SystemClock()).close()
    assert _version(old) == migrations()[-1][0]
    assert _schema(old) == _schema(new)


def test_jobs_of_an_earlier_version_are_found_by_their_words(tmp_path: Path) -> None:
    old = tmp_path / "old.db"
    with closing(sqlite3.connect(old, isolation_level=None)) as connection:
        migrate(connection, old, upto=5)
        values = ("job_1", "daily_post", "completed", "", '{"date": "2026-10-31"}', '{"caption": "Crème brûlée"}')
        connection.execute("INSERT INTO jobs VALUES (?,?,?,?,?,?, NULL, NULL, 0, 0, NULL, NULL, 1)", values)
    with closing(open_sqlite(old, SystemClock())) as opened:
        assert [job.id for job in opened.jobs.find(text="brul 2026")] == ["job_1"]


def test_a_newer_database_is_refused_by_name_and_left_alone(file: Path) -> None:
    open_sqlite(file, SystemClock()).close()
    newer = migrations()[-1][0] + 1
    with closing(sqlite3.connect(file)) as connection:
        connection.execute(f"PRAGMA user_version = {newer}")
    with pytest.raises(ConfigurationError, match="was written by a newer Pressroom") as refused:
        open_sqlite(file, SystemClock())
    assert str(file) in refused.value.what
    assert refused.value.todo
    assert _version(file) == newer


def test_a_file_that_is_no_database_is_refused_by_name(file: Path) -> None:
    file.parent.mkdir()
    file.write_bytes(b"This is no database, whatever its name says. " * 100)
    with pytest.raises(ConfigurationError) as refused:
        open_sqlite(file, SystemClock())
    assert str(file) in refused.value.what


def test_what_is_committed_survives_a_power_cut(sqlite: Sqlite, file: Path) -> None:
    sqlite.store.commit(Change(events=(an_event(),)))
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    modes: list[int] = []
    sqlite.database.write(lambda connection: modes.append(connection.execute("PRAGMA synchronous").fetchone()[0]))
    full = 2
    assert modes == [full]


def test_threads_that_are_over_leave_no_connections(sqlite: Sqlite) -> None:
    sqlite.events.last_position()
    before = len(os.listdir("/dev/fd"))  # noqa: PTH208 - no paths, a count
    for _ in range(50):
        reader = threading.Thread(target=sqlite.events.last_position)
        reader.start()
        reader.join()
    assert len(os.listdir("/dev/fd")) < before + 20  # noqa: PTH208


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"queue": "steps"},
        {"job_id": "job_1"},
        {"queue": "steps", "job_id": "job_1"},
        {"before": (NOW, 7)},
        {"queue": "steps", "before": (NOW, 7)},
    ],
    ids=str,
)
def test_dead_letters_are_found_by_an_index_however_many_there_are(
    sqlite: Sqlite, monkeypatch: pytest.MonkeyPatch, asked: dict[str, Any]
) -> None:
    plans: list[str] = []
    read = sqlite.database.read

    def explained(sql: str, values: Any = ()) -> Any:
        plans.extend(row["detail"] for row in read(f"EXPLAIN QUERY PLAN {sql}", values))
        return read(sql, values)

    monkeypatch.setattr(sqlite.database, "read", explained)
    assert sqlite.dead_letters.find(limit=1, **asked) == []
    assert any("USING INDEX dead_letters" in line for line in plans), plans
    if "job_id" not in asked:  # a job has few
        assert not any("TEMP B-TREE" in line for line in plans), plans
