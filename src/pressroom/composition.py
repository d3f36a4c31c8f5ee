"""Wires the mechanisms over a set of ports: the same for every runtime that runs jobs itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from pressroom import registry
from pressroom.approvals import Approvals
from pressroom.assets import Assets
from pressroom.bus import Bus, Subscription
from pressroom.channel_desk import ChannelDesk
from pressroom.config import Config, section
from pressroom.desk import Desk
from pressroom.errors import ConfigurationError, UnknownName
from pressroom.execution import Execution
from pressroom.fetching import Fetching
from pressroom.generation import Asking, Generators
from pressroom.handlers.base import Setup
from pressroom.links import Links
from pressroom.noticing import Noticing
from pressroom.pipeline import Pipeline, PipelineSettings
from pressroom.ports import Ports, Secrets
from pressroom.provisions import provisions
from pressroom.publishers.base import Publisher
from pressroom.publishing import Publishing
from pressroom.replay import Replay
from pressroom.runner import Runner
from pressroom.runtime import Runtime
from pressroom.schedules import next_after, schedule_of
from pressroom.source_desk import SourceDesk
from pressroom.uploads import Uploads
from pressroom.waiting_posts import WaitingPosts


def compose(
    config: Config,
    ports: Ports,
    pipelines: Mapping[str, Pipeline] | None = None,
    generators: Generators | None = None,
    publishers: Mapping[str, Publisher] | None = None,
) -> Runtime:
    """Return the runtime over these ports; raises `ConfigurationError` if a section does not fit its extension.

    `pipelines`, `generators` and `publishers` (by channel) take the place of those that are installed.
    """
    if pipelines is None:
        pipelines = {name: registry.pipeline(name) for name in registry.names("pipelines")}
    handlers = _handlers(config, ports.secrets)
    bus = Bus(ports.store, ports.wake, handlers.values())
    assets = Assets(ports.assets, ports.blobs, ports.clock)
    generators = generators or Generators(config, ports.secrets, ports.clock, assets.read)
    asking = Asking(bus=bus, assets=assets, costs=ports.costs, clock=ports.clock, config=config, generators=generators)
    channels = ChannelDesk(config, bus, ports, publishers or {})
    publishing = Publishing(bus, ports, channels, assets, config)
    sources = SourceDesk(config, ports.secrets, ports.clock)
    fetching, links = Fetching(config.fetch, ports.clock), Links(config.server, ports.blobs)
    provide = provisions(asking, publishing, sources, fetching, links, ports)
    settings = _settings(config, pipelines, ports.clock.now())
    execution = Execution(bus, ports.jobs, ports.clock, pipelines, settings, provide)
    runner = Runner(execution, ports.jobs, ports.dead_letters, ports.publications, ports.events)
    noticing = Noticing(bus, channels, ports.ledger, ports.publications, ports.clock)
    bus.subscribe([*execution.subscriptions(), *runner.subscriptions(), noticing.subscription()])
    return Runtime(
        config=config,
        ports=ports,
        bus=bus,
        runner=runner,
        publishing=Desk(channels, execution, ports.publications, ports.queue, ports.ledger),
        approvals=Approvals(execution, ports.events),
        assets=assets,
        generators=generators,
        waiting_posts=WaitingPosts(bus, channels, ports),
        replay=Replay(ports.events, ports.jobs, ports.views, handlers),
        sources=sources,
        noticing=noticing,
        uploads=Uploads(runner, ports),
    )


def _settings(config: Config, pipelines: Mapping[str, Pipeline], now: datetime) -> dict[str, PipelineSettings]:
    for name in config.pipelines:
        if name not in pipelines:
            raise UnknownName("pipeline", name, pipelines, where=f"{config.file} [pipelines.{name}]")
    found = {
        name: section(pipeline.settings, config.pipelines.get(name, {}), f"pipelines.{name}", config)
        for name, pipeline in pipelines.items()
    }
    for name, settings in found.items():
        schedule = schedule_of(pipelines[name], settings)
        if schedule is not None and (settings.schedule or settings.zone):
            try:
                next_after(schedule, now)
            except ConfigurationError as error:
                error.where = f"{config.file} [pipelines.{name}]"
                raise
    return found


def _handlers(config: Config, secrets: Secrets) -> dict[str, Subscription]:
    """Return the subscriptions of the handlers that are enabled, each made once."""
    made: dict[str, Subscription] = {}
    for name, values in config.handlers.items():
        kind = registry.handler(name)
        settings = section(kind.Settings, values, f"handlers.{name}", config)
        if settings.enabled:
            handler = kind(Setup(name=name, settings=settings, secrets=secrets))
            made[name] = Subscription(name=name, types=handler.wants, handle=handler.handle)
    return made
