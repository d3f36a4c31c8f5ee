"""One publication under way: each step forward is stored, with its event, before the next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest

from pressroom.arguments import Context
from pressroom.backends.memory import build_memory_ports
from pressroom.bus import Bus
from pressroom.changes import Change
from pressroom.contracts.samples import PROBLEM, a_publication
from pressroom.errors import Conflict, Deferred, Held
from pressroom.events import Event
from pressroom.jobs import Job, JobStatus
from pressroom.pipeline import PipelineSettings
from pressroom.ports import Ports, Store
from pressroom.publication_record import PublicationRecord
from pressroom.publications import Attempt, Publication, PublicationState, Receipt
from pressroom.testing import ManualClock
from tests.press import leaflet


@dataclass
class Bench:
    clock: ManualClock
    ports: Ports
    record: PublicationRecord

    def stored(self) -> Publication:
        found = self.ports.publications.get("pub_1")
        assert found is not None
        return found

    def last_event(self) -> Event:
        return self.ports.events.latest(limit=1)[0]


def a_record(ports: Ports, clock: ManualClock, store: Store | None = None) -> PublicationRecord:
    now = clock.now()
    job = Job(id="job_1", pipeline="leaflet", status=JobStatus.PROCESSING, created_at=now, updated_at=now)
    cause = Event(type="StepCompleted", subject="write", time=now, data={}, job_id="job_1")
    context = Context(pipeline=leaflet, settings=PipelineSettings(), job=job, records={}, cause=cause)
    publication = ports.publications.get("pub_1") or a_publication("pub_1")
    return PublicationRecord(Bus(store or ports.store, ports.wake), clock, context, publication)


@pytest.fixture
def bench() -> Bench:
    clock = ManualClock()
    ports = build_memory_ports(clock)
    began = Attempt(number=1, started_at=clock.now())
    publication = a_publication("pub_1", attempts=(began,), state=PublicationState.PUBLISHING)
    ports.store.commit(Change(publications=(publication,)))
    clock.advance(timedelta(seconds=5))
    return Bench(clock, ports, a_record(ports, clock))


def test_what_is_saved_is_stored_and_is_what_it_goes_on_from(bench: Bench) -> None:
    bench.record.save(prepared={"media": ["7"]})
    assert bench.stored() == bench.record.now
    assert bench.stored().prepared == {"media": ["7"]}
    assert bench.stored().version == 2
    assert bench.stored().updated_at == bench.clock.now()


def test_a_run_that_was_overtaken_stores_nothing_more(bench: Bench) -> None:
    other = a_record(bench.ports, bench.clock)
    other.save(prepared={"media": ["8"]})
    before = bench.record.now
    with pytest.raises(Conflict):
        bench.record.save(prepared={"media": ["7"]})
    assert bench.record.now == before
    assert bench.stored().prepared == {"media": ["8"]}


def test_a_change_that_comes_along_is_stored_in_the_same_commit(bench: Bench) -> None:
    commits: list[Change] = []

    class Watched:
        def commit(self, change: Change) -> None:
            commits.append(change)
            bench.ports.store.commit(change)

    record = a_record(bench.ports, bench.clock, Watched())
    event = record.event("PublishAttempted", {"attempt": 1})
    record.save(Change(events=(event,)), state=PublicationState.PUBLISHING)
    [change] = commits
    assert change.events == (event,)
    assert change.publications == (record.now,)


def test_a_published_post_closes_its_attempt_and_is_told_with_its_receipt(bench: Bench) -> None:
    attempt = bench.record.now.open_attempt
    assert attempt is not None
    receipt = Receipt(remote_id="17", url="https://x.example/17", at=bench.clock.now())
    bench.record.published(receipt, attempt)
    stored = bench.stored()
    assert (stored.state, stored.receipt) == (PublicationState.PUBLISHED, receipt)
    assert [one.outcome for one in stored.attempts] == ["published"]
    assert stored.open_attempt is None
    told = bench.last_event()
    assert (told.type, told.subject, told.job_id) == ("PostPublished", "pub_1", "job_1")
    assert told.data["url"] == "https://x.example/17"


def test_a_closed_attempt_leaves_the_earlier_ones_as_they_were(bench: Bench) -> None:
    first = bench.record.now.attempts[0]
    bench.record.close(first, PublicationState.SCHEDULED)
    second = Attempt(number=2, started_at=bench.clock.now())
    bench.record.save(attempts=(first, second))
    bench.record.close(Attempt(number=2, started_at=second.started_at, outcome="refused"), PublicationState.SCHEDULED)
    assert [(one.number, one.outcome) for one in bench.stored().attempts] == [(1, ""), (2, "refused")]


def test_what_is_held_is_stored_told_and_raised_with_what_to_do(bench: Bench) -> None:
    held = bench.record.hold(PROBLEM, {"candidates": [1, 2]})
    assert isinstance(held, Held)
    assert (held.what, held.todo, held.where) == (PROBLEM.what, PROBLEM.todo, PROBLEM.where)
    assert (bench.stored().state, bench.stored().problem) == (PublicationState.HELD, PROBLEM)
    assert bench.last_event().type == "PostHeld"
    assert bench.last_event().data == {
        "channel": "main",
        "error": PROBLEM.as_dict(),
        "known": {"candidates": [1, 2]},
    }


@pytest.mark.parametrize(
    ("outcome", "state"), [("", PublicationState.PUBLISHING), ("absent", PublicationState.SCHEDULED)]
)
def test_waiting_keeps_apart_what_may_be_public_and_what_is_not(
    bench: Bench, outcome: str, state: PublicationState
) -> None:
    attempt = Attempt(number=1, started_at=bench.clock.now(), outcome=outcome)
    bench.record.save(attempts=(attempt,))
    until = bench.clock.now() + timedelta(minutes=1)
    deferred = bench.record.wait(until, PROBLEM)
    assert isinstance(deferred, Deferred)
    assert deferred.until == until
    assert (deferred.what, deferred.todo) == (PROBLEM.what, PROBLEM.todo)
    assert (bench.stored().state, bench.stored().due_at, bench.stored().problem) == (state, until, PROBLEM)


def test_an_event_names_its_cause_and_what_it_is_about(bench: Bench) -> None:
    event = bench.record.event("PublishAttempted", {"attempt": 1})
    assert (event.subject, event.job_id, event.time) == ("pub_1", "job_1", bench.clock.now())
    assert event.cause_id is not None
