"""Publications in DynamoDB: read here, written with changes."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from pressroom.backends.dynamodb import keys, records
from pressroom.backends.dynamodb.asides import Asides
from pressroom.backends.dynamodb.calls import Calls, Key
from pressroom.backends.dynamodb.conditions import all_of, begins, is_
from pressroom.backends.dynamodb.listing import newest
from pressroom.backends.dynamodb.table_shapes import STATE
from pressroom.publications import Publication, PublicationState


class DynamoPublications:
    def __init__(self, calls: Calls, asides: Asides) -> None:
        self._calls, self._asides = calls, asides

    def get(self, publication_id: str) -> Publication | None:
        return self._at(keys.publication_by_id(publication_id))

    def by_key(self, key: str) -> Publication | None:
        return self._at(keys.publication_by_key(key))

    def of_job(self, job_id: str) -> list[Publication]:
        where = all_of(is_("of", keys.of_job(job_id)), begins("part", "publication#"))
        return [records.publication(record) for record in self._asides.whole(self._calls.query(STATE, where))]

    def find(
        self,
        *,
        states: Sequence[PublicationState] = (),
        channel: str | None = None,
        limit: int = 100,
        before: str | None = None,
    ) -> list[Publication]:
        """Return publications; one that was stored a moment ago may be missing."""
        if channel is not None:
            groups = [("grouped", f"publications on {channel}")]
        else:
            groups = [("standing", f"publications {state.value}") for state in dict.fromkeys(states)]
        found = newest(self._calls, groups or [("listed", "publications")], below=before)
        asked = {state.value for state in states}
        matching = (
            record
            for record in found
            if channel in (None, record["channel"]) and (not asked or record["state"] in asked)
        )
        return [records.publication(record) for record in self._asides.whole(islice(matching, limit))]

    def count(self, states: Sequence[PublicationState]) -> int:
        return sum(
            self._calls.count(STATE, is_("standing_in", f"publications {state.value}"), index="standing")
            for state in dict.fromkeys(states)
        )

    def _at(self, place: Key) -> Publication | None:
        found = self._calls.get(STATE, place)
        stored = self._calls.get(STATE, keys.publication(found["job_id"], found["id"])) if found else None
        record = self._asides.whole_one(stored)
        return records.publication(record) if record else None
