"""A runtime in memory with a pipeline that draws a picture and posts it on a network in memory."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import BaseModel

from pressroom.assets import Assets
from pressroom.backends.memory import build_memory_ports
from pressroom.composition import compose
from pressroom.config import Config
from pressroom.drafts import Draft, DraftMedia
from pressroom.jobs import Job
from pressroom.pipeline import Outcome, Pipeline, Request
from pressroom.publications import Publication
from pressroom.steps import PublishingSettings, publish_everywhere
from pressroom.testing import ManualClock, RecordingPublisher, plain_png, work_off


class Theme(BaseModel):
    theme: str = "cats"


def draw(job: Job, wish: Theme, assets: Assets) -> Outcome[Draft]:
    asset = assets.store(f"images/{wish.theme}.png", plain_png(8, 6), job=job, width=8, height=6)
    media = DraftMedia(
        key=asset.key, revision=asset.revision, media_type="image/png", width=8, height=6, alt_text=wish.theme
    )
    draft = Draft(text=f"All about {wish.theme}", media=[media], title=wish.theme, about={"day": "2026-10-31"})
    return Outcome(output=draft, assets=(asset,), result={"theme": wish.theme})


class Newsroom:
    def __init__(self, *, network: RecordingPublisher | None = None, **sections: Any) -> None:
        self.clock = ManualClock()
        self.network = network or RecordingPublisher()
        self.ports = build_memory_ports(self.clock)
        pipeline = Pipeline(
            "picture_post",
            trigger=Request(),
            input=Theme,
            settings=PublishingSettings,
            steps=[draw, publish_everywhere()],
        )
        sections.setdefault("pipelines", {"picture_post": {"channels": ["main"]}})
        config = Config.model_validate({"workspace": Path(), **sections})
        self.runtime = compose(config, self.ports, {pipeline.name: pipeline}, publishers={"main": self.network})

    def post(self, theme: str = "cats") -> Job:
        """Request a post and do everything that is due."""
        [job] = self.runtime.runner.request("picture_post", {"theme": theme})
        self.work()
        return self.job(job.id)

    def work(self) -> None:
        work_off(self.runtime)

    def job(self, job_id: str) -> Job:
        found = self.ports.jobs.get(job_id)
        assert found is not None
        return found

    def publication(self, job: Job) -> Publication:
        [publication] = self.ports.publications.of_job(job.id)
        return publication
