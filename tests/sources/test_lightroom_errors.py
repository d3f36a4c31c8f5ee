"""What a refusal, a failure or a hostile answer of Lightroom means for the source."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from pressroom.backends.memory.secrets import MemorySecrets
from pressroom.errors import AccountDisconnected, BadInput, RateLimited, Unavailable
from pressroom.sources._lightroom_api import LARGEST_PAGE_BYTES
from pressroom.sources._lightroom_pages import MOST_STALE_PAGES
from pressroom.sources.base import Item
from pressroom.sources.lightroom import Lightroom
from pressroom.testing.clock import ManualClock
from tests.fakes.faults import Fault
from tests.fakes.lightroom_answers import PREFIX, prefixed
from tests.fakes.messages import Answer, Request
from tests.fakes.server import FakeServer
from tests.sources.lightroom_bench import ACCESS, Bench, a_bench, look, make_source, pages, titles

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


CATALOG = "18c23e15a2b94e6d8f0c3b1a5d7e9f42"


class Strange(FakeServer):
    """Knows its catalog, and lists whatever a test wants it to: answers, or documents, one after the other."""

    def __init__(self, *answers: Answer | dict[str, Any]) -> None:
        super().__init__()
        self.answers = answers
        self.listed = 0

    def answer(self, request: Request) -> Answer:
        if request.path == "/v2/catalog":
            return prefixed(200, {"id": CATALOG})
        said = self.answers[min(self.listed, len(self.answers) - 1)]
        self.listed += 1
        return said if isinstance(said, Answer) else prefixed(200, {"base": f"{self.base_url}/v2/", **said})

    def source(self, **settings: Any) -> Lightroom:
        secrets = MemorySecrets({"sources.lr.client_id": "client", ACCESS: "a-token-to-keep"})
        return make_source(secrets, ManualClock(datetime.now(UTC)), base_url=self.base_url, **settings)


def an_asset(number: int = 0, **changed: Any) -> dict[str, Any]:
    updated = f"2026-11-20T10:00:00.{number:06}Z"
    return {"id": f"{number:032x}", "subtype": "image", "updated": updated, "payload": {}} | changed


def a_page(*assets: object, next: object = None) -> dict[str, Any]:
    return {"resources": list(assets), "links": {"next": next} if next else {}}


def link(href: str) -> dict[str, str]:
    return {"href": href}


class TestHostileAnswers:
    @pytest.mark.parametrize(
        "said",
        [
            Answer(200, b"while (1) {}"),
            Answer(200, b"while (1) {} {"),
            Answer(200, PREFIX + b"[]"),
            Answer(200, PREFIX + b"null"),
            Answer(200, PREFIX + b"[" * 100_000),
            Answer(200, b"\xff\xfe\x00"),
            Answer(204),
            Answer(302, b"", {"location": "https://example.org/"}),
            {"resources": {"0": an_asset()}},
            {"links": {}},
            a_page(an_asset(), next="assets"),
            a_page(an_asset(), next={"href": 5}),
            a_page(an_asset(), next={}) | {"links": {"next": {}}},
            a_page(an_asset()) | {"links": ["next"]},
            a_page(an_asset(), next=link("/v2/" + "a" * 5000)),
            a_page(an_asset(), next=link("http://[::1")),
            a_page(an_asset(), next=link("assets")) | {"base": 5},
        ],
    )
    def test_what_cannot_be_read_is_no_clear_answer(self, said: Answer | dict[str, Any]) -> None:
        with Strange(said) as server, pytest.raises(Unavailable):
            look(server.source())

    @pytest.mark.parametrize("prefix", ["while (1) {}", "while(1){}\n", "while ( 1 ) { }  \n", "", "\ufeff"])
    def test_the_prefix_is_taken_off_in_each_spelling(self, prefix: str) -> None:
        body = prefix.encode() + b'{"resources": [], "links": {}}'
        with Strange(Answer(200, body)) as server:
            assert look(server.source())[0] == []

    def test_entries_that_are_no_photos_do_not_keep_the_others_away(self) -> None:
        strange: list[object] = [
            None,
            5,
            [],
            {},
            an_asset(1, id="../../account"),
            an_asset(2, id=7),
            an_asset(3, subtype=["image"]),
        ]
        with Strange(a_page(*strange, an_asset(4, payload=[]), an_asset(5, updated=None))) as server:
            items, _ = look(server.source())
        assert [item.id for item in items] == [f"{number:032x}" for number in (4, 5)]

    @pytest.mark.parametrize(
        "href",
        [
            "https://example.org/v2/assets",
            "//example.org/v2/assets",
            "http://127.0.0.1:1/v2/assets",
            "http://localhost/v2/assets",
            "file:///etc/passwd",
            "ftp://127.0.0.1/assets",
        ],
    )
    def test_a_link_to_another_server_is_not_followed(self, href: str) -> None:
        with Strange(a_page(an_asset(), next=link(href))) as server, pytest.raises(Unavailable, match="another server"):
            look(server.source())

    @pytest.mark.parametrize("trick", ["{here}@{there}", "user:pass@{here}", "{there}#@{here}", "{there}\\\\@{here}"])
    def test_another_server_never_gets_the_token(self, trick: str) -> None:
        with Strange(a_page()) as there, Strange() as server:
            here, other = (one.base_url.removeprefix("http://") for one in (server, there))
            next_link = link("http://" + trick.format(here=here, there=other) + "/v2/assets")
            server.answers = (a_page(an_asset(), next=next_link),)
            with pytest.raises(Unavailable):
                look(server.source())
            assert there.requests == []

    def test_a_base_on_another_server_never_gets_the_token(self) -> None:
        with Strange(a_page()) as there, Strange() as server:
            server.answers = (a_page(an_asset(), next=link("assets")) | {"base": there.base_url + "/"},)
            with pytest.raises(Unavailable, match="another server"):
                look(server.source())
            assert there.requests == []

    def test_a_cursor_of_another_server_never_gets_the_token(self) -> None:
        with Strange(a_page()) as there, Strange(a_page()) as server:
            wanted = {"wanted": "all", "scope": server.source()._scope(CATALOG, ""), "page": there.base_url + "/v2/x"}
            look(server.source(), json.dumps(wanted))
            assert there.requests == []

    def test_a_next_link_is_resolved_against_the_base(self) -> None:
        with Strange() as server:
            server.answers = (
                a_page(an_asset(1), next=link("assets?a=b")) | {"base": f"{server.base_url}/v2/catalogs/c/"},
                a_page(an_asset(2), next=link("/v2/other?c=d")),
                a_page(an_asset(3), next=link("../deep?e=f")) | {"base": "/v2/catalogs/c/"},
                a_page(an_asset(4)),
            )
            assert len(look(server.source())[0]) == 4
            paths = [f"{one.path}?{one.query_string}" for one in server.requests[2:]]
        assert paths == ["/v2/catalogs/c/assets?a=b", "/v2/other?c=d", "/v2/catalogs/deep?e=f"]

    def test_a_circle_of_links_ends_and_counts_for_nothing(self) -> None:
        with Strange() as server:
            server.answers = tuple(a_page(an_asset(number % 2), next=link("ab"[number % 2])) for number in range(1000))
            found = pages(server.source())
        assert len(found) <= 4
        assert len({item.id for page in found for item in page.items}) == 2
        assert "since" not in json.loads(found[-1].cursor)
        assert "page" not in json.loads(found[-1].cursor)

    def test_pages_without_end_that_bring_nothing_end(self) -> None:
        with Strange() as server:
            server.answers = tuple(a_page(an_asset(), next=link(f"page{number}")) for number in range(1000))
            found = pages(server.source())
        assert len(found) == MOST_STALE_PAGES + 1
        assert sum(len(page.items) for page in found) == 1
        assert "since" not in json.loads(found[-1].cursor)

    def test_a_time_in_the_far_future_does_not_move_the_cursor_past_today(self) -> None:
        with Strange(a_page(an_asset(1, updated="9999-12-31T23:59:59Z"))) as server:
            _, cursor = look(server.source())
        assert json.loads(cursor)["since"] < "2100"

    def test_a_page_that_is_too_large_is_refused(self) -> None:
        body = PREFIX + b'{"resources": [], "x": "' + b"a" * LARGEST_PAGE_BYTES + b'"}'
        with Strange(Answer(200, body)) as server, pytest.raises(BadInput, match="page_size"):
            look(server.source())

    @pytest.mark.parametrize("id", ["../x", "", None, 5])
    def test_a_catalog_without_an_id_is_no_clear_answer(self, id: object) -> None:
        with Strange(a_page()) as server:
            server.answer = lambda request: prefixed(200, {"id": id})  # type: ignore[method-assign]
            with pytest.raises(Unavailable):
                look(server.source())


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
