"""The API of a Mastodon server for one channel: what only Mastodon says, in its headers, its errors and its words."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

from pressroom.errors import AccountDisconnected, PostRejected, PressroomError
from pressroom.http_answers import Answer
from pressroom.http_api import HttpApi
from pressroom.http_outcomes import Call, excerpt, parse_moment
from pressroom.publishers.base import Channel
from pressroom.redaction import redact
from pressroom.signing import Bearer, SignIn

# 300 requests in 5 minutes; docs.joinmastodon.org api/rate-limits, 2026-11-20
WINDOW = timedelta(minutes=5)
_NOT_ALLOWED = "This action is not allowed"


class NotThere(PostRejected):
    """What was asked for is not there, or this account may not see it."""


def mastodon_api(channel: Channel, sign_in: SignIn | None = None) -> HttpApi:
    """Return the API, signed in with the channel's access token if nothing else is given."""
    bearer = sign_in or Bearer(channel.secrets, f"channels.{channel.name}", also_secret=("webhook_secret",))
    return HttpApi(
        service="Mastodon",
        where=f"channel {channel.name}",
        base_url=channel.settings.base_url,
        timeout=timedelta(seconds=channel.settings.timeout_seconds),
        clock=channel.clock,
        sign_in=lambda: bearer,
        words=words_of,
        explain=_explain,
        reset_headers=("x-ratelimit-reset",),
        default_wait=WINDOW,
    )


def words_of(answer: Answer) -> str:
    """Return why Mastodon refused, in its own words."""
    document = answer.document() or {}
    return str(document.get("error_description") or document.get("error") or "")


def items_of(answer: Answer) -> list[dict[str, Any]] | None:
    """Return the objects of an answer that is a list of them; None if it is anything else."""
    try:
        found = json.loads(answer.body) if answer.is_whole else None
    except ValueError:
        return None
    return found if isinstance(found, list) and all(isinstance(one, dict) for one in found) else None


def clock_ahead(answer: Answer, now: datetime) -> timedelta:
    """Return by how much the server's clock is ahead of ours, as far as its answer says."""
    theirs = parse_moment(answer.headers.get("date", ""), now)
    return theirs - now if theirs else timedelta(0)


def _explain(call: Call, answer: Answer) -> PressroomError | None:
    said, detail = redact(words_of(answer), call.secrets).rstrip("."), excerpt(answer, call.secrets)
    if answer.status == 404 and not call.is_public:
        what = f"Mastodon was asked to {call.doing}, and has nothing there: {said or 'not found'}."
        return call.error(NotThere, what, "Is the base_url that of the account's server?", detail)
    if answer.status == 403 and said != _NOT_ALLOWED:
        # Its other refusals are about the login or the app: disabled, pending, without a confirmed address or a scope.
        return call.error(
            AccountDisconnected,
            f"Mastodon does not let the account or the app of {call.where} do this{f': {said}' if said else ''}.",
            "Look at the account and at the app's scopes on its server, then resume the channel.",
            detail,
        )
    return None
