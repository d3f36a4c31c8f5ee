"""`/api/v1/analytics`: what became of posts, and what people did with them, as JSON or as CSV."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response, StreamingResponse

import pressroom
from pressroom import reports
from pressroom.csv_text import as_csv
from pressroom.entrypoints.api.analytics_shapes import Channels, Days, Pipelines, Posts
from pressroom.entrypoints.api.context import RuntimeHere
from pressroom.entrypoints.api.moments import Day
from pressroom.errors import BadInput
from pressroom.reports import MODEL, Narrowing, Row
from pressroom.runtime import Runtime

router = APIRouter(prefix="/api/v1/analytics", tags=["analytics"])

_LINES = 500

_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {"text/csv": {"schema": {"type": "string"}}},
        "description": "JSON; CSV with `?format=csv` or `Accept: text/csv`, where what is unknown is an empty field.",
    },
    304: {"description": "Nothing was told since the answer with this `If-None-Match`."},
    400: {"description": "A parameter cannot be used: `{message, todo}`."},
    401: {"description": "Beyond this machine the server's key is needed: `Authorization: Bearer KEY`."},
}


def _narrowing(
    channel: Annotated[str, Query(description="Only posts of this channel.")] = "",
    pipeline: Annotated[str, Query(description="Only posts of this pipeline.")] = "",
    since: Annotated[Day | None, Query(description="The first day, in UTC.", examples=["2026-10-01"])] = None,
    until: Annotated[
        Day | None, Query(description="The last day, in UTC; it is included.", examples=["2026-10-31"])
    ] = None,
) -> Narrowing:
    if since and until and since > until:
        raise BadInput(f"since {since} is after until {until}.", todo="Exchange the two.")
    return Narrowing(channel=channel, pipeline=pipeline, since=since, until=until)


def _is_csv(
    request: Request,
    format: Annotated[Literal["json", "csv"] | None, Query(description="Wins over the header `Accept`.")] = None,
) -> bool:
    accepts = request.headers.get("accept", "")
    return format == "csv" or (format is None and "text/csv" in accepts and "application/json" not in accepts)


Narrowed = Annotated[Narrowing, Depends(_narrowing)]
IsCsv = Annotated[bool, Depends(_is_csv)]


class _Answer:
    """One answer under way: reads the log up to now, and knows whether the caller has this very answer already."""

    def __init__(self, runtime: Runtime, request: Request, is_csv: bool) -> None:
        runtime.replay.catch_up(MODEL)
        position = runtime.ports.views.position(MODEL)
        self.headers = {
            "etag": f'"{pressroom.__version__}-{position}-{"csv" if is_csv else "json"}"',
            # The guard's own "no-store" would keep a program from ever asking with If-None-Match.
            "cache-control": "private, no-cache",
            "vary": "accept",
        }
        known = request.headers.get("if-none-match", "")
        self.is_known = self.headers["etag"] in [tag.strip().removeprefix("W/") for tag in known.split(",")]

    def unchanged(self) -> Response:
        return Response(status_code=304, headers=self.headers)

    def csv(self, name: str, columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> Response:
        more = {"content-disposition": f'attachment; filename="pressroom-{name}.csv"'}
        lines = as_csv(columns, rows)
        # A line at a time would cost a change of threads for each.
        pieces = iter(lambda: "".join(islice(lines, _LINES)), "")
        media_type = "text/csv; charset=utf-8; header=present"
        return StreamingResponse(pieces, media_type=media_type, headers=self.headers | more)


@router.get("/posts", operation_id="analyse_posts", response_model=Posts, responses=_RESPONSES)
def posts(
    request: Request,
    response: Response,
    runtime: RuntimeHere,
    narrowing: Narrowed,
    is_csv: IsCsv,
    limit: Annotated[
        int | None, Query(ge=1, le=500, description="How many at most: 50 in JSON, as many as there are in CSV.")
    ] = None,
    before: Annotated[str | None, Query(description="The `publication_id` behind which to go on.")] = None,
) -> Response | Row:
    """List posts, those requested last first, each with its state and its newest counts."""
    answer = _Answer(runtime, request, is_csv)
    if answer.is_known:
        return answer.unchanged()
    views = runtime.ports.views
    if is_csv and limit is None:
        rows: Iterator[Row] = reports.every_post(views, narrowing, before=before)
        return answer.csv("posts", reports.POST_COLUMNS, map(reports.flat_post, rows))
    found = reports.posts(views, narrowing, limit=limit or 50, before=before)
    following = _next(request, found.before)
    if following:
        answer.headers["link"] = f'<{following}>; rel="next"'
    if is_csv:
        return answer.csv("posts", reports.POST_COLUMNS, map(reports.flat_post, found.rows))
    response.headers.update(answer.headers)
    return {"as_of": reports.newest_reading(found.rows), "posts": found.rows, "next": following}


@router.get("/channels", operation_id="analyse_channels", response_model=Channels, responses=_RESPONSES)
def channels(
    request: Request, response: Response, runtime: RuntimeHere, narrowing: Narrowed, is_csv: IsCsv
) -> Response | Row:
    """Tally posts by channel."""
    return _tallies(request, response, runtime, narrowing, is_csv, "channel")


@router.get("/pipelines", operation_id="analyse_pipelines", response_model=Pipelines, responses=_RESPONSES)
def pipelines(
    request: Request, response: Response, runtime: RuntimeHere, narrowing: Narrowed, is_csv: IsCsv
) -> Response | Row:
    """Tally posts by pipeline."""
    return _tallies(request, response, runtime, narrowing, is_csv, "pipeline")


@router.get("/days", operation_id="analyse_days", response_model=Days, responses=_RESPONSES)
def days(
    request: Request, response: Response, runtime: RuntimeHere, narrowing: Narrowed, is_csv: IsCsv
) -> Response | Row:
    """Tally posts by the day of publishing, the newest first."""
    return _tallies(request, response, runtime, narrowing, is_csv, "day")


def _tallies(
    request: Request, response: Response, runtime: Runtime, narrowing: Narrowing, is_csv: bool, kind: str
) -> Response | Row:
    answer = _Answer(runtime, request, is_csv)
    if answer.is_known:
        return answer.unchanged()
    rows = reports.tallies(runtime.ports.views, kind, narrowing)
    if is_csv:
        return answer.csv(f"{kind}s", reports.tally_columns(kind), map(reports.flat_tally, rows))
    response.headers.update(answer.headers)
    return {"as_of": reports.newest_reading(rows), f"{kind}s": rows}


def _next(request: Request, before: str | None) -> str | None:
    if before is None:
        return None
    query = dict(request.query_params) | {"before": before}
    return f"{request.url.path}?{urlencode(query)}"
