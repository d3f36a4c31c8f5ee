"""What `doctor` looks at in each source: its settings, its secrets, whether it can be read, and who reads it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pressroom.entrypoints.cli._checks import asked, how_to_set, missing_secrets, said
from pressroom.entrypoints.cli._findings import Line, warning, wrong

if TYPE_CHECKING:
    from pressroom.runtime import Runtime


def source_checks(runtime: Runtime, *, offline: bool) -> Iterator[Line]:
    from pressroom.errors import PressroomError
    from pressroom.pipeline import Poll

    readers: dict[str, list[str]] = {}
    for name, pipeline in runtime.runner.pipelines().items():
        if isinstance(pipeline.trigger, Poll):
            readers.setdefault(getattr(runtime.runner.execution.settings[name], "source", ""), []).append(name)
    for name in sorted({*runtime.sources.names(), *readers} - {""}):
        about = f"source {name}"
        try:
            source = runtime.sources.source(name)
        except PressroomError as error:
            yield wrong(about, error.what, error.todo)
            continue
        if name not in readers:
            todo = f'Write `source = "{name}"` into [pipelines.photo_feed], or remove the section.'
            yield warning(about, f"[sources.{name}] is read by no pipeline.", todo)
        if missing := missing_secrets(runtime, f"sources.{name}", source.needs_secrets):
            yield wrong(about, said(missing), how_to_set(missing))
            continue
        yield from asked(about, source, offline and not source.is_local)
