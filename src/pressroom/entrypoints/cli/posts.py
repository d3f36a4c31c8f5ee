"""`pressroom posts`: posts that wait for their time; their words, their time, and taking them back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from pressroom.entrypoints.cli._call import Call
from pressroom.entrypoints.cli._commands import Command, ListByDefault, group

if TYPE_CHECKING:
    from datetime import datetime

    from pressroom.publications import Publication

_AT = "Not before this time, such as 2026-12-01T18:00+01:00; without a zone it is this machine's time."
Id = Annotated[str, typer.Argument(metavar="ID", help="The id of a post that waits.")]


def build() -> typer.Typer:
    app = group(ListByDefault, "Posts that wait for their time: list, change, withdraw.")
    for name, function in (("list", list_posts), ("change", change), ("withdraw", withdraw)):
        app.command(name, cls=Command)(function)
    return app


def list_posts(
    context: typer.Context,
    channel: Annotated[str, typer.Option(metavar="NAME", help="Only those for this channel.")] = "",
) -> None:
    """List posts that wait for their time, their channel's windows, or another try."""
    from pressroom.entrypoints.cli._output import local, print_json, print_table
    from pressroom.entrypoints.cli._workspace import opened

    call = Call.of(context)
    with opened(call) as runtime:
        if channel:
            runtime.publishing.publisher(channel)
        found = runtime.waiting_posts.find(channel=channel or None)
    if call.json:
        print_json([one.as_dict() for one in found])
        return
    rows = [
        [
            one.id,
            one.channel,
            local(one.due_at),
            one.problem.what if one.problem else "",
            " ".join(one.post.text.split()),
        ]
        for one in found
    ]
    print_table(call, ["id", "channel", "goes out", "why then", "text"], rows, empty="No post waits.")


def change(
    context: typer.Context,
    id: Id,
    text: Annotated[str | None, typer.Option(metavar="TEXT", help="Other words.", show_default=False)] = None,
    at: Annotated[
        str | None,
        typer.Option(metavar="TIME", help=_AT, show_default=False),
    ] = None,
) -> None:
    """Give a waiting post other words or another time."""
    from pressroom.entrypoints.cli._output import local
    from pressroom.entrypoints.cli._workspace import opened
    from pressroom.errors import BadInput

    call = Call.of(context)
    if text is None and at is None:
        raise BadInput("Nothing to change was named.", todo="Give --text TEXT, --at TIME or both.")
    with opened(call) as runtime:
        moment = _moment(at) if at else None
        if moment and moment <= (now := runtime.ports.clock.now()):
            raise BadInput(
                f"--at {at}: {local(moment)} is over; it is {local(now)}.",
                todo="Give a time that is still to come; the post is as it was.",
            )
        _show(call, runtime.waiting_posts.change(id, text=text, publish_at=moment))


def withdraw(context: typer.Context, id: Id) -> None:
    """Take a waiting post back; its job goes on with the other channels."""
    from pressroom.entrypoints.cli._workspace import opened

    call = Call.of(context)
    with opened(call) as runtime:
        _show(call, runtime.waiting_posts.withdraw(id))


def _show(call: Call, publication: Publication) -> None:
    from pressroom.entrypoints.cli._output import local, print_json

    if call.json:
        print_json(publication.as_dict())
        return
    goes_out = f"not before {local(publication.post.publish_at)}" if publication.post.publish_at else ""
    typer.echo("  ".join(part for part in (publication.id, publication.state.value, goes_out) if part))


def _moment(text: str) -> datetime:
    from datetime import datetime

    from pressroom.errors import BadInput

    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise BadInput(f"--at {text}: this is no time.", todo="Write it like 2026-12-01T18:00.") from error
    return moment.astimezone()
