"""What a state machine asks of a job, and the answer: how a node stands, as the core has recorded it. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from pressroom import plan
from pressroom.channel_desk import QUEUE_PREFIX
from pressroom.jobs import Job, JobStatus, StepRecord, StepStatus
from pressroom.nodes import Choice, ForEach, Node, Parallel, Step, inside
from pressroom.pipeline import Pipeline

Records = Mapping[str, StepRecord]
OPEN_END = timedelta(days=365)
"""How long a join without a deadline that is still to come may take: as long as an execution may."""


class Go(StrEnum):
    """What the machine does next."""

    ON = "on"
    """The node is done: go on behind it. Of a job: it has ended, and not by failing."""
    STOP = "stop"
    """Nothing more happens on this branch. Of a job: it has failed for good."""
    AGAIN = "again"
    """Not yet: ask again at the time `at`, which may be over."""
    PAUSE = "pause"
    """Not by itself: wait until somebody answers, then ask again."""
    ENTER = "enter"
    """Do what is inside the node, and ask again. Of a job: its steps, from the first one."""
    ON_FAILURE = "on_failure"
    """Of a job alone: do what its pipeline does on a failure, and ask again."""


@dataclass(frozen=True, slots=True)
class Question:
    """What a task of a state machine is given."""

    job_id: str
    path: str
    """Of a node, with its turns: `publish_post[main]`. Empty for the job as a whole."""
    task_token: str = field(default="", repr=False)
    """With it whoever has it can answer for the task, so it is kept out of logs."""

    @classmethod
    def read(cls, payload: Mapping[str, Any]) -> Question:
        return cls(str(payload["job_id"]), str(payload["path"]), str(payload.get("task_token", "")))


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of a `ForEach`."""

    suffix: str
    """What the paths of its nodes end with: `[main]`."""
    queues: Mapping[str, str]
    """The queue of each of its steps that waits on a channel's, by the step's name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a task of a state machine returns, whoever answers it."""

    go: Go
    at: datetime | None = None
    """When to ask again; for a join that is entered, when its deadline is."""
    chosen: bool | None = None
    """Which way a `Choice` went."""
    turns: tuple[Turn, ...] = ()
    """What a `ForEach` that is entered goes through."""

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON, with every key: a state machine fails on one that is missing."""
        return {
            "go": self.go.value,
            "at": None if self.at is None else timestamp(self.at),
            "chosen": self.chosen,
            "turns": [{"suffix": turn.suffix, "queues": dict(turn.queues)} for turn in self.turns],
        }


def answer(pipeline: Pipeline, job: Job, records: Records, path: str, due: datetime | None) -> Answer:
    """Say how the node at `path` stands, or the job as a whole if `path` is empty.

    `due` is when the delivery of that path can next be claimed: its own time, that of its channel, or the end of
    the claim that holds it; None if there is none, or none that comes by itself. Read it after the records: what
    is settled in between is then a pause, and whoever keeps the token of a pause asks once more afterwards.
    """
    if not path:
        return _whole(pipeline, job, records, due)
    if job.status.has_ended:
        return Answer(go=Go.STOP)
    nodes = pipeline.steps + pipeline.on_failure
    node, record = plan.find(nodes, path), records.get(path)
    if node is None or record is None:
        # The join around it was faster; or the job was begun with other steps than there are now.
        is_left = any(records[around].status.is_over for around in _joins_around(nodes, path) if around in records)
        return Answer(go=Go.STOP if is_left else Go.PAUSE)
    if record.status in (StepStatus.FAILED, StepStatus.PASSED_OVER):
        return Answer(go=Go.STOP)  # what comes after it in its branch is never begun
    if record.status.is_over:
        return Answer(go=Go.ON, chosen=bool(record.output) if isinstance(node, Choice) else None)
    if isinstance(node, Parallel | ForEach):
        turns = _turns(node, path, record.output) if isinstance(node, ForEach) else ()
        return Answer(go=Go.ENTER, at=due or job.updated_at + OPEN_END, turns=turns)
    if record.status is StepStatus.READY and due is not None:
        return Answer(go=Go.AGAIN, at=due)
    return Answer(go=Go.PAUSE)


def timestamp(moment: datetime) -> str:
    """Return a moment as state machines read it, rounded up: whoever comes too early would only ask again."""
    upwards = moment.astimezone(UTC) + timedelta(microseconds=999)
    return upwards.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def is_a_channels(step: Step) -> bool:
    """Say whether the step waits on the queue of a channel, which has a function of its own."""
    return step.queue.startswith(QUEUE_PREFIX)


def _whole(pipeline: Pipeline, job: Job, records: Records, due: datetime | None) -> Answer:
    if job.status.has_ended:
        return Answer(go=Go.STOP if job.status is JobStatus.FAILED else Go.ON)
    go = Go.ON_FAILURE if _has_failed(pipeline.steps, records) else Go.ENTER
    return Answer(go=go, at=due or job.updated_at + OPEN_END)


def _has_failed(nodes: Sequence[Node], records: Records) -> bool:
    """Say whether the job's own steps have failed, so that what stands open is what it does on a failure."""
    for node in nodes:
        record = records.get(node.name)
        if record is None or not record.status.is_over:
            return False
        if record.status is StepStatus.FAILED:
            return True
        if isinstance(node, Choice) and _has_failed(node.then if record.output else node.otherwise, records):
            return True
    return False


def _turns(node: ForEach, path: str, items: Sequence[Any]) -> tuple[Turn, ...]:
    suffix = path.removeprefix(node.name)
    steps = [step for step in _of_each_turn(node.steps) if isinstance(step, Step) and is_a_channels(step)]
    return tuple(
        Turn(f"{suffix}[{plan.label(index, item)}]", {step.name: step.queue_for(item) for step in steps})
        for index, item in enumerate(items)
    )


def _of_each_turn(nodes: Sequence[Node]) -> Iterator[Node]:
    """Yield the nodes whose turn a loop is, without those of a loop inside it, whose turns are that one's."""
    for node in nodes:
        yield node
        if isinstance(node, Parallel):
            yield from (inner for branch in node.branches for inner in _of_each_turn(branch))
        elif isinstance(node, Choice):
            yield from _of_each_turn(node.then + node.otherwise)


def _joins_around(nodes: Sequence[Node], path: str, depth: int = 0) -> Iterator[str]:
    """Yield the paths of the joins that a path is within, the outermost first."""
    name, bracket, rest = path.partition("[")
    labels = [f"[{label}]" for label in (bracket + rest)[1:-1].split("][")] if bracket else []
    for node in nodes:
        if any(inner.name == name for inner in inside(node)):
            if isinstance(node, Parallel | ForEach):
                yield node.name + "".join(labels[:depth])
            yield from _joins_around(_children(node), path, depth + isinstance(node, ForEach))


def _children(node: Node) -> Sequence[Node]:
    if isinstance(node, Parallel):
        return [child for branch in node.branches for child in branch]
    if isinstance(node, Choice):
        return node.then + node.otherwise
    return node.steps if isinstance(node, ForEach) else ()
