"""The runtime: every port and mechanism of one workspace, wired. Entry points are given one and choose nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pressroom.approvals import Approvals
    from pressroom.assets import Assets
    from pressroom.bus import Bus
    from pressroom.config import Config
    from pressroom.desk import Desk
    from pressroom.generation import Generators
    from pressroom.noticing import Noticing
    from pressroom.ports import Ports
    from pressroom.replay import Replay
    from pressroom.runner import Runner
    from pressroom.source_desk import SourceDesk
    from pressroom.uploads import Uploads
    from pressroom.waiting_posts import WaitingPosts


@dataclass(frozen=True, kw_only=True)
class Runtime:
    config: Config
    ports: Ports
    bus: Bus
    runner: Runner
    """Starts, runs, cancels, retries and redrives jobs."""
    publishing: Desk
    """The channels, and what is held for a person."""
    approvals: Approvals
    """What waits for a person's consent before it is posted."""
    assets: Assets
    generators: Generators
    waiting_posts: WaitingPosts
    """Posts that a person may still change or withdraw."""
    replay: Replay
    sources: SourceDesk
    noticing: Noticing
    """Takes webhooks in."""
    uploads: Uploads
    """Files that start jobs: asked for, and taken in at signed URLs."""

    def __enter__(self) -> Runtime:
        return self

    def __exit__(self, *_: Any) -> None:
        self.ports.close()
