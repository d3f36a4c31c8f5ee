"""Webhooks of any service: signed as the settings say, old ones refused, split into notices by JSON paths."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from pressroom.errors import BadInput
from pressroom.publishers._rest_hook import Hook
from pressroom.publishers._rest_webhook import RestWebhook
from pressroom.webhooks import NotGenuine
from tests.publishers.rest_bench import rest_on

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
SECRET = "hook-secret"


def hook(**settings: Any) -> RestWebhook:
    return RestWebhook(Hook(**settings), SECRET, lambda: NOW, "channel blog")


def digest(data: bytes) -> bytes:
    return hmac.new(SECRET.encode(), data, hashlib.sha256).digest()


def test_a_body_is_genuine_with_its_signature_in_hexadecimal_or_base64() -> None:
    hook().verify({"x-signature": "sha256=" + digest(b"{}").hex()}, b"{}")
    other = hook(signature_header="X-Hook", signature="{base64}")
    other.verify({"x-hook": base64.b64encode(digest(b"{}")).decode()}, b"{}")


@pytest.mark.parametrize("given", ["", "sha256=", "sha256=" + digest(b"{ }").hex(), digest(b"{}").hex()])
def test_any_other_signature_is_refused_with_the_secret_to_look_at(given: str) -> None:
    with pytest.raises(NotGenuine) as raised:
        hook().verify({"x-signature": given}, b"{}")
    assert "channels.blog.webhook_secret" in raised.value.todo


def stamped(moment: datetime) -> dict[str, str]:
    stamp = str(int(moment.timestamp()))
    return {"x-time": stamp, "x-signature": "sha256=" + digest(stamp.encode() + b".{}").hex()}


def test_a_time_that_is_signed_too_keeps_old_requests_out() -> None:
    timed = hook(timestamp_header="X-Time", max_age_seconds=60)
    timed.verify(stamped(NOW - timedelta(seconds=59)), b"{}")
    for wrong in (stamped(NOW - timedelta(seconds=61)), stamped(NOW + timedelta(seconds=61)), {"x-time": "x"}, {}):
        with pytest.raises(NotGenuine):
            timed.verify(wrong, b"{}")


def test_a_time_cannot_be_renewed_without_the_secret() -> None:
    old = stamped(NOW - timedelta(days=1))
    with pytest.raises(NotGenuine):
        hook(timestamp_header="X-Time").verify(old | {"x-time": str(int(NOW.timestamp()))}, b"{}")


def notices(document: Any, **settings: Any) -> list[tuple[str, str, str]]:
    found = hook(**settings).notices(json.dumps(document).encode())
    return [(one.id, one.remote_id, one.kind) for one in found]


def test_a_batch_is_split_and_its_words_are_understood() -> None:
    batch = {
        "events": [
            {"id": 1, "post_id": 7, "type": "liked", "created_at": 1763640000},
            {"id": 2, "post_id": 7, "type": "read", "text": "…"},
            {"id": 3, "type": "liked"},
            "nonsense",
        ]
    }
    found = notices(batch, items="$.events[*]", kinds={"liked": "like"})
    assert found == [("1", "7", "like"), ("2", "7", "read")]


def test_a_single_notice_may_be_the_whole_body() -> None:
    assert notices({"id": "a", "post_id": "7", "type": "like"}) == [("a", "7", "like")]


def test_what_bears_no_id_is_told_by_its_content() -> None:
    one, same, other = ({"post_id": "7", "type": "like", "by": who} for who in ("ann", "ann", "bob"))
    ids = [notices(document)[0][0] for document in (one, same, other)]
    assert ids[0] == ids[1] != ids[2]


@pytest.mark.parametrize("body", [b"", b"<html>", b"{}", b"[" * 100_000])
def test_a_body_without_notices_is_bad_input(body: bytes) -> None:
    with pytest.raises(BadInput):
        list(hook(items="$.events[*]").notices(body))


def test_a_question_is_answered_only_where_one_is_expected() -> None:
    assert hook(challenge="q").handshake({"q": "42"}) == ("42", "text/plain")
    for query in ({"other": "42"}, {}):
        with pytest.raises(BadInput):
            hook(challenge="q").handshake(query)


def test_a_channel_takes_webhooks_once_they_are_set_up_and_their_secret_is_there() -> None:
    settings = {"requests": [{"name": "create", "path": "/posts", "json": {"t": "{{ text }}"}}]}
    assert rest_on("https://blog.example", settings).webhook() is None
    publisher = rest_on("https://blog.example", settings | {"webhook": {"items": "$"}})
    assert publisher.webhook() is None
    publisher.channel.secrets.set(f"channels.{publisher.channel.name}.webhook_secret", SECRET)
    assert publisher.webhook() is not None


def test_a_wrong_path_is_found_when_the_channel_is_made() -> None:
    settings = {"requests": [{"path": "/posts", "json": {"t": "{{ text }}"}}], "webhook": {"items": "$.["}}
    with pytest.raises(Exception, match=r"webhook\.items"):
        rest_on("https://blog.example", settings)
