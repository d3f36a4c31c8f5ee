"""Answers that no Lightroom gives: junk, circles, and links that lead the token astray."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pressroom.errors import BadInput, Unavailable
from pressroom.sources._lightroom_api import LARGEST_PAGE_BYTES
from pressroom.sources._lightroom_pages import MOST_STALE_PAGES
from tests.fakes.lightroom_answers import PREFIX, prefixed
from tests.fakes.messages import Answer
from tests.sources.lightroom_bench import look, pages
from tests.sources.lightroom_strange import CATALOG, Strange, a_page, an_asset, link


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
