"""What is Slack's own: words, blocks, uploads that nobody sees, the key by which a message is found, and its words."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from pressroom.errors import (
    AccountDisconnected,
    OutcomeUnknown,
    OutOfCredit,
    PostRejected,
    PressroomError,
    RateLimited,
    Unavailable,
)
from pressroom.http_answers import Answer
from pressroom.publications import Attempt, Post, PostMedia
from pressroom.publishers._slack_text import SECTION_LIMIT, escaped, sections
from pressroom.publishers.base import Absent, CannotTell, Found
from pressroom.publishers.slack import Slack, SlackSettings
from tests.fakes.faults import Fault
from tests.publishers.fake_bench import PICTURE
from tests.publishers.slack_bench import CHANNEL_ID, SlackBench, a_bench

WORDS = Post(text="Boo & <!channel> at midnight")


@pytest.fixture
def bench() -> Iterator[SlackBench]:
    with a_bench() as bench:
        yield bench


@pytest.fixture
def words() -> Iterator[SlackBench]:
    with a_bench(WORDS) as bench:
        yield bench


class TestPosting:
    def test_the_receipt_leads_to_the_message(self, words: SlackBench) -> None:
        receipt = words.publisher.publish(words.post, words.prepare())
        [message] = words.slack.posts
        assert receipt.remote_id == f"{CHANNEL_ID}/{message.ts}"
        assert receipt.url == f"https://pressroom-hq.slack.com/archives/{CHANNEL_ID}/p{message.ts.replace('.', '')}"

    def test_no_text_calls_everybody(self, words: SlackBench) -> None:
        words.publisher.publish(words.post, words.prepare())
        assert words.slack.posts[0].text == "Boo &amp; &lt;!channel&gt; at midnight"

    def test_the_link_is_posted_with_the_words(self, words: SlackBench) -> None:
        words.publisher.publish(Post(text="Read", link="https://example.com/?a=1&b=2"), words.prepare())
        assert words.slack.posts[0].text == "Read\n\nhttps://example.com/?a=1&amp;b=2"

    def test_pictures_are_blocks_with_their_alt_texts_in_order(self, bench: SlackBench) -> None:
        media = tuple(replace(PICTURE, key=f"images/{number}.jpg", alt_text=f"Nr {number}") for number in range(3))
        bench.post = replace(bench.post, media=media)
        bench.publisher.publish(bench.post, bench.prepare())
        section, *images = bench.slack.posts[0].blocks
        assert section["text"]["text"] == "Happy &lt;Halloween&gt; &amp; boo!"
        assert [image["alt_text"] for image in images] == ["Nr 0", "Nr 1", "Nr 2"]
        assert [image["slack_file"]["id"] for image in images] == [file.id for file in bench.slack.files]

    def test_a_picture_without_alt_text_gets_a_number(self, bench: SlackBench) -> None:
        bench.post = replace(bench.post, media=(replace(PICTURE, alt_text=" "),))
        bench.publisher.publish(bench.post, bench.prepare())
        assert bench.slack.posts[0].blocks[-1]["alt_text"] == "Picture 1"

    def test_a_long_text_beside_a_picture_is_split_into_sections(self, bench: SlackBench) -> None:
        bench.post = replace(bench.post, text="boo & " * 600)
        bench.publisher.publish(bench.post, bench.prepare())
        parts = [block["text"]["text"] for block in bench.slack.posts[0].blocks if block["type"] == "section"]
        assert len(parts) == 2
        assert " ".join(parts).split() == escaped(bench.post.text).split()

    def test_uploads_are_seen_by_nobody_before_the_message(self, bench: SlackBench) -> None:
        bench.prepare()
        assert bench.slack.posts == []
        assert not bench.slack.files[0].was_shared_alone
        assert bench.slack.files[0].alt_text == PICTURE.alt_text

    def test_the_token_is_not_given_to_the_address_of_an_upload(self, bench: SlackBench) -> None:
        bench.prepare()
        [upload] = [request for request in bench.slack.requests if request.path.startswith("/upload/")]
        assert "authorization" not in upload.headers

    def test_without_a_channel_the_setting_is_named(self) -> None:
        with a_bench(settings={"channel_id": ""}) as bench:
            with pytest.raises(AccountDisconnected) as raised:
                bench.prepare()
            assert "channel_id" in raised.value.todo
            assert bench.calls() == []


class Saying:
    """Calls that all have the same answer."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def call(self, request: object, deadline: object, largest_answer_bytes: int = 0) -> Answer:
        return self.answer


class TestWords:
    @pytest.mark.parametrize(
        ("document", "kind"),
        [
            ({"ok": False, "error": "invalid_auth"}, AccountDisconnected),
            ({"ok": False, "error": "account_inactive"}, AccountDisconnected),
            ({"ok": False, "error": "token_revoked"}, AccountDisconnected),
            ({"ok": False, "error": "missing_scope", "needed": "chat:write"}, AccountDisconnected),
            ({"ok": False, "error": "channel_not_found"}, PostRejected),
            ({"ok": False, "error": "not_in_channel"}, PostRejected),
            ({"ok": False, "error": "is_archived"}, PostRejected),
            ({"ok": False, "error": "msg_too_long"}, PostRejected),
            ({"ok": False, "error": "something_new"}, PostRejected),
            ({"ok": False, "error": "ratelimited"}, RateLimited),
            ({"ok": False, "error": "team_added_to_org"}, Unavailable),
            ({"ok": False, "error": "internal_error"}, OutcomeUnknown),
            ({"ok": False, "error": "fatal_error"}, OutcomeUnknown),
            ({"ok": False, "error": "paid_teams_only"}, OutOfCredit),
            ({"ok": True}, OutcomeUnknown),
            ({"ok": True, "ts": "soon"}, OutcomeUnknown),
            ({"ok": "yes", "ts": "1.1"}, OutcomeUnknown),
            ({}, OutcomeUnknown),
        ],
    )
    def test_what_slack_says_means_what_it_says(
        self, words: SlackBench, document: dict[str, Any], kind: type[PressroomError]
    ) -> None:
        prepared, publisher = words.prepare(), words.publisher
        assert isinstance(publisher, Slack)
        vars(publisher._api)["_calls"] = Saying(Answer(200, {}, json.dumps(document).encode()))
        with pytest.raises(PressroomError) as raised:
            publisher.publish(words.post, prepared)
        assert type(raised.value) is kind
        assert raised.value.todo

    def test_a_channel_that_the_app_is_not_in_says_what_to_do(self, words: SlackBench) -> None:
        prepared = words.prepare()
        words.slack.bot.channels = ()
        with pytest.raises(PostRejected, match="not_in_channel") as raised:
            words.publisher.publish(words.post, prepared)
        assert "/invite" in raised.value.todo

    def test_no_token_is_in_a_log_an_error_or_a_repr(self, words: SlackBench, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level(logging.DEBUG)
        prepared, shown = words.prepare(), []
        for fault in (Fault.BAD_REQUEST, Fault.TOKEN_EXPIRED, Fault.SERVER_ERROR, Fault.CUT_BEFORE_PROCESSING):
            words.script(fault, path="/api/chat.postMessage")
            with pytest.raises(PressroomError) as raised:
                words.publisher.publish(words.post, prepared)
            shown += [str(raised.value), str(raised.value.problem()), repr(raised.value.__cause__)]
        shown += [repr(words.publisher), repr(vars(words.publisher)), caplog.text]
        assert not any(words.slack.bot.token in text for text in shown)


class TestReadingBack:
    def test_the_message_with_our_key_is_found_among_others_with_the_same_words(self, words: SlackBench) -> None:
        began = words.now()
        mine, other = words.prepare(), words.prepare()
        words.publisher.publish(words.post, other)
        receipt = words.publisher.publish(words.post, mine)
        reading = words.reconcile(mine, began)
        assert isinstance(reading, Found)
        assert reading.receipt.remote_id == receipt.remote_id
        assert reading.receipt.url == receipt.url

    def test_the_same_words_of_another_post_are_not_it(self, words: SlackBench) -> None:
        began, mine = words.now(), words.prepare()
        words.publisher.publish(words.post, words.prepare())
        assert isinstance(words.reconcile(mine, began), Absent)

    def test_a_message_is_found_behind_many_others(self, words: SlackBench) -> None:
        began, mine = words.now(), words.prepare()
        words.publisher.publish(words.post, mine)
        other = words.prepare()
        for _ in range(120):
            words.publisher.publish(WORDS, other)
        assert isinstance(words.reconcile(mine, began), Found)
        assert len(words.calls("conversations.history")) == 2

    @pytest.mark.parametrize("scopes", [("chat:write",)])
    def test_an_app_that_may_not_read_cannot_tell(self, words: SlackBench, scopes: tuple[str, ...]) -> None:
        began, mine = words.now(), words.prepare()
        words.slack.bot.scopes = scopes
        reading = words.reconcile(mine, began)
        assert isinstance(reading, CannotTell)
        assert "missing_scope" in reading.why

    def test_messages_of_ours_without_their_keys_are_no_absence(self, words: SlackBench) -> None:
        began, mine = words.now(), words.prepare()
        words.publisher.publish(words.post, mine)
        words.slack.posts[0].metadata["event_payload"] = {}
        assert isinstance(words.reconcile(mine, began), CannotTell)

    @pytest.mark.parametrize("fault", [Fault.SERVER_ERROR, Fault.JUNK_BODY, Fault.RATE_LIMITED, Fault.UNAVAILABLE])
    def test_a_channel_that_cannot_be_read_is_no_absence(self, words: SlackBench, fault: Fault) -> None:
        mine = words.prepare()
        words.slack.script(fault, method="GET")
        with pytest.raises(Unavailable):
            words.reconcile(mine, words.now())


class TestWebhook:
    def test_pictures_are_fetched_by_slack_where_ours_can_be_reached(self) -> None:
        asked: list[datetime] = []

        def media_url(media: PostMedia, until: datetime) -> str:
            asked.append(until)
            return f"https://press.example.com/{media.key}?signature=1"

        with a_bench(webhook=True, media_url=media_url) as bench:
            bench.publisher.publish(bench.post, bench.prepare())
            image = bench.slack.posts[0].blocks[-1]
            assert image["image_url"].startswith("https://press.example.com/images/")
            assert asked[0] - bench.now() >= timedelta(days=1)

    @pytest.mark.parametrize("local", [None, "http://127.0.0.1:8080/a.jpg", "http://localhost/a.jpg"])
    def test_without_an_address_outside_a_picture_is_refused_with_what_to_do(self, local: str | None) -> None:
        media_url = None if local is None else lambda media, until: local
        with a_bench(webhook=True, media_url=media_url) as bench:
            with pytest.raises(PostRejected) as raised:
                bench.prepare()
            assert "bot_token" in raised.value.todo

    def test_a_bot_is_used_where_there_are_both(self) -> None:
        with a_bench(WORDS) as bench:
            bench.secrets.set("channels.main.webhook_url", f"{bench.slack.base_url}/services/unknown")
            publisher = Slack(bench.publisher.channel)
            publisher.publish(WORDS, publisher.prepare(WORDS, bench.read, {}, lambda _: None))
            assert not bench.slack.posts[0].by_webhook

    def test_what_went_out_by_a_webhook_is_not_taken_for_absent_once_there_is_a_bot(self) -> None:
        with a_bench(WORDS, webhook=True) as bench:
            prepared = bench.prepare()
            bench.publisher.publish(WORDS, prepared)
            bench.secrets.set("channels.main.bot_token", bench.slack.bot.token)
            reading = Slack(bench.publisher.channel).reconcile(
                WORDS, prepared, Attempt(number=1, started_at=bench.now())
            )
            assert isinstance(reading, CannotTell)

    def test_an_address_that_is_none_is_named_and_not_shown(self) -> None:
        with a_bench(WORDS, webhook=True) as bench:
            bench.secrets.set("channels.main.webhook_url", "the-secret-of-the-webhook")
            with pytest.raises(AccountDisconnected, match="webhook_url") as raised:
                bench.publisher.publish(WORDS, bench.prepare())
            assert "the-secret" not in str(raised.value)

    def test_its_address_is_in_no_error_and_no_log(self, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level(logging.DEBUG)
        with a_bench(WORDS, webhook=True) as bench:
            prepared, shown = bench.prepare(), []
            for fault in (Fault.BAD_REQUEST, Fault.SERVER_ERROR, Fault.CUT_BEFORE_PROCESSING, Fault.JUNK_BODY):
                bench.script(fault, path="/services/*")
                with pytest.raises(PressroomError) as raised:
                    bench.publisher.publish(WORDS, prepared)
                shown += [str(raised.value), str(raised.value.problem())]
            shown += [repr(bench.publisher), repr(vars(bench.publisher)), caplog.text]
            assert not any("the-secret-of-the-webhook" in text for text in shown)


class TestKnowing:
    def test_reactions_and_replies_are_counted(self, words: SlackBench) -> None:
        remote_id = words.publisher.publish(words.post, words.prepare()).remote_id
        words.slack.posts[0].reactions = [{"name": "ghost", "count": 3}, {"name": "wave", "count": 1}]
        words.slack.posts[0].reply_count = 2
        counts = words.publisher.measure([remote_id])[remote_id]
        assert (counts.likes, counts.comments, counts.views) == (4, 2, None)

    def test_a_message_that_is_gone_is_left_out(self, words: SlackBench) -> None:
        assert words.publisher.measure([f"{CHANNEL_ID}/1700000000.000100"]) == {}

    def test_text_is_counted_as_it_is_sent(self, words: SlackBench) -> None:
        assert words.publisher.length("a & <b>") == len("a &amp; &lt;b&gt;")

    def test_it_warns_of_what_would_be_refused(self, bench: SlackBench) -> None:
        odd = replace(PICTURE, media_type="image/webp", alt_text="a" * 2001)
        said = bench.publisher.warnings(Post(text="b" * 4001, media=(odd,) * 11))
        assert any("takes 4,000" in line for line in said)
        assert any("11 pictures" in line for line in said)
        assert any("image/webp" in line for line in said)
        assert any("cut to 2,000" in line for line in said)
        assert bench.publisher.warnings(bench.post) == ()

    def test_a_check_says_whose_token_it_is(self, bench: SlackBench) -> None:
        [finding] = bench.publisher.check()
        assert "pressroom in Pressroom HQ" in finding.what

    def test_a_check_finds_missing_rights(self, bench: SlackBench) -> None:
        bench.slack.bot.scopes = ("files:write",)
        _, no_writing, no_pictures, no_reading = bench.publisher.check()
        assert (no_writing.ok, no_pictures.ok, no_reading.ok) == (False, True, True)
        assert "chat:write" in no_writing.what
        assert "files:read" in no_pictures.what
        assert "channels:history" in no_reading.todo

    def test_a_check_finds_a_revoked_token(self, bench: SlackBench) -> None:
        bench.revoke()
        [finding] = bench.publisher.check()
        assert not finding.ok
        assert "pressroom secrets set" in finding.todo

    @pytest.mark.parametrize("wrong", [{"channel_id": "#general"}, {"text_limit": 40_001}, {"base_url": "slack.com"}])
    def test_wrong_settings_are_refused(self, wrong: dict[str, Any]) -> None:
        with pytest.raises(ValidationError):
            SlackSettings(network="slack", **wrong)


@settings(deadline=None)
@given(st.text(alphabet=st.sampled_from("ab &<>\n"), max_size=12).map(lambda text: text * 700))
def test_sections_are_as_long_as_slack_takes_and_lose_no_sign(text: str) -> None:
    parts = sections(escaped(text))
    assert all(1 <= len(part) <= SECTION_LIMIT for part in parts)
    assert "".join("".join(parts).split()) == "".join(escaped(text).split())
    assert all(part.count("&") == part.count(";") for part in parts)
