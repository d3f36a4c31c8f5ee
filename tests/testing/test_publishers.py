"""The recording publisher keeps the publishers' interface."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from pressroom.errors import OutcomeUnknown, RateLimited
from pressroom.publications import Attempt, Post, PostMedia, Receipt
from pressroom.publishers.base import Absent, CannotTell, Found, Reading
from pressroom.testing import Lost, RecordingPublisher, a_channel

NOW = datetime(2026, 10, 31, 8, 0, tzinfo=UTC)
PICTURE = PostMedia(key="pet.png", revision=1, media_type="image/png", width=8, height=8, alt_text="A cat")
POST = Post(text="Dress up your pet", media=(PICTURE,))


class Sender:
    """Prepares and publishes as the protocol does, keeping what preparation has got."""

    def __init__(self) -> None:
        self.publisher = RecordingPublisher()
        self.prepared: dict[str, Any] = {}

    def prepare(self) -> None:
        self.prepared = self.publisher.prepare(POST, lambda media: b"png", self.prepared, self.keep)

    def keep(self, prepared: dict[str, Any]) -> None:
        self.prepared = prepared

    def send(self) -> Receipt:
        self.prepare()
        return self.publisher.publish(POST, self.prepared)

    def look(self) -> Reading:
        return self.publisher.reconcile(POST, self.prepared, Attempt(number=1, started_at=NOW))


def test_without_a_script_every_post_goes_out() -> None:
    sender = Sender()
    receipt = sender.send()
    assert sender.publisher.posts == [POST]
    assert receipt.remote_id == "1"
    assert sender.look() == Found(receipt)


def test_pictures_are_uploaded_once_however_often_it_is_prepared() -> None:
    sender = Sender()
    sender.prepare()
    sender.prepare()
    assert list(sender.publisher.uploads.values()) == [b"png"]


def test_a_scripted_error_leaves_nothing_public() -> None:
    sender = Sender()
    sender.publisher.enqueue(RateLimited("Slow down."), None)
    with pytest.raises(RateLimited):
        sender.send()
    assert sender.publisher.posts == []
    assert sender.look() == Absent()
    sender.send()
    assert (len(sender.publisher.posts), len(sender.publisher.calls)) == (1, 2)


@pytest.mark.parametrize("arrived", [True, False])
def test_a_lost_answer_tells_nothing_and_reconciling_does(arrived: bool) -> None:
    sender = Sender()
    sender.publisher.enqueue(Lost(arrived))
    with pytest.raises(OutcomeUnknown):
        sender.send()
    assert len(sender.publisher.posts) == int(arrived)
    assert isinstance(sender.look(), Found if arrived else Absent)


def test_readings_can_be_scripted() -> None:
    sender = Sender()
    sender.send()
    sender.publisher.enqueue_readings(Absent(), CannotTell("Two look alike."), RateLimited("Slow down."))
    assert sender.look() == Absent()
    assert sender.look() == CannotTell("Two look alike.")
    with pytest.raises(RateLimited):
        sender.look()
    assert isinstance(sender.look(), Found)


def test_the_same_words_under_another_key_are_another_post() -> None:
    sender = Sender()
    sender.send()
    sender.prepared = {}
    sender.prepare()
    assert sender.look() == Absent()


def test_a_channel_for_tests_can_be_given_its_settings() -> None:
    channel = a_channel("sky", settle_seconds=5)
    channel.secrets.set("channels.sky.api_key", "secret")
    assert channel.secret("api_key") == "secret"
    assert RecordingPublisher(channel).settles_in.total_seconds() == 5
