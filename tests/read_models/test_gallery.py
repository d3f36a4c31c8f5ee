"""The gallery's documents, folded from events."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from pressroom.events import Event
from pressroom.read_models.gallery import Gallery

NOW = datetime(2026, 10, 31, 8, 0, tzinfo=UTC)


def published(channel: str = "main", job_id: str = "job_1", minutes: int = 0, **data: Any) -> Event:
    given = {
        "channel": channel,
        "network": "x",
        "url": f"https://x.com/{channel}",
        "text": "Dress up your pet!",
        "title": "National Dress Up Your Pet Day",
        "media": [{"key": "images/pet.jpg", "revision": 2, "width": 1600, "height": 900}],
        "alt_texts": ["A cat in a hat"],
        "about": {"day": "2027-01-14", "theme": "Pets"},
    }
    time = NOW + timedelta(minutes=minutes)
    return Event(type="PostPublished", subject="pub_1", time=time, job_id=job_id, data=given | data)


def expired(job_id: str = "job_1") -> Event:
    return Event(type="JobExpired", subject=job_id, time=NOW, job_id=job_id)


def folded(*events: Event) -> dict[str, Any]:
    documents: dict[str, Any] = {}
    for event in events:
        for key, document in Gallery().apply(event, documents.get).items():
            if document is None:
                documents.pop(key)
            else:
                documents[key] = document
    return documents


def test_a_published_picture_is_shown_with_its_words_and_its_place() -> None:
    assert folded(published()) == {
        "job_1": {
            "job_id": "job_1",
            "title": "National Dress Up Your Pet Day",
            "caption": "Dress up your pet!",
            "day": "2027-01-14",
            "image": {
                "key": "images/pet.jpg",
                "revision": 2,
                "width": 1600,
                "height": 900,
                "alt_text": "A cat in a hat",
            },
            "published_at": NOW.isoformat(),
            "posts": [{"channel": "main", "network": "x", "url": "https://x.com/main"}],
        }
    }


def test_a_picture_on_two_channels_is_one_entry_with_both_places() -> None:
    [entry] = folded(published(), published("sky", minutes=5)).values()
    assert [post["channel"] for post in entry["posts"]] == ["main", "sky"]
    assert entry["published_at"] == NOW.isoformat(), "since its first post"


def test_the_same_event_twice_is_one_place() -> None:
    assert folded(published(), published()) == folded(published())


def test_a_post_without_a_picture_is_not_shown() -> None:
    assert folded(published(media=[], alt_texts=[])) == {}


def test_a_job_that_expired_is_gone_and_no_other() -> None:
    assert list(folded(published(), published(job_id="job_2"), expired())) == ["job_2"]


def test_a_job_that_expired_without_a_post_changes_nothing() -> None:
    assert Gallery().apply(expired(), lambda key: None) == {}


def test_a_day_that_nobody_told_of_is_left_empty() -> None:
    [entry] = folded(published(about={})).values()
    assert entry["day"] == ""


def test_the_documents_do_not_share_what_events_hold() -> None:
    event = published()
    before = json.dumps(dict(event.data))
    folded(event, published("sky"))
    assert json.dumps(dict(event.data)) == before


def test_it_reads_what_it_is_handed_and_no_more() -> None:
    assert set(Gallery.types) == {"PostPublished", "JobExpired"}
