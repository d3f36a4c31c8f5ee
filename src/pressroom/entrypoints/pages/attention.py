"""What needs a person: held posts, dead letters, paused channels."""

from __future__ import annotations

from dataclasses import dataclass

from pressroom.channels import ChannelState
from pressroom.deliveries import DeadLetter
from pressroom.publications import Publication
from pressroom.runtime import Runtime


@dataclass(frozen=True, slots=True)
class Attention:
    held: tuple[Publication, ...] = ()
    dead: tuple[DeadLetter, ...] = ()
    paused: tuple[ChannelState, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.held or self.dead or self.paused)


def attention(runtime: Runtime) -> Attention:
    states = (runtime.ports.channel_states.get(name) for name in runtime.publishing.channels())
    return Attention(
        held=tuple(runtime.publishing.held()),
        dead=tuple(runtime.ports.dead_letters.find(limit=100)),
        paused=tuple(state for state in states if state.paused),
    )
