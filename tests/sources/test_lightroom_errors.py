"""What a refusal, a failure or a hostile answer of Lightroom means for the source."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from pressroom.errors import AccountDisconnected, BadInput, RateLimited, Unavailable
from pressroom.sources.base import Item
from tests.fakes.faults import Fault
from tests.fakes.messages import Answer
from tests.sources.lightroom_bench import ACCESS, Bench, a_bench, look, titles
from tests.sources.lightroom_strange import Strange, a_page, an_asset, link

LISTING = "/v2/catalogs/*/assets"


@pytest.fixture
def bench() -> Iterator[Bench]:
    with a_bench() as bench:
        bench.fake.catalog.add_photo("Harbour")
        yield bench


class TestRefusals:
    @pytest.mark.parametrize(
        ("fault", "kind"),
        [
            (Fault.BAD_REQUEST, BadInput),
            (Fault.DUPLICATE, AccountDisconnected),
            (Fault.TOO_LARGE, BadInput),
            (Fault.SERVER_ERROR, Unavailable),
            (Fault.UNAVAILABLE, Unavailable),
            (Fault.JUNK_BODY, Unavailable),
            (Fault.EMPTY_BODY, Unavailable),
            (Fault.PROCESSED_BUT_TRUNCATED, Unavailable),
            (Fault.CUT_BEFORE_READING, Unavailable),
            (Fault.CUT_AFTER_PROCESSING, Unavailable),
        ],
    )
    def test_each_kind_of_failure(self, bench: Bench, fault: Fault, kind: type[Exception]) -> None:
        bench.fake.script(fault, path=LISTING)
        source = bench.source()
        with pytest.raises(kind) as failed:
            look(source)
        assert type(failed.value) is kind
        assert titles(look(source)[0]) == ["Harbour"]

    def test_a_server_that_says_nothing_is_not_waited_for_for_ever(self, bench: Bench) -> None:
        bench.fake.script(Fault.TIMEOUT_NOT_PROCESSED, path=LISTING)
        with pytest.raises(Unavailable, match=r"within 0\.3 s"):
            look(bench.source(timeout_seconds=0.3))

    def test_a_refusal_is_told_in_lightrooms_words_with_the_field(self, bench: Bench) -> None:
        bench.fake.script(Fault.BAD_REQUEST, path=LISTING)
        with pytest.raises(BadInput, match=r"Input Validation Error \(limit must be a number\)"):
            look(bench.source())

    def test_the_wrong_kind_of_body_is_bad_input(self) -> None:
        with Strange(Answer(415)) as server, pytest.raises(BadInput, match="415"):
            look(server.source())

    def test_a_wrong_key_asks_for_the_right_one(self, bench: Bench) -> None:
        bench.secrets.set("sources.lr.client_id", "another")
        with pytest.raises(AccountDisconnected, match="API Key is invalid") as refused:
            look(bench.source())
        assert "sources.lr.client_id" in refused.value.todo


class TestRateLimit:
    def test_each_429_is_followed_by_a_longer_wait(self, bench: Bench) -> None:
        bench.fake.script(Fault.RATE_LIMITED, path="/v2/catalog", times=9)
        source, waits = bench.source(), []
        for _ in range(9):
            with pytest.raises(RateLimited) as refused:
                look(source)
            assert refused.value.retry_at is not None
            waits.append(refused.value.retry_at - bench.clock.now())
            bench.clock.move_to(refused.value.retry_at)
        assert waits[:4] == [timedelta(seconds=seconds) for seconds in (30, 60, 120, 240)]
        assert max(waits) == waits[-1] == timedelta(hours=1)

    def test_nothing_is_asked_before_the_wait_is_over(self, bench: Bench) -> None:
        bench.fake.script(Fault.RATE_LIMITED, path="/v2/catalog")
        source, until = bench.source(), set()
        for _ in range(5):
            with pytest.raises(RateLimited) as refused:
                look(source)
            until.add(refused.value.retry_at)
        assert len(bench.asked()) == 1
        assert len(until) == 1

    def test_a_success_ends_it(self, bench: Bench) -> None:
        source = bench.source()
        for _ in range(2):
            bench.fake.script(Fault.RATE_LIMITED, path="/v2/catalog")
            with pytest.raises(RateLimited) as refused:
                look(source)
            assert refused.value.retry_at == bench.clock.now() + timedelta(seconds=30)
            bench.clock.advance(seconds=30)
            assert titles(look(source)[0]) == ["Harbour"]

    def test_a_large_catalog_is_read_to_its_end_however_often_it_is_interrupted(self, bench: Bench) -> None:
        for number in range(5):
            bench.fake.catalog.add_photo(f"Photo {number}", captured=f"2026-01-0{number + 1}T10:00:00")
        source, cursor = bench.source(page_size=1), ""
        found: list[Item] = []
        bench.fake.script(Fault.RATE_LIMITED, path=LISTING, skip=1)
        for _ in range(20):
            try:
                for page in source.look(cursor):
                    found += page.items
                    cursor = page.cursor
                    bench.fake.script(Fault.RATE_LIMITED, path=LISTING, skip=1)
                break
            except RateLimited:
                bench.clock.advance(hours=2)
        assert len(found) == len({item.id for item in found}) == 6


class TestCheck:
    def said(self, bench: Bench, **settings: Any) -> list[tuple[bool, str]]:
        return [(finding.ok, finding.what) for finding in bench.source(**settings).check()]

    def test_the_account_and_the_number_of_photos_are_told(self, bench: Bench) -> None:
        assert self.said(bench) == [
            (True, "Lightroom accepts the credentials of Ada Lichtbild."),
            (True, f"The catalog {bench.fake.state.catalog_id} has 1 photo."),
        ]

    def test_an_album_is_looked_for(self, bench: Bench) -> None:
        bench.fake.catalog.add_album("Feed")
        assert self.said(bench, album="Feed")[-1] == (True, "The album 'Feed' has 0 photos.")
        assert self.said(bench, album="Fed")[-1][0] is False

    def test_credentials_that_are_not_accepted_are_told(self, bench: Bench) -> None:
        bench.secrets.set(ACCESS, "other")
        bench.secrets.set("sources.lr.refresh_token", "other")
        [finding] = bench.source().check()
        assert not finding.ok
        assert "sources.lr" in finding.todo

    def test_a_missing_refresh_token_is_a_warning(self, bench: Bench) -> None:
        bench.secrets.remove("sources.lr.refresh_token")
        first = bench.source().check()[0]
        assert first.ok
        assert "no refresh token" in first.what

    def test_credentials_over_an_open_wire_are_a_warning(self, bench: Bench) -> None:
        first = bench.source(base_url="http://198.51.100.1:9", timeout_seconds=0.2).check()[0]
        assert "not encrypted" in first.what

    def test_a_catalog_too_large_to_count_is_not_counted_to_its_end(self) -> None:
        answers = [a_page(*(an_asset(n * 500 + i) for i in range(500)), next=link(f"p{n}")) for n in range(9)]
        with Strange({"full_name": "Ada"}, *answers) as server:
            findings = server.source().check()
        assert findings[-1].what.endswith("has 2000 or more photos.")
        assert server.listed == 5
