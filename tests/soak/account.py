"""The account of a soak: what came of every post, compared with what is public on the network."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from pressroom.jobs import Job, JobStatus
from pressroom.publications import Publication, PublicationState
from tests.fakes.faults import Fault
from tests.soak.networks.base import Seen
from tests.soak.person import Person
from tests.soak.workers import Workers
from tests.soak.workspace import Workspace

DEFECTS = ("Traceback", "unforeseen", "unexpectedly", "could not be settled", "has stopped by itself")
"""Words that no worker may have to write into its log, whatever the network does."""


@dataclass
class Account:
    """What came of it, in counts."""

    posts: int
    seen: int = 0
    published: int = 0
    twice: int = 0
    lost: int = 0
    """Posts that are not public although their job is over."""
    open: int = 0
    """Posts whose job is not over."""
    kills: int = 0
    cut_off: int = 0
    """Public calls that were under way when every worker was killed."""
    resumed: int = 0
    redriven: int = 0
    found: int = 0
    """Held posts that a person found on the network."""
    sent_again: int = 0
    """Held posts that a person did not find there."""
    faults: Counter[str] = field(default_factory=Counter)
    public_faults: Counter[str] = field(default_factory=Counter)
    """Those of them that the call met which makes a post public."""
    remarks: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def lines(self) -> list[str]:
        public = self.public_faults
        faults = ", ".join(f"{name} {count}" for name, count in sorted(self.faults.items()))
        return [
            f"posts asked for: {self.posts}, on the network: {self.seen}, published: {self.published}",
            f"twice:           {self.twice}, lost: {self.lost}, not over: {self.open}",
            f"kill -9:         {self.kills}, cutting off {self.cut_off} public calls",
            f"the person:      found {self.found} held posts, sent {self.sent_again} again, "
            f"ended {self.resumed} waits, redrove {self.redriven} dead letters",
            f"faults met:      {sum(self.faults.values())} ({faults})",
            f"in public calls: {sum(public.values())}, of {len(public)} kinds out of {len(Fault)}",
            *(f"besides:         {remark}" for remark in self.remarks),
            f"took:            {self.seconds:.0f} s",
            *(f"WRONG: {what}" for what in self.wrong),
        ]


def account_of(workspace: Workspace, workers: Workers, person: Person, posts: int) -> Account:
    """Compare what we say with what is public, post by post."""
    fake, network = workspace.fake, workspace.network
    account = Account(posts, kills=workers.kills, cut_off=len(workers.cut_off))
    account.resumed, account.redriven = person.resumed, person.redriven
    account.found, account.sent_again = person.found, person.sent_again
    for struck in fake.show("faults"):
        account.faults[struck["fault"]] += 1
        if network.is_public(struck["method"], struck["path"]):
            account.public_faults[struck["fault"]] += 1
    seen = network.seen(fake)
    account.seen = len(seen)
    account.wrong += network.mistakes(fake)
    account.remarks += network.remarks(fake)
    account.wrong += [f"a worker ended by itself with {code}" for code in workers.ended]
    account.wrong += defects(workspace.log.read_text())
    if len(workspace.jobs) < posts:
        account.wrong.append(f"there was time for {len(workspace.jobs)} posts of {posts} only")
    _check_all(workspace, seen, account)
    return account


def _check_all(workspace: Workspace, seen: list[Seen], account: Account) -> None:
    by_words: dict[str, list[Seen]] = {}
    for one in seen:
        by_words.setdefault(one.text, []).append(one)
    asked: Counter[str] = Counter()
    for one_asked in workspace.jobs:
        job = workspace.job(one_asked)
        publications = workspace.runtime.ports.publications.of_job(job.id)
        if len(publications) != 1:
            account.lost += 1
            account.wrong.append(f"{job.id} ({job.status}) has {len(publications)} publications: {job.error}")
            continue
        text = publications[0].post.text
        asked[text] += 1
        _check(publications[0], job, by_words.get(text, []), workspace.network.tells_ids, account)
    account.wrong += [
        f"{count} posts were asked for with the words {text!r}" for text, count in asked.items() if count > 1
    ]
    account.wrong += [f"nobody asked for {text!r}, which is public" for text in by_words if not asked[text]]


def _check(publication: Publication, job: Job, there: list[Seen], tells_ids: bool, account: Account) -> None:
    name = f"{publication.id} ({publication.post.text!r})"
    alt_texts = tuple(media.alt_text for media in publication.post.media)
    account.twice += len(there) > 1
    is_over = job.status.has_ended
    account.open += not is_over
    account.lost += is_over and not there
    if len(there) != 1:
        account.wrong.append(f"{name} is {publication.state} and public {len(there)} times")
    elif there[0].alt_texts != alt_texts or not all(alt_texts):
        account.wrong.append(f"{name} has pictures with {there[0].alt_texts}, not with {alt_texts}")
    if publication.state is not PublicationState.PUBLISHED or publication.receipt is None:
        account.wrong.append(f"{name} did not end: {publication.state}, {job.status}, {publication.problem}")
        return
    account.published += 1
    if tells_ids and [one.id for one in there] != [publication.receipt.remote_id]:
        account.wrong.append(f"{name} has the receipt {publication.receipt.remote_id}, not {there}")
    if [attempt.outcome for attempt in publication.attempts].count("published") != 1:
        account.wrong.append(f"{name} has the attempts {publication.attempts}")
    if job.status is not JobStatus.COMPLETED:
        account.wrong.append(f"{job.id} is {job.status} although its post is published")


def defects(log: str) -> list[str]:
    """Return what a worker should never have to write, whatever the network does."""
    return [f"a worker wrote: {line[:300]}" for line in log.splitlines() if any(word in line for word in DEFECTS)]
