"""The runtime: every port and mechanism of one workspace, wired. Entry points are given one and choose nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pressroom.assets import Assets
    from pressroom.bus import Bus
    from pressroom.config import Config
    from pressroom.desk import Desk
    from pressroom.generation import Generators
    from pressroom.ports import (
        AssetIndex,
        BlobStore,
        ChannelStates,
        Clock,
        Costs,
        DeadLetters,
        EventLog,
        JobStore,
        Ledger,
        Publications,
        Queue,
        Schedules,
        Secrets,
        Store,
        Views,
        Wake,
    )
    from pressroom.replay import Replay
    from pressroom.runner import Runner


@dataclass(frozen=True, kw_only=True)
class Ports:
    """The backends of one runtime."""

    clock: Clock
    store: Store
    events: EventLog
    queue: Queue
    dead_letters: DeadLetters
    jobs: JobStore
    publications: Publications
    assets: AssetIndex
    blobs: BlobStore
    ledger: Ledger
    costs: Costs
    schedules: Schedules
    channel_states: ChannelStates
    secrets: Secrets
    views: Views
    wake: Wake
    close: Callable[[], None]
    """Let go of files and connections; what was committed stays."""


@dataclass(frozen=True, kw_only=True)
class Runtime:
    config: Config
    ports: Ports
    bus: Bus
    runner: Runner
    """Starts, runs, cancels, retries and redrives jobs."""
    publishing: Desk
    """The channels, and what is held for a person."""
    assets: Assets
    generators: Generators
    replay: Replay

    def __enter__(self) -> Runtime:
        return self

    def __exit__(self, *_: Any) -> None:
        self.ports.close()
