"""A pipeline as a document: what starts it, and its steps as they follow each other."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from pressroom.nodes import Choice, ForEach, Node, Parallel, Step, deadline_of
from pressroom.pipeline import Pipeline, PipelineSettings
from pressroom.schedules import schedule_of
from pressroom.triggers import On, Poll, Schedule, Upload


def trigger_document(pipeline: Pipeline, settings: PipelineSettings) -> dict[str, Any]:
    trigger = pipeline.trigger
    if isinstance(trigger, Schedule):
        schedule = schedule_of(pipeline, settings)
        return {
            "kind": "schedule",
            "cron": schedule.cron if schedule else None,
            "zone": schedule.zone if schedule else None,
        }
    if isinstance(trigger, On):
        return {"kind": "event", "event": trigger.event}
    if isinstance(trigger, Poll):
        return {"kind": "poll", "source": getattr(settings, "source", "") or None}
    return {"kind": "upload" if isinstance(trigger, Upload) else "request"}


def flow(nodes: Sequence[Node], settings: PipelineSettings) -> list[dict[str, Any]]:
    return [_part(node, settings) for node in nodes]


def first_sentence(thing: object) -> str:
    """Return what a function or a module says of itself, in its first paragraph."""
    return " ".join((inspect.getdoc(thing) or "").partition("\n\n")[0].split())


def _part(node: Node, settings: PipelineSettings) -> dict[str, Any]:
    if isinstance(node, Step):
        return {"kind": "step", "name": node.name, "does": first_sentence(node.run), "queue": node.queue}
    if isinstance(node, On):
        return {"kind": "event", "name": node.name, "does": "", "event": node.event}
    if isinstance(node, Choice):
        branches = [flow(node.then, settings), flow(node.otherwise, settings)]
        return {"kind": "choice", "name": node.name, "does": first_sentence(node.when), "branches": branches}
    join = {"deadline_seconds": seconds(deadline_of(node, settings)), "optional": node.optional}
    if isinstance(node, ForEach):
        does, branches = first_sentence(node.over), [flow(node.steps, settings)]
        return {"kind": "for_each", "name": node.name, "does": does, "branches": branches, **join}
    assert isinstance(node, Parallel), "there are no other kinds of nodes"
    branches = [flow(branch, settings) for branch in node.branches]
    return {"kind": "parallel", "name": node.name, "does": "", "branches": branches, **join}


def seconds(length: timedelta | None) -> float | None:
    return None if length is None else length.total_seconds()
