"""Instagram passes the contract of publishers, with a picture and with a carousel."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pressroom.contracts.publisher import PublisherContract
from pressroom.publications import Post
from tests.publishers.instagram_bench import PICTURES, InstagramBench, a_bench


class TestInstagramWithAPicture(PublisherContract):
    @pytest.fixture
    def bench(self) -> Iterator[InstagramBench]:
        with a_bench() as bench:
            yield bench


class TestInstagramWithACarousel(PublisherContract):
    @pytest.fixture
    def bench(self) -> Iterator[InstagramBench]:
        with a_bench(Post(text="Three pumpkins & a <hat> 🎃", media=PICTURES)) as bench:
            yield bench
