"""Slack's Web API for one channel: it says no with the status 200, and this is what its words mean."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from pressroom.errors import (
    AccountDisconnected,
    OutcomeUnknown,
    OutOfCredit,
    PostRejected,
    PressroomError,
    RateLimited,
    Unavailable,
)
from pressroom.http_answers import Answer
from pressroom.http_api import HttpApi
from pressroom.http_outcomes import Call, excerpt, unreadable
from pressroom.publishers.base import Channel
from pressroom.signing import Bearer

WAIT = timedelta(minutes=1)  # the window of most limits; docs.slack.dev apis/web-api/rate-limits, 2026-11-20
# docs.slack.dev reference/methods (chat.postMessage, files.completeUploadExternal) and its common errors, 2026-11-20
_DISCONNECTED = {
    "access_denied",
    "account_inactive",
    "ekm_access_denied",
    "enterprise_is_restricted",
    "invalid_auth",
    "missing_scope",
    "no_permission",
    "not_allowed_token_type",
    "not_authed",
    "org_login_required",
    "team_access_not_granted",
    "token_expired",
    "token_revoked",
}
_OUT_OF_CREDIT = {"paid_teams_only", "storage_limit_reached", "upgrade_required"}
_LIMITED = {"message_limit_exceeded", "rate_limited", "ratelimited"}
# "It's possible some aspect of the operation succeeded before the error was raised."
_UNCLEAR = {"fatal_error", "internal_error", "service_unavailable"}
_LATER = {"team_added_to_org", "request_timeout"}
_TODO = {
    "channel_not_found": "Look at channel_id in the channel's section: it begins with C or G, and is no name.",
    "not_in_channel": "Invite the app to the channel: /invite @name-of-the-app.",
    "is_archived": "Set the channel_id of a channel that is not archived.",
    "msg_too_long": "Shorten the text.",
    "msg_blocks_too_long": "Shorten the text.",
    "restricted_action": "Ask an administrator of the workspace to let the app post there.",
}


class Refusal(Exception):
    """A word of Slack that the caller wanted to see for itself."""

    def __init__(self, error: str) -> None:
        super().__init__(error)
        self.error = error


def slack_api(channel: Channel, base_url: str) -> HttpApi:
    return HttpApi(
        service="Slack",
        where=f"channel {channel.name}",
        base_url=base_url,
        timeout=timedelta(seconds=channel.settings.timeout_seconds),
        clock=channel.clock,
        sign_in=lambda: Bearer(channel.secrets, f"channels.{channel.name}", name="bot_token"),
        words=lambda answer: str((answer.document() or {}).get("error") or ""),
        default_wait=WAIT,
    )


def ask(
    api: HttpApi,
    http_method: str,
    method: str,
    doing: str,
    *,
    is_public: bool = False,
    tell: Collection[str] = (),
    **content: Any,
) -> tuple[dict[str, Any], Answer]:
    """Return what a method of Slack answers with `ok`; raises what its words mean, or `Refusal` for those to `tell`."""
    answer = api.call(http_method, f"/{method}", doing, is_public=is_public, **content)
    document = answer.document()
    call = Call(service="Slack", where=api.where, doing=doing, is_public=is_public, secrets=api.sign_in().secrets)
    if document is None or not isinstance(document.get("ok"), bool):
        raise unreadable(call, answer)
    if document["ok"]:
        return document, answer
    error = str(document.get("error") or "unknown_error")
    if error in tell:
        raise Refusal(error)
    raise refusal(call, answer, error, api)


def refusal(call: Call, answer: Answer, error: str, api: HttpApi) -> PressroomError:
    """Return what one of Slack's words means for the queue."""
    where, detail = call.where, excerpt(answer, call.secrets)
    said = f"{error}{_closer(answer)}"
    refused = f"Slack refused to {call.doing}: {said}."
    if error in _DISCONNECTED:
        scope = (answer.document() or {}).get("needed")
        todo = f"Give the app the scope {scope} and install it again" if scope else "Install the app again"
        return call.error(
            AccountDisconnected,
            f"Slack no longer lets {where} do this: {said}.",
            f"{todo}, store its bot_token with `pressroom secrets set`, then resume the channel.",
            detail,
        )
    if error in _OUT_OF_CREDIT:
        return call.error(OutOfCredit, refused, "Look at the plan of the workspace, then resume the channel.", detail)
    if error in _LIMITED:
        what = f"Slack asks to wait before it is asked again to {call.doing}."
        todo = "It is tried again when the wait is over."
        return RateLimited(what, where=where, todo=todo, detail=detail, retry_at=api.clock.now() + WAIT)
    if error in _UNCLEAR and call.is_public:
        what = f"Slack gave no clear answer when asked to {call.doing}: {said}. It may have done it."
        return call.error(OutcomeUnknown, what, "Pressroom looks for it before anything is sent again.", detail)
    if error in _UNCLEAR | _LATER or "invalid slack file" in said:
        return call.error(Unavailable, refused, "It is tried again later.", detail)
    return call.error(PostRejected, refused, _TODO.get(error, "The same again would be refused too."), detail)


def _closer(answer: Answer) -> str:
    """Return the first of the messages in which Slack says what in the blocks is wrong."""
    metadata = (answer.document() or {}).get("response_metadata")
    messages = metadata.get("messages") if isinstance(metadata, dict) else None
    return f" ({str(messages[0])[:200]})" if isinstance(messages, list) and messages else ""
