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
from pressroom.publishers.base import Absent, Found, Publisher, Reading


@dataclass
class Bench(ABC):
    """A publisher in front of a server that does as it is told."""

    publisher: Publisher
    post: Post
    expected: dict[ServerAnswer, Expected] = field(default_factory=dict)
    """Lines that differ from `ANSWERS`: `TOKEN_EXPIRED` is `POSTED` where a token can be renewed."""

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
        if expected.is_there:
            assert isinstance(reading, Found)
            assert receipt is None or reading.receipt.remote_id == receipt.remote_id
            assert reading.receipt.url.startswith("https://")
        else:
            assert isinstance(reading, Absent)
        if expected.comes_late:
            bench.let_late_post_arrive()
            assert bench.count_posts() == 1
            assert isinstance(bench.reconcile(prepared, began), Found)

    def test_preparation_goes_on_from_what_it_kept(self, bench: Bench) -> None:
        prepared = bench.prepare()
        again: list[dict[str, Any]] = []
        result = bench.publisher.prepare(bench.post, bench.read, prepared, again.append)
        assert result == prepared
        assert again == []

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
