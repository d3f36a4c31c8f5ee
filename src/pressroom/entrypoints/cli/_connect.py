"""`pressroom channels connect`: sends a person to the network's page, and takes the browser or its address back."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

import typer

from pressroom.connecting import Begun, NotOurs, Outcome, arrive, begin, belongs, refuse_bad_address, way_in
from pressroom.entrypoints.cli._callback import Callback
from pressroom.entrypoints.cli._checks import from_core, lines_to_add
from pressroom.entrypoints.cli._errors import FAILED
from pressroom.entrypoints.cli._findings import print_findings
from pressroom.entrypoints.cli._output import duration, local, note, print_json
from pressroom.errors import BadInput, PressroomError, UnknownName

if TYPE_CHECKING:
    from pressroom.desk import Desk
    from pressroom.entrypoints.cli._call import Call
    from pressroom.publishers.base import Publisher
    from pressroom.runtime import Runtime

PORT, PATH = 8765, "/callback"
"""Fixed, because a network sends browsers only to addresses that are registered with it."""
WAIT = timedelta(minutes=5)
_LOCAL = ("127.0.0.1", "localhost")


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How the browser comes back, as the options say."""

    port: int | None
    opens_browser: bool
    paste: bool
    redirect_uri: str

    @property
    def is_pasted(self) -> bool:
        """An address elsewhere is listened for only if a port is given, to which something passes it on."""
        elsewhere = bool(self.redirect_uri) and _host(self.redirect_uri) not in _LOCAL
        return self.paste or (elsewhere and self.port is None)

    @property
    def listens_on(self) -> int:
        if self.port is not None:
            return self.port
        own = urlsplit(self.redirect_uri).port if _host(self.redirect_uri) in _LOCAL else None
        return own or PORT


def connect(call: Call, runtime: Runtime, name: str, way: Way) -> int:
    """Connect the account, and tell what came of it; return the exit code."""
    if name not in (known := runtime.publishing.channels()):
        unknown = UnknownName("channel", name, known)
        unknown.todo += f"\nTo add it, write into {runtime.config.file}:\n{lines_to_add(name)}"
        raise unknown
    publisher = runtime.publishing.publisher(name)
    way_in(publisher)  # what is missing is told before anything is opened
    if way.redirect_uri:
        refuse_bad_address(way.redirect_uri)
    try:
        outcome = _pasted(call, runtime, publisher, way) if way.is_pasted else _waited(call, runtime, publisher, way)
    except KeyboardInterrupt:
        note(call, "\nStopped.")
        raise
    if call.json:
        print_json(document(outcome))
    else:
        _tell(call, outcome)
    return 0 if outcome.standing.is_well else FAILED


def _waited(call: Call, runtime: Runtime, publisher: Publisher, way: Way) -> Outcome:
    from pressroom.entrypoints.cli._serving import listen

    with listen("127.0.0.1", way.listens_on) as bound:
        redirect_uri = way.redirect_uri or f"http://127.0.0.1:{bound.getsockname()[1]}{PATH}"
        begun = begin(publisher, redirect_uri)
        with Callback(bound, urlsplit(redirect_uri).path or "/") as callback:
            _send(call, publisher, begun, way.opens_browser)
            note(call, f"\nWaiting up to {span(WAIT)} for the browser to come back; Ctrl-C ends it.\n")
            return _first_that_belongs(callback, runtime.publishing, begun, publisher)


def _first_that_belongs(callback: Callback, desk: Desk, begun: Begun, publisher: Publisher) -> Outcome:
    ends = time.monotonic() + WAIT.total_seconds()
    while True:
        try:
            visit = callback.next(ends)
        except TimeoutError:
            raise PressroomError(
                f"No browser came back from {publisher.title} within {span(WAIT)}; nothing was stored.",
                where=f"channel {begun.channel}",
                todo=f"Is {begun.redirect_uri} registered there as the redirect address? "
                "Without a browser on this machine use --paste.",
            ) from None
        if not belongs(begun, visit.query):
            # Any page can send a browser here; only the network knows what it was given.
            text = "Nothing was connected by it. Go back to the network's page that the terminal names."
            visit.show("This does not belong to the attempt that waits here", text, status=400)
            continue
        try:
            outcome = arrive(desk, begun, visit.query)
        except PressroomError as error:
            visit.show("Not connected", error.what, "The terminal says what to do.", status=400)
            raise
        wrong = [finding.what for finding in outcome.standing.findings if not finding.ok]
        visit.show(outcome.headline, *wrong, "You can close this window.")
        return outcome


def _pasted(call: Call, runtime: Runtime, publisher: Publisher, way: Way) -> Outcome:
    begun = begin(publisher, way.redirect_uri or f"http://127.0.0.1:{way.listens_on}{PATH}")
    _send(call, publisher, begun, way.opens_browser)
    note(call, f"\nIt sends the browser to {begun.redirect_uri}?…, where there may be nothing to see.")
    note(call, "Paste the whole address from the browser's address bar here, soon, and press Enter:")
    while line := read_line():
        if not line.strip():
            continue
        try:
            return arrive(runtime.publishing, begun, query_in(line))
        except NotOurs:
            note(call, "That is not the address that this attempt ends at. Paste the whole of it:")
    raise BadInput(
        "No address was pasted; nothing was stored.",
        where=f"channel {begun.channel}",
        todo=f"Run `pressroom channels connect {begun.channel} --paste` again.",
    )


def read_line() -> str:
    """Return the next line that is typed or piped in; empty at the end."""
    return sys.stdin.readline()


def query_in(pasted: str) -> dict[str, str]:
    """Return the parameters of a pasted address, or of what stands behind its question mark."""
    text = pasted.strip().strip("'\"<>")
    query = urlsplit(text).query if "://" in text else text.partition("?")[2] or text
    try:
        return dict(parse_qsl(query, keep_blank_values=True, max_num_fields=50))
    except ValueError:
        return {}


def _send(call: Call, publisher: Publisher, begun: Begun, opens_browser: bool) -> None:
    note(call, f"This redirect address must be registered with your app at {publisher.title}:\n")
    note(call, f"  {begun.redirect_uri}\n")
    opened = opens_browser and _open(begun.url)
    note(call, f"{'A browser was opened at this address' if opened else 'Open this address in a browser'}:\n")
    note(call, f"  {begun.url}")


def _open(url: str) -> bool:
    """Open the user's browser without waiting for it; say whether there is one that needs no terminal."""
    import os
    import threading
    import webbrowser

    try:
        browser = webbrowser.get()
    except webbrowser.Error:
        return False
    if type(browser) is webbrowser.GenericBrowser and not os.environ.get("BROWSER"):
        return False  # one in text would take this terminal, which waits
    threading.Thread(target=browser.open, args=(url,), name="browser", daemon=True).start()
    return True


def document(outcome: Outcome) -> dict[str, object]:
    """Return what `--json` prints; names of secrets, never a value."""
    standing, connected = outcome.standing, outcome.connected
    return {
        "channel": outcome.channel,
        "account": connected.account,
        "expires_at": connected.expires_at.isoformat() if connected.expires_at else None,
        "secrets": sorted(f"channels.{outcome.channel}.{name}" for name, value in connected.secrets.items() if value),
        "settings": connected.settings,
        "posts": standing.posts,
        "paused": standing.paused,
        "findings": [{"ok": one.ok, "what": one.what, "todo": one.todo} for one in standing.findings],
    }


def _tell(call: Call, outcome: Outcome) -> None:
    channel, standing, connected = outcome.channel, outcome.standing, outcome.connected
    typer.echo(f"{outcome.headline} Its tokens are stored, encrypted.")
    if connected.expires_at:
        typer.echo(f"They end on {local(connected.expires_at)}; Pressroom warns before that.")
    print_findings(call, [from_core(f"channel {channel}", finding) for finding in standing.findings])
    if outcome.lines:
        typer.echo("\nWrite this into pressroom.toml:\n")
        for line in outcome.lines:
            typer.echo(f"  {line}")
    if standing.posts is not None:
        count = standing.posts
        typer.echo(f"{channel} goes on; {count} {'post' if count == 1 else 'posts'} waited for it.")
    elif standing.paused:
        typer.echo(f"{channel} stays paused: {standing.paused}")
        typer.echo(f"Mend that, then `pressroom channels resume {channel}`.")


def span(time: timedelta) -> str:
    return duration(time).removesuffix(" 0 s")


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""
