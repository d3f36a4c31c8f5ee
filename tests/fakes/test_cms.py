"""The fake CMS refuses what a strict service refuses; a publisher that it lets through has done it right."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.fakes.cms import FakeCms
from tests.fakes.cms_auth import KINDS, jwt_mistake

JPEG = b"\xff\xd8\xff and so on"


@pytest.fixture
def cms() -> Iterator[FakeCms]:
    with FakeCms("bearer", remembers_keys=True, keys_are_unique=True) as server:
        yield server


def call(cms: FakeCms, method: str, path: str, headers: dict[str, str] | None = None, **content: Any) -> httpx.Response:
    sign = {"authorization": f"Bearer {cms.door.credentials.token}"}
    return httpx.request(method, cms.base_url + path, headers=sign | (headers or {}), **content)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "none"])
def test_nobody_is_let_in_without_credentials(kind: str) -> None:
    with FakeCms(kind) as cms:
        for headers in ({}, {"authorization": "Bearer x"}, {"authorization": "Basic eDp5"}, {"x-api-key": "x"}):
            assert httpx.get(cms.base_url + "/me", headers=headers).status_code == 401


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"text": ""},
        {"text": 5},
        {"text": "a" * 5001},
        {"text": "a", "unknown": 1},
        {"text": "a", "media": ["m-9"]},
        {"text": "a", "media": "m-1"},
        {"text": "a", "public": "true"},
        [],
    ],
)
def test_a_post_that_breaks_the_rules_is_refused(cms: FakeCms, body: Any) -> None:
    assert call(cms, "POST", "/posts", json=body).status_code == 400
    assert cms.posts == []


def test_an_upload_must_be_a_picture_with_a_name(cms: FakeCms) -> None:
    good = ("a.jpg", JPEG, "image/jpeg")
    assert call(cms, "POST", "/media", files={"file": good}).status_code == 201
    for file in (("a.jpg", b"text", "image/jpeg"), ("a.jpg", JPEG, "image/png"), ("a.jpg", JPEG, "text/plain")):
        assert call(cms, "POST", "/media", files={"file": file}).status_code == 415
    assert call(cms, "POST", "/media", files={"other": good}).status_code == 400
    assert call(cms, "POST", "/media", {"content-type": "image/jpeg"}, content=JPEG).status_code == 400
    assert len(cms.media) == 1


def test_a_key_makes_one_post_and_takes_no_other_body(cms: FakeCms) -> None:
    key = {"idempotency-key": "k"}
    first = call(cms, "POST", "/posts", key, json={"text": "a"})
    again = call(cms, "POST", "/posts", key, json={"text": "a"})
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert call(cms, "POST", "/posts", key, json={"text": "b"}).status_code == 422
    assert len(cms.posts) == 1


def test_a_key_of_a_post_is_unique_and_found(cms: FakeCms) -> None:
    assert call(cms, "GET", "/posts/by-key/k").status_code == 404
    assert call(cms, "GET", "/posts?key=k").json() == {"items": []}
    made = call(cms, "POST", "/posts", json={"text": "a", "key": "k"}).json()
    assert call(cms, "POST", "/posts", json={"text": "b", "key": "k"}).json()["existing"] == made
    assert call(cms, "GET", "/posts/by-key/k").json() == made
    assert call(cms, "GET", "/posts?key=k").json() == {"items": [made]}


def test_a_refresh_token_is_good_once() -> None:
    with FakeCms("oauth2_refresh") as cms:
        known = cms.door.credentials
        token = cms.door.issue(cms.now())["refresh_token"]
        form = {"grant_type": "refresh_token", "refresh_token": token}
        ask = (known.client_id, known.client_secret)
        assert httpx.post(cms.base_url + "/token", data=form).json()["error"] == "invalid_client"
        assert httpx.post(cms.base_url + "/token", data=form, auth=ask).status_code == 200
        assert httpx.post(cms.base_url + "/token", data=form, auth=ask).json()["error"] == "invalid_grant"


def test_a_token_that_is_signed_by_another_key_is_no_good() -> None:
    # RFC 7515, A.1: a token signed with a key that is not ours
    token = (
        "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9"
        ".eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
        ".dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    )
    assert jwt_mistake(token, "id:00ff", "/cms/", 1300819370) == "Invalid token: invalid signature"
    assert jwt_mistake("junk", "id:00ff", "/cms/", 0) == "That is no token."


def test_what_it_holds_outlives_it(tmp_path: Any) -> None:
    state = tmp_path / "cms.json"
    with FakeCms("bearer", state_file=state) as cms:
        call(cms, "POST", "/posts", json={"text": "a", "key": "k"})
    with FakeCms("bearer", state_file=state) as cms:
        assert [post.key for post in cms.posts] == ["k"]
