"""`pressroom keys`: keys of the HTTP API, each with its scopes and its end. A key is printed once, when it is made."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated

import typer

from pressroom.entrypoints.cli import _completion
from pressroom.entrypoints.cli._call import Call
from pressroom.entrypoints.cli._commands import Command, ListByDefault, group

if TYPE_CHECKING:
    from datetime import timedelta

    from pressroom.api_keys import Scope

_SPAN = re.compile(r"(\d{1,6})\s*([mhdw])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def build() -> typer.Typer:
    app = group(ListByDefault, "Keys of the HTTP API: create, list, revoke.")
    for name, function in (("create", create), ("list", list_keys), ("revoke", revoke)):
        app.command(name, cls=Command)(function)
    return app


def create(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="What will use it.")],
    scope: Annotated[
        list[str] | None,
        typer.Option(
            "--scope",
            metavar="SCOPE",
            help="read, write, publish or admin; more than once for several. None includes another.",
            autocompletion=_completion.scopes,
        ),
    ] = None,
    expires: Annotated[
        str | None, typer.Option("--expires", metavar="SPAN", help="How long it is good: 90d, 12h, 2w; else for ever.")
    ] = None,
) -> None:
    """Make a key and print it: this once, since only a hash of it is stored. Without --scope it can only read."""
    from pressroom.api_keys import ApiKeys, key_document
    from pressroom.entrypoints.cli._output import local, note, print_json
    from pressroom.entrypoints.cli._workspace import records

    call = Call.of(context)
    scopes, span = _scopes(scope or ["read"]), _span(expires)
    with records(call) as ports:
        key, text = ApiKeys(ports.tables, ports.clock).create(name, scopes, span)
        document = key_document(key, ports.clock.now())
    if call.json:
        print_json({"key": text} | document)
        return
    typer.echo(text)
    may, until = ", ".join(document["scopes"]), f"until {local(key.expires_at)}" if key.expires_at else "for ever"
    note(
        call,
        f"{key.name} may {may}, {until}. Keep the key now: it is not shown again. Send it as Authorization: Bearer.",
    )


def list_keys(context: typer.Context) -> None:
    """List the keys, those that are over too; never a key itself."""
    from pressroom.api_keys import ApiKeys, key_document
    from pressroom.entrypoints.cli._output import local, print_json, print_table
    from pressroom.entrypoints.cli._workspace import records

    call = Call.of(context)
    with records(call) as ports:
        documents = [key_document(key, ports.clock.now()) for key in ApiKeys(ports.tables, ports.clock).all()]
    if call.json:
        print_json(documents)
        return
    rows = [
        [
            document["id"],
            document["name"],
            " ".join(document["scopes"]),
            document["state"],
            local(document["expires_at"]),
            local(document["last_used"]),
            local(document["created_at"]),
        ]
        for document in documents
    ]
    columns = ["id", "name", "scopes", "state", "expires", "last used", "created"]
    print_table(call, columns, rows, empty="There is no key.", expendable=["created", "last used"])


def revoke(
    context: typer.Context,
    key: Annotated[str, typer.Argument(metavar="KEY", help="Its id, or its name.", autocompletion=_completion.keys)],
) -> None:
    """End a key at once and for good, in every process."""
    from pressroom.api_keys import ApiKeys, key_document
    from pressroom.entrypoints.cli._output import print_json
    from pressroom.entrypoints.cli._workspace import records

    call = Call.of(context)
    with records(call) as ports:
        keys = ApiKeys(ports.tables, ports.clock)
        revoked = keys.revoke(keys.named(key).id)
        document = key_document(revoked, ports.clock.now())
    if call.json:
        print_json(document)
    else:
        typer.echo(f"{revoked.name} ({revoked.id}) opens nothing any more.")


def _scopes(names: list[str]) -> list[Scope]:
    from pressroom.api_keys import Scope
    from pressroom.errors import UnknownName

    for name in names:
        if name not in set(Scope):
            raise UnknownName("scope", name, Scope)
    return [Scope(name) for name in names]


def _span(text: str | None) -> timedelta | None:
    from datetime import timedelta

    from pressroom.errors import BadInput

    if text is None:
        return None
    found = _SPAN.fullmatch(text.strip())
    if found is None:
        raise BadInput(f"{text!r} is no time span.", todo="Write a number and m, h, d or w: --expires 90d.")
    return timedelta(**{_UNITS[found[2]]: int(found[1])})
