"""The analytics' documents, folded from events."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pressroom.changes import Change
from pressroom.events import Event
from pressroom.read_models.analytics import Analytics
from pressroom.runtime import Runtime
from pressroom.tally import added, nothing, of_post
from pressroom.testing import memory_runtime
from tests.photo_events import PhotoEvents
from tests.post_events import NOON, PostEvents

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MODEL = "analytics"


def folded(*events: Event) -> dict[str, Any]:
    documents: dict[str, Any] = {}
    for event in events:
        for key, document in Analytics().apply(event, documents.get).items():
            if document is None:
                documents.pop(key)
            else:
                documents[key] = document
    return documents


def likes(tally: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = tally["counts"]["likes"]
    return found


def test_a_published_post_is_counted_for_its_channel_pipeline_and_day() -> None:
    post = PostEvents()
    found = folded(post.requested(), post.attempted(), post.published())
    assert sorted(found) == [
        "cell/2026-10-31/main/daily_post",
        "channel/main",
        "day/2026-10-31",
        "job/job_0001",
        "pipeline/daily_post",
        "post/pub_0001",
    ]
    for key in ("cell/2026-10-31/main/daily_post", "channel/main", "day/2026-10-31", "pipeline/daily_post"):
        tally = found[key]
        assert (tally["posts"], tally["published"], tally["attempts"]) == (1, 1, 1), key
    assert found["channel/main"]["network"] == "net_main"


def test_a_post_without_words_is_called_what_its_photo_is() -> None:
    photo, post = PhotoEvents(job_id="job_1"), PostEvents(1, job_id="job_1")
    came = photo.original(title="", name="IMG_2041.jpg")
    assert (
        folded(came, photo.variant("main"), post.requested(), post.rejected())["post/pub_0001"]["name"]
        == "IMG_2041.jpg"
    )
    assert folded(photo.original(title="Dunes"), post.requested())["post/pub_0001"]["name"] == "Dunes"
    forgotten = folded(came, post.requested(), post.expired())
    assert forgotten["post/pub_0001"]["name"] == ""
    assert "job/job_1" not in forgotten


def test_a_post_tells_what_it_said_and_where_it_is() -> None:
    document = folded(PostEvents().published())["post/pub_0001"]
    assert document["title"] == "Title of pub_0001"
    assert document["url"] == "https://net_main.example/pub_0001"
    assert document["image"] == {
        "key": "images/pub_0001.jpg", "revision": 1, "width": 1600, "height": 900, "alt_text": "A cake",
    }  # fmt: skip
    assert document["published_at"] == "2026-10-31T12:00:00.000000+00:00"


def test_its_day_is_the_one_of_publishing_in_utc() -> None:
    post = PostEvents()
    late = datetime.fromisoformat("2026-11-01T00:30:00+01:00")
    found = folded(post.requested(NOON - 2 * DAY), post.published(late))
    assert [key for key in found if key.startswith("day/")] == ["day/2026-10-31"]


def test_a_rejected_post_counts_as_published_once_it_is() -> None:
    post = PostEvents()
    story = [post.requested(), post.attempted(), post.rejected()]
    rejected = folded(*story)
    assert rejected["channel/main"]["rejected"] == 1
    assert rejected["post/pub_0001"]["why"] == "It is too long."
    again = folded(*story, post.attempted(2, NOON + DAY), post.published(NOON + DAY))
    tally = again["channel/main"]
    assert (tally["posts"], tally["published"], tally["rejected"], tally["attempts"]) == (1, 1, 0, 2)
    assert [key for key in again if key.startswith("day/")] == ["day/2026-11-01"], "counted once, where it came out"
    assert again["post/pub_0001"]["why"] is None


def test_the_same_attempt_begun_again_by_another_worker_is_one_attempt() -> None:
    post = PostEvents()
    assert folded(post.requested(), post.attempted(1), post.attempted(1))["channel/main"]["attempts"] == 1


@pytest.mark.parametrize(
    ("action", "state"),
    [("it_is_there", "held"), ("send_again", "requested"), ("resume", "requested"), ("give_up", "rejected")],
)
def test_a_held_post_is_what_a_person_made_of_it(action: str, state: str) -> None:
    post = PostEvents()
    found = folded(post.requested(), post.attempted(), post.held(), post.resolved(action))
    assert found["post/pub_0001"]["state"] == state  # that it is there, PostPublished tells in the same commit


def test_a_published_post_stays_published() -> None:
    post = PostEvents()
    found = folded(post.requested(), post.published(), post.held(), post.resolved("give_up"), post.attempted(2))
    assert found["post/pub_0001"]["state"] == "published"


def test_why_a_post_is_held_is_the_last_thing_that_was_found_out() -> None:
    post = PostEvents()
    found = folded(post.requested(), post.held(why="One thing."), post.held(NOON + DAY, why="Another thing."))
    assert found["post/pub_0001"]["why"] == "Another thing."
    assert found["day/2026-10-31"]["held"] == 1


def test_the_newest_reading_takes_the_place_of_the_one_before() -> None:
    post = PostEvents()
    found = folded(post.published(), post.read(likes=3, views=50), post.read(NOON + 2 * HOUR, likes=5, views=None))
    assert found["post/pub_0001"]["counts"]["likes"] == 5
    assert likes(found["day/2026-10-31"]) == {"sum": 5, "posts": 1, "at_least": 0}
    assert found["channel/main"]["counts"]["views"]["sum"] is None, "no longer told is unknown"
    assert found["channel/main"]["as_of"] == "2026-10-31T14:00:00.000000+00:00"


def test_an_old_reading_that_comes_late_changes_nothing() -> None:
    post = PostEvents()
    newest = (post.requested(), post.published(), post.read(NOON + 2 * HOUR, likes=5))
    assert folded(*newest, post.read(NOON + HOUR, likes=3)) == folded(*newest)


def test_readings_are_compared_as_moments_not_as_texts() -> None:
    post = PostEvents()
    later = post.read(datetime.fromisoformat("2026-10-31T10:00:00-05:00"), likes=9)
    found = folded(post.published(), post.read(NOON + HOUR, likes=1), later)
    assert found["post/pub_0001"]["counts"]["likes"] == 9


def test_sums_tell_of_how_many_posts_they_know() -> None:
    one, other = PostEvents(1), PostEvents(2)
    found = folded(one.published(), other.published(), one.read(likes=4), other.read(likes=None, views=10))
    assert likes(found["channel/main"]) == {"sum": 4, "posts": 1, "at_least": 0}
    assert found["channel/main"]["posts"] == 2


def test_notices_are_counted_beside_the_readings() -> None:
    post = PostEvents()
    found = folded(post.published(), post.noticed("comment"), post.noticed("comment"), post.noticed("follow"))
    assert found["post/pub_0001"]["noticed"] == {"comment": 2, "follow": 1}
    assert found["post/pub_0001"]["counts"]["comments"] is None
    assert found["channel/main"]["counts"]["comments"] == {"sum": None, "posts": 0, "at_least": 2}
    read = folded(post.published(), post.noticed("comment"), post.read(comments=7))
    assert read["channel/main"]["counts"]["comments"] == {"sum": 7, "posts": 1, "at_least": 0}
    assert read["channel/main"]["noticed"] == {"comment": 1}


def test_when_a_job_expires_its_words_and_pictures_go_and_the_numbers_stay() -> None:
    post = PostEvents()
    story = (post.requested(), post.attempted(), post.published(), post.read(likes=4))
    before, after = folded(*story), folded(*story, post.expired())
    document = after.pop("post/pub_0001")
    assert (document["title"], document["text"], document["image"]) == ("", "", None)
    assert document["url"] == "https://net_main.example/pub_0001"
    assert document["counts"]["likes"] == 4
    del before["post/pub_0001"], before["job/job_0001"]
    assert after == before


def test_a_reading_after_the_job_has_expired_still_counts() -> None:
    post = PostEvents()
    found = folded(post.requested(), post.published(), post.expired(), post.read(NOON + 40 * DAY, likes=9))
    assert likes(found["channel/main"])["sum"] == 9
    assert "job/job_0001" not in found


def test_a_job_without_posts_expires_without_a_trace() -> None:
    assert folded(PostEvents().expired()) == {}


def test_every_post_of_a_job_is_forgotten_with_it() -> None:
    one, other = PostEvents(1, "main", job_id="job_x"), PostEvents(2, "sky", job_id="job_x")
    found = folded(one.requested(), other.requested(), one.published(), other.published(), one.expired())
    assert [found[f"post/{post.id}"]["text"] for post in (one, other)] == ["", ""]


def test_a_post_of_a_log_that_did_not_name_pipelines_yet_is_counted_once() -> None:
    post = PostEvents(pipeline="")
    found = folded(post.requested(), post.published(pipeline="daily_post"))
    assert [key for key in found if key.startswith(("pipeline/", "cell/"))] == [
        "pipeline/daily_post",
        "cell/2026-10-31/main/daily_post",
    ]


def test_documents_do_not_share_what_events_hold() -> None:
    event = PostEvents().published()
    before = json.dumps(dict(event.data))
    folded(event, PostEvents().read(likes=1))
    assert json.dumps(dict(event.data)) == before


# --- the same events, the same bytes

STEPS = st.sampled_from(
    ["requested", "attempted", "published", "rejected", "held", "give_up", "read", "note", "expired"]
)


@st.composite
def logs(draw: st.DrawFn) -> list[Event]:
    """A log in which anything may come in any order."""
    events = []
    for step in draw(st.lists(STEPS, max_size=40)):
        number = draw(st.integers(1, 4))
        post = PostEvents(
            number, ("main", "sky")[number % 2], pipeline=("a", "b")[number // 3], job_id=f"job_{number % 3}"
        )
        at = NOON + draw(st.integers(0, 60)) * HOUR
        if step == "read":
            told = draw(st.dictionaries(st.sampled_from(["likes", "views"]), st.none() | st.integers(0, 9)))
            events.append(post.read(at, **told))
        elif step == "note":
            events.append(post.noticed(draw(st.sampled_from(["like", "boost"])), at))
        elif step == "give_up":
            events.append(post.resolved(step, at))
        elif step == "attempted":
            events.append(post.attempted(draw(st.integers(1, 3)), at))
        else:
            events.append(getattr(post, step)(at))
    return events


def stored(runtime: Runtime) -> str:
    """Everything that the read model holds, as the bytes that a backend would store."""
    views = runtime.ports.views
    return json.dumps([(key, views.get(MODEL, key)) for key in views.keys(MODEL)], ensure_ascii=False)


@settings(max_examples=60, deadline=None)
@given(logs(), st.lists(st.integers(1, 7), min_size=1))
def test_read_in_odd_pieces_or_rebuilt_the_bytes_are_the_same(log: list[Event], pieces: Sequence[int]) -> None:
    runtime = memory_runtime()
    rest, round_ = log, 0
    while rest:
        size = pieces[round_ % len(pieces)]
        runtime.bus.commit(Change(events=tuple(rest[:size])))
        runtime.replay.catch_up(MODEL)
        rest, round_ = rest[size:], round_ + 1
    piecewise = stored(runtime)
    assert runtime.replay.into(MODEL) == len(log)
    assert stored(runtime) == piecewise


@settings(max_examples=60, deadline=None)
@given(logs())
def test_every_tally_is_the_sum_of_its_posts(log: list[Event]) -> None:
    found = folded(*log)
    posts = [document for key, document in found.items() if key.startswith("post/")]
    of: dict[str, dict[str, Any]] = {}
    for post in posts:
        day, channel, pipeline = post["day"], post["channel"], post["pipeline"]
        for key in (
            f"channel/{channel}", f"pipeline/{pipeline}", f"day/{day}", f"cell/{day}/{channel}/{pipeline}"
        ):  # fmt: skip
            of[key] = added(of.get(key, nothing()), of_post(post))
    tallies = {key: document for key, document in found.items() if key.partition("/")[0] not in ("post", "job")}
    assert {key: {name: tally[name] for name in of[key] if name != "as_of"} for key, tally in tallies.items()} == {
        key: {name: value for name, value in tally.items() if name != "as_of"} for key, tally in of.items()
    }
