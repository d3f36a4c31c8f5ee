"""The fake Mastodon: uploads, statuses and their keys, what it shows, limits, refusals, and what outlives it."""

from __future__ import annotations

import base64
import hashlib
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest

from tests.fakes.faults import Fault
from tests.fakes.mastodon import FakeMastodon
from tests.fakes.mastodon_auth import CLIENT_ID, CLIENT_SECRET
from tests.fakes.x_caller import picture

BACK = "http://127.0.0.1:1/callback"


@dataclass
class Caller:
    """A client with an access token."""

    server: FakeMastodon
    token: str

    def __call__(self, method: str, path: str, **more: Any) -> httpx.Response:
        headers = {"authorization": f"Bearer {self.token}", **more.pop("headers", {})}
        return httpx.request(method, self.server.base_url + path, headers=headers, **more)

    def upload(self, data: bytes | None = None, mime: str = "image/png", **fields: str) -> httpx.Response:
        return self("POST", "/api/v2/media", data=fields, files={"file": ("a.png", data or picture(), mime)})

    def media(self) -> str:
        media_id: str = self.upload().json()["id"]
        return media_id

    def post(self, text: str = "Boo", key: str = "", **more: Any) -> httpx.Response:
        headers = {"idempotency-key": key} if key else {}
        return self("POST", "/api/v1/statuses", json={"status": text} | more, headers=headers)

    def own(self, **query: str) -> list[dict[str, Any]]:
        path = f"/api/v1/accounts/{self.server.account.id}/statuses"
        shown: list[dict[str, Any]] = self("GET", path, params=query).json()
        return shown


@pytest.fixture
def server() -> Iterator[FakeMastodon]:
    with FakeMastodon() as fake:
        yield fake


@pytest.fixture
def call(server: FakeMastodon) -> Caller:
    return Caller(server, server.token.text)


def error(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]


class TestWhoAsks:
    def test_a_token_must_be_known_and_not_taken_back(self, server: FakeMastodon, call: Caller) -> None:
        assert error(Caller(server, "wrong").post()) == (401, "The access token is invalid")
        server.revoke(server.account)
        assert error(call.post()) == (401, "The access token was revoked")

    def test_a_token_must_have_the_scope(self, server: FakeMastodon) -> None:
        reader = Caller(server, server.connect(server.account, ("read", "write:media")).text)
        assert reader("GET", "/api/v1/accounts/verify_credentials").json()["username"] == "pressroom"
        assert reader.upload().status_code == 200
        assert error(reader.post()) == (403, "This action is outside the authorized scopes")

    def test_an_account_may_be_switched_off(self, server: FakeMastodon, call: Caller) -> None:
        server.account.trouble = "Your login is currently disabled"
        assert error(call.post()) == (403, "Your login is currently disabled")

    def test_a_code_is_good_for_one_token_and_only_with_its_proof(self, server: FakeMastodon) -> None:
        challenge = base64.urlsafe_b64encode(hashlib.sha256(b"verifier").digest()).rstrip(b"=").decode()
        asked = {"client_id": CLIENT_ID, "response_type": "code", "redirect_uri": BACK, "scope": "write:statuses"}
        query = urlencode(asked | {"state": "s", "code_challenge": challenge})
        sent_back = parse_qs(
            urlsplit(httpx.get(f"{server.base_url}/oauth/authorize?{query}").headers["location"]).query
        )
        assert sent_back["state"] == ["s"]
        form = {"grant_type": "authorization_code", "code": sent_back["code"][0], "redirect_uri": BACK}
        form |= {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}

        def exchange(**changed: str) -> httpx.Response:
            return httpx.post(f"{server.base_url}/oauth/token", data=form | changed)

        for wrong in ({}, {"code_verifier": "other"}, {"code_verifier": "verifier", "redirect_uri": "http://b/"}):
            assert error(exchange(**wrong)) == (400, "invalid_grant")
        assert error(exchange(code_verifier="verifier", client_secret="wrong")) == (401, "invalid_client")
        assert error(exchange(code_verifier="verifier", grant_type="password")) == (400, "unsupported_grant_type")
        token = exchange(code_verifier="verifier").json()["access_token"]
        assert Caller(server, token).post().status_code == 200
        assert error(exchange(code_verifier="verifier")) == (400, "invalid_grant")


class TestUploads:
    def test_a_picture_is_ready_at_once_or_worked_on(self, server: FakeMastodon, call: Caller) -> None:
        assert call.upload().status_code == 200
        server.working_seconds = 30
        answer = call.upload(description="A cat", focus="0.1,-0.5")
        assert (answer.status_code, answer.json()["url"]) == (202, None)
        path = f"/api/v1/media/{answer.json()['id']}"
        assert call("GET", path).status_code == 206
        assert error(call.post(media_ids=[answer.json()["id"]]))[0] == 422
        server.advance(31)
        assert call("GET", path).json()["description"] == "A cat"
        assert call.post(media_ids=[answer.json()["id"]]).status_code == 200

    @pytest.mark.parametrize(
        ("data", "mime", "fields"),
        [
            (b"text", "text/plain", {}),
            (b"no picture", "image/png", {}),
            (picture()[:60], "image/png", {}),
            (picture() + bytes(16 * 1024 * 1024), "image/png", {}),
            (picture(), "image/png", {"description": "a" * 1_501}),
            (picture(), "image/png", {"alt": "a"}),
        ],
    )
    def test_what_is_no_picture_or_too_much_is_refused(
        self, server: FakeMastodon, call: Caller, data: bytes, mime: str, fields: dict[str, str]
    ) -> None:
        assert call.upload(data, mime, **fields).status_code == 422
        assert server.media == []

    def test_what_cannot_be_read_is_found_out_while_it_is_worked_on(self, server: FakeMastodon, call: Caller) -> None:
        server.working_seconds = 30
        media_id = call.upload(picture()[:60]).json()["id"]
        server.advance(31)
        assert call("GET", f"/api/v1/media/{media_id}").status_code == 422
        assert call.post(media_ids=[media_id]).status_code == 422

    def test_a_picture_belongs_to_one_status_of_its_account(self, server: FakeMastodon, call: Caller) -> None:
        media_id = call.media()
        assert call.post(media_ids=[media_id]).status_code == 200
        assert "already attached" in error(call.post(media_ids=[media_id]))[1]
        _, token = server.add_account("other")
        assert Caller(server, token.text).post(media_ids=[call.media()]).status_code == 422

    def test_a_picture_that_nothing_refers_to_is_removed_after_a_day(self, server: FakeMastodon, call: Caller) -> None:
        media_id = call.media()
        server.advance(86_401)
        assert call("GET", f"/api/v1/media/{media_id}").status_code == 404
        assert call.post(media_ids=[media_id]).status_code == 422


class TestStatuses:
    def test_the_same_key_within_an_hour_is_the_same_status(self, server: FakeMastodon, call: Caller) -> None:
        first = call.post("Boo", "key")
        server.advance(3_500)
        assert call.post("Something else", "key").json() == first.json()
        server.advance(200)
        assert call.post("Boo", "key").json()["id"] != first.json()["id"]
        assert len(server.posts) == 2

    def test_keys_are_an_account_s_own_and_none_is_no_key(self, server: FakeMastodon, call: Caller) -> None:
        _, token = server.add_account("other")
        ids = {caller.post("Boo", "key").json()["id"] for caller in (call, Caller(server, token.text))}
        assert len(ids | {call.post("Boo").json()["id"] for _ in range(2)}) == 4

    @pytest.mark.parametrize(
        "document",
        [
            {"status": ""},
            {"status": "a" * 501},
            {"status": "a" * 490, "spoiler_text": "a" * 11},
            {"status": 5},
            {"status": "a", "visibility": "secret"},
            {"status": "a", "idempotency_key": "b"},
            {"status": "a", "media_ids": ["1"]},
            {"status": "a", "media_ids": "1"},
        ],
    )
    def test_what_is_wrong_with_a_status_is_said(
        self, server: FakeMastodon, call: Caller, document: dict[str, Any]
    ) -> None:
        answer = call("POST", "/api/v1/statuses", json=document)
        assert answer.status_code == 422
        assert answer.json()["error"].startswith("Validation failed: ")
        assert server.posts == []

    @pytest.mark.parametrize(
        "text",
        [
            "a" * 500,
            "👨‍👩‍👧‍👦" * 500,
            "https://example.com/" + "a" * 900,
            "@" + "a" * 30 + "@" + "b" * 600 + ".example",
        ],
    )
    def test_links_and_servers_of_mentions_do_not_count_in_full(self, call: Caller, text: str) -> None:
        assert call.post(text).status_code == 200

    def test_four_pictures_are_shown_in_order(self, call: Caller) -> None:
        ids = [call.media() for _ in range(5)]
        assert call.post(media_ids=ids).status_code == 422
        shown = call.post("", media_ids=ids[:4]).json()
        assert [one["id"] for one in shown["media_attachments"]] == ids[:4]

    def test_a_status_is_shown_as_html(self, call: Caller) -> None:
        html = call.post("Fish & chips\n\nat https://example.com/a #yum @you@b.example").json()["content"]
        assert html.startswith("<p>Fish &amp; chips</p><p>at <a href=")
        assert '<span class="invisible">https://</span>' in html
        assert "#<span>yum</span>" in html
        assert "@<span>you</span>" in html


class TestReading:
    def test_the_newest_come_first_in_pages(self, call: Caller) -> None:
        ids = [call.post(f"{number}").json()["id"] for number in range(45)]
        first = call.own(limit="80")
        assert [one["id"] for one in first] == ids[:4:-1]
        assert [one["id"] for one in call.own(max_id=first[-1]["id"])] == ids[4::-1]

    def test_others_see_what_is_shown_to_everybody(self, server: FakeMastodon, call: Caller) -> None:
        call.post("public")
        call.post("private", visibility="private")
        _, token = server.add_account("other")
        assert [len(caller.own()) for caller in (call, Caller(server, token.text))] == [2, 1]

    def test_counts_are_shown_for_one_or_for_many(self, server: FakeMastodon, call: Caller) -> None:
        ids = [call.post(f"{number}").json()["id"] for number in range(2)]
        server.posts[1].counts["favourites_count"] = 3
        assert call("GET", f"/api/v1/statuses/{ids[1]}").json()["favourites_count"] == 3
        assert error(call("GET", "/api/v1/statuses/7")) == (404, "Record not found")
        many = call("GET", "/api/v1/statuses", params={"id[]": [*ids, "7"]}).json()
        assert [one["favourites_count"] for one in many] == [0, 3]
        server.shows_many = False
        assert call("GET", "/api/v1/statuses", params={"id[]": ids}).status_code == 404

    def test_a_server_tells_its_limits_to_anybody(self, server: FakeMastodon) -> None:
        document = httpx.get(f"{server.base_url}/api/v2/instance").json()
        assert document["configuration"]["statuses"]["max_characters"] == 500

    def test_each_answer_says_what_time_it_is_there(self, server: FakeMastodon, call: Caller) -> None:
        server.advance(86_400)
        for answer in (call.post(), call.post("a" * 501)):
            assert abs(parsedate_to_datetime(answer.headers["date"]).timestamp() - server.now()) < 2


class TestLimits:
    def test_one_too_many_is_refused_until_the_window_ends(self) -> None:
        with FakeMastodon(limits={"all": 2}) as server:
            call = Caller(server, server.token.text)
            answers = [call.post() for _ in range(3)]
            assert [answer.headers["x-ratelimit-remaining"] for answer in answers] == ["1", "0", "0"]
            assert error(answers[-1]) == (429, "Too many requests")
            assert answers[-1].headers["x-ratelimit-reset"].endswith("Z")
            server.advance(301)
            assert call.post().status_code == 200

    def test_uploads_have_a_limit_of_their_own(self) -> None:
        with FakeMastodon(limits={"media": 1}) as server:
            call = Caller(server, server.token.text)
            assert [call.upload().status_code for _ in range(2)] == [200, 429]
            assert call.post().status_code == 200


@pytest.mark.parametrize("fault", [fault for fault in Fault if fault.status], ids=lambda fault: fault.value)
def test_scripted_refusals_have_the_shape_of_mastodon(server: FakeMastodon, call: Caller, fault: Fault) -> None:
    server.script(fault, path="/api/v1/statuses")
    answer = call.post()
    # What is wrong with a request is a 422 here.
    assert answer.status_code == (422 if fault is Fault.BAD_REQUEST else fault.status)
    # What is too large does not come past the proxy before the server.
    assert fault is Fault.TOO_LARGE or answer.json().keys() == {"error"}
    assert ("x-ratelimit-reset" in answer.headers) is (fault is Fault.RATE_LIMITED)
    assert len(server.posts) == (1 if fault.value.startswith("processed") else 0)


def test_everything_outlives_the_process(tmp_path: Path) -> None:
    with FakeMastodon(state_file=tmp_path / "server.json") as server:
        call = Caller(server, server.token.text)
        first = call.post("Boo", "key", media_ids=[call.media()])
        held = server.dump()
    with FakeMastodon(state_file=tmp_path / "server.json") as server:
        assert server.dump() == held
        assert Caller(server, call.token).post("Boo", "key").json()["id"] == first.json()["id"]


def test_it_runs_as_a_program() -> None:
    command = [sys.executable, "-m", "tests.fakes.mastodon", "--working", "5", "--limit", "media=1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]) as process:
        try:
            assert process.stdout is not None
            base_url = process.stdout.readline().strip()
            token = httpx.get(base_url + "/_fake/tokens").json()[0]["text"]
            headers = {"authorization": f"Bearer {token}"}
            files = {"file": ("a.png", picture(), "image/png")}
            answers = [httpx.post(base_url + "/api/v2/media", files=files, headers=headers) for _ in range(2)]
            assert [answer.status_code for answer in answers] == [202, 429]
            assert httpx.get(base_url + "/_fake/posts").json() == []
        finally:
            process.terminate()
        assert process.wait(timeout=10) == 0
