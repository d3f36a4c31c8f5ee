"""Any REST API passes the contract of publishers, however it lets a post be found again, and whoever asks."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pressroom.contracts.publisher import PublisherContract
from pressroom.publications import Post
from tests.publishers.rest_bench import REPEATABLE, SEARCH, RestBench, a_bench


class TestRestWithAnIdempotencyHeader(PublisherContract):
    @pytest.fixture
    def bench(self) -> Iterator[RestBench]:
        with a_bench(REPEATABLE, remembers_keys=True) as bench:
            yield bench


class TestRestWithARequestThatVerifies(PublisherContract):
    @pytest.fixture
    def bench(self) -> Iterator[RestBench]:
        with a_bench({"verify": SEARCH}, auth="oauth2_refresh") as bench:
            yield bench


class TestRestWithNeither(PublisherContract):
    @pytest.fixture
    def bench(self) -> Iterator[RestBench]:
        with a_bench(auth="jwt_hs256") as bench:
            yield bench


class TestRestWithBothAndWordsAlone(PublisherContract):
    @pytest.fixture
    def bench(self) -> Iterator[RestBench]:
        post = Post(text="Boo & <hello> from https://example.com/a?b=1&c=2 tonight")
        settings = {**REPEATABLE, "verify": SEARCH}
        with a_bench(settings, post, auth="oauth2_client_credentials", remembers_keys=True) as bench:
            yield bench
