"""A runtime in memory with the bedtime story: its writer, voice and illustrator follow scripts where a test wants."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from pressroom.backends.memory import build_memory_ports
from pressroom.composition import compose
from pressroom.config import Config
from pressroom.generation import Generators
from pressroom.jobs import Job, StepStatus
from pressroom.pipelines.bedtime_story import pipeline
from pressroom.runtime import Runtime
from pressroom.story_text import Story
from pressroom.testing import ManualClock, ScriptedImage, ScriptedText, work_off
from pressroom.testing.speech import ScriptedSpeech

WHOLE = "A Title\n\n" + "The moon came up over the roof and looked in at every window in turn. " * 20
EVENING = datetime(2026, 11, 21, 19, 15, tzinfo=UTC)


class Scripts(Generators):
    """The generators that are installed, and a few that follow scripts."""

    def __init__(self, config: Config, ports: Any, *scripted: Any) -> None:
        super().__init__(config, ports.secrets, ports.clock)
        self._scripted = {generator.setup.name: generator for generator in scripted}

    def named(self, name: str) -> Any:
        return self._scripted.get(name) or super().named(name)


class StoryRoom:
    def __init__(self, *, lease_seconds: float = 60, **settings: Any) -> None:
        """`settings` are those of `[pipelines.bedtime_story]`; words are written offline, the picture is scripted.

        Without a voice unless `speech="voice"` asks for one: finishing a sound takes half a second.
        """
        self.clock = ManualClock(EVENING)
        self.ports = build_memory_ports(self.clock)
        self.writer, self.voice = ScriptedText(name="poet"), ScriptedSpeech(name="voice")
        self.artist = ScriptedImage(name="artist")
        values = {"speech": "", "image": "artist", "width": 320, "height": 256} | settings
        self._config = Config.model_validate(
            {
                "workspace": "/nowhere",
                "pipelines": {"bedtime_story": values},
                "worker": {"lease_seconds": lease_seconds},
            }
        )
        self.runtime = self.fresh()

    def fresh(self, **ports: Any) -> Runtime:
        generators = Scripts(self._config, self.ports, self.writer, self.voice, self.artist)
        return compose(self._config, replace(self.ports, **ports), {"bedtime_story": pipeline}, generators)

    def request(self, **wish: Any) -> Job:
        [job] = self.runtime.runner.request("bedtime_story", wish)
        return job

    def tell(self, **wish: Any) -> Job:
        job = self.request(**wish)
        work_off(self.runtime)
        return self.job(job)

    def job(self, job: Job) -> Job:
        found = self.ports.jobs.get(job.id)
        assert found is not None
        return found

    def story(self, job: Job) -> Story:
        return Story.model_validate_json(self.runtime.assets.read(f"stories/{job.id}.json"))

    def json(self, key: str) -> Any:
        return json.loads(self.runtime.assets.read(key))

    def standing(self, job: Job) -> dict[str, StepStatus]:
        return {path: record.status for path, record in self.ports.jobs.steps(job.id).items()}

    def events(self, job: Job) -> list[str]:
        return [event.type for event in self.ports.events.of_job(job.id)]

    def keys(self, job: Job) -> set[str]:
        return {asset.key for asset in self.ports.assets.of_job(job.id) if asset.key.startswith("stories/")}
