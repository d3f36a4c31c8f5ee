"""The soak itself: many daily posts, random faults, random kills; at the end every post is accounted for."""

from __future__ import annotations

import os
import random
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from pressroom.jobs import Job, JobStatus
from pressroom.publications import Publication, PublicationState
from pressroom.runtime import Runtime
from pressroom.runtimes.embedded import open_embedded, put_samples
from tests.fakes.faults import Fault
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


@dataclass
class Account:
    """What came of it, in counts."""

    posts: int = 0
    on_the_server: int = 0
    published: int = 0
    held: int = 0
    rejected: int = 0
    kills: int = 0
    kills_while_publishing: int = 0
    resumed: int = 0
    redriven: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def lines(self) -> list[str]:
        faults = ", ".join(f"{name} {count}" for name, count in sorted(self.faults.items()))
        return [
            f"posts asked for: {self.posts}",
            f"on the server:   {self.on_the_server}",
            f"published:       {self.published}",
            f"held:            {self.held}",
            f"rejected:        {self.rejected}",
            f"kill -9:         {self.kills}, cutting off {self.kills_while_publishing} publishing calls",
            f"pauses ended:    {self.resumed}, dead letters redriven: {self.redriven}",
            f"faults met:      {sum(self.faults.values())} ({faults})",
            f"took:            {self.seconds:.0f} s",
            *(f"WRONG: {what}" for what in self.wrong),
        ]


def soak(folder: Path, *, posts: int, kills: int, seed: int, patience: float) -> Account:
    """Publish `posts` posts through `kills` kills, and account for each; `patience` in seconds bounds it all."""
    started = time.monotonic()
    chance = random.Random(seed)
    fake = FakeXProcess(folder)
    try:
        (folder / "pressroom.toml").write_text(SETTINGS.format(base_url=fake.base_url))
        environment = dict(os.environ) | _secrets(fake)
        with open_embedded(folder, environment) as runtime:
            put_samples(runtime)
            jobs = _request(runtime, posts)
            fake.strike(0.35, seed, "/2/tweets", [fault.value for fault in Fault], LATEST_SECONDS)
            fake.strike(0.10, seed + 1, "/2/media/*", [fault.value for fault in Fault], LATEST_SECONDS)
            fake.strike(0.10, seed + 2, "/2/users/*", [fault.value for fault in Fault], LATEST_SECONDS)
            account = _run(runtime, fake, environment, jobs, kills, chance, started + patience)
            _check(runtime, fake, jobs, account)
    finally:
        fake.stop()
    account.seconds = time.monotonic() - started
    return account


def _secrets(fake: FakeXProcess) -> dict[str, str]:
    first = fake.show("accounts")[0]
    names = ("api_key", "api_secret", "access_token", "access_token_secret")
    return {f"PRESSROOM_SECRET__CHANNELS__MAIN__{name.upper()}": first[name] for name in names}


def _request(runtime: Runtime, posts: int) -> list[Job]:
    """Ask for the first theme of one day after the other."""
    first = date(2027, 1, 1)
    days = [first + timedelta(days=number) for number in range(posts)]
    return [
        job for day in days for job in runtime.runner.request("daily_post", {"date": day.isoformat(), "theme": "0"})
    ]


def _run(
    runtime: Runtime,
    fake: FakeXProcess,
    environment: dict[str, str],
    jobs: list[Job],
    kills: int,
    chance: random.Random,
    ends: float,
) -> Account:
    account = Account(posts=len(jobs))
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
        while time.monotonic() < ends and not _all_settled(runtime, jobs):
            _play_the_person(runtime, account)
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


def _all_settled(runtime: Runtime, jobs: list[Job]) -> bool:
    for asked in jobs:
        job = runtime.ports.jobs.get(asked.id)
        assert job is not None
        if job.status not in (JobStatus.COMPLETED, JobStatus.HELD):
            return False
    return not any(_is_for_the_person(held) for held in runtime.publishing.held())


def _is_for_the_person(held: Publication) -> bool:
    """Whether nothing was sent, so that the person only has to mend the account."""
    return held.problem is not None and held.problem.kind != "OutcomeUnknown"


def _play_the_person(runtime: Runtime, account: Account) -> None:
    """Reconnect the account when it is paused, end long waits, and try again what was refused or given up."""
    state, now = runtime.publishing.state("main"), runtime.ports.clock.now()
    waits = state.closed_until is not None and state.closed_until > now + timedelta(seconds=5)
    if waits or state.paused or any(map(_is_for_the_person, runtime.publishing.held())):
        account.resumed += runtime.publishing.resume("main")
    for letter in runtime.ports.dead_letters.find():
        runtime.runner.redrive(letter.id)
        account.redriven += 1


def _check(runtime: Runtime, fake: FakeXProcess, jobs: list[Job], account: Account) -> None:
    """Compare what we say with what the server holds, post by post."""
    keys = {media["id"]: media["media_key"] for media in fake.show("media")}
    served = {post["id"]: {keys[media] for media in post["media_ids"]} for post in fake.show("posts")}
    account.on_the_server = len(served)
    account.faults = Counter(struck["fault"] for struck in fake.show("faults"))
    claimed: Counter[str] = Counter()
    for asked in jobs:
        job = runtime.ports.jobs.get(asked.id)
        assert job is not None
        publications = runtime.ports.publications.of_job(asked.id)
        if len(publications) != 1:
            account.wrong.append(f"{job.id} ({job.status}) has {len(publications)} publications: {job.error}")
            continue
        _check_one(publications[0], job, served, account, claimed)
    for post_id in served:
        if claimed[post_id] != 1:
            account.wrong.append(f"the post {post_id} on the server belongs to {claimed[post_id]} of our publications")


def _check_one(
    publication: Publication, job: Job, served: dict[str, set[str]], account: Account, claimed: Counter[str]
) -> None:
    attempts = [attempt.outcome for attempt in publication.attempts]
    ours = set(publication.prepared.get("media_keys", []))
    there = [post_id for post_id, keys in served.items() if ours & keys]
    if publication.state is PublicationState.PUBLISHED:
        account.published += 1
        assert publication.receipt is not None
        claimed[publication.receipt.remote_id] += 1
        if there != [publication.receipt.remote_id] or attempts.count("published") != 1:
            account.wrong.append(f"{publication.id}: says {publication.receipt.remote_id}, the server has {there}")
        if job.status is not JobStatus.COMPLETED:
            account.wrong.append(f"{job.id} is {job.status} although its post is published")
    elif publication.state is PublicationState.HELD:
        account.held += 1
        for post_id in there:
            claimed[post_id] += 1
        if len(there) > 1 or publication.open_attempt is None or not publication.problem:
            account.wrong.append(f"{publication.id} is held untruthfully: {attempts}, the server has {there}")
    else:
        account.wrong.append(f"{publication.id} did not end: {publication.state}, {job.status}, {publication.problem}")
