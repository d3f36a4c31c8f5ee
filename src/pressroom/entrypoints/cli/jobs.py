"""`pressroom jobs`: lists jobs, shows one, cancels or retries one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from pressroom.entrypoints.cli import _completion
from pressroom.entrypoints.cli._call import Call
from pressroom.entrypoints.cli._commands import Command, Group, group

if TYPE_CHECKING:
    from pressroom.jobs import Job, JobStatus
    from pressroom.ports import JobStore

LONGEST = 40
"""Characters of what a job is about, in the list."""
JobId = Annotated[str, typer.Argument(metavar="JOB", help="A job's id.", autocompletion=_completion.jobs)]


class Jobs(Group):
    """`jobs JOB` beside `jobs cancel JOB`: a first word that is no sub-command is a job."""

    default = "show"
    default_takes_a_word = True


def build() -> typer.Typer:
    app = group(Jobs, "List jobs, show one (`jobs JOB`), cancel or retry one.", "[JOB] | COMMAND [ARGS]...")
    for name, function in (("show", show), ("cancel", cancel), ("retry", retry)):
        app.command(name, cls=Command)(function)
    return app


def show(
    context: typer.Context,
    job: Annotated[
        str | None,
        typer.Argument(
            metavar="[JOB]", help="A job's id; without one, jobs are listed.", autocompletion=_completion.jobs
        ),
    ] = None,
    pipeline: Annotated[
        str | None,
        typer.Option(metavar="PIPELINE", help="Only jobs of this pipeline.", autocompletion=_completion.pipelines),
    ] = None,
    status: Annotated[
        list[str] | None, typer.Option(metavar="STATUS", help="Only jobs of this status; may stand several times.")
    ] = None,
    search: Annotated[
        str,
        typer.Option(
            metavar="WORDS", help="Only jobs whose input or result has words that begin so, whatever the case."
        ),
    ] = "",
    limit: Annotated[int, typer.Option(metavar="N", min=1, help="How many at most, the newest first.")] = 50,
) -> None:
    """List jobs, newest first, or show one with its whole history; the word `show` may be left out."""
    from pressroom import registry
    from pressroom.entrypoints.cli._output import cut, local, print_json, print_table
    from pressroom.entrypoints.cli._workspace import records
    from pressroom.entrypoints.pages.headlines import reached, why
    from pressroom.entrypoints.pages.made import headline_of
    from pressroom.errors import UnknownName

    call = Call.of(context)
    if job is not None:
        _show_one(call, job)
        return
    statuses = [_status(name) for name in status or ()]
    if pipeline is not None and pipeline not in (known := registry.names("pipelines")):
        raise UnknownName("pipeline", pipeline, known)
    with records(call) as ports:
        found = ports.jobs.find(limit=limit, pipeline=pipeline, statuses=statuses, text=search)
        about = {one.id: headline_of(ports, one) for one in found}
        on = {} if call.json else {one.id: reached(ports.publications.of_job(one.id)) for one in found}
    if call.json:
        print_json([one.as_dict() | {"title": about[one.id]} for one in found])
        return
    rows = [
        [
            *(one.id, cut(about[one.id], LONGEST), one.pipeline, one.status.value, on[one.id] or one.phase),
            *(local(one.created_at), why(one)),
        ]
        for one in found
    ]
    print_table(
        call,
        ["id", "about", "pipeline", "status", "phase", "created", "why"],
        rows,
        expendable=["why", "pipeline", "phase", "created"],
        empty="No job yet. Start one: pressroom run PIPELINE."
        if not (pipeline or statuses or search)
        else "No such job.",
    )


def _show_one(call: Call, job_id: str) -> None:
    from pressroom.documents import job_document
    from pressroom.entrypoints.cli._jobs_shown import print_job
    from pressroom.entrypoints.cli._output import print_json
    from pressroom.entrypoints.cli._workspace import opened

    with opened(call) as runtime:
        found = find(runtime.ports.jobs, job_id)
        document = job_document(runtime, found)
        if call.json:
            print_json(document)
        else:
            print_job(call, document, found, runtime)


def cancel(context: typer.Context, job: JobId) -> None:
    """Cancel a job that has not ended; what is already public stays."""
    _change(context, job, "cancel")


def retry(context: typer.Context, job: JobId) -> None:
    """Try again what is dead in a failed job; steps that are done are not run again."""
    _change(context, job, "retry")


def find(jobs: JobStore, text: str) -> Job:
    """Return the job of an id; raises `NotFound` with the closest ids, or the sub-command that was meant."""
    import difflib

    from pressroom.errors import NotFound

    found = jobs.get(text)
    if found is None:
        ids = [job.id for job in jobs.find(limit=200)] if text.startswith("job_") else []
        # Ids begin with the time, so those of one day resemble each other: only a slip of the finger is a likeness.
        close = difflib.get_close_matches(text, ids, n=3, cutoff=0.9)
        commands = [f"jobs {name}" for name in difflib.get_close_matches(text, ("show", "cancel", "retry"), n=1)]
        meant = f"Did you mean {' or '.join(close or commands)}? " if close or commands else ""
        raise NotFound(f"There is no job {text}.", todo=f"{meant}`pressroom jobs` lists those there are.")
    return found


def _change(context: typer.Context, job_id: str, action: str) -> None:
    from pressroom.documents import job_line
    from pressroom.entrypoints.cli._output import print_json
    from pressroom.entrypoints.cli._workspace import opened

    call = Call.of(context)
    with opened(call) as runtime:
        job = find(runtime.ports.jobs, job_id)
        changed = runtime.runner.cancel(job.id) if action == "cancel" else runtime.runner.retry(job.id)
        line = job_line(changed)
    if call.json:
        print_json(line)
    else:
        typer.echo(f"{line['id']}  {line['status']}")


def _status(name: str) -> JobStatus:
    from pressroom.errors import UnknownName
    from pressroom.jobs import JobStatus

    if name not in (known := [status.value for status in JobStatus]):
        raise UnknownName("job status", name, known)
    return JobStatus(name)
