"""The index of assets in DynamoDB: read here, written with changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby, islice

from pressroom.backends.dynamodb import keys, records
from pressroom.backends.dynamodb.asides import Asides
from pressroom.backends.dynamodb.calls import Calls, Key
from pressroom.backends.dynamodb.conditions import all_of, at_most, between, is_
from pressroom.backends.dynamodb.table_shapes import STATE
from pressroom.backends.dynamodb.values import Record, us
from pressroom.media import Asset


class DynamoAssets:
    def __init__(self, calls: Calls, asides: Asides) -> None:
        self._calls, self._asides = calls, asides

    def get(self, key: str, revision: int | None = None) -> Asset | None:
        if revision is None:
            found = next(self._calls.query(STATE, is_("of", keys.asset(key, 0)[0]), newest_first=True, page=1), None)
            # A long value that was put aside stands behind the revisions.
            found = found if found is None or "sha256" in found else next(self._revisions(key), None)
        else:
            found = self._calls.get(STATE, keys.asset(key, revision))
        return next(iter(self._assets([found] if found else [])), None)

    def of_job(self, job_id: str) -> list[Asset]:
        """Return the assets of a job; one that was stored a moment ago may be missing."""
        listed = self._calls.query(STATE, is_("grouped_in", f"assets of {job_id}"), index="grouped")
        found = self._assets(self._standing((one["of"], one["part"]) for one in listed))
        return sorted(found, key=lambda asset: (asset.created_at, asset.key, asset.revision))

    def expired(self, now: datetime, *, limit: int = 100) -> list[Asset]:
        over = all_of(is_("ends_as", "asset"), at_most("ends_at", us(now)))
        listed = islice(self._calls.query(STATE, over, index="ending", page=limit), limit)
        return self._assets(self._standing((one["of"], one["part"]) for one in listed))

    def revisions(self, key: str) -> list[Asset]:
        return self._assets(self._revisions(key))

    def find(self, prefix: str, *, limit: int = 100, after: str = "") -> list[Asset]:
        """Return assets by key; one that was stored a moment ago may be missing."""
        where = is_("listed_in", "assets")
        low = max(prefix, f"{after}\x00" if after else "")
        if low:
            # A range at both ends, so that nothing but what is asked for is read.
            where = all_of(where, between("listed_as", low, (prefix or "") + keys.HIGHEST))
            if low > prefix + keys.HIGHEST:
                return []
        listed = self._calls.query(STATE, where, index="listed", page=limit)
        newest = (max(alike, key=lambda one: str(one["part"])) for _, alike in groupby(listed, lambda one: one["of"]))
        return self._assets(self._standing((one["of"], one["part"]) for one in islice(newest, limit)))

    def _revisions(self, key: str) -> Iterator[Record]:
        found = self._calls.query(STATE, is_("of", keys.asset(key, 0)[0]), newest_first=True)
        return (record for record in found if "sha256" in record)

    def _standing(self, places: Iterable[Key]) -> list[Record]:
        wanted = list(places)
        found = self._calls.get_many(STATE, wanted)
        return [found[key] for key in wanted if key in found]

    def _assets(self, found: Iterable[Record]) -> list[Asset]:
        return [records.asset(record) for record in self._asides.whole(found)]
