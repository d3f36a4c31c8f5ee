"""Jobs and their steps in SQLite: read here, written with changes."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime

from pressroom.backends.sqlite import rows
from pressroom.backends.sqlite.database import Database
from pressroom.backends.sqlite.job_words import with_words
from pressroom.backends.sqlite.listing import newest
from pressroom.backends.sqlite.store import put_job
from pressroom.jobs import Job, JobStatus, StepRecord, fold


class SqliteJobs:
    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, job_id: str) -> Job | None:
        found = self._database.read("SELECT * FROM jobs WHERE id = ?", (job_id,))
        return rows.job(found[0]) if found else None

    def by_key(self, key: str) -> Job | None:
        found = self._database.read("SELECT * FROM jobs WHERE key = ?", (key,))
        return rows.job(found[0]) if found else None

    def find(
        self,
        *,
        limit: int = 50,
        before: str | None = None,
        pipeline: str | None = None,
        statuses: Sequence[JobStatus] = (),
        text: str = "",
    ) -> list[Job]:
        among = ("status", [status.value for status in statuses])
        found = newest(
            self._database,
            "jobs",
            limit=limit,
            before=before,
            equal={"pipeline": pipeline},
            among=among,
            further=with_words(text),
        )
        return [rows.job(row) for row in found]

    def count(self) -> dict[str, int]:
        found = self._database.read("SELECT status, jobs FROM job_counts WHERE jobs > 0")
        return {row["status"]: row["jobs"] for row in found}

    def expired(self, now: datetime, *, limit: int = 100) -> list[Job]:
        found = self._database.read(
            "SELECT * FROM jobs WHERE expires_at IS NOT NULL AND status != 'expired' AND expires_at <= ?"
            " ORDER BY expires_at LIMIT ?",
            (rows.us(now), limit),
        )
        return [rows.job(row) for row in found]

    def steps(self, job_id: str) -> dict[str, StepRecord]:
        found = self._database.read("SELECT * FROM steps WHERE job_id = ? ORDER BY number", (job_id,))
        return {row["path"]: rows.step(row) for row in found}

    def rebuild(self, job_id: str) -> None:
        def work(connection: sqlite3.Connection) -> None:
            # Read under the write lock: no event can come between the fold and its row.
            found = connection.execute("SELECT * FROM events WHERE job_id = ? ORDER BY position", (job_id,))
            job = fold(rows.event(row) for row in found)
            if job is not None:
                put_job(connection, job)

        self._database.write(work)
