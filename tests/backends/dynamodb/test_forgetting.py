"""A job is wiped however much there is of it, and also where the process died that was to do it."""

from __future__ import annotations

import pytest

from pressroom.backends.aws_clients import AwsClients
from pressroom.backends.dynamodb import Dynamo
from pressroom.backends.dynamodb.forgetting import Forgetting
from pressroom.changes import Change, change_job
from pressroom.contracts.samples import LEASE, PROBLEM, a_delivery, a_new_job, a_publication, a_step, an_event, happened
from pressroom.deliveries import Bury, Task
from pressroom.publications import Post
from pressroom.testing import ManualClock
from tests.backends.dynamodb.conftest import Open

READERS = 60


class Crash(BaseException):
    """Ends a process, as far as the test is concerned."""


def _a_job_of_many_parts(dynamo: Dynamo) -> None:
    dynamo.store.commit(a_new_job("job_1", input={"title": "autumn leaves"}))
    for start in range(0, READERS, 20):
        some = range(start, start + 20)
        dynamo.store.commit(
            Change(
                steps=tuple(a_step("job_1", f"send[{number}]", output={"to": "ada"}) for number in some),
                publications=tuple(a_publication(f"pub_{number:03}") for number in some),
            )
        )


def _is_wiped(dynamo: Dynamo) -> bool:
    posts = [publication.post for publication in dynamo.publications.of_job("job_1")]
    outputs = [step.output for step in dynamo.jobs.steps("job_1").values()]
    return posts == [Post(text="")] * READERS and outputs == [None] * READERS


def _expired(dynamo: Dynamo) -> Change:
    return change_job(dynamo.jobs.get("job_1"), [happened("JobExpired", "job_1")], forgotten_jobs=("job_1",))


def test_more_than_one_transaction_holds_is_wiped(dynamo: Dynamo) -> None:
    _a_job_of_many_parts(dynamo)
    dynamo.store.commit(_expired(dynamo))
    assert _is_wiped(dynamo)
    assert dynamo.jobs.find(text="autumn") == []


def test_what_a_crash_left_is_wiped_by_the_next_sweep(
    opened: Open, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    dynamo = opened()
    _a_job_of_many_parts(dynamo)

    def crash(self: Forgetting, job_id: str) -> None:
        raise Crash

    monkeypatch.setattr(Forgetting, "forget", crash)
    with pytest.raises(Crash):
        dynamo.store.commit(_expired(dynamo))
    monkeypatch.undo()
    assert not _is_wiped(dynamo)
    assert opened().sweep(clock.now()) == 1
    assert _is_wiped(dynamo)
    assert opened().sweep(clock.now()) == 0


def test_what_is_wiped_twice_changes_once(dynamo: Dynamo) -> None:
    dynamo.store.commit(a_new_job("job_1") + Change(publications=(a_publication("pub_1"),)))
    for _ in range(2):
        dynamo.store.commit(Change(forgotten_jobs=("job_1",)))
    assert [publication.version for publication in dynamo.publications.of_job("job_1")] == [2]


def test_what_was_to_be_handed_over_of_the_job_goes_too_dead_or_not(dynamo: Dynamo) -> None:
    events = (an_event(job_id="job_1"), an_event(job_id="job_1"))
    of_events = tuple(
        a_delivery("tell", task=Task.EVENT, queue="events", job_id="job_1", event=event) for event in events
    )
    dynamo.store.commit(a_new_job("job_1") + Change(events=events, deliveries=of_events))
    [first] = dynamo.queue.claim(["events"], 1, LEASE)
    dynamo.store.commit(Change(settled=Bury(first, PROBLEM)))
    assert len(dynamo.dead_letters.find(job_id="job_1")) == 1
    dynamo.store.commit(Change(forgotten_jobs=("job_1",)))
    assert dynamo.dead_letters.find() == []
    assert dynamo.dead_letters.get(first.id) is None
    assert dynamo.queue.next_due(["events"]) is None


def test_no_words_of_an_expired_job_are_left(dynamo: Dynamo, clients: AwsClients) -> None:
    dynamo.store.commit(a_new_job("job_1", input={"title": "autumn leaves"}))
    table = f"{clients.settings.name}-words"
    assert clients("dynamodb").scan(TableName=table)["Count"] > 0
    dynamo.store.commit(_expired(dynamo))
    assert clients("dynamodb").scan(TableName=table)["Count"] == 0
