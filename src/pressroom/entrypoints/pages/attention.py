"""What needs a person: held posts, dead letters, paused channels. Every page asks, so only the newest are read."""

from __future__ import annotations

from dataclasses import dataclass

from pressroom.approvals import known_waiting
from pressroom.channels import ChannelState
from pressroom.deliveries import DeadLetter
from pressroom.errors import Problem
from pressroom.publications import PublicationState
from pressroom.runtime import Runtime

_HELD = (PublicationState.HELD,)


@dataclass(frozen=True, slots=True)
class Attention:
    held: int = 0
    dead: int = 0
    why_held: Problem | None = None
    """Of one that was flagged, else of the newest."""
    newest_dead: DeadLetter | None = None
    paused: tuple[ChannelState, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.held or self.dead or self.paused)


def attention(runtime: Runtime) -> Attention:
    ports = runtime.ports
    states = (ports.channel_states.get(name) for name in runtime.publishing.channels())
    flagged = known_waiting(ports.jobs)
    newest = [] if flagged else ports.publications.find(states=_HELD, limit=1)
    return Attention(
        held=ports.publications.count(_HELD) + len(flagged),
        dead=ports.dead_letters.count(),
        why_held=flagged[0].error if flagged else newest[0].problem if newest else None,
        newest_dead=next(iter(ports.dead_letters.find(limit=1)), None),
        paused=tuple(state for state in states if state.paused),
    )
