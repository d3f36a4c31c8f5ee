"""What can be asked about photos."""

from __future__ import annotations

from datetime import timedelta

from pressroom import photo_reports
from pressroom.changes import Change
from pressroom.events import Event
from pressroom.ports import Views
from pressroom.read_models.photos import photo_key
from pressroom.testing import memory_runtime
from tests.photo_events import PhotoEvents
from tests.post_events import NOON, PostEvents

MINUTE = timedelta(minutes=1)


def told(*events: Event) -> Views:
    runtime = memory_runtime()
    runtime.bus.commit(Change(events=events))
    for model in ("photos", "analytics"):
        runtime.replay.catch_up(model)
    return runtime.ports.views


def test_photos_come_page_by_page_and_each_once() -> None:
    views = told(*(PhotoEvents(f"p{number}").original(at=NOON + number * MINUTE) for number in range(7)))
    seen, before = [], None
    while True:
        page = photo_reports.newest(views, limit=3, before=before)
        seen += [photo["photo_id"] for photo in page.rows]
        before = page.before
        if before is None:
            break
    assert seen == [f"p{number}" for number in range(6, -1, -1)]


def test_a_photo_that_is_not_known_is_none() -> None:
    assert photo_reports.one(told(PhotoEvents().original()), photo_key("inbox", "p2")) is None


def test_posts_have_their_numbers_and_what_is_unknown_stays_so() -> None:
    one = PhotoEvents(job_id="job_1")
    main, sky = PostEvents(1, "main", job_id="job_1"), PostEvents(2, "sky", job_id="job_1")
    views = told(
        one.original(), main.requested(), sky.requested(), main.published(), main.read(likes=3), sky.noticed("comment")
    )
    photo = photo_reports.one(views, photo_key("inbox", "p1"))
    assert photo is not None
    posts = {post["channel"]: post for post in photo["posts"]}
    assert (posts["main"]["counts"]["likes"], posts["main"]["counts"]["views"]) == (3, None)
    assert posts["sky"]["as_of"] is None
    assert posts["sky"]["at_least"]["comments"] == 1


def test_numbers_that_are_not_read_yet_are_unknown() -> None:
    runtime = memory_runtime()
    one, post = PhotoEvents(job_id="job_1"), PostEvents(1, job_id="job_1")
    runtime.bus.commit(Change(events=(one.original(), post.requested())))
    runtime.replay.catch_up("photos")
    [photo] = photo_reports.newest(runtime.ports.views, limit=1).rows
    assert set(photo["posts"][0]["counts"].values()) == {None}


def test_of_several_posts_on_a_channel_the_newest_tells_where_the_photo_stands() -> None:
    one = PhotoEvents(job_id="job_1")
    first, again = PostEvents(1, job_id="job_1"), PostEvents(2, job_id="job_2")
    sky = PostEvents(3, "sky", job_id="job_1")
    views = told(
        one.original(),
        first.requested(),
        first.rejected(),
        sky.requested(),
        one.original(2, NOON + MINUTE, job_id="job_2"),
        again.requested(),
    )
    [photo] = photo_reports.newest(views, limit=1).rows
    latest = photo_reports.latest_by_channel(photo)
    assert [(post["channel"], post["state"]) for post in latest] == [("main", "requested"), ("sky", "requested")]
