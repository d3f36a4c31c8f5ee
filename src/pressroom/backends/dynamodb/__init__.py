"""The DynamoDB backend: hands out the ports that it implements, all of one deployment's tables."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from pressroom.backends.aws_clients import AwsClients
from pressroom.backends.dynamodb.asides import Asides
from pressroom.backends.dynamodb.assets import DynamoAssets
from pressroom.backends.dynamodb.calls import Calls
from pressroom.backends.dynamodb.costs import DynamoCosts
from pressroom.backends.dynamodb.dead_letters import DynamoDeadLetters
from pressroom.backends.dynamodb.forgetting import Forgetting
from pressroom.backends.dynamodb.jobs import DynamoJobs
from pressroom.backends.dynamodb.known_names import KnownNames
from pressroom.backends.dynamodb.ledger import DynamoLedger
from pressroom.backends.dynamodb.locks import DynamoLocks
from pressroom.backends.dynamodb.log import DynamoEventLog
from pressroom.backends.dynamodb.publications import DynamoPublications
from pressroom.backends.dynamodb.queue import DynamoQueue
from pressroom.backends.dynamodb.stamps import Stamps
from pressroom.backends.dynamodb.states import DynamoChannelStates, DynamoCursors, DynamoSchedules
from pressroom.backends.dynamodb.store import DynamoStore
from pressroom.backends.dynamodb.tables import DynamoTables
from pressroom.backends.dynamodb.views import DynamoViews
from pressroom.backends.dynamodb.words import JobWords
from pressroom.ports import Clock

HOLD_BACK = timedelta(seconds=5)
"""Longer than a commit takes and than clocks differ: an event this old has none before it that is still to come."""


@dataclass(frozen=True)
class Dynamo:
    """Everything that is kept in a deployment's tables."""

    store: DynamoStore
    events: DynamoEventLog
    queue: DynamoQueue
    dead_letters: DynamoDeadLetters
    jobs: DynamoJobs
    publications: DynamoPublications
    assets: DynamoAssets
    ledger: DynamoLedger
    costs: DynamoCosts
    schedules: DynamoSchedules
    cursors: DynamoCursors
    tables: DynamoTables
    channel_states: DynamoChannelStates
    views: DynamoViews
    locks: DynamoLocks
    sweep: Callable[[datetime], int]
    """Finishes what a crash left undone, as of a time; to be called now and then. Returns how much it looked at."""


def open_dynamo(clients: AwsClients, clock: Clock, *, hold_back: timedelta = HOLD_BACK) -> Dynamo:
    """Return the ports; nothing is asked of AWS yet.

    `hold_back` is how old an event must be to be given to those who read on behind a position; nought only where one
    process writes.
    """
    calls = Calls(clients)
    stamps, asides, words = Stamps(clock), Asides(calls, clock), JobWords(calls, clock)
    forgetting = Forgetting(calls, clock, asides, words)
    days, queues = KnownNames(calls, "days"), KnownNames(calls, "queues")
    store = DynamoStore(calls, clock, stamps, asides, words, forgetting, days, queues)
    log = DynamoEventLog(calls, clock, stamps, asides, days, hold_back)
    return Dynamo(
        store=store,
        events=log,
        queue=DynamoQueue(calls, clock, asides, log, queues),
        dead_letters=DynamoDeadLetters(calls, store, asides),
        jobs=DynamoJobs(calls, store, asides, log, words),
        publications=DynamoPublications(calls, asides),
        assets=DynamoAssets(calls, asides),
        ledger=DynamoLedger(calls, clock, asides),
        costs=DynamoCosts(calls),
        schedules=DynamoSchedules(calls),
        cursors=DynamoCursors(calls),
        tables=DynamoTables(calls),
        channel_states=DynamoChannelStates(calls),
        views=DynamoViews(calls),
        locks=DynamoLocks(calls),
        sweep=forgetting.sweep,
    )
