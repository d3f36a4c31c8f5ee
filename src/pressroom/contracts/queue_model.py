"""The queue against a model of it that fits on a page: any order of operations ends the same in both."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pressroom.changes import Change
from pressroom.contracts.base import Contract
from pressroom.contracts.samples import PROBLEM, a_delivery
from pressroom.deliveries import Again, Bury, Delivery, Done
from pressroom.errors import LeaseLost
from pressroom.ports import Ports
from pressroom.testing.clock import ManualClock

_seconds = st.integers(0, 30)
_which = st.integers(0, 5)
OPERATIONS = st.lists(
    st.one_of(
        st.tuples(st.just("put"), _seconds),
        st.tuples(st.just("claim"), st.integers(1, 3), st.integers(1, 30)),
        st.tuples(st.just("done"), _which),
        st.tuples(st.just("again"), _which, _seconds, st.booleans()),
        st.tuples(st.just("bury"), _which),
        st.tuples(st.just("hand_back"), _which),
        st.tuples(st.just("renew"), _which, st.integers(1, 30)),
        st.tuples(st.just("hasten")),
        st.tuples(st.just("wait"), st.integers(1, 40)),
    ),
    min_size=3,
    max_size=40,
)


@dataclass
class Item:
    """One delivery, as the model knows it."""

    due_at: datetime
    lease: str = ""
    attempt: int = 0
    failures: int = 0


@dataclass
class Model:
    """Does each operation to the queue and to itself, and compares."""

    ports: Ports
    clock: ManualClock
    queue: str
    items: dict[str, Item] = field(default_factory=dict)
    """By name, which is the delivery's identity here."""
    dead: set[str] = field(default_factory=set)
    claims: list[Delivery] = field(default_factory=list)
    """Every claim that was ever made, those long lost included."""

    def do(self, operation: str, *arguments: Any) -> None:
        getattr(self, operation)(*arguments)
        due = min((item.due_at for item in self.items.values()), default=None)
        assert self.ports.queue.next_due([self.queue]) == due
        assert {letter.name for letter in self.ports.dead_letters.find(queue=self.queue)} == self.dead

    def put(self, seconds: int) -> None:
        name = f"item {len(self.items) + len(self.claims) + len(self.dead)} {uuid.uuid4()}"
        at = self.clock.now() + timedelta(seconds=seconds)
        self.ports.store.commit(Change(deliveries=(a_delivery(name, queue=self.queue, available_at=at),)))
        self.items[name] = Item(at)

    def claim(self, limit: int, seconds: int) -> None:
        now, lease = self.clock.now(), timedelta(seconds=seconds)
        due = {name for name, item in self.items.items() if item.due_at <= now}
        claimed = self.ports.queue.claim([self.queue], limit, lease)
        assert len(claimed) == min(limit, len(due))
        for delivery in claimed:
            assert delivery.name in due
            item = self.items[delivery.name]
            item.due_at, item.lease, item.attempt = now + lease, delivery.lease, item.attempt + 1
            assert (delivery.attempt, delivery.failures) == (item.attempt, item.failures)
            self.claims.append(delivery)

    def done(self, which: int) -> None:
        if (item := self._settle(which, Done)) is not None:
            del self.items[item]

    def again(self, which: int, seconds: int, counts: bool) -> None:
        at = self.clock.now() + timedelta(seconds=seconds)
        name = self._settle(which, lambda delivery: Again(delivery, at, PROBLEM, counts))
        if name is not None:
            item = self.items[name]
            attempt = item.attempt if counts else item.attempt - 1
            self.items[name] = Item(at, attempt=attempt, failures=item.failures + counts)

    def bury(self, which: int) -> None:
        if (name := self._settle(which, lambda delivery: Bury(delivery, PROBLEM))) is not None:
            del self.items[name]
            self.dead.add(name)

    def hand_back(self, which: int) -> None:
        if (claimed := self._pick(which)) is None:
            return
        self.ports.queue.hand_back([claimed])
        if (item := self._held(claimed)) is not None:
            # When exactly it was due before its claim is of no interest: it is due now.
            item.lease, item.attempt, item.due_at = "", item.attempt - 1, self.clock.now()
            due = self.ports.queue.next_due([self.queue])
            assert due is not None
            assert due <= self.clock.now()
            self._claim_back(claimed)

    def renew(self, which: int, seconds: int) -> None:
        if (claimed := self._pick(which)) is None:
            return
        lease = timedelta(seconds=seconds)
        renewed = self.ports.queue.renew([claimed], lease)
        item = self._held(claimed)
        assert renewed == ({claimed.id} if item else set())
        if item:
            item.due_at = self.clock.now() + lease

    def hasten(self) -> None:
        now = self.clock.now()
        put_off = [item for item in self.items.values() if not item.lease and item.due_at > now]
        assert self.ports.queue.hasten(self.queue) == len(put_off)
        for item in put_off:
            item.due_at = now

    def wait(self, seconds: int) -> None:
        self.clock.advance(seconds=seconds)

    def _settle(self, which: int, settlement: Any) -> str | None:
        """Settle one of the claims; return the delivery's name if that claim still held."""
        if (claimed := self._pick(which)) is None:
            return None
        held = self._held(claimed) is not None
        try:
            self.ports.store.commit(Change(settled=settlement(claimed)))
        except LeaseLost:
            assert not held
            return None
        assert held
        return claimed.name

    def _claim_back(self, claimed: Delivery) -> None:
        """Claim everything that is due, until the one that was handed back is held again."""
        while not self.items[claimed.name].lease:
            self.claim(3, 30)

    def _pick(self, which: int) -> Delivery | None:
        claimed = self.claims[-1 - which] if which < len(self.claims) else None
        item = self.items.get(claimed.name) if claimed else None
        # A lease that is over and was not taken by anybody may or may not still be honoured: nothing is promised.
        over = item and claimed and item.lease == claimed.lease and item.due_at <= self.clock.now()
        return None if over else claimed

    def _held(self, claimed: Delivery) -> Item | None:
        item = self.items.get(claimed.name)
        return item if item and item.lease == claimed.lease else None


class QueueModelContract(Contract):
    @settings(
        max_examples=60,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.differing_executors],
    )
    @given(operations=OPERATIONS)
    def test_any_order_of_operations_ends_as_the_model_says(
        self, ports: Ports, clock: ManualClock, operations: list[tuple[Any, ...]]
    ) -> None:
        model = Model(ports, clock, queue=f"queue {uuid.uuid4()}")
        for operation in operations:
            model.do(*operation)
