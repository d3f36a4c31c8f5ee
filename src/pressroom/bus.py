"""The bus: stores what happened together with the state it describes, and hands each event to its subscribers."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace

from pressroom.changes import Change
from pressroom.deliveries import Again, Delivery, Task
from pressroom.events import Event
from pressroom.ports import Store, Wake

EVENTS_QUEUE = "events"
NEWS = "news"
"""No queue at all: named in a notice of events that nothing waits for, so that only who follows everything wakes."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """One subscriber: it is handed each event that it wants, at least once, on a queue of its choice."""

    name: str
    types: frozenset[str]
    """The event types it wants; empty for all. That its own delivery died it is never told."""
    handle: Callable[[Event], None]
    queue: str = EVENTS_QUEUE
    wants: Callable[[Event], bool] | None = None
    """A closer look at an event of a wanted type."""


class Bus:
    def __init__(self, store: Store, wake: Wake, subscriptions: Iterable[Subscription] = ()) -> None:
        self._store, self._wake = store, wake
        self.subscriptions = {subscription.name: subscription for subscription in subscriptions}
        self._by_type: dict[str, tuple[Subscription, ...]] = {}

    def subscribe(self, subscriptions: Iterable[Subscription]) -> None:
        """Add subscribers; before anything is committed, since a stored event finds its subscribers once."""
        self.subscriptions |= {subscription.name: subscription for subscription in subscriptions}
        self._by_type.clear()

    def commit(self, change: Change) -> None:
        """Store the change with a delivery for every subscriber of its events, in one commit; then wake who it is for.

        Raises what `Store.commit` raises.
        """
        routed = tuple(
            Delivery(
                queue=subscription.queue, task=Task.EVENT, name=subscription.name, job_id=event.job_id, event=event
            )
            for event in change.events
            for subscription in self._subscribers(event)
        )
        if routed:
            change = replace(change, deliveries=change.deliveries + routed)
        self._store.commit(change)
        queues = {delivery.queue for delivery in change.deliveries}
        if isinstance(change.settled, Again):
            queues.add(change.settled.delivery.queue)
        # A mere acknowledgement is no news to anybody.
        if queues or change.events:
            self._wake.notify(queues or {NEWS})

    def wake(self, queues: Collection[str] = ()) -> None:
        """Wake workers for what was put on these queues, or on any, otherwise than by a commit."""
        self._wake.notify(queues)

    def _subscribers(self, event: Event) -> list[Subscription]:
        found = self._by_type.get(event.type)
        if found is None:
            found = self._by_type[event.type] = tuple(
                subscription
                for subscription in self.subscriptions.values()
                if not subscription.types or event.type in subscription.types
            )
        return [
            subscription
            for subscription in found
            if not _died_with(event, subscription) and (subscription.wants is None or subscription.wants(event))
        ]


def _died_with(event: Event, subscription: Subscription) -> bool:
    """Say whether the event tells of this subscriber's own dead delivery.

    Whoever fails at it would make the next such event by that, for ever.
    """
    of = (event.data.get("queue"), event.data.get("name"))
    return event.type == "DeliveryDied" and of == (subscription.queue, subscription.name)
