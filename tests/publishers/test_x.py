"""What is X's own: what is sent, what its refusals mean, its prices, and the check of a channel."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from pressroom.errors import AccountDisconnected, OutcomeUnknown, OutOfCredit, PostRejected, PressroomError, Unavailable
from pressroom.http_answers import Answer
from pressroom.publications import Post, PostMedia
from pressroom.publishers.base import Absent, Found
from pressroom.publishers.x import X, XSettings
from tests.fakes.faults import Fault
from tests.publishers.fake_bench import PICTURE
from tests.publishers.x_bench import XBench, a_bench


@pytest.fixture
def bench() -> Iterator[XBench]:
    with a_bench() as bench:
        yield bench


@pytest.fixture
def words() -> Iterator[XBench]:
    with a_bench(Post(text="Boo at midnight"), refuse_repeats=False) as bench:
        yield bench


class TestPublishing:
    def test_the_receipt_leads_to_the_post(self, words: XBench) -> None:
        receipt = words.publisher.publish(words.post, {})
        assert receipt.remote_id == words.x.posts[0].id
        assert receipt.url == f"https://x.com/i/web/status/{receipt.remote_id}"

    def test_the_link_is_posted_with_the_words(self, words: XBench) -> None:
        words.publisher.publish(Post(text="Read", link="https://example.com/a"), {})
        assert words.x.posts[0].text == "Read\n\nhttps://example.com/a"

    @pytest.mark.parametrize("labelled", [True, False])
    def test_pictures_are_labelled_as_made_with_ai_if_the_channel_says_so(self, labelled: bool) -> None:
        with a_bench(settings={"made_with_ai": labelled}) as bench:
            bench.publisher.publish(bench.post, bench.prepare())
            assert bench.x.posts[0].made_with_ai is labelled

    def test_a_refusal_says_why_in_xs_words(self, words: XBench) -> None:
        with pytest.raises(PostRejected, match="Your Tweet text is too long"):
            words.publisher.publish(Post(text="boo " * 100), {})

    def test_the_posts_limit_of_the_window_is_waited_for(self) -> None:
        with a_bench(Post(text="Boo"), limits={"POST /2/tweets": 1}) as bench:
            bench.publisher.publish(bench.post, {})
            with pytest.raises(Unavailable) as raised:
                bench.publisher.publish(Post(text="Boo again"), {})
            assert raised.value.retry_at is not None
            wait = raised.value.retry_at - bench.now()
            assert timedelta(minutes=14) < wait < timedelta(minutes=16)

    def test_a_post_that_uses_up_the_window_says_until_when(self) -> None:
        with a_bench(Post(text="Boo"), limits={"POST /2/tweets": 2}) as bench:
            assert bench.publisher.publish(bench.post, {}).limit_ends_at is None
            last = bench.publisher.publish(Post(text="Boo again"), {})
            assert last.limit_ends_at is not None
            assert timedelta(minutes=14) < last.limit_ends_at - bench.now() < timedelta(minutes=16)

    def test_a_post_that_uses_up_the_day_says_until_when(self) -> None:
        with a_bench(Post(text="Boo"), limits={"POST /2/tweets per day": 1}) as bench:
            ends_at = bench.publisher.publish(bench.post, {}).limit_ends_at
            assert ends_at is not None
            assert ends_at - bench.now() > timedelta(hours=23)

    def test_a_rate_limit_without_headers_is_a_window_long(self, words: XBench) -> None:
        words.x.script(Fault.RATE_LIMITED_BARE)
        with pytest.raises(Unavailable) as raised:
            words.publisher.publish(words.post, {})
        assert raised.value.retry_at == words.now() + timedelta(minutes=15)

    def test_the_same_words_twice_are_refused_with_what_to_do(self, bench: XBench) -> None:
        bench.publisher.publish(bench.post, bench.prepare())
        with pytest.raises(PostRejected, match="duplicate") as raised:
            bench.publisher.publish(bench.post, bench.prepare())
        assert "Change its words" in raised.value.todo
        assert raised.value.problem().kind == "PostRejected"

    def test_a_refusal_because_an_earlier_attempt_went_through_is_a_receipt(self, bench: XBench) -> None:
        prepared = bench.prepare()
        bench.x.script(Fault.CUT_AFTER_PROCESSING, path="/2/tweets")
        with pytest.raises(OutcomeUnknown):
            bench.publisher.publish(bench.post, prepared)
        receipt = bench.publisher.publish(bench.post, prepared)
        assert [post.id for post in bench.x.posts] == [receipt.remote_id]

    def test_a_duplicate_that_cannot_be_looked_at_is_unknown(self, bench: XBench) -> None:
        prepared = bench.prepare()
        bench.publisher.publish(bench.post, prepared)
        bench.x.script(Fault.UNAVAILABLE, method="GET")
        with pytest.raises(OutcomeUnknown, match="could not be seen"):
            bench.publisher.publish(bench.post, prepared)

    @pytest.mark.parametrize(
        ("fault", "is_there"),
        [
            (Fault.PROCESSED_BUT_503, True),
            (Fault.PROCESSED_BUT_TRUNCATED, True),
            (Fault.CUT_BEFORE_READING, False),
            (Fault.TIMEOUT_NOT_PROCESSED, False),
            (Fault.UNAVAILABLE_RETRY_AFTER, False),
        ],
    )
    def test_no_other_trouble_is_taken_for_a_refusal(self, bench: XBench, fault: Fault, is_there: bool) -> None:
        prepared, began = bench.prepare(), bench.now()
        bench.script(fault, path="/2/tweets")
        with pytest.raises(OutcomeUnknown):
            bench.publisher.publish(bench.post, prepared)
        assert isinstance(bench.reconcile(prepared, began), Found if is_there else Absent)

    def test_a_slow_answer_within_the_time_is_a_success(self, words: XBench) -> None:
        words.x.script(Fault.SLOW_ANSWER, path="/2/tweets", seconds=0.1)
        assert words.publisher.publish(words.post, {}).remote_id == words.x.posts[0].id

    @pytest.mark.parametrize(
        ("status", "document", "kind"),
        [
            (403, {"detail": "Your account is suspended."}, AccountDisconnected),
            (403, {"type": "https://api.twitter.com/2/problems/client-forbidden"}, AccountDisconnected),
            (403, {"type": "https://api.twitter.com/2/problems/oauth1-permissions"}, AccountDisconnected),
            (403, {"detail": "You are not permitted to mention this user."}, PostRejected),
            (429, {"type": "https://api.twitter.com/2/problems/usage-capped"}, OutOfCredit),
            (422, {"detail": "No."}, PostRejected),
            (201, {"data": {"text": "no id"}}, OutcomeUnknown),
            (201, {"data": {"id": None}}, OutcomeUnknown),
            (200, {"errors": [{"message": "partial"}]}, OutcomeUnknown),
            (302, {}, OutcomeUnknown),
        ],
    )
    def test_what_else_x_says_means_what_it_says(
        self, words: XBench, status: int, document: dict[str, Any], kind: type[PressroomError]
    ) -> None:
        publisher = words.publisher
        assert isinstance(publisher, X)
        vars(publisher._api)["_calls"] = Saying(Answer(status, {}, json.dumps(document).encode()))
        with pytest.raises(PressroomError) as raised:
            publisher.publish(words.post, {})
        assert type(raised.value) is kind


class Saying:
    """Calls that all have the same answer."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def call(self, request: object, deadline: object, largest_answer_bytes: int = 0) -> Answer:
        return self.answer


class TestKnowing:
    @pytest.mark.parametrize(
        ("post", "price"),
        [
            (Post(text="Boo"), "0.015"),
            (Post(text="Boo", media=(PICTURE,)), "0.020"),
            (Post(text="Boo", media=(PICTURE, replace(PICTURE, alt_text=""))), "0.020"),
            (Post(text="Boo example.com"), "0.2"),
            (Post(text="Boo", link="https://example.com", media=(PICTURE,)), "0.205"),
        ],
    )
    def test_the_price_is_what_x_charges(self, bench: XBench, post: Post, price: str) -> None:
        assert bench.publisher.price(post) == Decimal(price)
        bench.post = post
        bench.publisher.publish(post, bench.prepare())
        assert bench.x.cost == Decimal(price)

    def test_it_warns_of_what_would_be_refused_cut_or_charged(self, bench: XBench) -> None:
        odd: PostMedia = replace(PICTURE, media_type="image/tiff", alt_text="a" * 1001)
        said = bench.publisher.warnings(Post(text="boo " * 80, link="https://example.com", media=(odd,) * 5))
        assert any("Shorten it by" in line for line in said)
        assert any("5 pictures; X takes 4" in line for line in said)
        assert any("Picture 1 is image/tiff" in line for line in said)
        assert any("alt text of 1,001 characters" in line for line in said)
        assert any("$0.20 instead of $0.015" in line for line in said)
        assert bench.publisher.warnings(bench.post) == ()

    def test_a_check_names_the_account(self, bench: XBench) -> None:
        assert "@pressroom" in bench.publisher.check()[-1].what

    def test_a_check_warns_of_credentials_in_the_open_only_beyond_this_machine(
        self, bench: XBench, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert len(bench.publisher.check()) == 1
        monkeypatch.setattr(X, "_me", lambda _: {"id": "1", "username": "pressroom"})
        with a_bench(settings={"base_url": "http://x.invalid"}) as beyond:
            assert "is not encrypted" in beyond.publisher.check()[0].what

    def test_a_check_finds_what_is_wrong(self, bench: XBench) -> None:
        bench.x.account.is_revoked = True
        finding = bench.publisher.check()[-1]
        assert not finding.ok
        assert "pressroom secrets set" in finding.todo

    def test_a_check_finds_a_user_id_of_somebody_else(self) -> None:
        with a_bench(settings={"user_id": "12"}) as bench:
            finding = bench.publisher.check()[-1]
            assert not finding.ok
            assert f'user_id = "{bench.x.account.id}"' in finding.todo

    @pytest.mark.parametrize("wrong", [{"base_url": "api.x.com"}, {"user_id": "@me"}, {"colour": "red"}])
    def test_wrong_settings_are_refused(self, wrong: dict[str, str]) -> None:
        with pytest.raises(ValidationError):
            XSettings(network="x", **wrong)
