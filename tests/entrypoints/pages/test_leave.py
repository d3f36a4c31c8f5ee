"""Leaving the list of readers: by the page's button, by a mail program's one click, and coming back."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest

from pressroom.readers import Reader, Readers
from tests.entrypoints.site import PAGE, Site, a_site

TABLE = "bedtime_story.readers"
ONE_CLICK = {"content": b"List-Unsubscribe=One-Click", "headers": {"content-type": "application/x-www-form-urlencoded"}}
KEY = "a key that nobody guesses"
OUTSIDE: dict[str, Any] = {
    "key": KEY,
    "public_base_url": "https://stories.example.com",
    "base_url": "https://stories.example.com",
}
"""A server that is reached from outside, where nobody is the operator without the key."""


def with_readers(site: Site) -> Site:
    rows = (Reader(name="Ada", mail="ada@example.com"), Reader(name="Bo", mail="bo@example.org"))
    site.runtime.ports.tables.put(TABLE, {row.key: row.stored(None) for row in rows})
    return site


@pytest.fixture
def site() -> Site:
    return with_readers(a_site(**OUTSIDE))


def subscribed(site: Site) -> set[str]:
    return {reader.name for reader in Readers(site.runtime.ports.tables, TABLE).subscribed().values()}


def way(site: Site, name: str = "Ada") -> str:
    [reader] = [one for one in Readers(site.runtime.ports.tables, TABLE).all().values() if one.name == name]
    return f"/leave/{reader.token}"


def pressed(site: Site, page: httpx.Response) -> httpx.Response:
    """Press the page's only button, as a browser does."""
    [(address)] = re.findall(r'<form method="post" action="([^"]+)">', page.text)
    origin = {"origin": "https://stories.example.com", "sec-fetch-site": "same-origin"}
    return site.client.post(address, headers=PAGE | origin, data={})


def test_opening_the_link_changes_nothing_however_often(site: Site) -> None:
    for method in ("GET", "HEAD", "GET"):
        assert site.client.request(method, way(site), headers=PAGE).status_code == 200
    assert subscribed(site) == {"Ada", "Bo"}


def test_the_page_shows_no_whole_address_and_no_name(site: Site) -> None:
    page = site.client.get(way(site), headers=PAGE).text
    assert "a***@example.com" in page
    assert "ada@example.com" not in page
    assert "Ada" not in page


def test_the_button_takes_the_reader_off_the_list_and_nobody_else(site: Site) -> None:
    answer = pressed(site, site.client.get(way(site), headers=PAGE))
    assert answer.status_code == 200
    assert "You have left" in answer.text
    assert subscribed(site) == {"Bo"}
    assert "You have left" in site.client.get(way(site), headers=PAGE).text


def test_a_mail_programs_one_click_needs_no_cookie_no_key_and_no_origin_and_is_not_led_on(site: Site) -> None:
    answer = site.client.post(way(site), **ONE_CLICK)
    assert answer.status_code == 200
    assert not answer.has_redirect_location
    assert subscribed(site) == {"Bo"}


def test_one_click_may_come_as_a_form_of_several_parts(site: Site) -> None:
    answer = site.client.post(way(site), files={"List-Unsubscribe": (None, "One-Click")})
    assert answer.status_code == 200
    assert subscribed(site) == {"Bo"}


def test_leaving_again_is_no_mistake(site: Site) -> None:
    answers = [site.client.post(way(site), **ONE_CLICK).status_code for _ in range(3)]
    assert answers == [200, 200, 200]
    assert subscribed(site) == {"Bo"}


def test_whoever_has_left_can_come_back_by_the_same_link_and_leave_again(site: Site) -> None:
    left = pressed(site, site.client.get(way(site), headers=PAGE))
    back = pressed(site, left)
    assert "Welcome back" in back.text
    assert subscribed(site) == {"Ada", "Bo"}
    assert "You have left" in pressed(site, back).text
    assert subscribed(site) == {"Bo"}


def test_the_address_of_the_way_back_can_be_opened_and_changes_nothing(site: Site) -> None:
    pressed(site, site.client.get(way(site), headers=PAGE))
    assert "You have left" in site.client.get(f"{way(site)}/back", headers=PAGE).text
    assert subscribed(site) == {"Bo"}


@pytest.mark.parametrize("token", ["x", "nobody-has-this-token-at-all-1234", "%C3%A4", "%ED%A0%80", "%00", "a" * 4000])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_token_of_nobody_is_a_kind_page_and_changes_nothing(site: Site, method: str, token: str) -> None:
    answer = site.client.request(method, f"/leave/{token}", headers=PAGE)
    assert answer.status_code == 404
    assert "This link is nobody’s" in answer.text
    assert "<form" not in answer.text
    assert subscribed(site) == {"Ada", "Bo"}


def test_a_page_of_another_site_cannot_take_a_reader_off_the_list(site: Site) -> None:
    elsewhere = {"sec-fetch-site": "cross-site", "origin": "https://evil.example"}
    answer = site.client.post(way(site), headers=PAGE | elsewhere, data={})
    assert answer.status_code == 403
    assert subscribed(site) == {"Ada", "Bo"}


def test_no_cache_keeps_the_page_and_no_search_engine_lists_it(site: Site) -> None:
    answer = site.client.get(way(site), headers=PAGE)
    assert "no-store" in answer.headers["cache-control"]
    assert 'name="robots" content="noindex' in answer.text


def test_it_is_durable_before_it_is_answered(site: Site) -> None:
    class Cut(Exception):
        pass

    class Torn:
        """The tables of a machine whose disk fails at that moment."""

        def __getattr__(self, name: str) -> Any:
            return getattr(tables, name)

        def add(self, *_: Any) -> bool:
            raise Cut

    tables = site.runtime.ports.tables
    object.__setattr__(site.runtime.ports, "tables", Torn())
    assert site.client.post(way(site), **ONE_CLICK).status_code == 500


def test_on_this_machine_alone_it_works_without_any_key() -> None:
    site = with_readers(a_site())
    assert site.client.post(way(site), **ONE_CLICK).status_code == 200
    assert subscribed(site) == {"Bo"}
