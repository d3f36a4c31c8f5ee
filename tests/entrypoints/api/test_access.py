"""Who may see what."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from pressroom.entrypoints.api.access import SESSION, Access, host_of, is_from_elsewhere, is_loopback

NOW = datetime(2026, 10, 31, 8, 0, tzinfo=UTC)
KEY = "a key that nobody guesses"
OUTSIDE = Access(listens_on="0.0.0.0", key=KEY)
LOCAL = Access(listens_on="127.0.0.1", key=KEY)
BEHIND_PROXY = Access(listens_on="127.0.0.1", public_base_url="https://press.example/", key=KEY)


@pytest.mark.parametrize(
    ("header", "host"),
    [
        ("localhost:8080", "localhost"),
        ("127.0.0.1", "127.0.0.1"),
        ("[::1]:8080", "::1"),
        ("Press.Example.", "press.example"),
        ("[broken", ""),
        ("", ""),
    ],
)
def test_a_host_header_is_read_without_its_port(header: str, host: str) -> None:
    assert host_of(header) == host


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2", "::1", "localhost"])
def test_loopback_addresses_are_not_reached_from_outside(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "", "192.168.1.5", "press.example"])
def test_every_other_address_may_be_reached_from_outside(host: str) -> None:
    assert not is_loopback(host)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:8080", "[::1]:8080", "press.example"])
def test_on_loopback_our_own_names_are_answered(host: str) -> None:
    assert BEHIND_PROXY.expects(host)


@pytest.mark.parametrize("host", ["rebound.example", "127.0.0.1.rebound.example", "", "localhost.rebound.example:8080"])
def test_on_loopback_a_name_that_was_pointed_at_us_is_not_answered(host: str) -> None:
    assert not BEHIND_PROXY.expects(host)


def test_a_request_on_this_machine_is_the_operators() -> None:
    assert LOCAL.is_operator({"host": "127.0.0.1:8080"}, NOW)


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "press.example"},
        {"host": "127.0.0.1:8080", "x-forwarded-for": "203.0.113.5"},
        {"host": "localhost", "forwarded": "for=203.0.113.5"},
    ],
)
def test_a_request_that_a_proxy_passed_on_is_not_local(headers: dict[str, str]) -> None:
    assert not LOCAL.is_operator(headers, NOW)


@pytest.mark.parametrize("url", ["https://press.example/", "http://192.0.2.7:8080", "press.example", "https://[broken"])
def test_with_an_address_outside_nothing_is_local_since_a_proxy_need_not_say_that_it_is_one(url: str) -> None:
    access = Access(listens_on="127.0.0.1", public_base_url=url, key=KEY)
    plain_nginx = {"host": "127.0.0.1:8080"}
    assert not access.is_operator(plain_nginx, NOW)
    assert access.is_operator(plain_nginx | {"authorization": f"Bearer {KEY}"}, NOW)


@pytest.mark.parametrize("url", ["http://localhost:8080", "http://127.0.0.1:8080/", "http://[::1]:8080"])
def test_an_address_on_this_machine_asks_for_no_key(url: str) -> None:
    assert Access(listens_on="127.0.0.1", public_base_url=url, key=KEY).is_operator({"host": "127.0.0.1:8080"}, NOW)


def test_beyond_loopback_the_name_localhost_proves_nothing() -> None:
    assert not OUTSIDE.is_operator({"host": "localhost"}, NOW)


def test_the_key_opens_as_a_bearer_token() -> None:
    assert OUTSIDE.is_operator({"host": "press.example", "authorization": f"Bearer {KEY}"}, NOW)


@pytest.mark.parametrize("given", ["", "wrong", KEY[:-1], KEY + "x", "ключ"])
def test_another_key_opens_nothing(given: str) -> None:
    assert not OUTSIDE.is_operator({"host": "press.example", "authorization": f"Bearer {given}"}, NOW)


@pytest.mark.parametrize("key", ["", "short"])
def test_a_key_that_could_be_guessed_opens_nothing(key: str) -> None:
    access = Access(listens_on="0.0.0.0", key=key)
    assert not access.matches(key)
    assert not access.knows_session(access.open_session(NOW), NOW)


def test_a_session_opens_until_it_ends() -> None:
    cookie = {"host": "press.example", "cookie": f"pressroom_session={OUTSIDE.open_session(NOW)}"}
    assert OUTSIDE.is_operator(cookie, NOW + SESSION - timedelta(seconds=1))
    assert not OUTSIDE.is_operator(cookie, NOW + SESSION)


def test_a_session_cannot_be_prolonged_by_its_holder() -> None:
    expires, signature = OUTSIDE.open_session(NOW).split(".")
    assert not OUTSIDE.knows_session(f"{int(expires) + 1}.{signature}", NOW)


@pytest.mark.parametrize("token", ["", ".", "x.y", "9" * 400, "٣.x", "1.é"])
def test_a_session_of_nonsense_opens_nothing(token: str) -> None:
    assert not OUTSIDE.knows_session(token, NOW)


def test_a_new_key_ends_every_session() -> None:
    assert not Access(listens_on="0.0.0.0", key=KEY + "2").knows_session(OUTSIDE.open_session(NOW), NOW)


def test_the_key_is_not_in_the_repr() -> None:
    assert KEY not in repr(OUTSIDE)


@pytest.mark.parametrize(
    ("headers", "elsewhere"),
    [
        ({"host": "a", "sec-fetch-site": "cross-site"}, True),
        ({"host": "a", "sec-fetch-site": "same-site"}, True),
        ({"host": "a", "sec-fetch-site": "same-origin"}, False),
        ({"host": "a:1", "origin": "http://evil.example"}, True),
        ({"host": "a:1", "origin": "http://a:2"}, True),
        ({"host": "a:1", "origin": "null"}, True),
        ({"host": "a:1", "origin": "http://["}, True),
        ({"host": "", "origin": "http://a:1"}, True),
        ({"host": "a:1", "origin": "http://a:1"}, False),
        ({"host": "a"}, False),
    ],
)
def test_a_request_that_another_site_caused_is_recognised(headers: dict[str, str], elsewhere: bool) -> None:
    assert is_from_elsewhere(headers) is elsewhere
