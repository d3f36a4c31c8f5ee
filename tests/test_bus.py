"""An event reaches each of its subscribers, whatever happens to the others."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pressroom.backends.memory import build_memory_ports
from pressroom.bus import EVENTS_QUEUE, Bus, Subscription
from pressroom.changes import Change, JobChange
from pressroom.contracts.samples import a_new_job
from pressroom.deliveries import Done
from pressroom.errors import BadInput, Conflict, Deferred, Unavailable
from pressroom.events import Event
from pressroom.jobs import Job
from pressroom.pipeline import DEFAULT_QUEUE
from pressroom.runtime import Runtime
from pressroom.testing import ManualClock, memory_runtime, work_off
from tests.engine import Calls, a_pipeline

LEASE = timedelta(seconds=60)


def happened(type: str = "PaperArrived", subject: str = "tray", job_id: str | None = None) -> Event:
    return Event(type=type, subject=subject, time=ManualClock().now(), job_id=job_id)


class Desk:
    """A runtime whose subscribers write down what they are handed, and fail as told."""

    def __init__(self) -> None:
        self.clock = ManualClock()
        self.runtime: Runtime = memory_runtime(a_pipeline(*Calls().steps("draw")), clock=self.clock)
        self.seen: dict[str, list[str]] = {}
        self.errors: dict[str, list[BaseException]] = {}

    def subscribe(self, name: str, *types: str, errors: tuple[BaseException, ...] = ()) -> None:
        self.seen[name], self.errors[name] = [], list(errors)

        def handle(event: Event) -> None:
            self.seen[name].append(event.subject)
            if self.errors[name]:
                raise self.errors[name].pop(0)

        self.runtime.bus.subscribe([Subscription(name=name, types=frozenset(types), handle=handle)])

    def happens(self, *events: Event) -> None:
        self.runtime.bus.commit(Change(events=events))

    def work(self, **later: float) -> int:
        self.clock.advance(timedelta(**later))
        return work_off(self.runtime)


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_each_event_is_handed_to_those_who_want_its_type(desk: Desk) -> None:
    desk.subscribe("all")
    desk.subscribe("paper", "PaperArrived", "PaperLeft")
    desk.happens(happened(subject="1"), happened("InkArrived", "2"), happened("PaperLeft", "3"))
    desk.work()
    assert desk.seen == {"all": ["1", "2", "3"], "paper": ["1", "3"]}


def test_a_subscriber_may_look_closer_before_it_is_handed_an_event(desk: Desk) -> None:
    seen: list[str] = []
    desk.runtime.bus.subscribe(
        [
            Subscription(
                name="tray",
                types=frozenset({"PaperArrived"}),
                handle=lambda event: seen.append(event.subject),
                wants=lambda event: event.subject == "tray",
            )
        ]
    )
    desk.happens(happened(), happened(subject="floor"))
    assert desk.work() == 1
    assert seen == ["tray"]


def test_a_subscriber_that_is_added_later_is_handed_what_is_stored_from_then_on(desk: Desk) -> None:
    desk.subscribe("first", "PaperArrived")
    desk.happens(happened(subject="1"))
    desk.subscribe("second", "PaperArrived")
    desk.happens(happened(subject="2"))
    desk.work()
    assert desk.seen == {"first": ["1", "2"], "second": ["2"]}


def test_an_event_and_its_deliveries_are_stored_in_one_commit() -> None:
    ports = build_memory_ports(ManualClock())
    changes: list[Change] = []

    class Store:
        def commit(self, change: Change) -> None:
            changes.append(change)
            ports.store.commit(change)

    Bus(Store(), ports.wake, [Subscription(name="all", types=frozenset(), handle=print)]).commit(
        Change(events=(happened(job_id="job_1"),))
    )
    [change] = changes
    [delivery] = change.deliveries
    assert (delivery.name, delivery.queue, delivery.job_id) == ("all", EVENTS_QUEUE, "job_1")
    assert delivery.event == change.events[0]


def test_a_change_that_is_refused_delivers_nothing_and_wakes_nobody(desk: Desk) -> None:
    desk.subscribe("all")
    listener = desk.runtime.ports.wake.listen()
    after: Job = a_new_job("job_9").jobs[0].after
    with pytest.raises(Conflict):
        desk.runtime.bus.commit(Change(events=(happened(),), jobs=(JobChange(3, after),)))
    assert not listener.wait(0)
    assert desk.work() == 0
    assert desk.runtime.ports.events.last_position() == 0


def test_what_is_put_on_a_queue_wakes_its_workers_and_a_mere_acknowledgement_nobody(desk: Desk) -> None:
    desk.subscribe("all")
    listener = desk.runtime.ports.wake.listen([EVENTS_QUEUE])
    desk.happens(happened())
    assert listener.wait(0)
    [delivery] = desk.runtime.ports.queue.claim([EVENTS_QUEUE], 1, LEASE)
    desk.runtime.bus.commit(Change(settled=Done(delivery)))
    assert not listener.wait(0)
    desk.runtime.bus.wake()
    assert listener.wait(0)


def test_what_merely_happened_wakes_who_follows_everything_and_no_worker(desk: Desk) -> None:
    wake = desk.runtime.ports.wake
    worker, follower = wake.listen([EVENTS_QUEUE]), wake.listen()
    desk.happens(happened())
    assert follower.wait(0)
    assert not worker.wait(0)


def test_a_handler_that_fails_is_tried_again_and_disturbs_no_other(desk: Desk) -> None:
    desk.subscribe("shaky", errors=(Unavailable("Away."), Unavailable("Away.")))
    desk.subscribe("steady")
    desk.happens(happened())
    desk.work()
    assert desk.seen == {"shaky": ["tray"], "steady": ["tray"]}
    desk.work(seconds=5)
    desk.work(seconds=5)
    assert desk.seen == {"shaky": ["tray"] * 3, "steady": ["tray"]}
    assert desk.work(hours=1) == 0


def test_a_handler_that_goes_on_failing_leaves_a_dead_letter_with_its_history(desk: Desk) -> None:
    desk.subscribe("shaky", "PaperArrived", errors=tuple(Unavailable(f"Away {number}.") for number in range(10)))
    desk.happens(happened(job_id="job_1"))
    for _ in range(12):
        desk.work(minutes=16)
    assert len(desk.seen["shaky"]) == 10
    [letter] = desk.runtime.ports.dead_letters.find()
    assert (letter.name, letter.queue, letter.attempts) == ("shaky", EVENTS_QUEUE, 10)
    assert [entry["what"] for entry in letter.history] == [f"Away {number}." for number in range(10)]
    [died] = desk.runtime.ports.events.latest(types=["DeliveryDied"])
    assert (died.subject, died.job_id) == (str(letter.id), "job_1")


@pytest.mark.parametrize("error", [BadInput("No such receiver."), KeyError("url"), SystemExit(2)], ids=repr)
def test_a_handler_that_fails_for_good_leaves_a_dead_letter_at_once(desk: Desk, error: BaseException) -> None:
    desk.subscribe("broken", "PaperArrived", errors=(error,))
    desk.happens(happened())
    desk.work(hours=1)
    assert len(desk.seen["broken"]) == 1
    assert len(desk.runtime.ports.dead_letters.find()) == 1


def test_the_death_of_its_own_delivery_is_told_to_everybody_but_the_subscriber_itself(desk: Desk) -> None:
    desk.subscribe("broken", errors=tuple(BadInput("No such receiver.") for _ in range(5)))
    desk.subscribe("steady", "DeliveryDied")
    desk.happens(happened())
    desk.work()
    [letter] = desk.runtime.ports.dead_letters.find()
    assert desk.seen == {"broken": ["tray"], "steady": [str(letter.id)]}


def test_the_death_of_a_step_of_the_same_name_is_told(desk: Desk) -> None:
    desk.subscribe("notify", "DeliveryDied")
    died = Event(
        type="DeliveryDied", subject="7", time=desk.clock.now(), data={"queue": DEFAULT_QUEUE, "name": "notify"}
    )
    desk.happens(died)
    desk.work()
    assert desk.seen == {"notify": ["7"]}


def test_a_dead_letter_of_a_handler_can_be_redriven(desk: Desk) -> None:
    desk.subscribe("broken", "PaperArrived", errors=(BadInput("No such receiver."),))
    desk.happens(happened())
    desk.work()
    [letter] = desk.runtime.ports.dead_letters.find()
    desk.runtime.runner.redrive(letter.id)
    desk.work()
    assert desk.seen["broken"] == ["tray", "tray"]
    assert desk.runtime.ports.dead_letters.find() == []
    [redriven] = desk.runtime.ports.events.latest(types=["DeliveryRedriven"])
    assert redriven.data["name"] == "broken"


def test_a_handler_that_waits_is_not_counted_as_failing(desk: Desk) -> None:
    until = desk.clock.now() + timedelta(hours=1)
    desk.subscribe("waiting", errors=tuple(Deferred(until, "Not yet.") for _ in range(20)))
    desk.happens(happened())
    for _ in range(21):
        desk.work(hours=1)
    assert len(desk.seen["waiting"]) == 21
    assert desk.runtime.ports.dead_letters.find() == []


def test_a_delivery_for_a_subscriber_that_is_gone_is_settled(desk: Desk) -> None:
    desk.subscribe("gone")
    desk.happens(happened())
    del desk.runtime.bus.subscriptions["gone"]
    assert desk.work() == 1
    assert desk.work(hours=1) == 0
