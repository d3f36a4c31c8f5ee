"""What a handler is: a subscriber of the bus, handed each event of the types it names, at least once."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict

from pressroom.events import Event
from pressroom.ports import Secrets


class HandlerSettings(BaseModel):
    """The settings of one `[handlers.NAME]` section; a handler extends it with its own."""

    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)

    enabled: bool = False
    """Whether it is handed events."""


@dataclass(frozen=True)
class Setup:
    """What a handler is given: its section of the settings, and its secrets."""

    name: str
    """Of its section: "notify" for `[handlers.notify]`."""
    settings: Any
    """Of the handler's own `Settings`."""
    secrets: Secrets = field(repr=False)

    def secret(self, name: str) -> str | None:
        return self.secrets.get(f"handlers.{self.name}.{name}")


class Handler(ABC):
    """Made once per process with its settings. Handlers get no way to publish, so a replay never does."""

    Settings: ClassVar[type[HandlerSettings]] = HandlerSettings
    types: ClassVar[tuple[str, ...]] = ()
    """The event types it wants; empty for all."""

    def __init__(self, setup: Setup) -> None:
        self.setup = setup

    @property
    def wants(self) -> frozenset[str]:
        """The event types it is handed, empty for all; a handler whose settings choose them says so here.

        A delivery is stored for each event of a wanted type, so nothing is wanted only to be left aside.
        """
        return frozenset(self.types)

    @abstractmethod
    def handle(self, event: Event) -> None:
        """Deal with one event; it may come twice. Raises what `retry.decide` understands."""
