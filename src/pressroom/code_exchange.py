"""Exchanges the code that a browser brought back for tokens: one call, and what its refusals mean to a person."""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from pressroom.errors import PressroomError
from pressroom.http_answers import Answer, CallFailed, Deadline, NotSent
from pressroom.http_outcomes import excerpt
from pressroom.oauth import OAuth
from pressroom.redaction import redact

if TYPE_CHECKING:
    from pressroom.publishers.base import Publisher

_OF_THE_CLIENT = re.compile(r"(invalid|unauthorized)_client|incorrect_client_credentials")
_LONGEST_SAYING = 300


class NotConnected(PressroomError):
    """The account was not connected; what was stored before is as it was."""


def begin_again(channel: str) -> str:
    return f"Begin again: `pressroom channels connect {channel}`, or the button on the page of the channels."


def exchange(publisher: Publisher, oauth: OAuth, code: str, verifier: str, redirect_uri: str) -> dict[str, Any]:
    """Return the document of the token endpoint; raises `NotConnected`.

    Sent once, since a code is good for one exchange, and within the channel's time-out altogether.
    """
    import httpx

    from pressroom.http_calls import HttpCalls

    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri}
    if oauth.uses_pkce:
        form["code_verifier"] = verifier
    headers = _client(oauth, form)
    request = httpx.Request("POST", oauth.token_url, data=form, headers=headers)
    name, title = publisher.channel.name, publisher.title
    try:
        answer = HttpCalls().call(request, Deadline(publisher.timeout))
    except CallFailed as failed:
        sent = "Nothing was sent." if isinstance(failed, NotSent) else "The code may be used up."
        raise NotConnected(
            f"{title} gave no tokens: {failed.why}. {sent}", where=f"channel {name}", todo=begin_again(name)
        ) from None
    document = answer.document()
    if answer.status in (200, 201) and document is not None:
        return document
    raise _refused(publisher, oauth, answer, (code, verifier, oauth.client_secret, *headers.values()))


def _client(oauth: OAuth, form: dict[str, str]) -> dict[str, str]:
    """Put the client's id and secret where the network wants them; return the headers for it."""
    if oauth.client_in_header and oauth.client_secret:
        # Encoded before they are joined; RFC 6749, 2.3.1
        pair = f"{quote(oauth.client_id, safe='')}:{quote(oauth.client_secret, safe='')}"
        return {"authorization": "Basic " + base64.b64encode(pair.encode()).decode()}
    form["client_id"] = oauth.client_id
    if oauth.client_secret:
        form["client_secret"] = oauth.client_secret
    return {}


def _refused(publisher: Publisher, oauth: OAuth, answer: Answer, secrets: tuple[str, ...]) -> NotConnected:
    name, title = publisher.channel.name, publisher.title
    kind, said = words_of(answer.document() or {})
    reason = f": {redact(said or kind, secrets).rstrip('.')}" if said or kind else ""
    if answer.status == 429 or answer.status >= 500:
        what, todo = f"{title} cannot give tokens now ({answer.status}){reason}.", f"Wait a while. {begin_again(name)}"
    elif answer.status < 400:
        what = f"{title} gave an answer ({answer.status}) that cannot be read when asked for tokens."
        todo = f"Is {oauth.token_url} the right address? {begin_again(name)}"
    elif answer.status == 401 or _OF_THE_CLIENT.fullmatch(kind):
        what = f"{title} does not accept the app's own credentials{reason}."
        todo = f"Compare channels.{name}.client_id and channels.{name}.client_secret with the app's settings there."
    else:
        what = f"{title} did not exchange the code for tokens{reason}."
        todo = f"A code is good once, and for a short time. {begin_again(name)}"
    return NotConnected(what, where=f"channel {name}", todo=todo, detail=excerpt(answer, secrets))


def words_of(document: dict[str, Any]) -> tuple[str, str]:
    """Return the error's name and its description, from wherever they stand: OAuth's places, or inside `error`."""
    error = document.get("error") or document.get("error_type") or document.get("error_code") or ""
    inner = error if isinstance(error, dict) else {}
    said = document.get("error_description") or document.get("error_message") or inner.get("message") or ""
    kind = inner.get("type") or "" if inner else error
    return readable(kind), readable(said)


def readable(text: object) -> str:
    """Return what somebody else wrote as one short line without control characters."""
    return " ".join("".join(c if c.isprintable() else " " for c in str(text)).split())[:_LONGEST_SAYING]
