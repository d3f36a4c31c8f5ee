"""What the shell offers for a name that is being typed. Whatever goes wrong, it offers nothing and stays silent."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from pressroom.entrypoints.cli._call import Call
    from pressroom.runtime import Runtime


def pipelines(context: typer.Context, incomplete: str) -> list[str]:
    from pressroom import registry

    return _starting(incomplete, registry.names("pipelines"))


def channels(context: typer.Context, incomplete: str) -> list[str]:
    def names(call: Call) -> Iterable[str]:
        from pressroom.entrypoints.cli._workspace import settings

        return {"preview", *settings(call).channels}

    return _starting(incomplete, _silently(context, names))


def jobs(context: typer.Context, incomplete: str) -> list[str]:
    return _starting(incomplete, _from_runtime(context, lambda runtime: (j.id for j in runtime.ports.jobs.find())))


def dead(context: typer.Context, incomplete: str) -> list[str]:
    return _starting(
        incomplete, _from_runtime(context, lambda runtime: (str(d.id) for d in runtime.ports.dead_letters.find()))
    )


def held(context: typer.Context, incomplete: str) -> list[str]:
    return _starting(incomplete, _from_runtime(context, lambda runtime: (p.id for p in runtime.publishing.held())))


def read_models(context: typer.Context, incomplete: str) -> list[str]:
    from pressroom import registry

    return _starting(incomplete, registry.names("read_models"))


def handlers(context: typer.Context, incomplete: str) -> list[str]:
    from pressroom import registry

    return _starting(incomplete, registry.names("handlers"))


def secrets(context: typer.Context, incomplete: str) -> list[str]:
    return _starting(incomplete, _from_runtime(context, lambda runtime: runtime.ports.secrets.names()))


def _from_runtime(context: typer.Context, names: Callable[[Runtime], Iterable[str]]) -> list[str]:
    def read(call: Call) -> list[str]:
        from pressroom.entrypoints.cli._workspace import opened

        with opened(call) as runtime:
            return list(names(runtime))

    return _silently(context, read)


def _silently(context: typer.Context, names: Callable[[Call], Iterable[str]]) -> list[str]:
    from pressroom.entrypoints.cli._call import Call

    try:
        return list(names(Call.of(context)))
    except Exception:  # noqa: BLE001 - an error in the middle of a typed line helps nobody; the command will tell it
        return []


def _starting(incomplete: str, names: Iterable[str]) -> list[str]:
    return [name for name in names if name.startswith(incomplete)]
