"""Each error of a publisher has one advice, and each is followed: wait, pause, hold, reject or look."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from pressroom.errors import AccountDisconnected, OutcomeUnknown, OutOfCredit, PostRejected, RateLimited, Unavailable
from pressroom.jobs import JobStatus
from pressroom.publications import Post, PublicationState, Receipt
from pressroom.testing import Lost, ManualClock, work_off
from tests.press import Network, Press, sent

SECOND = timedelta(seconds=1)


# --- rate limits


def test_a_rate_limit_that_says_until_when_is_waited_for_without_counting_as_a_failure() -> None:
    press = Press()
    until = press.clock.now() + 700 * SECOND
    press.network.enqueue(RateLimited("Slow down.", retry_at=until))
    job = press.ask()
    press.work()
    assert press.publication(job).due_at == until
    assert press.next_due() == until
    press.pass_time(seconds=699)
    assert sent(press) == []
    press.pass_time(seconds=1)
    assert sent(press) == ["Boo!"]
    assert press.events(job, "StepFailed") == []


def test_a_rate_limit_that_does_not_say_until_when_is_waited_for_a_quarter_of_an_hour() -> None:
    press = Press()
    press.network.enqueue(RateLimited("Slow down."))
    job = press.ask()
    press.work()
    assert press.publication(job).due_at == press.clock.now() + timedelta(minutes=15)
    press.finish()
    assert sent(press) == ["Boo!"]


def test_a_rate_limit_holds_back_every_other_post_of_the_channel() -> None:
    press = Press()
    press.network.enqueue(RateLimited("Slow down.", retry_at=press.clock.now() + 60 * SECOND))
    press.ask("first")
    press.work()
    press.ask("second")
    press.work()
    assert len(press.network.calls) == 1
    press.pass_time(seconds=60)
    assert sorted(sent(press)) == ["first", "second"]


def test_more_rate_limits_than_a_step_has_tries_do_not_lose_the_post() -> None:
    press = Press()
    press.network.enqueue(*[RateLimited("Slow down.")] * 30)
    job = press.ask()
    press.finish()
    assert sent(press) == ["Boo!"]
    assert press.job(job).status is JobStatus.COMPLETED


def test_a_post_that_used_up_the_rate_limit_keeps_the_next_one_back_until_it_ends() -> None:
    ends_at = (clock := ManualClock()).now() + timedelta(minutes=14)

    class Exhausted(Network):
        def publish(self, post: Post, prepared: dict[str, Any]) -> Receipt:
            return replace(super().publish(post, prepared), limit_ends_at=ends_at if not self.posts[1:] else None)

    press = Press(Exhausted(clock), clock=clock)
    first = press.ask("first")
    press.work()
    second = press.ask("second")
    press.work()
    assert press.job(first).status is JobStatus.COMPLETED
    receipt = press.publication(first).receipt
    assert receipt is not None
    assert receipt.limit_ends_at is None
    assert press.publication(second).due_at == ends_at
    assert len(press.network.calls) == 1
    press.finish()
    assert sent(press) == ["first", "second"]
    assert press.ports.channel_states.get("main").closed_until is None


# --- a network that is down


def test_a_network_that_is_down_is_tried_again_later_and_each_failure_is_told() -> None:
    press = Press()
    press.network.enqueue(Unavailable("Overloaded."), Unavailable("Overloaded."))
    job = press.ask()
    press.finish()
    assert sent(press) == ["Boo!"]
    assert press.events(job, "StepFailed") == ["StepFailed", "StepFailed"]
    assert press.outcomes(job) == ["refused", "refused", "published"]
    assert press.network.looks == 0


def test_a_post_that_finds_its_network_down_for_good_is_dead_with_its_reason_and_can_be_redriven() -> None:
    press = Press()
    press.network.enqueue(*[Unavailable("Overloaded.")] * 12)
    job = press.ask()
    press.finish()
    error = press.job(job).error
    assert press.job(job).status is JobStatus.FAILED
    assert error is not None
    assert error.what == "Overloaded."
    assert len(press.network.calls) == 12
    press.runtime.runner.retry(job.id)
    press.finish()
    assert sent(press) == ["Boo!"]
    assert press.job(job).status is JobStatus.COMPLETED


def test_the_breaker_opens_after_so_many_failures_on_whichever_posts() -> None:
    press = Press(Network(clock := ManualClock(), failures_before_break=3, break_seconds=300), clock=clock)
    press.network.enqueue(*[Unavailable("Overloaded.")] * 3)
    for number in range(3):
        press.ask(f"post {number}")
    press.work()
    assert len(press.network.calls) == 3
    closed_until = press.ports.channel_states.get("main").closed_until
    assert closed_until == press.clock.now() + timedelta(seconds=300)
    late = press.ask("late")
    press.pass_time(seconds=299)
    assert len(press.network.calls) == 3
    problem = press.publication(late).problem
    assert problem is not None
    assert problem.what == "main waits: Overloaded."
    assert press.publication(late).due_at == closed_until


def test_calls_without_an_answer_open_the_breaker_too_and_a_post_that_is_found_closes_it() -> None:
    press = Press(Network(clock := ManualClock(), failures_before_break=2, break_seconds=300), clock=clock)
    press.network.enqueue(Lost(arrived=True), Lost(arrived=True))
    for number in range(2):
        press.ask(f"post {number}")
    press.work()
    assert press.ports.channel_states.get("main").failures == 2
    assert press.ports.channel_states.get("main").closed_until == press.clock.now() + timedelta(seconds=300)
    press.pass_time(seconds=2)
    assert press.ports.channel_states.get("main").failures == 0
    assert press.ports.channel_states.get("main").closed_until is None


def test_after_the_break_one_post_is_the_probe_and_the_others_wait_for_what_becomes_of_it() -> None:
    press = Press(Network(clock := ManualClock(), failures_before_break=1, break_seconds=300), clock=clock)
    press.network.enqueue(Unavailable("Overloaded."), Unavailable("Overloaded."))
    for number in range(4):
        press.ask(f"post {number}")
    press.work()
    press.pass_time(seconds=300)
    assert len(press.network.calls) == 2
    # The probe failed, so the next break is twice as long.
    assert press.ports.channel_states.get("main").closed_until == press.clock.now() + timedelta(seconds=600)


def test_the_others_wait_also_while_the_probe_is_still_under_way() -> None:
    press = Press(Network(clock := ManualClock(), failures_before_break=1, break_seconds=300), clock=clock)
    press.network.enqueue(Unavailable("Overloaded."))
    for number in range(3):
        press.ask(f"post {number}")
    press.work()
    press.clock.advance(seconds=300)
    calls_within: list[int] = []

    def let_another_worker_work() -> None:
        press.network.at_publish = lambda: calls_within.append(1)
        press.work()
        press.network.at_publish = lambda: None

    press.network.at_publish = let_another_worker_work
    press.work()
    assert calls_within == []


def test_a_probe_that_goes_well_closes_the_breaker() -> None:
    press = Press(Network(clock := ManualClock(), failures_before_break=1, break_seconds=300), clock=clock)
    press.network.enqueue(Unavailable("Overloaded."))
    for number in range(4):
        press.ask(f"post {number}")
    press.finish()
    state = press.ports.channel_states.get("main")
    assert len(press.network.posts) == 4
    assert (state.failures, state.closed_until, state.why) == (0, None, "")


def test_one_network_that_is_down_does_not_delay_another() -> None:
    clock = ManualClock()
    down, up = Network(clock, "down", failures_before_break=1), Network(clock, "up")
    press = Press(down, up, clock=clock)
    down.enqueue(*[Unavailable("Overloaded.")] * 3)
    job = press.ask()
    press.work()
    assert (len(down.posts), len(up.posts)) == (0, 1)
    press.finish()
    assert (len(down.posts), len(up.posts)) == (1, 1)
    assert press.job(job).status is JobStatus.COMPLETED


# --- an account that no longer works


@pytest.mark.parametrize("error", [AccountDisconnected, OutOfCredit])
def test_an_account_that_no_longer_works_pauses_the_channel_and_holds_the_post(
    error: type[AccountDisconnected | OutOfCredit],
) -> None:
    press = Press()
    press.network.enqueue(error("The account was closed.", todo="Open it again."))
    job = press.ask()
    press.finish()
    publication = press.publication(job)
    assert press.ports.channel_states.get("main").paused == "The account was closed."
    assert press.job(job).status is JobStatus.HELD
    assert publication.state is PublicationState.HELD
    assert publication.open_attempt is None
    assert publication.problem is not None
    assert publication.problem.what == "The account was closed, and the post was not sent."
    assert publication.problem.todo == "Open it again; then `pressroom channels resume main`."
    assert press.events(job, "PostHeld") == ["PostHeld"]
    announced = [event.data for event in press.ports.events.latest(types=["ChannelPaused"])]
    assert announced == [{"channel": "main", "why": "The account was closed."}]


def test_a_publisher_that_says_to_resume_the_channel_itself_is_given_the_command_once() -> None:
    press = Press()
    press.network.enqueue(AccountDisconnected("The account was closed.", todo="Open it, then resume the channel."))
    job = press.ask()
    press.finish()
    problem = press.publication(job).problem
    assert problem is not None
    assert problem.todo == "Open it, then `pressroom channels resume main`."


def test_a_paused_channel_holds_the_other_posts_without_a_call_and_resume_lets_all_go_on() -> None:
    press = Press()
    press.network.enqueue(AccountDisconnected("The token was revoked."))
    jobs = [press.ask("first")]
    press.finish()
    jobs += [press.ask("second"), press.ask("third")]
    press.finish()
    assert len(press.network.calls) == 1
    problem = press.publication(jobs[1]).problem
    assert problem is not None
    assert problem.what == "The channel main is paused: The token was revoked."
    assert "pressroom channels resume main" in problem.todo
    assert [press.job(job).status for job in jobs] == [JobStatus.HELD] * 3
    assert press.runtime.publishing.resume("main") == 3
    press.finish()
    assert sorted(sent(press)) == ["first", "second", "third"]
    assert [press.job(job).status for job in jobs] == [JobStatus.COMPLETED] * 3
    assert press.runtime.publishing.held() == []


def test_a_post_whose_attempt_is_open_is_looked_for_and_not_sent_when_the_channel_goes_on() -> None:
    press = Press()
    press.network.enqueue(Lost(arrived=True))
    press.network.enqueue_readings(AccountDisconnected("The token was revoked."))
    job = press.ask()
    press.finish()
    publication = press.publication(job)
    assert publication.problem is not None
    assert "it is not known whether the post is there" in publication.problem.what
    press.runtime.publishing.resume("main")
    assert press.publication(job).state is PublicationState.PUBLISHING
    press.finish()
    assert len(press.network.calls) == 1
    assert press.publication(job).state is PublicationState.PUBLISHED


def test_a_pause_that_ends_while_a_post_is_being_held_for_it_holds_nobody() -> None:
    press = Press()
    press.network.enqueue(AccountDisconnected("The token was revoked."))
    press.ask("first")
    press.finish()
    second = press.ask("second")
    commit = press.ports.store.commit

    class Unlucky:
        def commit(self, change):  # type: ignore[no-untyped-def]
            if any(event.type == "PostHeld" for event in change.events):
                press.runtime.publishing.resume("main")
            commit(change)

    work_off(press.fresh(store=Unlucky()))
    press.finish()
    assert press.events(second, "PostHeld") == ["PostHeld"]
    assert press.job(second).status is JobStatus.COMPLETED
    assert sorted(sent(press)) == ["first", "second"]


# --- what preparation meets


@pytest.mark.parametrize("error", [Unavailable("Busy."), OutcomeUnknown("The upload had no answer.")])
def test_a_preparation_that_fails_is_done_again_and_leaves_no_attempt(error: Exception) -> None:
    press = Press()
    errors = [error]

    def fail_once() -> None:
        if errors:
            raise errors.pop()

    press.network.at_prepare = fail_once
    job = press.ask()
    press.work()
    assert press.publication(job).attempts == ()
    assert press.publication(job).state is PublicationState.SCHEDULED
    press.finish()
    assert press.outcomes(job) == ["published"]
    assert press.network.looks == 0


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (AccountDisconnected("Revoked."), PublicationState.HELD),
        (PostRejected("The picture is too large."), PublicationState.REJECTED),
        (RateLimited("Wait."), PublicationState.SCHEDULED),
    ],
)
def test_what_preparation_is_told_is_followed_as_if_the_post_had_been_told(
    error: Exception, state: PublicationState
) -> None:
    press = Press()

    def fail() -> None:
        raise error

    press.network.at_prepare = fail
    job = press.ask()
    press.work()
    assert press.publication(job).state is state
    assert press.network.calls == []
    assert press.publication(job).attempts == ()


# --- pace


def test_posts_keep_the_gap_that_the_channel_asks_for() -> None:
    press = Press(Network(clock := ManualClock(), minimum_gap_seconds=600), clock=clock)
    times = []
    press.network.at_publish = lambda: times.append(press.clock.now())
    for number in range(3):
        press.ask(f"post {number}")
    press.finish()
    gaps = [later - earlier for earlier, later in itertools.pairwise(times)]
    assert gaps == [timedelta(seconds=600)] * 2
