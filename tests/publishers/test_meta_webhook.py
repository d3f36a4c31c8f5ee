"""Webhooks of Meta's networks: the handshake, the signature, and bodies taken apart into notices."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Any

import pytest

from pressroom.errors import BadInput
from pressroom.publishers.base import Publisher
from pressroom.webhooks import NotGenuine, Webhook
from tests.fakes.meta_state import APP_SECRET
from tests.publishers import facebook_bench, instagram_bench, threads_bench
from tests.publishers.meta_checks import signed

PAGE, USER = "102030405060708", "17841405822304914"
QUESTION = {
    "hub.mode": "subscribe",
    "hub.challenge": "1158201444",
    "hub.verify_token": "verify-token-of-pressroom",
}


@pytest.fixture
def publishers() -> Iterator[dict[str, Publisher]]:
    with ExitStack() as stack:
        facebook = stack.enter_context(facebook_bench.a_bench(settings={"page_id": PAGE}))
        instagram = stack.enter_context(instagram_bench.a_bench(settings={"user_id": USER}))
        threads = stack.enter_context(threads_bench.a_bench(settings={"user_id": USER}))
        yield {
            "facebook": facebook.publisher,
            "instagram": instagram.publisher,
            "threads": threads.publisher,
        }


def webhook_of(publisher: Publisher) -> Webhook:
    found = publisher.webhook()
    assert found is not None
    return found


def notices(webhook: Webhook, document: Any) -> list[Any]:
    return list(webhook.notices(json.dumps(document).encode()))


NETWORKS = ["facebook", "instagram", "threads"]


@pytest.mark.parametrize("network", NETWORKS)
class TestEach:
    def test_the_handshake_gives_the_challenge_back(self, publishers: dict[str, Publisher], network: str) -> None:
        assert webhook_of(publishers[network]).handshake(QUESTION) == ("1158201444", "text/plain")

    def test_a_wrong_token_is_not_answered(self, publishers: dict[str, Publisher], network: str) -> None:
        for wrong in ({**QUESTION, "hub.verify_token": "another"}, {**QUESTION, "hub.verify_token": ""}):
            with pytest.raises(NotGenuine):
                webhook_of(publishers[network]).handshake(wrong)

    def test_a_question_that_is_none_is_bad_input(self, publishers: dict[str, Publisher], network: str) -> None:
        for wrong in ({}, {**QUESTION, "hub.mode": "unsubscribe"}, {**QUESTION, "hub.challenge": ""}):
            with pytest.raises(BadInput):
                webhook_of(publishers[network]).handshake(wrong)

    def test_only_what_is_signed_byte_for_byte_is_genuine(self, publishers: dict[str, Publisher], network: str) -> None:
        webhook, body = webhook_of(publishers[network]), b'{"object": "page"}'
        headers = signed(APP_SECRET, body)
        webhook.verify(headers, body)
        wrong: list[tuple[dict[str, str], bytes]] = [
            (headers, body + b" "),
            ({}, body),
            ({"x-hub-signature-256": ""}, body),
            ({"x-hub-signature-256": headers["x-hub-signature-256"].removeprefix("sha256=")}, body),
            ({"x-hub-signature-256": "sha256=é"}, body),
            (signed("another secret", body), body),
        ]
        for given, sent in wrong:
            with pytest.raises(NotGenuine):
                webhook.verify(given, sent)

    @pytest.mark.parametrize("body", [b"", b"junk", b"[1]", b"\xff"])
    def test_what_cannot_be_read_is_bad_input(
        self, publishers: dict[str, Publisher], network: str, body: bytes
    ) -> None:
        with pytest.raises(BadInput):
            list(webhook_of(publishers[network]).notices(body))

    @pytest.mark.parametrize(
        "document",
        [
            {},
            {"object": "page"},
            {"object": "instagram", "entry": [None, {"id": USER, "changes": [None, {"field": "comments"}]}]},
            {"object": "page", "entry": {"id": PAGE}},
            {"object": "page", "entry": [{"id": PAGE, "changes": [{"field": "feed", "value": []}]}]},
            {"values": {"value": {"root_post": 7}, "field": "replies"}},
        ],
    )
    def test_what_is_about_no_post_comes_to_nothing(
        self, publishers: dict[str, Publisher], network: str, document: Any
    ) -> None:
        assert notices(webhook_of(publishers[network]), document) == []

    @pytest.mark.parametrize("name", ["app_secret", "webhook_verify_token"])
    def test_without_its_secrets_there_is_none(self, publishers: dict[str, Publisher], network: str, name: str) -> None:
        publisher = publishers[network]
        publisher.channel.secrets.remove(f"channels.main.{name}")
        assert publisher.webhook() is None

    def test_no_secret_is_in_its_repr(self, publishers: dict[str, Publisher], network: str) -> None:
        shown = repr(webhook_of(publishers[network]))
        assert APP_SECRET not in shown
        assert "verify-token" not in shown


def on_page(value: dict[str, Any], page: str = PAGE) -> dict[str, Any]:
    return {
        "object": "page",
        "entry": [{"id": page, "time": 1795190400, "changes": [{"field": "feed", "value": value}]}],
    }


class TestFacebook:
    COMMENT = {  # noqa: RUF012 - a sample
        "item": "comment",
        "verb": "add",
        "post_id": f"{PAGE}_1",
        "comment_id": "1_2",
        "message": "Nice",
        "created_time": 1795190401,
        "from": {"id": "77", "name": "Somebody"},
    }

    def test_a_comment_is_told_with_its_words_and_without_its_author(self, publishers: dict[str, Publisher]) -> None:
        (notice,) = notices(webhook_of(publishers["facebook"]), on_page(self.COMMENT))
        assert (notice.id, notice.remote_id, notice.kind, notice.text) == ("1_2", f"{PAGE}_1", "comment", "Nice")
        assert notice.at == datetime.fromtimestamp(1795190401, UTC)
        assert "Somebody" not in repr(notice)

    def test_a_batch_is_split(self, publishers: dict[str, Publisher]) -> None:
        entry = {
            "id": PAGE,
            "time": 1,
            "changes": [{"field": "feed", "value": {**self.COMMENT, "comment_id": str(n)}} for n in range(3)],
        }
        found = notices(webhook_of(publishers["facebook"]), {"object": "page", "entry": [entry, {**entry, "id": "9"}]})
        assert [notice.id for notice in found] == ["0", "1", "2"]

    def test_a_reaction_has_the_same_id_however_often_it_is_told_and_names_nobody(
        self, publishers: dict[str, Publisher]
    ) -> None:
        value = {
            "item": "reaction",
            "verb": "add",
            "reaction_type": "love",
            "post_id": f"{PAGE}_1",
            "created_time": 1795190401,
            "from": {"id": "1234567", "name": "Somebody"},
        }
        webhook = webhook_of(publishers["facebook"])
        first, again = (notices(webhook, on_page(value))[0] for _ in range(2))
        other = notices(webhook, on_page({**value, "from": {"id": "7654321"}}))[0]
        assert first == again
        assert first.id != other.id
        assert (first.kind, first.data) == ("like", {"reaction": "love"})
        assert "1234567" not in repr(first)

    @pytest.mark.parametrize(
        "change",
        [
            {"verb": "remove"},
            {"verb": "edited"},
            {"item": "status"},
            {"post_id": "", "parent_id": ""},
            {"item": "photo"},
        ],
    )
    def test_what_is_taken_back_edited_or_our_own_is_not_one_more(
        self, publishers: dict[str, Publisher], change: dict[str, str]
    ) -> None:
        assert notices(webhook_of(publishers["facebook"]), on_page({**self.COMMENT, **change})) == []

    def test_another_page_of_the_app_is_left_out(self, publishers: dict[str, Publisher]) -> None:
        assert notices(webhook_of(publishers["facebook"]), on_page(self.COMMENT, page="99")) == []


class TestInstagram:
    def told(self, field: str, value: dict[str, Any], user: str = USER) -> dict[str, Any]:
        entry = {"id": user, "time": 1795190400, "changes": [{"field": field, "value": value}]}
        return {"object": "instagram", "entry": [entry]}

    def test_a_comment_is_told_with_its_words(self, publishers: dict[str, Publisher]) -> None:
        value = {"id": "17865", "text": "Nice", "from": {"username": "somebody"}, "media": {"id": "179"}}
        (notice,) = notices(webhook_of(publishers["instagram"]), self.told("comments", value))
        assert (notice.id, notice.remote_id, notice.kind, notice.text) == ("17865", "179", "comment", "Nice")
        assert notice.at == datetime.fromtimestamp(1795190400, UTC)
        assert "somebody" not in repr(notice)

    def test_a_mention_is_not_a_comment(self, publishers: dict[str, Publisher]) -> None:
        value = {"media_id": "179", "comment_id": "17865"}
        (notice,) = notices(webhook_of(publishers["instagram"]), self.told("mentions", value))
        assert (notice.id, notice.kind) == ("mention_17865", "mention")

    def test_another_account_of_the_app_is_left_out(self, publishers: dict[str, Publisher]) -> None:
        value = {"id": "17865", "text": "Nice", "media": {"id": "179"}}
        assert notices(webhook_of(publishers["instagram"]), self.told("comments", value, user="9")) == []


class TestThreads:
    REPLY = {  # noqa: RUF012 - a sample
        "id": "8901234",
        "username": "test_username",
        "text": "Reply",
        "replied_to": {"id": "567890"},
        "root_post": {"id": "123456", "owner_id": USER, "username": "pressroom"},
        "timestamp": "2026-11-20T10:33:16+0000",
    }

    def told(self, value: dict[str, Any], field: str = "replies") -> dict[str, Any]:
        return {"app_id": "1", "topic": "moderate", "values": {"value": value, "field": field}}

    def test_a_reply_is_a_comment_on_the_post_that_it_all_began_with(self, publishers: dict[str, Publisher]) -> None:
        (notice,) = notices(webhook_of(publishers["threads"]), self.told(self.REPLY))
        assert (notice.id, notice.remote_id, notice.kind, notice.text) == ("8901234", "123456", "comment", "Reply")
        assert notice.at == datetime(2026, 11, 20, 10, 33, 16, tzinfo=UTC)
        assert "test_username" not in repr(notice)

    def test_replies_come_in_lists_and_in_entries_too(self, publishers: dict[str, Publisher]) -> None:
        change = {"value": self.REPLY, "field": "replies"}
        webhook = webhook_of(publishers["threads"])
        assert len(notices(webhook, {"values": [change, change]})) == 2
        assert len(notices(webhook, {"entry": [{"id": USER, "changes": [change]}]})) == 1

    def test_replies_to_others_and_other_news_are_left_out(self, publishers: dict[str, Publisher]) -> None:
        webhook = webhook_of(publishers["threads"])
        to_other = {**self.REPLY, "root_post": {"id": "1", "owner_id": "9"}}
        assert notices(webhook, self.told(to_other)) == []
        assert notices(webhook, self.told(self.REPLY, field="publish")) == []
