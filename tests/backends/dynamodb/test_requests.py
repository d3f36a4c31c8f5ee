"""What DynamoDB is asked for a step of a pipeline: every request costs, so each is accounted for."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from pressroom.backends.aws_clients import AwsClients
from pressroom.backends.dynamodb import Dynamo
from pressroom.changes import Change, change_job
from pressroom.contracts.samples import LEASE, a_delivery, a_new_job, a_step, an_event, happened
from pressroom.deliveries import Done, Task
from pressroom.jobs import StepStatus


@pytest.fixture
def asked(clients: AwsClients) -> list[tuple[str, dict[str, Any]]]:
    """Return what is asked from now on: each operation with its request."""
    noted: list[tuple[str, dict[str, Any]]] = []

    def note(params: dict[str, Any], model: Any, **_: Any) -> None:
        noted.append((model.name, params))

    clients("dynamodb").meta.events.register("provide-client-params.dynamodb.*", note)
    return noted


def test_a_step_is_claimed_and_settled_with_four_requests(
    dynamo: Dynamo, asked: list[tuple[str, dict[str, Any]]]
) -> None:
    new = a_new_job("job_1", input={"date": "2026-10-31"})
    dynamo.store.commit(
        new + Change(steps=(a_step("job_1", "write"),), deliveries=(a_delivery("write", job_id="job_1"),))
    )
    asked.clear()
    claimed = dynamo.queue.claim_one("write", LEASE, job_id="job_1")
    assert claimed is not None
    assert [name for name, _ in asked] == ["Query", "UpdateItem"]
    asked.clear()
    begun = change_job(new.jobs[0].after, [happened("StepCompleted", "job_1")])
    dynamo.store.commit(
        begun
        + Change(
            steps=(
                a_step("job_1", "write", status=StepStatus.COMPLETED, output={"asset": "images/pet.jpg"}),
                a_step("job_1", "draw"),
            ),
            deliveries=(a_delivery("draw", job_id="job_1", event=begun.events[0]),),
            settled=Done(claimed),
        )
    )
    assert [name for name, _ in asked] == ["BatchGetItem", "TransactWriteItems"]
    [(_, written)] = [each for each in asked if each[0] == "TransactWriteItems"]
    verbs = Counter(next(iter(item)) for item in written["TransactItems"])
    # The event and the next delivery are put; the job and both steps changed; the settled delivery removed.
    assert verbs == {"Put": 2, "Update": 3, "Delete": 1}


def test_an_event_that_is_handed_over_is_claimed_by_its_keys(
    dynamo: Dynamo, asked: list[tuple[str, dict[str, Any]]]
) -> None:
    event = an_event(job_id="job_1")
    told = a_delivery("notify", task=Task.EVENT, queue="events", job_id="job_1", event=event)
    dynamo.store.commit(Change(events=(event,), deliveries=(told,)))
    asked.clear()
    claimed = dynamo.queue.claim_one("notify", LEASE, event_id=event.id)
    assert claimed is not None
    assert [name for name, _ in asked] == ["Query", "UpdateItem", "BatchGetItem"]
    assert not any("IndexName" in request for _, request in asked)
    asked.clear()
    dynamo.store.commit(Change(settled=Done(claimed)))
    assert [name for name, _ in asked] == ["TransactWriteItems"]
