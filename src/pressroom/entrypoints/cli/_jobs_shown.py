"""Shows a job to people: what came of it and where that is, or why it came to nothing and what to do."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import typer

from pressroom.entrypoints.cli._output import (
    duration,
    local,
    print_heading,
    print_pairs,
    print_table,
    size,
)
from pressroom.entrypoints.cli._pipeline_checks import no_channel

if TYPE_CHECKING:
    from pressroom.config import Config
    from pressroom.entrypoints.cli._call import Call
    from pressroom.runtime import Runtime

Document = dict[str, Any]
_PATIENCE = 0.3
"""Seconds: whether our pages are served here is known at once or not at all."""

ANSWERS = "answers/"
"""Under this the raw answers of models are kept; nobody looks for them first."""


def print_outcome(call: Call, document: Document, runtime: Runtime) -> None:
    """Say in a few lines what a run made, where it is and what it cost."""
    assets = [asset for asset in document.get("assets", []) if not asset["key"].startswith(ANSWERS)]
    publications = document.get("publications", [])
    pages = _pages(publications, runtime.config)
    status = document["status"]
    sign, colour = {"completed": ("✓", "green"), "failed": ("✗", "red")}.get(status, ("!", "yellow"))
    took = _took(document)
    color = None if call.has_color else False
    heading = f"{sign} {document['pipeline']} {status}" + (f" in {took}" if took else "")
    typer.echo(typer.style(heading, fg=colour, bold=True), color=color)
    print_pairs(
        call,
        [
            *_problem(document.get("error")),
            *((f"  {_kind(asset)}", _place(asset, runtime)) for asset in assets),
            *(("  words", text) for text in _texts(document)),
            *(("  post", _post(publication, pages)) for publication in publications),
            ("  post", no_channel(runtime, document["pipeline"]) if status == "completed" else ""),
            ("  cost", _money(document.get("cost"))),
            ("  job", document["id"]),
        ],
    )


def print_job(call: Call, document: Document, runtime: Runtime) -> None:
    """Print the whole record of a job, without its events."""
    print_pairs(
        call,
        [
            ("job", document["id"]),
            ("pipeline", document["pipeline"]),
            ("status", document["status"]),
            ("phase", document.get("phase")),
            ("created", local(document["created_at"])),
            ("took", _took(document)),
            ("expires", local(document.get("expires_at"))),
            ("input", document.get("input")),
            ("result", "\n".join(f"{name}: {value}" for name, value in (document.get("result") or {}).items())),
            ("cost", _money(document.get("cost"))),
            *_problem(document.get("error")),
        ],
    )
    print_heading(call, "Steps")
    steps = document.get("steps", [])
    rows = [[step["path"], step["status"], step["attempts"], _span(step), _what(step.get("error"))] for step in steps]
    print_table(call, ["step", "status", "attempts", "time", "error"], rows, empty="No step has begun.")
    if assets := document.get("assets"):
        print_heading(call, "Assets")
        for asset in assets:
            typer.echo(_place(asset, runtime))
    if publications := document.get("publications"):
        print_heading(call, "Posts")
        pages = _pages(publications, runtime.config)
        rows = [[p["channel"], p["state"], p["attempts"], _url(p, pages), p["id"]] for p in publications]
        print_table(call, ["channel", "state", "attempts", "url", "id"], rows, empty="")
    typer.echo(f"\n{len(document.get('events', []))} events: pressroom events --job {document['id']}")


def _texts(document: Document) -> list[str]:
    """Return the words of the posts, those that several channels share once."""
    posts = [publication["post"] for publication in document.get("publications", [])]
    # A letter's words hold the link by which its reader leaves: it is nobody else's.
    texts = [post["text"] for post in posts if not post.get("letter")]
    return [text for text in dict.fromkeys(texts) if text]


def _problem(problem: dict[str, str] | None) -> list[tuple[str, str]]:
    if not problem:
        return []
    return [("  why", problem["what"]), ("  where", problem["where"]), ("  to do", problem["todo"])]


def _what(problem: dict[str, str] | None) -> str:
    return problem["what"] if problem else ""


def _kind(asset: Document) -> str:
    return {"image": "picture", "text": "text", "audio": "sound"}.get(asset["media_type"].partition("/")[0], "file")


def _place(asset: Document, runtime: Runtime) -> str:
    place = runtime.ports.blobs.where(asset["key"], asset["revision"])
    pixels = f", {asset['width']} × {asset['height']}" if asset.get("width") else ""
    return f"{place}  ({size(asset['bytes'])}{pixels})"


def _url(publication: Document, pages: str) -> str:
    """Return where the post is; a path is one of our own pages, which are at `pages` if they are served at all."""
    url = str(publication.get("url") or "")
    if not url.startswith("/"):
        return url
    return pages + url if pages else f"{url} on the pages of `pressroom up`"


def _pages(publications: list[Document], config: Config) -> str:
    """Return the address of our own pages if a post is on them and they answer there; `up --port` may be elsewhere."""
    server = config.server
    if server.public_base_url or not any(str(one.get("url") or "").startswith("/") for one in publications):
        return server.public_base_url.rstrip("/")
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(server.host, server.host)
    return f"http://{f'[{host}]' if ':' in host else host}:{server.port}" if _answers(host, server.port) else ""


def _answers(host: str, port: int) -> bool:
    from http.client import HTTPConnection, HTTPException

    connection = HTTPConnection(host, port, timeout=_PATIENCE)
    try:
        connection.request("GET", "/healthz")
        return b'"alive"' in connection.getresponse().read(100)
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def _post(publication: Document, pages: str) -> str:
    where = _url(publication, pages) or publication.get("remote_id") or ""
    return f"{publication['channel']}: {publication['state']} {where}".rstrip()


def _money(cost: Document | None) -> str:
    return f"{cost['money']} {cost['currency']}" if cost else ""


def _took(document: Document) -> str:
    if not document.get("completed_at"):
        return ""
    return duration(datetime.fromisoformat(document["completed_at"]) - datetime.fromisoformat(document["created_at"]))


def _span(step: Document) -> str:
    if not (step.get("started_at") and step.get("completed_at")):
        return ""
    return duration(datetime.fromisoformat(step["completed_at"]) - datetime.fromisoformat(step["started_at"]))
