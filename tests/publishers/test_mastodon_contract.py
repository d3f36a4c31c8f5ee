"""Mastodon passes the contract of publishers, with a picture, and with words alone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pressroom.contracts.publisher import PublisherContract
from pressroom.publications import Post
from tests.publishers.mastodon_bench import MastodonBench, a_bench


class TestMastodonWithAPicture(PublisherContract):
    @pytest.fixture
    def bench(self) -> Iterator[MastodonBench]:
        with a_bench() as bench:
            yield bench


class TestMastodonWithWordsAlone(PublisherContract):
    @pytest.fixture
    def bench(self) -> Iterator[MastodonBench]:
        with a_bench(Post(text="Boo & <hello> @you@other.example #tonight", link="https://example.com/a?b=1")) as bench:
            yield bench
