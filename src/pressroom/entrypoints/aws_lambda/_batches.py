"""A batch of words from SQS: each dealt with by itself, and those that could not be are given back."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from pressroom.entrypoints.aws_lambda._invocation import Invocation
from pressroom.errors import PressroomError
from pressroom.log import log
from pressroom.retry import doubled

FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=15), timedelta(minutes=15)
"""Before a word that could not be dealt with is handed out again."""


@dataclass(frozen=True, slots=True)
class Received:
    """One word, as it was sent by the bus, by a topic or by us."""

    queue: str
    """The queue's whole name."""
    word: Mapping[str, Any]
    receipt: str
    receives: int
    """How often it was handed out, this time included."""

    @classmethod
    def read(cls, record: Mapping[str, Any]) -> Received:
        word = json.loads(record["body"])
        if isinstance(word.get("Message"), str):
            word = json.loads(word["Message"])  # a topic's envelope
        queue = str(record["eventSourceARN"]).rpartition(":")[2]
        receives = int(record.get("attributes", {}).get("ApproximateReceiveCount", 1))
        return cls(queue, word, str(record.get("receiptHandle", "")), receives)

    @property
    def event(self) -> Mapping[str, Any]:
        """The event that the bus told, as a CloudEvent; empty if the word is ours."""
        detail = self.word.get("detail", {})
        return detail if isinstance(detail, Mapping) else {}

    @property
    def job_id(self) -> str:
        """The job that the event or the word is about; empty for none."""
        return str(self.event.get("jobid") or self.word.get("job_id") or "")

    @property
    def beside(self) -> str:
        """Why its job needs an execution although one may run: a name that a second word for the same has too."""
        if self.event.get("type") == "DeliveryRedriven":
            return str(self.event["id"])
        return str(self.word.get("beside") or "")


def each(
    call: Invocation, event: Mapping[str, Any], deal: Callable[[Received], None], *, needs: timedelta
) -> dict[str, Any]:
    """Deal with each word; return the ids of those that SQS is to hand out again.

    What could not be dealt with within the time that is left, `needs` for each, is not begun and is shown again at
    once; what failed is shown again later, and later each time.
    """
    failed: list[str] = []
    for record in event["Records"]:
        if call.time_left < needs:
            failed.append(record["messageId"])
            _show_again(call, record, timedelta(0))
            continue
        try:
            deal(Received.read(record))
        except Exception as error:
            failed.append(record["messageId"])
            if isinstance(error, PressroomError):
                log.warning("a word could not be dealt with; it comes again", why=str(error))
            else:
                log.exception("a word could not be dealt with; it comes again")
            receives = int(record.get("attributes", {}).get("ApproximateReceiveCount", 1))
            _show_again(call, record, doubled(FIRST_WAIT, receives - 1, LONGEST_WAIT))
    call.count("Words", len(event["Records"]))
    call.count("WordsGivenBack", len(failed))
    return {"batchItemFailures": [{"itemIdentifier": one} for one in failed]}


def _show_again(call: Invocation, record: Mapping[str, Any], after: timedelta) -> None:
    """Shorten how long the queue hides a word; where that fails, it comes when the queue itself says."""
    queue, receipt = str(record["eventSourceARN"]).rpartition(":")[2], str(record.get("receiptHandle", ""))
    try:
        call.deployed.words.show_again(queue, receipt, after=after)
    except PressroomError as error:
        log.warning("a word stays hidden until its queue shows it again", queue=queue, why=str(error))
