"""What stands on AWS, and what each function may do there, read from the value that Terraform is made of."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from docs.example_deployment import SETTINGS, example
from docs.reference_pages._markdown import begin, finish, table
from pressroom.deployment import queues
from pressroom.deployment.deployed import Deployment
from pressroom.deployment.functions import Function
from pressroom.deployment.grants import EVERYTHING, Grant
from pressroom.deployment.names import KEY
from pressroom.deployment.rules import Rule
from pressroom.runtimes.aws_shapes import table_variables

OF_MACHINES = ("steps", "look", "pause")
"""Functions that state machines call."""


def page() -> str:
    deployment = example()
    lines = begin(
        "On AWS",
        "What `pressroom aws synth` makes of these settings, with every pipeline that is installed. `{account}` is the "
        "number of your account. How it hangs together, with a picture: [Pressroom on AWS](../aws.md).",
        f"```toml\n{SETTINGS}```",
    )
    lines += _functions(deployment)
    lines += _roles(deployment)
    lines += _queues(deployment)
    lines += _rules(deployment)
    lines += _machines(deployment)
    lines += _tables(deployment)
    lines += ["", "## Settings and secrets", "", "In Parameter Store, one parameter a section:"]
    lines += ["", _listed(deployment.names.parameter(section) for section in deployment.settings) + "."]
    lines += ["", "In Secrets Manager, one secret a section:"]
    lines += ["", _listed(deployment.names.secret(section) for section in deployment.secrets) + "."]
    return finish(lines)


def _functions(deployment: Deployment) -> list[str]:
    at_once = sum(queue.at_once for queue in deployment.every_queue)
    lines = ["", "## Functions", ""]
    lines.append(
        f"{len(deployment.every_function)} on Lambda, each with a role, a log and two alarms of its own. "
        f"Queues let {at_once} of them run at the same time at most; state machines and requests are not bounded so."
    )
    rows = [
        [f"`{one.name}`", one.does, woken_by(deployment, one), _seconds(one), f"{one.memory_mb:,}", one.package.value]
        for one in deployment.every_function
    ]
    return lines + table(["function", "does", "is called by", "at most", "MB", "package"], rows)


def woken_by(deployment: Deployment, function: Function) -> str:
    found = [f"the queue `{queue.name}`" for queue in deployment.every_queue if queue.read_by == function.name]
    if len(found) > 1:
        found = [f"{len(found)} queues"]
    found += [f"`{alarm.expression}`" for alarm in deployment.alarms if alarm.function == function.name]
    if any(alarm.function == function.name for part in deployment.pipelines for alarm in part.alarms):
        found.append("the pipelines' schedules")
    if function.module in OF_MACHINES:
        found.append("state machines")
    return ", ".join(found) or {"http": "API Gateway", "announcing": "the pipe"}[function.module]


def _seconds(function: Function) -> str:
    return f"{int(function.time_out.total_seconds())} s"


def _roles(deployment: Deployment) -> list[str]:
    """Return what each role may; what all may that open a runtime is told once."""
    opening = [one for one in deployment.every_function if one.module != "announcing"]
    shared = [grant for grant in opening[0].grants if all(grant in one.grants for one in opening)]
    lines = ["", "## Roles", ""]
    lines.append(
        "A function may do what stands here and nothing else. What is named is meant with what is in it: objects of "
        "a bucket, indexes of a table. Each writes its own log, and"
    )
    rows = [[f"`{grant.why}`", _actions(grant), _things(deployment, grant)] for grant in shared]
    lines += table(["all but `announcing` may", "actions", "on"], rows)
    rows = [
        [f"`{one.name}`", f"`{grant.why}`", _actions(grant), _things(deployment, grant)]
        for one in deployment.every_function
        for grant in one.grants
        if grant.why != "WriteLog" and (grant not in shared or one not in opening)
    ]
    return lines + table(["function", "may", "actions", "on"], rows)


def _actions(grant: Grant) -> str:
    """Return the actions by their service: `sqs: DeleteMessage, ReceiveMessage`."""
    services: dict[str, list[str]] = {}
    for action in sorted(grant.actions):
        service, _, verb = action.partition(":")
        services.setdefault(service, []).append(verb)
    return "; ".join(f"{service}: {', '.join(verbs)}" for service, verbs in services.items())


def _things(deployment: Deployment, grant: Grant) -> str:
    """Return what a grant is on, without what all ARNs begin with and without what lies within what is named."""
    if EVERYTHING in grant.resources:
        return "everything: IAM knows no resource for it"
    if grant.resources == (KEY,):
        return f"the key `{deployment.names.key_alias}`"
    short = sorted({resource.split(":", 5)[5].removesuffix("-??????") for resource in grant.resources})
    named = [one for one in short if not any(one.startswith(f"{other}/") for other in short)]
    return next((said for said, all_of_them in _wholes(deployment) if named == all_of_them), _listed(named))


def _wholes(deployment: Deployment) -> list[tuple[str, list[str]]]:
    """Return what is named as a whole where a role has it on every one."""
    names = deployment.names
    machines = sorted(part.state_machine for part in deployment.pipelines)
    return [
        ("every table", sorted(f"table/{names.table(shape['suffix'])}" for shape in table_variables())),
        ("every pipeline's state machine", [f"stateMachine:{one}" for one in machines]),
        ("executions of every pipeline", [f"execution:{one}:*" for one in machines]),
        ("every pipeline's queue", sorted(part.queue.name for part in deployment.pipelines)),
    ]


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _queues(deployment: Deployment) -> list[str]:
    lines = ["", "## Queues", ""]
    lines.append(
        f"A message is hidden for {_minutes(queues.VISIBILITY)} while a function has it, kept for "
        f"{queues.RETENTION.days} days, and dead after {queues.RECEIVES} tries: then it lies in the queue `…-dead` for "
        f"{queues.DEAD_RETENTION.days} days. Functions wait {int(queues.LONG_POLLING.total_seconds())} s for one."
    )
    filled = {rule.queue: f"the rule `{rule.name}`" for rule in _every_rule(deployment)}
    rows = [
        [
            f"`{queue.name}`",
            filled.get(queue.name) or f"the topic `{deployment.names.topic}`, `queue` = `{queue.topic_filter[0]}`",
            f"`{queue.read_by}`",
            f"{queue.at_once} × {queue.batch}",
        ]
        for queue in deployment.every_queue
    ]
    return lines + table(["queue", "is filled by", "is read by", "calls at once × messages"], rows)


def _minutes(time: timedelta) -> str:
    return f"{time // timedelta(minutes=1)} minutes"


def _every_rule(deployment: Deployment) -> list[Rule]:
    of_parts = [part.rule for part in deployment.pipelines] + [part.rule for part in deployment.subscriptions]
    return [*of_parts, *deployment.rules]


def _rules(deployment: Deployment) -> list[str]:
    lines = ["", "## Rules", "", "On EventBridge; each sends what matches to the queue of its own name."]
    rows = [
        [f"`{rule.name}`", f"`{rule.bus or 'default'}`", _pattern(rule.pattern)] for rule in _every_rule(deployment)
    ]
    return lines + table(["rule", "bus", "matches"], rows)


def _pattern(pattern: dict[str, Any]) -> str:
    types = " or ".join(f"`{one}`" for one in pattern.get("detail-type", []))
    said = [f"source `{pattern['source'][0]}`", f"type {types}" if types else "every type"]
    if "detail" in pattern:
        said.append(f"`{json.dumps(pattern['detail'], sort_keys=True)}`")
    return ", ".join(said)


def _machines(deployment: Deployment) -> list[str]:
    lines = ["", "## State machines and schedules", "", "One for each pipeline; an execution is named by its job."]
    rows = [
        [f"`{part.state_machine}`", "; ".join(f"`{one.expression}` {one.zone}" for one in part.alarms) or "none"]
        for part in deployment.pipelines
    ]
    return lines + table(["state machine", "schedule, which calls `housekeeping`"], rows)


def _tables(deployment: Deployment) -> list[str]:
    lines = ["", "## Tables", "", "On DynamoDB, paid by request. Indexes hold keys alone."]
    rows = [
        [
            f"`{deployment.names.table(shape['suffix'])}`",
            f"`{shape['hash_key']}`, `{shape['range_key']}`",
            _listed(shape["indexes"]) or "none",
            f"`{shape['stream']}`" if shape["stream"] else "none",
            f"`{shape['ttl']}`" if shape["ttl"] else "none",
        ]
        for shape in table_variables()
    ]
    return lines + table(["table", "keys", "indexes", "stream", "time to live"], rows)
