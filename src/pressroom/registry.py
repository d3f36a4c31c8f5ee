"""Finds an extension by its kind and its module's name. There is no list to edit."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Mapping
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from types import ModuleType
from typing import TYPE_CHECKING, Any

from pressroom.errors import ConfigurationError, UnknownName

if TYPE_CHECKING:
    from pressroom.generators.base import Generator
    from pressroom.handlers.base import Handler
    from pressroom.pipeline import Pipeline
    from pressroom.publishers.base import Publisher
    from pressroom.read_models.base import ReadModel
    from pressroom.sources.base import Source
    from pressroom.table_rows import Row
    from pressroom.transforms.base import Transform


def names(folder: str) -> list[str]:
    """Return the names of all extensions of a folder: ours, and those that installed packages announce.

    A package announces one under the entry point group of the folder: `pressroom.publishers`.
    """
    package = importlib.import_module(f"pressroom.{folder}")
    ours = {
        found.name
        for found in pkgutil.iter_modules(package.__path__)
        if not found.ispkg and found.name != "base" and not found.name.startswith("_")
    }
    return sorted(ours | {point.name for point in _announced(folder)})


def pipeline(name: str) -> Pipeline:
    from pressroom.pipeline import Pipeline

    module = _module("pipelines", "pipeline", name)
    found = getattr(module, "pipeline", None)
    if not isinstance(found, Pipeline):
        raise ConfigurationError(f"The module {module.__name__} declares no `pipeline = Pipeline(…)`.")
    if found.name != name:
        raise ConfigurationError(f"The pipeline in {module.__name__} calls itself {found.name!r}.")
    return found


def tables(name: str) -> Mapping[str, type[Row]]:
    """Return the tables that a pipeline's module declares, `tables = {…}`: what people fill for it, by name."""
    found: Mapping[str, type[Row]] = getattr(_module("pipelines", "pipeline", name), "tables", {})
    return found


def publisher(name: str) -> type[Publisher]:
    from pressroom.publishers.base import Publisher

    return _only_class("publishers", "network", name, Publisher)


def generator(name: str) -> type[Generator[Any]]:
    from pressroom.generators.base import Generator

    return _only_class("generators", "generator", name, Generator)


def handler(name: str) -> type[Handler]:
    from pressroom.handlers.base import Handler

    return _only_class("handlers", "handler", name, Handler)


def source(name: str) -> type[Source]:
    from pressroom.sources.base import Source

    return _only_class("sources", "source", name, Source)


def polled_sources() -> list[str]:
    """Return the sources that a pipeline may be fed from; the others are read by one pipeline's own steps."""
    from pressroom.sources.base import Source

    return [name for name in names("sources") if _classes(_module("sources", "source", name), Source)]


def transform(name: str) -> type[Transform]:
    from pressroom.transforms.base import Transform

    return _only_class("transforms", "filter", name, Transform)


def read_model(name: str) -> type[ReadModel]:
    from pressroom.read_models.base import ReadModel

    return _only_class("read_models", "read model", name, ReadModel)


def _module(folder: str, kind: str, name: str) -> ModuleType:
    known = names(folder)
    if name not in known:
        raise UnknownName(kind, name, known)
    for point in _announced(folder):
        if point.name == name:
            return importlib.import_module(point.module)
    return importlib.import_module(f"pressroom.{folder}.{name}")


@cache
def _announced(folder: str) -> tuple[EntryPoint, ...]:
    """Return what installed packages announce; asked once, since it reads the metadata of every package."""
    return tuple(entry_points(group=f"pressroom.{folder}"))


def _only_class(folder: str, kind: str, name: str, base: type[Any]) -> type[Any]:
    module = _module(folder, kind, name)
    found = _classes(module, base)
    if len(found) != 1:
        raise ConfigurationError(
            f"The module {module.__name__} must define one {base.__name__}, and defines {len(found)}.",
            todo=f"Keep one class that inherits from {base.__name__} in the module.",
        )
    return found[0]


def _classes(module: ModuleType, base: type[Any]) -> list[type[Any]]:
    return [
        value
        for value in vars(module).values()
        if isinstance(value, type)
        and issubclass(value, base)
        and value.__module__ == module.__name__
        and not inspect.isabstract(value)
    ]
