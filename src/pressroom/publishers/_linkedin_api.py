"""The API of LinkedIn for one channel: what only LinkedIn says, in its headers, its codes and its words."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from pressroom.errors import AccountDisconnected, PostRejected, PressroomError
from pressroom.http_answers import Answer
from pressroom.http_api import HttpApi
from pressroom.http_calls import HttpCalls
from pressroom.http_outcomes import Call, excerpt
from pressroom.publishers._linkedin_auth import Renewal, VersionedBearer, reconnect
from pressroom.publishers._linkedin_ends import what_to_set
from pressroom.publishers.base import Channel
from pressroom.redaction import redact

# No header says when a limit ends. A quota of the day does at midnight UTC, a short burst sooner, so that asking
# again now and then is right for both; learn.microsoft.com linkedin/shared/api-guide/concepts/rate-limits, 2026-11-20
WAIT = timedelta(minutes=15)
_URN = re.compile(r"urn:li:(?:share|ugcPost|activity):\d+")


class DuplicatePost(PostRejected):
    """The author has posted the same words lately: `urn` says which post that is, and it may be this very one."""

    urn = ""


def linkedin_api(channel: Channel, base_url: str, oauth_url: str, version: str) -> HttpApi:
    renewal = Renewal(channel, HttpCalls(), f"{oauth_url}/accessToken")

    def explain(call: Call, answer: Answer) -> PressroomError | None:
        return _explain(call, answer, channel.name, version)

    return HttpApi(
        service="LinkedIn",
        where=f"channel {channel.name}",
        base_url=base_url,
        timeout=timedelta(seconds=channel.settings.timeout_seconds),
        clock=channel.clock,
        sign_in=lambda: VersionedBearer(
            channel.secrets,
            f"channels.{channel.name}",
            exchange=renewal if renewal.is_possible else None,
            base_url=base_url,
            version=version,
        ),
        words=words_of,
        explain=explain,
        default_wait=WAIT,
    )


def _explain(call: Call, answer: Answer, channel: str, version: str) -> PressroomError | None:
    document = answer.document() or {}
    said, detail = redact(words_of(answer), call.secrets).rstrip("."), excerpt(answer, call.secrets)
    if answer.status == 426:
        what = f"LinkedIn no longer answers version {version} of its API, which {call.where} asks for."
        return call.error(
            AccountDisconnected, what, f"{what_to_set(version, channel)}, then resume the channel.", detail
        )
    if answer.status == 401:
        what = f"LinkedIn no longer accepts the access token of {call.where}{f': {said}' if said else ''}."
        return call.error(AccountDisconnected, what, reconnect(channel), detail)
    if answer.status == 403:
        what = f"LinkedIn does not let {call.where} do this ({call.doing}){f': {said}' if said else ''}."
        todo = "Look at the app's products and the account's role on the page at LinkedIn, then resume the channel."
        return call.error(AccountDisconnected, what, todo, detail)
    if "DUPLICATE_POST" in _codes(document):
        return _duplicate(call, said, detail)
    return None


def _duplicate(call: Call, said: str, detail: str) -> DuplicatePost:
    found = _URN.search(said)
    urn = found[0] if found else ""
    where = f": {post_url(urn)}" if urn else ""
    error = DuplicatePost(
        f"LinkedIn refused the post as a duplicate of one that the author has posted lately{where}.",
        where=call.where,
        todo="Change its words, or give it up if the earlier post is the one that was meant.",
        detail=detail,
    )
    error.urn = urn
    return error


def post_url(urn: str) -> str:
    return f"https://www.linkedin.com/feed/update/{urn}"


def words_of(answer: Answer) -> str:
    """Return why LinkedIn refused, in its own words and without the name of a Java class before them."""
    message = str((answer.document() or {}).get("message") or "")
    return re.sub(r"^(?:[a-z]\w*\.)+[A-Z]\w*: ", "", message)


def _codes(document: dict[str, Any]) -> set[str]:
    details = document.get("errorDetails")
    errors = details.get("inputErrors") if isinstance(details, dict) else None
    inner = {str(error.get("code")) for error in errors or () if isinstance(error, dict)}
    return inner | {str(document.get("code"))}
