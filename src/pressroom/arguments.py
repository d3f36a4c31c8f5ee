"""Gives a step what it asks for: each parameter is found by its annotation, as the step's author wrote it."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel, TypeAdapter

from pressroom.errors import ConfigurationError, Problem
from pressroom.events import Event
from pressroom.jobs import Job, StepRecord, StepStatus
from pressroom.pipeline import Node, Outcome, Pipeline, PipelineSettings, Step, StoredUpload

Provide = Callable[["Context", str, Any], Any]
"""Returns the port that a parameter of this name and annotation means, or None if there is no such port."""


@dataclass(frozen=True, kw_only=True)
class Context:
    """What is known while a step runs."""

    pipeline: Pipeline
    settings: PipelineSettings
    job: Job
    records: Mapping[str, StepRecord]
    suffix: str = ""
    """The place inside `ForEach` loops: `[main]`."""
    path: str = ""
    item: Any = None
    error: Problem | None = None
    """For the steps of `on_failure`: why the job fails."""
    attempt: int = 1
    cause: Event | None = None
    """The event that led to this step."""
    extra: Mapping[str, Any] = field(default_factory=dict)
    """What an edited redrive puts in the place of arguments, by parameter name."""


def call(function: Callable[..., Any], context: Context, provide: Provide) -> Any:
    """Call the function with the arguments that its annotations ask for."""
    return function(**{name: _argument(function, name, context, provide) for name in parameters(function)})


@cache
def parameters(function: Callable[..., Any]) -> dict[str, Any]:
    """Return the annotation of each parameter; raises if one has none."""
    hints = get_type_hints(function)
    names = inspect.signature(function).parameters
    missing = [name for name in names if name not in hints]
    if missing:
        raise ConfigurationError(
            f"The step {function.__name__} does not say what it wants as {', '.join(missing)}.",
            todo="Annotate the parameter: arguments are found by their types.",
        )
    return {name: hints[name] for name in names}


@cache
def output_type(function: Callable[..., Any]) -> type[BaseModel] | None:
    """Return the model that a step's output is, read from its return annotation."""
    returned = get_type_hints(function).get("return")
    if get_origin(returned) is Outcome:
        returned = get_args(returned)[0]
    return returned if isinstance(returned, type) and issubclass(returned, BaseModel) else None


def _argument(function: Callable[..., Any], name: str, context: Context, provide: Provide) -> Any:
    wanted = parameters(function)[name]
    is_optional = get_origin(wanted) in (Union, UnionType) and NoneType in get_args(wanted)
    if is_optional:
        wanted = next(part for part in get_args(wanted) if part is not NoneType)
    if name in context.extra:
        return TypeAdapter(wanted).validate_python(context.extra[name])
    if wanted is Job:
        return context.job
    if wanted is Context:
        return context
    if wanted is Problem:
        if context.error is None and not is_optional:
            raise ConfigurationError(
                f"The step {function.__name__} asks for {name!r}, the reason of a failure, and nothing has failed.",
                todo="Only the steps of `on_failure` are told why a job fails.",
            )
        return context.error
    if name == "item":
        return TypeAdapter(wanted).validate_python(context.item)
    if get_origin(wanted) is list and _is_model(get_args(wanted)[0]):
        return [wanted_model for _, wanted_model in _outputs(get_args(wanted)[0], context)]
    if _is_model(wanted):
        found = _model(wanted, context) or provide(context, name, wanted)
    else:
        found = provide(context, name, wanted)
    if found is None and not is_optional:
        raise _unknown(function, name, wanted)
    return found


def _model(wanted: type[BaseModel], context: Context) -> BaseModel | None:
    if isinstance(context.settings, wanted):
        return context.settings
    if wanted is context.pipeline.input:
        return wanted(**context.job.input)
    outputs = _outputs(wanted, context)
    if not outputs:
        return None
    # The nearest: the same turn of the innermost loop first, then the turns around it, then none.
    near = [(suffix, model) for suffix, model in outputs if context.suffix.startswith(suffix)]
    return max(near or outputs, key=lambda pair: len(pair[0]))[1]


def _outputs(wanted: type[BaseModel], context: Context) -> list[tuple[str, BaseModel]]:
    """Return `(suffix, output)` of each completed step that returns this model, oldest first."""
    models = {
        node.name: made
        for node in context.pipeline.nodes()
        if (made := _made_by(node, context.pipeline)) is not None and issubclass(made, wanted)
    }
    found = []
    for record in context.records.values():
        name, bracket, rest = record.path.partition("[")
        if name in models and record.status is StepStatus.COMPLETED and record.output is not None:
            found.append((bracket + rest, models[name].model_validate(record.output)))
    return found


def _made_by(node: Node, pipeline: Pipeline) -> type[BaseModel] | None:
    if isinstance(node, Step):
        return output_type(node.run)
    return StoredUpload if node is pipeline.upload_gate else None


def _is_model(wanted: Any) -> bool:
    return isinstance(wanted, type) and issubclass(wanted, BaseModel)


def _unknown(function: Callable[..., Any], name: str, wanted: Any) -> ConfigurationError:
    return ConfigurationError(
        f"The step {function.__name__} asks for {name!r}, a {getattr(wanted, '__name__', wanted)}, "
        "which no earlier step returns and no port provides.",
        todo="Correct the annotation, or put a step that returns it before this one.",
    )
