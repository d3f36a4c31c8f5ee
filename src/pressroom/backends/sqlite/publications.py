"""Publications in SQLite: read here, written with changes."""

from __future__ import annotations

from collections.abc import Sequence

from pressroom.backends.sqlite import rows
from pressroom.backends.sqlite.database import Database
from pressroom.backends.sqlite.listing import newest
from pressroom.publications import Publication, PublicationState


class SqlitePublications:
    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, publication_id: str) -> Publication | None:
        return self._one("id = ?", publication_id)

    def by_key(self, key: str) -> Publication | None:
        return self._one("key = ?", key)

    def of_job(self, job_id: str) -> list[Publication]:
        found = self._database.read("SELECT * FROM publications WHERE job_id = ? ORDER BY id", (job_id,))
        return [rows.publication(row) for row in found]

    def find(
        self,
        *,
        states: Sequence[PublicationState] = (),
        channel: str | None = None,
        limit: int = 100,
        before: str | None = None,
    ) -> list[Publication]:
        among, equal = ("state", [state.value for state in states]), {"channel": channel}
        found = newest(self._database, "publications", limit=limit, before=before, equal=equal, among=among)
        return [rows.publication(row) for row in found]

    def count(self, states: Sequence[PublicationState]) -> int:
        marks = ",".join("?" * len(states))
        sql = f"SELECT count(*) FROM publications WHERE state IN ({marks})"
        return int(self._database.read(sql, [state.value for state in states])[0][0])

    def _one(self, condition: str, value: str) -> Publication | None:
        found = self._database.read(f"SELECT * FROM publications WHERE {condition}", (value,))
        return rows.publication(found[0]) if found else None
