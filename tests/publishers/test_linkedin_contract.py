"""LinkedIn passes the contract of publishers, for an organisation and for a member, with and without pictures."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pressroom.contracts.publisher import PublisherContract
from pressroom.publications import Post
from tests.publishers.linkedin_bench import LinkedInBench, a_bench


class TestAnOrganisationWithAPicture(PublisherContract):
    @pytest.fixture
    def bench(self) -> Iterator[LinkedInBench]:
        with a_bench(renewable=True) as bench:
            yield bench


class TestAnOrganisationWithWordsAlone(PublisherContract):
    @pytest.fixture
    def bench(self) -> Iterator[LinkedInBench]:
        with a_bench(Post(text="Boo & <hello> from (a) *dark* house_1 [tonight] #boo {x|y} \\o/ ~ @you")) as bench:
            yield bench


class TestAMemberWithAPicture(PublisherContract):
    @pytest.fixture
    def bench(self) -> Iterator[LinkedInBench]:
        with a_bench(organization=False) as bench:
            yield bench
