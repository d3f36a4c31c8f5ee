"""The photo feed on AWS: a source is polled, and its photo is on every network once, whatever dies on the way."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest

from pressroom import registry
from pressroom.backends._s3_places import buckets_of
from pressroom.backends.s3 import S3Blobs
from pressroom.deliveries import Delivery
from pressroom.entrypoints.aws_lambda import publishing, steps
from pressroom.entrypoints.aws_lambda._opened import container
from pressroom.feeding import feeders
from pressroom.jobs import Job
from pressroom.publishers.x import X
from tests import lambdas
from tests.e2e.photo_networks import Network, Shown, networks
from tests.fakes.lightroom import FakeLightroom
from tests.on_aws import ACCOUNT, OnAws, on_aws, until
from tests.on_both import on_one_machine, served, strict_s3, told, told_on_one_machine
from tests.photos import photo
from tests.sources.lightroom_bench import secrets_of

PHOTO: dict[str, Any] = {"title": "Harbour at dawn", "caption": "Boats at dusk", "keywords": ["boats"]}
LEASE = timedelta(seconds=3)


@dataclass
class Feed:
    """A Lightroom with one photo, and networks that nothing was posted on."""

    lightroom: FakeLightroom
    networks: dict[str, Network]

    @property
    def sections(self) -> dict[str, Any]:
        channels = {
            name: {"network": name, "base_url": one.fake.base_url, "settle_seconds": 0.5, **one.settings}
            for name, one in self.networks.items()
        }
        return {
            "sources": {"lr": {"use": "lightroom", "base_url": self.lightroom.base_url, "every_seconds": 0.001}},
            "channels": channels,
            "pipelines": {"photo_feed": {"source": "lr", "channels": list(channels)}},
        }

    @property
    def secrets(self) -> dict[str, str]:
        found = secrets_of(self.lightroom)
        for one in self.networks.values():
            found |= one.secrets
        return found

    def shown(self) -> dict[str, list[Shown]]:
        return {name: one.shown() for name, one in self.networks.items()}


@contextmanager
def _feed(*names: str) -> Iterator[Feed]:
    with FakeLightroom() as lightroom, networks() as all_there:
        picture: bytes = photo(1200, 800).jpegsave_buffer(Q=88)
        lightroom.catalog.add_photo("Harbour", picture=picture, **PHOTO)
        yield Feed(lightroom, {name: all_there[name] for name in names})


@contextmanager
def _deployed(feed: Feed) -> Iterator[OnAws]:
    with on_aws(registry.pipeline("photo_feed"), **feed.sections) as aws:
        aws.runtime.ports.secrets.set_many(feed.secrets)
        yield aws


def _polled(aws: OnAws) -> Job:
    """Let the sources be polled, and return the job of the photo that is found."""
    assert aws.call("polling") == {"sources": ["lr"]}
    [job] = aws.runtime.ports.jobs.find()
    return job


def _is_there_once(feed: Feed) -> None:
    for name, shown in feed.shown().items():
        assert [one.alt_text for one in shown] == [PHOTO["caption"]], name
        assert "Harbour at dawn" in shown[0].text, name
        assert shown[0].picture.startswith(b"\xff\xd8\xff"), name


def test_a_photo_that_is_found_by_polling_is_on_every_network_once() -> None:
    chosen = ("mastodon", "bluesky", "x", "threads")
    with _feed(*chosen) as feed, socket.create_server(("127.0.0.1", 0)) as bound:
        sections = feed.sections | {"server": {"port": bound.getsockname()[1]}}
        here = on_one_machine(registry.pipeline("photo_feed"), feed.secrets, **sections)
        [feeder] = feeders(here)
        assert feeder.look() == 1
        with served(here, bound):
            expected = told_on_one_machine(here)
            _is_there_once(feed)
    with _feed(*chosen) as feed, strict_s3() as s3, _deployed(feed) as aws:
        job = _polled(aws)
        assert aws.finished(job.id).status == "completed", aws.why(job.id)()
        until(lambda: aws.executions("photo_feed") == {job.id: "SUCCEEDED"})
        assert _polled(aws).id == job.id, "what is known starts nothing again"
        assert told(aws.runtime, job.id) == expected
        fetched = [one for one in s3.requests if one.method == "GET" and "X-Amz-Signature" in one.query]
        assert fetched, "Threads fetches the picture itself, by an address that S3 looks at"
        _is_there_once(feed)


# --- what dies


class Killed(BaseException):
    """As the end of the process: no code of ours runs after it."""


@dataclass
class Dying:
    """Kills a function once, right after a call of it took effect."""

    deaths: list[str] = field(default_factory=list)

    def after(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def dies(*arguments: Any, **named: Any) -> Any:
            answered = call(*arguments, **named)
            if not self.deaths:
                self.deaths.append(call.__qualname__)
                raise Killed
            return answered

        return dies


def _mortal(handler: lambdas.Handler) -> lambdas.Handler:
    """Let Lambda say of a process that is gone what it says: that the call failed."""

    def call(event: Any, context: Any) -> Any:
        try:
            return handler(event, context)
        except Killed:
            raise RuntimeError("Runtime exited with error: signal: killed") from None

    return call


@dataclass
class ShortLeases:
    """A queue whose deliveries stay for seconds with a function that is gone, where it is minutes elsewhere."""

    within: Any

    def __getattr__(self, name: str) -> Any:
        return getattr(self.within, name)

    def claim_one(self, name: str, lease: timedelta, **which: str) -> Delivery | None:
        claimed: Delivery | None = self.within.claim_one(name, min(lease, LEASE), **which)
        return claimed


@contextmanager
def _mortal_feed(feed: Feed) -> Iterator[OnAws]:
    with _deployed(feed) as aws:
        queue: Any = ShortLeases(aws.runtime.ports.queue)
        ports = replace(aws.runtime.ports, queue=queue)
        hurried = replace(aws.deployed, runtime=replace(aws.runtime, ports=ports))
        container().open_with(lambda: hurried)
        names = aws.deployment.names
        handlers = {
            names.publishing_function("x"): _mortal(publishing.handler),
            names.function("steps"): _mortal(steps.handler),
        }
        lambdas.install(handlers)
        yield aws


def test_a_publishing_function_that_dies_when_the_post_is_out_posts_nothing_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    dying = Dying()
    monkeypatch.setattr(X, "publish", dying.after(X.publish))  # X itself tells no repeated post from a new one
    with _feed("x") as feed, _mortal_feed(feed) as aws:
        job = _polled(aws)
        assert aws.finished(job.id).status == "completed", aws.why(job.id)()
        until(lambda: aws.executions("photo_feed") == {job.id: "SUCCEEDED"})
        assert dying.deaths == ["X.publish"]
        _is_there_once(feed)
        sent = [(one.method, one.path) for one in feed.networks["x"].fake.requests]
        assert sent.count(("POST", "/2/tweets")) == 1, "a second one that X refuses would not be seen otherwise"


def test_a_step_that_dies_when_the_photo_is_in_s3_is_run_again_and_stores_nothing_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    dying = Dying()
    with _feed("x") as feed, _mortal_feed(feed) as aws:
        monkeypatch.setattr(S3Blobs, "put", dying.after(S3Blobs.put))
        job = _polled(aws)
        assert aws.finished(job.id).status == "completed", aws.why(job.id)()
        until(lambda: aws.executions("photo_feed") == {job.id: "SUCCEEDED"})
        assert dying.deaths == ["S3Blobs.put"]
        bucket = buckets_of(aws.aws.name, ACCOUNT).assets
        kept = aws.clients("s3").list_objects_v2(Bucket=bucket, Prefix="photos/")["Contents"]
        assert [one["Key"] for one in kept] == [aws.job(job.id).result["photo"]]
        _is_there_once(feed)
