"""Looks at a database without opening it for work: also one that is damaged, or that a newer Pressroom wrote."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from pressroom.backends.sqlite.database import migrations
from pressroom.backends.sqlite.troubles import explained
from pressroom.findings import Finding

_BUSY_SECONDS = 5


def examine(file: Path) -> Finding:
    """Read the whole database once; it must be whole and of a version that this Pressroom knows."""
    if not file.exists():
        return Finding(ok=True, what=f"{file} is not there yet; the first job makes it.")
    newest = migrations()[-1][0]
    try:
        connection = sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True, timeout=_BUSY_SECONDS)
        try:
            damage = [row[0] for row in connection.execute("PRAGMA quick_check(5)")]
            version = connection.execute("PRAGMA user_version").fetchone()[0]
        finally:
            connection.close()
    except sqlite3.Error as error:
        what, todo = explained(file, error)
        return Finding(ok=False, what=f"{file} cannot be read. {what}", todo=todo)
    if damage != ["ok"]:
        return Finding(ok=False, what=f"{file} is damaged: {'; '.join(damage)}", todo="Bring it back from a backup.")
    if version > newest:
        what = f"It is of version {version}, and this Pressroom knows {newest}."
        return Finding(ok=False, what=what, todo="Update Pressroom.")
    if version < newest:
        what = f"It is whole, and is brought from version {version} to {newest} when it is next used."
        return Finding(ok=True, what=what)
    return Finding(ok=True, what=f"It is whole ({file.stat().st_size / 1e6:.1f} MB, version {version}).")
