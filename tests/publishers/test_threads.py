"""What is Threads' own: its count of text, links in the words, containers of words, quota, counts, tokens, check."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from pressroom.errors import (
    AccountDisconnected,
    ConfigurationError,
    Deferred,
    OutcomeUnknown,
    PostRejected,
    PressroomError,
    RateLimited,
    Unavailable,
)
from pressroom.publications import Post
from pressroom.publishers.base import Absent, CannotTell, Found
from pressroom.publishers.threads import Threads, ThreadsSettings
from tests.fakes.faults import Fault
from tests.fakes.threads import USER_ID, counted
from tests.publishers.meta_checks import let_it_say
from tests.publishers.threads_bench import PICTURES, ThreadsBench, a_bench


@pytest.fixture
def bench() -> Iterator[ThreadsBench]:
    with a_bench() as bench:
        yield bench


@pytest.fixture
def words() -> Iterator[ThreadsBench]:
    with a_bench(Post(text="Boo at midnight")) as bench:
        yield bench


class TestCounting:
    @pytest.mark.parametrize(
        ("text", "length"),
        [
            ("", 0),
            ("Boo!", 4),
            ("日本語", 3),
            ("e\u0301", 2),
            ("🎃", 4),
            ("❤️", 6),
            ("🇩🇪", 8),
            ("1️⃣", 7),
            ("👩🏽‍🚀", 15),
            ("👨‍👩‍👧‍👦", 25),
            ("Boo 🎃 boo", 12),
        ],
    )
    def test_an_emoji_counts_as_its_bytes_and_all_else_by_characters(
        self, bench: ThreadsBench, text: str, length: int
    ) -> None:
        assert bench.publisher.length(text) == length

    @pytest.mark.parametrize("text", ["boo " * 125, "🎃" * 125, "日本語" * 166, "👨‍👩‍👧‍👦" * 20, "1️⃣" * 71])
    def test_what_is_counted_as_fitting_is_taken(self, words: ThreadsBench, text: str) -> None:
        assert counted(text) <= words.publisher.length(text) <= 500
        words.post = Post(text=text)
        words.publisher.publish(words.post, words.prepare())
        assert words.count_posts() == 1

    def test_what_is_counted_as_too_long_is_refused(self, words: ThreadsBench) -> None:
        words.post = Post(text="🎃" * 126)
        assert "Shorten it by 4" in words.publisher.warnings(words.post)[0]
        with pytest.raises(PostRejected, match="at most 500 characters"):
            words.prepare()


class TestPublishing:
    def test_words_alone_need_no_picture_and_no_address(self, words: ThreadsBench) -> None:
        words.publisher = Threads(replace(words.publisher.channel, media_url=None))
        receipt = words.publisher.publish(words.post, words.prepare())
        assert receipt.url == words.threads.permalink(words.threads.posts[0])
        assert words.host.requests == []

    def test_the_link_is_posted_with_the_words(self, words: ThreadsBench) -> None:
        words.post = Post(text="Read", link="https://example.com/a")
        words.publisher.publish(words.post, words.prepare())
        assert words.threads.posts[0].text == "Read\n\nhttps://example.com/a"
        assert words.publisher.preview(words.post).length == len("Read\n\nhttps://example.com/a")

    def test_a_carousel_has_its_pictures_in_their_order_with_their_alt_texts(self) -> None:
        with a_bench(Post(text="Three", media=PICTURES)) as bench:
            receipt = bench.publisher.publish(bench.post, bench.prepare())
            (post,) = bench.threads.posts
            assert (post.id, post.text, post.kind) == (receipt.remote_id, "Three", "CAROUSEL")
            assert post.alt_texts == ["Pumpkin 0", "Pumpkin 1", "Pumpkin 2"]

    def test_a_picture_without_an_address_says_what_to_set(self, bench: ThreadsBench) -> None:
        bench.publisher = Threads(replace(bench.publisher.channel, media_url=None))
        with pytest.raises(ConfigurationError, match="Threads fetches pictures by their address"):
            bench.prepare()
        findings = bench.publisher.check()
        assert all(finding.ok for finding in findings)
        assert "public_base_url" in findings[0].todo

    def test_a_post_whose_address_cannot_be_read_is_there_all_the_same(self, words: ThreadsBench) -> None:
        prepared = words.prepare()
        words.script(Fault.SERVER_ERROR, method="GET")
        assert words.publisher.publish(words.post, prepared).url == "https://www.threads.com/@pressroom"

    @pytest.mark.parametrize(
        ("error", "kind"),
        [
            ({"code": 24, "error_subcode": 4279009}, Unavailable),
            ({"code": 9, "error_subcode": 2207042}, RateLimited),
            ({"code": 190}, AccountDisconnected),
            ({"code": 10}, AccountDisconnected),
            ({"code": 4, "error_subcode": 2207051}, OutcomeUnknown),
            ({"code": 1}, OutcomeUnknown),
            ({"code": 100}, PostRejected),
        ],
    )
    def test_what_it_says_means_what_it_says(
        self, words: ThreadsBench, error: dict[str, Any], kind: type[PressroomError]
    ) -> None:
        prepared = words.prepare()
        let_it_say(words.publisher, 400, error)
        with pytest.raises(PressroomError) as raised:
            words.publisher.publish(words.post, prepared)
        assert type(raised.value) is kind

    def test_more_links_than_are_taken_are_warned_of_and_refused(self, words: ThreadsBench) -> None:
        words.post = Post(text=" ".join(f"https://example.com/{number}" for number in range(6)))
        assert any("6 different links; Threads takes 5" in line for line in words.publisher.warnings(words.post))
        with pytest.raises(PostRejected, match="too many links"):
            words.prepare()

    def test_more_hashtags_than_one_are_warned_of(self, words: ThreadsBench) -> None:
        assert "2 hashtags" in words.publisher.warnings(Post(text="#boo and #pumpkin"))[0]
        assert words.publisher.warnings(Post(text="#boo &#39; a#b")) == ()


class TestContainers:
    def test_a_container_that_is_not_ready_is_waited_for(self) -> None:
        with a_bench(ready_after_seconds=1) as bench:
            kept: list[dict[str, Any]] = []
            with pytest.raises(Deferred) as raised:
                bench.publisher.prepare(bench.post, bench.read, {}, kept.append)
            assert raised.value.until == bench.now() + timedelta(seconds=1)
            bench.threads.advance(1)
            bench.publisher.publish(bench.post, bench.prepare(kept[-1]))
            assert len(bench.threads.containers) == 1

    @pytest.mark.parametrize(
        ("size", "kind", "raises"), [((20, 300), ".jpg", PostRejected), ((64, 36), ".webp", PostRejected)]
    )
    def test_a_picture_that_is_not_taken_rejects_the_post(
        self, bench: ThreadsBench, size: tuple[int, int], kind: str, raises: type[PressroomError]
    ) -> None:
        import pyvips

        bench.picture = pyvips.Image.black(*size).write_to_buffer(kind)
        url = bench.host.put("odd", "image/jpeg", bench.picture)
        bench.publisher = Threads(replace(bench.publisher.channel, media_url=lambda media, until: url))
        with pytest.raises(raises, match="INVALID_"):
            bench.prepare()

    def test_a_picture_that_cannot_be_fetched_is_tried_again(self, bench: ThreadsBench) -> None:
        bench.host.script(Fault.SERVER_ERROR, skip=1)
        with pytest.raises(Unavailable, match="FAILED_DOWNLOADING_IMAGE"):
            bench.prepare()
        bench.publisher.publish(bench.post, bench.prepare())
        assert bench.count_posts() == 1

    def test_a_post_that_came_through_late_is_found_and_not_sent_again(self, words: ThreadsBench) -> None:
        first = words.prepare()
        late = words.publisher.publish(words.post, first)
        again = words.prepare(words.publisher.forget_attempt(first))
        assert words.publisher.publish(words.post, again).remote_id == late.remote_id
        assert words.count_posts() == 1

    def test_words_are_not_taken_for_a_picture_with_the_same_words(self, words: ThreadsBench) -> None:
        prepared = words.prepare()
        receipt = words.publisher.publish(words.post, prepared)
        plain, words.post = words.post, replace(words.post, media=PICTURES[:1])
        words.publisher.publish(words.post, words.prepare())
        words.post = plain
        found = words.reconcile(prepared, words.now())
        assert isinstance(found, Found)
        assert found.receipt.remote_id == receipt.remote_id

    def test_two_with_the_same_words_cannot_be_told_apart(self, words: ThreadsBench) -> None:
        prepared = words.prepare()
        words.publisher.publish(words.post, prepared)
        words.publisher.publish(words.post, words.prepare())
        assert isinstance(words.reconcile(prepared, words.now()), CannotTell)

    def test_a_container_at_work_is_neither_there_nor_absent(self, words: ThreadsBench) -> None:
        prepared = words.prepare()
        assert words.reconcile(prepared, words.now()) == Absent()
        words.threads.containers[0].ready_at = words.threads.now() + 60
        with pytest.raises(Unavailable, match="still at work"):
            words.reconcile(prepared, words.now())


class TestKnowing:
    def test_nothing_is_prepared_once_the_day_is_used_up(self) -> None:
        with a_bench(Post(text="Boo"), quota=1) as bench:
            bench.publisher.publish(bench.post, bench.prepare())
            with pytest.raises(RateLimited, match="publish 1 posts a day"):
                bench.prepare()

    def test_counts_are_those_that_threads_tells(self, words: ThreadsBench) -> None:
        receipt = words.publisher.publish(words.post, words.prepare())
        words.threads.posts[0].counts = {"views": 90, "likes": 5, "replies": 2, "reposts": 3, "quotes": 1}
        found = words.publisher.measure([receipt.remote_id, "1"])
        assert found.keys() == {receipt.remote_id}
        counts = found[receipt.remote_id]
        assert (counts.views, counts.likes, counts.comments, counts.shares, counts.saves) == (90, 5, 2, 4, None)

    def test_what_is_not_told_is_not_zero(self, words: ThreadsBench) -> None:
        receipt = words.publisher.publish(words.post, words.prepare())
        words.threads.posts[0].counts = {}
        assert set(words.publisher.measure([receipt.remote_id])[receipt.remote_id].as_dict().values()) == {None}

    def test_the_token_is_renewed_and_replaced(self, words: ThreadsBench) -> None:
        before = words.secrets.get("channels.main.access_token")
        words.publisher.publish(words.post, words.prepare())
        assert words.secrets.get("channels.main.access_token") != before
        (told,) = words.publisher.tokens()
        assert told.renews_itself
        assert told.expires_at == words.now() + timedelta(days=60)

    def test_whose_profile_it_is_is_asked_once_or_never(self, words: ThreadsBench) -> None:
        words.prepare()
        words.prepare()
        assert len(words.calls("/me")) == 1
        with a_bench(Post(text="Boo"), settings={"user_id": USER_ID}) as told:
            told.prepare()
            assert told.calls("/me") == []

    def test_a_check_names_the_profile(self, words: ThreadsBench) -> None:
        assert words.publisher.check()[-1].what == "Threads accepts the credentials of @pressroom."

    def test_a_check_finds_the_user_id_of_somebody_else(self) -> None:
        with a_bench(settings={"user_id": "12"}) as bench:
            assert f'user_id = "{USER_ID}"' in bench.publisher.check()[-1].todo

    def test_a_check_finds_a_token_that_is_void(self, words: ThreadsBench) -> None:
        words.revoke()
        assert not words.publisher.check()[-1].ok

    @pytest.mark.parametrize("wrong", [{"base_url": "graph.threads.net"}, {"user_id": "@me"}, {"api_version": "1"}])
    def test_wrong_settings_are_refused(self, wrong: dict[str, Any]) -> None:
        with pytest.raises(ValidationError):
            ThreadsSettings(network="threads", **wrong)
