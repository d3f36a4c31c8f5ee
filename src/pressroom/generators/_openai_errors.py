"""Turns a refusal of OpenAI into an error that says what to do. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pressroom.errors import BadInput, ConfigurationError, OutOfCredit, PressroomError, RateLimited, Unavailable
from pressroom.generators._openai_models import IMAGE_DEFAULT, MODERATION_DEFAULT, TEXT_DEFAULT, known_end
from pressroom.http_answers import Answer
from pressroom.http_outcomes import retry_at
from pressroom.redaction import redact

_NO_CREDIT = {"insufficient_quota", "billing_hard_limit_reached", "billing_not_active", "access_terminated"}
_NO_MODEL = {"model_not_found", "model_deprecated", "deprecated_model"}
_POLICY = {"moderation_blocked", "content_policy_violation", "content_filter", "invalid_prompt"}
_LONGEST_DETAIL = 500
_RESETS = ("x-ratelimit-reset-requests", "x-ratelimit-reset-tokens")


@dataclass(frozen=True)
class Asked:
    """What a call was about, for the words of its errors."""

    name: str
    model: str
    host: str
    at: datetime
    is_billed: bool

    @property
    def section(self) -> str:
        return f"[generators.{self.name}]"

    @property
    def perhaps_billed(self) -> str:
        return " The call may have been billed all the same." if self.is_billed else ""


def refusal(status: int, headers: Mapping[str, str], body: bytes, asked: Asked) -> PressroomError:
    """Return the error for an answer that is no success."""
    message, code, kind = _words(body)
    codes = {code, kind}
    more: dict[str, Any] = {"where": asked.section, "detail": f"{status}: {message}"}
    said = f": {message}" if message else "."
    if status in (402, 429) or codes & _NO_CREDIT:
        if status == 402 or codes & _NO_CREDIT:
            return OutOfCredit(
                f"The account behind {asked.section} has no credit left at {asked.host}.",
                todo="Add credit or raise the limit there (for OpenAI: platform.openai.com, Billing), then start "
                "the job again; or choose an offline generator.",
                **more,
            )
        return RateLimited(
            f"{asked.host} asks {asked.section} to wait: its rate limit is reached.",
            retry_at=_retry_at(headers, asked.at),
            todo="It is tried again by itself.",
            **more,
        )
    if status == 401:
        return ConfigurationError(
            f"{asked.host} does not accept the API key of {asked.section}.",
            todo=f"Set a valid one: `pressroom secrets set generators.{asked.name}.api_key`.",
            **more,
        )
    if codes & _NO_MODEL or (status == 404 and "model" in message.lower()):
        return _no_model(asked, more, is_forbidden=status == 403)
    if codes & _POLICY or "safety system" in message.lower():
        return BadInput(
            f"{asked.host} refused the request because of its content rules{said}",
            todo="Change the words of the prompt or the theme; asking again with the same ones would not help.",
            **more,
        )
    if status in (408, 409, 425) or status >= 500:
        return Unavailable(
            f"{asked.host} failed with status {status}.{asked.perhaps_billed}",
            retry_at=_retry_at(headers, asked.at),
            todo="It is tried again by itself.",
            **more,
        )
    if status == 403:
        return ConfigurationError(
            f"{asked.host} does not allow {asked.section} to do this{said}",
            todo="Check what the key's project and country may use, or set another key: "
            f"`pressroom secrets set generators.{asked.name}.api_key`.",
            **more,
        )
    if 300 <= status < 400 or status in (404, 405):
        return ConfigurationError(
            f"{asked.host} has nothing at this address (status {status}).",
            todo=f"Check base_url in {asked.section}; OpenAI's is https://api.openai.com/v1.",
            **more,
        )
    if status == 413:
        return BadInput(f"The request of {asked.section} is too large for {asked.host}.", todo="Shorten it.", **more)
    return BadInput(
        f"{asked.host} refused the request of {asked.section} (status {status}){said}",
        todo=f"Check the settings in {asked.section}; the model {asked.model} may not take one of them.",
        **more,
    )


def _no_model(asked: Asked, more: Mapping[str, str], *, is_forbidden: bool) -> ConfigurationError:
    end = known_end(asked.model)
    if end is not None and end.on <= asked.at.date():
        what = f"The model {asked.model} ended on {end.on.isoformat()}."
    elif is_forbidden:
        what = f"The key of {asked.section} has no access to the model {asked.model}."
    else:
        what = f"{asked.host} has no model {asked.model} (any more), or the key has no access to it."
    instead = (
        end.instead
        if end
        else (f"{IMAGE_DEFAULT} (images), {TEXT_DEFAULT} (text) or {MODERATION_DEFAULT} (moderation)")
    )
    return ConfigurationError(what, todo=f"Set another model in {asked.section}, such as {instead}.", **more)


def _words(body: bytes) -> tuple[str, str, str]:
    """Return the message, the code and the type of an error, each empty if the body does not hold it."""
    try:
        error = json.loads(body)["error"]
        message, code, kind = (str(error.get(name) or "") for name in ("message", "code", "type"))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        # Something in front of the service answered; its page is no message for people.
        return "", "", ""
    message = redact(message, [])
    return (message if len(message) <= _LONGEST_DETAIL else message[:_LONGEST_DETAIL] + "…"), code, kind


def _retry_at(headers: Mapping[str, str], now: datetime) -> datetime | None:
    """Read when to come back: what OpenAI adds to the usual are milliseconds, and a reset for each kind of limit."""
    said = dict(headers)
    with suppress(ValueError):
        said["retry-after"] = str(float(said.get("retry-after-ms", "")) / 1000)
    # A limit of which something is left, or that says nothing of what is left, is not the one that was reached.
    resets = [name for name in _RESETS if said.get(name.replace("reset", "remaining"), "").strip() == "0"]
    return retry_at(Answer(429, said), now, [] if said.get("retry-after") else resets)
