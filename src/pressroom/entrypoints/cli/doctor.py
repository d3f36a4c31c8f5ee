"""`pressroom doctor`: looks at everything that a run needs, and says what to do about what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from pressroom.entrypoints.cli._call import Call
from pressroom.entrypoints.cli._commands import single
from pressroom.entrypoints.cli._errors import FAILED

if TYPE_CHECKING:
    from pressroom.entrypoints.cli._findings import Line
    from pressroom.runtime import Runtime


def build() -> typer.Typer:
    return single(doctor)


def doctor(
    context: typer.Context,
    offline: Annotated[bool, typer.Option("--offline", help="Ask nobody outside this machine.")] = False,
) -> int:
    """Check the set-up, and say what to do about what is wrong.

    Looks at the settings, secrets, clock, disk, database, queues, channels, sources and models. Exit code 1 if
    something is wrong; what is only worth knowing (!) does not count.
    """
    from pressroom.entrypoints.cli._findings import is_bad, print_findings
    from pressroom.entrypoints.cli._output import print_json

    call = Call.of(context)
    lines = []
    for line in _checks(call, offline):
        lines.append(line)
        if not call.json:
            # At once: a network that does not answer takes its time.
            print_findings(call, [line])
    if call.json:
        print_json([line.as_dict() for line in lines])
    return FAILED if is_bad(lines) else 0


def _checks(call: Call, offline: bool) -> Iterator[Line]:
    from datetime import UTC, datetime

    from pressroom.entrypoints.cli import _machine_checks as machine
    from pressroom.entrypoints.cli._checks import from_core
    from pressroom.entrypoints.cli._findings import wrong
    from pressroom.entrypoints.cli._workspace import examine, opened, settings
    from pressroom.errors import PressroomError

    try:
        config = settings(call)
    except PressroomError as error:
        yield wrong("configuration", error.what, error.todo)
        yield from machine.clock_checks(datetime.now(UTC))
        return
    yield from machine.configuration_checks(config)
    yield from machine.clock_checks(datetime.now(UTC))
    if not call.is_on_aws:
        yield from machine.disk_checks(config.workspace)
    for finding in examine(call, config):
        yield from_core("database", finding)
    try:
        with opened(call) as runtime:
            yield from _runtime_checks(runtime, offline)
    except PressroomError as error:
        yield wrong("workspace", error.what, error.todo)


def _runtime_checks(runtime: Runtime, offline: bool) -> Iterator[Line]:
    from pressroom.entrypoints.cli import _checks as checks
    from pressroom.entrypoints.cli import _pipeline_checks as pipelines
    from pressroom.entrypoints.cli._findings import wrong
    from pressroom.entrypoints.cli._source_checks import source_checks
    from pressroom.errors import PressroomError

    parts: list[tuple[str, Callable[[], Iterator[Line]]]] = [
        ("secrets", lambda: checks.secret_checks(runtime)),
        ("pipelines", lambda: pipelines.pipeline_checks(runtime)),
        ("schedules", lambda: pipelines.schedule_checks(runtime)),
        ("queues", lambda: checks.queue_checks(runtime)),
        ("attention", lambda: checks.attention_checks(runtime)),
        ("channels", lambda: checks.all_channel_checks(runtime, offline=offline)),
        ("sources", lambda: source_checks(runtime, offline=offline)),
        ("generators", lambda: checks.generator_checks(runtime, offline=offline)),
    ]
    for about, part in parts:
        try:
            yield from part()
        except PressroomError as error:
            # One part that cannot be looked at must not hide the others.
            yield wrong(about, error.what, error.todo)
