"""Whether what functions asked of AWS is within their roles, by a small and strict reading of IAM's policies.

Strict where IAM is: an action or a resource must match as a whole, only an action's case is no matter, and what is not
allowed is denied. Our roles have no conditions and no denials.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from pressroom.deployment.deployed import Deployment
from pressroom.deployment.functions import Function
from pressroom.deployment.grants import Grant
from tests import aws_calls, iam_words
from tests.aws_calls import AwsCall
from tests.emulated_aws import REGION

_PLACE = {"{partition}": "aws", "{region}": REGION, "{account}": iam_words.ACCOUNT, "{key}": iam_words.KEY}
_READ_SECRET = "secretsmanager:GetSecretValue"


def allows(grants: Iterable[Grant], action: str, resource: str) -> bool:
    """Say whether one of the grants holds the action on the resource."""
    return any(
        any(_matches(one.lower(), action.lower()) for one in grant.actions)
        and any(_matches(_placed(one), resource) for one in grant.resources)
        for grant in grants
    )


def outside(deployment: Deployment, calls: Iterable[AwsCall] | None = None) -> list[AwsCall]:
    """Return what functions of a deployment asked for and may not; without `calls`, of all that was heard so far."""
    grants = {function.name: function.grants for function in deployment.every_function}
    return [
        call
        for call in asked(deployment, calls)
        if not allows(grants[call.function], call.action, call.resource) and not _may_be_refused(deployment, call)
    ]


def asked(deployment: Deployment, calls: Iterable[AwsCall] | None = None) -> list[AwsCall]:
    """Return every call of a deployment's functions, each with its own calls and with those of opening a runtime."""
    heard = aws_calls.calls_of(deployment.names.deployment) if calls is None else calls
    return list(dict.fromkeys(one for call in heard for one in _each(deployment, call)))


def opens(function: Function) -> bool:
    """Say whether a function opens a runtime; the one between the log and the bus does not."""
    return function.module != "announcing"


def _each(deployment: Deployment, call: AwsCall) -> Iterator[AwsCall]:
    callers = [call.function]
    if call.function == deployment.names.function(aws_calls.OPENING):
        callers = [function.name for function in deployment.every_function if opens(function)]
    resources = [call.resource]
    if call.resource == iam_words.A_WAITING_TASK:
        machines = (part.state_machine for part in deployment.pipelines)
        resources = [f"arn:aws:states:{REGION}:{iam_words.ACCOUNT}:stateMachine:{machine}" for machine in machines]
    for caller in callers:
        yield from (AwsCall(caller, call.action, resource) for resource in resources)


def _may_be_refused(deployment: Deployment, call: AwsCall) -> bool:
    """Say whether a refusal tells the truth: that there is no such secret, in a section that nobody keeps any in."""
    if call.action != _READ_SECRET:
        return False
    kept = [deployment.names.secret(section) for section in (*deployment.secrets, "server")]
    return not any(call.resource.endswith(f":secret:{name}-AbC123") for name in kept)


def _placed(resource: str) -> str:
    for name, value in _PLACE.items():
        resource = resource.replace(name, value)
    assert "{" not in resource, f"{resource} holds what nobody fills in"
    return resource


def _matches(pattern: str, text: str) -> bool:
    """Match as IAM does: `*` is any text, also across colons and slashes, and `?` is one character."""
    told = "".join({"*": ".*", "?": "."}.get(sign, re.escape(sign)) for sign in pattern)
    return re.fullmatch(told, text, re.DOTALL) is not None
