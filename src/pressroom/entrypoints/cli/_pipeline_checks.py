"""What `doctor` looks at in the settings of each pipeline: whatever a run asks for by its name must be there."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from types import NoneType
from typing import TYPE_CHECKING, Any, get_args

from pressroom.entrypoints.cli._findings import Line, ok, wrong

if TYPE_CHECKING:
    from pressroom.pipeline import Pipeline
    from pressroom.runtime import Runtime


def pipeline_checks(runtime: Runtime) -> Iterator[Line]:
    """Look for what would fail every run of a pipeline: its channels, its generators, and what it checks itself."""
    for name, pipeline in runtime.runner.pipelines().items():
        lines = [
            *_channel_lines(runtime, name),
            *_generator_lines(runtime, pipeline),
            *_own_lines(runtime, pipeline),
        ]
        yield from lines or [ok(f"pipeline {name}", "Its settings are usable.")]


def schedule_checks(runtime: Runtime) -> Iterator[Line]:
    from pressroom.entrypoints.cli._output import local
    from pressroom.scheduler import Scheduler

    for name, time in Scheduler(runtime).next_starts().items():
        yield ok(f"schedule {name}", f"It starts next at {local(time)}, when `pressroom up` runs.")


def no_channel(runtime: Runtime, pipeline: str) -> str:
    """Say so if the pipeline is one that publishes and its settings name no channel; else empty."""
    from pressroom.steps import PublishingSettings

    settings = runtime.runner.execution.settings.get(pipeline)
    is_mute = isinstance(settings, PublishingSettings) and not settings.channels
    return f"Nothing is posted: [pipelines.{pipeline}] channels names no channel." if is_mute else ""


def _channel_lines(runtime: Runtime, name: str) -> Iterator[Line]:
    from pressroom.entrypoints.cli._checks import lines_to_add
    from pressroom.errors import UnknownName
    from pressroom.steps import PublishingSettings

    about, settings = f"pipeline {name}", runtime.runner.execution.settings[name]
    if mute := no_channel(runtime, name):
        # A pipeline that posts nowhere unless it is told to is as it should be: what it makes is called for.
        to_post = 'Write there `channels = ["preview"]`, or the names of [channels.NAME] sections.'
        is_meant = not type(settings)().model_dump()["channels"]
        yield ok(about, mute) if is_meant else wrong(about, mute, to_post)
    known = runtime.publishing.channels()
    for channel in settings.channels if isinstance(settings, PublishingSettings) else ():
        if channel not in known:
            closest = UnknownName("channel", channel, known).todo
            yield wrong(
                about,
                f"It posts on the channel {channel!r}, which is not configured.",
                f"{closest} Or add to {runtime.config.file}:\n{lines_to_add(channel)}",
            )


def _generator_lines(runtime: Runtime, pipeline: Pipeline) -> Iterator[Line]:
    from pressroom.errors import PressroomError

    about, settings = f"pipeline {pipeline.name}", runtime.runner.execution.settings[pipeline.name]
    for role, (kind, is_optional) in _roles(pipeline).items():
        where, name = f"[pipelines.{pipeline.name}] {role}", getattr(settings, role, None)
        fitting = f"Name one that makes {kind.kind}: {', '.join(_of_kind(runtime, kind))}."
        if not isinstance(name, str) or not (name or is_optional):
            yield wrong(about, f"{where} names no generator, and each run asks for one.", fitting)
        elif name:
            try:
                generator = runtime.generators.named(name)
            except PressroomError as error:
                yield wrong(about, f"{where}: {error.what}", error.todo)
                continue
            if not isinstance(generator, kind):
                yield wrong(about, f"{where}: {name} makes {generator.kind}, and {kind.kind} is needed.", fitting)


def _of_kind(runtime: Runtime, kind: type[Any]) -> list[str]:
    from pressroom import registry
    from pressroom.errors import PressroomError

    found = []
    for name in runtime.generators.names():
        try:
            made = registry.generator(runtime.config.generators.get(name, {}).get("use") or name)
        except PressroomError:
            continue  # a section that names no module has a finding of its own
        if issubclass(made, kind):
            found.append(name)
    return found


def _roles(pipeline: Pipeline) -> dict[str, tuple[type[Any], bool]]:
    """Return, for each setting that chooses a generator, of which kind it must be and whether it may be empty."""
    from pressroom.arguments import parameters
    from pressroom.generation import Maker

    roles: dict[str, tuple[type[Any], bool]] = {}
    for function in _functions(pipeline):
        for name, hint in parameters(function).items():
            kinds = [part for part in get_args(hint) or (hint,) if isinstance(part, type) and issubclass(part, Maker)]
            if kinds:
                # `class ImageMaker(Maker[ImageGenerator])` says which generators it asks.
                (generator,) = get_args(kinds[0].__orig_bases__[0])  # type: ignore[attr-defined]
                is_optional = NoneType in get_args(hint) and roles.get(name, (None, True))[1]
                roles[name] = (generator, is_optional)
    return roles


def _functions(pipeline: Pipeline) -> Iterator[Callable[..., Any]]:
    from pressroom.pipeline import Choice, ForEach, Step

    for node in pipeline.nodes():
        if isinstance(node, Step):
            yield node.run
        elif isinstance(node, Choice):
            yield node.when
        elif isinstance(node, ForEach):
            yield node.over
    if pipeline.starts is not None:
        yield pipeline.starts


def _own_lines(runtime: Runtime, pipeline: Pipeline) -> Iterator[Line]:
    """Ask the pipeline's module, if it offers `check(…) -> list[Finding]`; it asks for things as a step does."""
    from pressroom.arguments import call
    from pressroom.entrypoints.cli._checks import from_core
    from pressroom.errors import problem_of

    check = _check_of(pipeline)
    if check is None:
        return
    about = f"pipeline {pipeline.name}"
    try:
        findings = call(check, runtime.runner.context(pipeline), runtime.runner.execution.provide)
    except Exception as error:  # noqa: BLE001 - whatever a plugin's check raises is a finding, not the end of doctor
        problem = problem_of(error)
        yield wrong(about, problem.what, problem.todo)
        return
    for finding in findings:
        yield from_core(about, finding)


def _check_of(pipeline: Pipeline) -> Callable[..., Any] | None:
    """Return `check` of the module that declares the pipeline: the one that its functions and models come from."""
    names = {pipeline.settings.__module__, pipeline.input.__module__, *(f.__module__ for f in _functions(pipeline))}
    for name in names:
        module = vars(sys.modules[name])
        if module.get("pipeline") is pipeline:
            return module.get("check")
    return None
