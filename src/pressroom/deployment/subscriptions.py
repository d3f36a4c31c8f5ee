"""Who subscribes to the bus in a deployment, and to which events: what composition wires, without a runtime."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from pressroom import registry
from pressroom.config import Config, section
from pressroom.handlers.base import Setup
from pressroom.noticing import RECEIVED
from pressroom.pipeline import On, Pipeline
from pressroom.ports import Secrets


class NoSecrets:
    """Stands in for the secrets where only a handler's types are asked for."""

    def get(self, name: str) -> str | None:
        return None


def subscriptions(config: Config, pipelines: Mapping[str, Pipeline]) -> dict[str, frozenset[str]]:
    """Return the event types of each subscriber by its name; none for one that wants all."""
    found: dict[str, frozenset[str]] = {"webhooks": frozenset({RECEIVED})}
    for name, pipeline in pipelines.items():
        if pipeline.gates():
            found[f"pipeline:{name}"] = frozenset(gate.event for gate in pipeline.gates())
        if isinstance(pipeline.trigger, On):
            found[f"start:{name}"] = frozenset({pipeline.trigger.event})
    for name, values in config.handlers.items():
        kind = registry.handler(name)
        settings = section(kind.Settings, values, f"handlers.{name}", config)
        if settings.enabled:
            setup = Setup(name=name, settings=settings, secrets=cast(Secrets, NoSecrets()))
            found[name] = kind(setup).wants
    return dict(sorted(found.items()))
