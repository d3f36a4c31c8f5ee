"""Serves the HTTP API and the pages behind API Gateway, which passes requests of format 2.0 on.

API Gateway hands an answer on only when it is whole. So a stream of events ends as soon as it has told what there is,
and its reader comes back for more: pages go on as they do elsewhere, a few seconds later.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from mangum import Mangum

from pressroom.entrypoints.api.app import create_app
from pressroom.entrypoints.api.event_streams import EventStreams, Limits
from pressroom.entrypoints.api.replaying import Replaying, ReplayRun
from pressroom.entrypoints.aws_lambda._invocation import invoked
from pressroom.errors import BadInput

if TYPE_CHECKING:
    from pressroom.runtimes.aws import Deployed

TEXTS = ("text/", "application/json", "application/problem+json", "application/javascript", "image/svg+xml")
"""What is handed on as it is; everything else as base64, which API Gateway turns back."""


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Take a request of API Gateway and return its answer."""
    with invoked("http", context) as call:
        served = call.kept("server", _served)
        return served(event, context)


class NoReplaying(Replaying):
    """Begins no replay: AWS stops a function's other threads with its answer, and goes on with them or does not."""

    def start(
        self, into: str | None, through: str | None, since: datetime | None = None, until: datetime | None = None
    ) -> ReplayRun:
        option = f"--into {into}" if into is not None else f"--through {through}"
        raise BadInput(
            "A replay takes longer than a function may answer, so none is begun here.",
            where="replay",
            todo=f"Run it from a machine: pressroom --runtime aws replay {option}",
        )


def _served(deployed: Deployed) -> Mangum:
    app = create_app(deployed.runtime)
    at_once = Limits(longest=timedelta(0))
    app.state.event_streams = EventStreams(deployed.runtime.ports, at_once)
    app.state.story_streams = EventStreams(deployed.runtime.ports, at_once)
    app.state.replaying = NoReplaying(deployed.runtime)
    return Mangum(app, lifespan="off", text_mime_types=list(TEXTS))
