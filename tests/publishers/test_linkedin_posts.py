"""An organisation's post is known by its pictures, or by its words, link and time; of two nobody guesses."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from pressroom.errors import Unavailable
from pressroom.publications import Post
from pressroom.publishers.base import Absent, CannotTell, Found
from tests.fakes.faults import Fault
from tests.publishers.linkedin_bench import LinkedInBench, a_bench

WORDS = Post(text="Boo (at) #midnight")


@pytest.fixture
def bench() -> Iterator[LinkedInBench]:
    with a_bench(WORDS, refuse_repeats=False) as bench:
        yield bench


def publish(bench: LinkedInBench, post: Post) -> str:
    return bench.publisher.publish(post, {}).remote_id


def test_a_post_of_words_is_found_by_them(bench: LinkedInBench) -> None:
    began = bench.now()
    publish(bench, Post(text="Something else"))
    urn = publish(bench, WORDS)
    reading = bench.reconcile({}, began)
    assert isinstance(reading, Found)
    assert reading.receipt.remote_id == urn


def test_an_older_post_with_the_same_words_is_not_it(bench: LinkedInBench) -> None:
    publish(bench, WORDS)
    assert isinstance(bench.reconcile({}, bench.now() + timedelta(hours=1)), Absent)


def test_two_that_could_be_it_are_for_a_person(bench: LinkedInBench) -> None:
    began = bench.now()
    urns = {publish(bench, WORDS), publish(bench, WORDS)}
    reading = bench.reconcile({}, began)
    assert isinstance(reading, CannotTell)
    assert {one["remote_id"] for one in reading.known["candidates"]} == urns


def test_the_same_words_with_a_picture_or_another_link_are_another_post(bench: LinkedInBench) -> None:
    began = bench.now()
    publish(bench, Post(text=WORDS.text, link="https://example.com/a", title="A"))
    assert isinstance(bench.reconcile({}, began), Absent)


def test_a_post_with_our_picture_is_found_whatever_its_words_have_become(bench: LinkedInBench) -> None:
    with a_bench(refuse_repeats=False) as pictured:
        prepared, began = pictured.prepare(), pictured.now()
        receipt = pictured.publisher.publish(pictured.post, prepared)
        pictured.linkedin.posts[0].commentary = "edited"
        reading = pictured.reconcile(prepared, began)
        assert isinstance(reading, Found)
        assert reading.receipt.remote_id == receipt.remote_id


def test_the_same_words_with_other_pictures_are_not_it() -> None:
    with a_bench(refuse_repeats=False) as bench:
        began = bench.now()
        bench.publisher.publish(bench.post, bench.prepare())
        assert isinstance(bench.reconcile(bench.prepare(), began), Absent)


def test_a_post_is_found_behind_many_others(bench: LinkedInBench) -> None:
    began = bench.now()
    urn = publish(bench, WORDS)
    for number in range(60):
        publish(bench, Post(text=f"Nr {number}"))
    reading = bench.reconcile({}, began)
    assert isinstance(reading, Found)
    assert reading.receipt.remote_id == urn
    assert len(bench.calls("/rest/posts")) == 61 + 2


@pytest.mark.parametrize("fault", [Fault.SERVER_ERROR, Fault.JUNK_BODY, Fault.EMPTY_BODY, Fault.RATE_LIMITED])
def test_posts_that_cannot_be_read_are_no_absence(bench: LinkedInBench, fault: Fault) -> None:
    bench.linkedin.script(fault, method="GET")
    with pytest.raises(Unavailable):
        bench.reconcile({}, bench.now())
