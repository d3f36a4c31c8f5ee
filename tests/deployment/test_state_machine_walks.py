"""State machines executed in moto: they come to what the embedded engine comes to, by the same events."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from pressroom.arguments import Context
from pressroom.errors import BadInput, Skip, Unavailable
from pressroom.jobs import JobStatus
from pressroom.pipeline import Choice, ForEach, On, Outcome, Parallel, Pipeline
from tests.deployment.machine_steps import QUICKLY, channels, raises, says
from tests.deployment.walking import Walk, embedded
from tests.engine import Calls, a_pipeline

LATER = timedelta(hours=1)

Builds = Callable[[Calls], Pipeline]


# --- the same events as embedded

SAME: dict[str, tuple[Builds, JobStatus]] = {
    "steps in a row": (lambda c: a_pipeline(*c.steps("one", "two", "three")), JobStatus.COMPLETED),
    "branches": (
        lambda c: a_pipeline(Parallel(c.step("left"), c.steps("right", "further")), c.step("after")),
        JobStatus.COMPLETED,
    ),
    "a step that is tried again": (
        lambda c: a_pipeline(c.step("one", raises(Unavailable("For now."), 2), retry=QUICKLY), c.step("two")),
        JobStatus.COMPLETED,
    ),
    "a step that fails for good": (
        lambda c: a_pipeline(c.step("one", raises(Unavailable("For now.")), retry=QUICKLY), c.step("two")),
        JobStatus.FAILED,
    ),
    "a branch that fails": (
        lambda c: a_pipeline(Parallel(c.step("left", raises(BadInput("No."))), c.step("right")), c.step("after")),
        JobStatus.FAILED,
    ),
    "an optional branch that fails": (
        lambda c: a_pipeline(
            Parallel([c.step("left", raises(BadInput("No."))), c.step("further")], c.step("right"), optional=True),
            c.step("after"),
        ),
        JobStatus.COMPLETED,
    ),
    "what is done on a failure": (
        lambda c: a_pipeline(c.step("one", raises(BadInput("No."))), on_failure=c.steps("tidy", "tell")),
        JobStatus.FAILED,
    ),
    "a failure of what is done on a failure": (
        lambda c: a_pipeline(
            c.step("one", raises(BadInput("No."))),
            on_failure=[c.step("tidy", raises(BadInput("Nor."))), c.step("tell")],
        ),
        JobStatus.FAILED,
    ),
    "a choice that is made": (
        lambda c: a_pipeline(Choice(says("wanted", True), c.steps("yes"), c.steps("no")), c.step("after")),
        JobStatus.COMPLETED,
    ),
    "a choice that is not made": (
        lambda c: a_pipeline(Choice(says("wanted", False), c.steps("yes"), c.steps("no")), c.step("after")),
        JobStatus.COMPLETED,
    ),
    "a choice without another way": (
        lambda c: a_pipeline(Choice(says("wanted", False), c.steps("yes")), c.step("after")),
        JobStatus.COMPLETED,
    ),
    "a choice that cannot be made": (
        lambda c: a_pipeline(Choice(_impossible, c.steps("yes")), c.step("after")),
        JobStatus.FAILED,
    ),
    "turns": (lambda c: a_pipeline(channels(c), c.step("after")), JobStatus.COMPLETED),
    "no turns": (lambda c: a_pipeline(ForEach(says("over", []), c.step("x")), c.step("after")), JobStatus.COMPLETED),
    "an optional turn that fails": (
        lambda c: a_pipeline(channels(c, _fails_on_a, optional=True), c.step("after")),
        JobStatus.COMPLETED,
    ),
    "a turn that fails": (lambda c: a_pipeline(channels(c, _fails_on_a), c.step("after")), JobStatus.FAILED),
    "joins inside joins": (
        lambda c: a_pipeline(
            ForEach(
                says("outer", ["x", "y"]),
                Parallel(
                    [ForEach(says("inner", ["1", "2"]), c.step("deep"), deadline=LATER), c.step("between")],
                    [Choice(says("wanted", True), [Parallel(*c.steps("p", "q"))]), c.step("behind")],
                    deadline=LATER,
                ),
            ),
            c.step("after"),
            deadline=LATER,
        ),
        JobStatus.COMPLETED,
    ),
    "an event of its own": (
        lambda c: a_pipeline(c.step("one", _announces), On("PhotoSeen"), c.step("two")),
        JobStatus.COMPLETED,
    ),
    "nothing to do": (
        lambda c: a_pipeline(c.step("one", raises(Skip("Nothing."))), c.step("two")),
        JobStatus.SKIPPED,
    ),
    "more time than it needs": (
        lambda c: a_pipeline(Parallel(*c.steps("left", "right"), deadline=LATER), c.step("after"), deadline=LATER),
        JobStatus.COMPLETED,
    ),
}


def _impossible() -> bool:
    raise BadInput("Nobody knows.")


def _fails_on_a(context: Context) -> None:
    if context.item == "a":
        raise BadInput("Not on a.")


def _announces(context: Context) -> Any:
    return Outcome(events=(("PhotoSeen", "photo", {}),))


@pytest.mark.parametrize("case", SAME)
def test_a_machine_comes_to_the_same_by_the_same_events_as_the_embedded_engine(case: str) -> None:
    build, expected = SAME[case]
    calls, again = Calls(), Calls()
    walk = Walk(build(calls))
    job, status = walk.walk()
    assert job.status is expected
    assert status == ("FAILED" if expected is JobStatus.FAILED else "SUCCEEDED")
    same_job, events = embedded(build(again))
    assert same_job.status is expected
    assert sorted(walk.events(job)) == sorted(events)
    assert sorted(calls.paths) == sorted(again.paths)
    if not any(isinstance(node, Parallel | ForEach) for node in walk.pipeline.nodes()):
        assert walk.events(job) == events
        assert calls.paths == again.paths
