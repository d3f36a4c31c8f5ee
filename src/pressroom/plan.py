"""Decides what a job does next: walks the pipeline over what its steps have come to. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum
from typing import Any

from pydantic_core import to_jsonable_python

from pressroom.errors import BadInput, Problem, problem_of
from pressroom.jobs import StepRecord, StepStatus
from pressroom.pipeline import Choice, ForEach, Node, Parallel, PipelineSettings, Step, deadline_of, inside

Ask = Callable[[Callable[..., Any], Mapping[str, StepRecord], str, Any], Any]
"""Calls a `when` or an `over` with earlier outputs: (function, records, suffix, item)."""


class Standing(Enum):
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    LEFT = "left"
    """Of a branch alone: a deadline passed it over; what comes after is not begun, also when its join is redriven."""


@dataclass(frozen=True, slots=True)
class Ready:
    """A step whose turn has come."""

    path: str
    step: Step
    item: Any
    suffix: str

    @property
    def queue(self) -> str:
        return self.step.queue_for(self.item)


@dataclass(slots=True)
class Plan:
    """What is to be done now, as values."""

    standing: Standing = Standing.RUNNING
    ready: list[Ready] = field(default_factory=list)
    records: dict[str, StepRecord] = field(default_factory=dict)
    """Steps that are new or stand differently now."""
    deadlines: list[tuple[str, datetime]] = field(default_factory=list)
    """`(path, time)` after which the join no longer waits."""


def advance(
    nodes: Sequence[Node],
    job_id: str,
    records: Mapping[str, StepRecord],
    ask: Ask,
    settings: PipelineSettings,
    now: datetime,
) -> Plan:
    """Say which steps of a sequence of nodes start now, which joins are complete, and how it stands as a whole."""
    walk = _Walk(job_id, dict(records), ask, settings, now, Plan())
    standing = walk.sequence(nodes, "", None)
    walk.plan.standing = Standing.DONE if standing is Standing.LEFT else standing
    return walk.plan


def find(nodes: Sequence[Node], path: str) -> Node | None:
    """Return the node that a path belongs to, whatever the turn of its loops."""
    name = path.partition("[")[0]
    every = [found for node in nodes for found in (node, *inside(node))]
    return next((node for node in every if node.name == name), None)


def close_late(node: Node, path: str, records: Mapping[str, StepRecord], problem: Problem, now: datetime) -> Plan:
    """Say what changes when the deadline of a join has passed: what is not over is passed over."""
    plan = Plan()
    record = records.get(path)
    if record is None or record.status is not StepStatus.WAITING or not isinstance(node, Parallel | ForEach):
        return plan
    suffix = path.removeprefix(node.name)
    names = {inner.name for inner in inside(node)}
    for inner in records.values():
        name, bracket, rest = inner.path.partition("[")
        if name in names and (bracket + rest).startswith(suffix) and not inner.status.is_over:
            plan.records[inner.path] = replace(inner, status=StepStatus.PASSED_OVER, completed_at=now)
    status = StepStatus.COMPLETED if node.optional else StepStatus.FAILED
    plan.records[path] = replace(record, status=status, completed_at=now, error=None if node.optional else problem)
    return plan


def give_up(nodes: Sequence[Node], records: Mapping[str, StepRecord], problem: Problem, now: datetime) -> Plan:
    """Say what changes when the time of a whole job is over: where it stands fails, what runs within is passed over."""
    plan = Plan()
    every = {found.name: found for node in nodes for found in (node, *inside(node))}
    names = {record.path: record.path.partition("[")[0] for record in records.values()}
    standing = [record for record in records.values() if not record.status.is_over and names[record.path] in every]
    within = {inner.name for record in standing for inner in inside(every[names[record.path]])}
    for record in standing:
        passed_over = replace(record, status=StepStatus.PASSED_OVER, completed_at=now)
        failed = replace(record, status=StepStatus.FAILED, error=problem, completed_at=now)
        plan.records[record.path] = passed_over if names[record.path] in within else failed
    return plan


@dataclass(slots=True)
class _Walk:
    job_id: str
    records: dict[str, StepRecord]
    ask: Ask
    settings: PipelineSettings
    now: datetime
    plan: Plan

    def sequence(self, nodes: Sequence[Node], suffix: str, item: Any) -> Standing:
        for node in nodes:
            standing = self.node(node, suffix, item)
            if standing is not Standing.DONE:
                return standing
        return Standing.DONE

    def node(self, node: Node, suffix: str, item: Any) -> Standing:
        path = node.name + suffix
        record = self.records.get(path)
        if record is None:
            record = self.begin(node, path, suffix, item)
        if record.status is StepStatus.PASSED_OVER:
            return Standing.LEFT
        if record.status is StepStatus.COMPLETED:
            if isinstance(node, Choice):
                return self.sequence(node.then if record.output else node.otherwise, suffix, item)
            return Standing.DONE
        if record.status is StepStatus.FAILED:
            return Standing.FAILED
        if isinstance(node, Parallel):
            return self.join(node, record, [(branch, suffix, item) for branch in node.branches])
        if isinstance(node, ForEach):
            turns = [(node.steps, f"{suffix}[{label(i, each)}]", each) for i, each in enumerate(record.output)]
            return self.join(node, record, turns)
        return Standing.RUNNING

    def begin(self, node: Node, path: str, suffix: str, item: Any) -> StepRecord:
        record = StepRecord(job_id=self.job_id, path=path, status=StepStatus.WAITING, started_at=self.now)
        if isinstance(node, Step):
            record = replace(record, status=StepStatus.READY)
            self.plan.ready.append(Ready(path, node, item, suffix))
        else:
            record = self.opened(node, record, suffix, item)
        return self.put(record)

    def opened(self, node: Node, record: StepRecord, suffix: str, item: Any) -> StepRecord:
        """Ask the node's questions, once. What cannot be answered fails the job; the step before it is done."""
        try:
            if isinstance(node, Choice):
                chosen = bool(self.ask(node.when, self.records, suffix, item))
                return replace(record, status=StepStatus.COMPLETED, output=chosen, completed_at=self.now)
            if isinstance(node, ForEach):
                record = replace(record, output=_turns(node, self.ask(node.over, self.records, suffix, item)))
            deadline = deadline_of(node, self.settings) if isinstance(node, Parallel | ForEach) else None
        except Exception as error:  # noqa: BLE001 - whatever it is becomes part of the job's record
            failed = problem_of(error, where=record.path)
            return replace(record, status=StepStatus.FAILED, error=failed, completed_at=self.now)
        if deadline is not None:
            self.plan.deadlines.append((record.path, self.now + deadline))
        return record

    def join(
        self, node: Parallel | ForEach, record: StepRecord, turns: Sequence[tuple[Sequence[Node], str, Any]]
    ) -> Standing:
        standings = [self.sequence(*turn) for turn in turns]
        if Standing.RUNNING in standings:
            return Standing.RUNNING
        failed = Standing.FAILED in standings and not node.optional
        status = StepStatus.FAILED if failed else StepStatus.COMPLETED
        self.put(replace(record, status=status, completed_at=self.now))
        return Standing.FAILED if failed else Standing.DONE

    def put(self, record: StepRecord) -> StepRecord:
        self.records[record.path] = self.plan.records[record.path] = record
        return record


def label(index: int, item: Any) -> str:
    """Return what stands in the brackets of a turn's paths; brackets of its own are written as in a URL."""
    if not isinstance(item, str) or not item:
        return str(index)
    return item.replace("%", "%25").replace("[", "%5B").replace("]", "%5D")


def _turns(node: ForEach, items: Sequence[Any]) -> list[Any]:
    """Return the items as they are stored; raises `BadInput` if two turns would bear one name."""
    stored: list[Any] = to_jsonable_python(list(items))
    labels = [label(index, item) for index, item in enumerate(stored)]
    for index, name in enumerate(labels):
        if name in labels[:index]:
            raise BadInput(
                f"{node.over.__name__} names {stored[index]!r} twice, and each turn of a loop needs a name of its own.",
                todo="Name each item once.",
            )
    return stored
