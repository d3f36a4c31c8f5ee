"""Slack passes the contract of publishers, as a bot with and without pictures, and by an incoming webhook."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest

from pressroom.contracts.publisher import PublisherContract
from pressroom.publications import Post, PostMedia
from tests.publishers.slack_bench import SlackBench, a_bench

WORDS = Post(text="Boo & <!channel> at midnight")


class TestABotWithAPicture(PublisherContract):
    @pytest.fixture
    def bench(self) -> Iterator[SlackBench]:
        with a_bench() as bench:
            yield bench


class TestABotWithWordsAlone(PublisherContract):
    @pytest.fixture
    def bench(self) -> Iterator[SlackBench]:
        with a_bench(WORDS) as bench:
            yield bench


class TestAWebhookWithAPicture(PublisherContract):
    @pytest.fixture
    def bench(self) -> Iterator[SlackBench]:
        def media_url(media: PostMedia, until: datetime) -> str:
            return f"https://press.example.com/{media.key}"

        with a_bench(webhook=True, media_url=media_url) as bench:
            yield bench


class TestAWebhookWithWordsAlone(PublisherContract):
    @pytest.fixture
    def bench(self) -> Iterator[SlackBench]:
        with a_bench(WORDS, webhook=True) as bench:
            yield bench
