"""The words by which jobs are found: how many items they take, and that a crash or a refusal hides no job."""

from __future__ import annotations

import pytest

from pressroom.backends.aws_clients import AwsClients
from pressroom.backends.dynamodb import Dynamo
from pressroom.backends.dynamodb.asides import UNSURE
from pressroom.changes import change_job
from pressroom.contracts.samples import a_new_job, happened
from pressroom.errors import Conflict
from pressroom.testing import ManualClock


def _items(clients: AwsClients) -> int:
    return int(clients("dynamodb").scan(TableName=f"{clients.settings.name}-words")["Count"])


def test_words_that_begin_alike_share_an_item(dynamo: Dynamo, clients: AwsClients) -> None:
    dynamo.store.commit(a_new_job("job_1", input={"title": "cat cats catalogue dog"}))
    assert _items(clients) == 2


def test_a_hundred_pages_are_found_by_any_of_their_words(dynamo: Dynamo, clients: AwsClients) -> None:
    letters = "abcdefghijklmnopqrst"
    text = " ".join(f"{one}{two}{number:02}" for one in letters for two in letters for number in range(20))
    asked = a_new_job("job_1")
    dynamo.store.commit(asked)
    dynamo.store.commit(change_job(asked.jobs[0].after, [happened("StepCompleted", "job_1", result={"text": text})]))
    assert [len(dynamo.jobs.find(text=words)) for words in ("aa00", "tt19", "aa19 tt00", "a", "tt20")] == [
        1,
        1,
        1,
        1,
        0,
    ]
    assert _items(clients) == len(letters) ** 2


def test_a_refused_change_hides_no_job_and_leaves_no_words_for_ever(
    dynamo: Dynamo, clients: AwsClients, clock: ManualClock
) -> None:
    dynamo.store.commit(a_new_job("job_1", key="today", input={"title": "autumn"}))
    with pytest.raises(Conflict):
        dynamo.store.commit(a_new_job("job_2", key="today", input={"title": "autumn winter"}))
    assert [job.id for job in dynamo.jobs.find(text="autumn")] == ["job_1"]
    assert _items(clients) == 3
    dynamo.sweep(clock.advance(UNSURE))
    assert _items(clients) == 1
    assert [job.id for job in dynamo.jobs.find(text="autumn")] == ["job_1"]
