"""Connecting an account of Meta's networks: where it begins, and what a code comes to in the end."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import httpx
import pytest

from pressroom.errors import AccountDisconnected, ConfigurationError, PressroomError
from pressroom.oauth import OAuth
from pressroom.publishers.base import Publisher
from tests.fakes.facebook import PAGE_ID
from tests.fakes.meta import FakeMeta
from tests.fakes.meta_state import APP_ID, APP_SECRET, LONG_LIFE_SECONDS
from tests.publishers import facebook_bench, instagram_bench, threads_bench
from tests.publishers.fake_bench import FakeBench

BENCHES: dict[str, Callable[..., AbstractContextManager[FakeBench]]] = {
    "facebook": facebook_bench.a_bench,
    "instagram": instagram_bench.a_bench,
    "threads": threads_bench.a_bench,
}


def oauth_of(publisher: Publisher) -> OAuth:
    found = publisher.oauth()
    assert found is not None
    return found


def trade(oauth: OAuth, code: str) -> dict[str, Any]:
    """Trade a code at the token endpoint, as the page that an account is connected on does."""
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "client_id": oauth.client_id,
        "client_secret": oauth.client_secret,
        "redirect_uri": "http://127.0.0.1:1/connected",
    }
    document: dict[str, Any] = httpx.post(oauth.token_url, data=form).raise_for_status().json()
    return document


@pytest.mark.parametrize("network", BENCHES)
def test_a_code_comes_to_a_token_that_posts(network: str) -> None:
    with BENCHES[network]() as bench:
        oauth = oauth_of(bench.publisher)
        connected = oauth.finish(trade(oauth, bench.fake.authorize()))  # type: ignore[attr-defined]
        before = bench.secrets.get("channels.main.access_token")
        for name, value in connected.secrets.items():
            bench.secrets.set(f"channels.main.{name}", value)
        if network != "facebook":  # a Page's own token does not change
            assert connected.secrets["access_token"] != before
        bench.publisher.publish(bench.post, bench.prepare())
        assert bench.count_posts() == 1
        assert "ressroom" in connected.account
        assert len(connected.settings) == 1
        assert connected.secrets["access_token"] not in repr(connected)


@pytest.mark.parametrize("network", ["instagram", "threads"])
def test_the_end_of_the_token_is_kept_with_it(network: str) -> None:
    with BENCHES[network]() as bench:
        oauth = oauth_of(bench.publisher)
        connected = oauth.finish(trade(oauth, bench.fake.authorize()))  # type: ignore[attr-defined]
        assert connected.expires_at == bench.now() + timedelta(seconds=LONG_LIFE_SECONDS)
        for name, value in connected.secrets.items():
            bench.secrets.set(f"channels.main.{name}", value)
        assert bench.publisher.tokens()[-1].expires_at == connected.expires_at


@pytest.mark.parametrize("network", BENCHES)
def test_the_networks_own_pages_are_asked_unless_another_server_is_set(network: str) -> None:
    with BENCHES[network]() as bench:
        settings = type(bench.publisher.channel.settings)(network=network)
        oauth = oauth_of(type(bench.publisher)(_with_settings(bench, settings)))
        assert oauth.authorize_url.startswith("https://")
        assert oauth.authorize_url.partition("//")[2].split("/")[0].endswith(f"{network}.com")
        assert oauth.token_url.startswith("https://")
        assert (oauth.client_id, oauth.client_secret, oauth.scope_separator) == (APP_ID, APP_SECRET, ",")
        assert APP_SECRET not in repr(oauth)
        theirs = oauth_of(bench.publisher)
        assert theirs.authorize_url.startswith(bench.fake.base_url)
        assert theirs.token_url.startswith(bench.fake.base_url)


def _with_settings(bench: FakeBench, settings: Any) -> Any:
    from dataclasses import replace

    return replace(bench.publisher.channel, settings=settings)


@pytest.mark.parametrize("network", BENCHES)
def test_a_missing_key_of_the_app_is_named(network: str) -> None:
    with BENCHES[network]() as bench:
        bench.secrets.remove("channels.main.client_id")
        with pytest.raises(ConfigurationError, match=r"channels\.main\.client_id is missing"):
            bench.publisher.oauth()


@pytest.mark.parametrize("network", BENCHES)
@pytest.mark.parametrize("document", [{}, {"access_token": ""}, {"access_token": 5}, {"access_token": "unknown"}])
def test_an_answer_without_a_good_token_connects_nothing(network: str, document: dict[str, Any]) -> None:
    with BENCHES[network]() as bench, pytest.raises(PressroomError):
        oauth_of(bench.publisher).finish(document)


def test_the_page_of_the_settings_is_connected_and_no_other() -> None:
    with facebook_bench.a_bench(settings={"page_id": "12"}) as bench:
        oauth = oauth_of(bench.publisher)
        with pytest.raises(AccountDisconnected, match=r"Pressroom \(102030405060708\)") as raised:
            oauth.finish(trade(oauth, bench.facebook.authorize()))
        assert "page_id" in raised.value.todo


def test_a_page_that_is_not_listed_is_found_by_its_number() -> None:
    with facebook_bench.a_bench(settings={"page_id": PAGE_ID}) as bench:
        bench.facebook.lists_pages = False
        oauth = oauth_of(bench.publisher)
        connected = oauth.finish(trade(oauth, bench.facebook.authorize()))
        assert connected.settings == {"page_id": PAGE_ID}
        assert connected.secrets == {"access_token": bench.facebook.access_token}


def test_instagram_by_its_page_gets_the_pages_token() -> None:
    with instagram_bench.a_bench(settings={"login": "facebook"}, is_page=True) as bench:
        fake: FakeMeta = bench.instagram
        page_token = fake.connect(fake.account, None)
        short = fake.connect(fake.account, 3600, age_seconds=0)
        oauth = oauth_of(bench.publisher)
        connected = oauth.finish({"access_token": short.text})
        assert connected.secrets == {"access_token": page_token.text}
        assert connected.expires_at is None
        assert connected.settings == {"user_id": fake.account.id}
