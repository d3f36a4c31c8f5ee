"""Which events a list is of, and reading a part of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pressroom.errors import BadInput
from pressroom.events import Event
from pressroom.ports import EventLog


@dataclass(frozen=True, slots=True, kw_only=True)
class EventChoice:
    types: tuple[str, ...] = ()
    job_id: str = ""
    since: datetime | None = None
    until: datetime | None = None
    """Not included."""
    newest_first: bool = False

    def read(self, log: EventLog, limit: int, beyond: int | None) -> list[Event]:
        """Return the next `limit` events beyond a position, in the direction that is asked for."""
        if self.job_id:
            return self._of_job(log, beyond)[:limit]
        if self.newest_first:
            if self.since or self.until:
                raise BadInput(
                    "since and until go with order=oldest.", todo="Leave them out, or read from the oldest on."
                )
            return log.latest(limit=limit, types=self.types, before=beyond)
        return log.after(beyond or 0, limit=limit, types=self.types, since=self.since, until=self.until)

    def _of_job(self, log: EventLog, beyond: int | None) -> list[Event]:
        found = [event for event in log.of_job(self.job_id) if self._is_wanted(event)]
        if self.newest_first:
            return [event for event in reversed(found) if beyond is None or at(event) < beyond]
        return [event for event in found if at(event) > (beyond or 0)]

    def _is_wanted(self, event: Event) -> bool:
        return (
            (not self.types or event.type in self.types)
            and (self.since is None or event.time >= self.since)
            and (self.until is None or event.time < self.until)
        )


def at(event: Event) -> int:
    """Return the place of a stored event in the log."""
    assert event.position is not None, "what is read from the log has a place in it"
    return event.position


def position_of(cursor: str | None) -> int | None:
    """Return the position that a cursor stands at; None for the beginning."""
    if cursor is None:
        return None
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) < 19):
        raise BadInput("This is no place in the log.", todo="Take it as it was given, or leave it out.")
    return int(cursor)
