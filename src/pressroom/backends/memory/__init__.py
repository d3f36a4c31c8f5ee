"""Every port on plain dictionaries: for tests and trials. Nothing survives the process; one process at a time."""

from __future__ import annotations

from pressroom.backends.memory.blobs import MemoryBlobStore
from pressroom.backends.memory.dead_letters import MemoryDeadLetters
from pressroom.backends.memory.marks import (
    MemoryChannelStates,
    MemoryCosts,
    MemoryCursors,
    MemoryLedger,
    MemorySchedules,
    MemoryViews,
)
from pressroom.backends.memory.queue import MemoryQueue
from pressroom.backends.memory.records import MemoryAssetIndex, MemoryEventLog, MemoryJobStore, MemoryPublications
from pressroom.backends.memory.secrets import MemorySecrets
from pressroom.backends.memory.state import State
from pressroom.backends.memory.store import MemoryStore
from pressroom.backends.memory.tables import MemoryTables
from pressroom.backends.wake import LocalWake
from pressroom.ports import Clock, Ports


def build_memory_ports(clock: Clock) -> Ports:
    state = State(clock)
    return Ports(
        clock=clock,
        store=MemoryStore(state),
        events=MemoryEventLog(state),
        queue=MemoryQueue(state),
        dead_letters=MemoryDeadLetters(state),
        jobs=MemoryJobStore(state),
        publications=MemoryPublications(state),
        assets=MemoryAssetIndex(state),
        blobs=MemoryBlobStore(clock),
        ledger=MemoryLedger(state),
        costs=MemoryCosts(state),
        schedules=MemorySchedules(state),
        cursors=MemoryCursors(state),
        tables=MemoryTables(state),
        channel_states=MemoryChannelStates(state),
        secrets=MemorySecrets(),
        views=MemoryViews(state),
        wake=LocalWake(),
        close=lambda: None,
    )
