"""What the shell offers for a name that is being typed. Whatever goes wrong, it offers nothing and stays silent."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from pressroom.entrypoints.cli._call import Call
    from pressroom.ports import Ports


def pipelines(context: typer.Context, incomplete: str) -> list[str]:
    from pressroom import registry

    return _starting(incomplete, registry.names("pipelines"))


def channels(context: typer.Context, incomplete: str) -> list[str]:
    def names(call: Call) -> Iterable[str]:
        from pressroom.entrypoints.cli._workspace import settings

        return {"preview", *settings(call).channels}

    return _starting(incomplete, _silently(context, names))


def jobs(context: typer.Context, incomplete: str) -> list[str]:
    return _starting(incomplete, _from_records(context, lambda ports: (job.id for job in ports.jobs.find())))


def dead(context: typer.Context, incomplete: str) -> list[str]:
    return _starting(
        incomplete, _from_records(context, lambda ports: (str(letter.id) for letter in ports.dead_letters.find()))
    )


def held(context: typer.Context, incomplete: str) -> list[str]:
    return _starting(incomplete, _from_records(context, _held_ids))


def held_actions(context: typer.Context, incomplete: str) -> list[str]:
    from pressroom.entrypoints.cli._held_actions import ACTIONS

    return _starting(incomplete, ACTIONS)


def read_models(context: typer.Context, incomplete: str) -> list[str]:
    from pressroom import registry

    return _starting(incomplete, registry.names("read_models"))


def handlers(context: typer.Context, incomplete: str) -> list[str]:
    from pressroom import registry

    return _starting(incomplete, registry.names("handlers"))


def event_types(context: typer.Context, incomplete: str) -> list[str]:
    from pressroom.entrypoints.cli._event_types import EVENT_TYPES

    return _starting(incomplete, EVENT_TYPES)


def inputs(context: typer.Context, incomplete: str) -> list[str]:
    """Offer `name=` for the inputs there are; a line that ends in `-i` does not yet tell of which pipeline."""
    from pressroom import registry

    def names(_: Call) -> Iterable[str]:
        models = [registry.pipeline(name).input for name in registry.names("pipelines")]
        return dict.fromkeys(f"{name}=" for model in models for name in model.model_fields)

    return _starting(incomplete, _silently(context, names))


def secrets(context: typer.Context, incomplete: str) -> list[str]:
    return _starting(incomplete, _from_records(context, lambda ports: ports.secrets.names()))


def scopes(context: typer.Context, incomplete: str) -> list[str]:
    from pressroom.api_keys import Scope

    return _starting(incomplete, Scope)


def keys(context: typer.Context, incomplete: str) -> list[str]:
    from pressroom.api_keys import TABLE

    return _starting(incomplete, _from_records(context, lambda ports: ports.tables.all(TABLE)))


def _held_ids(ports: Ports) -> Iterable[str]:
    from pressroom.approvals import known_waiting
    from pressroom.publications import PublicationState

    held = ports.publications.find(states=[PublicationState.HELD])
    return [*(publication.id for publication in held), *(job.id for job in known_waiting(ports.jobs))]


def _from_records(context: typer.Context, names: Callable[[Ports], Iterable[str]]) -> list[str]:
    def read(call: Call) -> list[str]:
        from pressroom.entrypoints.cli._workspace import records

        with records(call) as ports:
            return list(names(ports))

    return _silently(context, read)


def _silently(context: typer.Context, names: Callable[[Call], Iterable[str]]) -> list[str]:
    from pressroom.entrypoints.cli._call import Call

    try:
        return list(names(Call.of(context)))
    except Exception:  # noqa: BLE001 - an error in the middle of a typed line helps nobody; the command will tell it
        return []


def _starting(incomplete: str, names: Iterable[str]) -> list[str]:
    return [name for name in names if name.startswith(incomplete)]
