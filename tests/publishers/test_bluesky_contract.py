"""Bluesky passes the contract of publishers, with a picture, and with words and a link card alone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pressroom.contracts.publisher import PublisherContract
from pressroom.publications import Post
from tests.publishers.bluesky_bench import BlueskyBench, a_bench


class TestBlueskyWithAPicture(PublisherContract):
    @pytest.fixture
    def bench(self) -> Iterator[BlueskyBench]:
        with a_bench() as bench:
            yield bench


class TestBlueskyWithWordsAndALink(PublisherContract):
    @pytest.fixture
    def bench(self) -> Iterator[BlueskyBench]:
        with a_bench(Post(text="Boo 👻 #tonight", link="https://example.com/a?b=1")) as bench:
            yield bench
