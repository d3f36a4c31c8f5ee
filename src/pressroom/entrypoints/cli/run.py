"""`pressroom run`: requests a pipeline's jobs and works on them here until they have ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from pressroom.entrypoints.cli import _completion
from pressroom.entrypoints.cli._call import Call
from pressroom.entrypoints.cli._commands import single

if TYPE_CHECKING:
    from pressroom.jobs import Job
    from pressroom.runtime import Runtime


def build() -> typer.Typer:
    return single(run)


def run(
    context: typer.Context,
    pipeline: Annotated[
        str | None,
        typer.Argument(
            metavar="[PIPELINE]", help="Its name; without one, all are listed.", autocompletion=_completion.pipelines
        ),
    ] = None,
    input: Annotated[
        list[str] | None,
        typer.Option(
            "--input",
            "-i",
            metavar="NAME=VALUE",
            help="One input; may stand several times.",
            autocompletion=_completion.inputs,
        ),
    ] = None,
    wait: Annotated[
        bool, typer.Option("--wait/--no-wait", help="Whether to work on it here; else a running worker takes it.")
    ] = True,
) -> int:
    """Run a pipeline once, with live progress.

    One start may mean several jobs, such as one for each theme of a day. Exit codes: 0 done, 1 failed,
    2 wrong use, 3 skipped, 4 held for a person; of several jobs, the worst.
    """
    from pressroom.entrypoints.cli._errors import INTERRUPTED
    from pressroom.entrypoints.cli._inputs import read_input
    from pressroom.entrypoints.cli._run_notes import standing, tell_interrupted, tell_standing
    from pressroom.entrypoints.cli._starting import start
    from pressroom.entrypoints.cli._working import work_off
    from pressroom.entrypoints.cli._workspace import opened
    from pressroom.errors import UnknownName

    call = Call.of(context)
    with opened(call) as runtime:
        known = runtime.runner.pipelines()
        if pipeline is None:
            return _list(call, runtime)
        if pipeline not in known:
            raise UnknownName("pipeline", pipeline, known)
        values = read_input(known[pipeline], input or [])
        before = standing(runtime, pipeline, values)
        jobs = start(runtime, pipeline, values)
        tell_standing(call, runtime, jobs, before)
        if not wait:
            return _accepted(call, jobs)
        try:
            jobs = work_off(runtime, jobs, call)
        except KeyboardInterrupt:
            tell_interrupted(call, runtime, jobs, pipeline, values)
            return INTERRUPTED
        return _over(call, runtime, jobs)


def _over(call: Call, runtime: Runtime, jobs: list[Job]) -> int:
    from pressroom.documents import job_document
    from pressroom.entrypoints.cli._jobs_shown import print_outcome
    from pressroom.entrypoints.cli._output import print_json
    from pressroom.entrypoints.cli._working import exit_code

    documents = [job_document(runtime, job) for job in jobs]
    if call.json:
        first, *others = documents
        print_json(first | {"also": others} if others else first)
    else:
        for document, job in zip(documents, jobs, strict=True):
            print_outcome(call, document, job, runtime)
    return exit_code(jobs)


def _accepted(call: Call, jobs: list[Job]) -> int:
    from pressroom.entrypoints.cli._output import print_json

    first, *others = [{"id": job.id, "status": job.status.value} for job in jobs]
    if call.json:
        print_json(first | {"also": others} if others else first)
        return 0
    for document in (first, *others):
        typer.echo(f"{document['id']}  {document['status']}")
    return 0


def _list(call: Call, runtime: Runtime) -> int:
    from pressroom.entrypoints.cli._field_docs import field_docs
    from pressroom.entrypoints.cli._inputs import describe, input_model
    from pressroom.entrypoints.cli._output import print_json

    known = runtime.runner.pipelines()
    if call.json:
        print_json([{"name": name, "input": field_docs(input_model(pipeline))} for name, pipeline in known.items()])
        return 0
    for pipeline in known.values():
        typer.echo(describe(pipeline))
    return 0
