"""Shows a job to people: what came of it and where that is, or why it came to nothing and what to do."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import typer

from pressroom.entrypoints.cli._output import (
    cut,
    duration,
    local,
    print_heading,
    print_pairs,
    print_table,
    shortened,
    size,
)
from pressroom.entrypoints.cli._pipeline_checks import no_channel

if TYPE_CHECKING:
    from pressroom.config import Config
    from pressroom.entrypoints.cli._call import Call
    from pressroom.jobs import Job
    from pressroom.runtime import Runtime

Document = dict[str, Any]
_PATIENCE = 0.3
"""Seconds: whether our pages are served here is known at once or not at all."""

MOST_LINES = 12
"""Of a text, in what a run tells; `jobs JOB` and the page have all of it."""
LONGEST_VALUE = 200
"""Characters of one value of a result; `--json` has all of it."""


def print_outcome(call: Call, document: Document, job: Job, runtime: Runtime) -> None:
    """Say in a few lines what a run made, where it is and what it cost."""
    from pressroom.entrypoints.pages.made import made

    what = made(runtime.ports, job)
    publications = document.get("publications", [])
    pages = _pages(runtime.config)
    status = document["status"]
    texts = _texts(document) or [what.text]
    sign, colour = {"completed": ("✓", "green"), "failed": ("✗", "red")}.get(status, ("!", "yellow"))
    took = _took(document)
    color = None if call.has_color else False
    heading = f"{sign} {document['pipeline']} {status}" + (f" in {took}" if took else "")
    typer.echo(typer.style(heading, fg=colour, bold=True), color=color)
    print_pairs(
        call,
        [
            *_problem(document.get("error")),
            ("  title", what.title),
            *(("  text", _beginning(text, job.id)) for text in texts),
            *((f"  {word}", _place(asset.as_dict(), runtime)) for word, asset in what.files),
            ("  files", f"{what.more_files} more: pressroom jobs {job.id}" if what.more_files else ""),
            ("  look at", _on_pages(what.page, pages)),
            *(("  post", _post(publication, pages)) for publication in publications),
            ("  post", no_channel(runtime, document["pipeline"]) if status == "completed" else ""),
            ("  cost", _money(document.get("cost"))),
            ("  job", document["id"]),
        ],
    )


def print_job(call: Call, document: Document, job: Job, runtime: Runtime) -> None:
    """Print the whole record of a job, without its events."""
    from pressroom.entrypoints.pages.made import made

    what = made(runtime.ports, job)
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
            ("result", _result(document.get("result") or {}, what.text)),
            ("text", what.text),
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
        pages = _pages(runtime.config)
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


def _result(result: Document, told: str) -> str:
    """Return a line for each part of a result; a long one, such as the place of every line of a text, in short."""
    shown = {name: cut(" ".join(str(value).split()), LONGEST_VALUE) for name, value in result.items() if value != told}
    return "\n".join(f"{name}: {value}" for name, value in shown.items())


def _beginning(text: str, job_id: str) -> str:
    shown, more = shortened(text, MOST_LINES)
    return f"{shown}\n… {more} more lines: pressroom jobs {job_id}" if more else shown


def _place(asset: Document, runtime: Runtime) -> str:
    place = runtime.ports.blobs.where(asset["key"], asset["revision"])
    pixels = f", {asset['width']} × {asset['height']}" if asset.get("width") else ""
    return f"{place}  ({size(asset['bytes'])}{pixels})"


def _url(publication: Document, pages: str) -> str:
    """Return where the post is; a path is one of our own pages, which are at `pages` if they are served at all."""
    url = str(publication.get("url") or "")
    return _on_pages(url, pages) if url.startswith("/") else url


def _on_pages(path: str, pages: str) -> str:
    return pages + path if pages else f"{path} on the pages of `pressroom up`"


def _pages(config: Config) -> str:
    """Return the address of our own pages, empty if they do not answer there; `up --port` may be elsewhere."""
    server = config.server
    if server.public_base_url:
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
