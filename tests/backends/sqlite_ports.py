"""The SQLite backend as a whole set of ports, what it does not implement being in memory."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from pressroom.backends.memory import build_memory_ports
from pressroom.backends.sqlite import open_sqlite
from pressroom.ports import Clock, Ports


def sqlite_ports(file: Path, clock: Clock) -> Ports:
    sqlite = open_sqlite(file, clock)
    return replace(
        build_memory_ports(clock),
        store=sqlite.store,
        events=sqlite.events,
        queue=sqlite.queue,
        dead_letters=sqlite.dead_letters,
        jobs=sqlite.jobs,
        publications=sqlite.publications,
        assets=sqlite.assets,
        ledger=sqlite.ledger,
        costs=sqlite.costs,
        schedules=sqlite.schedules,
        cursors=sqlite.cursors,
        tables=sqlite.tables,
        channel_states=sqlite.channel_states,
        views=sqlite.views,
        close=sqlite.close,
    )
