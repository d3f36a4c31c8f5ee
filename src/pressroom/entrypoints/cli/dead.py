"""`pressroom dead`: deliveries that nobody tries any more, and what a person can do with them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pressroom.entrypoints.cli import _completion
from pressroom.entrypoints.cli._call import Call
from pressroom.entrypoints.cli._commands import Command, ListByDefault, group
from pressroom.entrypoints.cli._errors import FAILED

if TYPE_CHECKING:
    from collections.abc import Callable

    from pressroom.deliveries import DeadLetter
    from pressroom.errors import Problem
    from pressroom.ports import DeadLetters

EVERY = 1_000_000
"""More dead deliveries than a workspace holds: `--all` means all."""

Queue = Annotated[str | None, typer.Option(metavar="QUEUE", help="Only of this queue.")]
Ids = Annotated[
    list[int] | None, typer.Argument(metavar="ID", help="One or many ids.", autocompletion=_completion.dead)
]
All = Annotated[bool, typer.Option("--all", help="All of them; with --queue, all of that queue.")]


def build() -> typer.Typer:
    app = group(ListByDefault, "Deliveries that nobody tries any more: list, show, redrive, discard.")
    for name, function in (("list", list_dead), ("show", show), ("redrive", redrive), ("discard", discard)):
        app.command(name, cls=Command)(function)
    return app


def list_dead(
    context: typer.Context,
    queue: Queue = None,
    job: Annotated[
        str | None, typer.Option(metavar="JOB", help="Only of this job.", autocompletion=_completion.jobs)
    ] = None,
    limit: Annotated[int, typer.Option(metavar="N", min=1, help="How many at most, the newest first.")] = 100,
) -> None:
    """List dead deliveries with their last error and what to do."""
    from pressroom.documents import dead_document
    from pressroom.entrypoints.cli._output import local, print_json, print_table
    from pressroom.entrypoints.cli._workspace import records

    call = Call.of(context)
    with records(call) as ports:
        letters = ports.dead_letters.find(queue=queue, job_id=job, limit=limit)
    if call.json:
        print_json([dead_document(letter) for letter in letters])
        return
    print_table(
        call,
        ["id", "queue", "what", "attempts", "died", "error", "job id"],
        [[x.id, x.queue, x.name, x.attempts, local(x.died_at), x.error.what, x.job_id or ""] for x in letters],
        empty="Nothing is dead.",
    )


def show(
    context: typer.Context, id: Annotated[int, typer.Argument(metavar="ID", autocompletion=_completion.dead)]
) -> None:
    """Show one dead delivery with its history, its last error and what it carries."""
    from pressroom.documents import dead_document
    from pressroom.entrypoints.cli._output import local, print_heading, print_json, print_pairs, print_table
    from pressroom.entrypoints.cli._workspace import records

    call = Call.of(context)
    with records(call) as ports:
        letter = _get(ports.dead_letters, id)
    if call.json:
        print_json(dead_document(letter))
        return
    print_pairs(
        call,
        [
            ("id", letter.id),
            ("queue", letter.queue),
            (letter.task.value, letter.name),
            ("job", letter.job_id),
            ("died", local(letter.died_at)),
            ("error", letter.error.what),
            ("where", letter.error.where),
            ("to do", letter.error.todo),
            ("detail", letter.error.detail),
            ("data", letter.data),
        ],
    )
    print_heading(call, "History")
    rows = [[past.get("attempt"), local(past.get("at")), past.get("what")] for past in letter.history]
    print_table(call, ["attempt", "at", "what"], rows, empty="No attempt is recorded.")
    typer.echo(f"\npressroom dead redrive {letter.id}    (or: discard)")


def redrive(
    context: typer.Context,
    ids: Ids = None,
    all: All = False,
    queue: Queue = None,
    set: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="NAME=VALUE", help="Change one value of what it carries; JSON or plain text."),
    ] = None,
    data: Annotated[
        str | None, typer.Option("--data", metavar="JSON", help="Replace all that it carries by this object.")
    ] = None,
) -> int:
    """Put dead deliveries back on their queues, as they are or edited.

    One that cannot be put back does not keep the others from it; it is told, and the exit code is 1.
    """
    from pressroom.entrypoints.cli._workspace import opened

    call = Call.of(context)
    with opened(call) as runtime:
        letters = _chosen(runtime.ports.dead_letters, ids, all, queue)
        edits = {letter.id: _edited(letter, set, data) for letter in letters}
        refused = _each(letters, lambda letter: runtime.runner.redrive(letter.id, edits[letter.id]))
    return _report(call, letters, refused, "redriven", "back on the queue; a running worker takes it")


def discard(context: typer.Context, ids: Ids = None, all: All = False, queue: Queue = None) -> int:
    """Remove dead deliveries for good; the event log keeps what happened."""
    from pressroom.entrypoints.cli._workspace import opened

    call = Call.of(context)
    with opened(call) as runtime:
        letters = _chosen(runtime.ports.dead_letters, ids, all, queue)
        refused = _each(letters, lambda letter: runtime.runner.discard(letter.id))
    return _report(call, letters, refused, "discarded", "discarded")


def _each(letters: list[DeadLetter], act: Callable[[DeadLetter], None]) -> dict[int, Problem]:
    """Do this with each; return why it was refused, by the delivery's id."""
    from pressroom.errors import PressroomError

    refused = {}
    for letter in letters:
        try:
            act(letter)
        except PressroomError as error:
            refused[letter.id] = error.problem()
    return refused


def _chosen(dead: DeadLetters, ids: list[int] | None, all: bool, queue: str | None) -> list[DeadLetter]:
    from pressroom.errors import BadInput

    if bool(ids) == all:
        raise BadInput("Either ids or --all must be given, and not both.", todo="`pressroom dead list` shows the ids.")
    if ids and queue:
        raise BadInput("--queue chooses among --all; ids need none.")
    if all:
        return dead.find(queue=queue, limit=EVERY)
    # All are looked up before any is touched: a mistyped id changes nothing.
    return [_get(dead, id) for id in dict.fromkeys(ids or ())]


def _get(dead: DeadLetters, id: int) -> DeadLetter:
    from pressroom.errors import NotFound

    letter = dead.get(id)
    if letter is None:
        raise NotFound(f"There is no dead delivery {id}.", todo="`pressroom dead list` shows those there are.")
    return letter


def _edited(letter: DeadLetter, pairs: list[str] | None, data: str | None) -> dict[str, Any] | None:
    """Return what the delivery shall carry instead, None for what it carries."""
    from pressroom.entrypoints.cli._inputs import pairs_of
    from pressroom.errors import BadInput

    if not pairs and data is None:
        return None
    edited: dict[str, Any] = letter.data
    if data is not None:
        try:
            edited = json.loads(data)
        except ValueError as error:
            raise BadInput(f"--data is not JSON: {error}.", todo="Write an object: --data '{\"name\": 1}'.") from error
        if not isinstance(edited, dict):
            raise BadInput("--data is JSON, but no object.", todo="Write an object: --data '{\"name\": 1}'.")
    return edited | {name: _json_or_text(given[-1]) for name, given in pairs_of(pairs or [], "--set").items()}


def _json_or_text(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _report(call: Call, letters: list[DeadLetter], refused: dict[int, Problem], key: str, what: str) -> int:
    """Say what was done and what was refused; returns the exit code."""
    from pressroom.entrypoints.cli._output import print_json

    done = [letter.id for letter in letters if letter.id not in refused]
    if call.json:
        told = [{"id": id, "error": problem.as_dict()} for id, problem in refused.items()]
        print_json({key: done} | ({"refused": told} if told else {}))
        return FAILED if refused else 0
    for id in done:
        typer.echo(f"{id}  {what}")
    for id, problem in refused.items():
        typer.echo(f"{id}  not {key}: {problem.what} {problem.todo}".rstrip(), err=True)
    if not letters:
        typer.echo("Nothing is dead there.")
    return FAILED if refused else 0
