"""The command line. Thin: reads arguments, asks the runtime, shows the answer; `pressroom` runs `main`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import typer


def build_app() -> typer.Typer:
    """Return the whole command line; a command's own module is imported once that command is called."""
    from pressroom.entrypoints.cli._root import build

    return build()


def main() -> None:
    """Run the command line with this process's arguments, and exit with the command's code."""
    build_app()()
