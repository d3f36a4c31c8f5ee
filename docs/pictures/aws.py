"""The deployed system: what comes in, what is stored, how the word of it goes on, and who acts on it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from docs.example_deployment import example
from docs.pictures._drawing import LABEL, Card, Drawing, Labels
from docs.reference_pages.aws import OF_MACHINES
from pressroom.deployment.deployed import Deployment
from pressroom.runtimes.aws_shapes import table_names

WIDTH, LEFT, BROAD, GAP = 488, 20, 424, 14
THIRD = (BROAD - 2 * GAP) / 3
RIGHT = LEFT + BROAD
STEP = 30
"""From a row to the next one."""
BESIDE = RIGHT + 14
"""Where the line runs by which everything comes back to the tables."""


def picture() -> str:
    deployment = example()
    drawing = Drawing(WIDTH)
    drawing.text(LEFT, 38, "Pressroom on AWS", "ink name")
    drawing.text(RIGHT, 38, f"the deployment “{deployment.names.deployment}”", "soft small", "end")
    drawing.parts.append(f'<path class="rule" d="M{LEFT} 52H{RIGHT}" fill="none"/>')
    entered = _what_comes_in(drawing, deployment, 66)
    stored, bottom = entered + STEP, _what_is_stored(drawing, deployment, entered + STEP)
    for number in range(3):
        _down(drawing, number, entered, stored)
    bottom = _the_bus(drawing, deployment, _told(drawing, deployment, bottom))
    queues = bottom + STEP
    for number in range(3):
        _down(drawing, number, bottom, queues)
    bottom = _queues(drawing, deployment, queues)
    drawing.arrow(f"M{LEFT + 2 * THIRD + GAP:g} {queues + 28:g}h{GAP - 2}")  # an event lets a job go on that waited
    _down(drawing, 0, bottom, bottom + STEP)
    _down(drawing, 2, bottom, bottom + STEP)
    machines = bottom + STEP
    bottom = _machines(drawing, deployment, machines)
    publishing = _sent(drawing, bottom)
    bottom = _channels(drawing, deployment, publishing)
    drawing.parts.append(f'<path class="line" d="M{RIGHT} {machines + 30:g}H{BESIDE}"/>')
    drawing.arrow(f"M{RIGHT} {publishing + 30:g}H{BESIDE}V{stored + 30:g}H{RIGHT + 2}")
    drawing.along(BESIDE + 6, (stored + publishing) / 2 + 30, "what was done is stored")
    _outcomes(drawing, bottom)
    bottom = _around(drawing, deployment, bottom + STEP + 42 + 20)
    return drawing.svg(bottom + 20, "Pressroom on AWS", _described(deployment))


def _thirds(*cards: Card) -> list[tuple[Card, float, float]]:
    return [(card, _column(number), THIRD) for number, card in enumerate(cards)]


def _column(number: int) -> float:
    return round(LEFT + number * (THIRD + GAP), 1)


def _down(drawing: Drawing, number: int, top: float, bottom: float) -> None:
    middle = round(_column(number) + THIRD / 2, 1)
    drawing.arrow(f"M{middle:g} {top:g}V{bottom - 2:g}")


def _lambdas(deployment: Deployment, names: Iterable[str]) -> Labels:
    """Return functions by their short names, each once."""
    short = dict.fromkeys(name.removeprefix(f"{deployment.names.deployment}-") for name in names)
    return Labels(tuple(f"λ {name}" for name in short))


def _named(deployment: Deployment, *modules: str) -> Labels:
    return _lambdas(deployment, (one.name for one in deployment.functions if one.module in modules))


def _what_comes_in(drawing: Drawing, deployment: Deployment, y: float) -> float:
    uploads = [queue.read_by for queue in deployment.queues if queue.name == deployment.names.queue("uploads")]
    clock = _lambdas(deployment, (alarm.function for alarm in deployment.alarms))
    return drawing.row(
        y,
        _thirds(
            Card("Uploads", "S3, SQS", ("what clients", "have sent"), (_lambdas(deployment, uploads),)),
            Card("Requests", "API Gateway", ("API, pages,", "webhooks"), (_named(deployment, "http"),)),
            Card("Clock", "Scheduler", (), (clock,)),
        ),
    )


def _what_is_stored(drawing: Drawing, deployment: Deployment, y: float) -> float:
    words = ("Each step with its events,", "in one transaction")
    state = Card("State", "DynamoDB", words, (Labels(tuple(table_names())),), is_marked=True)
    files = Card("Files", "S3", (), (Labels(_buckets(deployment)),))
    return drawing.row(y, [(files, LEFT, THIRD), (state, _column(1), 2 * THIRD + GAP)])


def _buckets(deployment: Deployment) -> tuple[str, ...]:
    """Return what buckets are for, by the roles that may use them."""
    named = re.compile(rf"s3:::{re.escape(deployment.names.deployment)}-(\w+)-")
    grants = [grant for one in deployment.every_function for grant in one.grants]
    found = {match[1] for grant in grants for part in grant.resources if (match := named.search(part))}
    return tuple(sorted(found))


def _told(drawing: Drawing, deployment: Deployment, y: float) -> float:
    """Draw the pipe from the log to the bus; return where the bus begins."""
    bottom = y + STEP + 14
    _down(drawing, 1, y, bottom)
    middle = _column(1) + THIRD / 2
    drawing.text(middle - 12, y + 26, "a pipe tells what is new", "soft small", "end")
    for name in _named(deployment, "announcing").names:
        drawing.label(middle + 12, y + 10, name)
    return bottom


def _the_bus(drawing: Drawing, deployment: Deployment, y: float) -> float:
    awaited = [part.rule for part in deployment.pipelines] + [part.rule for part in deployment.subscriptions]
    types = dict.fromkeys(name for rule in awaited for name in rule.pattern.get("detail-type", []))
    others = [rule.pattern.get("detail-type", []) for rule in deployment.rules if rule.bus]
    events = Labels((*types, f"and {sum(map(len, others))} more"), "event")
    card = Card("Bus", "EventBridge, with an archive of every event", (), (events,))
    return drawing.row(y, [(card, LEFT, BROAD)])


def _queues(drawing: Drawing, deployment: Deployment, y: float) -> float:
    begin = _lambdas(deployment, (part.queue.read_by for part in deployment.pipelines))
    hand_over = _lambdas(deployment, (part.queue.read_by for part in deployment.subscriptions))
    waking = [queue.read_by for queue in deployment.queues if queue.name == deployment.names.queue("wake")]
    return drawing.row(
        y,
        _thirds(
            Card("Begin", f"SQS, {len(deployment.pipelines)} queues", ("one for each", "pipeline"), (begin,)),
            Card(
                "Hand over",
                f"SQS, {len(deployment.subscriptions)} queues",
                ("one for each", "subscriber"),
                (hand_over,),
            ),
            Card("Wake", "SQS", ("jobs that", "waited"), (_lambdas(deployment, waking),)),
        ),
    )


def _machines(drawing: Drawing, deployment: Deployment, y: float) -> float:
    pipelines = Labels(tuple(part.name for part in deployment.pipelines))
    words = ("An execution for each job. It asks; the core decides.",)
    card = Card("Walk", "Step Functions", words, (pipelines, _named(deployment, *OF_MACHINES)))
    return drawing.row(y, [(card, LEFT, BROAD)])


def _sent(drawing: Drawing, y: float) -> float:
    """Draw how posts come to their channels; return where those begin."""
    bottom = y + STEP + 4
    _down(drawing, 0, y, bottom)
    drawing.text(_column(0) + THIRD / 2 + 12, y + 21, "SNS: each post to the queue of its channel", "soft small")
    return bottom


def _channels(drawing: Drawing, deployment: Deployment, y: float) -> float:
    functions = _lambdas(deployment, (part.function.name for part in deployment.channels))
    words = ("Each reads its own channel's secrets, and no other's.",)
    return drawing.row(
        y, [(Card("Publish", "SQS, a queue and a function a channel", words, (functions,)), LEFT, BROAD)]
    )


def _outcomes(drawing: Drawing, y: float) -> None:
    half = (BROAD - GAP) / 2
    for x, kind, said in ((LEFT, "good", "Published, once"), (LEFT + half + GAP, "wait", "Held for a person")):
        drawing.arrow(f"M{x + half / 2:g} {y:g}V{y + STEP - 2:g}")
        drawing.box(x, y + STEP, half, 42, kind)
        drawing.text(x + half / 2, y + STEP + 26, said, f"{kind}ink name", "middle")


def _around(drawing: Drawing, deployment: Deployment, y: float) -> float:
    lines = (
        f"{len(deployment.every_function)} functions (λ), each with a role of its own",
        f"{len(deployment.every_queue)} queues, each with dead letters and alarms",
        "one key of its own; no secret in Terraform",
        "a word that is lost is sent again within minutes",
    )
    height = LABEL * len(lines) + 20
    drawing.box(LEFT, y, BROAD, height, "log")
    for number, line in enumerate(lines):
        drawing.text(LEFT + 16, y + 28 + number * LABEL, line, "ink small")
    return y + height


def _described(deployment: Deployment) -> str:
    pipelines = ", ".join(part.name for part in deployment.pipelines)
    return (
        "Requests, uploads and the clock change the state in DynamoDB; files lie in S3. A pipe tells EventBridge what "
        "is new in the log. Rules fill queues in SQS: of pipelines, of subscribers, and of jobs that waited. Functions "
        f"read them and start a Step Functions execution for each job ({pipelines}), which asks the core at each node. "
        "Posts go by SNS to the queue of their channel, whose function publishes them, once, or holds them for a "
        "person. What was done is stored in the state again."
    )
