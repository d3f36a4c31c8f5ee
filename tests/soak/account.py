"""The account of a soak: what came of every post, compared with what the server holds."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from pressroom.jobs import Job, JobStatus
from pressroom.publications import Publication, PublicationState
from pressroom.runtime import Runtime
from tests.fakes.faults import Fault
from tests.soak.fake_x import FakeXProcess

SENDING = ("POST", "/2/tweets")
DEFECTS = ("Traceback", "unforeseen", "unexpectedly", "could not be settled")
"""Words that no worker may have to write into its log, whatever the network does."""


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
    resolved: int = 0
    """Held posts that a person looked for on the server, and decided."""
    faults: Counter[str] = field(default_factory=Counter)
    sending_faults: Counter[str] = field(default_factory=Counter)
    """Those of them that the call met which makes a post public."""
    wrong: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def lines(self) -> list[str]:
        sending = self.sending_faults
        faults = ", ".join(f"{name} {count}" for name, count in sorted(self.faults.items()))
        return [
            f"posts asked for: {self.posts}",
            f"on the server:   {self.on_the_server}",
            f"published:       {self.published}",
            f"held:            {self.held}",
            f"rejected:        {self.rejected}",
            f"kill -9:         {self.kills}, cutting off {self.kills_while_publishing} publishing calls",
            f"pauses ended:    {self.resumed}, dead letters redriven: {self.redriven}, "
            f"held posts decided: {self.resolved}",
            f"faults met:      {sum(self.faults.values())} ({faults})",
            f"while sending:   {sum(sending.values())}, of {len(sending)} kinds out of {len(Fault)}",
            f"took:            {self.seconds:.0f} s",
            *(f"WRONG: {what}" for what in self.wrong),
        ]


def check(runtime: Runtime, fake: FakeXProcess, jobs: list[Job], account: Account) -> None:
    """Compare what we say with what the server holds, post by post."""
    media = {one["id"]: one for one in fake.show("media")}
    posts = fake.show("posts")
    served = _served(fake)
    account.wrong += [
        f"the post {post['id']} has not just one picture with its alt text"
        for post in posts
        if [bool(media[one]["alt_text"]) for one in post["media_ids"]] != [True]
    ]
    account.on_the_server = len(served)
    struck = fake.show("faults")
    account.faults = Counter(one["fault"] for one in struck)
    account.sending_faults = Counter(one["fault"] for one in struck if (one["method"], one["path"]) == SENDING)
    words = {post["id"]: post["text"] for post in posts}
    claimed: Counter[str] = Counter()
    if len(jobs) < account.posts:
        account.wrong.append(f"there was time for {len(jobs)} posts of {account.posts} only")
    for asked in jobs:
        job = runtime.ports.jobs.get(asked.id)
        assert job is not None
        publications = runtime.ports.publications.of_job(asked.id)
        if len(publications) != 1:
            account.wrong.append(f"{job.id} ({job.status}) has {len(publications)} publications: {job.error}")
            continue
        _check_one(publications[0], job, served, account, claimed)
        receipt = publications[0].receipt
        if receipt and words.get(receipt.remote_id) != publications[0].post.text:
            account.wrong.append(f"{publications[0].id} has other words on the server: {words.get(receipt.remote_id)}")
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


def posts_with(fake: FakeXProcess, publication: Publication) -> list[str]:
    """Return the ids of the posts on the server that bear a publication's picture."""
    ours = set(publication.prepared.get("media_keys", []))
    return [post_id for post_id, keys in _served(fake).items() if ours & keys]


def _served(fake: FakeXProcess) -> dict[str, set[str]]:
    """Return the media keys of each post on the server."""
    keys = {one["id"]: one["media_key"] for one in fake.show("media")}
    return {post["id"]: {keys[one] for one in post["media_ids"]} for post in fake.show("posts")}


def defects(log: str) -> list[str]:
    """Return what a worker should never have to write, whatever the network does."""
    return [f"a worker wrote: {line[:300]}" for line in log.splitlines() if any(word in line for word in DEFECTS)]
