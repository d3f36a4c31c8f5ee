"""A whole deployment on moto, made of the same value that Terraform is: real functions, queues, rules and machines.

What moto does not carry is carried here: the pipe from the log's stream to the bus, and the alarms of the scheduler.
"""

from __future__ import annotations

import importlib
import json
import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from pressroom import registry
from pressroom.backends import parameter_store
from pressroom.backends._s3_places import buckets_of
from pressroom.backends.aws_clients import AwsClients
from pressroom.backends.dynamodb.table_shapes import TABLES, create_tables
from pressroom.config import Aws, Config, section
from pressroom.deployment.deployed import Deployment, deployment_of
from pressroom.deployment.queues import Queue
from pressroom.deployment.rules import SOURCE
from pressroom.deployment.state_machines import filled, state_machine
from pressroom.deployment.states import Patience
from pressroom.entrypoints.aws_lambda._opened import container
from pressroom.jobs import Job
from pressroom.pipeline import Pipeline
from pressroom.runtime import Runtime
from pressroom.runtimes.aws import Deployed, open_deployed, prepare
from tests import aws_calls, emulated_aws, lambdas, roles
from tests.emulated_dynamodb import make_atomic

ACCOUNT = "123456789012"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/any"
QUICK = Patience(first_wait_seconds=1, longest_wait_seconds=2, attempts=20, answer_seconds=60, pause_seconds=60)
SECONDS = 60.0
"""How long a test waits for what must come."""


@dataclass
class OnAws:
    aws: Aws
    config: Config
    deployment: Deployment
    pipelines: Mapping[str, Pipeline]
    clients: AwsClients
    deployed: Deployed
    told: list[str] = field(default_factory=list)
    """The ids of the events that the bus was told."""
    calls: list[tuple[str, Any]] = field(default_factory=list)
    """Each call of a function: its name, and what it was given."""

    @property
    def runtime(self) -> Runtime:
        return self.deployed.runtime

    def call(self, function: str, event: Mapping[str, Any] | None = None) -> Any:
        """Call a function as an alarm does; raises `AssertionError` if it fails."""
        answered, is_error = lambdas.call(self.deployment.names.function(function), dict(event or {}))
        assert not is_error, answered
        return answered

    def called(self, function: str) -> list[Any]:
        """Return what a function was given, each time."""
        name = self.deployment.names.function(function)
        return [event for called, event in self.calls if called == name]

    def job(self, job_id: str) -> Job:
        found = self.runtime.ports.jobs.get(job_id)
        assert found is not None
        return found

    def finished(self, job_id: str, *statuses: str) -> Job:
        """Wait until the job has ended, or is as one of these; return it."""
        until(lambda: self.job(job_id).status.has_ended or self.job(job_id).status.value in statuses, self.why(job_id))
        return self.job(job_id)

    def executions(self, pipeline: str) -> dict[str, str]:
        """Return the status of each execution of a pipeline by its name."""
        machine = f"arn:aws:states:{self.aws.region}:{ACCOUNT}:stateMachine:{self.deployment.names.of(pipeline)}"
        found = self.clients("stepfunctions").list_executions(stateMachineArn=machine)["executions"]
        return {one["name"]: one["status"] for one in found}

    def why(self, job_id: str) -> Callable[[], str]:
        def told() -> str:
            ports = self.runtime.ports
            steps = {path: record.status.value for path, record in ports.jobs.steps(job_id).items()}
            return f"{self.job(job_id)}\n{steps}\n{[event.type for event in ports.events.of_job(job_id)]}"

        return told


def until(holds: Callable[[], bool], why: Callable[[], str] = str, seconds: float = SECONDS) -> None:
    """Wait for what functions do in other threads."""
    ends = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > ends:
            raise AssertionError(f"it never came: {why()}")
        time.sleep(0.05)


@contextmanager
def on_aws(*pipelines: Pipeline, publishers: Mapping[str, Any] | None = None, **sections: Any) -> Iterator[OnAws]:
    """Deploy these pipelines, or all that are installed, and let everything run while the block does.

    `publishers` take the place of those of their channels, as networks that a test looks into.
    """
    aws = emulated_aws.deployment()
    clients = AwsClients(aws)
    config = Config.model_validate({"workspace": Path("deployed"), "aws": aws.model_dump(), **sections})
    chosen = {one.name: one for one in pipelines} or {
        one: registry.pipeline(one) for one in registry.names("pipelines")
    }
    settings = {
        name: section(pipeline.settings, config.pipelines.get(name, {}), f"pipelines.{name}", config)
        for name, pipeline in chosen.items()
    }
    deployment = deployment_of(config, chosen, settings, [shape.suffix for shape in TABLES])
    _store(clients, deployment, sections)
    with aws_calls.called_by(deployment.names.function(aws_calls.OPENING)):
        deployed = _opened(aws, chosen, publishers)
    made = OnAws(aws, config, deployment, chosen, clients, deployed)
    container().open_with(lambda: deployed)
    _functions(made)
    _carriers(made)
    prepare(deployed.runtime)
    # Every queue has a poller here, which all ask by one client.
    logging.getLogger("urllib3.connectionpool").setLevel(logging.ERROR)
    stopping = threading.Event()
    piping = threading.Thread(target=_pipe, args=(made, stopping), daemon=True)
    piping.start()
    try:
        with ExitStack() as running:
            running.enter_context(lambdas.polling(clients, *map(_source, deployment.every_queue), visibility=2))
            yield made
        # Whatever a test is about: what AWS would have refused must not pass here.
        refused = roles.outside(deployment)
        assert not refused, "\n".join(map(str, refused))
    finally:
        stopping.set()
        piping.join()
        container().open_with(_nothing)
        deployed.runtime.ports.close()
        clients.close()


def _store(clients: AwsClients, deployment: Deployment, sections: Mapping[str, Any]) -> None:
    make_atomic()
    create_tables(clients)
    buckets = buckets_of(clients.settings.name, ACCOUNT)
    s3, place = clients("s3"), {"LocationConstraint": clients.settings.region}
    for bucket in (buckets.assets, buckets.processed):
        s3.create_bucket(Bucket=bucket, CreateBucketConfiguration=place)
    told: dict[str, Any] = {"EventBridgeConfiguration": {}}
    s3.put_bucket_notification_configuration(Bucket=buckets.assets, NotificationConfiguration=told)
    parameter_store.write(clients, deployment.settings or {"server": {"port": 8080}})


def _opened(aws: Aws, pipelines: Mapping[str, Pipeline], publishers: Mapping[str, Any] | None) -> Deployed:
    environment = {
        "PRESSROOM_AWS__NAME": aws.name,
        "PRESSROOM_AWS__REGION": aws.region,
        "PRESSROOM_AWS__ACCOUNT": ACCOUNT,
        "PRESSROOM_AWS__ENDPOINT_URL": aws.endpoint_url,
        "PRESSROOM_SERVER__HOST": '"0.0.0.0"',
    }
    return open_deployed(Path("deployed"), environment, pipelines=pipelines, publishers=publishers, is_function=True)


def _functions(made: OnAws) -> None:
    handlers = {}
    for function in made.deployment.every_function:
        module, _, name = function.handler.rpartition(".")
        handlers[function.name] = _noted(made, function.name, getattr(importlib.import_module(module), name))
    lambdas.install(handlers)


def _noted(made: OnAws, name: str, handler: lambdas.Handler) -> lambdas.Handler:
    def call(event: Any, context: Any) -> Any:
        made.calls.append((name, event))
        return handler(event, context)

    return call


def _carriers(made: OnAws) -> None:
    """Create the bus with its rules, the queues, the topic and the state machines."""
    names, clients = made.deployment.names, made.clients
    clients("events").create_event_bus(Name=names.bus)
    topic = clients("sns").create_topic(Name=names.topic)["TopicArn"]
    for queue in made.deployment.every_queue:
        clients("sqs").create_queue(QueueName=queue.name, Attributes={"VisibilityTimeout": "900"})
        if queue.topic_filter:
            clients("sns").subscribe(
                TopicArn=topic,
                Protocol="sqs",
                Endpoint=_queue_arn(queue.name),
                Attributes={"FilterPolicy": json.dumps({"queue": list(queue.topic_filter)})},
            )
    rules = [*made.deployment.rules, *(part.rule for part in made.deployment.pipelines)]
    rules += [part.rule for part in made.deployment.subscriptions]
    for rule in rules:
        pattern = json.dumps(rule.pattern).replace("{account}", ACCOUNT)
        bus = {"EventBusName": rule.bus} if rule.bus else {}
        clients("events").put_rule(Name=rule.name, EventPattern=pattern, **bus)
        target = {"Id": "queue", "Arn": _queue_arn(rule.queue)}
        clients("events").put_targets(Rule=rule.name, Targets=[target], **bus)
    arns = {one: lambdas.arn(names.function(one)) for one in ("steps", "look", "pause")} | {"publishing": topic}
    for name, pipeline in made.pipelines.items():
        definition = json.dumps(filled(state_machine(pipeline, QUICK), arns))
        clients("stepfunctions").create_state_machine(
            name=names.state_machine(name), definition=definition, roleArn=ROLE
        )


def _queue_arn(name: str) -> str:
    return f"arn:aws:sqs:{emulated_aws.REGION}:{ACCOUNT}:{name}"


def _source(queue: Queue) -> lambdas.EventSource:
    return lambdas.EventSource(_queue_arn(queue.name), queue.read_by, queue.batch)


def _pipe(made: OnAws, stopping: threading.Event) -> None:
    """Carry new entries of the log's stream through their function to the bus, as the pipe does."""
    table = made.clients("dynamodb").describe_table(TableName=made.deployment.names.table("log"))["Table"]
    streams, arn = made.clients("dynamodbstreams"), table["LatestStreamArn"]
    [shard] = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]
    start = {"StreamArn": arn, "ShardId": shard["ShardId"], "ShardIteratorType": "TRIM_HORIZON"}
    iterator = streams.get_shard_iterator(**start)["ShardIterator"]
    while not stopping.wait(0.05):
        answer = streams.get_records(ShardIterator=iterator, Limit=100)
        iterator = answer["NextShardIterator"]
        records = json.loads(json.dumps(answer["Records"], default=_as_text))
        events, is_error = lambdas.call(made.deployment.names.function("announcing"), records)
        assert not is_error, events
        for event in events:
            entry = {
                "Source": SOURCE,
                "DetailType": event["type"],
                "Detail": json.dumps(event),
                "EventBusName": made.deployment.names.bus,
            }
            made.clients("events").put_events(Entries=[entry])
            made.told.append(event["id"])


def _as_text(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _nothing() -> Deployed:
    raise AssertionError("a function was called when its deployment was gone")
