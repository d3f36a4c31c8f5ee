"""A newsroom in which somebody judges posts first: a draft with a picture, the step that asks, two channels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from pressroom.assets import Assets
from pressroom.backends.memory import build_memory_ports
from pressroom.composition import compose
from pressroom.config import Config
from pressroom.drafts import Draft, DraftMedia
from pressroom.generation import Generators
from pressroom.generators.base import Flag
from pressroom.jobs import Job, StepRecord
from pressroom.moderating import moderate
from pressroom.pipeline import Outcome, Pipeline, Request
from pressroom.ports import Ports
from pressroom.runtime import Runtime
from pressroom.steps import PublishingSettings, publish_everywhere
from pressroom.testing import ManualClock, ScriptedModeration, plain_png, work_off
from pressroom.waiting import next_due
from tests.press import Network

RUDE = Flag(category="profanity", score=0.7, why="“bum” is in the English list.")
LINK = Flag(category="link", score=0.5, why="A link by bit.ly hides where it leads.")


class Wish(BaseModel):
    text: str = "All about cats"
    pictures: int = 1


def write(job: Job, wish: Wish, assets: Assets) -> Outcome[Draft]:
    stored = [
        assets.store(f"images/{number}.png", plain_png(8, 6, 10 * number), job=job, width=8, height=6)
        for number in range(1, wish.pictures + 1)
    ]
    media = [DraftMedia.of(asset, f"cat {number}") for number, asset in enumerate(stored, 1)]
    draft = Draft(text=wish.text, texts={"sky": f"{wish.text}, in blue"}, media=media, title="Cats")
    return Outcome(output=draft, assets=tuple(stored))


pipeline = Pipeline(
    "picture_post",
    trigger=Request(),
    input=Wish,
    settings=PublishingSettings,
    steps=[write, moderate, publish_everywhere()],
)


class Judges(Generators):
    """The one generator there is: the scripted judge."""

    def __init__(self, judge: ScriptedModeration) -> None:
        self.judge = judge

    def names(self) -> list[str]:
        return [self.judge.setup.name]

    def named(self, name: str) -> Any:
        return self.judge


class Newsroom:
    def __init__(
        self,
        *verdicts: Sequence[Flag] | Exception,
        of: Pipeline = pipeline,
        ports: Ports | None = None,
        **settings: Any,
    ) -> None:
        """`verdicts` are the judge's, in their order; then all is clean. `settings` are those of the pipeline."""
        self.clock = ManualClock()
        self.judge = ScriptedModeration(*verdicts, name="judge")
        self.main, self.sky = Network(self.clock, "main"), Network(self.clock, "sky")
        self.ports = ports or build_memory_ports(self.clock)
        self._pipeline = of
        values = {"channels": ["main", "sky"], "moderation": "judge"} | settings
        self._config = Config.model_validate({"workspace": Path(), "pipelines": {of.name: values}})
        self.runtime = self.fresh()

    def fresh(self, **ports: Any) -> Runtime:
        """Return a new runtime over what is stored, as another process would have it."""
        channels: Mapping[str, Any] = {"main": self.main, "sky": self.sky}
        known = {self._pipeline.name: self._pipeline}
        return compose(self._config, replace(self.ports, **ports), known, Judges(self.judge), channels)

    def ask(self, **wish: Any) -> Job:
        [job] = self.runtime.runner.request(self._pipeline.name, wish)
        return job

    def post(self, **wish: Any) -> Job:
        """Request a post and do everything that is due; return its job as it then stands."""
        job = self.ask(**wish)
        self.finish()
        return self.job(job)

    def finish(self) -> None:
        for _ in range(100):
            work_off(self.runtime)
            due = next_due(self.runtime)
            if due is None:
                return
            self.clock.move_to(max(due, self.clock.now()))
        raise AssertionError("not at rest after 100 waits")

    def job(self, job: Job) -> Job:
        found = self.ports.jobs.get(job.id)
        assert found is not None
        return found

    def step(self, job: Job, path: str = "moderate") -> StepRecord:
        return self.ports.jobs.steps(job.id)[path]

    def events(self, job: Job, *types: str) -> list[str]:
        return [event.type for event in self.ports.events.of_job(job.id) if not types or event.type in types]

    @property
    def sent(self) -> list[str]:
        """The words of every post that is public anywhere."""
        return [post.text for network in (self.main, self.sky) for post in network.posts]
