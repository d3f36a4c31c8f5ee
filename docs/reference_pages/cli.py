"""The command line: the help of every command, and the exit codes."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import redirect_stdout
from typing import Any

from docs.reference_pages._markdown import begin, finish, table
from pressroom.entrypoints.cli import _errors, build_app
from pressroom.entrypoints.cli._root import COMMANDS, load

WIDTH = 80
CODES = {
    0: "done",
    _errors.FAILED: "the job failed, or the command could not be carried out",
    _errors.WRONG_USE: "wrong use: an argument, an input, a name or a setting",
    _errors.SKIPPED: "the job was skipped: there was nothing to do",
    _errors.HELD: "a post is held for a person",
    _errors.INTERRUPTED: "interrupted by Ctrl-C",
}


def page() -> str:
    lines = begin(
        "Command line",
        "Every command takes `--workspace`, `--json`, `--no-color` and `--debug`, before or after its name. With "
        "`--json` it prints one document on standard output ([shapes](json-shapes.md)). Progress and logs go to "
        'standard error, and so does an error, as `{"error": {what, where, todo, kind, detail}}`.',
    )
    lines += ["", "## Exit codes", *table(["code", "means"], [[str(code), text] for code, text in CODES.items()])]
    lines += ["", "## pressroom", *help_of([])]
    for part in COMMANDS.values():
        for name in part:
            for words in commands([name], load(name)):
                lines += ["", f"{'##' if len(words) == 1 else '###'} pressroom {' '.join(words)}", *help_of(words)]
    return finish(lines)


def commands(words: list[str], command: Any) -> Iterator[list[str]]:
    yield words
    for name, inner in getattr(command, "commands", {}).items():
        yield from commands([*words, name], inner)


def help_of(words: list[str]) -> list[str]:
    """Return what `--help` prints, on a terminal of 80 columns."""
    printed = io.StringIO()
    with redirect_stdout(printed):
        try:
            build_app()([*words, "--help"], terminal_width=WIDTH)
        except SystemExit as end:
            if end.code:
                raise
    return ["", "```text", *(line.rstrip() for line in printed.getvalue().strip().splitlines()), "```"]
