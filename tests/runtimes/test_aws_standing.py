"""What is told of a deployment is what AWS says, and what is missing is named."""

from __future__ import annotations

import time

import pytest

from pressroom.config import Aws
from pressroom.deployment.deployed import Deployment
from pressroom.errors import ConfigurationError, PressroomError
from pressroom.runtimes.aws_standing import lines_of, standing_of
from tests import emulated_aws
from tests.deployment.deployments import a_deployment


def _made() -> tuple[Deployment, Aws]:
    settings = emulated_aws.deployment()
    return a_deployment(aws={"name": settings.name, "region": settings.region}), settings


def test_where_nothing_is_deployed_everything_is_missing() -> None:
    deployment, settings = _made()
    found = standing_of(deployment, settings)
    assert not found.is_deployed
    assert len(found.missing) == len(deployment.every_function) + len(deployment.every_queue)


def test_what_waits_and_what_is_dead_is_counted() -> None:
    deployment, settings = _made()
    sqs = emulated_aws.clients(settings)("sqs")
    queue = deployment.queues[0]
    urls = {name: sqs.create_queue(QueueName=name)["QueueUrl"] for name in (queue.name, queue.dead)}
    for url in (urls[queue.name], urls[queue.name], urls[queue.dead]):
        sqs.send_message(QueueUrl=url, MessageBody="{}")
    found = standing_of(deployment, settings)
    assert found.queues == [{"name": queue.name, "waiting": 2, "in_flight": 0, "dead": 1}]
    assert found.is_deployed
    assert found.needs_a_person
    assert f"the queue {queue.name}" not in found.missing


def test_an_alarm_that_rings_is_told_with_its_reason() -> None:
    deployment, settings = _made()
    client = emulated_aws.clients(settings)("cloudwatch")
    for name in ("wake-waits", "uploads-waits"):
        client.put_metric_alarm(
            AlarmName=f"{settings.name}-{name}",
            AlarmDescription="Something has waited.",
            MetricName="Age",
            Namespace="AWS/SQS",
            Statistic="Maximum",
            Period=60,
            EvaluationPeriods=1,
            Threshold=1,
            ComparisonOperator="GreaterThanThreshold",
        )
    client.set_alarm_state(AlarmName=f"{settings.name}-wake-waits", StateValue="ALARM", StateReason="It does.")
    found = standing_of(deployment, settings)
    assert found.alarms == [{"name": f"{settings.name}-wake-waits", "why": "Something has waited."}]


def test_lines_of_a_function_come_in_their_order() -> None:
    deployment, settings = _made()
    function = deployment.functions[0].name
    client = emulated_aws.clients(settings)("logs")
    group = {"logGroupName": f"/aws/lambda/{function}"}
    client.create_log_group(**group)
    client.create_log_stream(**group, logStreamName="one")
    now = int(time.time() * 1000)
    lines = [{"timestamp": now - 2000 + number, "message": f"line {number}\n"} for number in range(3)]
    client.put_log_events(**group, logStreamName="one", logEvents=lines)
    assert [line["text"] for line in lines_of(function, settings, 5, "")] == ["line 0", "line 1", "line 2"]


def test_a_function_without_a_log_is_told() -> None:
    _, settings = _made()
    with pytest.raises(PressroomError, match="is it deployed"):
        list(lines_of(f"{settings.name}-nothing", settings, 5, ""))


def test_whoever_is_not_signed_in_is_told_how(monkeypatch: pytest.MonkeyPatch) -> None:
    deployment, settings = _made()
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "nowhere")
    monkeypatch.setenv("AWS_CONFIG_FILE", "nowhere")
    with pytest.raises(ConfigurationError, match="no credentials"):
        standing_of(deployment, settings)
