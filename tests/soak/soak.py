"""The long form: many posts, random faults, random kills; at the end every post is accounted for."""

from __future__ import annotations

import random
import threading
import time
from datetime import timedelta
from pathlib import Path

from tests.fakes.faults import Fault
from tests.soak.account import Account, account_of
from tests.soak.networks.base import Network
from tests.soak.person import Person
from tests.soak.workers import Workers
from tests.soak.workspace import SETTLES_IN, TIMEOUT, Workspace, opened

LATEST_SECONDS = 1.5
"""How much later than a request the fake may carry it out: less than the channel takes to settle."""
SLOW_SECONDS = 0.7
"""How long a good answer may take: less than the channel's time-out, and long enough to be killed while waiting."""
UNDER_WAY = 8
"""Posts that are worked on at the same time; more are asked for as these end and as workers are killed."""
BREATH_SECONDS = (0.4, 1.4)
"""Between two kills; where a process has to serve pictures as well it takes longer to be up."""
LONGER_BREATH = 2.5
LONG_WAIT = timedelta(seconds=5)
"""One that the person ends by hand."""


def soak(
    folder: Path, network: Network, *, posts: int, kills: int, seed: int, patience: float, rate: float = 0.6
) -> Account:
    """Publish `posts` posts through `kills` kills, and account for each; `patience` in seconds bounds it all.

    `rate` is how many of the public calls meet a fault.
    """
    started = time.monotonic()
    commands = ["up" if network.fetches_pictures else "worker", "worker"]
    with opened(folder, network) as workspace:
        _make_trouble(workspace, seed, rate)
        person = Person(workspace, looks_after=2 * TIMEOUT + SETTLES_IN, waits_for=LONG_WAIT)
        with Workers(workspace, commands) as workers:
            workers.start()
            _run(workspace, workers, person, posts, kills, random.Random(seed), started + patience)
        account = account_of(workspace, workers, person, posts)
    account.seconds = time.monotonic() - started
    return account


def _make_trouble(workspace: Workspace, seed: int, rate: float) -> None:
    fake, network = workspace.fake, workspace.network
    every = tuple(Fault)
    fake.strike(rate, seed, network.public_call, every, LATEST_SECONDS)
    fake.strike(0.5, seed + 1, network.public_call, (Fault.SLOW_ANSWER,), SLOW_SECONDS)
    fake.strike(network.fault_rate, seed + 2, ("*", "*"), every, LATEST_SECONDS)


def _run(
    workspace: Workspace,
    workers: Workers,
    person: Person,
    posts: int,
    kills: int,
    chance: random.Random,
    ends: float,
) -> None:
    enough = threading.Event()
    calm_at = time.monotonic() + (ends - time.monotonic()) * 0.7
    killer = threading.Thread(target=_kill_for_a_while, args=(workspace, workers, kills, chance, enough))
    killer.start()
    listener = workspace.runtime.ports.wake.listen()
    try:
        while time.monotonic() < ends:
            _ask_for_more(workspace, posts, workers.kills / kills)
            if len(workspace.jobs) == posts and not workspace.under_way:
                break
            person.play()
            if time.monotonic() > calm_at:
                workspace.fake.calm()  # what is left now shows that everything ends once the network is well
            listener.wait(0.5)
    finally:
        enough.set()
        killer.join()
        listener.close()


def _ask_for_more(workspace: Workspace, posts: int, killed: float) -> None:
    """Keep posts under way until all are asked for, the last of them not before nearly all kills are done."""
    allowed = posts if killed >= 0.9 else int(posts * killed) + UNDER_WAY
    under_way = workspace.under_way
    while len(workspace.jobs) < min(posts, allowed) and under_way < UNDER_WAY:
        workspace.ask()
        under_way += 1


def _kill_for_a_while(
    workspace: Workspace, workers: Workers, kills: int, chance: random.Random, enough: threading.Event
) -> None:
    """Kill at random moments, at most `kills` workers, or until there is nothing left to do.

    Every third time all workers are killed at once as soon as one is in the middle of publishing, so that the
    attempts that stand open afterwards were surely cut off by us.
    """
    longer = LONGER_BREATH if workspace.network.fetches_pictures else 1
    while workers.kills < kills and not enough.wait(chance.uniform(*BREATH_SECONDS) * longer):
        if chance.random() < 1 / 3:
            _wait_for_a_public_call(workers, enough)
            workers.kill_all_in_the_call()
        else:
            workers.kill([chance.randrange(2)])
        workers.start()


def _wait_for_a_public_call(workers: Workers, enough: threading.Event) -> None:
    ends = time.monotonic() + 3
    while not workers.calls() and time.monotonic() < ends and not enough.wait(0.005):
        pass
