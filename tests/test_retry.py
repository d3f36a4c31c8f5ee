"""When a failed delivery is tried again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pressroom.errors import (
    AccountDisconnected,
    BadInput,
    Conflict,
    Deferred,
    OutcomeUnknown,
    PostRejected,
    RateLimited,
    Unavailable,
)
from pressroom.retry import Dead, Policy, RetryAt, decide

NOW = datetime(2026, 10, 31, 8, 0, tzinfo=UTC)
POLICY = Policy(attempts=6, first_wait=timedelta(seconds=2), longest_wait=timedelta(seconds=20))


def waits(chance: float) -> list[float]:
    decisions = [decide(Unavailable("away"), failures, POLICY, NOW, chance) for failures in range(1, 6)]
    return [(decision.at - NOW).total_seconds() for decision in decisions if isinstance(decision, RetryAt)]


def test_each_wait_is_twice_the_one_before_up_to_the_longest() -> None:
    assert waits(chance=1) == [2, 4, 8, 16, 20]


def test_chance_takes_away_at_most_half_of_a_wait() -> None:
    assert waits(chance=0) == [1, 2, 4, 8, 10]


@given(failures=st.integers(1, 5), chance=st.floats(0, 1))
def test_whatever_the_chance_the_wait_lies_in_the_upper_half(failures: int, chance: float) -> None:
    decision = decide(Conflict("changed"), failures, POLICY, NOW, chance)
    assert isinstance(decision, RetryAt)
    whole = min(timedelta(seconds=2) * 2 ** (failures - 1), timedelta(seconds=20))
    assert whole / 2 <= decision.at - NOW <= whole


def test_after_so_many_failures_it_is_dead() -> None:
    assert decide(Unavailable("away"), 6, POLICY, NOW, 0.5) == Dead("failed 6 times")


@pytest.mark.parametrize(
    "error", [BadInput("no"), PostRejected("no"), AccountDisconnected("no"), OutcomeUnknown("perhaps")]
)
def test_what_trying_again_would_not_mend_is_dead_at_once(error: Exception) -> None:
    assert isinstance(decide(error, 1, POLICY, NOW, 0.5), Dead)


def test_an_unexpected_error_is_dead_at_once() -> None:
    assert decide(KeyError("x"), 1, POLICY, NOW, 0.5) == Dead("an unexpected error, which trying again would not mend")


def test_a_time_that_the_other_side_named_is_waited_for() -> None:
    error = RateLimited("slow down", retry_at=NOW + timedelta(hours=1))
    assert decide(error, 1, POLICY, NOW, 0.5) == RetryAt(NOW + timedelta(hours=1))


def test_a_named_time_does_not_shorten_the_wait() -> None:
    error = RateLimited("slow down", retry_at=NOW)
    assert decide(error, 3, POLICY, NOW, 1) == RetryAt(NOW + timedelta(seconds=8))


def test_what_is_deferred_comes_at_its_time_and_does_not_count() -> None:
    until = NOW + timedelta(days=3)
    assert decide(Deferred(until, "not yet"), 99, POLICY, NOW, 0.5) == RetryAt(until, counts=False)
    in_line = Deferred(until, "not yet", queue="waiting.main")
    assert decide(in_line, 99, POLICY, NOW, 0.5) == RetryAt(until, counts=False, queue="waiting.main")


def test_however_often_it_may_fail_the_wait_is_the_longest() -> None:
    patient = Policy(attempts=10_000, longest_wait=timedelta(minutes=15))
    assert decide(Unavailable("away"), 9_000, patient, NOW, 1) == RetryAt(NOW + timedelta(minutes=15))
