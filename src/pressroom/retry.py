"""Decides whether and when a failed delivery is tried again. Carrying it out is the backend's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from pressroom.errors import Deferred, PressroomError, Unavailable

_DOUBLINGS = 20
"""More of them make no time that anybody waits for, and soon none that a timedelta can hold."""


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


def decide(error: BaseException, failures: int, policy: Policy, now: datetime, chance: float) -> RetryAt | Dead:
    """Say what happens to a delivery that failed for the `failures`-th time.

    `chance` in 0..1 is the jitter: the wait is drawn from the upper half of the exponential step, so that
    many that failed together do not come back together.
    """
    if isinstance(error, Deferred):
        return RetryAt(error.until, counts=False, queue=error.queue)
    if not isinstance(error, PressroomError):
        return Dead("an unexpected error, which trying again would not mend")
    if not error.retryable:
        return Dead("an error that trying again would not mend")
    if failures >= policy.attempts:
        return Dead(f"failed {failures} times")
    wait = doubled(policy.first_wait, failures - 1, policy.longest_wait)
    at = now + wait * (0.5 + chance / 2)
    if isinstance(error, Unavailable) and error.retry_at is not None:
        at = max(at, error.retry_at)
    return RetryAt(at)


def doubled(first: timedelta, times: int, longest: timedelta) -> timedelta:
    """Return a wait that was doubled so many times, at most the longest; also where the product would be no time."""
    return min(min(first, longest) * (1 << min(times, _DOUBLINGS)), longest)
