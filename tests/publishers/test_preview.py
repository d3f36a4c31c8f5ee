"""The preview feed takes every post, once, and shows it as the network that it is like."""

from __future__ import annotations

from typing import Any

import pytest

from pressroom import registry
from pressroom.errors import ConfigurationError, UnknownName
from pressroom.publications import Attempt, Post, PostMedia
from pressroom.publishers.base import Absent, Channel
from pressroom.publishers.preview import PreviewFeed, PreviewSettings
from pressroom.testing.publishers import a_channel

POST = Post(text="Happy Halloween!")


def a_feed(like: str = "x") -> PreviewFeed:
    plain = a_channel("pages")
    return PreviewFeed(Channel("pages", PreviewSettings(network="preview", like=like), plain.secrets, plain.clock))


def unread(media: PostMedia) -> bytes:
    raise AssertionError("a picture is shown from where it is stored")


def prepare(feed: PreviewFeed, prepared: dict[str, Any]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    kept: list[dict[str, Any]] = []
    return feed.prepare(POST, unread, prepared, kept.append), kept


def test_the_receipt_leads_to_our_own_page() -> None:
    feed = a_feed()
    prepared, _ = prepare(feed, {})
    receipt = feed.publish(POST, prepared)
    assert receipt.url == f"/preview/{receipt.remote_id}"
    assert receipt.at == feed.channel.clock.now()


def test_the_key_is_kept_before_the_post_and_chosen_once() -> None:
    feed = a_feed()
    prepared, kept = prepare(feed, {})
    assert kept == [prepared]
    assert prepare(feed, prepared) == (prepared, [])


def test_the_same_post_again_is_the_same_post() -> None:
    feed = a_feed()
    prepared, _ = prepare(feed, {})
    assert feed.repeatable
    assert feed.publish(POST, prepared) == feed.publish(POST, prepared)


def test_two_posts_with_the_same_words_are_two_posts() -> None:
    feed = a_feed()
    assert prepare(feed, {})[0] != prepare(feed, {})[0]


def test_nothing_is_found_that_has_no_receipt() -> None:
    feed = a_feed()
    attempt = Attempt(number=1, started_at=feed.channel.clock.now())
    assert feed.reconcile(POST, prepare(feed, {})[0], attempt) == Absent()


def test_it_has_the_limits_and_the_count_of_the_network_it_is_like() -> None:
    feed, network = a_feed("x"), registry.publisher("x")
    assert feed.text_rules == network.text_rules
    assert feed.image_rules == network.image_rules
    assert feed.length("日本語") == 6


def test_it_shows_the_post_as_that_network_with_its_warnings_and_charges_nothing() -> None:
    feed = a_feed()
    shown = feed.preview(Post(text="boo " * 100 + "https://example.com"))
    assert (shown.network, shown.limit) == ("X", 280)
    assert "Shorten it by" in shown.warnings[0]
    assert "$0.20" in shown.warnings[1]
    assert feed.price(POST) == 0


def test_it_is_like_no_network_that_does_not_exist() -> None:
    with pytest.raises(UnknownName, match="Known"):
        a_feed("zzyzx")


def test_it_is_not_like_itself() -> None:
    with pytest.raises(ConfigurationError, match="like itself"):
        a_feed("preview")


def test_a_check_says_that_no_account_is_needed() -> None:
    assert [finding.ok for finding in a_feed().check()] == [True]


def test_it_is_found_by_its_modules_name() -> None:
    assert registry.publisher("preview") is PreviewFeed
