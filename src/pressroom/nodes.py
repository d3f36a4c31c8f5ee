"""The step language as data: one step, steps at the same time, a choice, a loop, and waiting for an event."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from pressroom.errors import ConfigurationError
from pressroom.retry import Policy
from pressroom.triggers import On

DEFAULT_QUEUE = "steps"
PICTURES_QUEUE = "pictures"
"""For steps that decode photos: few at the same time, so that memory stays bounded."""


@dataclass(frozen=True)
class Step:
    """One plain function, with how it is retried and on which queue it waits."""

    run: Callable[..., Any]
    retry: Policy = field(default_factory=Policy)
    queue: str = DEFAULT_QUEUE
    """`{item}` stands for the item of the `ForEach` around it: `publish.{item}`, or `publish.{item[channel]}`."""

    @property
    def name(self) -> str:
        return self.run.__name__

    def queue_for(self, item: Any) -> str:
        """Return the queue on which the step waits for one item of the `ForEach` around it."""
        return self.queue.format(item=item)


Deadline = timedelta | Callable[[Any], timedelta]
"""How long a join waits; a function is asked with the pipeline's settings alone, so that it is known without a job."""


@dataclass(frozen=True, init=False)
class Parallel:
    """Runs its branches at the same time and joins once all are over.

    With `deadline` the join does not wait longer; it may be a function of the pipeline's settings. With `optional` a
    branch that failed or came late is passed over; without, it fails the job (after the others are over, so that
    nothing is cut off half-way).
    """

    branches: tuple[tuple[Node, ...], ...]
    deadline: Deadline | None
    optional: bool

    def __init__(
        self, *branches: Part | Sequence[Part], deadline: Deadline | None = None, optional: bool = False
    ) -> None:
        object.__setattr__(self, "branches", tuple(filled(sequence(branch), "Parallel") for branch in branches))
        filled(self.branches, "Parallel")
        object.__setattr__(self, "deadline", _of_settings_alone(deadline))
        object.__setattr__(self, "optional", optional)

    @property
    def name(self) -> str:
        return "together_" + "_".join(branch[0].name for branch in self.branches)


@dataclass(frozen=True, init=False)
class Choice:
    """Goes one of two ways. `when` is a pure function of the job and earlier outputs; it is asked once."""

    when: Callable[..., bool]
    then: tuple[Node, ...]
    otherwise: tuple[Node, ...]

    def __init__(
        self, when: Callable[..., bool], then: Part | Sequence[Part], otherwise: Part | Sequence[Part] = ()
    ) -> None:
        object.__setattr__(self, "when", when)
        object.__setattr__(self, "then", filled(sequence(then), "Choice"))
        object.__setattr__(self, "otherwise", sequence(otherwise))

    @property
    def name(self) -> str:
        return f"choose_{self.when.__name__}"


@dataclass(frozen=True, init=False)
class ForEach:
    """Runs its steps once for each item, all at the same time, and joins like `Parallel`.

    `over` is a pure function of the job and earlier outputs; it is asked once. Its items are JSON or models; a
    string names its branch, else the branch has a number. No two may have the same name.
    """

    over: Callable[..., Sequence[Any]]
    steps: tuple[Node, ...]
    deadline: Deadline | None
    optional: bool

    def __init__(
        self,
        over: Callable[..., Sequence[Any]],
        *steps: Part,
        deadline: Deadline | None = None,
        optional: bool = False,
    ) -> None:
        object.__setattr__(self, "over", over)
        object.__setattr__(self, "steps", filled(sequence(steps), "ForEach"))
        object.__setattr__(self, "deadline", _of_settings_alone(deadline))
        object.__setattr__(self, "optional", optional)

    @property
    def name(self) -> str:
        return f"each_{self.over.__name__}"


Node = Step | Parallel | Choice | ForEach | On
Part = Node | Callable[..., Any]
"""What a pipeline's author may write: a plain function stands for a step with the defaults."""


def deadline_of(node: Parallel | ForEach, settings: Any) -> timedelta | None:
    """Return how long a join waits where its pipeline has these settings; None: as long as it takes."""
    return node.deadline(settings) if callable(node.deadline) else node.deadline


def sequence(parts: Part | Sequence[Part]) -> tuple[Node, ...]:
    if not isinstance(parts, Sequence) or isinstance(parts, str):
        parts = (parts,)
    for part in parts:
        if not isinstance(part, Step | Parallel | Choice | ForEach | On) and not hasattr(part, "__name__"):
            raise ConfigurationError(f"{part!r} is no step.", todo="A step is a function that has a name.")
    return tuple(part if isinstance(part, Step | Parallel | Choice | ForEach | On) else Step(part) for part in parts)


def filled(parts: tuple[Any, ...], kind: str) -> tuple[Any, ...]:
    if not parts:
        raise ConfigurationError(f"A {kind} has nothing to run.", todo="Give it at least one step.")
    return parts


def _of_settings_alone(deadline: Deadline | None) -> Deadline | None:
    if callable(deadline) and len(inspect.signature(deadline).parameters) != 1:
        raise ConfigurationError(
            f"The deadline {deadline.__name__} asks for more than the pipeline's settings.",
            todo="Let it take the settings alone: the deadline of a join is known before there is a job.",
        )
    return deadline


def inside(node: Node) -> Iterator[Node]:
    """Yield every node within this one."""
    children: tuple[Node, ...] = ()
    if isinstance(node, Parallel):
        children = tuple(child for branch in node.branches for child in branch)
    elif isinstance(node, Choice):
        children = node.then + node.otherwise
    elif isinstance(node, ForEach):
        children = node.steps
    for child in children:
        yield child
        yield from inside(child)
