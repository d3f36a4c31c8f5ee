"""Posts in line before a channel: what a long line costs, in which order they go, and what need not wait in it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from pressroom.errors import ConfigurationError, RateLimited, Unavailable
from pressroom.jobs import Job, JobStatus
from pressroom.publications import PublicationState
from pressroom.publishers.base import CannotTell
from pressroom.testing import Lost, ManualClock, work_off
from pressroom.waiting import LATE, waiting
from pressroom.waiting_rooms import WaitingRooms
from pressroom.worker import Worker
from tests.press import Network, Press, sent

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
QUEUE, ROOM = "publish.main", "waiting.main"


class Repeating(Network):
    """A network on which the same call again makes no second post."""

    def may_repeat(self, *_: object) -> bool:
        return True


def paced(**settings: Any) -> Press:
    clock = ManualClock(NOON)
    return Press(Network(clock, **settings), clock=clock)


def with_a_line(of: int, **settings: Any) -> tuple[Press, list[Job]]:
    """Return a press whose first post is out, and the jobs of those that wait."""
    on = paced(**settings)
    jobs = [on.ask(f"Boo {number}!") for number in range(of + 1)]
    on.work()
    assert sent(on) == ["Boo 0!"]
    return on, jobs[1:]


def in_line(on: Press) -> int:
    return on.ports.queue.oldest_waiting().get(ROOM, (0, NOON))[0]


def test_at_each_gap_only_the_post_that_goes_out_is_touched() -> None:
    on, jobs = with_a_line(50, minimum_gap_seconds=20)
    before = [on.publication(job) for job in jobs]
    on.clock.advance(seconds=20)
    assert work_off(on.runtime) < 10
    assert sent(on) == ["Boo 0!", "Boo 1!"]
    assert [on.publication(job) for job in jobs[1:]] == before[1:]
    on.clock.advance(seconds=19)
    assert work_off(on.runtime) == 0


def test_posts_go_out_in_the_order_in_which_they_were_asked_for() -> None:
    on, _ = with_a_line(9, minimum_gap_seconds=20, posts_per_day=4)
    on.finish()
    assert sent(on) == [f"Boo {number}!" for number in range(10)]
    assert on.clock.now() == datetime(2026, 11, 22, 0, 0, 20, tzinfo=UTC)


def test_a_post_that_was_let_go_and_has_to_wait_again_keeps_its_place() -> None:
    on, jobs = with_a_line(3, windows=["12:00-13:00"], posts_per_day=1)
    on.clock.advance(timedelta(days=1))
    on.network.enqueue(RateLimited("Too many.", retry_at=on.clock.now() + timedelta(minutes=5)))
    on.finish()
    assert sent(on) == [f"Boo {number}!" for number in range(4)]
    assert on.publication(jobs[0]).attempts[0].outcome == "refused"


def test_of_two_workers_at_the_same_moment_one_sends_one_post() -> None:
    on, jobs = with_a_line(20, minimum_gap_seconds=20)
    runtimes = [on.fresh() for _ in range(4)]
    on.clock.advance(seconds=20)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work_off, runtimes))
    assert len(sent(on)) == 2
    assert in_line(on) == 19
    on.finish()
    assert len(sent(on)) == 21
    assert {on.job(job).status for job in jobs} == {JobStatus.COMPLETED}


def test_a_post_that_may_be_out_does_not_wait_in_the_line() -> None:
    on = paced(windows=["Fri 12:00-12:01"])
    on.network.enqueue(Lost(arrived=True))
    lost = on.ask("Lost")
    on.work()
    on.clock.advance(minutes=1)
    line = on.ask("In line")
    on.work()
    assert on.publication(lost).state is PublicationState.PUBLISHED
    assert on.publication(line).due_at == NOON + timedelta(days=7)
    assert in_line(on) == 1


def test_a_call_that_is_to_be_repeated_waits_for_a_rate_limit_and_not_in_the_line() -> None:
    clock = ManualClock(NOON)
    network = Repeating(clock, windows=["Fri 12:00-12:01"])
    on = Press(network, clock=clock)
    network.enqueue(Lost(arrived=False))
    on.ask()
    on.work()
    over = NOON + timedelta(minutes=5)
    on.runtime.publishing._channels.limited("main", over, "Too many.")
    on.pass_time(seconds=3)
    assert (sent(on), in_line(on)) == ([], 0)
    on.clock.move_to(over)
    on.work()
    assert sent(on) == ["Boo!"]


def test_whoever_resumes_a_channel_lets_its_line_go_one_after_the_other() -> None:
    on, _ = with_a_line(3, minimum_gap_seconds=3600)
    assert on.runtime.publishing.resume("main") == 3
    on.work()
    assert sent(on) == ["Boo 0!", "Boo 1!"]


def test_a_pause_keeps_the_line_as_it_is() -> None:
    on, jobs = with_a_line(2, minimum_gap_seconds=20)
    on.runtime.publishing._channels.pause("main", "Revoked.")
    on.pass_time(days=1)
    assert len(sent(on)) == 1
    assert [on.publication(job).state for job in jobs] == [PublicationState.SCHEDULED] * 2
    assert on.next_due() is None
    on.runtime.publishing.resume("main")
    on.finish()
    assert len(sent(on)) == 3


def test_a_post_that_is_withdrawn_leaves_the_line_at_once_and_one_that_is_changed_keeps_its_place() -> None:
    on, [first, second, third] = with_a_line(3, minimum_gap_seconds=3600)
    on.runtime.waiting_posts.change(on.publication(first).id, text="Changed")
    on.runtime.waiting_posts.withdraw(on.publication(second).id)
    on.work()
    assert on.job(second).status is JobStatus.FAILED
    assert on.publication(first).due_at == NOON + timedelta(hours=1)
    on.finish()
    assert sent(on) == ["Boo 0!", "Changed", "Boo 3!"]
    assert on.job(third).status is JobStatus.COMPLETED


def test_the_next_moment_at_which_something_happens_is_when_the_channel_opens() -> None:
    on, _ = with_a_line(2, minimum_gap_seconds=3)
    assert on.next_due() == NOON + timedelta(seconds=3)
    worker = Worker(on.runtime)
    assert worker.seconds_until_due([QUEUE]) == 3
    on.clock.advance(seconds=2)
    assert worker.seconds_until_due([QUEUE]) == 1
    on.clock.advance(seconds=1)
    assert worker.seconds_until_due([QUEUE]) == 0
    worker.stop()


def test_the_posts_of_a_channel_whose_settings_are_wrong_do_not_stay_in_line(monkeypatch: pytest.MonkeyPatch) -> None:
    on, _ = with_a_line(3, minimum_gap_seconds=3600)

    def wrong(channel: str) -> None:
        raise ConfigurationError(f"{channel} is wrong.")

    rooms = WaitingRooms(on.runtime)
    monkeypatch.setattr(on.runtime.publishing, "publisher", wrong)
    assert rooms.next_due([QUEUE]) == on.clock.now()
    rooms.let_go([QUEUE], 2)
    assert in_line(on) == 1


def test_a_line_is_late_only_if_its_channel_has_let_nobody_go_for_long_though_it_could() -> None:
    on, _ = with_a_line(3, minimum_gap_seconds=7200)
    on.clock.advance(seconds=7199)
    assert [(one.queue, one.age) for one in waiting(on.runtime)] == [(ROOM, timedelta(0))]
    on.clock.advance(LATE)
    assert [one.is_late for one in waiting(on.runtime)] == [False]
    on.clock.advance(seconds=2)
    assert [(one.age, one.is_served) for one in waiting(on.runtime)] == [(LATE + timedelta(seconds=1), True)]
    on.runtime.publishing._channels.pause("main", "Revoked.")
    assert [one.is_late for one in waiting(on.runtime)] == [False]


def test_a_line_is_not_late_at_the_moment_at_which_its_window_opens() -> None:
    on = paced(windows=["Sun 08:00-20:00"])
    on.ask()
    on.work()
    on.clock.move_to(datetime(2026, 11, 22, 8, 0, 1, tzinfo=UTC))
    assert [one.is_late for one in waiting(on.runtime)] == [False]
    on.clock.advance(LATE)
    assert [one.is_late for one in waiting(on.runtime)] == [True]


# --- places of the day


@pytest.mark.parametrize("end", ["cancelled", "given up", "dead"])
def test_the_place_of_a_post_that_goes_out_on_no_day_is_anothers(end: str) -> None:
    on = paced(posts_per_day=1)
    on.network.at_prepare = lambda: fail(Unavailable("Away."))
    first = on.ask("First")
    on.work()
    second = on.ask("Second")
    on.work()
    assert on.publication(second).due_at == datetime(2026, 11, 21, tzinfo=UTC)
    if end == "cancelled":
        on.runtime.runner.cancel(first.id)
    elif end == "given up":
        on.runtime.waiting_posts.withdraw(on.publication(first).id)
    else:
        defects = [ZeroDivisionError("a defect")]
        on.network.at_prepare = lambda: fail(defects.pop()) if defects else None
        on.pass_time(minutes=1)
        assert on.job(first).status is JobStatus.FAILED
    on.network.at_prepare = lambda: None
    on.pass_time(minutes=30)
    assert sent(on) == ["Second"]
    assert on.clock.now().date() == NOON.date()


def test_the_place_of_a_post_that_may_be_there_stays_its_own() -> None:
    on = paced(posts_per_day=1)
    on.network.enqueue(Lost(arrived=True))
    on.network.enqueue_readings(CannotTell("It cannot be read."))
    first = on.ask("First")
    on.pass_time(seconds=0)
    on.pass_time(minutes=1)
    on.runtime.runner.cancel(first.id)
    assert on.publication(first).state is PublicationState.HELD
    on.ask("Second")
    on.pass_time(hours=1)
    assert len(on.network.calls) == 1


def fail(error: Exception) -> None:
    raise error
