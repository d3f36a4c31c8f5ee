"""What the API's description says of errors: which a route may answer with, each a problem document."""

from __future__ import annotations

from typing import Any

from pressroom.entrypoints.api.problems import MEDIA_TYPE

_WORDS = {
    400: "A parameter, or the body, cannot be read or used.",
    401: "A key is needed, or the one that was sent opens nothing.",
    403: "The key does not have the scope that this takes.",
    404: "It is not there, or not any more.",
    408: "The body came too slowly.",
    405: "This address cannot be used in that way.",
    409: "It is not in a state in which this can be done, or somebody else was faster; read it again.",
    410: "It was here and is gone.",
    413: "The body is larger than what is taken here.",
    415: "The body is not JSON.",
    416: "The part that was asked for lies behind the end.",
    422: "The request can be read, and what it says does not fit, or a parameter or name is unknown; see `errors`.",
    429: "This key has asked too often; `Retry-After` says when to ask again.",
    503: "What is needed cannot be reached at the moment; `Retry-After` says when to ask again, where that is known.",
}
PROBLEM = {"$ref": "#/components/schemas/ProblemDocument"}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return a route's `responses` for these errors; those that every route has are added to the whole document."""
    return {status: problem(status) for status in statuses}


def problem(status: int) -> dict[str, Any]:
    return {"description": _WORDS[status], "content": {MEDIA_TYPE: {"schema": PROBLEM}}}
