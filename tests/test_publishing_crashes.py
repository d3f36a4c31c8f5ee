"""The process is killed at every single point of a publication: before and after each thing that is stored or sent."""

from __future__ import annotations

import contextlib
import sys
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pressroom.errors import AccountDisconnected, OutOfCredit, PostRejected, RateLimited, Unavailable
from pressroom.jobs import JobStatus
from pressroom.publications import PublicationState
from pressroom.publishers.base import CannotTell
from pressroom.testing import Lost, ManualClock
from tests.press import Network, Press

LEASE_SECONDS = 60
DURABLE = {
    "store": ("commit",),
    "ledger": ("claim",),
    "costs": ("reserve", "settle"),
    "channel_states": ("put",),
    "queue": ("claim", "hasten"),
}
"""The calls of ports that change something."""
CALLS = ("prepare", "publish", "reconcile")


class Killed(BaseException):
    """`kill -9`: nothing of the program runs after it."""


@dataclass
class Reaper:
    """Counts the moments at which something takes effect, and kills at some of them."""

    before: frozenset[int] = frozenset()
    after: frozenset[int] = frozenset()
    moment: int = 0

    def wrap(self, thing: Any, names: tuple[str, ...]) -> Any:
        """Return the thing with these methods being moments."""
        return _Mortal(self, thing, names)

    def at(self, call: Any, *arguments: Any, **named: Any) -> Any:
        self.moment += 1
        moment = self.moment
        if moment in self.before:
            raise Killed
        try:
            return call(*arguments, **named)
        finally:
            if moment in self.after:
                raise Killed


class _Mortal:
    def __init__(self, reaper: Reaper, thing: Any, names: tuple[str, ...]) -> None:
        self._reaper, self._thing, self._names = reaper, thing, names

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._thing, name)
        if name not in self._names:
            return found
        return lambda *arguments, **named: self._reaper.at(found, *arguments, **named)


class MortalNetwork(Network):
    reaper = Reaper()

    def price(self, post: Any) -> Decimal:
        return Decimal("0.015")

    def prepare(self, *arguments: Any) -> Any:
        return self.reaper.at(super().prepare, *arguments)

    def publish(self, *arguments: Any) -> Any:
        return self.reaper.at(super().publish, *arguments)

    def reconcile(self, *arguments: Any) -> Any:
        return self.reaper.at(super().reconcile, *arguments)


class MortalPress(Press):
    """Works on after each kill as a new process would, once the killed one's lease is over."""

    def __init__(self, reaper: Reaper, **settings: Any) -> None:
        clock = ManualClock()
        network = MortalNetwork(clock)
        super().__init__(network, clock=clock, pipeline={"budget_per_job": 0.015}, **settings)
        network.reaper = self.reaper = reaper
        self.kills = 0

    def fresh(self, **ports: Any) -> Any:
        reaper = getattr(self, "reaper", None)
        if reaper is not None:
            ports = {port: reaper.wrap(getattr(self.ports, port), names) for port, names in DURABLE.items()}
        return super().fresh(**ports)

    def work(self) -> None:
        while True:
            self.runtime = self.fresh()
            try:
                return super().work()
            except Killed:
                self.kills += 1
                self.clock.advance(seconds=LEASE_SECONDS + 1)

    def resume(self) -> None:
        """Say that the account is mended, again if the command was killed."""
        while True:
            self.runtime = self.fresh()
            try:
                self.runtime.publishing.resume("main")
            except Killed:
                self.kills += 1
            else:
                return


ERRORS = {
    "goes well": (),
    "no answer, and it is there": (Lost(arrived=True),),
    "no answer, and it is not there": (Lost(arrived=False),),
    "unavailable": (Unavailable("Busy."),),
    "rate limited": (RateLimited("Slow down."),),
    "disconnected": (AccountDisconnected("The token was revoked."),),
    "out of credit": (OutOfCredit("No credit left."),),
    "all of it": (Unavailable("Busy."), Lost(arrived=False), RateLimited("Wait."), Lost(arrived=True)),
}


def killing(where: str, moment: int) -> Reaper:
    """Return who kills at one moment, `before` or `after` it took effect."""
    moments = frozenset({moment})
    return Reaper(before=moments) if where == "before" else Reaper(after=moments)


def run(press: MortalPress, outcomes: Any) -> None:
    press.network.enqueue(*outcomes)
    job = press.ask()
    while True:
        press.finish()
        if not press.ports.channel_states.get("main").paused and not press.runtime.publishing.held():
            break
        press.resume()
    publication = press.publication(job)
    story = f"moment {press.reaper}: {press.events(job)} {publication.attempts} {publication.problem}"
    assert len(press.network.posts) == 1, story
    assert press.job(job).status is JobStatus.COMPLETED, story
    assert publication.state is PublicationState.PUBLISHED, story
    assert publication.receipt is not None
    assert publication.receipt.remote_id == "1"
    assert [attempt.outcome for attempt in publication.attempts].count("published") == 1, story
    costs = press.ports.costs.of_job(job.id)
    assert [(cost.unit, str(cost.money)) for cost in costs] == [("posts", "0.015")], story


def moments(outcomes: Any) -> int:
    press = MortalPress(Reaper())
    run(press, outcomes)
    return press.reaper.moment


@pytest.mark.parametrize("outcomes", ERRORS.values(), ids=ERRORS)
def test_a_kill_at_any_point_leaves_exactly_one_post_and_a_job_that_completes(outcomes: Any) -> None:
    last = moments(outcomes)
    assert last >= 14
    killed = 0
    for moment in range(1, last + 1):
        for where in ("before", "after"):
            press = MortalPress(killing(where, moment))
            run(press, outcomes)
            killed += press.kills
    assert killed > 1.5 * last  # a kill may make a later moment the last one


@given(
    outcomes=st.lists(st.sampled_from([error for errors in ERRORS.values() for error in errors]), max_size=5),
    before=st.frozensets(st.integers(1, 60), max_size=4),
    after=st.frozensets(st.integers(1, 60), max_size=4),
)
def test_several_kills_in_a_row_change_nothing_about_that(
    outcomes: list[Any], before: frozenset[int], after: frozenset[int]
) -> None:
    run(MortalPress(Reaper(before, after)), outcomes)


@pytest.mark.parametrize("moment", range(1, 30))
@pytest.mark.parametrize("where", ["before", "after"])
def test_a_kill_does_not_make_a_rejected_post_public_or_its_job_hang(moment: int, where: str) -> None:
    press = MortalPress(killing(where, moment))
    press.network.enqueue(*[PostRejected("Mind your words.")] * 3)
    job = press.ask()
    press.finish()
    killed_while_sending = press.outcomes(job) == ["absent", "refused"]
    assert press.network.posts == []
    assert press.job(job).status is (JobStatus.HELD if killed_while_sending else JobStatus.FAILED)


@pytest.mark.parametrize("moment", range(1, 40))
@pytest.mark.parametrize("where", ["before", "after"])
def test_a_kill_never_turns_what_nobody_can_tell_into_a_second_post(moment: int, where: str) -> None:
    press = MortalPress(killing(where, moment))
    press.network.enqueue(Lost(arrived=True))
    press.network.enqueue_readings(*[CannotTell("Two posts look alike.")] * 3)
    job = press.ask()
    press.finish()
    publication = press.publication(job)
    was_called = bool(press.network.calls)
    assert len(press.network.posts) == was_called
    if publication.state is PublicationState.HELD:
        assert press.job(job).status is JobStatus.HELD
        assert publication.open_attempt is not None
        assert publication.problem is not None
        assert "Two posts look alike." in publication.problem.what
    else:
        assert press.kills
        assert publication.state is PublicationState.PUBLISHED


# --- what is cut off in another way than by a kill


class Refusing:
    """A port that fails once, in a way that is none of ours, as soon as a call of it is to be refused."""

    def __init__(self, port: Any, method: str, refuses: Any, error: BaseException) -> None:
        self._port, self._method, self._refuses, self._errors = port, method, refuses, [error]

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._port, name)
        if name != self._method:
            return found

        def call(*arguments: Any) -> Any:
            if self._errors and self._refuses(*arguments):
                raise self._errors.pop()
            return found(*arguments)

        return call


def tells(type_: str) -> Any:
    return lambda change: any(event.type == type_ for event in change.events)


@pytest.mark.parametrize("error", [OSError("database is locked"), SystemExit(1), Unavailable("The disk is full.")])
def test_a_receipt_that_could_not_be_stored_is_found_again(error: BaseException) -> None:
    press = Press()
    press.runtime = press.fresh(store=Refusing(press.ports.store, "commit", tells("PostPublished"), error))
    job = press.ask()
    press.work()
    assert press.publication(job).state is PublicationState.PUBLISHING
    assert press.publication(job).problem is not None
    assert press.events(job, "StepFailed") == []
    press.finish()
    assert press.job(job).status is JobStatus.COMPLETED
    assert press.outcomes(job) == ["published"]
    assert len(press.network.calls) == 1


@pytest.mark.parametrize("error", [OSError("disk I/O error"), SystemExit(1)])
def test_whatever_interrupts_looking_for_a_post_it_is_looked_for_again(error: BaseException) -> None:
    press = Press()
    press.network.enqueue(Lost(arrived=True))
    errors = [error]

    def fail_once() -> None:
        if errors:
            raise errors.pop()

    press.network.at_reconcile = fail_once
    job = press.ask()
    press.finish()
    assert press.job(job).status is JobStatus.COMPLETED
    assert len(press.network.calls) == 1


def test_a_publisher_that_ends_the_program_in_its_call_has_perhaps_sent_the_post() -> None:
    press = Press()
    press.network.at_publish = lambda: sys.exit("out of memory")
    job = press.ask()
    press.work()
    assert press.publication(job).state is PublicationState.PUBLISHING
    press.network.at_publish = lambda: None
    press.finish()
    assert press.outcomes(job) == ["absent", "published"]


def test_an_interruption_that_cannot_be_stored_either_is_waited_out() -> None:
    press = Press()
    lock = Refusing(press.ports.store, "commit", tells("PostPublished"), OSError("locked"))
    waits = Refusing(lock, "commit", lambda change: any(one.due_at for one in change.publications), OSError("locked"))
    press.runtime = press.fresh(store=waits)
    job = press.ask()
    press.work()
    assert press.publication(job).problem is None
    assert press.publication(job).state is PublicationState.PUBLISHING
    press.finish()
    assert press.job(job).status is JobStatus.COMPLETED
    assert len(press.network.calls) == 1


def test_what_interrupts_a_post_for_more_than_a_day_is_given_to_a_person() -> None:
    press = Press()
    press.network.enqueue(Lost(arrived=True))
    job = press.ask()
    press.work()

    class Locked:
        def __getattr__(self, name: str) -> Any:
            return getattr(press.ports.ledger, name)

        def claim(self, *arguments: Any) -> Any:
            raise OSError("database is locked")

    press.runtime = press.fresh(ledger=Locked())
    press.finish()
    problem = press.publication(job).problem
    assert press.publication(job).state is PublicationState.HELD
    assert problem is not None
    assert "OSError" in problem.what
    assert press.job(job).status is JobStatus.HELD


def test_an_unforeseen_error_before_the_attempt_still_fails_the_job() -> None:
    press = Press()
    press.network.at_prepare = lambda: sys.exit(1)
    job = press.ask()
    press.finish()
    assert press.job(job).status is JobStatus.FAILED
    assert press.publication(job).attempts == ()


def test_a_post_that_every_worker_vanishes_over_is_given_to_a_person_and_not_buried() -> None:
    press = Press()
    press.network.enqueue(Lost(arrived=True))
    job = press.ask()
    press.work()

    def die() -> None:
        raise Killed

    press.network.at_reconcile = die
    for _ in range(60):
        press.clock.advance(seconds=LEASE_SECONDS + 1)
        with contextlib.suppress(Killed):
            press.work()
    assert press.ports.dead_letters.find(job_id=job.id) == []
    problem = press.publication(job).problem
    assert press.publication(job).state is PublicationState.HELD
    assert press.job(job).status is JobStatus.HELD
    assert problem is not None
    assert "39 times what looked for it ended" in problem.what
