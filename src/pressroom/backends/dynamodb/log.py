"""The event log in DynamoDB: read by day and position, consistently; of one job by an index, once that is whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice

from pressroom.backends.dynamodb import keys
from pressroom.backends.dynamodb.asides import Asides
from pressroom.backends.dynamodb.calls import Calls, Key
from pressroom.backends.dynamodb.conditions import Condition, all_of, at_least, between, is_, less, one_of
from pressroom.backends.dynamodb.delivery_records import event
from pressroom.backends.dynamodb.known_names import KnownNames
from pressroom.backends.dynamodb.stamps import Stamps, day_of
from pressroom.backends.dynamodb.table_shapes import LOG, STATE
from pressroom.backends.dynamodb.values import Record, us
from pressroom.events import Event
from pressroom.ports import Clock

HIGHEST_POSITION = 2**53


class DynamoEventLog:
    """What is younger than `hold_back` is not yet given to those who read on behind a position.

    Another machine may be about to store an event with an earlier one; after that time it either has or never will.
    """

    def __init__(
        self, calls: Calls, clock: Clock, stamps: Stamps, asides: Asides, days: KnownNames, hold_back: timedelta
    ) -> None:
        self._calls, self._clock, self._stamps = calls, clock, stamps
        self._asides, self._days, self._hold_back = asides, days, hold_back

    def of_job(self, job_id: str) -> list[Event]:
        """Return the job's events; raises `Unavailable` if their index stays behind what the job says there are."""
        found: list[Record] = []
        for pause in self._calls.pauses(f"The index of the events of {job_id} is behind."):
            job = self._calls.get(STATE, keys.job(job_id)) or {}
            found = list(self._calls.query(LOG, is_("job_id", job_id), index="of_job"))
            if len(found) >= job.get("events", 0):
                break
            pause()
        return self._events(self._standing((one["day"], one["position"]) for one in found))

    def get(self, event_id: str) -> Event | None:
        found = self._calls.query(LOG, is_("event_id", event_id), index="by_id")
        events = self._events(self._standing((one["day"], one["position"]) for one in found))
        return events[0] if events else None

    def at(self, positions: Sequence[int]) -> dict[int, Event]:
        """Return the events at these positions, as far as they are there."""
        events = self._events(self._standing((day_of(position), position) for position in positions))
        return {event.position or 0: event for event in events}

    def after(
        self,
        position: int,
        *,
        limit: int = 1000,
        types: Sequence[str] = (),
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> list[Event]:
        only = [one_of("type", types)] if types else []
        only += [at_least("time", us(since))] if since is not None else []
        only += [less("time", us(until))] if until is not None else []
        with self._stamps.reading() as seen:
            highest = self._settled_until()
            found = islice(self._between(position + 1, highest, only, page=limit), limit)
            events = self._events(found)
        return [event for event in events if seen.below is None or (event.position or 0) < seen.below]

    def latest(self, *, limit: int = 100, types: Sequence[str] = (), before: int | None = None) -> list[Event]:
        only = [one_of("type", types)] if types else []
        highest = before - 1 if before is not None else HIGHEST_POSITION
        return self._events(islice(self._between(1, highest, only, newest_first=True, page=limit), limit))

    def last_position(self) -> int:
        with self._stamps.reading() as seen:
            highest = self._settled_until()
            for record in self._between(1, highest, [], newest_first=True, page=10):
                if seen.below is None or record["position"] < seen.below:
                    return int(record["position"])
        return 0

    def _settled_until(self) -> int:
        return us(self._clock.now() - self._hold_back) if self._hold_back else HIGHEST_POSITION

    def _between(
        self, low: int, high: int, only: list[Condition], *, newest_first: bool = False, page: int
    ) -> Iterator[Record]:
        if low > high:
            return
        last = day_of(high) if high < HIGHEST_POSITION else ""
        for day in self._days.all(since=day_of(max(low, 0)), until=last, newest_first=newest_first):
            where = all_of(is_("day", day), between("position", low, high))
            filtered = all_of(*only) if only else None
            # A page of what is filtered would be a page of what is read, which may hold nothing.
            size = None if only else page
            yield from self._calls.query(LOG, where, only=filtered, newest_first=newest_first, page=size)

    def _standing(self, places: Iterator[Key]) -> list[Record]:
        found = self._calls.get_many(LOG, places)
        return sorted(found.values(), key=lambda record: int(record["position"]))

    def _events(self, records: Iterator[Record] | list[Record]) -> list[Event]:
        whole = self._asides.whole(records, lambda record: keys.of_event(str(record["event_id"])))
        return [event(record) for record in whole]
