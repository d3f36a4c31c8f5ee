"""The event and its CloudEvents envelope."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from datetime import UTC, datetime, timedelta, timezone

import pytest

from pressroom.events import Event

TIME = datetime(2026, 10, 31, 9, 30, tzinfo=timezone(timedelta(hours=1)))


def an_event() -> Event:
    return Event(
        type="PostPublished",
        subject="pub_1",
        time=TIME,
        data={"url": "https://x.example/1"},
        job_id="job_1",
        cause_id="evt_0",
        id="evt_1",
    )


def test_the_envelope_is_a_cloudevent_in_json_format() -> None:
    assert an_event().as_cloudevent() == {
        "specversion": "1.0",
        "id": "evt_1",
        "source": "pressroom",
        "type": "PostPublished",
        "subject": "pub_1",
        "time": "2026-10-31T08:30:00Z",
        "datacontenttype": "application/json",
        "data": {"url": "https://x.example/1"},
        "jobid": "job_1",
        "causeid": "evt_0",
    }


def test_every_attribute_name_is_lower_case_letters_and_digits() -> None:
    assert all(name.isalnum() and name.islower() for name in an_event().as_cloudevent())


def test_attributes_without_a_value_are_left_out_of_the_envelope() -> None:
    envelope = Event(type="JobStarted", subject="job_1", time=TIME).as_cloudevent()
    assert "jobid" not in envelope
    assert "causeid" not in envelope


def test_a_listing_shows_job_cause_and_position_under_their_own_names() -> None:
    shown = an_event().as_dict()
    assert (shown["job_id"], shown["cause_id"], shown["position"]) == ("job_1", "evt_0", None)
    assert "jobid" not in shown
    assert "causeid" not in shown


@pytest.mark.parametrize("type", ["", "post_published", "Post Published", "postPublished", "1Post"])
def test_a_type_that_does_not_read_like_one_is_refused(type: str) -> None:
    with pytest.raises(ValueError, match="reads like PostPublished"):
        Event(type=type, subject="pub_1", time=TIME)


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="the time of JobStarted lacks a zone"):
        Event(type="JobStarted", subject="job_1", time=datetime(2026, 10, 31))  # noqa: DTZ001


def test_an_event_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        an_event().subject = "pub_2"  # type: ignore[misc]


def test_each_event_gets_an_id_of_its_own_that_sorts_by_time() -> None:
    ids = [Event(type="JobStarted", subject="job_1", time=datetime.now(UTC)).id for _ in range(50)]
    assert all(id.startswith("evt_") for id in ids)
    assert len(set(ids)) == 50
    assert ids == sorted(ids)
