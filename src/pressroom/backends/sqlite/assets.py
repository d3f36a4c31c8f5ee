"""The index of assets in SQLite: read here, written with changes."""

from __future__ import annotations

from datetime import datetime

from pressroom.backends.sqlite import rows
from pressroom.backends.sqlite.database import Database
from pressroom.backends.sqlite.listing import BEHIND_EVERYTHING
from pressroom.media import Asset


class SqliteAssets:
    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, key: str, revision: int | None = None) -> Asset | None:
        found = self._database.read(
            "SELECT * FROM assets WHERE key = ?1 AND (?2 IS NULL OR revision = ?2) ORDER BY revision DESC LIMIT 1",
            (key, revision),
        )
        return rows.asset(found[0]) if found else None

    def of_job(self, job_id: str) -> list[Asset]:
        found = self._database.read("SELECT * FROM assets WHERE job_id = ? ORDER BY created_at, key", (job_id,))
        return [rows.asset(row) for row in found]

    def expired(self, now: datetime, *, limit: int = 100) -> list[Asset]:
        found = self._database.read(
            "SELECT * FROM assets WHERE expires_at <= ? ORDER BY expires_at LIMIT ?", (rows.us(now), limit)
        )
        return [rows.asset(row) for row in found]

    def revisions(self, key: str) -> list[Asset]:
        found = self._database.read("SELECT * FROM assets WHERE key = ? ORDER BY revision DESC", (key,))
        return [rows.asset(row) for row in found]

    def find(self, prefix: str, *, limit: int = 100, after: str = "") -> list[Asset]:
        # A range of the primary key at both ends: a filter alone would read every key above the prefix too.
        found = self._database.read(
            "SELECT *, max(revision) FROM assets WHERE key >= ?1 AND key < ?2 AND key > ?3"
            " GROUP BY key ORDER BY key LIMIT ?4",
            (prefix, prefix + BEHIND_EVERYTHING, after, limit),
        )
        return [rows.asset(row) for row in found]
