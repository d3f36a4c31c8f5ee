"""Whom the fake X lets in: signatures, tokens and their refresh."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from oauthlib.oauth1 import Client as Signer

from tests.fakes.faults import Fault
from tests.fakes.x import FakeX
from tests.fakes.x_caller import Caller, picture
from tests.fakes.x_state import Account, Token


def signed(x: FakeX, account: Account, method: str, path: str, **more: Any) -> httpx.Request:
    """A request signed by oauthlib."""
    request = httpx.Request(method, x.base_url + path, **more)
    is_form = request.headers.get("content-type") == "application/x-www-form-urlencoded"
    signer = Signer(account.api_key, account.api_secret, account.access_token, account.access_token_secret)
    _, headers, _ = signer.sign(
        str(request.url), method, request.read().decode() if is_form else None, request.headers if is_form else {}
    )
    request.headers["authorization"] = headers["Authorization"]
    return request


def send(request: httpx.Request) -> httpx.Response:
    with httpx.Client() as client:
        return client.send(request)


class TestSignatures:
    def test_a_signature_of_oauthlib_is_taken(self, x: FakeX) -> None:
        query = {"tweet.fields": "created_at", "expansions": "attachments.media_keys", "max_results": "5"}
        assert send(signed(x, x.account, "GET", f"/2/users/{x.account.id}/tweets", params=query)).status_code == 200
        text = {"text": "déjà vu & more + 100 %"}
        assert send(signed(x, x.account, "POST", "/2/tweets", json=text)).status_code == 201
        fields, files = {"media_category": "tweet_image"}, {"media": ("a.png", picture())}
        upload = signed(x, x.account, "POST", "/2/media/upload", data=fields, files=files)
        assert send(upload).status_code == 200

    def test_a_form_body_is_part_of_the_signature(self, x: FakeX) -> None:
        request = signed(x, x.account, "POST", "/2/tweets", data={"text": "a b"})
        assert send(request).status_code == 400
        forged = httpx.Request("POST", request.url, data={"text": "c"}, headers=request.headers)
        forged.headers["content-length"] = str(len(forged.read()))
        assert send(forged).status_code == 401

    @pytest.mark.parametrize(
        "spoil",
        [
            lambda account: setattr(account, "api_secret", "other"),
            lambda account: setattr(account, "access_token_secret", "other"),
            lambda account: setattr(account, "api_key", "other"),
            lambda account: setattr(account, "is_revoked", True),
        ],
    )
    def test_wrong_or_revoked_keys_are_unauthorized(self, x: FakeX, spoil: Callable[[Account], None]) -> None:
        request = signed(x, x.account, "GET", "/2/users/me")
        spoil(x.account)
        answer = send(request)
        assert answer.status_code == 401
        assert answer.json() == {
            "title": "Unauthorized",
            "detail": "Unauthorized",
            "type": "about:blank",
            "status": 401,
        }

    def test_a_signature_is_for_one_address_only(self, x: FakeX) -> None:
        request = signed(x, x.account, "GET", "/2/users/me")
        assert send(httpx.Request("GET", f"{request.url}?a=b", headers=request.headers)).status_code == 401

    def test_a_nonce_is_good_for_once(self, x: FakeX) -> None:
        request = signed(x, x.account, "GET", "/2/users/me")
        assert [send(request).status_code for _ in range(2)] == [200, 401]

    def test_an_old_timestamp_is_refused(self, x: FakeX) -> None:
        account = x.account
        signer = Signer(
            account.api_key,
            account.api_secret,
            account.access_token,
            account.access_token_secret,
            timestamp="1700000000",
        )
        url, headers, _ = signer.sign(x.base_url + "/2/users/me")
        assert httpx.get(url, headers=headers).status_code == 401


class TestTokens:
    def refresh(self, x: FakeX, token: str, **more: Any) -> httpx.Response:
        form = {"grant_type": "refresh_token", "refresh_token": token, **more.pop("form", {})}
        auth = more.pop("auth", (x.account.client_id, x.account.client_secret or ""))
        return httpx.post(x.base_url + "/2/oauth2/token", data=form, auth=auth)

    def test_an_access_token_ends_after_two_hours(self, x: FakeX, call: Caller) -> None:
        assert call("GET", "/2/users/me").status_code == 200
        x.advance(7200)
        assert call("GET", "/2/users/me").status_code == 401

    def test_a_refresh_gives_a_new_pair_and_uses_up_the_old_one(self, x: FakeX, tokens: tuple[Token, Token]) -> None:
        answer = self.refresh(x, tokens[1].text)
        assert answer.status_code == 200
        fresh = answer.json()
        assert fresh["expires_in"] == 7200
        assert Caller(x, fresh["access_token"])("GET", "/2/users/me").status_code == 200
        assert Caller(x, tokens[0].text)("GET", "/2/users/me").status_code == 401
        again = self.refresh(x, tokens[1].text)
        assert (again.status_code, again.json()["error"]) == (400, "invalid_request")
        assert self.refresh(x, fresh["refresh_token"]).status_code == 200

    def test_a_confidential_client_must_show_its_secret(self, x: FakeX, tokens: tuple[Token, Token]) -> None:
        assert self.refresh(x, tokens[1].text, auth=(x.account.client_id, "wrong")).status_code == 401
        missing = self.refresh(x, tokens[1].text, auth=None, form={"client_id": x.account.client_id})
        assert (missing.status_code, missing.json()["error"]) == (401, "unauthorized_client")

    def test_a_public_client_names_itself_in_the_form(self) -> None:
        with FakeX(client_secret=None) as x:
            _, token = x.connect(x.account)
            assert self.refresh(x, token.text, auth=None).status_code == 400
            named = {"client_id": x.account.client_id}
            assert self.refresh(x, token.text, auth=None, form=named).status_code == 200

    def test_a_revoked_account_cannot_refresh(self, x: FakeX, tokens: tuple[Token, Token]) -> None:
        x.account.is_revoked = True
        assert self.refresh(x, tokens[1].text).status_code == 400

    def test_a_lost_answer_has_used_up_the_token_all_the_same(self, x: FakeX, tokens: tuple[Token, Token]) -> None:
        x.script(Fault.CUT_AFTER_PROCESSING, path="/2/oauth2/token")
        with pytest.raises(httpx.TransportError):
            self.refresh(x, tokens[1].text)
        assert self.refresh(x, tokens[1].text).status_code == 400

    def test_a_token_reaches_as_far_as_its_scopes(self, x: FakeX) -> None:
        reader = Caller(x, x.connect(x.account, ("tweet.read", "users.read"))[0].text)
        assert reader("GET", "/2/users/me").status_code == 200
        assert reader.post("no").status_code == 403
