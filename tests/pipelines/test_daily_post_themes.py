"""Which themes a day has, what becomes of days without one, and what a calendar's mistakes look like."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from pressroom.changes import Change
from pressroom.errors import BadInput
from pressroom.jobs import JobStatus
from tests.pipelines.newsroom import CALENDAR, KEY, PNG, Newsroom


def test_each_theme_of_a_date_has_a_job_a_picture_and_a_post_of_its_own() -> None:
    room = Newsroom()
    jobs = room.request(date="2026-01-15")
    room.finish()
    assert [room.job(job).result["image"] for job in jobs] == [
        "images/january_15_0_Bagel.png",
        "images/january_15_1_Hat.png",
        "images/january_15_2_StrawberryIceCream.png",
    ]
    assert sorted(post.text for post in room.network.posts) == [
        "National Bagel Day!",
        "National Hat Day!",
        "National Strawberry Ice Cream Day!",
    ]


@pytest.mark.parametrize("theme", ["1", "Hat", "hat", "National Hat Day", "national hat day"])
def test_one_theme_can_be_asked_for_by_its_name_or_number(theme: str) -> None:
    room = Newsroom()
    job = room.make(date="2026-01-15", theme=theme)
    assert job.result["theme"] == "Hat"
    assert len(room.network.posts) == 1


def test_an_unknown_theme_is_answered_with_those_of_the_day() -> None:
    room = Newsroom()
    with pytest.raises(BadInput, match="2026-01-15 has no theme called 'Cat'") as caught:
        room.request(date="2026-01-15", theme="Cat")
    assert caught.value.todo == "Its themes: 0 = Bagel, 1 = Hat, 2 = Strawberry Ice Cream."
    assert room.ports.jobs.find() == []


def test_a_day_without_a_theme_is_skipped_with_the_reason_and_is_no_failure() -> None:
    room = Newsroom()
    job = room.make(date="2026-01-16")
    assert job.status is JobStatus.SKIPPED
    assert job.error is not None
    assert job.error.what == "16 January has no theme in the calendar."
    assert (job.error.where, bool(job.error.todo)) == (KEY, True)
    assert room.image.history == []
    assert room.ports.dead_letters.find() == []


def test_a_day_that_was_skipped_is_made_once_it_has_a_theme() -> None:
    room = Newsroom()
    skipped = room.make(date="2026-01-16")
    room.put_calendar(CALENDAR | {"january": {"16": ["Fig Newton"]}})
    job = room.make(date="2026-01-16")
    assert job.id != skipped.id
    assert job.result["theme"] == "Fig Newton"


def test_a_theme_that_left_the_calendar_meanwhile_is_skipped_and_not_replaced_by_another() -> None:
    room = Newsroom()
    [job] = room.request(date="2026-01-15", theme="Hat")
    room.put_calendar({"january": {"15": ["Bagel"]}})
    room.finish()
    assert room.job(job).status is JobStatus.SKIPPED
    assert room.network.posts == []


def test_a_theme_that_is_put_before_another_makes_one_post_more_and_none_twice() -> None:
    room = Newsroom({"january": {"15": ["Bagel", "Hat"]}})
    before = room.request(date="2026-01-15")
    room.finish()
    room.put_calendar({"january": {"15": ["Fig Newton", "Bagel", "HAT"]}})
    after = room.request(date="2026-01-15")
    room.finish()
    assert [job.id for job in after[1:]] == [job.id for job in before]
    themes = [post.about["theme"] for post in room.network.posts]
    assert sorted(themes) == ["Bagel", "Fig Newton", "Hat"]


def test_a_job_makes_the_theme_that_it_was_started_for_though_another_was_put_before_it() -> None:
    room = Newsroom()
    [job] = room.request(date="2026-01-15", theme="1")
    room.put_calendar({"january": {"15": ["Bagel", "Fig Newton", {"theme": "Cap", "name": "Hat"}, "Hat"]}})
    room.finish()
    assert room.job(job).result["theme"] == "Hat"


def test_without_a_date_it_is_today_where_the_schedule_is() -> None:
    room = Newsroom({"january": {"13": ["Sticker"], "14": ["Dress Up Your Pet"]}})
    # In New York it is still the evening before.
    room.clock.move_to(datetime(2026, 1, 15, 3, tzinfo=UTC))
    [job] = room.request()
    assert job.input == {"date": "2026-01-14", "theme": "Dress Up Your Pet"}
    elsewhere = Newsroom({"january": {"13": ["Sticker"], "14": ["Dress Up Your Pet"]}}, zone="Asia/Tokyo")
    [job] = elsewhere.request()
    assert job.input["date"] == "2026-01-14"


def test_the_same_theme_of_a_day_is_made_and_posted_once() -> None:
    room = Newsroom()
    first = room.make()
    second = room.make()
    assert first.id == second.id
    assert len(room.network.posts) == 1


def test_again_makes_another_picture_and_another_post() -> None:
    room = Newsroom()
    first = room.make()
    room.image.enqueue(PNG)
    room.clock.advance(seconds=1)
    second = room.make(again=True)
    assert first.id != second.id
    assert len(room.network.posts) == 2
    asset = room.ports.assets.get("images/january_14_0_DressUpYourPet.png")
    assert asset is not None
    assert asset.revision == 2
    assert room.network.posts[1].media[0].revision == 2


# --- the calendar


def test_the_calendar_of_the_reference_is_read_as_it_is_with_and_without_its_prompt() -> None:
    layout = {"january": {"14": ["Dress Up Your Pet"]}}
    assert Newsroom({"Prompt": "Draw {theme}, spookily", **layout}).make().status is JobStatus.COMPLETED
    room = Newsroom(layout)
    assert room.make().status is JobStatus.COMPLETED
    assert room.image.history[0].prompt == "A spooky illustration for National Dress Up Your Pet Day."


def test_a_malformed_calendar_is_shown_with_file_line_and_field() -> None:
    calendar = json.dumps({"january": {"14": ["Dress Up Your Pet"], "32": ["Nothing"]}}, indent=1).encode()
    room = Newsroom(calendar)
    with pytest.raises(BadInput) as caught:
        room.request(date="2026-01-14")
    said = str(caught.value)
    assert KEY in said
    assert 'January has no day "32"' in said
    assert "line 6" in said or ":6:" in said


def test_a_calendar_that_is_not_there_says_how_to_get_one() -> None:
    room = Newsroom(None)
    with pytest.raises(BadInput, match=f"There is no calendar {KEY}") as caught:
        room.request(date="2026-01-14")
    assert f"assets/{KEY}" in caught.value.todo


def test_a_calendar_may_have_another_key() -> None:
    room = Newsroom(None, calendar="config/ours.json")
    stored = room.runtime.assets.store("config/ours.json", json.dumps(CALENDAR).encode())
    room.runtime.bus.commit(Change(assets=(stored,)))
    assert room.make().status is JobStatus.COMPLETED
