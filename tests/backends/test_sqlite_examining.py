"""A database that is looked at without being opened for work."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from pressroom.backends.sqlite import open_sqlite
from pressroom.backends.sqlite.examining import examine
from pressroom.testing import ManualClock


def a_database(folder: Path, version: int | None = None) -> Path:
    file = folder / "pressroom.db"
    open_sqlite(file, ManualClock()).close()
    if version is not None:
        connection = sqlite3.connect(file)
        connection.execute(f"PRAGMA user_version = {version}")
        connection.close()
    return file


def test_one_that_is_whole_is_well(tmp_path: Path) -> None:
    found = examine(a_database(tmp_path))
    assert found.ok
    assert "It is whole (" in found.what


def test_a_damaged_one_is_wrong(tmp_path: Path) -> None:
    file = tmp_path / "pressroom.db"
    file.write_bytes(b"SQLite format 3\0" + b"\xff" * 5000)
    found = examine(file)
    assert not found.ok
    assert "backup" in found.todo


def test_one_of_a_newer_version_is_wrong(tmp_path: Path) -> None:
    found = examine(a_database(tmp_path, 9999))
    assert not found.ok
    assert "9999" in found.what


def test_one_of_an_older_version_is_well_and_stays_as_it_is(tmp_path: Path) -> None:
    file = a_database(tmp_path, 1)
    found = examine(file)
    assert found.ok
    assert "from version 1" in found.what
    assert examine(file) == found


def test_one_that_is_not_there_yet_is_no_fault_and_is_not_made(tmp_path: Path) -> None:
    file = tmp_path / "pressroom.db"
    assert examine(file).ok
    assert not file.exists()
