"""Tells the user what went wrong, in words or as JSON on standard error, and picks the exit code."""

from __future__ import annotations

import json
import traceback

import typer
from typer.exceptions import Abort, TyperException

from pressroom.entrypoints.cli._call import Call

FAILED, WRONG_USE, SKIPPED, HELD, INTERRUPTED = 1, 2, 3, 4, 130


def exit_code_of(error: Exception, call: Call) -> int:
    """Show the error and return the exit code that it means."""
    if isinstance(error, Abort):
        typer.echo("Nothing was done.", err=True)
        return FAILED
    if isinstance(error, TyperException):
        return _wrong_use(error, call)
    from pressroom.errors import BadInput, ConfigurationError

    show(error, call)
    return WRONG_USE if isinstance(error, BadInput | ConfigurationError) else FAILED


def show(error: BaseException, call: Call) -> None:
    """Print what happened, to which thing and what to do; a traceback only with `--debug`."""
    from pressroom.errors import PressroomError, Problem, problem_of

    if call.debug and not isinstance(error, PressroomError):
        from pressroom.redaction import redactor

        typer.echo((call.redact or redactor(()))("".join(traceback.format_exception(error))), err=True)
    if isinstance(error, OSError) and error.strerror:
        thing = f"{error.filename}: " if error.filename else ""
        problem = Problem(f"{thing}{error.strerror}.", kind=type(error).__name__)
    else:
        problem = problem_of(error)
    if not isinstance(error, PressroomError | OSError):
        problem = Problem(
            problem.what, todo="This is a defect; --debug shows where. Please report it.", kind=problem.kind
        )
    _print(problem.as_dict(), call)


def _wrong_use(error: TyperException, call: Call) -> int:
    context = getattr(error, "ctx", None)
    if call.json:
        todo = f"See {context.command_path} --help." if context else ""
        _print(
            {"what": error.format_message(), "where": "", "todo": todo, "kind": type(error).__name__, "detail": ""},
            call,
        )
    else:
        error.show()  # type: ignore[attr-defined]
    return WRONG_USE


def _print(problem: dict[str, str], call: Call) -> None:
    from pressroom.redaction import redactor

    redact = call.redact or redactor(())
    if call.json:
        typer.echo(
            json.dumps({"error": {k: redact(v) for k, v in problem.items()}}, ensure_ascii=False, indent=2), err=True
        )
        return
    color = None if call.has_color else False
    typer.echo(typer.style("✗ ", fg="red", bold=True) + redact(problem["what"]), err=True, color=color)
    where = problem["where"]
    if where and where not in problem["what"]:
        typer.echo(typer.style(f"  where: {redact(where)}", dim=True), err=True, color=color)
    for line in redact(problem["todo"]).splitlines():
        typer.echo(f"  {line}", err=True, color=color)
