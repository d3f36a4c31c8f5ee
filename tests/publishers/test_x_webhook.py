"""X's webhooks and counts: what X documents of both."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from typing import Any

import pytest

from pressroom.engagement import Engagement
from pressroom.errors import BadInput
from pressroom.publishers._x_webhook import SIGNATURE, XWebhook
from pressroom.webhooks import NotGenuine
from tests.publishers.x_bench import XBench, a_bench

SECRET = "consumer-secret"


@pytest.fixture
def bench() -> Iterator[XBench]:
    with a_bench() as made:
        yield made


def signature(data: bytes, secret: str = SECRET) -> str:
    return "sha256=" + base64.b64encode(hmac.new(secret.encode(), data, hashlib.sha256).digest()).decode()


def event(kind: str, **payload: Any) -> dict[str, Any]:
    return {"data": {"event_uuid": "9001", "event_type": kind, "filter": {"user_id": "7"}, "payload": payload}}


def notices(document: Any) -> list[tuple[str, str, str]]:
    return [(one.id, one.kind, one.remote_id) for one in XWebhook(SECRET).notices(json.dumps(document).encode())]


def test_the_challenge_is_answered_with_its_signature() -> None:
    body, media_type = XWebhook(SECRET).handshake({"crc_token": "abc"})
    assert media_type == "application/json"
    assert json.loads(body) == {"response_token": signature(b"abc")}


def test_a_challenge_without_a_token_is_none() -> None:
    with pytest.raises(BadInput, match="crc_token"):
        XWebhook(SECRET).handshake({})


def test_a_body_that_x_has_signed_is_genuine() -> None:
    XWebhook(SECRET).verify({SIGNATURE: signature(b"{}")}, b"{}")


@pytest.mark.parametrize("given", ["", "sha256=", signature(b"{}", "other"), signature(b"{ }"), "sha256=\udcff"])
def test_any_other_signature_is_not(given: str) -> None:
    with pytest.raises(NotGenuine):
        XWebhook(SECRET).verify({SIGNATURE: given} if given else {}, b"{}")


def test_a_like_of_a_post_is_a_notice_about_it() -> None:
    assert notices(event("like.create", liked_tweet_id="55")) == [("9001", "like", "55")]


def test_replies_and_reposts_are_notices_about_the_posts_that_they_refer_to() -> None:
    references = [{"type": "replied_to", "id": "55"}, {"type": "quoted", "id": "56"}, {"type": "other", "id": "57"}]
    found = notices(event("post.create", id="60", text="Nice", referenced_tweets=references))
    assert found == [("60:55", "comment", "55"), ("60:56", "share", "56")]


def test_a_reply_and_its_mention_are_one_notice() -> None:
    reply = {"id": "60", "in_reply_to_status_id": "55"}
    assert notices(event("post.create", **reply)) == notices(event("post.mention.create", **reply))


@pytest.mark.parametrize("document", [{}, [], {"data": None}, event("follow.follow"), event("post.create", id="1"), 7])
def test_what_is_about_no_post_is_left_out(document: Any) -> None:
    assert notices(document) == []


def test_what_is_not_json_is_bad_input() -> None:
    with pytest.raises(BadInput):
        list(XWebhook(SECRET).notices(b"<html>"))


def test_the_consumer_secret_is_the_apps_own_and_never_shown(bench: XBench) -> None:
    assert bench.publisher.webhook() is None, "without a secret nothing can be verified"
    bench.secrets.set("channels.main.webhook_secret", SECRET)
    assert SECRET not in repr(bench.publisher.webhook())


def test_counts_are_read_as_x_shows_them(bench: XBench) -> None:
    receipt = bench.publisher.publish(bench.post, bench.prepare())
    bench.x.posts[0].metrics = {"like_count": 3, "retweet_count": 2, "quote_count": 1, "impression_count": 90}
    assert bench.publisher.measure([receipt.remote_id, "99"]) == {
        receipt.remote_id: Engagement(likes=3, comments=0, shares=3, views=90, saves=0)
    }
