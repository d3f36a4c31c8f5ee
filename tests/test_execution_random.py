"""Random pipelines, run in random orders through random failures and lost workers, against a plain interpreter."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from pressroom.arguments import Context
from pressroom.errors import BadInput, Unavailable
from pressroom.jobs import JobStatus
from pressroom.pipeline import DEFAULT_QUEUE, Choice, ForEach, Parallel, Part
from pressroom.plan import label
from pressroom.retry import Policy
from pressroom.worker import Worker
from tests.engine import Bench, Calls, a_pipeline

LEASE = timedelta(seconds=60)


@dataclass(frozen=True)
class S:
    """A step that fails so often before it goes well; `dies` makes it fail for good."""

    failures: int = 0
    dies: bool = False


@dataclass(frozen=True)
class P:
    branches: tuple[tuple[Any, ...], ...]
    optional: bool


@dataclass(frozen=True)
class C:
    answer: bool
    then: tuple[Any, ...]
    otherwise: tuple[Any, ...]


@dataclass(frozen=True)
class F:
    items: tuple[str | int, ...]
    steps: tuple[Any, ...]
    optional: bool


steps = st.builds(S, st.sampled_from([0, 0, 0, 1, 3]), st.sampled_from([False] * 9 + [True]))


def containers(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    sequence = st.lists(inner, min_size=1, max_size=3).map(tuple)
    items = st.sampled_from([(), ("a",), ("a", "b[1]"), (7, 7), ("1", "2", "3")])
    return (
        st.builds(P, st.lists(sequence, min_size=1, max_size=3).map(tuple), st.booleans())
        | st.builds(C, st.booleans(), sequence, sequence)
        | st.builds(F, items, sequence, st.booleans())
    )


sequences = st.lists(st.recursive(steps, containers, max_leaves=8), min_size=1, max_size=4)


@dataclass
class Built:
    """Turns the description into a pipeline whose nodes have names, and says what must come of it."""

    calls: Calls = field(default_factory=Calls)
    names: dict[int, str] = field(default_factory=dict)
    tries: Counter[str] = field(default_factory=Counter)

    def part(self, spec: Any) -> Part:
        number = len(self.names)
        name = self.names[number] = f"n{number}"
        if isinstance(spec, S):
            return self.calls.step(name, self.body(spec), retry=Policy(attempts=9))
        if isinstance(spec, P):
            return Parallel(
                *([self.part(inner) for inner in branch] for branch in spec.branches), optional=spec.optional
            )

        def question(context: Context) -> Any:
            return spec.answer if isinstance(spec, C) else list(spec.items)

        question.__name__ = name
        if isinstance(spec, C):
            return Choice(question, [self.part(s) for s in spec.then], [self.part(s) for s in spec.otherwise])
        return ForEach(question, *(self.part(inner) for inner in spec.steps), optional=spec.optional)

    def body(self, spec: S) -> Any:
        def does(context: Context) -> None:
            self.tries[context.path] += 1
            if spec.dies:
                raise BadInput("For good.")
            if self.tries[context.path] <= spec.failures:
                raise Unavailable("For now.")

        return does


def interpret(nodes: Any, suffix: str = "") -> tuple[bool, list[str], list[tuple[str, str]]]:
    """Return whether these nodes go well, which steps are completed, and which of them before which others."""
    done: list[str] = []
    order: list[tuple[str, str]] = []
    for node, spec in nodes:
        goes_well, inner, inner_order = True, list[str](), list[tuple[str, str]]()
        if isinstance(spec, S):
            goes_well, inner = not spec.dies, [] if spec.dies else [node.name + suffix]
        else:
            if isinstance(spec, P):
                turns = [
                    (list(zip(b, s, strict=True)), suffix) for b, s in zip(node.branches, spec.branches, strict=True)
                ]
            elif isinstance(spec, C):
                pair = (node.then, spec.then) if spec.answer else (node.otherwise, spec.otherwise)
                turns = [(list(zip(*pair, strict=True)), suffix)]
            else:
                pairs = list(zip(node.steps, spec.steps, strict=True))
                turns = [(pairs, f"{suffix}[{label(i, item)}]") for i, item in enumerate(spec.items)]
            for turn, its_suffix in turns:
                well, paths, before = interpret(turn, its_suffix)
                goes_well, inner, inner_order = goes_well and well, inner + paths, inner_order + before
            goes_well = goes_well or getattr(spec, "optional", False)
        order += inner_order + [(first, second) for first in done for second in inner]
        done += inner
        if not goes_well:
            return False, done, order
    return True, done, order


@given(sequences, st.integers(0, 2**32))
@settings(max_examples=120, deadline=None)
def test_whatever_the_pipeline_and_the_order_each_step_is_completed_once_and_joins_wait_for_all(
    specs: list[Any], seed: int
) -> None:
    built, chance = Built(), random.Random(seed)
    bench = Bench(a_pipeline(*(built.part(spec) for spec in specs)), worker={"lease_seconds": LEASE.total_seconds()})
    worker = Worker(bench.runtime)
    job = bench.request()
    for _ in range(600):
        if bench.status(job).has_ended:
            break
        claimed = worker.claim([DEFAULT_QUEUE], 100)
        chance.shuffle(claimed)
        for delivery in claimed:
            if chance.random() < 0.9:  # else the worker vanishes, and the delivery comes again after its lease
                worker.run(delivery)
        bench.clock.advance(LEASE)
    worker.stop()
    goes_well, done, order = interpret(list(zip(bench.pipeline.steps, specs, strict=True)))
    assert bench.status(job) is (JobStatus.COMPLETED if goes_well else JobStatus.FAILED)
    assert Counter(built.calls.completed) == Counter(done), "each exactly once, and none too many"
    place = {path: number for number, path in enumerate(built.calls.completed)}
    assert all(place[first] < place[second] for first, second in order)
    stored = [subject for _, subject in bench.events(job, "StepCompleted")]
    assert Counter(stored) == Counter(done)
