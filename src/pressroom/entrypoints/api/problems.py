"""The problem document that a program gets with every error (RFC 9457), and which status each error has."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel, Field

from pressroom.entrypoints.api.mistakes import Mistake
from pressroom.entrypoints.api.refusals import OperatorsOnly
from pressroom.entrypoints.api.scopes import NotAllowed
from pressroom.errors import (
    BadInput,
    Conflict,
    LeaseLost,
    NotFound,
    OutOfCredit,
    PressroomError,
    Problem,
    PublishingError,
    Unavailable,
    UnknownName,
)
from pressroom.webhooks import NotGenuine

MEDIA_TYPE = "application/problem+json"


class Malformed(BadInput):
    """The request cannot be read at all: 400, whatever it holds."""


class MalformedBody(Malformed):
    """The body cannot be read as JSON in one way only."""


class DoesNotFit(BadInput):
    """The request can be read, and what it says does not fit what is asked for here: 422."""


class WrongType(BadInput):
    """The body is of another media type than this address takes: 415."""


class TooLarge(BadInput):
    """The body is larger than this address takes: 413."""


class TooManyRequests(PressroomError):
    """One key asked more often than this server allows."""

    def __init__(self, seconds: int) -> None:
        super().__init__(
            "This key has asked too often.", todo=f"Ask again in {seconds} s, and more slowly; see Retry-After."
        )
        self.seconds = seconds


class InFlight(Conflict):
    """The same request is being answered at this moment."""

    seconds = 1
    """After which to ask again."""


class ProblemDocument(BaseModel):
    """What went wrong, and what to do (RFC 9457, `application/problem+json`)."""

    type: str = Field(description="The kind of the error, for programs.", examples=["urn:pressroom:problem:not-found"])
    title: str = Field(description="The same in words.", examples=["Not found"])
    status: int = Field(examples=[404])
    detail: str = Field(description="What happened, to which thing.", examples=["There is no job job_1."])
    instance: str = Field(description="The path that was asked for.", examples=["/api/v1/jobs/job_1"])
    message: str = Field(description="The same as `detail`.", examples=["There is no job job_1."])
    todo: str = Field(description="What to do next.", examples=["/api/v1/jobs lists the jobs there are."])
    errors: list[Mistake] | None = Field(None, description="Every place of the request that is wrong.")


_STATUS: tuple[tuple[type[PressroomError], int], ...] = (
    (NotAllowed, 403),
    (OperatorsOnly, 403),
    (NotFound, 404),
    (NotGenuine, 401),
    (UnknownName, 422),
    (DoesNotFit, 422),
    (WrongType, 415),
    (TooLarge, 413),
    (TooManyRequests, 429),
    (BadInput, 400),
    (Conflict, 409),
    (LeaseLost, 409),
    (Unavailable, 503),
    (PublishingError, 502),
    (OutOfCredit, 502),
)

PLAIN = {
    400: Problem("This request cannot be used as it is.", todo="Check the address and what was sent."),
    401: Problem("This page is not public.", todo="Log in with the server's key."),
    403: Problem("This is not for everybody.", todo="Check the address, or ask whoever runs this Pressroom."),
    404: Problem("There is nothing at this address.", todo="It may have moved or expired; begin at the front page."),
    405: Problem("This address cannot be used in that way.", todo="Begin at the front page."),
    408: Problem("The body came too slowly.", todo="Send it again, over a better line."),
    413: Problem("That is larger than what is taken here.", todo="Send less at once."),
    410: Problem("This was here and is gone.", todo="Its time was over, or it was removed; open its job again."),
}
"""By status: errors that are raised without words of their own."""


def status_of(error: PressroomError, *, has_json: bool = False, in_path: Collection[object] = ()) -> int:
    """Return an error's status; `in_path` is what the path names.

    What was sent as JSON could be read, so input that cannot be used does not fit: 422. A name that nothing answers
    to does not fit either, unless it is the address: then nothing is there.
    """
    if isinstance(error, UnknownName) and error.name in in_path:
        return 404
    status = next((status for kind, status in _STATUS if isinstance(error, kind)), 500)
    return 422 if status == 400 and has_json and not isinstance(error, Malformed) else status


def kind_of(error: PressroomError) -> str:
    """Return the kind of an error for programs: `NotFound` -> `not-found`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "-", type(error).__name__).lower()


def kind_of_status(status: int) -> str:
    try:
        return re.sub(r"[^a-z]+", "-", HTTPStatus(status).phrase.lower())
    except ValueError:
        return "error"


def document(
    status: int, problem: Problem, *, kind: str, instance: str, errors: Sequence[Mistake] = ()
) -> dict[str, Any]:
    found = ProblemDocument(
        type=f"urn:pressroom:problem:{kind}",
        title=kind.replace("-", " ").capitalize(),
        status=status,
        detail=problem.what,
        instance=instance,
        message=problem.what,
        todo=problem.todo,
        errors=list(errors) or None,
    )
    return found.model_dump(exclude_none=True)
