"""`pressroom held`: posts that wait for a person, and what that person decides about them.

Two kinds: a publication of which nobody could find out whether it is there, and, in `_consent`, a post that moderation
has flagged, which goes by the id of its job.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from pressroom.entrypoints.cli import _completion
from pressroom.entrypoints.cli._call import Call
from pressroom.entrypoints.cli._commands import Command, ListByDefault, group
from pressroom.entrypoints.cli._held_actions import ACTIONS, DECISIONS, OUTCOMES

if TYPE_CHECKING:
    from pressroom.publications import Publication
    from pressroom.runtime import Runtime

Id = Annotated[
    str,
    typer.Argument(
        metavar="ID",
        help="A held publication's id; or a job's, whose post was flagged.",
        autocompletion=_completion.held,
    ),
]


def build() -> typer.Typer:
    app = group(ListByDefault, "Posts that wait for a person: list, show, resolve.")
    for name, function in (("list", list_held), ("show", show), ("resolve", resolve)):
        app.command(name, cls=Command)(function)
    return app


def list_held(context: typer.Context) -> None:
    """List posts that wait for a person, with what is known of each."""
    from pressroom.documents import held_document, waiting_document
    from pressroom.entrypoints.cli._output import local, print_json, print_table
    from pressroom.entrypoints.cli._workspace import opened

    call = Call.of(context)
    with opened(call) as runtime:
        documents = [held_document(runtime.ports.events, publication) for publication in runtime.publishing.held()]
        documents += [waiting_document(waiting) for waiting in runtime.approvals.waiting()]
    if call.json:
        print_json(documents)
        return
    rows = [
        [d["publication_id"] or d["job_id"], d["channel"] or "(flagged)", local(d["since"]), d["reason"], d["job_id"]]
        for d in documents
    ]
    print_table(call, ["id", "channel", "since", "why", "job id"], rows, empty="Nothing is held.")


def show(context: typer.Context, id: Id) -> None:
    """Show one held post: its text, what is known of it, and what can be done."""
    from pressroom.documents import found_words, held_document
    from pressroom.entrypoints.cli import _consent
    from pressroom.entrypoints.cli._output import print_json, print_pairs
    from pressroom.entrypoints.cli._workspace import opened

    call = Call.of(context)
    with opened(call) as runtime:
        publication = _find(runtime, id)
        if publication is None:
            _consent.show(call, runtime, id)
            return
        document = publication.as_dict() | held_document(runtime.ports.events, publication)
    if call.json:
        print_json(document)
        return
    found = found_words(document["known"]["found"])
    print_pairs(
        call,
        [
            ("id", publication.id),
            ("job", publication.job_id),
            ("channel", f"{publication.channel} ({publication.network})"),
            ("text", publication.post.text),
            ("media", "\n".join(media.key for media in publication.post.media)),
            ("reason", document.get("reason")),
            ("detail", publication.problem.detail if publication.problem else ""),
            ("attempts", "\n".join(f"{a['number']}. {a['started_at']}  {a['outcome']}" for a in _attempts(document))),
            ("found", "\n".join(f"{name.replace('_', ' ')}: {words}" for name, words in found.items())),
            ("what to do", publication.problem.todo if publication.problem else ""),
        ],
    )
    typer.echo("\nLook on the network, then say what is so:")
    for action, meaning in OUTCOMES.items():
        typer.echo(f"  pressroom held resolve {id} --action {action}    # {meaning}")


def resolve(
    context: typer.Context,
    id: Id,
    action: Annotated[
        str,
        typer.Option(
            metavar="|".join(ACTIONS), help="What is so, or what you decide.", autocompletion=_completion.held_actions
        ),
    ],
    url: Annotated[str, typer.Option(metavar="URL", help="Where the post is, with it_is_there.")] = "",
    remote_id: Annotated[str, typer.Option(metavar="ID", help="The network's id of the post, with it_is_there.")] = "",
    comment: Annotated[str, typer.Option(metavar="TEXT", help="Why, with approve and refuse; it is kept.")] = "",
    step: Annotated[str, typer.Option(metavar="STEP", help="Which post, where several of one job were flagged.")] = "",
) -> None:
    """Decide about a held post; look on the network first, or at a flagged post's words and pictures."""
    from pressroom.desk import Resolution
    from pressroom.entrypoints.cli import _consent
    from pressroom.entrypoints.cli._output import print_json
    from pressroom.entrypoints.cli._workspace import opened
    from pressroom.errors import BadInput, UnknownName

    call = Call.of(context)
    if action not in ACTIONS:
        raise UnknownName("action", action, ACTIONS)
    if (url or remote_id) and action != "it_is_there":
        raise BadInput(f"--url and --remote-id say where a post is, which {action} does not need.")
    if (comment or step) and action in OUTCOMES:
        raise BadInput(f"--comment and --step go with approve and refuse, which {action} is not.")
    with opened(call) as runtime:
        publication = _find(runtime, id)
        _refuse_what_does_not_fit(id, action, DECISIONS if publication is None else OUTCOMES)
        if publication is None:
            _consent.decide(call, runtime, id, action, comment, step)
            return
        done = runtime.publishing.resolve(publication.id, Resolution(action), remote_id=remote_id, url=url)
    document = done.as_dict()
    if call.json:
        print_json(document)
    else:
        typer.echo(f"{done.id}  {document['state']}  {document['url'] or ''}".rstrip())


def _refuse_what_does_not_fit(id: str, action: str, fitting: dict[str, str]) -> None:
    from pressroom.errors import BadInput

    if action not in fitting:
        kind = "was flagged before it was sent" if fitting is DECISIONS else "may have been sent already"
        raise BadInput(
            f"The post {id} {kind}, so {action} is nothing to decide about it.",
            where=id,
            todo=f"Choose one of {', '.join(fitting)}.",
        )


def _find(runtime: Runtime, id: str) -> Publication | None:
    """Return the held publication; None if the id is that of a job, whose flagged post is meant."""
    from pressroom.errors import BadInput, NotFound

    publication = runtime.ports.publications.get(id)
    if publication is None:
        if runtime.ports.jobs.get(id) is None:
            raise NotFound(f"There is no post {id}.", todo="`pressroom held list` shows those that are held.")
        return None
    if publication.state != "held":
        raise BadInput(f"The post {id} is not held any more: it is {publication.state}.")
    return publication


def _attempts(document: dict[str, object]) -> list[dict[str, object]]:
    history = document.get("attempt_history")
    return history if isinstance(history, list) else []
