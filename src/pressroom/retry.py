"""Decides whether and when a failed delivery is tried again. Carrying it out is the backend's."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from pressroom.errors import Deferred, PressroomError, Problem, Unavailable

_DOUBLINGS = 20
"""More of them make no time that anybody waits for, and soon none that a timedelta can hold."""
_PROMISE = re.compile(
    r"; it is (?:made anew and )?tried again[^.;]*|\bIt is (?:made anew and )?tried again[^.;]*(?:[.;]|$)"
)
"""What an error says of the next attempt; whoever raises it does not know that there is none."""


@dataclass(frozen=True, slots=True)
class Policy:
    """How often and how patiently a step is tried."""

    attempts: int = 6
    """Failures after which it is dead."""
    first_wait: timedelta = timedelta(seconds=2)
    longest_wait: timedelta = timedelta(minutes=15)
    lost_workers: int = 25
    """Workers that may vanish while holding it before it is taken for poison."""


@dataclass(frozen=True, slots=True)
class RetryAt:
    at: datetime
    counts: bool = True
    """Whether it counts as a failure; waiting for a rate limit does not."""
    queue: str = ""
    """On which it waits until then; empty for its own."""


@dataclass(frozen=True, slots=True)
class Dead:
    reason: str
    failures: int = 0
    """How often it failed in a way that might have passed; 0 for what trying again would not mend."""


def decide(error: BaseException, failures: int, policy: Policy, now: datetime, chance: float) -> RetryAt | Dead:
    """Say what happens to a delivery that failed for the `failures`-th time.

    `chance` in 0..1 is the jitter: the wait is drawn from the upper half of the exponential step, so that
    many that failed together do not come back together.
    """
    if isinstance(error, Deferred):
        return RetryAt(error.until, counts=False, queue=error.queue)
    if not isinstance(error, PressroomError | MemoryError):  # what runs beside it may need less memory by then
        return Dead("an unexpected error, which trying again would not mend")
    if isinstance(error, PressroomError) and not error.retryable:
        return Dead("an error that trying again would not mend")
    if failures >= policy.attempts:
        return Dead(f"failed {failures} times", failures)
    wait = doubled(policy.first_wait, failures - 1, policy.longest_wait)
    at = now + wait * (0.5 + chance / 2)
    if isinstance(error, Unavailable) and error.retry_at is not None:
        at = max(at, error.retry_at)
    return RetryAt(at)


def doubled(first: timedelta, times: int, longest: timedelta) -> timedelta:
    """Return a wait that was doubled so many times, at most the longest; also where the product would be no time."""
    return min(min(first, longest) * (1 << min(times, _DOUBLINGS)), longest)


def promising_nothing(problem: Problem) -> Problem:
    """Return a problem of something that nobody tries again by itself."""
    left = " ".join(_PROMISE.sub("", problem.todo).split())
    return replace(problem, todo=left[:1].upper() + left[1:])


def of_dead(problem: Problem, dead: Dead, dead_id: int) -> Problem:
    """Return a problem as it stands with its dead letter: what is left to do, not that it is done by itself."""
    left = promising_nothing(problem)
    if not dead.failures:
        return left
    times = "once" if dead.failures == 1 else f"{dead.failures} times"
    now = f"It failed {times} and is not tried any more: `pressroom dead redrive {dead_id}` tries it anew."
    return replace(left, todo=f"{left.todo} {now}".strip())
