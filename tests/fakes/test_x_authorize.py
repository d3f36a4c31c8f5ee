"""How the fake X lets an app in: its page, and the exchange of the code."""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Iterator

import httpx
import pytest

from tests.fakes.x import FakeX
from tests.fakes.x_caller import Caller
from tests.newcomer import query_of

BACK = "https://press.example/back"
VERIFIER = "v" * 43
CHALLENGE = urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()


@pytest.fixture
def x() -> Iterator[FakeX]:
    with FakeX() as server:
        yield server


def authorize(x: FakeX, **changed: str) -> httpx.Response:
    query = {
        "response_type": "code",
        "client_id": x.account.client_id,
        "redirect_uri": BACK,
        "scope": "tweet.read users.read offline.access",
        "state": "s",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
    }
    given = {name: value for name, value in (query | changed).items() if value}
    return httpx.get(x.base_url + "/i/oauth2/authorize", params=given)


def came_back_with(answer: httpx.Response) -> dict[str, str]:
    assert answer.status_code == 302
    assert answer.headers["location"].startswith(BACK + "?")
    return query_of(answer.headers["location"])


def exchange(x: FakeX, code: str, **changed: str) -> httpx.Response:
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK, "code_verifier": VERIFIER}
    auth = (x.account.client_id, x.account.client_secret or "")
    return httpx.post(x.base_url + "/2/oauth2/token", data=form | changed, auth=auth)


def test_a_code_comes_to_tokens_of_the_scopes_that_were_asked_for(x: FakeX) -> None:
    back = came_back_with(authorize(x))
    assert back["state"] == "s"
    given = exchange(x, back["code"]).json()
    assert given["scope"] == "tweet.read users.read offline.access"
    assert Caller(x, given["access_token"])("GET", "/2/users/me").status_code == 200
    assert given["refresh_token"]


def test_without_offline_access_there_is_no_refresh_token(x: FakeX) -> None:
    back = came_back_with(authorize(x, scope="tweet.read users.read"))
    assert "refresh_token" not in exchange(x, back["code"]).json()


@pytest.mark.parametrize("changed", [{"client_id": "unknown"}, {"redirect_uri": ""}])
def test_an_app_or_an_address_that_is_not_known_is_sent_nowhere(x: FakeX, changed: dict[str, str]) -> None:
    assert authorize(x, **changed).status_code == 400


def test_an_address_must_be_registered_to_the_letter(x: FakeX) -> None:
    x.register_redirect(BACK + "/")
    assert authorize(x).status_code == 400
    assert authorize(x, redirect_uri=BACK + "/").status_code == 302


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"state": ""}, "invalid_request"),
        ({"response_type": "token"}, "invalid_request"),
        ({"code_challenge": ""}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"scope": "tweet.read everything"}, "invalid_scope"),
    ],
)
def test_a_request_that_is_not_as_it_must_be_comes_back_with_the_reason(
    x: FakeX, changed: dict[str, str], error: str
) -> None:
    assert came_back_with(authorize(x, **changed))["error"] == error


def test_a_user_may_say_no(x: FakeX) -> None:
    x.say_no()
    assert came_back_with(authorize(x)) == {"error": "access_denied", "state": "s"}


@pytest.mark.parametrize("changed", [{"code_verifier": "w" * 43}, {"redirect_uri": "https://elsewhere.example/"}])
def test_a_code_is_good_for_the_attempt_that_asked_for_it(x: FakeX, changed: dict[str, str]) -> None:
    code = came_back_with(authorize(x))["code"]
    assert exchange(x, code, **changed).status_code == 400
    assert exchange(x, code).status_code == 200


def test_a_code_is_good_once_and_for_thirty_seconds(x: FakeX) -> None:
    first, second = (came_back_with(authorize(x))["code"] for _ in range(2))
    assert [exchange(x, first).status_code for _ in range(2)] == [200, 400]
    x.advance(30)
    assert exchange(x, second).status_code == 400
