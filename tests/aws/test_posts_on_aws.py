"""Posts on AWS: out once, whatever word comes twice, is lost, or is told again from the archive."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from pressroom.carriers import Executions
from pressroom.clocks import SystemClock
from pressroom.desk import Resolution
from pressroom.entrypoints.aws_lambda._opened import container
from pressroom.errors import AccountDisconnected, Unavailable
from pressroom.jobs import Job
from pressroom.publications import PublicationState
from pressroom.testing import ManualClock
from tests.on_aws import ACCOUNT, OnAws, on_aws, until
from tests.press import Network, Press, leaflet

CHANNELS = {"main": {"network": "preview"}}
SETTINGS = {"leaflet": {"channels": ["main"]}}


@contextmanager
def _posting() -> Iterator[tuple[OnAws, Network]]:
    network = Network(ManualClock(SystemClock().now()))
    with on_aws(leaflet, publishers={"main": network}, channels=CHANNELS, pipelines=SETTINGS) as aws:
        yield aws, network


def _ask(aws: OnAws, text: str = "Boo!") -> Job:
    [job] = aws.runtime.runner.request("leaflet", {"text": text})
    return job


def _state(aws: OnAws, job: Job) -> PublicationState | None:
    found = aws.runtime.ports.publications.of_job(job.id)
    return found[0].state if found else None


@dataclass
class Deaf:
    """Executions that cannot be reached for the first answers."""

    within: Executions
    fails: int
    failed: int = 0

    def start(self, pipeline: str, name: str, input: Mapping[str, Any]) -> bool:
        return self.within.start(pipeline, name, input)

    def is_running(self, pipeline: str, name: str) -> bool | None:
        return self.within.is_running(pipeline, name)

    def answer(self, token: str, output: Mapping[str, Any]) -> bool:
        if self.failed < self.fails:
            self.failed += 1
            raise Unavailable("Step Functions is away.")
        return self.within.answer(token, output)


def test_a_word_that_the_queue_hands_out_again_after_the_post_is_out_posts_nothing_twice() -> None:
    with _posting() as (aws, network):
        deaf = Deaf(aws.deployed.executions, fails=1)
        hurried = replace(aws.deployed, executions=deaf, words=_Hurried(aws.deployed.words))
        container().open_with(lambda: hurried)
        job = _ask(aws)
        assert aws.finished(job.id).status == "completed"
        until(lambda: aws.executions("leaflet") == {job.id: "SUCCEEDED"})
        assert deaf.failed == 1
        assert [post.text for post in network.calls] == ["Boo!"]


@dataclass
class _Hurried:
    """Words that come again after a second, where a queue would let a test wait for long."""

    within: Any

    def send(self, queue: str, word: Mapping[str, Any], *, after: timedelta = timedelta(0)) -> None:
        self.within.send(queue, word, after=min(after, timedelta(seconds=1)))

    def show_again(self, queue: str, receipt: str, *, after: timedelta = timedelta(0)) -> None:
        self.within.show_again(queue, receipt, after=min(after, timedelta(seconds=1)))


def test_events_that_are_told_again_from_the_archive_post_nothing_and_start_nothing() -> None:
    with _posting() as (aws, network):
        events, names = aws.clients("events"), aws.deployment.names
        bus = f"arn:aws:events:{aws.aws.region}:{ACCOUNT}:event-bus/{names.bus}"
        archive = events.create_archive(ArchiveName=names.of("archive"), EventSourceArn=bus)["ArchiveArn"]
        begun = SystemClock().now()
        job = _ask(aws)
        assert aws.finished(job.id).status == "completed"
        log = aws.runtime.ports.events.of_job(job.id)
        until(lambda: {event.id for event in log} <= set(aws.told))
        until(lambda: aws.executions("leaflet") == {job.id: "SUCCEEDED"})
        events.start_replay(
            ReplayName=names.of("replay"),
            EventSourceArn=archive,
            EventStartTime=begun - timedelta(minutes=1),
            EventEndTime=SystemClock().now() + timedelta(minutes=1),
            Destination={"Arn": bus},
        )
        until(lambda: sum(job.id in str(event) for event in aws.called("starting")) == 2)
        # What is asked for afterwards comes through the same queues after what was told again.
        other = _ask(aws, "Boo again!")
        assert aws.finished(other.id).status == "completed"
        assert [event.id for event in aws.runtime.ports.events.of_job(job.id)] == [event.id for event in log]
        assert [post.text for post in network.calls] == ["Boo!", "Boo again!"]
        assert set(aws.executions("leaflet")) == {job.id, other.id}


def test_a_lost_answer_of_the_network_is_looked_for_and_a_held_post_waits_for_a_person() -> None:
    with _posting() as (aws, network):
        network.enqueue(AccountDisconnected("The token was revoked."))
        job = _ask(aws)
        until(lambda: _state(aws, job) is PublicationState.HELD, aws.why(job.id))
        until(lambda: bool(aws.runtime.ports.tables.all(f"task tokens of {job.id}")))
        assert aws.executions("leaflet") == {job.id: "RUNNING"}
        [publication] = aws.runtime.ports.publications.of_job(job.id)
        aws.runtime.publishing.resume("main")
        assert aws.finished(job.id).status == "completed", publication
        assert [post.text for post in network.posts] == ["Boo!"]


def test_a_post_given_up_by_a_person_ends_its_job_and_its_execution() -> None:
    with _posting() as (aws, network):
        network.enqueue(AccountDisconnected("The token was revoked."))
        job = _ask(aws)
        until(lambda: bool(aws.runtime.ports.tables.all(f"task tokens of {job.id}")), aws.why(job.id))
        [publication] = aws.runtime.ports.publications.of_job(job.id)
        aws.runtime.publishing.resolve(publication.id, Resolution.GIVE_UP)
        assert aws.finished(job.id).status == "failed"
        until(lambda: aws.executions("leaflet") == {job.id: "FAILED"})
        assert network.posts == []


def test_a_job_leaves_the_same_events_as_on_one_machine() -> None:
    clock = ManualClock()
    press = Press(Network(clock), clock=clock)
    embedded = press.ask()
    press.work()
    with _posting() as (aws, _):
        job = _ask(aws)
        assert aws.finished(job.id).status == "completed"
        told = [event.type for event in aws.runtime.ports.events.of_job(job.id)]
    assert told == [event.type for event in press.ports.events.of_job(embedded.id)]


def test_a_job_whose_first_word_was_lost_is_begun_by_housekeeping() -> None:
    with _posting() as (aws, network):
        rule = aws.deployment.names.pipeline_queue("leaflet")
        aws.clients("events").disable_rule(Name=rule, EventBusName=aws.deployment.names.bus)
        job = _ask(aws)
        until(lambda: len(aws.told) > 0)
        later = replace(aws.deployed, runtime=_later(aws, timedelta(minutes=3)))
        container().open_with(lambda: later)
        until(lambda: aws.call("housekeeping")["left"] == 1)  # it comes each minute
        assert aws.finished(job.id).status == "completed"
        assert [post.text for post in network.calls] == ["Boo!"]


def _later(aws: OnAws, by: timedelta) -> Any:
    """Return the runtime with a queue that takes it for later than it is."""
    queue = aws.runtime.ports.queue

    class Later:
        def __getattr__(self, name: str) -> Any:
            return getattr(queue, name)

        def overdue(self, before: Any, *, limit: int = 100) -> Any:
            return queue.overdue(before + by, limit=limit)

    return replace(aws.runtime, ports=replace(aws.runtime.ports, queue=Later()))
