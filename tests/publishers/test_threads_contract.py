"""Threads passes the contract of publishers, with a picture, with a carousel and with words alone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pressroom.contracts.publisher import PublisherContract
from pressroom.publications import Post
from tests.publishers.threads_bench import PICTURES, ThreadsBench, a_bench


class TestThreadsWithAPicture(PublisherContract):
    @pytest.fixture
    def bench(self) -> Iterator[ThreadsBench]:
        with a_bench() as bench:
            yield bench


class TestThreadsWithACarousel(PublisherContract):
    @pytest.fixture
    def bench(self) -> Iterator[ThreadsBench]:
        with a_bench(Post(text="", media=PICTURES)) as bench:
            yield bench


class TestThreadsWithWordsAlone(PublisherContract):
    @pytest.fixture
    def bench(self) -> Iterator[ThreadsBench]:
        with a_bench(Post(text="Boo & <hello> tonight 🎃", link="https://example.com/a?b=1")) as bench:
            yield bench
