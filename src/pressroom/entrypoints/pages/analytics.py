"""`/analytics`: posts with their numbers, over time and by channel."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, timedelta
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from starlette.responses import HTMLResponse

from pressroom import reports
from pressroom.entrypoints.api.context import RuntimeHere
from pressroom.entrypoints.pages import charts, pictures
from pressroom.entrypoints.pages.rendering import page
from pressroom.reports import MODEL, Narrowing, Row
from pressroom.runtime import Runtime
from pressroom.tally import COUNTS

router = APIRouter(include_in_schema=False)

PAGE_LENGTH = 20
PERIODS = {"30": "30 days", "90": "90 days", "365": "A year", "all": "All"}
_TALL, _LOW, _LINE = 220, 96, 60
"""Pixels: the chart of counts, the one of posts, and one line of a channel's."""


@dataclass(frozen=True, slots=True)
class PostLine:
    row: Row
    headline: str
    picture: pictures.Shown | None


@dataclass(frozen=True, slots=True)
class Standing:
    """One channel or pipeline among the others, with its own small chart on the scale that all share."""

    name: str
    beside: str
    tally: Row
    chart: charts.Chart


@router.get("/analytics")
def analytics(
    request: Request,
    runtime: RuntimeHere,
    channel: Annotated[str, Query()] = "",
    pipeline: Annotated[str, Query()] = "",
    period: Annotated[str, Query()] = "30",
    count: Annotated[str, Query()] = "likes",
    before: Annotated[str, Query()] = "",
) -> HTMLResponse:
    # What is unknown, from an old bookmark say, is left out and not an error.
    period = period if period in PERIODS else "30"
    count = count if count in COUNTS else "likes"
    runtime.replay.catch_up(MODEL)
    views = runtime.ports.views
    today = runtime.ports.clock.now().astimezone(UTC).date()
    since = None if period == "all" else today - timedelta(days=int(period) - 1)
    narrowing = Narrowing(channel=channel, pipeline=pipeline, since=since)
    cells = list(reports.cells(views, narrowing))
    found = reports.posts(views, narrowing, limit=PAGE_LENGTH, before=before or None)
    chosen = {"channel": channel, "pipeline": pipeline, "period": period, "count": count}
    address = _addresses(chosen)
    first = since or _first(cells, today)
    pieces = charts.spans(cells, first, today)
    return page(
        request,
        "analytics.html",
        chosen=chosen,
        address=address,
        periods=PERIODS,
        counts=COUNTS,
        channels=_names(views, "channel", channel),
        pipelines=_names(views, "pipeline", pipeline),
        whole=reports.together(cells),
        pieces=pieces,
        chart=charts.count_chart(pieces, count, _TALL),
        post_chart=charts.post_chart(pieces, _LOW),
        shares=charts.shares,
        standings=_standings(cells, first, today, count),
        posts=[_line(runtime, row) for row in found.rows],
        newest=address(before="") if before else "",
        older=address(before=found.before) if found.before else "",
        csv=_csv_address(narrowing),
        is_empty=not views.find(MODEL, limit=1, prefix="post/"),
    )


def _first(cells: list[Row], today: date) -> date:
    return min((date.fromisoformat(cell["day"]) for cell in cells), default=today)


def _names(views: Any, kind: str, chosen: str) -> list[str]:
    return sorted({row[kind] for row in reports.tallies(views, kind, Narrowing())} | {chosen} - {""})


def _addresses(chosen: dict[str, str]) -> Callable[..., str]:
    usual = {"period": "30", "count": "likes"}

    def address(**changed: str) -> str:
        query = {name: value for name, value in (chosen | changed).items() if value and usual.get(name) != value}
        return f"/analytics?{urlencode(query)}" if query else "/analytics"

    return address


def _csv_address(narrowing: Narrowing) -> str:
    query = {"format": "csv", "channel": narrowing.channel, "pipeline": narrowing.pipeline, "since": narrowing.since}
    return f"/api/v1/analytics/posts?{urlencode({name: value for name, value in query.items() if value})}"


def _standings(cells: list[Row], first: date, last: date, count: str) -> list[tuple[str, list[Standing]]]:
    """Return the channels and the pipelines, each kind with the highest sum first."""
    found = []
    for kind, beside in (("channel", "network"), ("pipeline", "")):
        rows = reports.added_up(cells, [name for name in (kind, beside) if name])
        own = {row[kind]: charts.spans((c for c in cells if c[kind] == row[kind]), first, last) for row in rows}
        top = max((charts.highest_of(spans, count) for spans in own.values()), default=0)
        lines = [
            Standing(row[kind], row.get(beside, ""), row, charts.count_chart(own[row[kind]], count, _LINE, top))
            for row in sorted(rows, key=lambda row: (-_rank(row, count), row[kind]))
        ]
        found.append((kind, lines))
    return found


def _rank(row: Row, count: str) -> int:
    known: int | None = row["counts"][count]["sum"]
    return -1 if known is None else known


def _line(runtime: Runtime, row: Row) -> PostLine:
    """Return a post for the list; one that is not published yet is told of by its publication."""
    title, shown = row["title"] or row["text"] or row["name"], None
    image = row["image"]
    if image and (asset := runtime.ports.assets.get(image["key"], image["revision"])):
        shown = pictures.shown(
            runtime,
            image["key"],
            image["revision"],
            asset.media_type,
            image["alt_text"],
            image["width"] or 0,
            image["height"] or 0,
        )
    elif row["state"] != "published" and (publication := runtime.ports.publications.get(row["publication_id"])):
        title = publication.post.title or publication.post.text or row["name"]
        shown = next(iter(pictures.of_post(runtime, publication.post)), None)
    return PostLine(row, " ".join(title.split()), shown)
