"""What needs a person: held posts, dead letters, paused channels. Every page asks, so only the newest are read."""

from __future__ import annotations

from dataclasses import dataclass

from pressroom.channels import ChannelState
from pressroom.deliveries import DeadLetter
from pressroom.publications import Publication, PublicationState
from pressroom.runtime import Runtime

_HELD = (PublicationState.HELD,)


@dataclass(frozen=True, slots=True)
class Attention:
    held: int = 0
    dead: int = 0
    newest_held: Publication | None = None
    newest_dead: DeadLetter | None = None
    paused: tuple[ChannelState, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.held or self.dead or self.paused)


def attention(runtime: Runtime) -> Attention:
    ports = runtime.ports
    states = (ports.channel_states.get(name) for name in runtime.publishing.channels())
    return Attention(
        held=ports.publications.count(_HELD),
        dead=ports.dead_letters.count(),
        newest_held=next(iter(ports.publications.find(states=_HELD, limit=1)), None),
        newest_dead=next(iter(ports.dead_letters.find(limit=1)), None),
        paused=tuple(state for state in states if state.paused),
    )
