"""Long values: put aside and read back in their place, kept while something refers to them, and cleared away after."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from pressroom.backends.aws_clients import AwsClients
from pressroom.backends.dynamodb import Dynamo, keys
from pressroom.backends.dynamodb.asides import INLINE_BYTES, PART_BYTES, UNSURE
from pressroom.backends.dynamodb.calls import Calls
from pressroom.backends.dynamodb.conditions import all_of, begins, is_
from pressroom.backends.dynamodb.table_shapes import STATE
from pressroom.changes import Change, JobChange, change_job
from pressroom.contracts.samples import LEASE, PROBLEM, a_delivery, a_new_job, a_publication, a_step, an_event, happened
from pressroom.deliveries import Bury
from pressroom.errors import Conflict
from pressroom.jobs import JobStatus, StepStatus
from pressroom.publications import Post
from pressroom.testing import ManualClock

LONG = "žluťoučký kůň 🐈 " * (PART_BYTES // 12)
"""Of three parts, cut within characters."""


def _parts(clients: AwsClients, of: str) -> set[str]:
    found = Calls(clients).query(STATE, all_of(is_("of", of), begins("part", "aside#")))
    return {str(record["part"]) for record in found}


def _with_result(dynamo: Dynamo, text: str) -> None:
    asked = a_new_job("job_1")
    dynamo.store.commit(asked)
    dynamo.store.commit(change_job(asked.jobs[0].after, [happened("StepCompleted", "job_1", result={"text": text})]))


def test_a_long_value_comes_back_wherever_it_was_stored(dynamo: Dynamo, clients: AwsClients) -> None:
    assert len(LONG.encode()) > 2 * PART_BYTES
    event = an_event(job_id="job_1", data={"text": LONG, "pipeline": "daily_post"})
    _with_result(dynamo, LONG)
    dynamo.store.commit(
        Change(
            events=(event,),
            steps=(a_step("job_1", status=StepStatus.COMPLETED, output={"text": LONG}),),
            deliveries=(a_delivery(job_id="job_1", event=event, data={"text": LONG}),),
            publications=(a_publication("pub_1", post=Post(text=LONG)),),
        )
    )
    job, stored = dynamo.jobs.get("job_1"), dynamo.events.get(event.id)
    assert job is not None
    assert stored is not None
    assert job.result["text"] == LONG
    assert stored.data == event.data
    assert dynamo.jobs.steps("job_1")["draw"].output == {"text": LONG}
    assert dynamo.publications.find()[0].post.text == LONG
    [claimed] = dynamo.queue.claim(["steps"], 1, LEASE)
    assert claimed.data == {"text": LONG}
    dynamo.store.commit(Change(settled=Bury(claimed, PROBLEM)))
    assert dynamo.dead_letters.find()[0].data == {"text": LONG}
    dynamo.ledger.claim("answer", {})
    dynamo.ledger.keep("answer", {"text": LONG})
    entry = dynamo.ledger.get("answer")
    assert entry is not None
    assert entry.result == {"text": LONG}


def test_the_bus_is_told_of_a_long_event_what_rules_look_at(dynamo: Dynamo, clients: AwsClients) -> None:
    event = an_event(data={"text": LONG, "pipeline": "daily_post"})
    dynamo.store.commit(Change(events=(event,)))
    [item] = clients("dynamodb").scan(TableName=f"{clients.settings.name}-log")["Items"]
    assert len(item["event"]["S"]) < 1000
    assert '"pipeline":"daily_post"' in item["event"]["S"]
    assert f'"dataref":"{event.id}"' in item["event"]["S"]


def test_a_value_as_long_as_fits_stands_in_its_item(dynamo: Dynamo, clients: AwsClients) -> None:
    _with_result(dynamo, "x" * (INLINE_BYTES - len('{"text":""}')))
    assert _parts(clients, keys.of_job("job_1")) == set()


def test_a_long_text_is_not_written_again_with_each_change_of_its_job(
    dynamo: Dynamo, clients: AwsClients, monkeypatch: pytest.MonkeyPatch
) -> None:
    _with_result(dynamo, LONG)
    written: list[int] = []
    ask = Calls.ask

    def noted(self: Calls, operation: str, **request: object) -> object:
        if operation == "batch_write_item":
            written.append(len(str(request)))
        return ask(self, operation, **request)

    monkeypatch.setattr(Calls, "ask", noted)
    job = dynamo.jobs.get("job_1")
    dynamo.store.commit(change_job(job, [happened("JobStarted", "job_1")]))
    assert written == []
    after = dynamo.jobs.get("job_1")
    assert after is not None
    assert (after.status, after.result["text"]) == (JobStatus.PROCESSING, LONG)


def test_what_a_refused_change_put_aside_is_swept_after_a_day_and_not_before(
    dynamo: Dynamo, clients: AwsClients, clock: ManualClock
) -> None:
    asked = a_new_job("job_1")
    dynamo.store.commit(asked)
    refused = replace(asked.jobs[0].after, version=8, result={"text": LONG})
    with pytest.raises(Conflict):
        dynamo.store.commit(Change(jobs=(JobChange(7, refused),)))
    assert len(_parts(clients, keys.of_job("job_1"))) == 3
    dynamo.sweep(clock.now())
    assert len(_parts(clients, keys.of_job("job_1"))) == 3
    dynamo.sweep(clock.advance(UNSURE))
    assert _parts(clients, keys.of_job("job_1")) == set()


def test_what_is_referred_to_is_never_swept(dynamo: Dynamo, clients: AwsClients, clock: ManualClock) -> None:
    event = an_event(data={"text": LONG})
    _with_result(dynamo, LONG)
    dynamo.store.commit(Change(events=(event,)))
    for _ in range(3):
        dynamo.sweep(clock.advance(UNSURE + timedelta(seconds=1)))
    job, stored = dynamo.jobs.get("job_1"), dynamo.events.get(event.id)
    assert job is not None
    assert stored is not None
    assert (job.result["text"], stored.data["text"]) == (LONG, LONG)
    assert dynamo.sweep(clock.now()) == 0, "what was looked at once need not be looked at again"


def test_a_forgotten_job_leaves_no_long_text_behind(dynamo: Dynamo, clients: AwsClients, clock: ManualClock) -> None:
    _with_result(dynamo, LONG)
    dynamo.store.commit(Change(steps=(a_step("job_1", output={"text": LONG + "!"}),)))
    clock.advance(minutes=10)
    gone = change_job(dynamo.jobs.get("job_1"), [happened("JobExpired", "job_1")], forgotten_jobs=("job_1",))
    dynamo.store.commit(gone)
    assert _parts(clients, keys.of_job("job_1")) == set()
    assert dynamo.jobs.steps("job_1")["draw"].output is None


def test_what_was_put_aside_just_now_may_be_for_a_commit_under_way_and_is_left_to_the_sweep(
    dynamo: Dynamo, clients: AwsClients, clock: ManualClock
) -> None:
    dynamo.store.commit(a_new_job("job_1") + Change(steps=(a_step("job_1", output={"text": LONG}),)))
    dynamo.store.commit(Change(forgotten_jobs=("job_1",)))
    assert len(_parts(clients, keys.of_job("job_1"))) == 3
    dynamo.sweep(clock.advance(UNSURE))
    assert _parts(clients, keys.of_job("job_1")) == set()
