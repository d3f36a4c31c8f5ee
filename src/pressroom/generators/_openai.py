"""One call to OpenAI or a server that speaks like it: the key, the time-out, and what went wrong. Never a retry."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from pydantic import Field, field_validator

from pressroom.errors import BadInput, ConfigurationError, Unavailable
from pressroom.generators._openai_errors import Asked, refusal
from pressroom.generators._openai_models import Price, price_of
from pressroom.generators.base import Options, Setup, Usage
from pressroom.http_answers import Answer, Deadline, NoAnswer, NotSent
from pressroom.redaction import redact

LONGEST_ANSWER_BYTES = 64 * 1024 * 1024
"""A picture of 3840x2160 as PNG in base64 stays below; anything above is no answer of this API."""


class ServerOptions(Options):
    """What every door to OpenAI can be told."""

    base_url: str = "https://api.openai.com/v1"
    """Of OpenAI, or of any server that speaks like it."""
    model: str = ""
    timeout_seconds: float = Field(60, gt=0)
    """How long one call may take; a call that was given up may be billed all the same."""

    @field_validator("base_url")
    @classmethod
    def _is_a_plain_url(cls, value: str) -> str:
        parts = urlsplit(value)
        # Reading the port raises for one that cannot be.
        has_port = parts.port != 0
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment or not has_port:
            raise ValueError("must be a URL such as https://api.openai.com/v1")
        if parts.username is not None or parts.password is not None:
            raise ValueError("must not hold a user's name or password; the key is a secret of its own")
        return value.rstrip("/")

    @property
    def host(self) -> str:
        return urlsplit(self.base_url).netloc


class OpenAIOptions(ServerOptions):
    """What a door can be told besides, if what it makes costs money."""

    input_price: Decimal | None = Field(None, ge=0)
    """US dollars for a million input tokens; without it, what is known of the model."""
    output_price: Decimal | None = Field(None, ge=0)
    """US dollars for a million output tokens; without it, what is known of the model."""

    @property
    def price(self) -> Price:
        return price_of(self.model, self.input_price, self.output_price)


File = tuple[str, tuple[str, bytes, str]]
"""A part of a form: its name, and the file's name, bytes and media type."""


def ask(
    setup: Setup,
    options: ServerOptions,
    path: str,
    body: dict[str, Any],
    *,
    files: Sequence[File] = (),
    is_billed: bool = True,
) -> bytes:
    """Make the one call, which may be billed, and return what a success brought, readable or not.

    With files, body and files go as a form; the body alone goes as JSON.
    """
    asked = Asked(setup.name, options.model, options.host, setup.clock.now(), is_billed=is_billed)
    reply = send(asked, options, "POST", path, api_key(setup), options.timeout_seconds, body, files)
    if not 200 <= reply.status < 300:
        raise refusal(reply.status, reply.headers, reply.body, asked)
    return reply.body


def api_key(setup: Setup) -> str:
    """Return the key; raises `ConfigurationError` if there is none, or one that no header can carry."""
    name = f"generators.{setup.name}.api_key"
    todo = f"Set it: `pressroom secrets set {name}`. A server that needs no key takes any word."
    key = (setup.secret("api_key") or "").strip()
    if not key:
        raise ConfigurationError(f"The secret {name} is not set.", where=name, todo=todo)
    if not (key.isascii() and key.isprintable()) or " " in key:
        raise ConfigurationError(
            f"The secret {name} is no API key: it holds a blank or a sign that no key has.", where=name, todo=todo
        )
    return key


def send(
    asked: Asked,
    options: ServerOptions,
    method: str,
    path: str,
    key: str,
    seconds: float,
    body: Any = None,
    files: Sequence[File] = (),
) -> Answer:
    """Send one request and read its answer; raises `Unavailable` if none came, or a success that broke off."""
    import httpx

    from pressroom.http_calls import HttpCalls

    headers = {"authorization": f"Bearer {key}", "user-agent": "pressroom"}
    deadline = Deadline(timedelta(seconds=seconds))
    try:
        said: dict[str, Any] = {"data": body, "files": files} if files else {"json": body}
        request = httpx.Request(method, options.base_url + path, headers=headers, **said)
    except httpx.InvalidURL as error:
        raise ConfigurationError(
            f"{options.base_url} is no address that can be called: {error}.",
            where=asked.section,
            todo=f"Correct base_url in {asked.section}.",
        ) from None
    try:
        answer = HttpCalls().call(request, deadline, LONGEST_ANSWER_BYTES)
    except NotSent as failed:
        raise Unavailable(
            f"{options.host} could not be reached; nothing was asked of it.",
            where=asked.section,
            todo=f"It is tried again. If it goes on: check the network, and base_url in {asked.section}.",
            detail=redact(failed.why, [key]),
        ) from None
    except NoAnswer as failed:
        raise _broken(asked, deadline, redact(failed.why, [key])) from None
    # The status of a refusal says enough; a success is worth nothing without the rest of it.
    if not answer.is_whole and 200 <= answer.status < 300:
        if len(answer.body) == LONGEST_ANSWER_BYTES:
            raise ConfigurationError(
                f"{asked.host} answers with more than {LONGEST_ANSWER_BYTES // 2**20} MB, which is no answer of this "
                f"API.{asked.perhaps_billed}",
                where=asked.section,
                todo=f"Check base_url in {asked.section}.",
            )
        raise _broken(asked, deadline, "the answer broke off")
    return answer


def _broken(asked: Asked, deadline: Deadline, why: str) -> Unavailable:
    """Describe a call that was begun and has no whole answer."""
    if deadline.seconds_left <= 0:
        return Unavailable(
            f"{asked.host} did not answer within {deadline.within.total_seconds():g} seconds.{asked.perhaps_billed}",
            where=asked.section,
            todo=f"It is tried again. If it goes on, give it longer: timeout_seconds in {asked.section}.",
        )
    return Unavailable(
        f"The connection to {asked.host} broke before its answer was there.{asked.perhaps_billed}",
        where=asked.section,
        todo="It is tried again.",
        detail=why,
    )


def usage_of(raw: bytes, price: Price, unreported: Decimal) -> tuple[Usage, ...]:
    """Return what an answer says it used, in money; if it does not say, one line with the most it can have been."""
    used = document_of(raw).get("usage")
    counts = [used.get(unit) for unit in ("input_tokens", "output_tokens")] if isinstance(used, dict) else []
    tokens = [count for count in counts if isinstance(count, int) and not isinstance(count, bool) and count >= 0]
    if len(tokens) != 2:
        return (Usage("unreported", 1, unreported),)
    # Cached input is counted as if it were not: it costs less, and how much less is not written here.
    return (
        Usage("input_tokens", tokens[0], price.of(tokens[0], 0)),
        Usage("output_tokens", tokens[1], price.of(0, tokens[1])),
    )


def document_of(raw: bytes) -> dict[str, Any]:
    """Return the JSON object of an answer, an empty one for anything else."""
    try:
        document = json.loads(raw)
    except (ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}


def unreadable(setup: Setup, why: str, raw: bytes) -> BadInput:
    """Describe an answer that came and cannot be used."""
    section = f"[generators.{setup.name}]"
    return BadInput(
        f"The answer to {section} came, but {why}.",
        where=section,
        todo="Asking again may go better, and is billed again. If it goes on, check base_url and model there.",
        detail=redact(raw[:500].decode(errors="replace"), []),
    )
