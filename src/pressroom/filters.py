"""Makes transforms of a list of filters as it stands in the settings: `{ use = "watermark", text = "© Me" }`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import AfterValidator, ValidationError

from pressroom import registry
from pressroom.errors import ConfigurationError, UnknownName
from pressroom.setting_mistakes import complaint

if TYPE_CHECKING:
    from pressroom.transforms.base import Transform


_TODO = "Correct it there."


def _are_filters(entries: tuple[dict[str, Any], ...]) -> tuple[dict[str, Any], ...]:
    try:
        make_filters(entries, "filters")
    except ConfigurationError as error:
        todo = "" if error.todo == _TODO else f" {error.todo}"
        raise ValueError(f"{error.what.removeprefix('filters, ')}{todo}") from error
    return entries


Filters = Annotated[tuple[dict[str, Any], ...], AfterValidator(_are_filters)]
"""The type of a setting that lists filters: a mistake in it is found when the settings are read."""


def make_filters(entries: Sequence[Mapping[str, Any]], where: str) -> list[Transform]:
    """Return a transform for each entry, in their order; `where` is how the error calls the list.

    Raises `ConfigurationError` that names the entry and every mistake in it, with the closest setting.
    """
    return [_make(entry, f"{where}, entry {place}") for place, entry in enumerate(entries, start=1)]


def _make(entry: Mapping[str, Any], where: str) -> Transform:
    name = entry.get("use")
    if not isinstance(name, str):
        raise ConfigurationError(
            f"{where} does not say which filter it is.",
            where=where,
            todo=f'Begin it with use = "…"; known: {", ".join(registry.names("transforms"))}.',
        )
    try:
        kind = registry.transform(name)
    except UnknownName as error:
        raise ConfigurationError(f"{where}: {error.what}", where=where, todo=error.todo) from error
    try:
        settings = kind.Settings(**{str(key): value for key, value in entry.items()})
    except ValidationError as error:
        mistakes = "; ".join(_mistake(item, kind) for item in error.errors(include_url=False))
        raise ConfigurationError(f"{where} ({name}): {mistakes}.", where=where, todo=_TODO) from error
    return kind(settings)


def _mistake(item: Mapping[str, Any], kind: type[Transform]) -> str:
    if not item["loc"]:  # about several settings together
        return str(item["msg"]).removeprefix("Value error, ")
    return f"{'.'.join(map(str, item['loc']))}: {complaint(item, kind.Settings)}"
