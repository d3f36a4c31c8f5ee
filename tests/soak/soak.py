"""The soak itself: many daily posts, random faults, random kills; at the end every post is accounted for."""

from __future__ import annotations

import os
import random
import threading
import time
from datetime import date, timedelta
from pathlib import Path

from pressroom.desk import Resolution
from pressroom.jobs import Job, JobStatus
from pressroom.publications import Publication, PublicationState
from pressroom.runtime import Runtime
from pressroom.runtimes.embedded import open_embedded, put_samples
from tests.fakes.faults import Fault
from tests.soak.account import Account, check, defects, posts_with
from tests.soak.fake_x import FakeXProcess
from tests.soak.workers import Workers

SETTINGS = """
[channels.main]
network = "x"
base_url = "{base_url}"
timeout_seconds = 0.8
settle_seconds = 3.0
failures_before_break = 4
break_seconds = 0.5

[worker]
threads = 3
channel_threads = 4
lease_seconds = 2

[pipelines.daily_post]
channels = ["main"]
width = 320
height = 256
lettering = false
"""
LATEST_SECONDS = 1.5
"""How much later than a request the fake may carry it out: less than the channel takes to settle."""
SLOW_SECONDS = 0.7
"""How long a good answer may take: less than the channel's time-out, and long enough to be killed while waiting."""
UNDER_WAY = 8
"""Posts that are worked on at the same time; more are asked for as these end and as workers are killed."""


def soak(folder: Path, *, posts: int, kills: int, seed: int, patience: float, rate: float = 0.6) -> Account:
    """Publish `posts` posts through `kills` kills, and account for each; `patience` in seconds bounds it all.

    `rate` is how many of the public calls meet a fault.
    """
    started = time.monotonic()
    chance = random.Random(seed)
    fake = FakeXProcess(folder)
    try:
        (folder / "pressroom.toml").write_text(SETTINGS.format(base_url=fake.base_url))
        environment = dict(os.environ) | _secrets(fake)
        with open_embedded(folder, environment) as runtime:
            put_samples(runtime)
            every = [fault.value for fault in Fault]
            fake.strike(rate, seed, "/2/tweets", every, LATEST_SECONDS)
            fake.strike(0.5, seed + 1, "/2/tweets", [Fault.SLOW_ANSWER.value], SLOW_SECONDS)
            fake.strike(0.10, seed + 2, "/2/media/*", every, LATEST_SECONDS)
            fake.strike(0.10, seed + 3, "/2/users/*", every, LATEST_SECONDS)
            jobs: list[Job] = []
            account = _run(runtime, fake, environment, jobs, posts, kills, chance, started + patience)
            check(runtime, fake, jobs, account)
            account.wrong += defects((folder / "workers.log").read_text())
    finally:
        fake.stop()
    account.seconds = time.monotonic() - started
    return account


def _secrets(fake: FakeXProcess) -> dict[str, str]:
    first = fake.show("accounts")[0]
    names = ("api_key", "api_secret", "access_token", "access_token_secret")
    return {f"PRESSROOM_SECRET__CHANNELS__MAIN__{name.upper()}": first[name] for name in names}


def _request(runtime: Runtime, number: int) -> list[Job]:
    """Ask for the first theme of one day after the other."""
    day = date(2027, 1, 1) + timedelta(days=number)
    return runtime.runner.request("daily_post", {"date": day.isoformat(), "theme": "0"})


def _run(
    runtime: Runtime,
    fake: FakeXProcess,
    environment: dict[str, str],
    jobs: list[Job],
    posts: int,
    kills: int,
    chance: random.Random,
    ends: float,
) -> Account:
    account = Account(posts=posts)
    workers = Workers(runtime.config.workspace, environment)
    enough = threading.Event()
    calm_at = time.monotonic() + (ends - time.monotonic()) * 0.7

    def is_publishing() -> int:
        under_way = runtime.ports.publications.find(states=[PublicationState.PUBLISHING], limit=10_000)
        return sum(publication.problem is None for publication in under_way)

    killer = threading.Thread(target=workers.kill_for_a_while, args=(kills, chance, enough, is_publishing))
    killer.start()
    listener = runtime.ports.wake.listen()
    try:
        while time.monotonic() < ends:
            _ask_for_more(runtime, jobs, posts, workers.kills / kills)
            if len(jobs) == posts and _all_settled(runtime, jobs):
                break
            _play_the_person(runtime, fake, account)
            if time.monotonic() > calm_at:
                fake.calm()  # what is left now shows that everything ends once the network is well
            listener.wait(0.5)
    finally:
        enough.set()
        killer.join()
        workers.stop()
        listener.close()
    account.kills, account.kills_while_publishing = workers.kills, workers.cut_off
    return account


def _ask_for_more(runtime: Runtime, jobs: list[Job], posts: int, killed: float) -> None:
    """Keep posts under way until all are asked for, the last of them not before nearly all kills are done."""
    allowed = posts if killed >= 0.9 else int(posts * killed) + UNDER_WAY
    under_way = sum(not _is_settled(runtime, job) for job in jobs)
    while len(jobs) < min(posts, allowed) and under_way < UNDER_WAY:
        jobs += _request(runtime, len(jobs))
        under_way += 1


def _is_settled(runtime: Runtime, asked: Job) -> bool:
    job = runtime.ports.jobs.get(asked.id)
    assert job is not None
    return job.status in (JobStatus.COMPLETED, JobStatus.HELD)


def _all_settled(runtime: Runtime, jobs: list[Job]) -> bool:
    if not all(_is_settled(runtime, job) for job in jobs):
        return False
    return not any(_is_for_the_person(held) for held in runtime.publishing.held())


def _is_for_the_person(held: Publication) -> bool:
    """Whether a person who looks at the account and at the network's own pages can decide it."""
    return held.problem is not None and held.problem.kind != "OutcomeUnknown"


def _play_the_person(runtime: Runtime, fake: FakeXProcess, account: Account) -> None:
    """Reconnect the account, end long waits, look for posts that are held, and try again what was refused."""
    held = [one for one in runtime.publishing.held() if _is_for_the_person(one)]
    refused = [one for one in held if one.problem and one.problem.kind == "PostRejected"]
    state, now = runtime.publishing.state("main"), runtime.ports.clock.now()
    waits = state.closed_until is not None and state.closed_until > now + timedelta(seconds=5)
    if waits or state.paused or len(held) > len(refused):
        account.resumed += runtime.publishing.resume("main")
    for one in refused:
        # An earlier attempt was lost and this one refused: it says itself that the post may be there.
        there = posts_with(fake, one)
        if there:
            runtime.publishing.resolve(one.id, Resolution.IT_IS_THERE, remote_id=there[0])
        else:
            runtime.publishing.resolve(one.id, Resolution.SEND_AGAIN)
        account.resolved += 1
    for letter in runtime.ports.dead_letters.find():
        runtime.runner.redrive(letter.id)
        account.redriven += 1
