"""The photos' documents, folded from events."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pressroom.changes import Change
from pressroom.events import Event
from pressroom.read_models.photos import Photos, photo_key
from pressroom.testing import memory_runtime
from tests.photo_events import PhotoEvents
from tests.post_events import NOON, PostEvents

DAY = timedelta(days=1)


def folded(*events: Event) -> dict[str, Any]:
    documents: dict[str, Any] = {}
    for event in events:
        for key, document in Photos().apply(event, documents.get).items():
            if document is None:
                documents.pop(key)
            else:
                documents[key] = document
    return documents


def photos(documents: dict[str, Any]) -> list[dict[str, Any]]:
    return [documents[key] for key in sorted(documents) if key.startswith("photo/")]


def only(*events: Event) -> dict[str, Any]:
    [photo] = photos(folded(*events))
    return photo


def test_a_photo_that_came_in_is_known_with_its_words() -> None:
    photo = only(PhotoEvents().original(title="Dunes", caption="At dawn", keywords=["sand", "sea"]))
    assert (photo["title"], photo["caption"], photo["keywords"]) == ("Dunes", "At dawn", ["sand", "sea"])
    assert (photo["source"], photo["photo_id"]) == ("inbox", "p1")
    assert photo["id"] == photo_key("inbox", "p1")
    assert [revision["revision"] for revision in photo["revisions"]] == [1]


def test_a_new_edit_is_a_new_revision_with_its_own_words_and_the_earlier_one_stays() -> None:
    one = PhotoEvents()
    photo = only(one.original(title="Dunes"), one.original(2, NOON + DAY, job_id="job_2", title="Dunes at dawn"))
    assert photo["title"] == "Dunes at dawn"
    assert [revision["revision"] for revision in photo["revisions"]] == [1, 2]
    assert photo["arrived_at"].startswith("2026-10-31")


def test_the_photo_that_came_in_last_is_listed_first() -> None:
    found = folded(PhotoEvents("p1").original(), PhotoEvents("p2").original(at=NOON + DAY))
    highest = max(key for key in found if key.startswith("photo/"))
    assert found[highest]["photo_id"] == "p2"


def test_the_same_id_in_two_sources_means_two_photos() -> None:
    assert len(photos(folded(PhotoEvents().original(), PhotoEvents(source="lightroom").original()))) == 2


def test_the_name_of_its_file_is_kept() -> None:
    assert only(PhotoEvents().original(title="", name="IMG_2041.jpg"))["name"] == "IMG_2041.jpg"


def ended(type_: str, job_id: str = "job_1", **data: Any) -> Event:
    return Event(type=type_, subject=job_id, time=NOON, job_id=job_id, data=data)


def test_how_its_job_ended_is_kept_until_it_goes_on_or_a_new_edit_comes_in() -> None:
    one, failed = PhotoEvents(), ended("JobFailed", error={"what": "It cannot be read."})
    told = {"job_id": "job_1", "state": "failed", "why": "It cannot be read."}
    assert only(one.original(), failed)["ended"] == told
    assert only(one.original(), ended("JobFailed", "job_9", error={"what": "Another's."}))["ended"] is None
    assert only(one.original(), failed, ended("JobResumed"))["ended"] is None
    assert only(one.original(), failed, ended("JobCompleted"))["ended"] is None
    assert only(one.original(), failed, one.original(2, job_id="job_2"))["ended"] is None
    assert only(one.original(), one.original(2, job_id="job_2"), ended("JobFailed", "job_2"), failed)["ended"] == told


def test_when_its_job_expires_why_it_failed_is_forgotten() -> None:
    one, failed = PhotoEvents(), ended("JobFailed", error={"what": "It cannot be read."})
    documents = folded(one.original(), failed, PostEvents(1, job_id="job_1").expired())
    assert [photo["ended"] for photo in photos(documents)] == [None]
    assert "job/job_1" not in documents


def test_a_photo_noted_before_ends_and_names_were_goes_on() -> None:
    one, documents = PhotoEvents(), folded(PhotoEvents().original())
    [photo] = photos(documents)
    documents[photo["place"]] = {name: value for name, value in photo.items() if name not in ("name", "ended")}
    for event in (ended("JobResumed"), ended("JobFailed"), one.original(2, job_id="job_2")):
        documents |= Photos().apply(event, documents.get)
    assert [len(photo["revisions"]) for photo in photos(documents)] == [2]


def test_a_photo_without_a_source_is_known_by_its_key() -> None:
    assert only(PhotoEvents(source="", photo_id="").original())["photo_id"].startswith("photos/")


def test_variants_are_linked_with_their_original() -> None:
    one = PhotoEvents()
    photo = only(one.original(), one.variant("main", "sky"), one.variant("gram", width=1080, height=1350))
    assert [(variant["channels"], variant["original_revision"]) for variant in photo["variants"]] == [
        (["main", "sky"], 1),
        (["gram"], 1),
    ]


def test_other_assets_are_no_photos() -> None:
    image = Event(type="AssetStored", subject="images/cake.png", time=NOON, data={"about": {}}, job_id="job_1")
    stray = PhotoEvents("nobody").variant("main")
    assert folded(image, stray) == {}


def test_where_each_post_of_a_photo_stands_is_known() -> None:
    one = PhotoEvents(job_id="job_1")
    main, sky = PostEvents(1, "main", job_id="job_1"), PostEvents(2, "sky", job_id="job_1")
    photo = only(
        one.original(),
        one.variant("main"),
        main.requested(),
        sky.requested(),
        main.attempted(),
        main.published(media=[{"key": one.variant_key("main"), "revision": 1, "width": 9, "height": 9}]),
        sky.rejected(),
    )
    posts = {post["channel"]: post for post in photo["posts"]}
    assert {channel: post["state"] for channel, post in posts.items()} == {"main": "published", "sky": "rejected"}
    assert posts["main"]["url"] == "https://net_main.example/pub_0001"
    assert posts["main"]["media"] == [one.variant_key("main")]
    assert posts["sky"]["why"] == "It is too long."


def test_the_publishing_history_is_kept_in_order() -> None:
    one, post = PhotoEvents(job_id="job_1"), PostEvents(1, job_id="job_1")
    photo = only(
        one.original(),
        post.requested(),
        post.attempted(),
        post.held(why="Nobody can tell."),
        post.resolved("send_again"),
        post.attempted(2),
        post.published(),
    )
    assert [(entry["type"], entry["said"]) for entry in photo["history"]] == [
        ("PublicationRequested", None),
        ("PostHeld", "Nobody can tell."),
        ("PublicationResolved", "send_again"),
        ("PostPublished", None),
    ]
    [told] = photo["posts"]
    assert (told["state"], told["attempts"]) == ("published", 2)


def test_a_post_of_another_job_is_found_by_its_picture() -> None:
    one, post = PhotoEvents(job_id="job_1"), PostEvents(1, job_id="job_9")
    media = [{"key": one.variant_key("main"), "revision": 1, "width": 9, "height": 9}]
    photo = only(one.original(), one.variant("main"), post.published(media=media))
    assert [told["publication_id"] for told in photo["posts"]] == ["pub_0001"]


def test_posts_of_other_jobs_leave_a_photo_alone() -> None:
    assert only(PhotoEvents(job_id="job_1").original(), PostEvents(1, job_id="job_9").published())["posts"] == []


def test_a_revision_that_is_removed_leaves_the_others() -> None:
    one = PhotoEvents()
    documents = folded(
        one.original(), one.original(2), one.variant("main"), one.removed(1), one.removed(1, one.variant_key("main"))
    )
    [photo] = photos(documents)
    assert [revision["revision"] for revision in photo["revisions"]] == [2]
    assert photo["variants"] == []
    assert f"asset/{one.variant_key('main')}" not in documents


def test_with_its_last_original_a_photo_is_forgotten_wholly() -> None:
    one, post = PhotoEvents(job_id="job_1"), PostEvents(1, job_id="job_1")
    documents = folded(
        one.original(),
        one.variant("main"),
        post.requested(),
        post.published(),
        post.expired(),
        one.removed(1),
        one.removed(1, one.variant_key("main")),
    )
    assert documents == {}


def test_what_was_never_a_photo_is_removed_without_a_trace() -> None:
    assert folded(PhotoEvents().removed(1), PostEvents().expired()) == {}


def test_a_photo_that_comes_back_after_it_was_forgotten_begins_anew() -> None:
    one = PhotoEvents()
    back = only(one.original(), one.removed(1), one.original(2, NOON + DAY))
    assert back["arrived_at"].startswith("2026-11-01")
    assert [revision["revision"] for revision in back["revisions"]] == [2]


def test_documents_do_not_share_what_events_hold() -> None:
    one = PhotoEvents()
    event = one.original()
    before = json.dumps(dict(event.data))
    folded(event, one.variant("main"), one.original(2))
    assert json.dumps(dict(event.data)) == before


@pytest.mark.parametrize("captured", [None, "2026-10-30T06:12:00"])
def test_when_it_was_taken_is_kept_as_the_camera_said_it(captured: str | None) -> None:
    assert only(PhotoEvents().original(captured_at=captured))["captured_at"] == captured


STEPS = st.sampled_from(["original", "variant", "requested", "published", "held", "removed", "expired"])


@st.composite
def logs(draw: st.DrawFn) -> list[Event]:
    events = []
    for step in draw(st.lists(STEPS, max_size=30)):
        number, revision = draw(st.integers(1, 3)), draw(st.integers(1, 2))
        one = PhotoEvents(f"p{number}", job_id=f"job_{number}")
        post = PostEvents(number, job_id=one.job_id)
        at: datetime = NOON + timedelta(minutes=draw(st.integers(0, 9)))
        if step == "original":
            events.append(one.original(revision, at))
        elif step == "variant":
            events.append(one.variant("main", original_revision=revision, at=at))
        elif step == "removed":
            events.append(one.removed(revision, draw(st.sampled_from(["", one.variant_key("main")]))))
        else:
            events.append(getattr(post, step)(at))
    return events


@settings(max_examples=50, deadline=None)
@given(logs(), st.integers(1, 5))
def test_read_in_pieces_or_rebuilt_the_bytes_are_the_same(log: list[Event], size: int) -> None:
    runtime = memory_runtime()

    def stored() -> str:
        views = runtime.ports.views
        return json.dumps([(key, views.get("photos", key)) for key in views.keys("photos")])

    for start in range(0, len(log), size):
        runtime.bus.commit(Change(events=tuple(log[start : start + size])))
        runtime.replay.catch_up("photos")
    piecewise = stored()
    runtime.replay.into("photos")
    assert stored() == piecewise
