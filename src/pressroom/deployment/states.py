"""The single states that every generated state machine is made of, in Amazon States Language (JSONPath)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

State = dict[str, Any]

LONGEST_NAME = 80
"""Of a state; docs.aws.amazon.com/step-functions/latest/dg/statemachine-structure.html, 2026-11-20"""
_ROOM = len(": until its deadline")
"""For what a state's name says behind the name of its node."""

STEPS, LOOK, PAUSE, PUBLISHING = "${steps}", "${look}", "${pause}", "${publishing}"
"""The functions that a machine calls, and the topic that it sends posts to: `state_machines.filled` fills them in."""

JOINED, LATE = "Pressroom.Joined", "Pressroom.Late"
"""How the race between a join and its deadline ends: a Parallel state is left before its end by an error alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How a machine bears with functions that fail. What a step's own failure means is the core's to decide."""

    first_wait_seconds: int = 2
    longest_wait_seconds: int = 300
    attempts: int = 1000
    """Days of a function that cannot run; then the execution fails, for everybody to see."""
    answer_seconds: int = 3600
    """Until a post is sent to its channel's queue again; what was already begun is protected by its lease."""
    call_seconds: int = 960
    """Until a function is called again that does not answer; none may run for longer than 15 minutes."""
    pause_seconds: int = 86_400
    """Until somebody looks by himself whether what a job waits for has come."""

    @property
    def retry(self) -> list[dict[str, Any]]:
        return [
            {
                # Crashes, throttling, time-outs: the same word again does no harm, whoever has heard it before.
                "ErrorEquals": ["States.ALL"],
                "IntervalSeconds": self.first_wait_seconds,
                "BackoffRate": 2,
                "MaxDelaySeconds": self.longest_wait_seconds,
                "MaxAttempts": self.attempts,
                "JitterStrategy": "FULL",
            }
        ]


def named(node: str, says: str = "") -> str:
    """Return the name of a state of this node: no longer than allowed, and of no other node."""
    if len(node) > LONGEST_NAME - _ROOM:
        node = f"{node[: LONGEST_NAME - _ROOM - 7]}~{hashlib.sha256(node.encode()).hexdigest()[:6]}"
    return f"{node}: {says}" if says else node


def question(path: str, *, is_in_a_loop: bool) -> State:
    """Return what a task is given; within a loop the path gets the turn's brackets."""
    if not path or not is_in_a_loop:
        return {"job_id.$": "$.job_id", "path": path}
    return {"job_id.$": "$.job_id", "path.$": f"States.Format('{path}{{}}', $.suffix)"}


def asking(function: str, asked: State, selected: Sequence[str], then: str, patience: Patience, comment: str) -> State:
    """Ask a function and keep these keys of its answer."""
    return {
        "Type": "Task",
        "Comment": comment,
        "Resource": "arn:aws:states:::lambda:invoke",
        "Parameters": {"FunctionName": function, "Payload": asked},
        "TimeoutSeconds": patience.call_seconds,
        "ResultSelector": {f"{key}.$": f"$.Payload.{key}" for key in selected},
        "ResultPath": "$.answer",
        "Retry": patience.retry,
        "Next": then,
    }


def sending(queue: State, asked: State, selected: Sequence[str], then: str, patience: Patience, comment: str) -> State:
    """Send the word to the queue of a channel; whoever publishes answers."""
    return {
        "Type": "Task",
        "Comment": comment,
        "Resource": "arn:aws:states:::sns:publish.waitForTaskToken",
        "Parameters": {
            "TopicArn": PUBLISHING,
            "Message": asked | {"task_token.$": "$$.Task.Token"},
            "MessageAttributes": {"queue": {"DataType": "String"} | queue},
        },
        "TimeoutSeconds": patience.answer_seconds,
        "ResultSelector": {f"{key}.$": f"$.{key}" for key in selected},
        "ResultPath": "$.answer",
        "Retry": patience.retry,
        "Next": then,
    }


def pausing(asked: State, then: str, patience: Patience) -> State:
    """Leave a token, and wait until somebody answers with it."""
    return {
        "Type": "Task",
        "Comment": "A person, or an event, lets the job go on.",
        "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken",
        "Parameters": {"FunctionName": PAUSE, "Payload": asked | {"task_token.$": "$$.Task.Token"}},
        "TimeoutSeconds": patience.pause_seconds,
        "ResultPath": None,
        "Retry": patience.retry,
        "Next": then,
    }


def waiting(then: str, comment: str) -> State:
    return {"Type": "Wait", "Comment": comment, "TimestampPath": "$.answer.at", "Next": then}


def deciding(ways: Sequence[tuple[Mapping[str, str | bool], str]], otherwise: str) -> State:
    """Go on by what was answered: the first of the ways whose values are all the answer's."""
    return {
        "Type": "Choice",
        "Choices": [_way(values) | {"Next": then} for values, then in ways],
        "Default": otherwise,
    }


def _way(values: Mapping[str, str | bool]) -> State:
    rules = [
        {"Variable": f"$.answer.{key}", ("BooleanEquals" if isinstance(value, bool) else "StringEquals"): value}
        for key, value in values.items()
    ]
    return dict(rules[0]) if len(rules) == 1 else {"And": rules}


def together(branches: Sequence[State], then: str, comment: str) -> State:
    return {"Type": "Parallel", "Comment": comment, "Branches": [*branches], "ResultPath": None, "Next": then}


def racing(branches: Sequence[State], then: str, comment: str) -> State:
    """Run branches until the first of them is over, each of which ends with JOINED or LATE."""
    left = {"ErrorEquals": [JOINED, LATE], "ResultPath": None, "Next": then}
    return together(branches, then, comment) | {"Catch": [left]}


def turning(turns: State, then: str, comment: str) -> State:
    """Run a machine for each turn that the answer names, all at the same time."""
    return {
        "Type": "Map",
        "Comment": comment,
        "ItemsPath": "$.answer.turns",
        "ItemSelector": {
            "job_id.$": "$.job_id",
            "suffix.$": "$$.Map.Item.Value.suffix",
            "queues.$": "$$.Map.Item.Value.queues",
        },
        "ItemProcessor": {"ProcessorConfig": {"Mode": "INLINE"}} | turns,
        "ResultPath": None,
        "Next": then,
    }


def failing(error: str, cause: str) -> State:
    return {"Type": "Fail", "Error": error, "Cause": cause}


def ending(comment: str) -> State:
    return {"Type": "Succeed", "Comment": comment}
