"""Webhooks: what a network has signed is taken in once, and each notice becomes one event."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

import pytest
from structlog.testing import capture_logs

from pressroom.changes import Change
from pressroom.engagement import Notice
from pressroom.errors import BadInput, ConfigurationError, NotFound
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


class Died(BaseException):
    """What no handler of errors outlives."""


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

    def take(self, body: bytes) -> bool:
        signature = hmac_sha256("secret", body).hexdigest()
        return self.press.runtime.noticing.receive("main", {"signature": signature}, body)

    def tell(self, body: bytes) -> bool:
        taken = self.take(body)
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
    store = told.press.ports.store

    class Dying:
        """A store whose process dies as it is about to store the second notice."""

        def commit(self, change: Change) -> None:
            if any(event.data.get("notice_id") == "2" for event in change.events):
                raise Died
            store.commit(change)

    told.take(told.body("1", "2", "3"))
    with pytest.raises(Died):
        work_off(told.press.fresh(store=Dying()))
    assert told.noticed() == ["1"]
    told.press.pass_time(hours=1)  # until the delivery of the dead worker comes back
    assert told.noticed() == ["1", "2", "3"]


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


def test_a_mistake_in_a_channels_settings_is_told_to_the_log_once_and_not_to_whoever_asks() -> None:
    clock = ManualClock()
    sections = {"wrong": {"network": "x", "base_uri": "?"}, "strange": {"network": "y"}, "bare": {}}
    noticing = Press(Telling(clock), clock=clock, channels=sections).runtime.noticing
    with capture_logs() as lines:
        for channel in (*sections, *sections):
            with pytest.raises(NotFound, match=r"^No webhook is taken here\. Its address is /webhooks/CHANNEL, and"):
                noticing.receive(channel, {}, b"[]")
    assert [line["channel"] for line in lines] == list(sections)
    assert "base_uri" in lines[0]["why"]


def test_a_mistake_in_a_channels_settings_is_told_to_whoever_looks_at_the_dead_letter(told: Told) -> None:
    told.take(told.body("1"))

    def broken() -> Webhook:
        raise ConfigurationError("Its secret is damaged.")

    told.press.network.webhook = broken  # type: ignore[method-assign]
    told.press.work()
    [letter] = told.press.ports.dead_letters.find()
    assert letter.error.what == "Its secret is damaged."


def test_a_body_that_is_nested_too_deeply_is_bad_input_and_no_defect(told: Told) -> None:
    told.tell(b"[" * 200_000)
    [letter] = told.press.ports.dead_letters.find()
    assert (letter.error.kind, letter.error.what) == ("BadInput", "The body is nested too deeply to be read.")


def test_a_body_that_nobody_can_read_becomes_a_dead_letter_with_its_reason(told: Told) -> None:
    told.tell(b"not json")
    for _ in range(12):
        told.press.pass_time(hours=1)
    [letter] = told.press.ports.dead_letters.find()
    assert letter.name == "webhooks"
