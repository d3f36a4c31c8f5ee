"""The DynamoDB backend as a whole set of ports, what it does not implement being in memory."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from pressroom.backends.aws_clients import AwsClients
from pressroom.backends.dynamodb import open_dynamo
from pressroom.backends.memory import build_memory_ports
from pressroom.ports import Clock, Ports

AT_ONCE = timedelta(0)


def dynamo_ports(clients: AwsClients, clock: Clock, *, hold_back: timedelta = AT_ONCE) -> Ports:
    dynamo = open_dynamo(clients, clock, hold_back=hold_back)
    return replace(
        build_memory_ports(clock),
        store=dynamo.store,
        events=dynamo.events,
        queue=dynamo.queue,
        dead_letters=dynamo.dead_letters,
        jobs=dynamo.jobs,
        publications=dynamo.publications,
        assets=dynamo.assets,
        ledger=dynamo.ledger,
        costs=dynamo.costs,
        schedules=dynamo.schedules,
        cursors=dynamo.cursors,
        tables=dynamo.tables,
        channel_states=dynamo.channel_states,
        views=dynamo.views,
        close=clients.close,
    )
