"""X passes the contract of publishers, with either way of signing in, with and without pictures."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pressroom.contracts.publisher import PublisherContract
from pressroom.publications import Post
from tests.publishers.x_bench import XBench, a_bench


class TestXWithOAuth2AndAPicture(PublisherContract):
    @pytest.fixture
    def bench(self) -> Iterator[XBench]:
        with a_bench() as bench:
            yield bench


class TestXWithOAuth1AndWordsAlone(PublisherContract):
    @pytest.fixture
    def bench(self) -> Iterator[XBench]:
        with a_bench(Post(text="Boo & <hello> from https://example.com/a?b=1&c=2 tonight"), oauth=1) as bench:
            yield bench
