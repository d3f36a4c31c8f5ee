"""The fake X refuses what X refuses, and remembers what it took."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import httpx
import pytest
from oauthlib.oauth1 import Client as Signer

from tests.fakes.faults import Fault, TakesEffect
from tests.fakes.x import FakeX
from tests.fakes.x_state import Account, Token
from tests.fakes.x_text import weighted_length


@pytest.fixture
def x() -> Iterator[FakeX]:
    with FakeX() as fake:
        yield fake


@dataclass
class Caller:
    """A client with a bearer token."""

    x: FakeX
    token: str

    def __call__(self, method: str, path: str, **more: Any) -> httpx.Response:
        headers = {"authorization": f"Bearer {self.token}", **more.pop("headers", {})}
        return httpx.request(method, self.x.base_url + path, headers=headers, **more)

    def upload(self, data: bytes, category: str = "tweet_image") -> httpx.Response:
        fields = {"media_category": category}
        return self("POST", "/2/media/upload", data=fields, files={"media": ("a.bin", data)})

    def post(self, text: str = "", *media_ids: str, **more: Any) -> httpx.Response:
        media = {"media": {"media_ids": list(media_ids)}} if media_ids else {}
        return self("POST", "/2/tweets", json={"text": text} | media | more)


@pytest.fixture
def tokens(x: FakeX) -> tuple[Token, Token]:
    return x.connect(x.account)


@pytest.fixture
def call(x: FakeX, tokens: tuple[Token, Token]) -> Caller:
    return Caller(x, tokens[0].text)


def picture(kind: str = ".png", width: int = 40, height: int = 30) -> bytes:
    import pyvips

    data: bytes = (pyvips.Image.gaussnoise(width, height) + 100).cast("uchar").write_to_buffer(kind)
    return data


def message(answer: httpx.Response) -> str:
    text: str = answer.json()["errors"][0]["message"]
    return text


class TestUploading:
    @pytest.mark.parametrize(
        ("suffix", "mime"), [(".png", "png"), (".jpg", "jpeg"), (".webp", "webp"), (".gif", "gif")]
    )
    def test_an_image_is_taken_and_measured(self, call: Caller, suffix: str, mime: str) -> None:
        data = picture(suffix)
        answer = call.upload(data)
        assert answer.status_code == 200
        media = answer.json()["data"]
        assert media["media_key"] == f"3_{media['id']}"
        assert media["size"] == len(data)
        assert media["image"] == {"w": 40, "h": 30, "image_type": f"image/{mime}"}
        assert media["expires_after_secs"] == 86_400

    def test_an_image_may_come_as_base64(self, call: Caller) -> None:
        document = {"media": base64.b64encode(picture()).decode(), "media_category": "tweet_image"}
        assert call("POST", "/2/media/upload", json=document).status_code == 200

    @pytest.mark.parametrize(
        "document",
        [{"media": "!", "media_category": "tweet_image"}, {"media_category": "tweet_image"}, {"media": "aa"}],
    )
    def test_an_upload_in_json_must_be_complete(self, call: Caller, document: dict[str, str]) -> None:
        assert call("POST", "/2/media/upload", json=document).status_code == 400

    def test_the_category_is_required(self, call: Caller) -> None:
        answer = call("POST", "/2/media/upload", files={"media": ("a.png", picture())})
        assert (answer.status_code, message(answer)) == (400, "$.media_category: is missing but it is required")

    def test_an_unknown_field_is_refused(self, call: Caller) -> None:
        fields = {"media_category": "tweet_image", "alt": "x"}
        answer = call("POST", "/2/media/upload", data=fields, files={"media": ("a.png", picture())})
        assert answer.status_code == 400

    def test_an_image_beyond_five_megabytes_is_too_large(self, call: Caller) -> None:
        data = picture(".png", 3000, 2400)
        assert len(data) > 5_000_000
        assert call.upload(data).status_code == 413

    @pytest.mark.parametrize("data", [b"GIF? no", b"\x89PNG\r\n\x1a\n and then nothing", b""])
    def test_what_is_not_an_image_is_refused(self, call: Caller, data: bytes) -> None:
        assert call.upload(data).status_code == 400

    @pytest.mark.parametrize("suffix", [".png", ".jpg", ".webp", ".gif"])
    def test_an_image_that_is_cut_short_is_refused(self, call: Caller, suffix: str) -> None:
        data = picture(suffix, 300, 300)
        assert call.upload(data[: len(data) // 2]).status_code == 400


class TestAltText:
    def describe(self, call: Caller, media_id: str, text: str) -> httpx.Response:
        document = {"id": media_id, "metadata": {"alt_text": {"text": text}}}
        return call("POST", "/2/media/metadata", json=document)

    def test_it_is_kept_with_the_image(self, x: FakeX, call: Caller) -> None:
        media_id = call.upload(picture()).json()["data"]["id"]
        assert self.describe(call, media_id, "A harbour at dusk").status_code == 200
        assert x.media[0].alt_text == "A harbour at dusk"

    def test_it_has_at_most_a_thousand_characters(self, call: Caller) -> None:
        media_id = call.upload(picture()).json()["data"]["id"]
        assert self.describe(call, media_id, "é" * 1000).status_code == 200
        assert self.describe(call, media_id, "é" * 1001).status_code == 400

    def test_its_image_must_exist(self, call: Caller) -> None:
        assert self.describe(call, "123", "What?").status_code == 400


class TestPosting:
    def test_a_post_is_up_once_it_is_answered(self, x: FakeX, call: Caller) -> None:
        answer = call.post("Good morning", made_with_ai=True)
        assert answer.status_code == 201
        assert answer.json()["data"] | {"text": "Good morning"} == answer.json()["data"]
        (post,) = x.posts
        assert (post.id, post.text, post.made_with_ai) == (answer.json()["data"]["id"], "Good morning", True)

    def test_images_are_attached_in_order(self, x: FakeX, call: Caller) -> None:
        ids = [call.upload(picture(width=size)).json()["data"]["id"] for size in (10, 20, 30, 40)]
        assert call.post("Four", *ids[::-1]).status_code == 201
        assert x.posts[0].media_ids == ids[::-1]
        assert {media.post_id for media in x.media} == {x.posts[0].id}

    @pytest.mark.parametrize(
        "document",
        [
            {},
            {"text": ""},
            {"text": 5},
            {"text": "a", "idempotency_key": "b"},
            {"text": "a", "media": {"media_ids": ["1"], "alt_text": "b"}},
            {"text": "a", "media": {"media_ids": "1"}},
            {"text": "a", "media": {"media_ids": []}},
            {"text": "a", "media": {"media_ids": ["1", "2", "3", "4", "5"]}},
            {"text": "a", "made_with_ai": "yes"},
            {"text": "a", "reply_settings": "nobody"},
            ["text"],
        ],
    )
    def test_a_request_that_breaks_the_schema_is_invalid(self, x: FakeX, call: Caller, document: Any) -> None:
        answer = call("POST", "/2/tweets", json=document)
        assert answer.status_code == 400
        assert answer.json()["title"] == "Invalid Request"
        assert answer.json()["type"].endswith("/problems/invalid-request")
        assert x.posts == []

    def test_a_body_must_be_json_and_say_so(self, call: Caller) -> None:
        assert call("POST", "/2/tweets", content='{"text":"a"}').status_code == 400
        kind = {"content-type": "application/json"}
        assert call("POST", "/2/tweets", content="{", headers=kind).status_code == 400

    @pytest.mark.parametrize(
        ("text", "status"),
        [
            ("a" * 280, 201),
            ("a" * 281, 400),
            ("漢" * 140, 201),
            ("漢" * 141, 400),
            ("👨‍👩‍👧‍👦" * 140, 201),
            ("👨‍👩‍👧‍👦" * 141, 400),
            ("https://example.com/" + "x" * 500, 201),
            ("e\u0301" * 280, 201),
        ],
    )
    def test_the_weight_of_the_text_is_limited(self, call: Caller, text: str, status: int) -> None:
        assert call.post(text).status_code == status

    def test_a_premium_account_may_write_more(self, x: FakeX) -> None:
        access, _ = x.connect(x.add_account("patron", is_premium=True))
        assert Caller(x, access.text).post("a" * 5000).status_code == 201

    def test_an_image_belongs_to_one_post_only(self, call: Caller) -> None:
        media_id = call.upload(picture()).json()["data"]["id"]
        assert call.post("one", media_id).status_code == 201
        answer = call.post("two", media_id)
        assert (answer.status_code, message(answer)) == (400, "Your media IDs are invalid.")

    def test_an_image_expires_after_a_day(self, x: FakeX, call: Caller) -> None:
        media_id = call.upload(picture()).json()["data"]["id"]
        x.advance(86_401)
        assert Caller(x, x.connect(x.account)[0].text).post("late", media_id).status_code == 400

    def test_an_image_of_somebody_else_is_refused(self, x: FakeX, call: Caller) -> None:
        media_id = call.upload(picture()).json()["data"]["id"]
        access, _ = x.connect(x.add_account("other"))
        assert Caller(x, access.text).post("mine", media_id).status_code == 400

    def test_the_same_text_is_a_duplicate_for_a_day(self, x: FakeX, call: Caller) -> None:
        assert call.post("again").status_code == 201
        answer = call.post("again")
        assert (answer.status_code, answer.json()) == (
            403,
            {
                "title": "Forbidden",
                "detail": "You are not allowed to create a Tweet with duplicate content.",
                "type": "about:blank",
                "status": 403,
            },
        )
        x.advance(86_401)
        assert Caller(x, x.connect(x.account)[0].text).post("again").status_code == 201

    def test_repeats_can_be_allowed(self) -> None:
        with FakeX(refuse_repeats=False) as x:
            call = Caller(x, x.connect(x.account)[0].text)
            assert [call.post("again").status_code for _ in range(2)] == [201, 201]

    def test_links_are_shortened_and_markup_escaped_in_what_is_given_back(self, call: Caller) -> None:
        media_id = call.upload(picture()).json()["data"]["id"]
        text = call.post("Fish & chips at example.com.", media_id).json()["data"]["text"]
        assert text.startswith("Fish &amp; chips at https://t.co/")
        assert text.count("https://t.co/") == 2


@pytest.mark.parametrize(
    "text",
    [
        "",
        "plain",
        "naïve café",
        "漢字かな",
        "“quoted” – dash… ellipsis",
        "👾🙋🏽👨‍🎤👨‍👩‍👧‍👦🏴󠁧󠁢󠁥󠁮󠁧󠁿🇫🇷",
        "☺️ ❤️ 1️⃣",
        "see https://example.com/a/b?c=d#e.",
        "see example.com, or www.example.co.uk/path",
        "no link: 3.14, e.g. this, file.txt, me@example.com",
        "مرحبا שלום ไทย हिन्दी",
    ],
)
def test_the_weight_agrees_with_twitter_text(text: str) -> None:
    import twitter_text

    assert weighted_length(text) == twitter_text.parse_tweet(text).weightedLength


class TestReading:
    def test_the_timeline_is_newest_first_in_pages(self, x: FakeX, call: Caller) -> None:
        for number in range(7):
            call.post(f"post {number}")
        path = f"/2/users/{x.account.id}/tweets"
        first = call("GET", path, params={"max_results": 5, "tweet.fields": "created_at"}).json()
        assert [post["text"] for post in first["data"]] == [f"post {n}" for n in (6, 5, 4, 3, 2)]
        assert first["data"][0]["created_at"].endswith("Z")
        assert first["meta"]["result_count"] == 5
        more = {"max_results": 5, "pagination_token": first["meta"]["next_token"]}
        second = call("GET", path, params=more).json()
        assert [post["text"] for post in second["data"]] == ["post 1", "post 0"]
        assert "next_token" not in second["meta"]

    def test_media_are_included_if_asked_for(self, x: FakeX, call: Caller) -> None:
        media = call.upload(picture()).json()["data"]
        call.post("with a picture", media["id"])
        path = f"/2/users/{x.account.id}/tweets"
        assert "attachments" not in call("GET", path).json()["data"][0]
        asked = {"expansions": "attachments.media_keys", "media.fields": "width,alt_text"}
        answer = call("GET", path, params=asked).json()
        assert answer["data"][0]["attachments"] == {"media_keys": [media["media_key"]]}
        assert answer["includes"]["media"] == [{"media_key": media["media_key"], "type": "photo", "width": 40}]

    @pytest.mark.parametrize(
        "query", [{"max_results": 4}, {"max_results": 101}, {"start_time": "yesterday"}, {"count": 5}]
    )
    def test_a_wrong_question_is_invalid(self, x: FakeX, call: Caller, query: dict[str, str]) -> None:
        assert call("GET", f"/2/users/{x.account.id}/tweets", params=query).status_code == 400

    def test_a_start_time_leaves_out_what_is_older(self, x: FakeX, call: Caller) -> None:
        call.post("old")
        query = {"start_time": "2100-01-01T00:00:00Z"}
        assert call("GET", f"/2/users/{x.account.id}/tweets", params=query).json() == {"meta": {"result_count": 0}}

    def test_a_post_may_appear_later_than_it_was_accepted(self) -> None:
        with FakeX(read_lag_seconds=60) as x:
            call = Caller(x, x.connect(x.account)[0].text)
            post_id = call.post("soon").json()["data"]["id"]
            assert call("GET", f"/2/users/{x.account.id}/tweets").json()["meta"]["result_count"] == 0
            assert "data" not in call("GET", f"/2/tweets/{post_id}").json()
            x.advance(61)
            assert call("GET", f"/2/users/{x.account.id}/tweets").json()["meta"]["result_count"] == 1

    def test_posts_are_found_by_id_and_missing_ones_named(self, call: Caller) -> None:
        post_id = call.post("here").json()["data"]["id"]
        assert call("GET", f"/2/tweets/{post_id}").json()["data"]["text"] == "here"
        both = call("GET", "/2/tweets", params={"ids": f"{post_id},99"}).json()
        assert [post["id"] for post in both["data"]] == [post_id]
        assert both["errors"][0]["resource_id"] == "99"

    def test_one_learns_who_one_is(self, x: FakeX, call: Caller) -> None:
        assert call("GET", "/2/users/me").json()["data"]["id"] == x.account.id

    def test_an_unknown_route_is_an_empty_404(self, call: Caller) -> None:
        answer = call("GET", "/2/nothing")
        assert (answer.status_code, answer.content) == (404, b"")


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


class TestLimits:
    def test_each_answer_says_how_many_are_left(self, call: Caller) -> None:
        assert call.post("one").headers["x-rate-limit-remaining"] == "99"
        answer = call.post("")
        assert answer.headers["x-rate-limit-limit"] == "100"
        assert answer.headers["x-rate-limit-remaining"] == "98"

    def test_one_too_many_is_refused_until_the_window_ends(self) -> None:
        with FakeX(limits={"POST /2/tweets": 2}) as x:
            call = Caller(x, x.connect(x.account)[0].text)
            assert [call.post(f"{n}").status_code for n in range(3)] == [201, 201, 429]
            refused = call.post("more")
            assert refused.headers["x-rate-limit-remaining"] == "0"
            assert 0 < int(refused.headers["x-rate-limit-reset"]) - x.now() <= 900
            x.advance(901)
            assert call.post("more").status_code == 201

    def test_everything_has_its_price(self, x: FakeX, call: Caller) -> None:
        call.post("plain")
        assert x.cost == Decimal("0.015")
        call.post("see https://example.com")
        assert x.cost == Decimal("0.215")
        for _ in range(2):
            call("GET", f"/2/users/{x.account.id}/tweets")
        assert x.cost == Decimal("0.217")

    def test_without_credit_nothing_is_done(self) -> None:
        with FakeX(credit=Decimal("0.020")) as x:
            call = Caller(x, x.connect(x.account)[0].text)
            assert call.post("first").status_code == 201
            answer = call.post("second")
            assert (answer.status_code, answer.json()["title"]) == (402, "CreditsDepleted")
            assert len(x.posts) == 1
            x.set_credit(None)
            assert call.post("second").status_code == 201


@pytest.mark.parametrize("fault", [fault for fault in Fault if fault.status], ids=lambda fault: fault.value)
def test_scripted_refusals_have_the_shape_of_x(x: FakeX, call: Caller, fault: Fault) -> None:
    x.script(fault, method="POST", path="/2/tweets")
    answer = call.post("hello")
    assert answer.status_code == fault.status
    assert ("x-rate-limit-reset" in answer.headers) is (fault is Fault.RATE_LIMITED)
    assert ("retry-after" in answer.headers) is (fault is Fault.UNAVAILABLE_RETRY_AFTER)
    assert len(x.posts) == (1 if fault.value.startswith("processed") else 0)


def test_posts_and_tokens_outlive_the_process(tmp_path: Any) -> None:
    with FakeX(state_file=tmp_path / "x.json") as x:
        access, _ = x.connect(x.account)
        media_id = Caller(x, access.text).upload(picture()).json()["data"]["id"]
        Caller(x, access.text).post("kept", media_id)
        held = x.dump()
    with FakeX(state_file=tmp_path / "x.json") as x:
        assert x.dump() == held
        assert Caller(x, access.text)("GET", "/2/users/me").status_code == 200


def test_the_account_of_random_faults_is_truthful(x: FakeX, call: Caller) -> None:
    x.script_randomly(0.7, seed=7, method="POST", path="/2/tweets", max_seconds=0.01)
    answered: dict[str, int] = {}

    def send_some(worker: int) -> None:
        for number in range(20):
            text = f"worker {worker} says {number}"
            try:
                timeout = httpx.Timeout(5, read=0.2)
                answered[text] = call("POST", "/2/tweets", json={"text": text}, timeout=timeout).status_code
            except httpx.TransportError:
                answered[text] = 0

    with ThreadPoolExecutor(4) as workers:
        list(workers.map(send_some, range(4)))
    late = [struck for struck in x.faults.struck if struck.fault.takes_effect is TakesEffect.LATER]
    x.wait_until(lambda: all(struck.took_effect for struck in late))
    texts = {request.number: request.json()["text"] for request in x.requests if request.body}
    struck_texts = {
        texts[struck.request_number]: struck for struck in x.faults.struck if struck.request_number in texts
    }
    unread = sum(struck.fault is Fault.CUT_BEFORE_READING for struck in x.faults.struck)
    untouched = [text for text in texts.values() if text not in struck_texts]
    effective = [text for text, struck in struck_texts.items() if struck.took_effect]
    assert len(x.requests) == 80
    assert len(untouched) == 80 - len(struck_texts) - unread
    assert sorted(post.text for post in x.posts) == sorted(untouched + effective)
    assert all(struck.took_effect is (struck.fault.takes_effect is not TakesEffect.NO) for struck in x.faults.struck)
