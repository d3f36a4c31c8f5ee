"""`Idempotency-Key`: the same request twice starts one job, and gets one answer, whatever is killed in between.

What is answered is stored as a claim of the ledger, in the very commit that stores the job: there is never a job
without its claim, nor a claim without its job, in however many processes the same request arrives.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any

from fastapi import Depends, Header, Request
from fastapi.encoders import jsonable_encoder
from starlette.responses import JSONResponse, Response

from pressroom.changes import Change, Claim
from pressroom.entrypoints.api.bodies import strict_json
from pressroom.entrypoints.api.context import CallerHere, RuntimeHere
from pressroom.entrypoints.api.problems import DoesNotFit, InFlight, Malformed
from pressroom.errors import Conflict
from pressroom.jobs import Job
from pressroom.ports import Entry
from pressroom.runner import Along
from pressroom.runtime import Runtime

VALID = timedelta(days=1)
"""At least so long the same key gets the same answer."""
REPLAYED = "Idempotency-Replayed"


class IdempotencyKeyReused(DoesNotFit):
    """The key stands for another request."""

    def __init__(self) -> None:
        super().__init__(
            "This Idempotency-Key was sent before, with another request.",
            todo="Send the very same request, or take a new key for a new one.",
        )


class IdempotencyKeyInFlight(InFlight):
    """The same request is being answered at this moment, in this process."""

    def __init__(self) -> None:
        super().__init__(
            "A request with this Idempotency-Key is under way.", todo="Ask again in a second; see Retry-After."
        )


@dataclass(frozen=True, slots=True)
class Made:
    """The answer to a request that made something."""

    body: dict[str, Any]
    location: str = ""
    status: int = 202


class UnderWay:
    """Which keys are being answered in this process, and for which request."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._digests: dict[str, str] = {}

    @contextmanager
    def holding(self, key: str, digest: str) -> Iterator[None]:
        with self._lock:
            held = self._digests.get(key)
            if held is None:
                self._digests[key] = digest
        if held is not None:
            raise IdempotencyKeyInFlight if held == digest else IdempotencyKeyReused
        try:
            yield
        finally:
            with self._lock:
                del self._digests[key]


class Once:
    """Answers one request that starts jobs, once for each key that callers send with it."""

    def __init__(self, runtime: Runtime, under_way: UnderWay, key: str = "", digest: str = "") -> None:
        self._runtime, self._under_way, self._key, self._digest = runtime, under_way, key, digest

    def __call__(self, start: Callable[[Along], Sequence[Job]], answer: Callable[[Sequence[Job]], Made]) -> Response:
        """Start jobs and answer, or answer as the same request was answered before.

        `start` hands what it is given to `runner.request` as `along`; `answer` tells what those jobs mean to the
        caller, and nothing else, so that it is the same whenever it is asked. Whatever `start` raises leaves no
        trace: the key may be sent again.
        """
        if not self._key:
            return _response(answer(start(lambda _: Change())))
        if (entry := self._runtime.ports.ledger.get(self._key)) is not None:
            return self._replayed(entry)
        with self._under_way.holding(self._key, self._digest):
            try:
                return _response(answer(start(lambda jobs: self._claim(answer(jobs)))))
            except Conflict:
                # Another process was faster, or the one before us was killed before it could answer.
                if (entry := self._runtime.ports.ledger.get(self._key)) is None:
                    raise
                return self._replayed(entry)

    def _claim(self, made: Made) -> Change:
        body = jsonable_encoder(made.body)
        note = {"digest": self._digest, "status": made.status, "body": body, "location": made.location}
        expires_at = self._runtime.ports.clock.now() + VALID
        return Change(claims=(Claim(self._key, note, expires_at),))

    def _replayed(self, entry: Entry) -> Response:
        note = entry.note
        if note["digest"] != self._digest:
            raise IdempotencyKeyReused
        response = _response(Made(note["body"], note["location"], note["status"]))
        response.headers[REPLAYED] = "true"
        return response


def _response(made: Made) -> Response:
    headers = {"location": made.location} if made.location else None
    return JSONResponse(jsonable_encoder(made.body), status_code=made.status, headers=headers)


async def _once(
    request: Request,
    runtime: RuntimeHere,
    caller: CallerHere,
    idempotency_key: Annotated[
        str | None,
        Header(
            alias="Idempotency-Key",
            min_length=1,
            max_length=255,
            pattern=r"^[\x20-\x7e]+$",
            description="Of your choice, new for each thing that is wanted, such as a UUID. The same request with the "
            "same key is done once and answered alike for a day, with `Idempotency-Replayed: true`; another request "
            "with it is refused (422), and the same one while the first is under way, too (409).",
            examples=["5f8b0c1e-3f0a-4d58-9d0e-2a8f6f1f7c11"],
        ),
    ] = None,
) -> Once:
    under_way: UnderWay = request.app.state.under_way
    if idempotency_key is None or not caller.id:
        return Once(runtime, under_way)
    if len(request.headers.getlist("idempotency-key")) > 1:
        raise Malformed("The header Idempotency-Key stands there twice.", todo="Send it once.")
    hashed = hashlib.sha256(idempotency_key.encode()).hexdigest()
    digest = request_digest(request, await request.body())
    return Once(runtime, under_way, f"idempotency:{caller.id}:{hashed}", digest)


def request_digest(request: Request, body: bytes) -> str:
    """Return what tells one request from another: method, path, query and what its body says, however it is written."""
    route = request.state.route
    said: Any = body.hex()
    if route is not None and route.takes_json:
        said = strict_json(body)
    parts = [request.method, request.scope["path"], request.url.query, said]
    return hashlib.sha256(json.dumps(parts, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


OnceHere = Annotated[Once, Depends(_once)]
"""For every route that starts jobs: `once: OnceHere`, and `return once(start, answer)`."""
