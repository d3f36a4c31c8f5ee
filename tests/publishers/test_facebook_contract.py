"""Facebook passes the contract of publishers, with several photos, one, and words alone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pressroom.contracts.publisher import PublisherContract
from pressroom.publications import Post
from tests.publishers.facebook_bench import PICTURES, FacebookBench, a_bench


class TestFacebookWithAPhoto(PublisherContract):
    @pytest.fixture
    def bench(self) -> Iterator[FacebookBench]:
        with a_bench() as bench:
            yield bench


class TestFacebookWithPhotos(PublisherContract):
    @pytest.fixture
    def bench(self) -> Iterator[FacebookBench]:
        with a_bench(Post(text="Three pumpkins", media=PICTURES)) as bench:
            yield bench


class TestFacebookWithWordsAlone(PublisherContract):
    @pytest.fixture
    def bench(self) -> Iterator[FacebookBench]:
        with a_bench(Post(text="Boo & <hello> tonight 🎃")) as bench:
            yield bench
