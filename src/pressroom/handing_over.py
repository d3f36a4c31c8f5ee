"""Deals with one delivery that was claimed: runs its step, or hands its event to the subscriber; then settles it.

Whoever claims calls this: the embedded worker's threads, and each function on AWS.
"""

from __future__ import annotations

import random

from pressroom.changes import Change
from pressroom.deliveries import Again, Bury, Delivery, Done, Task
from pressroom.errors import BadInput, LeaseLost, NotFound, Unavailable, problem_of
from pressroom.events import Event
from pressroom.log import log
from pressroom.retry import Dead, Policy, decide, of_dead
from pressroom.runtime import Runtime

_POLICY = Policy(attempts=10)


def deal_with(runtime: Runtime, delivery: Delivery) -> bool:
    """Do what the delivery asks for and settle it; say whether it was settled here.

    Raises nothing: a delivery that could not be settled comes back by itself at the end of its lease.
    """
    try:
        if delivery.task is Task.EVENT:
            hand_over(runtime, delivery)
        else:
            runtime.runner.execution.run(delivery)
    except LeaseLost as lost:
        # Somebody else has it now, and nothing that was done here is stored.
        log.warning("lease lost", delivery=delivery.name, job_id=delivery.job_id, why=str(lost))
    except Unavailable as error:
        # A full disk, say: the lease ends by itself, and the delivery comes back.
        log.warning("a delivery could not be settled", delivery=delivery.name, job_id=delivery.job_id, why=str(error))
    except Exception:
        # The lease ends by itself, and the delivery comes back: nothing is lost.
        log.exception("a delivery could not be settled", delivery=delivery.name, job_id=delivery.job_id)
    else:
        return True
    return False


def hand_over(runtime: Runtime, delivery: Delivery) -> None:
    """Hand an event to its subscriber, and settle: done, to be tried again later, or dead."""
    bus, clock = runtime.bus, runtime.ports.clock
    subscription = bus.subscriptions.get(delivery.name)
    lost = delivery.attempt - 1 - delivery.failures
    try:
        if subscription is None or delivery.event is None:
            raise NotFound(
                f"Nothing called {delivery.name} takes events in this process.",
                todo="Do all workers have the same settings and pipelines? Then redrive it.",
            )
        if lost >= _POLICY.lost_workers:
            raise BadInput(
                f"{lost} workers vanished while {delivery.name} handled the event.",
                todo="Look for what ends the process; then redrive it.",
            )
        subscription.handle(delivery.event)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - every failure becomes part of the delivery's record
        problem = problem_of(error, where=f"handler {delivery.name}")
        decision = decide(error, delivery.failures + 1, _POLICY, clock.now(), random.random())
        if not isinstance(decision, Dead):
            bus.commit(Change(settled=Again(delivery, decision.at, problem, decision.counts)))
            return
        problem = of_dead(problem, decision, delivery.id)
        log.error("a handler gave up on an event", handler=delivery.name, why=problem.what)
        died = Event(
            type="DeliveryDied",
            subject=str(delivery.id),
            time=clock.now(),
            data={"queue": delivery.queue, "name": delivery.name, "error": problem.as_dict()},
            job_id=delivery.job_id,
            cause_id=delivery.event.id if delivery.event else None,
        )
        bus.commit(Change(events=(died,), settled=Bury(delivery, problem)))
        return
    bus.commit(Change(settled=Done(delivery)))
