"""Words on SQS: sent again where one was lost, and given back where a function could not deal with it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from pressroom.backends._aws_troubles import Answered, plain_troubles
from pressroom.backends.aws_clients import AwsClients

LONGEST_DELAY = timedelta(minutes=15)
"""docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html, 2026-11-20"""
LONGEST_INVISIBLE = timedelta(hours=11)
"""Of the 12 hours from its receipt that SQS allows, docs.aws.amazon.com/AWSSimpleQueueService, 2026-11-20"""
_GONE = ("ReceiptHandleIsInvalid", "MessageNotInflight", "AWS.SimpleQueueService.MessageNotInflight")


class SqsWords:
    """Implements `Words`. A role needs `sqs:SendMessage`, and `sqs:ChangeMessageVisibility` on what it reads."""

    def __init__(self, clients: AwsClients) -> None:
        self._clients = clients

    def send(self, queue: str, word: Mapping[str, Any], *, after: timedelta = timedelta(0)) -> None:
        with plain_troubles("SQS", queue, "sqs:SendMessage"):
            self._client.send_message(
                QueueUrl=self._url(queue),
                MessageBody=json.dumps(dict(word)),
                DelaySeconds=_seconds(after, LONGEST_DELAY),
            )

    def show_again(self, queue: str, receipt: str, *, after: timedelta = timedelta(0)) -> None:
        try:
            with plain_troubles("SQS", queue, "sqs:ChangeMessageVisibility", _GONE):
                self._client.change_message_visibility(
                    QueueUrl=self._url(queue),
                    ReceiptHandle=receipt,
                    VisibilityTimeout=_seconds(after, LONGEST_INVISIBLE),
                )
        except Answered:
            return  # somebody else has it by now, or it is gone

    def _url(self, queue: str) -> str:
        # Put together and not asked for: that would be one more call for each word, and one more thing to allow.
        return f"{str(self._client.meta.endpoint_url).rstrip('/')}/{self._clients.account()}/{queue}"

    @property
    def _client(self) -> Any:
        return self._clients("sqs")


def _seconds(after: timedelta, most: timedelta) -> int:
    """Return whole seconds, rounded up: whoever comes too early has to come again."""
    return max(0, -(-min(after, most) // timedelta(seconds=1)))
