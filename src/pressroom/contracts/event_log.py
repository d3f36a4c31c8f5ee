"""The contract of `EventLog`: append-only, in order within a job, positions only grow."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import ClassVar

from pressroom.changes import Change
from pressroom.contracts.base import Contract, by_many
from pressroom.contracts.samples import NOW, an_event
from pressroom.events import Event
from pressroom.ports import Ports

MINUTE = timedelta(minutes=1)


def _log(ports: Ports, *events: Event) -> list[Event]:
    for event in events:
        ports.store.commit(Change(events=(event,)))
    return list(events)


def _ids(events: list[Event]) -> list[str]:
    return [event.id for event in events]


class EventLogContract(Contract):
    counts_positions: ClassVar[bool] = True
    """Whether the first event has the position 1, and each further one the next; else they only grow, as with time."""

    def test_an_event_comes_back_as_it_was_stored(self, ports: Ports) -> None:
        event = an_event(
            job_id="job_1",
            cause_id="evt_0",
            time=datetime(2026, 10, 31, 9, 0, 0, 123457, timezone(timedelta(hours=5, minutes=30))),
            data={"text": "Žluťoučký 🐈\n", "number": 0.1, "none": None, "list": [1, {"a": True}], "": "empty key"},
        )
        _log(ports, event)
        stored = ports.events.get(event.id)
        assert stored is not None
        assert replace(stored, position=None) == event
        assert stored.time.utcoffset() == timedelta(0)

    def test_an_event_that_is_not_there_is_none(self, ports: Ports) -> None:
        assert ports.events.get("evt_unknown") is None
        assert ports.events.of_job("job_unknown") == []

    def test_an_empty_log_ends_at_position_zero(self, ports: Ports) -> None:
        assert ports.events.last_position() == 0
        assert ports.events.after(0) == []
        assert ports.events.latest() == []

    def test_events_of_one_job_keep_their_order(self, ports: Ports) -> None:
        of_one = [an_event(job_id="job_1", time=NOW - number * MINUTE) for number in range(5)]
        _log(ports, of_one[0], an_event(job_id="job_2"), of_one[1])
        ports.store.commit(Change(events=(of_one[2], an_event(), of_one[3], of_one[4])))
        assert _ids(ports.events.of_job("job_1")) == _ids(of_one)

    def test_positions_only_grow(self, ports: Ports) -> None:
        outcomes = by_many(8, lambda: ports.store.commit(Change(events=(an_event(), an_event()))))
        assert outcomes == [None] * 8
        positions = [event.position or 0 for event in ports.events.after(0)]
        assert len(set(positions)) == 16
        assert positions == sorted(positions)
        assert min(positions) > 0
        assert ports.events.last_position() == positions[-1]

    def test_positions_count_events_where_that_is_declared(self, ports: Ports) -> None:
        _log(ports, an_event(), an_event(), an_event())
        positions = [event.position for event in ports.events.after(0)]
        assert (positions == [1, 2, 3]) is self.counts_positions

    def test_reading_goes_on_behind_a_position(self, ports: Ports) -> None:
        events = _log(ports, *(an_event() for _ in range(5)))
        first = ports.events.after(0, limit=2)
        assert _ids(first) == _ids(events[:2])
        assert _ids(ports.events.after(first[-1].position or 0)) == _ids(events[2:])
        assert ports.events.after(ports.events.last_position()) == []

    def test_a_reader_behind_the_writers_misses_no_event(self, ports: Ports) -> None:
        seen: list[str] = []
        finished = threading.Event()

        def read() -> None:
            position = 0
            while True:
                last_round = finished.is_set()
                for event in ports.events.after(position, limit=7):
                    seen.append(event.id)
                    position = event.position or 0
                if last_round and position == ports.events.last_position():
                    return

        reader = threading.Thread(target=read)
        reader.start()
        by_many(4, lambda: _log(ports, *(an_event() for _ in range(10))))
        finished.set()
        reader.join(30)
        assert not reader.is_alive()
        assert seen == _ids(ports.events.after(0))
        assert len(seen) == 40

    def test_events_can_be_read_by_type(self, ports: Ports) -> None:
        a, b, c = _log(ports, an_event(type="AssetStored"), an_event(type="JobStarted"), an_event(type="JobFailed"))
        assert _ids(ports.events.after(0, types=["AssetStored", "JobFailed"])) == [a.id, c.id]
        assert _ids(ports.events.latest(types=["AssetStored", "JobStarted"])) == [b.id, a.id]

    def test_since_is_inclusive_and_until_is_not(self, ports: Ports) -> None:
        events = _log(ports, *(an_event(time=NOW + number * MINUTE) for number in range(4)))
        assert _ids(ports.events.after(0, since=NOW + MINUTE, until=NOW + 3 * MINUTE)) == _ids(events[1:3])

    def test_a_limit_counts_only_what_matches(self, ports: Ports) -> None:
        wanted = [an_event(type="AssetStored", time=NOW + MINUTE) for _ in range(3)]
        _log(ports, an_event(), wanted[0], an_event(), an_event(), wanted[1], wanted[2])
        found = ports.events.after(0, types=["AssetStored"], since=NOW + MINUTE, limit=2)
        assert _ids(found) == _ids(wanted[:2])

    def test_the_latest_events_come_newest_first_and_page_downwards(self, ports: Ports) -> None:
        events = _log(ports, *(an_event() for _ in range(5)))
        newest = ports.events.latest(limit=2)
        assert _ids(newest) == [events[4].id, events[3].id]
        assert _ids(ports.events.latest(before=newest[-1].position)) == _ids(events[2::-1])
