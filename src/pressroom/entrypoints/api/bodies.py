"""Reads bodies within bounds: of size before they are read, of time while they are, of depth once they are."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from typing import Any, NoReturn

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.types import Message, Receive

from pressroom.entrypoints.api.problems import MalformedBody

GRACE_SECONDS = 10.0
"""For a body of any size; more time has to be earned by sending."""
SLOWEST_BYTES_A_SECOND = 16_384
DEEPEST = 64
"""Lists and objects within each other. Deeper ones cost a program its stack, and nothing here needs them."""

_QUICKLY_READ_BYTES = 65_536
"""Within a millisecond or two; a larger body is read where nobody waits for it."""


def bounded(receive: Receive, most_bytes: int, clock: Callable[[], float] = time.monotonic) -> Receive:
    """Return `receive` for a body of at most this size, that comes without pauses; raises 413 or 408 otherwise.

    After the end of the body it is `receive` as it was: to wait for a caller who leaves takes as long as it takes.
    """
    begun: float | None = None
    taken, is_over = 0, False

    async def within_bounds() -> Message:
        nonlocal begun, taken, is_over
        if is_over:
            return await receive()
        begun = clock() if begun is None else begun
        left = GRACE_SECONDS + taken / SLOWEST_BYTES_A_SECOND - (clock() - begun)
        if left <= 0:
            raise HTTPException(408)
        try:
            async with asyncio.timeout(left):
                message = await receive()
        except TimeoutError:
            raise HTTPException(408) from None
        taken += len(message.get("body", b""))
        if taken > most_bytes:
            raise HTTPException(413)
        is_over = message["type"] != "http.request" or not message.get("more_body", False)
        return message

    return within_bounds


async def checked_json(request: Request) -> None:
    """Refuse a JSON body that two readers could read in two ways, or that cannot be stored; for every route."""
    route = getattr(request.state, "route", None)
    if route is not None and route.takes_json:
        data = await request.body()
        if len(data) > _QUICKLY_READ_BYTES:
            await run_in_threadpool(strict_json, data)
        else:
            strict_json(data)


def strict_json(data: bytes) -> Any:
    """Return what a body of JSON says, None for an empty one.

    Raises `MalformedBody` for names that stand twice, NaN and infinity, half characters, and too deep a nesting.
    """
    if not data:
        return None
    try:
        found = json.loads(data, object_pairs_hook=_object, parse_constant=_constant, parse_float=_number)
        # Half a surrogate pair (`\ud800`) is legal in JSON, and no text: nothing could store or answer it.
        json.dumps(found, ensure_ascii=False).encode()
    except RecursionError:
        raise _too_deep() from None
    except UnicodeError as error:
        raise MalformedBody(
            "The body is not text in UTF-8.", todo="Send it in UTF-8, without half characters."
        ) from error
    except ValueError as error:
        raise MalformedBody(f"The body is not JSON: {_where(error)}.", todo="Send one JSON document.") from error
    if _depth(found) > DEEPEST:
        raise _too_deep()
    return found


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise MalformedBody("An object in the body has the same name twice.", todo="Leave one of the two out.")
    return found


def _constant(name: str) -> NoReturn:
    raise MalformedBody(f"{name} is not JSON.", todo="Send null, or leave it out.")


def _number(text: str) -> float:
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise MalformedBody("A number in the body is too large.", todo="Send a smaller one.")
    return number


def _where(error: ValueError) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg.lower()} at character {error.pos}"
    return "a number in it has too many digits"


def _depth(found: Any) -> int:
    level, depth = [found], 0
    while level:
        level = [
            inner
            for one in level
            if isinstance(one, dict | list)
            for inner in (one.values() if isinstance(one, dict) else one)
        ]
        depth += 1
    return depth


def _too_deep() -> MalformedBody:
    return MalformedBody(f"The body is nested more than {DEEPEST} deep.", todo="Send a flatter document.")
