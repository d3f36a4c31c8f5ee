"""When posts go out: at the time that was asked for, in the channel's windows, so many a day, with a gap."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from pressroom.channel_settings import ChannelSettings
from pressroom.drafts import Draft
from pressroom.errors import PostRejected
from pressroom.jobs import JobStatus
from pressroom.pipeline import Pipeline, Request
from pressroom.publications import PublicationState
from pressroom.steps import PublishingSettings, publish_everywhere
from pressroom.testing import Lost, ManualClock
from tests import press
from tests.press import Leaflet, Network, Press, sent

FRIDAY_EVENING = datetime(2026, 11, 20, 21, 0, tzinfo=UTC)


def paced(**settings: Any) -> Press:
    clock = ManualClock(FRIDAY_EVENING)
    return Press(Network(clock, **settings), clock=clock)


def test_a_post_outside_the_windows_waits_for_the_next_one() -> None:
    on = paced(windows=["Mon-Fri 08:00-20:00"])
    job = on.ask()
    on.work()
    assert sent(on) == []
    assert on.publication(job).state is PublicationState.SCHEDULED
    assert on.publication(job).due_at == datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
    on.finish()
    assert sent(on) == ["Boo!"]
    assert on.clock.now() == datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def test_no_more_posts_go_out_on_a_day_than_are_allowed() -> None:
    on = paced(posts_per_day=2, zone="America/New_York")
    for number in range(5):
        on.ask(f"Boo {number}!")
    days = []
    for _ in range(3):
        on.work()
        days.append(len(sent(on)))
        on.pass_time(days=1)
    assert days == [2, 4, 5]


def test_a_post_that_is_tried_several_times_takes_one_place_of_the_day() -> None:
    on = paced(posts_per_day=1)
    failures = [PostRejected("No."), None]

    def refuse_first() -> None:
        if (error := failures.pop(0)) is not None:
            raise error

    on.network.at_publish = refuse_first
    on.ask("First")
    on.ask("Second")
    on.finish()
    assert sent(on) == ["Second"]
    assert on.clock.now() == FRIDAY_EVENING, "the place of the one that was refused went to the other"


def test_two_workers_at_the_same_moment_do_not_both_take_the_last_place() -> None:
    on = paced(posts_per_day=1)
    desk = on.runtime.publishing
    settings = on.network.channel.settings
    channels = desk._channels
    taken = [channels.take_turn("main", settings.pace, FRIDAY_EVENING, f"pub_{number}") for number in range(2)]
    waits = [state.waits_until(FRIDAY_EVENING, settings.pace, f"pub_{n}") for n, state in enumerate(taken)]
    assert waits == [None, datetime(2026, 11, 21, tzinfo=UTC)]


class Repeating(Network):
    """A network on which the same call again makes no second post."""

    def may_repeat(self, *_: object) -> bool:
        return True


def test_a_call_without_an_answer_is_repeated_at_once_though_the_window_has_closed_meanwhile() -> None:
    closing = FRIDAY_EVENING.replace(hour=19, minute=59, second=59)
    clock = ManualClock(closing)
    network = Repeating(clock, windows=["Mon-Fri 08:00-20:00"], posts_per_day=1, minimum_gap_seconds=3600)
    on = Press(network, clock=clock)
    network.enqueue(Lost(arrived=False))
    job = on.ask()
    on.work()
    assert on.publication(job).open_attempt is not None
    on.pass_time(seconds=3)
    assert sent(on) == ["Boo!"]


def write_for_later(input: Leaflet) -> Draft:
    return Draft(text=input.text, publish_at=FRIDAY_EVENING + timedelta(hours=3))


def test_a_post_goes_out_at_the_time_that_was_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    later = Pipeline(
        "leaflet",
        trigger=Request(),
        input=Leaflet,
        settings=PublishingSettings,
        steps=[write_for_later, publish_everywhere()],
    )
    monkeypatch.setattr(press, "leaflet", later)
    on = paced()
    job = on.ask()
    on.work()
    assert sent(on) == []
    assert on.publication(job).due_at == FRIDAY_EVENING + timedelta(hours=3)
    on.finish()
    assert sent(on) == ["Boo!"]


def test_a_post_whose_job_was_cancelled_while_it_waited_never_goes_out() -> None:
    on = paced(windows=["08:00-20:00"])
    job = on.ask()
    on.work()
    on.runtime.runner.cancel(job.id)
    on.finish()
    assert sent(on) == []
    assert on.job(job).status is JobStatus.CANCELLED


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ({"windows": ["late"]}, "is no window"),
        ({"zone": "Berlin"}, "is no time zone"),
        ({"post_text": "{nonsense}"}, "placeholders are"),
    ],
)
def test_a_wrong_wish_is_refused_with_what_is_right(setting: dict[str, object], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        ChannelSettings(network="x", **setting)
