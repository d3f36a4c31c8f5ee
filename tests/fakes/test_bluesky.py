"""The fake Bluesky: sessions, uploads, the lexicon of a post, limits, refusals, and what outlives it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.fakes.bluesky import FakeBluesky
from tests.fakes.faults import Fault
from tests.fakes.x_caller import picture

KEY = "3lbgi6zc2222a"
NOW = "2026-11-20T08:00:00.000Z"


@dataclass
class Caller:
    """A client with an access token."""

    sky: FakeBluesky
    access: str = ""
    refresh: str = ""

    def __call__(self, method: str, name: str, *, token: str | None = None, **more: Any) -> httpx.Response:
        bearer = token or self.access
        headers = ({"authorization": f"Bearer {bearer}"} if bearer else {}) | more.pop("headers", {})
        return httpx.request(method, f"{self.sky.base_url}/xrpc/{name}", headers=headers, **more)

    def open(self, **changed: str) -> httpx.Response:
        account = self.sky.account
        document = {"identifier": account.handle, "password": account.app_password} | changed
        answer = self("POST", "com.atproto.server.createSession", json=document)
        if answer.status_code == 200:
            self.access, self.refresh = answer.json()["accessJwt"], answer.json()["refreshJwt"]
        return answer

    def renew(self, token: str) -> httpx.Response:
        return self("POST", "com.atproto.server.refreshSession", token=token)

    def upload(self, data: bytes, mime: str = "image/png") -> dict[str, Any]:
        answer = self("POST", "com.atproto.repo.uploadBlob", content=data, headers={"content-type": mime})
        blob: dict[str, Any] = answer.json()["blob"]
        return blob

    def put(self, record: dict[str, Any], key: str = KEY) -> httpx.Response:
        whole = {"$type": "app.bsky.feed.post", "text": "Boo", "createdAt": NOW} | record
        where = {"repo": self.sky.account.did, "collection": "app.bsky.feed.post", "rkey": key}
        return self("POST", "com.atproto.repo.putRecord", json=where | {"record": whole})


@pytest.fixture
def sky() -> Iterator[FakeBluesky]:
    with FakeBluesky() as fake:
        yield fake


@pytest.fixture
def call(sky: FakeBluesky) -> Caller:
    caller = Caller(sky)
    assert caller.open().status_code == 200
    return caller


def error(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]


def images(*blobs: dict[str, Any], **changed: Any) -> dict[str, Any]:
    each = {"alt": "A cat", "aspectRatio": {"width": 4, "height": 3}} | changed
    shown = [{name: value for name, value in ({"image": blob} | each).items() if value is not None} for blob in blobs]
    return {"embed": {"$type": "app.bsky.embed.images", "images": shown}}


def facet(start: int, end: int, kind: str = "link", **value: str) -> dict[str, Any]:
    feature = {"$type": f"app.bsky.richtext.facet#{kind}", **value}
    return {"index": {"byteStart": start, "byteEnd": end}, "features": [feature]}


class TestSessions:
    def test_a_wrong_password_opens_none(self, sky: FakeBluesky) -> None:
        assert error(Caller(sky).open(password="wrong")) == (401, "AuthenticationRequired")
        assert error(Caller(sky).open(identifier="nobody.example.com")) == (401, "AuthenticationRequired")

    def test_the_accounts_own_password_may_ask_for_a_code(self, sky: FakeBluesky) -> None:
        sky.account.needs_code = True
        assert error(Caller(sky).open(password=sky.account.password)) == (401, "AuthFactorTokenRequired")
        assert Caller(sky).open().status_code == 200

    def test_an_access_token_ends_after_two_hours_with_a_400(self, sky: FakeBluesky, call: Caller) -> None:
        assert call("GET", "com.atproto.server.getSession").json()["handle"] == sky.account.handle
        sky.advance(120 * 60 + 1)
        assert error(call("GET", "com.atproto.server.getSession")) == (400, "ExpiredToken")

    def test_a_refresh_token_is_good_for_once_and_for_nothing_else(self, call: Caller) -> None:
        assert error(call("GET", "com.atproto.server.getSession", token=call.refresh)) == (400, "InvalidToken")
        assert error(call.renew(call.access)) == (400, "InvalidToken")
        renewed = call.renew(call.refresh).json()
        assert error(call.renew(call.refresh)) == (400, "ExpiredToken")
        assert call("GET", "com.atproto.server.getSession", token=renewed["accessJwt"]).status_code == 200

    def test_a_refresh_token_ends_after_ninety_days(self, sky: FakeBluesky, call: Caller) -> None:
        sky.advance(90 * 86_400 + 1)
        assert error(call.renew(call.refresh)) == (400, "ExpiredToken")

    def test_without_a_token_nobody_is_let_in(self, sky: FakeBluesky) -> None:
        url = f"{sky.base_url}/xrpc/com.atproto.server.getSession"
        assert error(httpx.get(url)) == (401, "AuthMissing")
        assert error(httpx.get(url, headers={"authorization": "Bearer x"})) == (400, "InvalidToken")

    def test_few_sessions_are_opened_in_five_minutes_and_in_a_day(self, sky: FakeBluesky) -> None:
        answers = [Caller(sky).open() for _ in range(31)]
        assert [answer.status_code for answer in answers] == [200] * 30 + [429]
        assert answers[-1].headers["ratelimit-remaining"] == "0"
        assert 0 < int(answers[-1].headers["ratelimit-reset"]) - sky.now() <= 300
        sky.advance(301)
        assert Caller(sky).open().status_code == 200

    def test_an_account_that_is_switched_off_writes_nothing(self, sky: FakeBluesky, call: Caller) -> None:
        sky.account.status = "takendown"
        assert error(call.put({})) == (401, "AccountTakedown")
        assert error(call.open()) == (401, "AccountTakedown")
        assert call("GET", "com.atproto.server.getSession").json()["active"] is False


class TestRecords:
    def test_the_same_record_again_changes_nothing(self, sky: FakeBluesky, call: Caller) -> None:
        first, second = call.put({}), call.put({})
        assert first.json()["cid"] == second.json()["cid"]
        [post] = sky.posts
        assert (post.puts, post.updates) == (2, 0)

    def test_another_record_under_the_same_key_is_the_same_post_changed(self, sky: FakeBluesky, call: Caller) -> None:
        call.put({})
        call.put({"text": "Boo!"})
        [post] = sky.posts
        assert (post.value["text"], post.updates) == ("Boo!", 1)

    def test_a_record_is_found_by_its_key(self, sky: FakeBluesky, call: Caller) -> None:
        where = {"repo": sky.account.did, "collection": "app.bsky.feed.post", "rkey": KEY}
        assert error(call("GET", "com.atproto.repo.getRecord", params=where)) == (400, "RecordNotFound")
        call.put({})
        assert call("GET", "com.atproto.repo.getRecord", params=where).json()["value"]["text"] == "Boo"

    @pytest.mark.parametrize("key", ["", "self", "3LBGI6ZC2222A", "zzzzzzzzzzzzz", "3lbgi6zc2222", "3lbgi6zc22221"])
    def test_a_key_is_a_tid(self, call: Caller, key: str) -> None:
        assert error(call.put({}, key)) == (400, "InvalidRequest")

    def test_nobody_writes_into_the_repository_of_somebody_else(self, sky: FakeBluesky, call: Caller) -> None:
        other = sky.add_account("other.example.com", "aaaa-aaaa-aaaa-aaaa")
        call.open(identifier=other.handle, password=other.app_password)
        assert error(call.put({})) == (401, "AuthenticationRequired")

    @pytest.mark.parametrize(
        "record",
        [
            {"$type": "app.bsky.feed.like"},
            {"text": "a" * 301},
            {"text": "👨‍👩‍👧‍👦" * 121},
            {"text": None},
            {"createdAt": "2026-11-20"},
            {"createdAt": "today"},
            {"createdAt": "2026-11-20T08:00:00"},
            {"langs": ["a", "b", "c", "d"]},
            {"idempotencyKey": "a"},
            {"embed": {"$type": "app.bsky.embed.external", "external": {"uri": "example.com", "title": "a"}}},
            {"embed": {"$type": "app.bsky.embed.images", "images": []}},
            {"embed": {"$type": "app.bsky.embed.video"}},
        ],
    )
    def test_what_breaks_the_lexicon_is_refused(self, sky: FakeBluesky, call: Caller, record: dict[str, Any]) -> None:
        assert error(call.put(record)) == (400, "InvalidRequest")
        assert sky.posts == []

    @pytest.mark.parametrize("text", ["a" * 300, "👨‍👩‍👧‍👦" * 120, "🇩🇪" * 300, ""])
    def test_a_text_may_have_three_hundred_graphemes_and_three_thousand_bytes(self, call: Caller, text: str) -> None:
        assert call.put({"text": text}).status_code == 200

    @pytest.mark.parametrize(
        ("facets", "status"),
        [
            ([facet(5, 24, uri="https://example.com")], 200),
            ([facet(4, 23, uri="https://example.com")], 400),
            ([facet(1, 5, "tag", tag="x")], 400),
            ([facet(25, 29, "tag", tag="boo")], 200),
            ([facet(25, 29, "tag", tag="#boo")], 400),
            ([facet(30, 32, "mention", did="did:plc:me")], 200),
            ([facet(30, 32, "mention", did="me.example.com")], 400),
            ([facet(30, 99, "mention", did="did:plc:me")], 400),
            ([facet(5, 5, uri="https://example.com")], 400),
        ],
    )
    def test_a_facet_is_where_it_says_in_bytes(self, call: Caller, facets: list[dict[str, Any]], status: int) -> None:
        assert call.put({"text": "👻 https://example.com #boo @a", "facets": facets}).status_code == status


class TestUploads:
    def test_a_picture_is_named_by_its_bytes_and_its_true_type(self, call: Caller) -> None:
        data = picture()
        assert call.upload(data) == call.upload(data, "image/jpeg")
        assert call.upload(data)["mimeType"] == "image/png"

    def test_four_pictures_may_be_in_a_post(self, call: Caller) -> None:
        blobs = [call.upload(picture(width=size)) for size in (10, 20, 30, 40, 50)]
        assert call.put(images(*blobs[:4])).status_code == 200
        assert error(call.put(images(*blobs))) == (400, "InvalidRequest")

    @pytest.mark.parametrize(
        ("changed", "name"),
        [
            ({"alt": None}, "InvalidRequest"),
            ({"aspectRatio": {"width": 0, "height": 1}}, "InvalidRequest"),
            ({"aspectRatio": {"width": 1.5, "height": 1}}, "InvalidRequest"),
        ],
    )
    def test_a_picture_has_an_alt_text_and_a_shape_that_can_be(
        self, call: Caller, changed: dict[str, Any], name: str
    ) -> None:
        assert error(call.put(images(call.upload(picture()), **changed))) == (400, name)

    @pytest.mark.parametrize(
        ("changed", "name"),
        [
            ({"ref": {"$link": "bafkreinothing"}}, "BlobNotFound"),
            ({"mimeType": "image/jpeg"}, "InvalidMimeType"),
            ({"mimeType": "text/plain"}, "InvalidMimeType"),
            ({"size": 1}, "InvalidSize"),
        ],
    )
    def test_a_post_refers_to_an_upload_as_it_is(self, call: Caller, changed: dict[str, Any], name: str) -> None:
        assert error(call.put(images(call.upload(picture()) | changed))) == (400, name)

    def test_what_is_too_large_is_refused_when_the_post_is_made(self, call: Caller) -> None:
        blob = call.upload(picture() + bytes(2_000_000))
        assert error(call.put(images(blob))) == (400, "BlobTooLarge")

    def test_an_upload_that_nothing_refers_to_is_dropped(self, sky: FakeBluesky, call: Caller) -> None:
        used, unused = call.upload(picture(width=10)), call.upload(picture(width=20))
        call.put(images(used))
        sky.advance(3_601)
        assert error(call.put(images(unused), "3lbgi6zc2222b")) == (400, "BlobNotFound")
        assert call.put(images(used), "3lbgi6zc2222b").status_code == 200

    def test_an_upload_of_somebody_else_is_not_there(self, sky: FakeBluesky, call: Caller) -> None:
        other = sky.add_account("other.example.com", "aaaa-aaaa-aaaa-aaaa")
        stranger = Caller(sky)
        stranger.open(identifier=other.handle, password=other.app_password)
        assert error(call.put(images(stranger.upload(picture())))) == (400, "BlobNotFound")


class TestReading:
    def test_counts_are_shown_for_what_the_app_view_has_seen(self) -> None:
        with FakeBluesky(index_lag_seconds=30) as sky:
            call = Caller(sky)
            call.open()
            uri = call.put({}).json()["uri"]
            uris = {"uris": [uri, "at://did:plc:gone/app.bsky.feed.post/1"]}
            assert call("GET", "app.bsky.feed.getPosts", params=uris).json() == {"posts": []}
            sky.advance(31)
            sky.posts[0].counts["likeCount"] = 3
            [post] = call("GET", "app.bsky.feed.getPosts", params=uris).json()["posts"]
            assert (post["uri"], post["likeCount"], post["quoteCount"]) == (uri, 3, 0)

    @pytest.mark.parametrize("number", [0, 26])
    def test_one_to_twenty_five_are_shown_at_once(self, call: Caller, number: int) -> None:
        assert call("GET", "app.bsky.feed.getPosts", params={"uris": ["at://a"] * number}).status_code == 400

    def test_a_handle_leads_to_a_did(self, sky: FakeBluesky, call: Caller) -> None:
        sky.handles["you.example.com"] = "did:plc:you"
        name = "com.atproto.identity.resolveHandle"
        assert call("GET", name, params={"handle": "You.example.com"}).json() == {"did": "did:plc:you"}
        assert error(call("GET", name, params={"handle": "nobody.example.com"})) == (400, "InvalidRequest")

    def test_what_is_not_known_is_not_implemented(self, call: Caller) -> None:
        assert error(call("POST", "com.atproto.repo.createRecord")) == (501, "MethodNotImplemented")


def test_writing_has_a_limit_by_the_hour_in_points() -> None:
    with FakeBluesky(limits={"writes": 5}) as sky:
        call = Caller(sky)
        call.open()
        answers = [call.put({}, f"3lbgi6zc222{number}") for number in (22, 33, 44)]
        assert [answer.headers["ratelimit-remaining"] for answer in answers] == ["3", "1", "0"]
        assert error(answers[-1]) == (429, "RateLimitExceeded")
        assert answers[-1].headers["ratelimit-policy"] == "5;w=3600"


@pytest.mark.parametrize("fault", [fault for fault in Fault if fault.status], ids=lambda fault: fault.value)
def test_scripted_refusals_have_the_shape_of_bluesky(sky: FakeBluesky, call: Caller, fault: Fault) -> None:
    sky.script(fault, path="*putRecord")
    answer = call.put({})
    # A token that is over is a 400 here.
    assert answer.status_code == (400 if fault.status == 401 else fault.status)
    assert answer.json().keys() == {"error", "message"}
    assert (answer.headers.get("ratelimit-remaining") == "0") is (fault is Fault.RATE_LIMITED)
    assert len(sky.posts) == (1 if fault.value.startswith("processed") else 0)


def test_everything_outlives_the_process(tmp_path: Path) -> None:
    with FakeBluesky(state_file=tmp_path / "sky.json") as sky:
        call = Caller(sky)
        call.open()
        call.put(images(call.upload(picture())))
        held = sky.dump()
    with FakeBluesky(state_file=tmp_path / "sky.json") as sky:
        assert sky.dump() == held
        assert Caller(sky, call.access).put({}).status_code == 200


def test_it_runs_as_a_program(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.fakes.bluesky", "--limit", "sessions=1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]) as process:
        try:
            assert process.stdout is not None
            base_url = process.stdout.readline().strip()
            account = httpx.get(base_url + "/_fake/accounts").json()[0]
            document = {"identifier": account["handle"], "password": account["app_password"]}
            url = f"{base_url}/xrpc/com.atproto.server.createSession"
            assert [httpx.post(url, json=document).status_code for _ in range(2)] == [200, 429]
            assert httpx.get(base_url + "/_fake/posts").json() == []
        finally:
            process.terminate()
        assert process.wait(timeout=10) == 0
