"""What was asked for beside the command itself: the options that stand before or after any command's name."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import typer
import typer.main

EMBEDDED, AWS = "embedded", "aws"


@dataclass
class Call:
    """The shared options of one call; filled while the arguments are read."""

    workspace: str | None = None
    runtime: str | None = None
    json: bool = False
    no_color: bool = False
    debug: bool = False
    overrides: dict[str, str] = field(default_factory=dict)
    """Variables laid over the environment, so that an option such as --host is a setting like any other."""
    redact: Callable[[str], str] | None = field(default=None, repr=False)
    """Takes the workspace's secrets out of a text; set once a workspace is open."""

    @classmethod
    def of(cls, context: typer.Context) -> Call:
        found = context.find_root().obj
        return found if isinstance(found, Call) else context.find_root().ensure_object(cls)

    @property
    def has_color(self) -> bool:
        """Whether colours are wanted; whether the terminal can show them is another question."""
        return not self.no_color and not os.environ.get("NO_COLOR")

    @property
    def is_on_aws(self) -> bool:
        """Whether the command is about a deployment on AWS: the option, else `PRESSROOM_RUNTIME`."""
        chosen = self.runtime or os.environ.get("PRESSROOM_RUNTIME") or EMBEDDED
        if chosen not in (EMBEDDED, AWS):
            from pressroom.errors import UnknownName

            raise UnknownName("runtime", chosen, [EMBEDDED, AWS], where="" if self.runtime else "PRESSROOM_RUNTIME")
        return chosen == AWS

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, **self.overrides}

    @property
    def folder(self) -> Path:
        """The workspace: the option, else `PRESSROOM_WORKSPACE`, else the current folder."""
        from pressroom.config import workspace_path

        return workspace_path(self.workspace, self.environment)


def shared_options() -> list[Any]:
    """Return the parsed options that every command takes in addition to its own.

    They are not handed to the command's function: they go to the `Call`, from wherever they stand.
    """
    app = typer.Typer(add_completion=False)
    app.command()(_shared)
    command = typer.main.get_command(app)
    return [parameter for parameter in command.params if parameter.name in _NAMES]


SHARED_FLAGS = ("--json", "--no-color", "--debug")
SHARED_VALUES = ("--workspace", "-w", "--runtime")


def _remember_workspace(context: typer.Context, value: str | None) -> None:
    if value is not None:
        Call.of(context).workspace = value


def _remember_runtime(context: typer.Context, value: str | None) -> None:
    if value is not None:
        Call.of(context).runtime = value


def _remember_json(context: typer.Context, value: bool) -> None:
    Call.of(context).json |= value


def _remember_no_color(context: typer.Context, value: bool) -> None:
    Call.of(context).no_color |= value


def _remember_debug(context: typer.Context, value: bool) -> None:
    Call.of(context).debug |= value


def _shared(
    workspace: Annotated[
        str | None,
        typer.Option(
            "--workspace",
            "-w",
            metavar="DIR",
            help="The workspace; else PRESSROOM_WORKSPACE, else the current folder.",
            callback=_remember_workspace,
            expose_value=False,
            show_default=False,
        ),
    ] = None,
    runtime: Annotated[
        str | None,
        typer.Option(
            "--runtime",
            metavar="NAME",
            help="embedded, or aws for the deployment named in [aws]; else PRESSROOM_RUNTIME.",
            callback=_remember_runtime,
            expose_value=False,
            show_default=False,
        ),
    ] = None,
    json: Annotated[
        bool,
        typer.Option(
            "--json",
            help="Print one JSON document on standard output, for programs.",
            callback=_remember_json,
            expose_value=False,
        ),
    ] = False,
    no_color: Annotated[
        bool,
        typer.Option(
            "--no-color",
            help="No colours; NO_COLOR in the environment does the same.",
            callback=_remember_no_color,
            expose_value=False,
        ),
    ] = False,
    debug: Annotated[
        bool,
        typer.Option(
            "--debug",
            help="Log everything, and show a defect's traceback.",
            callback=_remember_debug,
            expose_value=False,
        ),
    ] = False,
) -> None:
    """Never called: it only describes the options."""


_NAMES = ("workspace", "runtime", "json", "no_color", "debug")
