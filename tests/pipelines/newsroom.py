"""A runtime in memory with the daily post, a calendar of its own, and a network that records."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from pressroom.backends.memory import build_memory_ports
from pressroom.changes import Change
from pressroom.composition import compose
from pressroom.config import Config
from pressroom.errors import UnknownName
from pressroom.generation import Generators
from pressroom.jobs import Job
from pressroom.pipelines.daily_post import pipeline
from pressroom.ports import Ports
from pressroom.publications import Publication
from pressroom.runtime import Runtime
from pressroom.testing import ManualClock, ScriptedImage, ScriptedText, plain_png, work_off
from pressroom.waiting import next_due
from tests.press import Network

CALENDAR: dict[str, Any] = {
    "Prompt": "A spooky {theme}",
    "january": {"14": ["Dress Up Your Pet"], "15": ["Bagel", "Hat", "Strawberry Ice Cream"]},
}
KEY = "config/national-days.json"


class Scripted(Generators):
    def __init__(self, *known: ScriptedImage | ScriptedText) -> None:
        self._known: dict[str, Any] = {generator.setup.name: generator for generator in known}

    def names(self) -> list[str]:
        return sorted(self._known)

    def named(self, name: str) -> Any:
        if name not in self._known:
            raise UnknownName("generator", name, self.names())
        return self._known[name]


class Newsroom:
    def __init__(
        self,
        themes: Any = CALENDAR,
        *,
        generators: Generators | None = None,
        sections: Mapping[str, Any] | None = None,
        ports: Ports | None = None,
        **settings: Any,
    ) -> None:
        """`themes` is the calendar file, None for none; `settings` are those of `[pipelines.daily_post]`.

        The picture and the words come from scripts.
        """
        self.clock = ManualClock(datetime(2026, 1, 14, 13, tzinfo=UTC))
        self.network = Network(self.clock)
        self.image, self.text = ScriptedImage(alt_text="A cat in a hat", name="artist"), ScriptedText(name="poet")
        self.ports = ports or build_memory_ports(self.clock)
        values = {"channels": ["main"], "image": "artist", "width": 320, "height": 256} | settings
        self._config = Config.model_validate(
            {"workspace": "/nowhere", "pipelines": {"daily_post": values}} | dict(sections or {})
        )
        self._generators = generators or Scripted(self.image, self.text)
        self.runtime = self.fresh()
        if themes is not None:
            self.put_calendar(themes)

    def fresh(self, **ports: Any) -> Runtime:
        channels = {"main": self.network}
        pipelines = {"daily_post": pipeline}
        return compose(self._config, replace(self.ports, **ports), pipelines, self._generators, channels)

    def put_calendar(self, calendar: Any) -> None:
        data = calendar if isinstance(calendar, bytes) else json.dumps(calendar).encode()
        self.runtime.bus.commit(Change(assets=(self.runtime.assets.store(KEY, data),)))

    def request(self, **day: Any) -> list[Job]:
        return self.runtime.runner.request("daily_post", day)

    def finish(self) -> None:
        for _ in range(100):
            work_off(self.runtime)
            due = next_due(self.runtime)
            if due is None:
                return
            self.clock.move_to(max(due, self.clock.now()))
        raise AssertionError("not at rest after 100 waits")

    def make(self, **day: Any) -> Job:
        """Make the one post of a day, and return its job as it ends."""
        [job] = self.request(**({"date": "2026-01-14"} | day))
        self.finish()
        return self.job(job)

    def job(self, job: Job) -> Job:
        found = self.ports.jobs.get(job.id)
        assert found is not None
        return found

    def publication(self, job: Job) -> Publication:
        [found] = self.ports.publications.of_job(job.id)
        return found


PNG = plain_png(32, 24)
