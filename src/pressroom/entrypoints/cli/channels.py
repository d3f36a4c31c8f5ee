"""`pressroom channels`: the configured destinations, their accounts, whether a post would go through."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from pressroom.entrypoints.cli import _completion
from pressroom.entrypoints.cli._call import Call
from pressroom.entrypoints.cli._commands import Command, ListByDefault, group
from pressroom.entrypoints.cli._errors import FAILED

Name = Annotated[str, typer.Argument(metavar="NAME", help="A channel's name.", autocompletion=_completion.channels)]


def build() -> typer.Typer:
    app = group(ListByDefault, "List the channels, check, connect, or resume one.")
    for name, function in (("list", list_channels), ("check", check), ("connect", connect), ("resume", resume)):
        app.command(name, cls=Command)(function)
    return app


def list_channels(context: typer.Context) -> None:
    """List the channels with their network and whether posts go out on them now."""
    from pressroom.entrypoints.cli._output import print_json, print_table
    from pressroom.entrypoints.cli._workspace import opened

    call = Call.of(context)
    with opened(call) as runtime:
        now = runtime.ports.clock.now()
        lines = []
        for name in runtime.publishing.channels():
            state = runtime.ports.channel_states.get(name)
            lines.append(
                {
                    "name": name,
                    "network": runtime.config.channels.get(name, {}).get("network", name),
                    "state": _state(state, now),
                    "why": state.paused or state.why,
                    "closed_until": state.closed_until.isoformat() if state.closed_until else None,
                    "last_sent_at": state.last_sent_at.isoformat() if state.last_sent_at else None,
                    "failures": state.failures,
                    "ends": _ends(runtime, name, now),
                }
            )
    if call.json:
        print_json(lines)
        return
    rows = [[line["name"], line["network"], line["state"], _until(line), line["why"]] for line in lines]
    print_table(call, ["name", "network", "state", "until", "why"], rows, empty="There is no channel.")
    for line in lines:
        for end in line["ends"]:
            if end["is_due"]:
                typer.echo(f"! {line['name']}: {end['says']} {end['todo']}".rstrip())


def check(context: typer.Context, name: Name) -> int:
    """Look, without publishing, whether a post on the channel would go through, and show what would be sent."""
    from pressroom.entrypoints.cli._checks import channel_checks, requests_shown
    from pressroom.entrypoints.cli._findings import is_bad, ok, print_findings
    from pressroom.entrypoints.cli._output import print_json
    from pressroom.entrypoints.cli._workspace import opened

    call = Call.of(context)
    with opened(call) as runtime:
        findings = list(channel_checks(runtime, name, offline=False))
        requests = requests_shown(runtime, name)
    if call.json:
        shown = ok(f"channel {name}", "So a sample post would be sent.").as_dict()
        print_json([*(finding.as_dict() for finding in findings), *({**shown, "request": one} for one in requests)])
    else:
        print_findings(call, findings)
        for one in requests:
            typer.echo(f"\n{one}")
    return FAILED if is_bad(findings) else 0


def connect(
    context: typer.Context,
    name: Name,
    port: Annotated[
        int | None,
        typer.Option("--port", min=0, max=65535, help="Where the browser comes back to on this machine; else 8765."),
    ] = None,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Open no browser; show the address alone.")] = False,
    paste: Annotated[
        bool, typer.Option("--paste", help="Do not wait for a browser: ask for the address that it was sent to.")
    ] = False,
    redirect_uri: Annotated[
        str,
        typer.Option(
            "--redirect-uri",
            metavar="URL",
            help="The address that is registered with the network, if it is another one; one on another machine is "
            "pasted, unless --port says where it is passed on to.",
        ),
    ] = "",
) -> int:
    """Connect an account in the browser, store its tokens, and let posts that waited for it go on.

    Waits for five minutes. A network without a login in the browser is told of with the secrets that it needs.
    """
    from pressroom.entrypoints.cli import _connect
    from pressroom.entrypoints.cli._workspace import opened

    call = Call.of(context)
    way = _connect.Way(port=port, opens_browser=not no_browser, paste=paste, redirect_uri=redirect_uri)
    with opened(call) as runtime:
        return _connect.connect(call, runtime, name, way)


def resume(context: typer.Context, name: Name) -> None:
    """End the pause of a channel; posts that waited go on."""
    from pressroom.entrypoints.cli._output import print_json
    from pressroom.entrypoints.cli._workspace import opened
    from pressroom.errors import UnknownName

    call = Call.of(context)
    with opened(call) as runtime:
        if name not in (known := runtime.publishing.channels()):
            raise UnknownName("channel", name, known)
        count = runtime.publishing.resume(name)
    if call.json:
        print_json({"channel": name, "posts": count})
    else:
        typer.echo(f"{name} goes on; {count} {'post' if count == 1 else 'posts'} waited for it.")


def _ends(runtime: Any, name: str, now: Any) -> list[dict[str, Any]]:
    """Return what of the channel ends and when; of one whose settings are wrong, which `check` tells, nothing."""
    from pressroom.errors import PressroomError
    from pressroom.token_ends import as_dict

    try:
        return [as_dict(info, now) for info in runtime.publishing.publisher(name).tokens()]
    except PressroomError:
        return []


def _state(state: Any, now: Any) -> str:
    if state.paused:
        return "paused"
    return "waiting" if state.closed_until and state.closed_until > now else "open"


def _until(line: dict[str, Any]) -> str:
    """Return until when a channel waits; a paused one waits for a person."""
    from pressroom.entrypoints.cli._output import local

    return local(line["closed_until"]) if line["state"] == "waiting" else ""
