"""`pressroom report`: what became of posts and what people did with them, by post, channel, pipeline or day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from pressroom.entrypoints.cli import _completion
from pressroom.entrypoints.cli._call import Call
from pressroom.entrypoints.cli._commands import single

if TYPE_CHECKING:
    from datetime import date

    from pressroom.ports import Views
    from pressroom.reports import Narrowing, Row

KINDS = ("post", "channel", "pipeline", "day")
SHOWN = 50
"""Posts that are listed unless --limit says how many."""
UNKNOWN = "–"
_LEGEND = f"{UNKNOWN} unknown   ≥2 at least 2, by notices   12 (3/5) known of 3 of the 5 published posts"


def build() -> typer.Typer:
    return single(report)


def report(
    context: typer.Context,
    by: Annotated[
        str,
        typer.Option(
            metavar="|".join(KINDS), help="What a line is about.", autocompletion=lambda incomplete: _kinds(incomplete)
        ),
    ] = "post",
    channel: Annotated[
        str,
        typer.Option(
            metavar="CHANNEL",
            help="Only posts of this channel.",
            autocompletion=_completion.channels,
            show_default=False,
        ),
    ] = "",
    pipeline: Annotated[
        str,
        typer.Option(
            metavar="PIPELINE",
            help="Only posts of this pipeline.",
            autocompletion=_completion.pipelines,
            show_default=False,
        ),
    ] = "",
    since: Annotated[str | None, typer.Option(metavar="DAY", help="The first day, in UTC, such as 2026-11-01.")] = None,
    until: Annotated[str | None, typer.Option(metavar="DAY", help="The last day, in UTC; it is included.")] = None,
    limit: Annotated[
        int | None,
        typer.Option(metavar="N", min=1, help=f"How many posts at most: {SHOWN}, with --csv all.", show_default=False),
    ] = None,
    csv: Annotated[
        bool, typer.Option("--csv", help="Print CSV, with every column; unknown is an empty field.")
    ] = False,
) -> None:
    """Report what became of posts, and the likes, comments, shares and views that the networks told.

    What no network told is unknown and never 0; each line says of when its newest numbers are.
    """
    from pressroom.entrypoints.cli._output import print_json
    from pressroom.entrypoints.cli._workspace import records
    from pressroom.errors import BadInput, UnknownName
    from pressroom.replay import Replay
    from pressroom.reports import MODEL, Narrowing

    call = Call.of(context)
    if by not in KINDS:
        raise UnknownName("kind of report", by, KINDS)
    if csv and call.json:
        raise BadInput("Either --csv or --json can be printed.", todo="Leave one out.")
    narrowing = Narrowing(channel=channel, pipeline=pipeline, since=day(since, "--since"), until=day(until, "--until"))
    with records(call) as ports:
        Replay(ports.events, ports.jobs, ports.views, {}).catch_up(MODEL)
        if csv:
            _print_csv(ports.views, by, narrowing, limit)
            return
        document = _document(ports.views, by, narrowing, limit or SHOWN)
    if call.json:
        print_json(document)
    else:
        _print_table(call, by, document, bool(narrowing))


def day(text: str | None, option: str) -> date | None:
    from datetime import date

    from pressroom.errors import BadInput

    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadInput(f"{option} {text}: this is no day.", todo="Write it as 2026-11-20.") from error


def _document(views: Views, by: str, narrowing: Narrowing, limit: int) -> Row:
    from pressroom import reports

    rows = reports.posts(views, narrowing, limit=limit).rows if by == "post" else reports.tallies(views, by, narrowing)
    return {"as_of": reports.newest_reading(rows), f"{by}s": rows}


def _print_csv(views: Views, by: str, narrowing: Narrowing, limit: int | None) -> None:
    import sys
    from itertools import islice

    from pressroom import reports
    from pressroom.csv_text import as_csv

    if by == "post":
        rows = map(reports.flat_post, islice(reports.every_post(views, narrowing), limit))
        lines = as_csv(reports.POST_COLUMNS, rows)
    else:
        lines = as_csv(reports.tally_columns(by), map(reports.flat_tally, reports.tallies(views, by, narrowing)))
    # Line ends are CR LF in CSV and must not become CR CR LF on any system; a byte stream leaves them alone.
    for line in lines:
        sys.stdout.buffer.write(line.encode())
    sys.stdout.buffer.flush()


def _print_table(call: Call, by: str, document: Row, is_narrowed: bool) -> None:
    from pressroom.entrypoints.cli._output import local, note, print_table

    rows = document[f"{by}s"]
    counts = _told(rows)
    if by == "post":
        columns = ["day", "channel", "state", "title", *counts, "as of"]
        cells = [_post_cells(row, counts) for row in rows]
    else:
        columns = [by, "published", "rejected", "held", "under way", *counts, "as of"]
        cells = [_tally_cells(row, by, counts) for row in rows]
    expendable = ["as of", *reversed(counts[1:]), *(["under way", "held", "rejected"] if by != "post" else [])]
    empty = "No post is like that." if is_narrowed else "No post yet. Make one: pressroom run daily_post."
    print_table(call, columns, cells, empty=empty, expendable=expendable)
    if rows:
        as_of = document["as_of"]
        note(
            call,
            f"\n{_LEGEND}\n" + (f"Newest reading: {local(as_of)}" if as_of else "No network has told numbers yet."),
        )


def _told(rows: list[Row]) -> list[str]:
    """Return the counts to show: the common four, and the others where some network tells them."""
    from pressroom.tally import COUNTS

    def is_known(row: Row, name: str) -> bool:
        value = row["counts"][name]
        return value is not None and (not isinstance(value, dict) or value["sum"] is not None)

    return [name for name in COUNTS if name in COUNTS[:4] or any(is_known(row, name) for row in rows)]


def _post_cells(row: Row, counts: list[str]) -> list[Any]:
    from pressroom.entrypoints.cli._output import local

    numbers = [_number(row["counts"][name], row["at_least"][name]) for name in counts]
    title = " ".join((row["title"] or row["text"] or row["name"]).split())
    shown = title if len(title) <= 60 else f"{title[:59]}…"
    return [row["day"], row["channel"], row["state"], shown or row["publication_id"], *numbers, local(row["as_of"])]


def _tally_cells(row: Row, by: str, counts: list[str]) -> list[Any]:
    from pressroom.entrypoints.cli._output import local

    outcomes = [row["published"], row["rejected"], row["held"], row["under_way"]]
    return [row[by] or UNKNOWN, *outcomes, *(_sum(row, name) for name in counts), local(row["as_of"])]


def _sum(row: Row, name: str) -> str:
    count = row["counts"][name]
    if count["sum"] is None:
        return _number(None, count["at_least"] or None)
    whole = max(row["published"], count["posts"])
    return str(count["sum"]) if count["posts"] == whole else f"{count['sum']} ({count['posts']}/{whole})"


def _number(count: int | None, bound: int | None) -> str:
    if count is not None:
        return str(count)
    return UNKNOWN if bound is None else f"≥{bound}"


def _kinds(incomplete: str) -> list[str]:
    return [kind for kind in KINDS if kind.startswith(incomplete)]
