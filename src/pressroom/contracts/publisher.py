"""The contract of `Publisher`: limits as data, an outcome for whatever a server answers, and reading back.

A publisher's test gives it a `Bench`: the publisher in front of a server that can be told how to answer the one
public call. What each answer must come to is in `server_answers`, the same for every network.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest

from pressroom.contracts.server_answers import ANSWERS, Expected, ServerAnswer
from pressroom.errors import AccountDisconnected, PressroomError, RateLimited, Unavailable
from pressroom.publications import Attempt, Post, PostMedia, Receipt
from pressroom.publishers.base import Absent, CannotTell, Found, Publisher, Reading


@dataclass
class Bench(ABC):
    """A publisher in front of a server that does as it is told."""

    publisher: Publisher
    post: Post
    expected: dict[ServerAnswer, Expected] = field(default_factory=dict)
    """Lines that differ from `ANSWERS`: `TOKEN_EXPIRED` is `POSTED` where a token can be renewed."""
    refuses_the_same_words: bool = False
    """Whether the network takes a second post with the same words for a mistake."""
    can_look: bool = True
    """Whether the network lets anybody find out what became of an attempt; else a person must."""

    @abstractmethod
    def arrange(self, answer: ServerAnswer) -> None:
        """Have the server answer the next public call so. Preparation is over by now."""

    @abstractmethod
    def recover(self) -> None:
        """End the trouble: the server listens and answers again."""

    @abstractmethod
    def count_posts(self) -> int:
        """Return how many posts the server holds."""

    @abstractmethod
    def let_late_post_arrive(self) -> None:
        """Let the server carry out what it held back, and return when it has."""

    @abstractmethod
    def read(self, media: PostMedia) -> bytes:
        """Return the bytes of a picture of the post."""

    def expects(self, answer: ServerAnswer) -> Expected:
        return self.expected.get(answer, ANSWERS[answer])

    def prepare(self, prepared: dict[str, Any] | None = None) -> dict[str, Any]:
        kept: list[dict[str, Any]] = []
        result = self.publisher.prepare(self.post, self.read, prepared or {}, kept.append)
        assert not kept or kept[-1] == result, "what was kept last must be what preparation came to"
        return result

    def now(self) -> datetime:
        return self.publisher.channel.clock.now()

    def reconcile(self, prepared: dict[str, Any], since: datetime) -> Reading:
        return self.publisher.reconcile(self.post, prepared, Attempt(number=1, started_at=since))


class PublisherContract:
    """Inherit from it in a test class that has a fixture `bench`."""

    @pytest.fixture
    def bench(self) -> Iterator[Bench]:
        raise TypeError("A test class for PublisherContract must define the fixture `bench`.")

    @pytest.mark.parametrize("answer", ServerAnswer)
    def test_an_answer_comes_to_what_it_means(self, bench: Bench, answer: ServerAnswer) -> None:
        expected = bench.expects(answer)
        prepared, began = bench.prepare(), bench.now()
        bench.arrange(answer)
        receipt: Receipt | None = None
        if expected.raises is None:
            receipt = bench.publisher.publish(bench.post, prepared)
        else:
            with pytest.raises(expected.raises) as raised:
                bench.publisher.publish(bench.post, prepared)
            _check_error(raised.value, expected.raises, began)
        assert bench.count_posts() == int(expected.is_there)

        bench.recover()
        reading = bench.reconcile(prepared, began) if expected.raises is not AccountDisconnected else Absent()
        if not bench.can_look:
            assert isinstance(reading, CannotTell) or expected.raises is AccountDisconnected
        elif expected.is_there:
            assert isinstance(reading, Found)
            assert receipt is None or reading.receipt.remote_id == receipt.remote_id
            assert reading.receipt.url.startswith("https://")
        else:
            assert isinstance(reading, Absent)
        if expected.comes_late:
            bench.let_late_post_arrive()
            assert bench.count_posts() == 1
            if bench.can_look:
                assert isinstance(bench.reconcile(prepared, began), Found)

    def test_preparation_goes_on_from_what_it_kept(self, bench: Bench) -> None:
        prepared = bench.prepare()
        again: list[dict[str, Any]] = []
        result = bench.publisher.prepare(bench.post, bench.read, prepared, again.append)
        assert result == prepared
        assert again == []

    def test_what_may_be_repeated_makes_one_post(self, bench: Bench) -> None:
        prepared = bench.prepare()
        first = bench.publisher.publish(bench.post, prepared)
        if not bench.publisher.may_repeat(prepared, Attempt(number=1, started_at=bench.now())):
            return
        assert bench.prepare(prepared) == prepared
        again = bench.publisher.publish(bench.post, prepared)
        assert (again.remote_id, again.url) == (first.remote_id, first.url)
        assert bench.count_posts() == 1

    def test_two_posts_with_the_same_words_are_two(self, bench: Bench) -> None:
        if bench.refuses_the_same_words:
            return
        receipts = [bench.publisher.publish(bench.post, bench.prepare()) for _ in range(2)]
        assert receipts[0].remote_id != receipts[1].remote_id
        assert bench.count_posts() == 2

    def test_what_ends_is_told_with_what_to_do(self, bench: Bench) -> None:
        for token in bench.publisher.tokens():
            assert token.kind
            assert token.expires_at.tzinfo
            assert token.todo or token.renews_itself

    def test_counts_are_told_for_posts_that_are_there_and_for_no_others(self, bench: Bench) -> None:
        most = bench.publisher.measured_at_once
        if not most:
            assert bench.publisher.measure(["1"]) == {}
            return
        receipt = bench.publisher.publish(bench.post, bench.prepare())
        found = bench.publisher.measure([receipt.remote_id])
        assert found.keys() == {receipt.remote_id}
        counts = found[receipt.remote_id].as_dict().values()
        assert any(count is not None for count in counts)
        assert all(count is None or count >= 0 for count in counts)

    def test_preparation_makes_nothing_public(self, bench: Bench) -> None:
        bench.prepare()
        assert bench.count_posts() == 0

    def test_what_preparation_keeps_can_be_stored_as_json(self, bench: Bench) -> None:
        import json

        prepared = bench.prepare()
        assert json.loads(json.dumps(prepared)) == prepared

    def test_limits_are_declared_and_of_use(self, bench: Bench) -> None:
        text, image = bench.publisher.text_rules, bench.publisher.image_rules
        assert text.limit > 0
        assert text.counted_in
        assert text.alt_text_limit >= 0
        assert image.formats
        assert all(kind.startswith("image/") for kind in image.formats)
        assert image.max_bytes > 0
        assert image.most >= 1
        assert 0 <= image.narrowest <= image.widest or not image.widest
        assert image.best_width > 0
        assert image.best_height > 0
        assert not image.max_width or image.best_width <= image.max_width
        assert bench.publisher.settles_in > bench.publisher.timeout

    def test_more_text_is_never_counted_as_less(self, bench: Bench) -> None:
        text, last = "", bench.publisher.length("")
        assert last == 0
        for piece in (
            "Boo",
            "!",
            " ",
            "日本語",
            "👨‍👩‍👧‍👦",
            "\n",
            "e\u0301",
            "🇩🇪",
            " #tag",
            " and https://example.com/a/b",
        ):
            text += piece
            counted = bench.publisher.length(text)
            assert counted >= last
            last = counted

    def test_a_preview_shows_the_post_and_its_limits(self, bench: Bench) -> None:
        shown = bench.publisher.preview(bench.post)
        assert bench.post.text in shown.text
        assert shown.limit == bench.publisher.text_rules.limit
        assert shown.length == bench.publisher.length(shown.text)
        assert shown.media == bench.post.media
        assert bench.count_posts() == 0

    def test_a_preview_warns_of_a_text_that_is_too_long(self, bench: Bench) -> None:
        short, long = (
            Post(text="boo" * times, media=bench.post.media) for times in (1, bench.publisher.text_rules.limit)
        )
        shown = bench.publisher.preview(long)
        assert shown.length > shown.limit
        assert len(shown.warnings) > len(bench.publisher.preview(short).warnings)

    def test_a_check_says_that_all_is_well_and_posts_nothing(self, bench: Bench) -> None:
        findings = bench.publisher.check()
        assert findings
        assert all(finding.ok for finding in findings)
        assert bench.count_posts() == 0


def _check_error(error: PressroomError, expected: type[PressroomError], began: datetime) -> None:
    if expected is Unavailable:
        assert not isinstance(error, RateLimited)
    assert error.what.endswith(".")
    assert error.todo
    if isinstance(error, RateLimited):
        assert error.retry_at is not None
        assert began < error.retry_at <= began + timedelta(days=1)
