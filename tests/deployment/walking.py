"""Executes generated state machines in moto, with the core on the memory backend answering their tasks."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from pressroom.backends.aws_clients import AwsClients
from pressroom.clocks import SystemClock
from pressroom.deliveries import Task
from pressroom.deployment.standing import Answer, Go, Question, answer
from pressroom.deployment.state_machines import filled, state_machine
from pressroom.deployment.states import Patience
from pressroom.handing_over import deal_with
from pressroom.jobs import Job
from pressroom.pipeline import Pipeline
from pressroom.ports import Clock
from pressroom.testing import memory_runtime
from pressroom.worker import Worker
from tests import emulated_aws, lambdas

ROLE = "arn:aws:iam::123456789012:role/machine"
LEASE = timedelta(seconds=60)
QUICK = Patience(first_wait_seconds=1, longest_wait_seconds=1, attempts=3, answer_seconds=20, pause_seconds=20)
PATIENCE_SECONDS = 60


@dataclass
class Walk:
    """A pipeline with its state machine, and its jobs in memory."""

    pipeline: Pipeline
    clock: Clock = field(default_factory=SystemClock)
    """What the core and the Wait states of the machine go by."""
    asked: list[str] = field(default_factory=list)
    """The path of each question to `steps` and `look`, in their order."""
    tokens: dict[str, list[str]] = field(default_factory=dict)
    """Kept by `pause`, by path."""
    breaks: list[str] = field(default_factory=list)
    """Paths at which a function crashes once, before it does anything."""
    answer_seconds: int = 20
    received: dict[str, str] = field(default_factory=dict)
    """On which queue of a channel each post came."""

    def __post_init__(self) -> None:
        self.runtime = memory_runtime(self.pipeline, clock=self.clock)
        self.settings = emulated_aws.deployment()
        self.clients = AwsClients(self.settings)
        self.sfn = self.clients("stepfunctions")
        self.paused = threading.Event()
        self._mutex, self._turnstile = threading.Lock(), threading.Lock()
        functions = {"steps": self.steps, "look": self.look, "pause": self.pause, "publish": self.publish}
        lambdas.install({self.name(function): handler for function, handler in functions.items()})
        self.topic = self.clients("sns").create_topic(Name=self.name("publishing"))["TopicArn"]
        arns = {function: lambdas.arn(self.name(function)) for function in ("steps", "look", "pause")}
        patience = replace(QUICK, answer_seconds=self.answer_seconds)
        definition = filled(state_machine(self.pipeline, patience), arns | {"publishing": self.topic})
        lambdas.keep_time(self.name(""), self.clock)
        made = self.sfn.create_state_machine(name=self.name(""), definition=json.dumps(definition), roleArn=ROLE)
        self.machine = made["stateMachineArn"]

    def name(self, thing: str) -> str:
        return f"{self.settings.name}-{thing}"

    # --- its functions

    def steps(self, event: Any, context: Any) -> Any:
        question = Question.read(event)
        self._reach(question.path)
        return self.run(question).as_dict()

    def look(self, event: Any, context: Any) -> Any:
        question = Question.read(event)
        with self._mutex:
            self.asked.append(question.path or "the job")
        return self.answer(question).as_dict()

    def pause(self, event: Any, context: Any) -> None:
        question = Question.read(event)
        with self._mutex:
            self.tokens.setdefault(question.path, []).append(question.task_token)
        if self.answer(question).go is Go.PAUSE:
            self.paused.set()
        else:
            self.let_go(question.path)

    def publish(self, event: Any, context: Any) -> Any:
        failed = []
        for record in event["Records"]:
            body = json.loads(record["body"])
            question = Question.read(json.loads(body["Message"]))
            try:
                self._reach(question.path)
            except MemoryError:
                failed.append({"itemIdentifier": record["messageId"]})
                continue
            self.received[question.path] = body["MessageAttributes"]["queue"]["Value"]
            self._answer(question.task_token, self.run(question).as_dict())
        return {"batchItemFailures": failed}

    @contextmanager
    def asking_held_up(self) -> Iterator[None]:
        """Let no further question be answered while the block runs."""
        with self._turnstile:
            yield

    def _reach(self, path: str) -> None:
        with self._turnstile, self._mutex:
            self.asked.append(path)
            if path in self.breaks:
                self.breaks.remove(path)
                raise MemoryError("the function was killed")

    def run(self, question: Question) -> Answer:
        ports = self.runtime.ports
        delivery = ports.queue.claim_one(question.path, LEASE, job_id=question.job_id)
        if delivery is not None:
            assert deal_with(self.runtime, delivery)
            self.hand_over()
        return self.answer(question)

    def answer(self, question: Question) -> Answer:
        ports = self.runtime.ports
        job = ports.jobs.get(question.job_id)
        assert job is not None
        records = ports.jobs.steps(job.id)
        due = ports.queue.due(question.path, job_id=job.id)
        return answer(self.pipeline, job, records, question.path, due)

    def hand_over(self) -> None:
        """Hand every event to its subscribers, as the functions do that wait for them."""
        ports = self.runtime.ports
        for waiting in ports.queue.overdue(ports.clock.now()):
            if waiting.task is Task.EVENT and waiting.event is not None:
                mine = ports.queue.claim_one(waiting.name, LEASE, event_id=waiting.event.id)
                if mine is not None:
                    assert deal_with(self.runtime, mine)

    # --- what a test does

    def request(self, **input: Any) -> Job:
        [job] = self.runtime.runner.request(self.pipeline.name, input)
        self.hand_over()
        return job

    def start(self, job: Job, number: int = 0) -> str:
        """Start an execution for the job; return its ARN."""
        started = self.sfn.start_execution(
            stateMachineArn=self.machine,
            name=f"{job.id}.{number}" if number else job.id,
            input=json.dumps({"job_id": job.id}),
        )
        return str(started["executionArn"])

    def ended(self, execution: str) -> str:
        """Wait until an execution is over; return its status."""
        ends = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < ends:
            status = self.sfn.describe_execution(executionArn=execution)["status"]
            if status != "RUNNING":
                return str(status)
            time.sleep(0.02)
        raise AssertionError(f"still running after {PATIENCE_SECONDS} s; asked so far: {self.asked}")

    def walk(self, **input: Any) -> tuple[Job, str]:
        """Request a job and let a machine carry it to its end; return both."""
        job = self.request(**input)
        status = self.ended(self.start(job))
        return self.job(job), status

    def let_go(self, path: str) -> None:
        """Answer the tokens that were kept for a path."""
        with self._mutex:
            tokens = self.tokens.pop(path, [])
            self.paused.clear()
        for token in tokens:
            self._answer(token, {})

    def _answer(self, token: str, output: Any) -> None:
        gone = self.sfn.exceptions
        # Nobody waits for the answer any more: the time for it, or for the join around it, is over.
        with suppress(gone.TaskTimedOut, gone.TaskDoesNotExist, gone.InvalidToken):
            self.sfn.send_task_success(taskToken=token, output=json.dumps(output))

    def job(self, job: Job) -> Job:
        found = self.runtime.ports.jobs.get(job.id)
        assert found is not None
        return found

    def died(self, job: Job) -> None:
        """Wait until something of the job is dead."""
        while not self.runtime.ports.dead_letters.find(job_id=job.id):
            time.sleep(0.005)

    def events(self, job: Job) -> list[tuple[str, str]]:
        return [told(event.type, event.subject, job) for event in self.runtime.ports.events.of_job(job.id)]

    @contextmanager
    def channels(self, *names: str) -> Iterator[None]:
        """Have a queue for each channel behind the topic, with the function that publishes, while the block runs."""
        sqs, sources = self.clients("sqs"), []
        for channel in names:
            url = sqs.create_queue(QueueName=self.name(f"publish-{channel}"))["QueueUrl"]
            arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
            wants = {"FilterPolicy": json.dumps({"queue": [f"publish.{channel}"]})}
            self.clients("sns").subscribe(TopicArn=self.topic, Protocol="sqs", Endpoint=arn, Attributes=wants)
            sources.append(lambdas.EventSource(arn, self.name("publish")))
        with lambdas.polling(self.clients, *sources):
            yield


def embedded(pipeline: Pipeline) -> tuple[Job, list[tuple[str, str]]]:
    """Run a job of the pipeline as one machine runs it, with a worker's threads; return it with its events."""
    runtime = memory_runtime(pipeline, clock=SystemClock())
    [job] = runtime.runner.request(pipeline.name, {})
    worker = Worker(runtime)
    worker.start()
    try:
        ends = time.monotonic() + PATIENCE_SECONDS
        while not (job := runtime.ports.jobs.get(job.id) or job).status.has_ended:
            assert time.monotonic() < ends, job.status
            time.sleep(0.01)
    finally:
        worker.stop()
    return job, [told(event.type, event.subject, job) for event in runtime.ports.events.of_job(job.id)]


def told(type_: str, subject: str, job: Job) -> tuple[str, str]:
    """Return an event without what differs from job to job."""
    return type_, "" if type_.startswith(("Job", "Delivery")) else subject.replace(job.id, "JOB")
