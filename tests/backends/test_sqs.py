"""Words on SQS, as an emulator has them: sent, put off, and shown again."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from pressroom.backends.aws_clients import AwsClients
from pressroom.backends.sqs import LONGEST_DELAY, SqsWords
from pressroom.errors import PressroomError
from tests import emulated_aws

QUEUE = "wake"


@pytest.fixture
def clients() -> AwsClients:
    made = emulated_aws.clients()
    made("sqs").create_queue(QueueName=_name(made), Attributes={"VisibilityTimeout": "900"})
    return made


def _name(clients: AwsClients) -> str:
    return f"{clients.settings.name}-{QUEUE}"


def _received(clients: AwsClients) -> list[dict[str, Any]]:
    client = clients("sqs")
    url = client.get_queue_url(QueueName=_name(clients))["QueueUrl"]
    answer = client.receive_message(QueueUrl=url, AttributeNames=["All"], MaxNumberOfMessages=10)
    return list(answer.get("Messages", []))


def test_a_word_is_received_as_it_was_sent(clients: AwsClients) -> None:
    SqsWords(clients).send(_name(clients), {"job_id": "job_1", "path": "publish_post[größe]"})
    [message] = _received(clients)
    assert json.loads(message["Body"]) == {"job_id": "job_1", "path": "publish_post[größe]"}


def test_a_word_may_be_put_off(clients: AwsClients) -> None:
    SqsWords(clients).send(_name(clients), {"job_id": "job_1"}, after=timedelta(seconds=600.5))
    assert _received(clients) == []


def test_a_word_is_put_off_no_longer_than_a_queue_allows(clients: AwsClients) -> None:
    sent: list[dict[str, Any]] = []
    clients("sqs").meta.events.register(
        "provide-client-params.sqs.SendMessage", lambda params, **_: sent.append(params)
    )
    words = SqsWords(clients)
    words.send(_name(clients), {}, after=timedelta(hours=5))
    words.send(_name(clients), {}, after=timedelta(seconds=0.2))
    words.send(_name(clients), {}, after=timedelta(seconds=-5))
    assert [one["DelaySeconds"] for one in sent] == [LONGEST_DELAY.total_seconds(), 1, 0]


def test_a_word_that_is_shown_again_is_received_at_once(clients: AwsClients) -> None:
    words = SqsWords(clients)
    words.send(_name(clients), {"job_id": "job_1"})
    [message] = _received(clients)
    assert _received(clients) == []
    words.show_again(_name(clients), message["ReceiptHandle"])
    [again] = _received(clients)
    assert again["MessageId"] == message["MessageId"]
    assert again["Attributes"]["ApproximateReceiveCount"] == "2"


def test_a_word_that_is_gone_need_not_be_shown_again(clients: AwsClients) -> None:
    words, client = SqsWords(clients), clients("sqs")
    words.send(_name(clients), {"job_id": "job_1"})
    [message] = _received(clients)
    url = client.get_queue_url(QueueName=_name(clients))["QueueUrl"]
    client.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    words.show_again(_name(clients), message["ReceiptHandle"])
    assert _received(clients) == []


def test_a_queue_that_is_not_deployed_is_an_error_that_says_what_to_do(clients: AwsClients) -> None:
    with pytest.raises(PressroomError) as caught:
        SqsWords(clients).send("not-there", {})
    assert "not-there" in str(caught.value.where)
    assert caught.value.todo
