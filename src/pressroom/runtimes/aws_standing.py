"""How a deployment stands on AWS: asked of AWS itself, not of what Terraform remembers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from pressroom.backends.aws_clients import AwsClients
from pressroom.config import Aws
from pressroom.deployment.deployed import Deployment
from pressroom.errors import ConfigurationError, PressroomError, Unavailable


@dataclass(slots=True)
class Standing:
    region: str
    functions: list[dict[str, Any]] = field(default_factory=list)
    queues: list[dict[str, Any]] = field(default_factory=list)
    alarms: list[dict[str, str]] = field(default_factory=list)
    """Those that ring."""
    missing: list[str] = field(default_factory=list)
    """What the workspace asks for and AWS does not have."""

    @property
    def is_deployed(self) -> bool:
        return bool(self.functions or self.queues)

    @property
    def needs_a_person(self) -> bool:
        broken = any(one["state"] not in ("Active", "Pending", "Inactive") for one in self.functions)
        return bool(self.alarms or self.missing or broken or any(one["dead"] for one in self.queues))

    def as_dict(self) -> dict[str, Any]:
        return asdict(self) | {"is_deployed": self.is_deployed, "needs_a_person": self.needs_a_person}


def standing_of(deployment: Deployment, settings: Aws) -> Standing:
    """Ask AWS; raises `ConfigurationError` if it does not let us."""
    clients = AwsClients(settings)
    try:
        found = Standing(region=str(_asked(lambda: clients("lambda")).meta.region_name))
        for function in deployment.every_function:
            _look_at_function(clients, function.name, found)
        for queue in deployment.every_queue:
            _look_at_queue(clients, queue.name, queue.dead, found)
        _look_at_alarms(clients, deployment.names.deployment, found)
        return found
    finally:
        clients.close()


def lines_of(function: str, settings: Aws, minutes: int, contains: str) -> Iterator[dict[str, str]]:
    """Yield what a function has logged in the last minutes, oldest first; only lines with the text, if one is given."""
    clients = AwsClients(settings)
    since = datetime.now(UTC) - timedelta(minutes=minutes)
    request: dict[str, Any] = {"logGroupName": f"/aws/lambda/{function}", "startTime": int(since.timestamp() * 1000)}
    if contains:
        request["filterPattern"] = f'"{contains}"'
    try:
        while True:
            page = _asked(
                lambda: clients("logs").filter_log_events(**request),
                absent=f"{function} has no log in {settings.region or 'this region'}: is it deployed?",
            )
            for one in page["events"]:
                at = datetime.fromtimestamp(one["timestamp"] / 1000, UTC)
                yield {"at": at.isoformat(), "text": one["message"].rstrip("\n")}
            if not page.get("nextToken"):
                return
            request["nextToken"] = page["nextToken"]
    finally:
        clients.close()


def _look_at_function(clients: AwsClients, name: str, found: Standing) -> None:
    answer = _asked(lambda: clients("lambda").get_function(FunctionName=name), absent=None)
    if answer is None:
        found.missing.append(f"the function {name}")
        return
    about = answer["Configuration"]
    found.functions.append(
        {
            "name": name,
            "state": about.get("State", "Active"),
            "memory_mb": about["MemorySize"],
            "changed_at": about["LastModified"],
            "code": about["CodeSha256"],
        }
    )


def _look_at_queue(clients: AwsClients, name: str, dead: str, found: Standing) -> None:
    counts = _counts(clients, name)
    if counts is None:
        found.missing.append(f"the queue {name}")
        return
    given_up = _counts(clients, dead)
    found.queues.append(
        {
            "name": name,
            "waiting": counts["ApproximateNumberOfMessages"],
            "in_flight": counts["ApproximateNumberOfMessagesNotVisible"],
            "dead": given_up["ApproximateNumberOfMessages"] if given_up else 0,
        }
    )


def _counts(clients: AwsClients, queue: str) -> dict[str, int] | None:
    url = _asked(lambda: clients("sqs").get_queue_url(QueueName=queue)["QueueUrl"], absent=None)
    if url is None:
        return None
    wanted = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    answer = _asked(lambda: clients("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=wanted))
    return {name: int(answer["Attributes"][name]) for name in wanted}


def _look_at_alarms(clients: AwsClients, deployment: str, found: Standing) -> None:
    request: dict[str, Any] = {"AlarmNamePrefix": f"{deployment}-", "StateValue": "ALARM"}
    while True:
        page = _asked(lambda: clients("cloudwatch").describe_alarms(**request))
        found.alarms += [
            {"name": one["AlarmName"], "why": one.get("AlarmDescription", "")}
            for one in page["MetricAlarms"]
            if one["StateValue"] == request["StateValue"]
        ]
        if not page.get("NextToken"):
            return
        request["NextToken"] = page["NextToken"]


_RAISE = "raise"
_ABSENT = ("ResourceNotFoundException", "AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist")
_NOT_LET = ("AccessDenied", "AccessDeniedException", "UnrecognizedClientException", "InvalidClientTokenId")
_SIGN_IN = "Sign in (`aws sso login`), or set AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."


def _asked(call: Any, absent: str | None = _RAISE) -> Any:
    """Ask, and say in our words what AWS answers; `absent` is said where the thing is not there, None returns None."""
    from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError, PartialCredentialsError

    try:
        return call()
    except (NoCredentialsError, PartialCredentialsError) as error:
        raise ConfigurationError("AWS does not know who asks: there are no credentials.", todo=_SIGN_IN) from error
    except ClientError as error:
        code = str(error.response.get("Error", {}).get("Code", ""))
        if code in _ABSENT and absent is None:
            return None
        if code in _ABSENT and absent != _RAISE:
            raise PressroomError(str(absent), todo="`pressroom aws status` shows what there is.") from error
        if code in _NOT_LET or "Expired" in code:
            raise ConfigurationError(f"AWS refuses: {error}", todo=_SIGN_IN) from error
        raise PressroomError(f"AWS answered {code}.", detail=str(error)) from error
    except BotoCoreError as error:
        raise Unavailable(f"AWS cannot be reached: {error}.", todo="Try it again.") from error
