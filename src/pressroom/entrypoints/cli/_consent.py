"""Posts that moderation has flagged, as `pressroom held` shows them and hands a person's decision on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from pressroom.approvals import Waiting
    from pressroom.entrypoints.cli._call import Call
    from pressroom.runtime import Runtime


def show(call: Call, runtime: Runtime, job_id: str) -> None:
    """Show every flagged post of a job; raises `BadInput` if none waits."""
    from pressroom.documents import waiting_document
    from pressroom.entrypoints.cli._output import print_json

    found = _waiting(runtime, job_id)
    documents = [waiting_document(waiting) for waiting in found]
    if call.json:
        first, *others = documents
        print_json(first | {"also": others} if others else first)
        return
    for waiting, document in zip(found, documents, strict=True):
        _print(call, runtime, waiting, document, is_one=len(found) == 1)


def decide(call: Call, runtime: Runtime, job_id: str, action: str, comment: str, step: str) -> None:
    from pressroom.approvals import Decision
    from pressroom.documents import job_line
    from pressroom.entrypoints.cli._output import note, print_json

    approvals = runtime.approvals
    decision = approvals.approve if action == Decision.APPROVE else approvals.refuse
    decision(job_id, comment, by=_by(), step=step)
    job = runtime.ports.jobs.get(job_id)
    assert job is not None, "it was decided about"
    if call.json:
        print_json(job_line(job))
    else:
        typer.echo(f"{job.id}  {job.status.value}")
    if action == Decision.APPROVE:
        note(call, "A worker posts it: one that runs already, or `pressroom worker`.")


def _waiting(runtime: Runtime, job_id: str) -> list[Waiting]:
    from pressroom.errors import BadInput

    job = runtime.ports.jobs.get(job_id)
    found = runtime.approvals.of_job(job) if job and not job.status.has_ended else []
    if not found:
        status = f" It is {job.status.value}." if job else ""
        raise BadInput(
            f"No post of the job {job_id} waits for consent.{status}",
            where=job_id,
            todo="`pressroom held list` shows what waits.",
        )
    return found


def _print(call: Call, runtime: Runtime, waiting: Waiting, document: dict[str, Any], *, is_one: bool) -> None:
    from pressroom.entrypoints.cli._held_actions import DECISIONS
    from pressroom.entrypoints.cli._output import local, print_pairs

    known, job_id = document["known"], waiting.job.id
    pictures = [
        f"{runtime.ports.blobs.where(one['key'], one['revision'])}\n  {one['alt_text']}" for one in known["pictures"]
    ]
    print_pairs(
        call,
        [
            ("job", job_id),
            ("pipeline", waiting.job.pipeline),
            ("step", "" if is_one else waiting.step),
            ("since", local(waiting.since)),
            ("title", known["title"]),
            ("text", known["text"]),
            *((f"text on {channel}", text) for channel, text in known["texts"].items()),
            ("link", known["link"]),
            ("pictures", "\n".join(pictures)),
            ("found", "\n".join(f"{f['category']} {f['score']:.2f}  {f['why']}" for f in known["flags"])),
            ("reason", document["reason"]),
        ],
    )
    typer.echo("\nIt is posted only if you approve it:")
    which = "" if is_one else f" --step '{waiting.step}'"
    for action, meaning in DECISIONS.items():
        typer.echo(f"  pressroom held resolve {job_id}{which} --action {action}    # {meaning}")


def _by() -> str:
    """Return who decides, as far as this machine knows."""
    import getpass

    try:
        return f"{getpass.getuser()}, by command"
    except (OSError, KeyError):  # a user without a name, as in containers
        return "by command"
