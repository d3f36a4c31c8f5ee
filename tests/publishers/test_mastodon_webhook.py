"""What a Mastodon server tells by webhook: signed replies, boosts and edits, each with one identity."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from pressroom.engagement import Notice
from pressroom.errors import BadInput
from pressroom.publishers._mastodon_webhook import MastodonWebhook
from pressroom.webhooks import NotGenuine
from tests.publishers.mastodon_bench import a_bench

SECRET = "signing-secret-of-the-server"
AT = "2026-11-20T08:00:00.123Z"
MOMENT = datetime(2026, 11, 20, 8, 0, 0, 123_000, tzinfo=UTC)
REPLY = {
    "id": "20",
    "created_at": AT,
    "in_reply_to_id": "10",
    "visibility": "public",
    "content": "<p>Nice &amp; <span>spooky</span></p>",
    "reblog": None,
    "account": {"id": "7", "username": "you"},
}


@pytest.fixture
def webhook() -> MastodonWebhook:
    return MastodonWebhook(SECRET, "channel toots")


def body(event: str = "status.created", **changed: Any) -> bytes:
    return json.dumps({"event": event, "created_at": AT, "object": REPLY | changed}).encode()


def signature(data: bytes, secret: str = SECRET) -> str:
    return "sha256=" + hmac.new(secret.encode(), data, hashlib.sha256).hexdigest()


def test_a_channel_without_the_secret_takes_no_webhooks() -> None:
    with a_bench() as bench:
        assert bench.publisher.webhook() is None
        bench.secrets.set("channels.toots.webhook_secret", f" {SECRET}\n")
        webhook = bench.publisher.webhook()
        assert webhook is not None
        webhook.verify({"x-hub-signature": signature(b"{}")}, b"{}")


def test_what_the_server_signed_is_genuine(webhook: MastodonWebhook) -> None:
    webhook.verify({"x-hub-signature": signature(body())}, body())


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"x-hub-signature": ""},
        {"x-hub-signature": "sha256="},
        {"x-hub-signature": signature(body(), "another")},
        {"x-hub-signature": signature(body() + b" ")},
        {"x-hub-signature": signature(body()).removeprefix("sha256=")},
        {"x-hub-signature": "sha256=\udcff"},
        {"x-hub-signature-256": signature(body())},
    ],
)
def test_anything_else_is_not(webhook: MastodonWebhook, given: dict[str, str]) -> None:
    with pytest.raises(NotGenuine) as raised:
        webhook.verify(given, body())
    assert "channels.toots.webhook_secret" in raised.value.todo
    assert SECRET not in str(raised.value)


def test_it_asks_no_question(webhook: MastodonWebhook) -> None:
    with pytest.raises(BadInput):
        webhook.handshake({"hub.challenge": "1"})


def test_a_reply_is_a_comment_on_what_it_replies_to(webhook: MastodonWebhook) -> None:
    notice = Notice(id="status:20", remote_id="10", kind="comment", at=MOMENT, text="Nice & spooky")
    assert list(webhook.notices(body())) == [notice]


@pytest.mark.parametrize("visibility", ["private", "direct", None])
def test_the_words_of_a_reply_that_not_everybody_sees_are_left_out(webhook: MastodonWebhook, visibility: str) -> None:
    [notice] = webhook.notices(body(visibility=visibility))
    assert (notice.kind, notice.text) == ("comment", "")


def test_a_boost_is_a_share_of_what_is_boosted(webhook: MastodonWebhook) -> None:
    notice = Notice(id="status:21", remote_id="10", kind="share", at=MOMENT)
    assert list(webhook.notices(body(id="21", in_reply_to_id=None, reblog={"id": "10"}))) == [notice]


def test_an_edit_is_told_once_for_each_time(webhook: MastodonWebhook) -> None:
    first, again, second = (
        next(iter(webhook.notices(body("status.updated", id="10", edited_at=edited_at))))
        for edited_at in (AT, AT, "2026-11-20T09:00:00Z")
    )
    assert first == again
    assert (first.remote_id, first.kind, first.at) == ("10", "edit", MOMENT)
    assert second.id != first.id


@pytest.mark.parametrize(
    "data",
    [
        body("account.created"),
        body("report.created"),
        body(in_reply_to_id=None),
        body(id=None),
    ],
)
def test_what_is_about_no_post_is_left_out(webhook: MastodonWebhook, data: bytes) -> None:
    assert list(webhook.notices(data)) == []


@pytest.mark.parametrize(
    "data", [b"", b"{", b"[]", b"{}", b'{"event": "status.created"}', b'{"content": "Hello"}', b"\xff"]
)
def test_what_cannot_be_read_is_said_to_be_so(webhook: MastodonWebhook, data: bytes) -> None:
    with pytest.raises(BadInput) as raised:
        webhook.notices(data)
    assert "template" in raised.value.todo


@pytest.mark.parametrize("at", [None, "", "soon"])
def test_a_reply_without_its_time_has_none(webhook: MastodonWebhook, at: str) -> None:
    [notice] = webhook.notices(body(created_at=at))
    assert notice.at is None
