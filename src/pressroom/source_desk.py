"""The configured sources, by the names of their sections."""

from __future__ import annotations

from pressroom import registry
from pressroom.config import Config, section
from pressroom.errors import ConfigurationError, UnknownName
from pressroom.ports import Clock, Secrets
from pressroom.sources.base import Setup, Source


class SourceDesk:
    def __init__(self, config: Config, secrets: Secrets, clock: Clock) -> None:
        self._config, self._secrets, self._clock = config, secrets, clock
        self._made: dict[str, Source] = {}

    def names(self) -> list[str]:
        return sorted(self._config.sources)

    def source(self, name: str) -> Source:
        """Return a source to fetch from; raises `UnknownName`, or `ConfigurationError` for a wrong section."""
        if name not in self._made:
            self._made[name] = self.make(name)
        return self._made[name]

    def make(self, name: str) -> Source:
        """Return a source of one's own, to look at: of two that wait with one, one would miss what wakes the other."""
        values = self._config.sources.get(name)
        if values is None:
            raise UnknownName("source", name, self.names(), where=str(self._config.file))
        use = values.get("use")
        if not isinstance(use, str):
            raise ConfigurationError(
                f"The source {name} does not say what it is.",
                where=f"[sources.{name}]",
                todo=f'Add `use = "…"` there; known: {", ".join(registry.polled_sources())}.',
            )
        if use not in (known := registry.polled_sources()):
            raise UnknownName("source", use, known, where=f"[sources.{name}] use")
        kind = registry.source(use)
        settings = section(kind.Settings, values, f"sources.{name}", self._config)
        return kind(
            Setup(
                name=name,
                settings=settings,
                workspace=self._config.workspace,
                secrets=self._secrets,
                clock=self._clock,
            )
        )
