"""What a change does to deliveries: new ones on their queues, and the one that it settles."""

from __future__ import annotations

from pressroom.backends.dynamodb import keys
from pressroom.backends.dynamodb.conditions import absent, is_
from pressroom.backends.dynamodb.delivery_records import delivery_record, grown, letter_record
from pressroom.backends.dynamodb.draft import Draft, Overtaken
from pressroom.backends.dynamodb.table_shapes import STATE
from pressroom.backends.dynamodb.transaction import refuse
from pressroom.backends.dynamodb.values import Record, us
from pressroom.deliveries import Again, Bury, Delivery, Done
from pressroom.errors import LeaseLost


def draft_deliveries(draft: Draft) -> None:
    positions = draft.positions()
    for number, delivery in enumerate(draft.change.deliveries):
        id, event = draft.delivery_id(number), delivery.event
        key = keys.delivery(delivery, id)
        position = positions.get(event.id, event.position) if event else None
        record = draft.fit(key[0], delivery_record(delivery, id, position, draft.now_us))
        draft.transaction.put(STATE, key, record, absent("id"), refuse(Overtaken(above=id)))


def draft_settlement(draft: Draft) -> None:
    settled = draft.change.settled
    if settled is None:
        return
    delivery = settled.delivery
    lost = LeaseLost(f"The lease on {delivery.name} was lost to another worker.", where=delivery.name)
    if not delivery.lease:
        raise lost
    key = keys.delivery(delivery, delivery.id)
    held = is_("lease", delivery.lease)
    if isinstance(settled, Done):
        draft.transaction.remove(STATE, key, held, refuse(lost))
        return
    stored = draft.known.get(key)
    if stored is None or stored["lease"] != delivery.lease:
        raise lost
    if isinstance(settled, Again):
        put = draft.fit(key[0], _put_back(stored, settled, draft))
        draft.transaction.change(STATE, key, held, refuse(lost), put=put)
        return
    draft.transaction.remove(STATE, key, held, refuse(lost))
    _draft_letter(draft, stored, settled)


def key_of_settled(draft_settled: Again | Bury | Done | None) -> list[tuple[str, str]]:
    """Return the key of what must be read before it can be settled: whatever is not simply done has a history."""
    if draft_settled is None or isinstance(draft_settled, Done):
        return []
    return [keys.delivery(draft_settled.delivery, draft_settled.delivery.id)]


def _put_back(stored: Record, settled: Again, draft: Draft) -> Record:
    return {
        "due_at": us(settled.at),
        "lease": "",
        "failures": stored["failures"] + int(settled.counts),
        # A mere wait takes its attempt back.
        "attempt": stored["attempt"] - (0 if settled.counts else 1),
        "history": grown(stored["history"], settled, draft.now),
        "waiting_on": settled.queue or stored["waiting_on"],
    }


def _draft_letter(draft: Draft, stored: Record, settled: Bury) -> None:
    delivery: Delivery = settled.delivery
    key = keys.letter(stored["of"], delivery.id)
    letter = draft.fit(key[0], letter_record(stored, settled, delivery.id, draft.now))
    taken = refuse(Overtaken(above=delivery.id))
    draft.transaction.put(STATE, key, letter, absent("id"), taken)
    place = {"place": key[0]}
    draft.transaction.put(STATE, keys.letter_by_id(delivery.id), place, absent("place"), taken)
