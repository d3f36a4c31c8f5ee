"""Mail through Amazon SES passes the contract of publishers, with and without pictures."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pressroom.contracts.publisher import PublisherContract
from pressroom.publications import Post
from tests.publishers.ses_bench import SesBench, a_bench


class TestMailWithAPicture(PublisherContract):
    @pytest.fixture
    def bench(self) -> Iterator[SesBench]:
        with a_bench() as bench:
            yield bench


class TestMailOfWordsAlone(PublisherContract):
    @pytest.fixture
    def bench(self) -> Iterator[SesBench]:
        with a_bench(Post(text="Boo & <hello> from\n.\n..midnight 🎃")) as bench:
            yield bench
