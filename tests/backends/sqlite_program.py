"""What other processes do to a database in the tests: commit until they are killed, or race for the same things."""

from __future__ import annotations

import itertools
import os
import sqlite3
import sys
import threading
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from threading import Barrier

from pressroom.changes import Change, Claim, ScheduleMove
from pressroom.clocks import SystemClock
from pressroom.contracts.samples import (
    NOW,
    a_cost,
    a_delivery,
    a_new_job,
    a_publication,
    a_step,
    an_asset,
    an_event,
)
from pressroom.deliveries import Done
from pressroom.errors import Conflict
from pressroom.ports import Ports
from tests.backends.sqlite_ports import sqlite_ports

LEASE = timedelta(minutes=5)
ROUNDS = 30
TIMES = [NOW + timedelta(days=number) for number in range(ROUNDS)]


def whole_change(name: str) -> Change:
    """Return a change that touches every table, recognisable by its name in each."""
    job_id = f"job_{name}"
    asked = a_new_job(job_id, key=f"key of {name}")
    return asked + Change(
        steps=(a_step(job_id, name),),
        deliveries=(a_delivery(name, job_id=job_id, event=asked.events[0]),),
        publications=(a_publication(f"pub_{name}", job_id=job_id),),
        assets=(an_asset(f"images/{name}.jpg", job_id=job_id),),
        claims=(Claim(name, {}),),
        costs=(a_cost(f"cost_{name}", "0.01", job_id=job_id),),
    )


def work_off(ports: Ports, limit: int = 1) -> list[str]:
    """Claim what is due and settle each with an event and a claim that tell of it; return their names."""
    done = []
    for delivery in ports.queue.claim(["steps"], limit, LEASE):
        worked = an_event(type="StepWorked", subject=delivery.name)
        claim = Claim(f"worked {delivery.name}", {})
        ports.store.commit(Change(events=(worked,), claims=(claim,), settled=Done(delivery)))
        done.append(delivery.name)
    return done


def commit_for_ever(file: Path, life: str) -> None:
    """Commit in three threads and work off in one, saying on standard output what was promised to be there."""
    ports = sqlite_ports(file, SystemClock())

    def say(word: str, name: str) -> None:
        os.write(sys.stdout.fileno(), f"{word} {name}\n".encode())

    def ask(thread: int) -> None:
        for number in itertools.count():
            name = f"{life}x{thread}x{number}"
            ports.store.commit(whole_change(name))
            say("asked", name)

    def work() -> None:
        while True:
            for name in work_off(ports):
                say("worked", name)

    for thread in range(3):
        threading.Thread(target=ask, args=(thread,), daemon=True).start()
    work()


@dataclass
class Won:
    """What one of several racing processes got."""

    worked: list[str] = field(default_factory=list)
    claimed: list[int] = field(default_factory=list)
    moved: list[int] = field(default_factory=list)


def race(file: Path, start: Barrier) -> Won:
    """Race other processes, round by round, for deliveries, keys of the ledger and the moves of one schedule."""
    ports = sqlite_ports(file, SystemClock())
    won = Won()
    for number in range(ROUNDS):
        start.wait()
        won.worked += work_off(ports, limit=2)
        start.wait()
        if ports.ledger.claim(f"key {number}", {"pid": os.getpid()}):
            won.claimed.append(number)
        start.wait()
        move = ScheduleMove("daily_post", TIMES[number - 1] if number else None, TIMES[number])
        try:
            ports.store.commit(Change(events=(an_event(),), schedule=move))
            won.moved.append(number)
        except Conflict:
            continue
    while done := work_off(ports, limit=2):
        won.worked += done
    ports.close()
    return won


def open_new(files: list[Path], start: Barrier) -> list[str]:
    """Open each database at the same moment as others do; return what went wrong."""
    wrong = []
    for file in files:
        start.wait()
        try:
            sqlite_ports(file, SystemClock()).close()
        except sqlite3.Error as error:
            wrong.append(f"{file.name}: {error}")
    return wrong


if __name__ == "__main__":
    commit_for_ever(Path(sys.argv[1]), sys.argv[2])
