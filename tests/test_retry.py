"""When a failed delivery is tried again."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import pressroom
from pressroom.errors import (
    AccountDisconnected,
    BadInput,
    Conflict,
    Deferred,
    OutcomeUnknown,
    PostRejected,
    Problem,
    RateLimited,
    Unavailable,
)
from pressroom.retry import Dead, Policy, RetryAt, decide, of_dead, promising_nothing

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
    assert decide(Unavailable("away"), 6, POLICY, NOW, 0.5) == Dead("failed 6 times", failures=6)


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


# --- what is said of what is dead


@pytest.mark.parametrize(
    ("todo", "left"),
    [
        ("It is tried again later.", ""),
        ("It is tried again. If it goes on: check the network.", "If it goes on: check the network."),
        ("Is token_url right? It is tried again later.", "Is token_url right?"),
        ("Mend its rights, or the disk; it is tried again by itself.", "Mend its rights, or the disk."),
        ("It is tried again with a new container; look at the pictures.", "Look at the pictures."),
        ("Choose another voice.", "Choose another voice."),
    ],
)
def test_what_is_dead_promises_no_other_attempt_and_keeps_the_rest(todo: str, left: str) -> None:
    problem = Problem("Away.", "step draw", todo, "Unavailable", "503")
    assert promising_nothing(problem) == Problem("Away.", "step draw", left, "Unavailable", "503")


def test_what_was_tried_as_often_as_it_may_be_says_what_tries_it_anew() -> None:
    dead = decide(Unavailable("away"), 6, POLICY, NOW, 1)
    assert isinstance(dead, Dead)
    problem = of_dead(Problem("Away.", todo="Is it on? It is tried again later."), dead, 12)
    now = "It failed 6 times and is not tried any more: `pressroom dead redrive 12` tries it anew."
    assert problem.todo == f"Is it on? {now}"


def test_what_trying_again_would_not_mend_only_says_what_does() -> None:
    dead = decide(BadInput("Torn."), 1, POLICY, NOW, 1)
    assert isinstance(dead, Dead)
    assert of_dead(Problem("Torn.", todo="Save it again."), dead, 12).todo == "Save it again."


def every_promise() -> Iterator[str]:
    """Return what is said of another attempt, anywhere in Pressroom."""
    for path in sorted(Path(pressroom.__file__).parent.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        texts = [one.value for one in ast.walk(tree) if isinstance(one, ast.Constant) and isinstance(one.value, str)]
        yield from (text for text in texts if re.search(r"\b[Ii]t is [a-z ]*tried again", text))


def test_every_promise_that_an_error_makes_is_known() -> None:
    promises = set(every_promise())
    assert len(promises) > 10
    assert [text for text in promises if "tried again" in promising_nothing(Problem("Away.", todo=text)).todo] == []
