"""Containers of Instagram: waited for without sleeping, kept whatever happens, and what their states mean later."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from pressroom.errors import Deferred, OutcomeUnknown, PostRejected, Unavailable
from pressroom.publications import Post
from pressroom.publishers.base import Absent, CannotTell, Found
from tests.fakes.faults import Fault
from tests.publishers.instagram_bench import PICTURES, InstagramBench, a_bench


@pytest.fixture
def bench() -> Iterator[InstagramBench]:
    with a_bench() as bench:
        yield bench


@pytest.fixture
def slow() -> Iterator[InstagramBench]:
    """Instagram takes a second over each container."""
    with a_bench(ready_after_seconds=1) as bench:
        yield bench


class Run:
    """Preparation in several runs, each going on from what the last one kept."""

    def __init__(self, bench: InstagramBench) -> None:
        self.bench = bench
        self.kept: dict[str, Any] = {}

    def prepare(self) -> dict[str, Any]:
        def keep(prepared: dict[str, Any]) -> None:
            self.kept = prepared

        return self.bench.publisher.prepare(self.bench.post, self.bench.read, dict(self.kept), keep)

    def wait(self, **units: float) -> None:
        time = timedelta(**units)
        self.bench.clock.advance(time)
        self.bench.instagram.advance(time.total_seconds())


class TestWaiting:
    def test_a_container_that_is_not_ready_is_looked_at_again_a_second_later(self, slow: InstagramBench) -> None:
        run = Run(slow)
        with pytest.raises(Deferred) as raised:
            run.prepare()
        assert raised.value.until == slow.now() + timedelta(seconds=1)
        run.wait(seconds=1)
        slow.publisher.publish(slow.post, run.prepare())
        assert len(slow.instagram.containers) == len(slow.instagram.posts) == 1

    def test_each_wait_is_as_long_as_all_before_it_and_a_minute_at_most(self) -> None:
        with a_bench(ready_after_seconds=3600) as bench:
            run, waits = Run(bench), []
            for _ in range(8):
                with pytest.raises(Deferred) as raised:
                    run.prepare()
                waits.append((raised.value.until - bench.now()).total_seconds())
                run.wait(seconds=waits[-1])
            assert waits == [1, 1, 2, 4, 8, 16, 32, 60]

    def test_after_five_minutes_another_container_is_made(self) -> None:
        with a_bench(ready_after_seconds=3600) as bench:
            run = Run(bench)
            with pytest.raises(Deferred):
                run.prepare()
            run.wait(minutes=6)
            with pytest.raises(Unavailable, match="within five minutes"):
                run.prepare()
            bench.instagram.ready_after_seconds = 0
            bench.publisher.publish(bench.post, run.prepare())
            assert len(bench.instagram.containers) == 2

    def test_pictures_of_a_carousel_are_all_asked_for_before_the_first_is_waited_for(self) -> None:
        with a_bench(Post(text="Three", media=PICTURES), ready_after_seconds=1) as bench:
            run = Run(bench)
            with pytest.raises(Deferred):
                run.prepare()
            assert [one.is_item for one in bench.instagram.containers] == [True] * 3
            run.wait(seconds=1)
            with pytest.raises(Deferred):
                run.prepare()
            run.wait(seconds=1)
            bench.publisher.publish(bench.post, run.prepare())
            assert len(bench.instagram.containers) == 4

    def test_each_container_is_kept_as_soon_as_it_is_there(self) -> None:
        with a_bench(Post(text="Three", media=PICTURES)) as bench:
            run = Run(bench)
            bench.script(Fault.UNAVAILABLE, method="POST", skip=2)
            with pytest.raises(Unavailable):
                run.prepare()
            assert len(run.kept["children"]) == 2
            run.prepare()
            assert len(bench.instagram.containers) == 4

    def test_a_container_that_is_hidden_at_first_is_waited_for(self, bench: InstagramBench) -> None:
        run = Run(bench)
        bench.instagram.hides_containers = True
        with pytest.raises(Deferred):
            run.prepare()
        bench.instagram.hides_containers = False
        run.wait(seconds=1)
        run.prepare()
        assert len(bench.instagram.containers) == 1


class TestFailing:
    def test_a_picture_that_is_refused_in_the_end_rejects_the_post(self, slow: InstagramBench) -> None:
        import pyvips

        slow.picture = pyvips.Image.black(100, 300).write_to_buffer(".jpg")
        url = slow.host.put("tall.jpg", "image/jpeg", slow.picture)
        slow.publisher = type(slow.publisher)(replace(slow.publisher.channel, media_url=lambda media, until: url))
        run = Run(slow)
        with pytest.raises(Deferred):
            run.prepare()
        run.wait(seconds=1)
        with pytest.raises(PostRejected, match="2207009") as raised:
            run.prepare()
        assert "shape" in raised.value.todo
        assert "container" not in run.kept

    def test_a_picture_that_could_not_be_fetched_is_tried_with_another_container(self, slow: InstagramBench) -> None:
        run = Run(slow)
        slow.host.script(Fault.BAD_REQUEST, skip=1)
        with pytest.raises(Deferred):
            run.prepare()
        run.wait(seconds=1)
        with pytest.raises(Unavailable, match="2207052"):
            run.prepare()
        with pytest.raises(Deferred):
            run.prepare()
        run.wait(seconds=1)
        slow.publisher.publish(slow.post, run.prepare())

    def test_an_expired_container_is_replaced(self, bench: InstagramBench) -> None:
        run = Run(bench)
        run.prepare()
        run.wait(hours=25)
        bench.publisher.publish(bench.post, run.prepare())
        assert [one.status(bench.instagram.now()) for one in bench.instagram.containers] == ["EXPIRED", "PUBLISHED"]

    def test_words_that_nobody_knows_are_no_state(self, bench: InstagramBench) -> None:
        prepared = bench.prepare()
        bench.script(Fault.JUNK_BODY, method="GET", path="/v*")
        with pytest.raises(Unavailable):
            bench.reconcile(prepared, bench.now())


class TestNeverTwice:
    def test_an_attempt_that_is_given_up_uses_the_same_container_again(self, bench: InstagramBench) -> None:
        prepared = bench.prepare()
        left = bench.publisher.forget_attempt(prepared)
        assert bench.prepare(left) == prepared

    def test_a_post_that_came_through_late_is_found_and_not_sent_again(self, bench: InstagramBench) -> None:
        first = bench.prepare()
        late = bench.publisher.publish(bench.post, first)
        again = bench.prepare(bench.publisher.forget_attempt(first))
        receipt = bench.publisher.publish(bench.post, again)
        assert (receipt.remote_id, receipt.url) == (late.remote_id, late.url)
        assert bench.count_posts() == 1
        assert len(bench.calls("media_publish")) == 1

    def test_a_late_post_that_is_not_listed_yet_leaves_it_unknown(self, bench: InstagramBench) -> None:
        first = bench.prepare()
        bench.publisher.publish(bench.post, first)
        bench.instagram.list_lag_seconds = 60
        with pytest.raises(OutcomeUnknown, match="earlier attempt was published"):
            bench.publisher.publish(bench.post, bench.prepare(first))

    def test_one_that_was_ready_and_is_at_work_is_never_given_up_for_another(self, bench: InstagramBench) -> None:
        run = Run(bench)
        run.prepare()
        run.wait(minutes=30)
        bench.instagram.containers[0].ready_at = bench.instagram.now() + 600
        with pytest.raises(Deferred):
            run.prepare()
        assert "container" in run.kept


class TestReadingBack:
    def test_a_container_at_work_is_neither_there_nor_absent(self, bench: InstagramBench) -> None:
        prepared = bench.prepare()
        bench.instagram.containers[0].ready_at = bench.instagram.now() + 60
        with pytest.raises(Unavailable, match="still at work"):
            bench.reconcile(prepared, bench.now())

    @pytest.mark.parametrize("state", ["EXPIRED", "ERROR"])
    def test_a_container_that_came_to_nothing_is_absent(self, bench: InstagramBench, state: str) -> None:
        prepared = bench.prepare()
        container = bench.instagram.containers[0]
        if state == "ERROR":
            container.error = "Error: 2207053"
        else:
            bench.instagram.advance(25 * 3600)
        assert container.status(bench.instagram.now()) == state
        assert bench.reconcile(prepared, bench.now()) == Absent()

    def test_the_newest_post_of_the_account_is_not_taken_on_trust(self, bench: InstagramBench) -> None:
        prepared = bench.prepare()
        receipt = bench.publisher.publish(bench.post, prepared)
        other = replace(bench.post, text="Something else")
        bench.post, ours = other, bench.post
        bench.publisher.publish(other, bench.prepare())
        bench.post = ours
        found = bench.reconcile(prepared, bench.now())
        assert isinstance(found, Found)
        assert found.receipt.remote_id == receipt.remote_id

    def test_two_with_the_same_caption_cannot_be_told_apart(self, bench: InstagramBench) -> None:
        prepared = bench.prepare()
        receipts = [bench.publisher.publish(bench.post, one) for one in (prepared, bench.prepare())]
        reading = bench.reconcile(prepared, bench.now())
        assert isinstance(reading, CannotTell)
        assert {one["remote_id"] for one in reading.known["candidates"]} == {one.remote_id for one in receipts}

    def test_the_same_caption_over_more_pictures_is_another_post(self) -> None:
        with a_bench(Post(text="Boo", media=PICTURES)) as bench:
            carousel = bench.prepare()
            receipt = bench.publisher.publish(bench.post, carousel)
            single = replace(bench.post, media=PICTURES[:1])
            bench.post, three = single, bench.post
            bench.publisher.publish(single, bench.prepare())
            bench.post = three
            found = bench.reconcile(carousel, bench.now())
            assert isinstance(found, Found)
            assert found.receipt.remote_id == receipt.remote_id

    def test_the_same_caption_from_before_the_container_is_another_post(self, bench: InstagramBench) -> None:
        bench.publisher.publish(bench.post, bench.prepare())
        run = Run(bench)
        run.wait(hours=1)
        prepared = bench.prepare()
        receipt = bench.publisher.publish(bench.post, prepared)
        found = bench.reconcile(prepared, bench.now())
        assert isinstance(found, Found)
        assert found.receipt.remote_id == receipt.remote_id

    def test_one_that_is_published_and_not_listed_is_looked_for_again_and_then_left_to_a_person(
        self, bench: InstagramBench
    ) -> None:
        prepared, began = bench.prepare(), bench.now()
        bench.publisher.publish(bench.post, prepared)
        bench.instagram.list_lag_seconds = 3600
        with pytest.raises(Unavailable, match="does not list it yet"):
            bench.reconcile(prepared, began)
        bench.clock.advance(minutes=3)
        reading = bench.reconcile(prepared, began)
        assert isinstance(reading, CannotTell)
        assert reading.known == {"container_id": prepared["container"]["id"]}

    def test_a_look_alike_is_no_proof_where_the_container_cannot_be_read(self, bench: InstagramBench) -> None:
        prepared = bench.prepare()
        receipt = bench.publisher.publish(bench.post, prepared)
        bench.instagram.hides_containers = True
        reading = bench.reconcile(prepared, bench.now())
        assert isinstance(reading, CannotTell)
        assert [one["remote_id"] for one in reading.known["candidates"]] == [receipt.remote_id]

    def test_nothing_listed_and_no_container_to_be_read_is_absent(self, bench: InstagramBench) -> None:
        prepared = bench.prepare()
        bench.instagram.hides_containers = True
        assert bench.reconcile(prepared, bench.now()) == Absent()

    def test_an_account_that_posts_without_end_is_left_to_a_person(self, bench: InstagramBench) -> None:
        prepared = bench.prepare()
        bench.publisher.publish(bench.post, prepared)
        first = bench.instagram.posts[0]
        bench.instagram.posts += [replace(first, id=str(number), text="x") for number in range(600)]
        assert isinstance(bench.reconcile(prepared, bench.now()), CannotTell)
