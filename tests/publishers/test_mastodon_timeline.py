"""After an unclear answer the key says which post is ours for an hour; then the account's own posts are read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from pressroom.errors import AccountDisconnected, OutcomeUnknown, PostRejected, PressroomError, Unavailable
from pressroom.publications import Attempt, Post, PostMedia
from pressroom.publishers.base import Absent, CannotTell, Found
from tests.fakes.faults import Fault
from tests.publishers.mastodon_bench import STATUSES, MastodonBench, a_bench

OVER = timedelta(minutes=2)
"""After which a call that was begun is surely over, by the settings of the bench."""


@pytest.fixture
def bench() -> Iterator[MastodonBench]:
    with a_bench() as bench:
        yield bench


@pytest.fixture
def words() -> Iterator[MastodonBench]:
    with a_bench(Post(text="Boo at midnight")) as bench:
        yield bench


def attempt(bench: MastodonBench) -> Attempt:
    return Attempt(number=1, started_at=bench.now())


class TestTheKey:
    def test_the_same_call_within_the_hour_is_the_same_post(self, words: MastodonBench) -> None:
        prepared, began = words.prepare(), attempt(words)
        words.script(Fault.CUT_AFTER_PROCESSING, path=STATUSES)
        with pytest.raises(OutcomeUnknown):
            words.publisher.publish(words.post, prepared)
        words.let_time_pass(OVER)
        assert words.publisher.may_repeat(prepared, began)
        receipt = words.publisher.publish(words.post, words.prepare(prepared))
        assert [post.id for post in words.server.posts] == [receipt.remote_id]

    def test_nothing_is_repeated_while_the_first_call_may_still_be_carried_out(self, words: MastodonBench) -> None:
        prepared, began = words.prepare(), attempt(words)
        assert not words.publisher.may_repeat(prepared, began)
        words.clock.advance(2 * words.publisher.timeout + words.publisher.settles_in - timedelta(seconds=1))
        assert not words.publisher.may_repeat(prepared, began)
        words.clock.advance(seconds=1)
        assert words.publisher.may_repeat(prepared, began)

    def test_nothing_is_repeated_once_the_key_may_be_forgotten(self, words: MastodonBench) -> None:
        prepared, began = words.prepare(), attempt(words)
        words.clock.advance(minutes=49)
        assert words.publisher.may_repeat(prepared, began)
        words.clock.advance(minutes=1)
        assert not words.publisher.may_repeat(prepared, began)

    def test_another_try_does_not_make_the_hour_longer(self, words: MastodonBench) -> None:
        prepared = words.prepare()
        words.clock.advance(minutes=48)
        assert words.prepare(prepared) == prepared
        later = attempt(words)
        words.clock.advance(minutes=2)
        assert not words.publisher.may_repeat(prepared, later)

    def test_an_attempt_that_came_to_nothing_gives_its_key_up_and_keeps_its_uploads(self, bench: MastodonBench) -> None:
        first = bench.prepare()
        left = bench.publisher.forget_attempt(first)
        second = bench.prepare(left)
        assert second["key"] != first["key"]
        assert second["media"] == first["media"]
        assert len(bench.server.media) == 1

    def test_the_key_is_chosen_when_all_pictures_are_ready(self, bench: MastodonBench) -> None:
        began = bench.now()

        def read_slowly(media: PostMedia) -> bytes:
            bench.clock.advance(minutes=5)
            return bench.picture

        prepared = bench.publisher.prepare(bench.post, read_slowly, {}, lambda _: None)
        assert prepared["key_since"] == (began + timedelta(minutes=5)).isoformat()

    def test_a_refusal_because_an_earlier_attempt_went_through_is_a_receipt(self, bench: MastodonBench) -> None:
        prepared = bench.prepare()
        bench.script(Fault.CUT_AFTER_PROCESSING, path=STATUSES)
        with pytest.raises(OutcomeUnknown):
            bench.publisher.publish(bench.post, prepared)
        bench.server.forget_keys()
        receipt = bench.publisher.publish(bench.post, prepared)
        assert [post.id for post in bench.server.posts] == [receipt.remote_id]

    def test_a_refusal_that_cannot_be_looked_at_is_unknown(self, bench: MastodonBench) -> None:
        prepared = bench.prepare()
        bench.publisher.publish(bench.post, prepared)
        bench.server.forget_keys()
        bench.script(Fault.UNAVAILABLE, method="GET")
        with pytest.raises(OutcomeUnknown, match="could not be seen"):
            bench.publisher.publish(bench.post, prepared)

    def test_a_refusal_of_a_new_post_stands(self, bench: MastodonBench) -> None:
        bench.post = replace(bench.post, text="boo " * 200)
        with pytest.raises(PostRejected, match="character limit of 500"):
            bench.publisher.publish(bench.post, bench.prepare())


class TestReading:
    def test_a_look_alike_with_another_picture_is_not_this_post(self, bench: MastodonBench) -> None:
        prepared, other = bench.prepare(), bench.prepare()
        bench.publisher.publish(bench.post, other)
        assert bench.reconcile(prepared, bench.now()) == Absent()

    def test_a_post_with_an_upload_that_was_replaced_meanwhile_is_found(self, bench: MastodonBench) -> None:
        first = bench.prepare()
        bench.publisher.publish(bench.post, first)
        bench.let_time_pass(timedelta(hours=13))
        second = bench.prepare(first)
        assert second["media"][0]["id"] != first["media"][0]["id"]
        assert isinstance(bench.reconcile(second, bench.now()), Found)

    def test_a_post_is_found_among_many_that_came_after_it(self, bench: MastodonBench) -> None:
        prepared = bench.prepare()
        receipt = bench.publisher.publish(bench.post, prepared)
        publish_words(bench, 90)
        found = bench.reconcile(prepared, bench.now())
        assert isinstance(found, Found)
        assert found.receipt.remote_id == receipt.remote_id
        assert len(bench.calls("/statuses")) - 91 == 3

    def test_no_more_pages_are_read_than_may_hold_the_post(self, words: MastodonBench) -> None:
        publish_words(words, 45)
        words.let_time_pass(timedelta(hours=1))
        assert words.reconcile(words.prepare(), words.now()) == Absent()
        assert len(words.calls("/accounts/")) == 2

    def test_words_alone_are_found_by_words_and_time(self, words: MastodonBench) -> None:
        prepared = words.prepare()
        receipt = words.publisher.publish(words.post, prepared)
        publish_words(words, 1)
        found = words.reconcile(prepared, words.now())
        assert isinstance(found, Found)
        assert found.receipt == replace(receipt, limit_ends_at=None)

    def test_the_first_try_counts_although_the_last_was_later(self, words: MastodonBench) -> None:
        prepared = words.prepare()
        words.publisher.publish(words.post, prepared)
        words.let_time_pass(timedelta(minutes=30))
        assert isinstance(words.reconcile(prepared, words.now()), Found)

    def test_the_same_words_of_last_week_are_not_this_post(self, words: MastodonBench) -> None:
        words.publisher.publish(words.post, words.prepare())
        words.let_time_pass(timedelta(days=7))
        assert words.reconcile(words.prepare(), words.now()) == Absent()

    @pytest.mark.parametrize("ours_is_ahead", [timedelta(hours=3), timedelta(hours=-3)])
    def test_a_wrong_clock_of_ours_hides_nothing(self, words: MastodonBench, ours_is_ahead: timedelta) -> None:
        words.server.advance(-ours_is_ahead.total_seconds())
        prepared = words.prepare()
        words.publisher.publish(words.post, prepared)
        assert isinstance(words.reconcile(prepared, words.now()), Found)

    def test_what_is_no_plain_post_is_not_this_one(self, words: MastodonBench) -> None:
        prepared = words.prepare()
        for number, changed in enumerate([{"in_reply_to_id": "1"}, {"spoiler_text": "ghosts"}]):
            words.publisher.publish(words.post, {"key": f"{number}"})
            vars(words.server.posts[-1]).update(changed)
        assert words.reconcile(prepared, words.now()) == Absent()

    def test_two_with_the_same_words_are_told_apart_by_the_key_while_it_is_known(self, words: MastodonBench) -> None:
        prepared, began = words.prepare(), attempt(words)
        words.publisher.publish(words.post, prepared)
        words.publisher.publish(words.post, words.prepare())
        with pytest.raises(Unavailable, match="nothing that tells them apart"):
            words.reconcile(prepared, words.now())
        words.let_time_pass(OVER)
        assert words.publisher.may_repeat(prepared, began)
        assert words.publisher.publish(words.post, prepared).remote_id == words.server.posts[0].id

    def test_two_with_the_same_words_are_a_persons_to_tell_apart_later(self, words: MastodonBench) -> None:
        prepared = words.prepare()
        receipts = [words.publisher.publish(words.post, one) for one in (prepared, words.prepare())]
        words.let_time_pass(timedelta(minutes=55))
        reading = words.reconcile(prepared, words.now())
        assert isinstance(reading, CannotTell)
        assert {one["url"] for one in reading.known["candidates"]} == {receipt.url for receipt in receipts}

    def test_an_account_that_posts_without_end_is_left_to_a_person(self, words: MastodonBench) -> None:
        prepared = words.prepare()
        words.publisher.publish(words.post, prepared)
        words.let_time_pass(timedelta(minutes=55))
        first = words.server.posts[0]
        later = [replace(first, id=str(int(first.id) + number), text="x") for number in range(1, 1_100)]
        words.server.posts.extend(later)
        assert isinstance(words.reconcile(prepared, words.now()), CannotTell)

    @pytest.mark.parametrize(
        ("fault", "kind"),
        [
            (Fault.SERVER_ERROR, Unavailable),
            (Fault.JUNK_BODY, Unavailable),
            (Fault.EMPTY_BODY, Unavailable),
            (Fault.TIMEOUT_NOT_PROCESSED, Unavailable),
            (Fault.RATE_LIMITED, Unavailable),
            (Fault.TOKEN_REVOKED, AccountDisconnected),
        ],
    )
    @pytest.mark.parametrize("path", ["*/verify_credentials", "/api/v1/accounts/*/statuses"])
    def test_who_cannot_look_says_so(
        self, words: MastodonBench, path: str, fault: Fault, kind: type[PressroomError]
    ) -> None:
        prepared = words.prepare()
        words.script(fault, path=path)
        with pytest.raises(kind):
            words.reconcile(prepared, words.now())

    def test_whose_account_it_is_is_asked_once(self, words: MastodonBench) -> None:
        prepared = words.prepare()
        for _ in range(2):
            words.reconcile(prepared, words.now())
        assert len(words.calls("verify_credentials")) == 1


def publish_words(bench: MastodonBench, number: int) -> None:
    for count in range(number):
        bench.publisher.publish(Post(text=f"Something else {count}"), {"key": f"other {count}"})
