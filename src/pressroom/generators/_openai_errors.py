"""Turns a refusal of OpenAI into an error that says what to do. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from pressroom.errors import BadInput, ConfigurationError, OutOfCredit, PressroomError, RateLimited, Unavailable
from pressroom.generators._openai_models import IMAGE_DEFAULT, TEXT_DEFAULT, known_end
from pressroom.redaction import redact

_NO_CREDIT = {"insufficient_quota", "billing_hard_limit_reached", "billing_not_active", "access_terminated"}
_NO_MODEL = {"model_not_found", "model_deprecated", "deprecated_model"}
_POLICY = {"moderation_blocked", "content_policy_violation", "content_filter", "invalid_prompt"}
_LONGEST_DETAIL = 500
_SPAN = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h|d)")
_UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400}


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
    more = {"where": asked.section, "detail": f"{status}: {message}"}
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
    instead = end.instead if end else f"{IMAGE_DEFAULT} (images) or {TEXT_DEFAULT} (text)"
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
    """Read when to come back; OpenAI says it as seconds, milliseconds, a date, or spans such as `6m0s`."""
    waits = []
    if (milliseconds := _number(headers.get("retry-after-ms", ""))) is not None:
        waits.append(milliseconds / 1000)
    elif (after := headers.get("retry-after", "")) and (seconds := _number(after)) is not None:
        waits.append(seconds)
    elif after:
        try:
            moment = parsedate_to_datetime(after)
        except ValueError:
            moment = now
        waits.append((moment.replace(tzinfo=moment.tzinfo or UTC) - now).total_seconds())
    else:
        for what in ("requests", "tokens"):
            if headers.get(f"x-ratelimit-remaining-{what}") == "0":
                waits.append(_seconds(headers.get(f"x-ratelimit-reset-{what}", "")))
    longest = max(waits, default=0.0)
    # A day at the most: a header that says more is broken, and a job must not wait for ever because of it.
    return now + timedelta(seconds=min(longest, 86400)) if longest > 0 else None


def _seconds(span: str) -> float:
    return sum(float(count) * _UNITS[unit] for count, unit in _SPAN.findall(span))


def _number(text: str) -> float | None:
    return float(text) if re.fullmatch(r"\d{1,9}(\.\d+)?", text.strip()) else None
