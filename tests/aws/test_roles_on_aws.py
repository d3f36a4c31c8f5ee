"""Roles on AWS: they hold what functions ask for, and nothing that none of them ever asks for but for a reason.

What they must hold is asked at the end of every deployment on the emulator (`tests/on_aws.py`), whatever runs there.
Here each function does what it is for, so that what a role holds beyond that is found. AWS itself decides alike only as
far as `tests/iam_words.py` knows what each call needs.
"""

from __future__ import annotations

import asyncio
import fnmatch
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx

from pressroom import registry
from pressroom.api_keys import ApiKeys, Scope
from pressroom.arguments import Context
from pressroom.backends.memory.secrets import MemorySecrets
from pressroom.changes import Change
from pressroom.clocks import SystemClock
from pressroom.contracts.recognition_generator import a_picture_of
from pressroom.contracts.samples import happened
from pressroom.deployment.deployed import Deployment
from pressroom.deployment.functions import Function
from pressroom.deployment.grants import Grant
from pressroom.entrypoints.aws_lambda import _tokens
from pressroom.entrypoints.aws_lambda._opened import container
from pressroom.errors import AccountDisconnected, BadInput
from pressroom.generators.base import Setup
from pressroom.generators.polly import Polly, VoiceOptions
from pressroom.generators.rekognition import Rekognition, RekognitionOptions
from pressroom.pipeline import On, Pipeline
from pressroom.speech import SpeechRequest
from pressroom.testing import ManualClock
from tests import aws_calls, roles
from tests.deployment.deployments import a_deployment
from tests.engine import Calls, a_pipeline
from tests.fakes import polly
from tests.fakes.rekognition import FakeRekognition
from tests.on_aws import OnAws, on_aws, until
from tests.press import Network, leaflet
from tests.publishers.ses_bench import a_bench
from tests.uploading import PNG, looking

_BY_LAMBDA = "Lambda does it in the function's name"
_BY_DYNAMODB = "DynamoDB says that it does it in the name of whoever reads or writes a table under the key"
NEVER_CALLED: Mapping[str, str] = {
    "*/WriteLog/*": _BY_LAMBDA,
    "*/Trace/*": _BY_LAMBDA,
    "*/ReadQueue/sqs:DeleteMessage": _BY_LAMBDA,
    "*/ReadQueue/sqs:GetQueueAttributes": _BY_LAMBDA,
    "*/ReadQueue/sqs:ReceiveMessage": _BY_LAMBDA,
    "*/ReadQueue/sqs:ChangeMessageVisibility": "only for a word that cannot be dealt with yet",
    "*/UseTheKey/kms:DescribeKey": _BY_DYNAMODB,
    "*/UseTheKey/kms:Encrypt": _BY_DYNAMODB,
    "*/UseTheKey/kms:GenerateDataKey": f"{_BY_DYNAMODB}; and what S3, SQS and Secrets Manager keep is sealed by it",
    "*/UseTheKey/kms:ReEncryptFrom": _BY_DYNAMODB,
    "*/UseTheKey/kms:ReEncryptTo": _BY_DYNAMODB,
    "*/*Assets/s3:ListBucket": "to be told that something is not there, and not that one may not know",
    "http/RemoveAssets/s3:DeleteObject": "for a file sent through the function itself whose job has ended meanwhile",
    "housekeeping/ChangeState/dynamodb:*": "nothing is old enough here to be removed, and no schedule is due",
    "housekeeping/RemoveAssets/s3:DeleteObject": "nothing is old enough here to be removed",
    "measuring/ChangeState/dynamodb:*": "no post is old enough here that its counts are due",
    "pause/AnswerTasks/states:SendTaskSuccess": "only if what is waited for came before the token was kept",
    "polling/ChangeState/dynamodb:*": "there is no source here; the photo feed's way on AWS begins at one",
    "publishing/SignAddresses/secretsmanager:GetSecretValue": "for the links in letters; the bedtime story has some",
    "steps/SignAddresses/secretsmanager:GetSecretValue": "a step may ask for links, and only some pipelines' steps do",
}
"""Why a function may do what none of the functions was seen to do: module, statement and action, as patterns."""
_READING = {"dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:Query"}


def _of_module(deployment: Deployment, module: str) -> Iterator[Grant]:
    for function in deployment.every_function:
        if function.module == module:
            yield from function.grants


def _never_called(deployment: Deployment) -> Iterator[str]:
    """Return what functions may do and have not done, as `module/statement/action`."""
    calls = roles.asked(deployment)
    module_of = {function.name: function.module for function in deployment.every_function}
    for function in deployment.every_function:
        # Channels have a function each, and one code.
        own = [call for call in calls if module_of[call.function] == function.module]
        for grant in function.grants:
            whole = [grant, *(other for other in _of_module(deployment, function.module) if other.why == grant.why)]
            called = {call.action for call in own if roles.allows(whole, call.action, call.resource)}
            idle = set(grant.actions) - called
            for kind in (_READING, {one for one in grant.actions if one.startswith("dynamodb:")} - _READING):
                # Which calls a reading or a change becomes depends on what is stored: they are one right.
                if kind & called:
                    idle -= kind
            yield from (f"{function.module}/{grant.why}/{action}" for action in sorted(idle))


# --- what each function is for


def _api(aws: OnAws, method: str, address: str, body: Any = None) -> Any:
    """Ask the HTTP API as API Gateway does, with a key; `address` is a path with its query."""
    path, _, query = address.partition("?")
    _, key = ApiKeys(aws.runtime.ports.tables, aws.runtime.ports.clock).create("tests", list(Scope))
    host = "abc123.execute-api.eu-central-1.amazonaws.com"
    event = {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": query,
        "headers": {"host": host, "authorization": f"Bearer {key}", "content-type": "application/json"},
        "requestContext": {
            "domainName": host,
            "http": {"method": method, "path": path, "protocol": "HTTP/1.1", "sourceIp": "192.0.2.1"},
            "stage": "$default",
        },
        "body": None if body is None else json.dumps(body),
        "isBase64Encoded": False,
    }
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    answer = aws.call("http", event)
    asyncio.set_event_loop(None)
    loop.close()
    assert answer["statusCode"] < 400, answer
    return json.loads(answer["body"]) if answer["body"].startswith("{") else None


def _publish_held_and_resumed(aws: OnAws, network: Network) -> None:
    network.enqueue(AccountDisconnected("The token was revoked."))
    [job] = aws.runtime.runner.request("leaflet", {"text": "Boo!"})
    until(lambda: bool(list(_tokens.waiting(aws.runtime.ports.tables, job.id))), aws.why(job.id))
    _api(aws, "POST", "/api/v1/channels/main/resume")
    assert aws.finished(job.id).status == "completed"


def _publish_a_picture(aws: OnAws) -> None:
    for job in aws.runtime.runner.request("daily_post", {"date": "2026-10-30"}):
        assert aws.finished(job.id).status == "completed"


def _wait_for_an_event(aws: OnAws) -> None:
    [job] = aws.runtime.runner.request("waits", {})
    until(lambda: bool(list(_tokens.waiting(aws.runtime.ports.tables, job.id))), aws.why(job.id))
    aws.runtime.bus.commit(Change(events=(happened("PhotoArrived", job.id),)))
    assert aws.finished(job.id).status == "completed"


def _fail_and_do_again(aws: OnAws) -> None:
    [job] = aws.runtime.runner.request("breaks", {})
    assert aws.finished(job.id).status == "failed"
    until(lambda: aws.executions("breaks") == {job.id: "FAILED"})
    aws.runtime.runner.retry(job.id)
    until(lambda: aws.job(job.id).status == "completed", aws.why(job.id))


def _upload(aws: OnAws, data: bytes, ends: str) -> None:
    wish = {"pipeline": "look_at", "input": {}, "media_type": "image/png", "bytes": len(PNG)}
    asked = _api(aws, "POST", "/api/v1/uploads", wish)
    assert httpx.put(asked["upload_url"], content=data, headers=asked["headers"]).status_code == 200
    assert aws.finished(asked["job_id"]).status == ends
    if ends == "completed":
        _api(aws, "GET", aws.runtime.ports.blobs.sign(asked["key"], 1, SystemClock().now() + timedelta(minutes=5)))


def _lose_a_word(aws: OnAws) -> None:
    """Let housekeeping find a job that nobody was told of."""
    names = aws.deployment.names
    aws.clients("events").disable_rule(Name=names.pipeline_queue("leaflet"), EventBusName=names.bus)
    [job] = aws.runtime.runner.request("leaflet", {"text": "Boo again!"})
    queue = aws.runtime.ports.queue

    class Later:
        def __getattr__(self, name: str) -> Any:
            return getattr(queue, name)

        def overdue(self, before: Any, *, limit: int = 100) -> Any:
            return queue.overdue(before + timedelta(minutes=3), limit=limit)

    ports = replace(aws.runtime.ports, queue=Later())
    later = replace(aws.deployed, runtime=replace(aws.runtime, ports=ports))
    container().open_with(lambda: later)
    aws.call("housekeeping")
    container().open_with(lambda: aws.deployed)
    assert aws.finished(job.id).status == "completed"


def _renew_a_token(aws: OnAws, function: str, name: str) -> None:
    """Let a function store what a network gave it in the place of a token, in a place that holds nothing yet."""
    section = aws.deployment.names.secret(name.rpartition(".")[0])
    if aws.runtime.ports.secrets.get(name):
        aws.clients("secretsmanager").delete_secret(SecretId=section, ForceDeleteWithoutRecovery=True)
    with aws_calls.called_by(aws.deployment.names.function(function)):
        for value in ("first-of-its-kind", "second-of-its-kind"):
            aws.runtime.ports.secrets.set(name, value)


@contextmanager
def _everything() -> Iterator[tuple[OnAws, Network]]:
    calls, broken = Calls(), [BadInput("It is not there.")]

    def draw(_: Context) -> None:
        if broken:
            raise broken.pop()

    pipelines: list[Pipeline] = [
        leaflet,
        registry.pipeline("daily_post"),
        looking(max_bytes=1000),
        a_pipeline(calls.step("write"), On("PhotoArrived"), calls.step("tell"), name="waits"),
        a_pipeline(calls.step("draw", draw), name="breaks"),
    ]
    network = Network(ManualClock(SystemClock().now()))
    sections = {
        "channels": {"main": {"network": "preview"}},
        "pipelines": {"leaflet": {"channels": ["main"]}, "daily_post": {"channels": ["main"]}},
        # Nobody is there, so that it is tried again.
        "handlers": {"notify": {"enabled": True, "url": "http://127.0.0.1:9/", "events": ["JobFailed"]}},
    }
    with on_aws(*pipelines, publishers={"main": network}, **sections) as aws:
        yield aws, network


def test_what_functions_may_do_they_do_or_it_is_said_why_they_may() -> None:
    with _everything() as (aws, network):
        _publish_held_and_resumed(aws, network)
        _publish_a_picture(aws)
        _wait_for_an_event(aws)
        _fail_and_do_again(aws)
        _upload(aws, PNG, "completed")
        _upload(aws, PNG + b"more", "failed")
        _lose_a_word(aws)
        for function in ("http", "housekeeping", "measuring", "publish-main"):
            _renew_a_token(aws, function, "channels.main.access_token")
        for function in ("polling", "measuring", "housekeeping"):
            aws.call(function)
        never = list(_never_called(aws.deployment))
    unexplained = [one for one in never if not any(fnmatch.fnmatch(one, known) for known in NEVER_CALLED)]
    assert not unexplained, "\n".join(unexplained)


# --- services that generators and publishers are


def _of(deployment: Deployment, module: str) -> Function:
    return next(function for function in deployment.every_function if function.module == module)


def _served(function: Function, prefix: str, name: str) -> None:
    """Assert that what was asked of a service is what the function may do there, all of it and nothing else."""
    found = {(call.action, call.resource) for call in aws_calls.calls_of(name) if call.action.startswith(prefix)}
    held = {action for grant in function.grants for action in grant.actions if action.startswith(prefix)}
    assert {action for action, _ in found} == held
    assert all(roles.allows(function.grants, *one) for one in found)


def test_steps_may_let_polly_speak_and_nothing_else_there() -> None:
    keys = {"generators.voice.access_key_id": polly.KEY_ID, "generators.voice.secret_access_key": polly.SECRET_KEY}
    with polly.FakePolly() as service, aws_calls.called_by("speaking-steps"):
        options = VoiceOptions(base_url=service.base_url, region=polly.REGION, sentence_marks=True)
        setup = Setup("voice", options, MemorySecrets(keys), ManualClock())
        Polly(setup).ask(SpeechRequest(text="The lamp went out."))
    _served(_of(a_deployment(), "steps"), "polly:", "speaking")


def test_steps_may_let_rekognition_read_and_nothing_else_there() -> None:
    with FakeRekognition() as service, aws_calls.called_by("reading-steps"):
        keys = {
            "generators.eyes.access_key_id": service.keys.key_id,
            "generators.eyes.secret_access_key": service.keys.secret,
        }
        options = RekognitionOptions(base_url=service.base_url, region="eu-central-1")
        setup = Setup("eyes", options, MemorySecrets(keys), ManualClock())
        Rekognition(setup).ask(a_picture_of("Morning edition"))
    _served(_of(a_deployment(), "steps"), "rekognition:", "reading")


def test_a_channel_of_mail_may_send_it_and_another_channel_may_not() -> None:
    with aws_calls.called_by("mailing-publish-main"), a_bench() as bench:
        bench.publisher.publish(bench.post, bench.prepare())
    channels = {"main": {"network": "ses"}, "sky": {"network": "preview"}}
    by_name = {part.name: part.function for part in a_deployment(channels=channels).channels}
    sent = [call for call in aws_calls.calls_of("mailing") if call.action.startswith("ses:")]
    assert {call.resource.rpartition(":")[2] for call in sent} == {
        "identity/the-sender",
        "configuration-set/press",
    }
    for call in sent:
        assert roles.allows(by_name["main"].grants, call.action, call.resource)
        assert not roles.allows(by_name["sky"].grants, call.action, call.resource)
