"""A press on the test bench: a runtime in memory, a pipeline that publishes one text, a network that records."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from pressroom.backends.memory import build_memory_ports
from pressroom.composition import compose
from pressroom.config import Config
from pressroom.drafts import Draft
from pressroom.jobs import Job, StepRecord
from pressroom.pipeline import Pipeline, Request
from pressroom.ports import Ports
from pressroom.publications import Post, Publication, Receipt
from pressroom.publishers.base import Channel, ChannelSettings, Publisher
from pressroom.runtime import Runtime
from pressroom.steps import PublishingSettings, publish_everywhere
from pressroom.testing import ManualClock, RecordingPublisher, work_off
from pressroom.waiting import next_due


class Leaflet(BaseModel):
    text: str = "Boo!"


def write(input: Leaflet) -> Draft:
    return Draft(text=input.text)


leaflet = Pipeline(
    "leaflet", trigger=Request(), input=Leaflet, settings=PublishingSettings, steps=[write, publish_everywhere()]
)


class Network(RecordingPublisher):
    """The recording network on a channel of a name; tests look in at its calls."""

    def __init__(self, clock: ManualClock, name: str = "main", **settings: Any) -> None:
        secrets = build_memory_ports(clock).secrets
        super().__init__(Channel(name, ChannelSettings(network="recording", **settings), secrets, clock))
        self.at_publish: Callable[[], object] = lambda: None
        """Called at the moment of the public call, before anything of it takes effect."""
        self.at_prepare: Callable[[], object] = lambda: None
        self.at_reconcile: Callable[[], object] = lambda: None
        self.looks = 0

    def prepare(self, *arguments: Any) -> dict[str, Any]:
        self.at_prepare()
        return super().prepare(*arguments)

    def publish(self, post: Post, prepared: dict[str, Any]) -> Receipt:
        self.at_publish()
        return super().publish(post, prepared)

    def reconcile(self, *arguments: Any) -> Any:
        self.looks += 1
        self.at_reconcile()
        return super().reconcile(*arguments)

    def accept_late(self, post: Post, prepared: Mapping[str, Any]) -> None:
        """Carry out a call now that nobody waits for any more."""
        self._accept(post, prepared["key"])


class Press:
    def __init__(
        self,
        *publishers: Publisher,
        clock: ManualClock | None = None,
        ports: Ports | None = None,
        pipeline: Mapping[str, Any] | None = None,
        **sections: Mapping[str, Any],
    ) -> None:
        """`pipeline` is the section of the leaflet's settings; `sections` are those of `pressroom.toml`."""
        self.clock = clock or ManualClock()
        self.publishers = {publisher.channel.name: publisher for publisher in publishers or (Network(self.clock),)}
        self.ports = ports or build_memory_ports(self.clock)
        values = {"channels": tuple(self.publishers)} | dict(pipeline or {})
        self._config = Config.model_validate({"workspace": Path(), **sections, "pipelines": {"leaflet": values}})
        self.runtime = self.fresh()

    def fresh(self, **ports: Any) -> Runtime:
        """Return a new runtime over what is stored, as another process would have it."""
        return compose(self._config, replace(self.ports, **ports), {"leaflet": leaflet}, publishers=self.publishers)

    @property
    def network(self) -> Network:
        network = next(iter(self.publishers.values()))
        assert isinstance(network, Network)
        return network

    def ask(self, text: str = "Boo!") -> Job:
        [job] = self.runtime.runner.request("leaflet", {"text": text})
        return job

    def work(self) -> None:
        """Do what is due now."""
        work_off(self.runtime)

    def pass_time(self, **units: float) -> None:
        self.clock.advance(timedelta(**units))
        self.work()

    def next_due(self) -> datetime | None:
        return next_due(self.runtime)

    def finish(self, most: int = 300) -> None:
        """Let time pass until nothing is left to do by itself."""
        for _ in range(most):
            self.work()
            due = self.next_due()
            if due is None:
                return
            self.clock.move_to(max(due, self.clock.now()))
        raise AssertionError(f"not at rest after {most} waits; next is due at {due}")

    def job(self, job: Job) -> Job:
        found = self.ports.jobs.get(job.id)
        assert found is not None
        return found

    def publication(self, job: Job, channel: str = "main") -> Publication:
        [found] = [one for one in self.ports.publications.of_job(job.id) if one.channel == channel]
        return found

    def step(self, job: Job, channel: str = "main") -> StepRecord:
        return self.ports.jobs.steps(job.id)[f"publish_post[{channel}]"]

    def events(self, job: Job, *types: str) -> list[str]:
        """Return the types of a job's events, in order; of these types only if any are named."""
        found = [event.type for event in self.ports.events.of_job(job.id)]
        return [type_ for type_ in found if not types or type_ in types]

    def outcomes(self, job: Job) -> Sequence[str]:
        return [attempt.outcome for attempt in self.publication(job).attempts]


def sent(press: Press) -> list[str]:
    """Return the words of every post that is public on the first channel."""
    return [post.text for post in press.network.posts]
