"""What a handler is: a subscriber of the bus, handed each event of the types it names, at least once."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict

from pressroom.events import Event


class HandlerSettings(BaseModel):
    """The settings of one `[handlers.NAME]` section; a handler extends it with its own."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    enabled: bool = False
    """Whether it is handed events."""


class Handler(ABC):
    """Made once per process with its settings. Handlers get no way to publish, so a replay never does."""

    Settings: ClassVar[type[HandlerSettings]] = HandlerSettings
    types: ClassVar[tuple[str, ...]]
    """The event types it wants; empty for all."""

    def __init__(self, settings: Any) -> None:
        self.settings = settings

    @abstractmethod
    def handle(self, event: Event) -> None:
        """Deal with one event; it may come twice. Raises what `retry.decide` understands."""
