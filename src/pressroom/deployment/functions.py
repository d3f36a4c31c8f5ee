"""The functions of a deployment as data: what each runs, on what, what wakes it, and what it may do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from pressroom.deployment.grants import Grant, Grants
from pressroom.deployment.names import Names
from pressroom.deployment.packages import Package

MODULES = "pressroom.entrypoints.aws_lambda"


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """One Lambda function."""

    name: str
    module: str
    """In `pressroom.entrypoints.aws_lambda`: `steps`."""
    does: str
    memory_mb: int
    """The share of a processor grows with it: 1769 MB is one.
    docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html, 2026-11-20"""
    time_out: timedelta
    package: Package = Package.THIN
    grants: tuple[Grant, ...] = ()
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def handler(self) -> str:
        return f"{MODULES}.{self.module}.handler"

    def as_variables(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "module": self.module,
            "handler": self.handler,
            "description": self.does,
            "memory_mb": self.memory_mb,
            "time_out_seconds": int(self.time_out.total_seconds()),
            "package": self.package.value,
            "grants": [grant.as_variables() for grant in self.grants],
            "environment": self.environment,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """What the settings say that functions must reach beside the stored state."""

    pipelines: Sequence[str]
    channels: dict[str, str]
    """The module of each channel's network, by the channel's name."""
    generators: Sequence[str]
    """Modules of the generators that pipelines use."""
    secrets: Sequence[str]
    """Sections that may have secrets, but for channels: `generators.art`, `sources.inbox`."""
    subscriptions: Sequence[str]
    """Who subscribes to the bus."""

    def secrets_of(self, *kinds: str) -> list[str]:
        return [section for section in self.secrets if section.partition(".")[0] in kinds]


def functions(names: Names, grants: Grants, reach: Reach) -> list[Function]:
    """Return every function but those of the channels."""
    channels = [f"channels.{name}" for name in reach.channels]
    wake, uploads = names.queue("wake"), names.queue("uploads")
    subscriptions = [names.subscription_queue(name) for name in reach.subscriptions]
    of_pipelines = [names.pipeline_queue(name) for name in reach.pipelines]
    services = [grant for module in reach.generators for grant in grants.call(module)]

    def made(module: str, does: str, memory_mb: int, seconds: int, package: Package, *more: Grant) -> Function:
        name = names.function(module.replace("_", "-"))
        return Function(
            name=name,
            module=module,
            does=does,
            memory_mb=memory_mb,
            time_out=timedelta(seconds=seconds),
            package=package,
            grants=(*grants.for_all(), grants.own_log(name), *more),
        )

    change, thin = grants.change_state(), Package.THIN
    return [
        made(
            "steps",
            "Runs one step of a job.",
            *(3008, 840, Package.MEDIA, change, grants.store_assets(), grants.sign()),
            *grants.keep_secrets(reach.secrets_of("generators", "sources")),
            *services,
        ),
        _announcing(names, grants),
        made("look", "Says how a node of a job stands.", 512, 30, thin, grants.read_state()),
        made("pause", "Keeps the token of a task that waits.", 512, 30, thin, change, grants.answer(reach.pipelines)),
        made(
            "starting",
            "Starts an execution for each requested job.",
            *(512, 150, thin, grants.read_state(), grants.start(reach.pipelines), grants.read_queue(*of_pipelines)),
        ),
        made(
            "handing_over",
            "Hands an event to its subscriber.",
            *(512, 150, thin, change, grants.read_queue(*subscriptions)),
            grants.send(wake, *subscriptions),
        ),
        made(
            "waking",
            "Lets executions go on that wait for a word.",
            *(512, 150, thin, change, grants.read_queue(wake), grants.answer(reach.pipelines)),
            *(grants.start(reach.pipelines), grants.look_at_executions(reach.pipelines)),
        ),
        made(
            "uploading",
            "Takes in what a client has put into the store.",
            *(1024, 150, thin, change, grants.read_assets(), grants.remove_assets(), grants.read_queue(uploads)),
        ),
        made(
            "http",
            "Serves the HTTP API and the pages.",
            *(1769, 29, Package.HTTP, change, grants.store_assets(), grants.remove_assets(), grants.sign()),
            *grants.keep_secrets(channels),
            # `server.key` opens the pages: without the right to look for it nothing is served.
            *grants.read_secrets(["server", *reach.secrets_of("generators", "sources")]),
        ),
        made(
            "housekeeping",
            "Starts what is due, sends words again that were lost, removes what has expired.",
            *(1024, 300, thin, change, grants.remove_assets()),
            grants.send(wake, *subscriptions, *(names.channel_queue(name) for name in reach.channels)),
            *grants.keep_secrets(channels),
        ),
        made(
            "polling",
            "Looks for new and changed photos at the sources.",
            *(1769, 300, Package.MEDIA, change),
            *grants.keep_secrets(reach.secrets_of("sources")),
        ),
        made(
            "measuring",
            "Reads the counts of posts: likes, comments, shares, views.",
            *(512, 300, thin, change),
            *grants.keep_secrets(channels),
        ),
    ]


def _announcing(names: Names, grants: Grants) -> Function:
    """Return the function between the log's stream and the bus: it opens nothing, so it needs next to nothing."""
    name = names.function("announcing")
    return Function(
        name=name,
        module="announcing",
        does="Makes an event for the bus of each entry of the log.",
        memory_mb=256,
        time_out=timedelta(seconds=60),
        grants=(grants.trace(), grants.own_log(name)),
    )


def publishing_function(names: Names, grants: Grants, reach: Reach, channel: str) -> Function:
    """Return the function of one channel: it reads that channel's secrets and no other's."""
    name = names.publishing_function(channel)
    return Function(
        name=name,
        module="publishing",
        does=f"Publishes posts on the channel {channel}.",
        memory_mb=1024,
        time_out=timedelta(seconds=300),
        grants=(
            *grants.for_all(),
            grants.own_log(name),
            grants.change_state(),
            grants.read_assets(),
            grants.sign(),
            grants.read_queue(names.channel_queue(channel)),
            grants.answer(reach.pipelines),
            *grants.keep_secrets([f"channels.{channel}"]),
            *grants.call(reach.channels[channel]),
        ),
    )
