"""Everything of one deployment in one value, made of the configuration and the pipelines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pressroom import registry
from pressroom.channel_desk import BUILT_IN, queue_of
from pressroom.config import Config
from pressroom.deployment.functions import Function, Reach, functions, publishing_function
from pressroom.deployment.grants import OWN_SECRET, Grants
from pressroom.deployment.names import Names, refuse_unfitting
from pressroom.deployment.queues import Queue
from pressroom.deployment.rules import LETS_GO_ON, Rule, of_types, requests_of, uploaded, uploads_stored
from pressroom.deployment.schedules import Alarm, cron_expressions
from pressroom.deployment.subscriptions import subscriptions
from pressroom.deployment.substitutes import (
    generators_used,
    refuse_what_cannot_run,
    settings_sections,
    substituted,
)
from pressroom.errors import ConfigurationError
from pressroom.pipeline import Pipeline, PipelineSettings
from pressroom.schedules import schedule_of
from pressroom.triggers import UPLOAD_STORED


@dataclass(frozen=True, slots=True, kw_only=True)
class PipelineParts:
    """What a pipeline has for itself: its queue and rule, its state machine, its alarms."""

    name: str
    queue: Queue
    rule: Rule
    state_machine: str
    alarms: tuple[Alarm, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelParts:
    name: str
    queue: Queue
    function: Function


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriptionParts:
    name: str
    queue: Queue
    rule: Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    names: Names
    region: str
    pipelines: tuple[PipelineParts, ...]
    channels: tuple[ChannelParts, ...]
    subscriptions: tuple[SubscriptionParts, ...]
    functions: tuple[Function, ...]
    """But for those of the channels."""
    queues: tuple[Queue, ...]
    """That every deployment has, whatever its pipelines."""
    rules: tuple[Rule, ...]
    alarms: tuple[Alarm, ...]
    settings: Mapping[str, Mapping[str, Any]]
    """By section, as functions read them; no secret among them."""
    secrets: tuple[str, ...]
    """Sections that have secrets, which are set afterwards: none of them passes through Terraform."""
    changed: Mapping[str, Mapping[str, str]]
    """The settings of pipelines that are another's on AWS, such as a generator that is too large for it."""

    @property
    def every_function(self) -> tuple[Function, ...]:
        return self.functions + tuple(channel.function for channel in self.channels)

    @property
    def every_queue(self) -> tuple[Queue, ...]:
        parts: tuple[PipelineParts | ChannelParts | SubscriptionParts, ...]
        parts = (*self.pipelines, *self.channels, *self.subscriptions)
        return self.queues + tuple(part.queue for part in parts)


def deployment_of(
    config: Config,
    pipelines: Mapping[str, Pipeline],
    settings: Mapping[str, PipelineSettings],
    tables: Sequence[str],
) -> Deployment:
    """Return what these pipelines need on AWS; `tables` are their names behind the deployment's.

    Raises `ConfigurationError` for what cannot be deployed.
    """
    refuse_what_cannot_run(config)
    names = Names(config.aws.name)
    networks = {BUILT_IN: BUILT_IN} | {name: str(values.get("network")) for name, values in config.channels.items()}
    for name in networks:
        refuse_unfitting("channel", name, names.publishing_function(name))
    wanted = subscriptions(config, pipelines)
    for name in wanted:
        refuse_unfitting("handler", name.replace(":", "-"), names.subscription_queue(name))
    reach = Reach(
        pipelines=sorted(pipelines),
        channels=networks,
        generators=generators_used(config, settings),
        secrets=[f"generators.{name}" for name in _needing_secrets(config, settings)]
        + [f"sources.{name}" for name in sorted(config.sources)],
        subscriptions=list(wanted),
    )
    handlers = tuple(f"handlers.{name}" for name in wanted if name in config.handlers)
    grants = Grants(names, tuple(names.table(table) for table in tables), handlers)
    made = functions(names, grants, reach)
    by_module = {function.module: function.name for function in made}
    _refuse_doubles(names, pipelines)
    changed = {name: substituted(pipeline, settings[name]) for name, pipeline in pipelines.items()}
    channels = tuple(_channel(names, grants, reach, name) for name in sorted(networks))
    return Deployment(
        names=names,
        region=config.aws.region,
        pipelines=tuple(_pipeline(names, pipelines[name], settings[name], by_module) for name in sorted(pipelines)),
        channels=channels,
        subscriptions=tuple(_subscription(names, name, types, by_module) for name, types in wanted.items()),
        functions=tuple(made),
        queues=(
            Queue(name=names.queue("uploads"), read_by=by_module["uploading"]),
            Queue(name=names.queue("wake"), read_by=by_module["waking"]),
        ),
        rules=(
            Rule(names.queue("uploads"), uploaded(names.bucket("assets")), names.queue("uploads")),
            Rule(names.queue("wake"), of_types(LETS_GO_ON), names.queue("wake"), names.bus),
        ),
        alarms=tuple(
            Alarm(names.of(module), expression, "UTC", by_module[module], {})
            for module, expression in (
                ("housekeeping", "rate(1 minute)"),
                ("polling", "rate(1 minute)"),
                ("measuring", "rate(5 minutes)"),
            )
        ),
        settings=settings_sections(config, changed),
        secrets=(OWN_SECRET, *(f"channels.{name}" for name in sorted(config.channels)), *reach.secrets, *handlers),
        changed={name: values for name, values in changed.items() if values},
    )


def _needing_secrets(config: Config, settings: Mapping[str, PipelineSettings]) -> list[str]:
    """Return the sections of generators: those that stand in the file, and those that are named without one."""
    known = set(registry.names("generators"))
    named = {
        value
        for one in settings.values()
        for name in type(one).model_fields
        if isinstance(value := getattr(one, name), str) and value in known
    }
    asked = {name for name in named if getattr(registry.generator(name), "needs_secrets", ())}
    return sorted({*config.generators, *asked})


def _pipeline(
    names: Names, pipeline: Pipeline, settings: PipelineSettings, by_module: Mapping[str, str]
) -> PipelineParts:
    queue = Queue(name=names.pipeline_queue(pipeline.name), read_by=by_module["starting"])
    # An upload's job begins with its file.
    pattern = uploads_stored(UPLOAD_STORED) if pipeline.upload_gate else requests_of(pipeline.name)
    schedule = schedule_of(pipeline, settings)
    expressions = cron_expressions(schedule) if schedule else []
    return PipelineParts(
        name=pipeline.name,
        queue=queue,
        rule=Rule(queue.name, pattern, queue.name, names.bus),
        state_machine=names.state_machine(pipeline.name),
        alarms=tuple(
            Alarm(
                names.of(pipeline.name, *([str(number)] if number else [])),
                expression,
                schedule.zone if schedule else "UTC",
                by_module["housekeeping"],
                {"pipeline": pipeline.name},
            )
            for number, expression in enumerate(expressions)
        ),
    )


def _channel(names: Names, grants: Grants, reach: Reach, name: str) -> ChannelParts:
    function = publishing_function(names, grants, reach, name)
    queue = Queue(
        name=names.channel_queue(name), read_by=function.name, batch=1, at_once=2, topic_filter=(queue_of(name),)
    )
    return ChannelParts(name=name, queue=queue, function=function)


def _subscription(names: Names, name: str, types: frozenset[str], by_module: Mapping[str, str]) -> SubscriptionParts:
    queue = Queue(name=names.subscription_queue(name), read_by=by_module["handing_over"])
    return SubscriptionParts(name=name, queue=queue, rule=Rule(queue.name, of_types(types), queue.name, names.bus))


def _refuse_doubles(names: Names, pipelines: Mapping[str, Pipeline]) -> None:
    """Raise if a pipeline's queue would have the name of another: queues of all kinds share their names."""
    taken = {names.queue("uploads"), names.queue("wake")}
    for name in pipelines:
        whole = names.pipeline_queue(name)
        if whole in taken:
            raise ConfigurationError(
                f"The pipeline {name} cannot be deployed: {whole} is the name of another queue.",
                where=f"the pipeline {name}",
                todo="Give it another name.",
            )
