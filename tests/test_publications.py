"""Publications, posts and attempts as records."""

from __future__ import annotations

from datetime import timedelta

from pressroom.contracts.samples import NOW, PROBLEM, a_publication
from pressroom.publications import Attempt, Post, PublicationState, Receipt

OVER = Attempt(number=1, started_at=NOW, outcome="absent", absent_at=(NOW + timedelta(minutes=2),))
OPEN = Attempt(number=2, started_at=NOW)


def test_a_post_comes_back_from_storage_as_it_was() -> None:
    post = a_publication("pub_1").post
    assert Post.from_dict(post.as_dict()) == post
    assert Post.from_dict({"text": ""}) == Post(text="")


def test_an_attempt_without_an_outcome_is_open() -> None:
    assert a_publication("pub_1").open_attempt is None
    assert a_publication("pub_1", attempts=(OVER,)).open_attempt is None
    assert a_publication("pub_1", attempts=(OVER, OPEN)).open_attempt == OPEN


def test_only_what_is_published_or_rejected_is_final() -> None:
    assert {state.value for state in PublicationState if state.is_final} == {"published", "rejected"}


def test_a_listing_shows_the_receipt_and_every_attempt() -> None:
    receipt = Receipt(remote_id="17", url="https://x.example/17", at=NOW)
    shown = a_publication("pub_1", attempts=(OVER, OPEN), receipt=receipt).as_dict()
    assert (shown["remote_id"], shown["url"], shown["attempts"]) == ("17", "https://x.example/17", 2)
    assert [attempt["outcome"] for attempt in shown["attempt_history"]] == ["absent", "unknown"]
    assert shown["attempt_history"][0]["absent_at"] == ["2026-10-31T08:02:00+00:00"]


def test_a_listing_without_a_receipt_says_why() -> None:
    shown = a_publication("pub_1", problem=PROBLEM, due_at=NOW).as_dict()
    assert (shown["remote_id"], shown["url"], shown["published_at"]) == (None, None, None)
    assert shown["problem"] == PROBLEM.as_dict()
    assert shown["due_at"] == "2026-10-31T08:00:00+00:00"
