"""After an unclear answer this very post is found among the account's own, and no look-alike."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from pressroom.errors import AccountDisconnected, OutOfCredit, PressroomError, Unavailable
from pressroom.publications import Attempt, Post
from pressroom.publishers.base import Absent, CannotTell, Found
from tests.fakes.faults import Fault
from tests.publishers.x_bench import XBench, a_bench


@pytest.fixture
def bench() -> Iterator[XBench]:
    with a_bench() as bench:
        yield bench


@pytest.fixture
def words() -> Iterator[XBench]:
    with a_bench(Post(text="Boo at midnight"), refuse_repeats=False) as bench:
        yield bench


def test_a_look_alike_with_another_picture_is_not_this_post(bench: XBench) -> None:
    prepared, other = bench.prepare(), bench.prepare()
    bench.publisher.publish(bench.post, other)
    assert bench.reconcile(prepared, bench.now()) == Absent()


def test_a_post_with_an_upload_that_was_replaced_meanwhile_is_found(bench: XBench) -> None:
    first = bench.prepare()
    bench.publisher.publish(bench.post, first)
    replaced = {**first, "media": [], "media_keys": [*first["media_keys"], "3_1"]}
    assert isinstance(bench.reconcile(replaced, bench.now()), Found)


def test_a_post_is_found_among_many_that_came_after_it(bench: XBench) -> None:
    prepared = bench.prepare()
    receipt = bench.publisher.publish(bench.post, prepared)
    for number in range(15):
        bench.publisher.publish(Post(text=f"Later {number}"), {})
    found = bench.reconcile(prepared, bench.now())
    assert isinstance(found, Found)
    assert found.receipt.remote_id == receipt.remote_id
    assert len(bench.calls("/2/users/2244994945/tweets")) == 2


def test_a_wrong_clock_of_ours_does_not_hide_a_post_with_a_picture(bench: XBench) -> None:
    prepared = bench.prepare()
    bench.publisher.publish(bench.post, prepared)
    for number in range(15):
        bench.publisher.publish(Post(text=f"Later {number}"), {})
    bench.clock.advance(days=3)
    assert isinstance(bench.reconcile(prepared, bench.now()), Found)


def test_no_more_pages_are_read_than_may_hold_the_post(words: XBench) -> None:
    for number in range(15):
        words.publisher.publish(Post(text=f"Earlier {number}"), {})
    words.x.advance(3600)
    words.clock.advance(hours=1)
    assert words.reconcile({}, words.now()) == Absent()
    assert len(words.calls("/2/users/2244994945/tweets")) == 1


def test_words_alone_are_found_by_words_and_time(words: XBench) -> None:
    receipt = words.publisher.publish(words.post, {})
    words.publisher.publish(Post(text="Something else"), {})
    found = words.reconcile({}, words.now())
    assert isinstance(found, Found)
    assert found.receipt.remote_id == receipt.remote_id


def test_the_same_words_of_last_week_are_not_this_post(words: XBench) -> None:
    words.publisher.publish(words.post, {})
    words.clock.advance(days=7)
    assert words.reconcile({}, words.now()) == Absent()


def test_a_picture_with_the_same_words_is_not_this_post(bench: XBench) -> None:
    bench.publisher.publish(bench.post, bench.prepare())
    attempt = Attempt(number=1, started_at=bench.now())
    assert bench.publisher.reconcile(Post(text=bench.post.text), {}, attempt) == Absent()


def test_two_with_the_same_words_cannot_be_told_apart(words: XBench) -> None:
    receipts = [words.publisher.publish(words.post, {}) for _ in range(2)]
    reading = words.reconcile({}, words.now())
    assert isinstance(reading, CannotTell)
    assert {one["url"] for one in reading.known["candidates"]} == {receipt.url for receipt in receipts}


def test_the_same_words_with_another_link_cannot_be_told_apart(words: XBench) -> None:
    words.publisher.publish(Post(text="Read https://example.com/a"), {})
    attempt = Attempt(number=1, started_at=words.now())
    reading = words.publisher.reconcile(Post(text="Read https://example.com/b"), {}, attempt)
    assert isinstance(reading, CannotTell)


def test_an_account_that_posts_without_end_is_left_to_a_person(words: XBench) -> None:
    words.publisher.publish(words.post, {})
    post, first = words.x.posts[0], int(words.x.posts[0].id)
    later = [replace(post, id=str(first + number), text="x", shown_text="x") for number in range(1, 1200)]
    words.x.posts.extend(later)
    assert isinstance(words.reconcile({}, words.now()), CannotTell)


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (Fault.SERVER_ERROR, Unavailable),
        (Fault.JUNK_BODY, Unavailable),
        (Fault.TIMEOUT_NOT_PROCESSED, Unavailable),
        (Fault.RATE_LIMITED, Unavailable),
        (Fault.BAD_REQUEST, AccountDisconnected),
        (Fault.OUT_OF_CREDIT, OutOfCredit),
    ],
)
@pytest.mark.parametrize("path", ["/2/users/me", "/2/users/*/tweets"])
def test_who_cannot_look_says_so(words: XBench, path: str, fault: Fault, kind: type[PressroomError]) -> None:
    words.script(fault, path=path)
    with pytest.raises(kind):
        words.reconcile({}, words.now())


def test_whose_account_it_is_is_asked_once_or_never(words: XBench) -> None:
    words.reconcile({}, words.now())
    words.reconcile({}, words.now())
    assert len(words.calls("/2/users/me")) == 1
    with a_bench(Post(text="Boo"), settings={"user_id": words.x.account.id}) as told:
        told.reconcile({}, told.now())
        assert told.calls("/2/users/me") == []
