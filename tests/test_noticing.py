"""Webhooks: what a network has signed is taken in once, and each notice becomes one event."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

import pytest

from pressroom.engagement import Notice
from pressroom.errors import BadInput, NotFound
from pressroom.noticing import NOTICED, RECEIVED
from pressroom.testing import ManualClock, work_off
from pressroom.webhooks import LARGEST_BODY_BYTES, NotGenuine, Webhook, hmac_sha256, is_signed
from tests.press import Network, Press


class Signed(Webhook):
    def handshake(self, query: Mapping[str, str]) -> tuple[str, str]:
        return query["challenge"], "text/plain"

    def verify(self, headers: Mapping[str, str], body: bytes) -> None:
        if not is_signed(hmac_sha256("secret", body).hexdigest(), headers.get("signature", "")):
            raise NotGenuine("The signature is wrong.")

    def notices(self, body: bytes) -> Iterable[Notice]:
        return [Notice(**one) for one in json.loads(body)]


class Telling(Network):
    def webhook(self) -> Webhook:
        return Signed()


class Told:
    def __init__(self) -> None:
        clock = ManualClock()
        self.press = Press(Telling(clock), clock=clock)
        self.press.ask()
        self.press.work()
        [publication] = self.press.ports.publications.find()
        assert publication.receipt is not None
        self.publication, self.remote_id = publication, publication.receipt.remote_id

    def body(self, *ids: str, **more: Any) -> bytes:
        return json.dumps([{"id": id, "remote_id": self.remote_id, "kind": "like", **more} for id in ids]).encode()

    def tell(self, body: bytes) -> bool:
        signature = hmac_sha256("secret", body).hexdigest()
        taken = self.press.runtime.noticing.receive("main", {"signature": signature}, body)
        work_off(self.press.runtime)
        return taken

    def noticed(self) -> list[str]:
        return [event.data["notice_id"] for event in self.press.ports.events.after(0, types=[NOTICED])]


@pytest.fixture
def told() -> Told:
    return Told()


def test_a_batch_is_split_into_one_event_for_each_notice(told: Told) -> None:
    told.tell(told.body("1", "2"))
    assert told.noticed() == ["1", "2"]
    [first, _] = told.press.ports.events.after(0, types=[NOTICED])
    assert (first.subject, first.job_id) == (told.publication.id, told.publication.job_id)
    assert first.data["kind"] == "like"


def test_the_same_request_again_is_dropped_at_the_door(told: Told) -> None:
    assert [told.tell(told.body("1")) for _ in range(2)] == [True, False]
    assert len(told.press.ports.events.after(0, types=[RECEIVED])) == 1


def test_a_notice_that_comes_again_in_another_batch_is_one_event(told: Told) -> None:
    told.tell(told.body("1", "2"))
    told.tell(told.body("2", "3"))
    assert told.noticed() == ["1", "2", "3"]


def test_a_worker_that_dies_in_the_middle_of_a_batch_leaves_nothing_out_and_nothing_twice(told: Told) -> None:
    told.tell(told.body("1", "2"))
    [received] = told.press.ports.events.after(0, types=[RECEIVED])
    told.press.fresh().noticing.read(received)
    assert told.noticed() == ["1", "2"]


def test_what_is_about_other_posts_than_ours_is_left_out(told: Told) -> None:
    told.tell(told.body("1", remote_id="somebody's"))
    assert told.noticed() == []


def test_a_wrong_signature_is_refused_and_nothing_is_stored(told: Told) -> None:
    with pytest.raises(NotGenuine):
        told.press.runtime.noticing.receive("main", {"signature": "0" * 64}, told.body("1"))
    assert told.press.ports.events.after(0, types=[RECEIVED]) == []


def test_one_changed_byte_makes_a_signature_wrong(told: Told) -> None:
    body = told.body("1")
    signature = hmac_sha256("secret", body).hexdigest()
    with pytest.raises(NotGenuine):
        told.press.runtime.noticing.receive("main", {"signature": signature}, body.replace(b"like", b"lake"))


def test_a_body_that_is_too_large_or_no_text_is_refused(told: Told) -> None:
    for body in (b" " * (LARGEST_BODY_BYTES + 1), b"\xff\xfe"):
        with pytest.raises(BadInput):
            told.tell(body)


@pytest.mark.parametrize("channel", ["nobody", "preview"])
def test_a_channel_that_takes_no_webhooks_says_so(told: Told, channel: str) -> None:
    with pytest.raises(NotFound, match="No webhook"):
        told.press.runtime.noticing.receive(channel, {}, b"[]")


def test_a_body_that_nobody_can_read_becomes_a_dead_letter_with_its_reason(told: Told) -> None:
    told.tell(b"not json")
    for _ in range(12):
        told.press.pass_time(hours=1)
    [letter] = told.press.ports.dead_letters.find()
    assert letter.name == "webhooks"
