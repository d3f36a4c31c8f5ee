"""How our commands differ from Typer's: shared options everywhere, and a group that may have a default command."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from pressroom.entrypoints.cli._call import SHARED_FLAGS, SHARED_VALUES, shared_options


class Command(TyperCommand):
    """A command that takes the shared options too."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.params = [*self.params, *shared_options()]


class Group(TyperGroup):
    """A group that takes the shared options, and runs `default` where no sub-command is named.

    With `default_takes_a_word` a first word that is no sub-command belongs to the default command: `jobs JOB`
    beside `jobs cancel JOB`.
    """

    default: str = ""
    default_takes_a_word = False

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.params = [*self.params, *shared_options()]

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if self.default and not (ctx.resilient_parsing and not self._own(args)):
            # While a line is being completed nothing is run, and the names of the sub-commands are wanted.
            args = self._with_default(args)
        return super().parse_args(ctx, args)

    def shell_complete(self, ctx: Any, incomplete: str) -> list[Any]:
        offered = super().shell_complete(ctx, incomplete)
        if not self.default_takes_a_word:
            return offered
        default = self.commands[self.default]
        with default.make_context(self.default, [], parent=ctx, resilient_parsing=True) as inner:
            offered += default.shell_complete(inner, incomplete)
            for parameter in default.params:
                if parameter.param_type_name == "argument":
                    offered += parameter.shell_complete(inner, incomplete)
        return list({item.value: item for item in offered}.values())

    def format_options(self, ctx: Any, formatter: Any) -> None:
        super().format_options(ctx, formatter)
        if not self.default_takes_a_word:
            return
        shared = {parameter.name for parameter in self.params}
        own = [parameter for parameter in self.commands[self.default].params if parameter.name not in shared]
        with formatter.section(f"Without a command (or with {self.default})"):
            formatter.write_dl([record for parameter in own if (record := parameter.get_help_record(ctx))])

    def _with_default(self, args: list[str]) -> list[str]:
        rest = self._own(args)
        before = args[: len(args) - len(rest)]
        if not rest:
            return [*before, self.default]
        first = rest[0]
        if first in self.commands or first == "--help":
            return args
        if first.startswith("-") or self.default_takes_a_word:
            return [*before, self.default, *rest]
        return args

    @staticmethod
    def _own(args: list[str]) -> list[str]:
        """Return what follows the shared options."""
        rest = list(args)
        while rest and _is_shared(rest[0]):
            del rest[: 2 if rest[0] in SHARED_VALUES else 1]
        return rest


class ListByDefault(Group):
    default = "list"


def _is_shared(argument: str) -> bool:
    return argument in SHARED_FLAGS + SHARED_VALUES or argument.startswith(("--workspace=", "--runtime="))


def single(function: Callable[..., Any]) -> typer.Typer:
    """Return a command line of one command, with its help from the function's docstring."""
    app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
    app.command(cls=Command)(function)
    return app


def group(cls: type[Group], help: str, arguments: str | None = None, *, completes: bool = False) -> typer.Typer:
    """Return an empty group of commands; every Typer setting that all our groups share stands here."""
    app = typer.Typer(
        cls=cls,
        help=help,
        subcommand_metavar=arguments,
        add_completion=completes,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        no_args_is_help=not cls.default,
    )

    @app.callback()
    def _whole_group() -> None:
        """Keeps Typer from taking a group with one command for that command."""

    return app
