"""The pipeline and its step language, as data. What runs it, draws it or derives infrastructure from it reads this."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from pressroom.errors import ConfigurationError
from pressroom.events import Event
from pressroom.media import Asset
from pressroom.retry import Policy

DEFAULT_QUEUE = "steps"
_NAME = re.compile(r"^[a-z][a-z0-9_]*$")


# --- triggers


@dataclass(frozen=True, slots=True)
class Schedule:
    """Starts the pipeline by the clock."""

    cron: str
    zone: str = "UTC"
    """An IANA zone; daylight-saving changes neither skip nor repeat a day."""
    catch_up: timedelta = timedelta(hours=6)
    """A start missed while nothing ran is made up for if it is younger; an older one is recorded as missed."""


@dataclass(frozen=True, slots=True)
class Request:
    """Started by somebody: over HTTP or the command line."""


@dataclass(frozen=True, slots=True)
class On:
    """As a trigger: each such event starts a job. As a step: what follows is started by the job's own event."""

    event: str
    """The event's type: `AssetStored`."""
    subject: str = ""
    """What its subject must begin with."""

    @property
    def name(self) -> str:
        return f"on_{_snake(self.event)}"

    def matches(self, event: Event) -> bool:
        return event.type == self.event and event.subject.startswith(self.subject)


Trigger = Schedule | Request | On


# --- steps


@dataclass(frozen=True)
class Step:
    """One plain function, with how it is retried and on which queue it waits."""

    run: Callable[..., Any]
    retry: Policy = field(default_factory=Policy)
    queue: str = DEFAULT_QUEUE
    """`{item}` stands for the item of the `ForEach` around it: `publish.{item}`."""

    @property
    def name(self) -> str:
        return self.run.__name__


@dataclass(frozen=True, init=False)
class Parallel:
    """Runs its branches at the same time and joins once all are over.

    With `deadline` the join does not wait longer. With `optional` a branch that failed or came late is passed
    over; without, it fails the job (after the others are over, so that nothing is cut off half-way).
    """

    branches: tuple[tuple[Node, ...], ...]
    deadline: timedelta | None
    optional: bool

    def __init__(
        self, *branches: Part | Sequence[Part], deadline: timedelta | None = None, optional: bool = False
    ) -> None:
        object.__setattr__(self, "branches", tuple(_filled(_sequence(branch), "Parallel") for branch in branches))
        _filled(self.branches, "Parallel")
        object.__setattr__(self, "deadline", deadline)
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
        object.__setattr__(self, "then", _filled(_sequence(then), "Choice"))
        object.__setattr__(self, "otherwise", _sequence(otherwise))

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
    deadline: timedelta | None
    optional: bool

    def __init__(
        self,
        over: Callable[..., Sequence[Any]],
        *steps: Part,
        deadline: timedelta | None = None,
        optional: bool = False,
    ) -> None:
        object.__setattr__(self, "over", over)
        object.__setattr__(self, "steps", _filled(_sequence(steps), "ForEach"))
        object.__setattr__(self, "deadline", deadline)
        object.__setattr__(self, "optional", optional)

    @property
    def name(self) -> str:
        return f"each_{self.over.__name__}"


Node = Step | Parallel | Choice | ForEach | On
Part = Node | Callable[..., Any]
"""What a pipeline's author may write: a plain function stands for a step with the defaults."""


def _sequence(parts: Part | Sequence[Part]) -> tuple[Node, ...]:
    if not isinstance(parts, Sequence) or isinstance(parts, str):
        parts = (parts,)
    for part in parts:
        if not isinstance(part, Step | Parallel | Choice | ForEach | On) and not hasattr(part, "__name__"):
            raise ConfigurationError(f"{part!r} is no step.", todo="A step is a function that has a name.")
    return tuple(part if isinstance(part, Step | Parallel | Choice | ForEach | On) else Step(part) for part in parts)


Output = TypeVar("Output", bound=BaseModel)


def _filled(parts: tuple[Any, ...], kind: str) -> tuple[Any, ...]:
    if not parts:
        raise ConfigurationError(f"A {kind} has nothing to run.", todo="Give it at least one step.")
    return parts


@dataclass(frozen=True, kw_only=True)
class Outcome(Generic[Output]):
    """What a step returns when there is more to say than its output; annotate it as `Outcome[Output]`."""

    output: Output | None = None
    assets: tuple[Asset, ...] = ()
    """Stored by the step; announced as `AssetStored` with its completion."""
    events: tuple[tuple[str, str, dict[str, Any]], ...] = ()
    """`(type, subject, data)` of further events, announced with its completion."""
    phase: str = ""
    """The pipeline's own word for where the job now stands: `uploaded`."""
    result: dict[str, Any] = field(default_factory=dict)
    """Added to what the job holds for its user. Keys of assets, never bytes."""


class PipelineSettings(BaseModel):
    """The settings of one `[pipelines.NAME]` section; a pipeline extends it with its own."""

    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)

    schedule: str = ""
    """Replaces the pipeline's own cron expression; "off" switches the schedule off."""
    zone: str = ""
    """Replaces the schedule's IANA zone."""
    catch_up_hours: float | None = Field(None, ge=0)
    """Replaces how late a start that was missed is made up for."""
    keep_days: float | None = Field(None, gt=0)
    """Replaces how long jobs and what they made are kept."""
    budget_per_job: Decimal | None = Field(None, ge=0)
    """US dollars; a call that could pass it is not made."""
    budget_per_day: Decimal | None = Field(None, ge=0)
    """US dollars, for all jobs of the pipeline together."""
    budget_per_month: Decimal | None = Field(None, ge=0)
    """US dollars, for all jobs of the pipeline together."""

    @property
    def keep(self) -> timedelta | None:
        return None if self.keep_days is None else timedelta(days=self.keep_days)


class NoInput(BaseModel):
    model_config = ConfigDict(extra="forbid")


@dataclass(frozen=True, slots=True)
class Start:
    """One job to be started, and what it is the only one for."""

    input: dict[str, Any]
    key: str | None = None


@dataclass(frozen=True, init=False)
class Pipeline:
    """Trigger, steps and retention, declared as data in one file."""

    name: str
    trigger: Trigger
    steps: tuple[Node, ...]
    keep: timedelta
    input: type[BaseModel]
    settings: type[PipelineSettings]
    starts: Callable[..., Sequence[Start]] | None
    """Splits one start into the jobs it means; without it, one start is one job without a key."""
    deadline: timedelta | None
    on_failure: tuple[Node, ...]

    def __init__(
        self,
        name: str,
        *,
        trigger: Trigger,
        steps: Sequence[Part],
        keep: timedelta = timedelta(days=90),
        input: type[BaseModel] = NoInput,
        settings: type[PipelineSettings] = PipelineSettings,
        starts: Callable[..., Sequence[Start]] | None = None,
        deadline: timedelta | None = None,
        on_failure: Sequence[Part] = (),
    ) -> None:
        values = {
            "name": name,
            "trigger": trigger,
            "steps": _sequence(steps),
            "keep": keep,
            "input": input,
            "settings": settings,
            "starts": starts,
            "deadline": deadline,
            "on_failure": _sequence(on_failure),
        }
        for attribute, value in values.items():
            object.__setattr__(self, attribute, value)
        self._refuse_mistakes()

    def _refuse_mistakes(self) -> None:
        if not _NAME.match(self.name):
            raise ConfigurationError(f"A pipeline's name is like daily_post, not {self.name!r}.")
        if not self.steps:
            raise ConfigurationError(f"The pipeline {self.name} has no steps.")
        seen: set[str] = set()
        for node in self.nodes():
            if not _NAME.match(node.name):
                raise ConfigurationError(
                    f"The pipeline {self.name} has a step called {node.name!r}.",
                    todo="Give the function a name of its own: the name is the step's identity.",
                )
            if node.name in seen:
                raise ConfigurationError(
                    f"The pipeline {self.name} has two steps called {node.name}.",
                    todo="Wrap one of the functions under a name of its own: the name is the step's identity.",
                )
            seen.add(node.name)
        for node in self.nodes():
            inner = [n for n in inside(node) if isinstance(n, On)] if isinstance(node, ForEach) else []
            if inner:
                raise ConfigurationError(
                    f"The pipeline {self.name} waits for {inner[0].event} inside a ForEach.",
                    todo="An event belongs to a job, not to one of its items: wait before or after the ForEach.",
                )

    def nodes(self) -> Iterator[Node]:
        """Yield every node of the pipeline, outer before inner."""
        for node in self.steps + self.on_failure:
            yield node
            yield from inside(node)

    def gates(self) -> list[On]:
        """Return the events that this pipeline's jobs wait for."""
        return [node for node in self.nodes() if isinstance(node, On)]


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


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
