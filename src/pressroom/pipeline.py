"""The pipeline as data, in the words of `triggers` and `nodes`. What runs it, draws it or deploys it reads this."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from pressroom.errors import ConfigurationError
from pressroom.media import Asset
from pressroom.nodes import (
    DEFAULT_QUEUE,
    PICTURES_QUEUE,
    Choice,
    Deadline,
    ForEach,
    Node,
    Parallel,
    Part,
    Step,
    deadline_of,
    inside,
    sequence,
)
from pressroom.triggers import UPLOAD_STORED, On, Poll, Request, Schedule, Trigger, Upload

__all__ = [
    "DEFAULT_QUEUE",
    "PICTURES_QUEUE",
    "Choice",
    "Deadline",
    "ForEach",
    "NoInput",
    "Node",
    "On",
    "Outcome",
    "Parallel",
    "Part",
    "Pipeline",
    "PipelineSettings",
    "Poll",
    "Request",
    "Schedule",
    "Start",
    "Step",
    "StoredUpload",
    "Trigger",
    "Upload",
    "deadline_of",
    "inside",
]
"""All that the author of a pipeline needs, from one place."""

_NAME = re.compile(r"^[a-z][a-z0-9_]*$")

Output = TypeVar("Output", bound=BaseModel)


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


class StoredUpload(BaseModel):
    """What came with the upload that a job waited for; a step asks for it by this type."""

    key: str
    """The asset's: `uploads/{job_id}.png`."""
    revision: int
    media_type: str
    """What the first bytes show, whatever was announced: `application/octet-stream` if they show nothing."""
    announced_type: str
    """What whoever sent it said that it is; one that the pipeline accepts."""
    bytes: int
    sha256: str


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
    """With an `Upload` as the trigger, the first of them is to wait for it."""
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
            "steps": (On(UPLOAD_STORED),) * isinstance(trigger, Upload) + sequence(steps),
            "keep": keep,
            "input": input,
            "settings": settings,
            "starts": starts,
            "deadline": deadline,
            "on_failure": sequence(on_failure),
        }
        for attribute, value in values.items():
            object.__setattr__(self, attribute, value)
        self._refuse_mistakes()

    def _refuse_mistakes(self) -> None:
        if not _NAME.match(self.name):
            raise ConfigurationError(f"A pipeline's name is like daily_post, not {self.name!r}.")
        if not self.steps or self.steps == (self.upload_gate,):
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
        if isinstance(self.trigger, Upload) and not self.trigger.types:
            raise ConfigurationError(f"The Upload of the pipeline {self.name} names no media type that may be sent.")
        if self.upload_gate is not None and self.starts is not None:
            raise ConfigurationError(
                f"One start of the pipeline {self.name} may mean several jobs, and an upload is for one.",
                todo="Leave `starts` out, or start the pipeline with a Request.",
            )
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

    @property
    def upload_gate(self) -> On | None:
        """Where jobs wait for their upload, if one starts them."""
        first = self.steps[0] if self.steps else None
        return first if isinstance(first, On) and isinstance(self.trigger, Upload) else None

    def gates(self) -> list[On]:
        """Return the events that this pipeline's jobs wait for; an upload opens its gate by itself."""
        return [node for node in self.nodes() if isinstance(node, On) and node is not self.upload_gate]
