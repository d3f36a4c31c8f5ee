"""Stores a change in DynamoDB by one transaction: the one place where commits are put together.

What a commit costs in write units (a write of up to 1 KB in a transaction counts two, and an index one when an item
comes or goes, two when it moves): an event 4, a job's record 2 and 2 more when its status moves, a step 2, a delivery 3
when it is put, when it is claimed and when it is done. To complete a step with the next one ready takes 16.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext

from pressroom.backends.dynamodb import keys
from pressroom.backends.dynamodb.asides import Asides
from pressroom.backends.dynamodb.calls import Calls, Key
from pressroom.backends.dynamodb.draft import Draft, Overtaken, numbers_needed
from pressroom.backends.dynamodb.drafting_costs import draft_costs
from pressroom.backends.dynamodb.drafting_deliveries import draft_deliveries, draft_settlement, key_of_settled
from pressroom.backends.dynamodb.drafting_jobs import draft_events_and_jobs, draft_steps
from pressroom.backends.dynamodb.drafting_records import (
    draft_assets,
    draft_claims,
    draft_publications,
    draft_schedule,
)
from pressroom.backends.dynamodb.forgetting import MARK, Forgetting
from pressroom.backends.dynamodb.known_names import KnownNames
from pressroom.backends.dynamodb.stamps import Stamps, day_of
from pressroom.backends.dynamodb.table_shapes import STATE
from pressroom.backends.dynamodb.transaction import Refused, Transaction, conflict
from pressroom.backends.dynamodb.values import Record
from pressroom.backends.dynamodb.words import JobWords
from pressroom.changes import Change
from pressroom.errors import PressroomError
from pressroom.ports import Clock

More = Callable[[Draft], None]


class DynamoStore:
    def __init__(
        self,
        calls: Calls,
        clock: Clock,
        stamps: Stamps,
        asides: Asides,
        words: JobWords,
        forgetting: Forgetting,
        days: KnownNames,
        queues: KnownNames,
    ) -> None:
        self._calls, self._clock, self._stamps, self._asides = calls, clock, stamps, asides
        self._words, self._forgetting, self._days, self._queues = words, forgetting, days, queues

    def commit(self, change: Change) -> None:
        self.commit_with(change)

    def commit_with(self, change: Change, more: More | None = None, also_read: tuple[Key, ...] = ()) -> None:
        """Store the change together with what `more` drafts, whose conditions are told before the change's own."""
        above, stored_costs = 0, frozenset[str]()
        for pause in self._calls.pauses():
            known = self._calls.get_many(STATE, [*_read_before(change), *also_read])
            with self._numbers(change, known, above) as first:
                draft = Draft(
                    change=change,
                    transaction=Transaction(self._calls),
                    asides=self._asides,
                    now=self._clock.now(),
                    first=first,
                    known=known,
                )
                overtaken = self._try(draft, more, stored_costs)
            if not overtaken:
                break
            above = max(one.above for one in overtaken)
            stored_costs |= {one.cost_id for one in overtaken if one.cost_id}
            pause()
        for job_id in change.forgotten_jobs:
            self._forgetting.forget(job_id)

    @contextmanager
    def _numbers(self, change: Change, known: dict[Key, Record], above: int) -> Iterator[int]:
        count = numbers_needed(change)
        ends = [known.get(keys.job(item.after.id), {}).get("log_end", 0) for item in change.jobs]
        taken = self._stamps.taken(count, above=max(above, 0, *ends)) if change.events else None
        with taken or nullcontext(self._stamps.next(count)) as first:
            yield first

    def _try(self, draft: Draft, more: More | None, stored_costs: frozenset[str]) -> list[Overtaken]:
        """Draft and store; return by what it was overtaken, if that is all that was in its way."""
        if more is not None:
            more(draft)
        draft_settlement(draft)
        draft_events_and_jobs(draft)
        draft_claims(draft)
        draft_schedule(draft)
        draft_publications(draft)
        draft_assets(draft)
        draft_steps(draft)
        draft_deliveries(draft)
        draft_costs(draft, stored_costs)
        for job_id in dict.fromkeys(draft.change.forgotten_jobs):
            key = keys.left_to_do(f"{MARK}{job_id}")
            draft.transaction.put(
                STATE, key, {"at": draft.now_us}, None, conflict(f"{job_id} is forgotten twice.", job_id)
            )
        self._prepare(draft)
        try:
            draft.transaction.commit()
        except Refused as refused:
            return _overtaken(refused.errors)
        return []

    def _prepare(self, draft: Draft) -> None:
        """Write what must be there before the transaction, and does no harm if that never comes."""
        draft.transaction.check_size()
        self._asides.write(draft.parts)
        for item in draft.change.jobs:
            self._words.add(item.after, draft.known.get(keys.words(item.after.id)))
        if draft.change.events:
            last = draft.first + len(draft.change.events) - 1
            self._days.write({day_of(draft.first), day_of(last)})
        queues = [delivery.queue for delivery in draft.change.deliveries]
        self._queues.write([*queues, *filter(None, [getattr(draft.change.settled, "queue", "")])])


def _read_before(change: Change) -> list[Key]:
    """Return the keys of what a change must know: the keys of its jobs, their words, the history of its delivery."""
    changed = [item.after.id for item in change.jobs if item.before]
    found = [key for job_id in changed for key in (keys.job(job_id), keys.words(job_id))]
    return [*found, *key_of_settled(change.settled)]


def _overtaken(errors: list[PressroomError]) -> list[Overtaken]:
    """Return the errors if a new draft may go well, else raise the first that says it never will."""
    for error in errors:
        if not isinstance(error, Overtaken):
            raise error
    return [error for error in errors if isinstance(error, Overtaken)]
