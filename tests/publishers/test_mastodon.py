"""What is Mastodon's own: what is sent, what its refusals mean, its servers' limits, and connecting an account."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest
from pydantic import ValidationError

from pressroom.engagement import Engagement
from pressroom.errors import (
    AccountDisconnected,
    ConfigurationError,
    OutcomeUnknown,
    PostRejected,
    PressroomError,
    RateLimited,
    Unavailable,
)
from pressroom.http_answers import Answer
from pressroom.publications import Post
from pressroom.publishers.mastodon import Mastodon, MastodonSettings
from tests.fakes import mastodon_auth
from tests.fakes.faults import Fault
from tests.publishers.fake_bench import PICTURE
from tests.publishers.mastodon_bench import STATUSES, MastodonBench, a_bench


@pytest.fixture
def bench() -> Iterator[MastodonBench]:
    with a_bench() as bench:
        yield bench


@pytest.fixture
def words() -> Iterator[MastodonBench]:
    with a_bench(Post(text="Boo at midnight")) as bench:
        yield bench


def publish(bench: MastodonBench, post: Post | None = None) -> str:
    bench.post = post or bench.post
    return bench.publisher.publish(bench.post, bench.prepare()).remote_id


class Saying:
    """Calls that all have the same answer."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def call(self, request: object, deadline: object, largest_answer_bytes: int = 0) -> Answer:
        return self.answer


class TestPublishing:
    def test_the_receipt_leads_to_the_post_by_the_servers_own_address(self, words: MastodonBench) -> None:
        receipt = words.publisher.publish(words.post, words.prepare())
        [post] = words.server.posts
        assert receipt.remote_id == post.id
        assert receipt.url == f"https://mastodon.example/@pressroom/{post.id}"
        assert abs(receipt.at.timestamp() - post.created_at) < 1

    def test_the_link_is_posted_with_the_words(self, words: MastodonBench) -> None:
        publish(words, Post(text="Read", link="https://example.com/a"))
        assert words.server.posts[0].text == "Read\n\nhttps://example.com/a"

    def test_what_is_set_is_sent(self) -> None:
        chosen = {"visibility": "unlisted", "language": "de", "sensitive": True, "spoiler_text": "Geister"}
        with a_bench(settings=chosen) as bench:
            publish(bench)
            post = bench.server.posts[0]
        assert {name: getattr(post, name) for name in chosen} == chosen

    def test_what_is_not_set_is_left_to_the_account(self, words: MastodonBench) -> None:
        publish(words)
        assert json.loads(words.server.requests[-1].body) == {"status": "Boo at midnight"}

    def test_a_refusal_says_why_in_the_servers_words(self, words: MastodonBench) -> None:
        with pytest.raises(PostRejected, match="character limit of 500 exceeded"):
            publish(words, Post(text="boo " * 200))

    def test_the_limit_of_the_window_is_waited_for(self) -> None:
        with a_bench(Post(text="Boo"), limits={"all": 2}) as bench:
            assert bench.publisher.publish(bench.post, bench.prepare()).limit_ends_at is None
            last = bench.publisher.publish(bench.post, bench.prepare())
            assert last.limit_ends_at is not None
            assert timedelta(minutes=4) < last.limit_ends_at - bench.now() < timedelta(minutes=6)
            with pytest.raises(RateLimited) as raised:
                publish(bench)
            assert raised.value.retry_at == last.limit_ends_at

    def test_a_rate_limit_without_headers_is_a_window_long(self, words: MastodonBench) -> None:
        words.script(Fault.RATE_LIMITED_BARE, path=STATUSES)
        with pytest.raises(RateLimited) as raised:
            publish(words)
        assert raised.value.retry_at == words.now() + timedelta(minutes=5)

    @pytest.mark.parametrize(
        "trouble",
        [
            "Your login is currently disabled",
            "Your login is missing a confirmed e-mail address",
            "Your login is currently pending approval",
        ],
    )
    def test_a_login_that_is_switched_off_disconnects_the_account(self, words: MastodonBench, trouble: str) -> None:
        words.server.account.trouble = trouble
        with pytest.raises(AccountDisconnected, match=trouble) as raised:
            publish(words)
        assert "resume the channel" in raised.value.todo

    def test_a_missing_scope_disconnects_the_account(self, words: MastodonBench) -> None:
        token = words.server.connect(words.server.account, ("read:accounts",))
        words.secrets.set("channels.toots.access_token", token.text)
        with pytest.raises(AccountDisconnected, match="outside the authorized scopes"):
            publish(words)

    @pytest.mark.parametrize(
        ("status", "document", "kind"),
        [
            (403, {"error": "Dieser Vorgang ist nicht erlaubt"}, AccountDisconnected),
            (403, {}, AccountDisconnected),
            (404, {"error": "Record not found"}, PostRejected),
            (422, {"error": "Validation failed"}, PostRejected),
            (200, {"url": "https://mastodon.example/@me/1"}, OutcomeUnknown),
            (200, {"id": None}, OutcomeUnknown),
            (302, {}, OutcomeUnknown),
            (504, {}, OutcomeUnknown),
        ],
    )
    def test_what_else_the_server_says_means_what_it_says(
        self, words: MastodonBench, status: int, document: dict[str, Any], kind: type[PressroomError]
    ) -> None:
        prepared = words.prepare()
        vars(vars(words.publisher)["_api"])["_calls"] = Saying(Answer(status, {}, json.dumps(document).encode()))
        with pytest.raises(PressroomError) as raised:
            words.publisher.publish(words.post, prepared)
        assert type(raised.value) is kind

    def test_a_post_without_an_address_has_that_of_the_account_s_server(self, words: MastodonBench) -> None:
        said = {"id": "7", "created_at": "2026-11-20T08:00:00Z", "url": None}
        prepared = words.prepare()
        vars(vars(words.publisher)["_api"])["_calls"] = Saying(Answer(200, {}, json.dumps(said).encode()))
        assert words.publisher.publish(words.post, prepared).url == f"{words.server.base_url}/web/statuses/7"

    def test_without_a_token_nothing_is_sent(self, words: MastodonBench) -> None:
        words.secrets.remove("channels.toots.access_token")
        with pytest.raises(AccountDisconnected, match=r"channels\.toots\.access_token"):
            publish(words)
        assert words.calls() == []

    def test_no_secret_is_in_a_log_an_error_or_a_repr(
        self, words: MastodonBench, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.DEBUG)
        shown = []
        for fault in (Fault.BAD_REQUEST, Fault.TOKEN_REVOKED, Fault.SERVER_ERROR, Fault.CUT_BEFORE_PROCESSING):
            words.script(fault, path=STATUSES)
            with pytest.raises(PressroomError) as raised:
                publish(words)
            shown += [str(raised.value), repr(raised.value.problem()), repr(raised.value.__cause__)]
        shown += [repr(words.publisher), repr(vars(words.publisher)), caplog.text]
        assert not [text for text in shown if words.server.token.text in text]


class TestKnowing:
    def test_counts_are_the_servers(self, words: MastodonBench) -> None:
        remote_id = publish(words)
        words.server.posts[0].counts |= {"favourites_count": 7, "reblogs_count": 3, "replies_count": 2}
        assert words.publisher.measure([remote_id]) == {remote_id: Engagement(likes=7, comments=2, shares=3)}

    @pytest.mark.parametrize("shows_many", [True, False])
    def test_many_are_measured_at_once_and_on_old_servers_one_by_one(self, shows_many: bool) -> None:
        with a_bench(Post(text="Boo"), shows_many=shows_many) as bench:
            ids = [publish(bench, Post(text=f"Boo {number}")) for number in range(Mastodon.measured_at_once)]
            before = len(bench.calls())
            assert list(bench.publisher.measure([*ids[1:], "404"])) == ids[1:]
            assert len(bench.calls()) - before == (1 if shows_many else 1 + len(ids))

    @pytest.mark.parametrize("fault", [Fault.JUNK_BODY, Fault.SERVER_ERROR])
    def test_counts_that_cannot_be_read_are_no_counts(self, words: MastodonBench, fault: Fault) -> None:
        words.script(fault, path=STATUSES, method="GET")
        with pytest.raises(Unavailable):
            words.publisher.measure(["1"])

    def test_it_warns_of_what_would_be_refused(self, bench: MastodonBench) -> None:
        odd = replace(PICTURE, media_type="image/tiff", alt_text="a" * 1_501)
        said = bench.publisher.warnings(Post(text="boo " * 130, media=(odd,) * 5))
        assert any("Shorten it by 20" in line for line in said)
        assert any("5 pictures; Mastodon takes 4" in line for line in said)
        assert any("Picture 1 is image/tiff" in line for line in said)
        assert any("alt text of 1,501 characters" in line for line in said)
        assert bench.publisher.warnings(bench.post) == ()

    def test_a_server_may_take_more(self) -> None:
        with a_bench(settings={"character_limit": 5_000}, max_characters=5_000) as bench:
            assert bench.publisher.text_rules.limit == 5_000
            assert publish(bench, Post(text="boo " * 1_000))
        assert Mastodon.text_rules.limit == 500

    def test_the_warning_counts_as_part_of_the_text(self) -> None:
        with a_bench(settings={"spoiler_text": "ghosts"}) as bench:
            assert bench.publisher.text_rules.limit == 494
            publish(bench, Post(text="b" * 494))
            with pytest.raises(PostRejected):
                publish(bench, Post(text="b" * 495))

    @pytest.mark.parametrize(
        "wrong",
        [
            {"base_url": "mastodon.social"},
            {"visibility": "direct"},
            {"language": "deutsch!"},
            {"character_limit": 0},
            {"colour": "red"},
        ],
    )
    def test_wrong_settings_are_refused(self, wrong: dict[str, Any]) -> None:
        with pytest.raises(ValidationError):
            MastodonSettings(**{"network": "mastodon", "base_url": "https://mastodon.example"} | wrong)

    def test_the_server_must_be_named(self) -> None:
        with pytest.raises(ValidationError, match="base_url"):
            MastodonSettings(network="mastodon")  # type: ignore[call-arg]


class TestChecking:
    def test_a_check_names_the_account_with_its_server(self, words: MastodonBench) -> None:
        [finding] = words.publisher.check()
        assert finding.what == "Mastodon accepts the credentials of @pressroom@mastodon.example."

    @pytest.mark.parametrize(
        ("fake", "ok", "todo"),
        [
            ({"max_characters": 300}, False, "Set character_limit = 300 in [channels.toots]."),
            ({"max_characters": 5_000}, True, "Set character_limit = 5000 in [channels.toots] to use it."),
            ({"image_size_limit": 10_000_000}, False, "Set max_image_bytes = 10000000 in [channels.toots]."),
        ],
    )
    def test_a_check_says_what_limits_the_server_has(self, fake: dict[str, Any], ok: bool, todo: str) -> None:
        with a_bench(**fake) as bench:
            finding = bench.publisher.check()[-1]
        assert (finding.ok, finding.todo) == (ok, todo)

    def test_limits_that_are_set_as_they_are_need_no_word(self) -> None:
        settings = {"character_limit": 300, "max_image_bytes": 10_000_000}
        with a_bench(settings=settings, max_characters=300, image_size_limit=10_000_000) as bench:
            assert len(bench.publisher.check()) == 1

    @pytest.mark.parametrize(
        ("configuration", "said"),
        [
            ({"statuses": {"max_media_attachments": 2}}, "2 pictures a post"),
            ({"media_attachments": {"supported_mime_types": ["image/png"]}}, "does not take image/jpeg"),
        ],
    )
    def test_a_server_that_takes_less_is_told(
        self, words: MastodonBench, monkeypatch: pytest.MonkeyPatch, configuration: dict[str, Any], said: str
    ) -> None:
        document = json.dumps({"configuration": configuration}).encode()
        monkeypatch.setattr(words.server, "_instance", lambda: told(200, document))
        assert said in words.publisher.check()[-1].what

    @pytest.mark.parametrize("document", [b"{}", b'{"configuration": []}', b'{"configuration": {"statuses": 5}}'])
    def test_a_server_that_tells_no_limits_is_no_trouble(
        self, words: MastodonBench, monkeypatch: pytest.MonkeyPatch, document: bytes
    ) -> None:
        monkeypatch.setattr(words.server, "_instance", lambda: told(200, document))
        assert len(words.publisher.check()) == 1

    def test_a_server_that_is_too_old_to_tell_is_no_trouble(
        self, words: MastodonBench, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(words.server, "_instance", lambda: told(404, b'{"error": "Record not found"}'))
        assert all(finding.ok for finding in words.publisher.check())

    def test_a_check_finds_what_is_wrong(self, words: MastodonBench) -> None:
        words.revoke()
        finding = words.publisher.check()[-1]
        assert not finding.ok
        assert "The access token was revoked" in finding.what

    def test_a_check_of_an_address_that_is_no_server_says_so(self, words: MastodonBench) -> None:
        words.script(Fault.JUNK_BODY, path="*/verify_credentials")
        assert not words.publisher.check()[-1].ok

    def test_a_check_warns_of_credentials_in_the_open_only_beyond_this_machine(
        self, words: MastodonBench, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(Mastodon, "_me", lambda _: {"id": "1", "username": "me"})
        with a_bench(settings={"base_url": "http://toots.invalid"}) as beyond:
            assert "is not encrypted" in beyond.publisher.check()[0].what


class TestConnecting:
    @pytest.fixture
    def app(self, words: MastodonBench) -> MastodonBench:
        words.secrets.set("channels.toots.client_id", mastodon_auth.CLIENT_ID)
        words.secrets.set("channels.toots.client_secret", mastodon_auth.CLIENT_SECRET)
        return words

    def test_an_account_is_connected_by_its_own_server(self, app: MastodonBench) -> None:
        flow = app.publisher.oauth()
        assert flow is not None
        back = "http://127.0.0.1:1/callback"
        asked = {"client_id": flow.client_id, "response_type": "code", "redirect_uri": back}
        asked |= {"scope": flow.scope_separator.join(flow.scopes), "state": "s"}
        sent_back = httpx.get(f"{flow.authorize_url}?{urlencode(asked)}").headers["location"]
        form = {"grant_type": "authorization_code", "code": parse_qs(urlsplit(sent_back).query)["code"][0]}
        form |= {"client_id": flow.client_id, "client_secret": flow.client_secret, "redirect_uri": back}
        connected = flow.finish(httpx.post(flow.token_url, data=form).json())
        assert connected.account == "@pressroom@mastodon.example"
        assert connected.expires_at is None
        app.secrets.set_many({f"channels.toots.{name}": value for name, value in connected.secrets.items()})
        publish(app)
        assert app.count_posts() == 1
        assert connected.secrets["access_token"] not in repr(connected)

    @pytest.mark.parametrize("name", ["client_id", "client_secret"])
    def test_a_missing_app_is_named_with_where_to_make_one(self, app: MastodonBench, name: str) -> None:
        app.secrets.remove(f"channels.toots.{name}")
        with pytest.raises(ConfigurationError, match=f"channels.toots.{name}") as raised:
            app.publisher.oauth()
        assert "/settings/applications" in raised.value.todo

    @pytest.mark.parametrize("document", [{}, {"access_token": ""}, {"access_token": "unknown"}])
    def test_a_token_that_is_none_is_not_stored(self, app: MastodonBench, document: dict[str, str]) -> None:
        flow = app.publisher.oauth()
        assert flow is not None
        with pytest.raises((Unavailable, AccountDisconnected)):
            flow.finish(document)


def told(status: int, body: bytes) -> Any:
    from tests.fakes.messages import Answer

    return Answer(status, body, {"content-type": "application/json"})
