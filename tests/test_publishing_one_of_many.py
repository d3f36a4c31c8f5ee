"""Several posts of one job on one channel: each step that publishes has its own, and a person decides about each."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from pressroom.arguments import Context
from pressroom.backends.memory import build_memory_ports
from pressroom.channel_desk import QUEUE_PREFIX
from pressroom.composition import compose
from pressroom.config import Config
from pressroom.desk import Resolution
from pressroom.errors import Problem
from pressroom.jobs import Job, JobStatus, StepStatus
from pressroom.pipeline import ForEach, Pipeline, Request, Step
from pressroom.publications import Post, PublicationState
from pressroom.publishers.base import CannotTell
from pressroom.publishing import Publishing
from pressroom.testing import Lost, ManualClock, work_off
from tests.press import Network


class Readers(BaseModel):
    names: list[str] = ["ada", "bo", "cy"]


def each_reader(readers: Readers) -> list[dict[str, Any]]:
    return [{"channel": "main", "name": name} for name in readers.names]


def write_to(item: dict[str, Any], publishing: Publishing, context: Context) -> None:
    if item["name"] == "nobody":
        why = Problem("Nobody lives there.", "main")
        raise publishing.refuse(context, "main", Post(text="Good night."), why, one_of_many=True)
    publishing.publish(context, "main", Post(text=f"Good night, {item['name']}."), one_of_many=True)


letters = Pipeline(
    "letters",
    trigger=Request(),
    input=Readers,
    steps=[ForEach(each_reader, Step(write_to, queue=QUEUE_PREFIX + "{item[channel]}"))],
)


class PostOffice:
    """A post office: the pipeline, one channel, and a clock that is moved by hand."""

    def __init__(self, **settings: Any) -> None:
        self.clock = ManualClock()
        self.network = Network(self.clock, **settings)
        self.ports = build_memory_ports(self.clock)
        config = Config.model_validate({"workspace": Path()})
        self.runtime = compose(config, self.ports, {"letters": letters}, publishers={"main": self.network})

    def ask(self, **input: Any) -> Job:
        [job] = self.runtime.runner.request("letters", input)
        self.work()
        return job

    def work(self) -> None:
        for _ in range(10):
            work_off(self.runtime)
            self.clock.advance(minutes=5)

    def job(self, job: Job) -> Job:
        found = self.ports.jobs.get(job.id)
        assert found is not None
        return found

    def texts(self) -> list[str]:
        return sorted(post.text for post in self.network.posts)


EVERYBODY = ["Good night, ada.", "Good night, bo.", "Good night, cy."]


def test_each_gets_a_post_of_their_own_and_the_job_shows_all() -> None:
    office = PostOffice()
    job = office.ask()
    assert office.job(job).status is JobStatus.COMPLETED
    assert office.texts() == EVERYBODY
    publications = office.ports.publications.of_job(job.id)
    assert {publication.step for publication in publications} == {"write_to[0]", "write_to[1]", "write_to[2]"}


def test_one_that_a_person_must_decide_about_holds_up_no_other_and_goes_on_alone() -> None:
    office = PostOffice()
    office.network.enqueue(Lost(arrived=False))
    office.network.enqueue_readings(CannotTell("Nobody can look."))
    job = office.ask()
    assert office.job(job).status is JobStatus.HELD
    [held] = office.runtime.publishing.held()
    assert len(office.texts()) == 2
    office.runtime.publishing.resolve(held.id, Resolution.SEND_AGAIN)
    office.work()
    assert office.texts() == EVERYBODY
    assert office.job(job).status is JobStatus.COMPLETED


def test_giving_one_up_ends_that_one() -> None:
    office = PostOffice()
    office.network.enqueue(Lost(arrived=False))
    office.network.enqueue_readings(CannotTell("Nobody can look."))
    job = office.ask()
    [held] = office.runtime.publishing.held()
    office.runtime.publishing.resolve(held.id, Resolution.GIVE_UP)
    office.work()
    states = sorted(publication.state for publication in office.ports.publications.of_job(job.id))
    assert states == [PublicationState.PUBLISHED, PublicationState.PUBLISHED, PublicationState.REJECTED]
    assert len(office.texts()) == 2


def test_refusing_one_refuses_no_other() -> None:
    office = PostOffice()
    job = office.ask(names=["ada", "nobody", "cy"])
    assert office.texts() == ["Good night, ada.", "Good night, cy."]
    states = {one.step: one.state for one in office.ports.publications.of_job(job.id)}
    assert states == {
        "write_to[0]": PublicationState.PUBLISHED,
        "write_to[1]": PublicationState.REJECTED,
        "write_to[2]": PublicationState.PUBLISHED,
    }


@pytest.mark.parametrize("which", ["write_to[0]", "write_to[1]", "write_to[2]"])
def test_one_that_is_withdrawn_while_all_wait_ends_at_once_and_the_others_wait_on(which: str) -> None:
    office = PostOffice(windows=["20:00-21:00"])
    [job] = office.runtime.runner.request("letters", {})
    work_off(office.runtime)
    [withdrawn] = [one for one in office.ports.publications.of_job(job.id) if one.step == which]
    office.runtime.waiting_posts.withdraw(withdrawn.id)
    work_off(office.runtime)
    records = office.ports.jobs.steps(job.id)
    over = {path for path, one in records.items() if path.startswith("write_to") and one.status is StepStatus.FAILED}
    assert over == {which}
    assert office.texts() == []
    office.clock.advance(hours=12)
    office.work()
    assert len(office.texts()) == 2
