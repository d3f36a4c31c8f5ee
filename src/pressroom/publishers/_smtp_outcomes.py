"""What the end of a conversation with a mail server means for the queue. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from pressroom.errors import (
    AccountDisconnected,
    OutcomeUnknown,
    PostRejected,
    PressroomError,
    RateLimited,
    Unavailable,
)
from pressroom.publishers._smtp_session import NotSent, RecipientsRefused, Refused, Reply, Unclear, Untrusted
from pressroom.redaction import redact

Failed = Refused | RecipientsRefused | NotSent | Unclear | Untrusted
# Enhanced codes of RFC 3463 where a server gives them: 4.5.3 too many recipients, 5.4.5 and 4.7.28 quotas; else words.
_LIMIT = re.compile(
    r"\b(?:[45]\.4\.5|4\.7\.28|4\.5\.3)\b|\b(?:rate|quota|throttl\w*|too (?:many|much|fast)|limit\w*)\b", re.I
)
# X.2.X is the state of one mailbox, such as a full one: RFC 3463, 3.3. It is no limit that others would have to keep.
_OF_ONE_MAILBOX = re.compile(r"\b[45]\.2\.\d{1,3}\b")
_WAIT = timedelta(minutes=15)
_TOO_LARGE = (552, 523)
_NO_ACCESS = (530, 534, 535, 538)
_LATER = "It is tried again later."
_LONGEST_WORDS = 300


def outcome(
    failed: Failed, where: str, server: str, secrets: Iterable[str], now: datetime, *, is_letter: bool = False
) -> PressroomError:
    """Return what it means: only after a complete mail without a word of the server it is not known.

    Whom a letter is for is not said; `secrets` then hold the address, which the server's words may have.
    """
    if isinstance(failed, Unclear):
        return OutcomeUnknown(
            f"{server} gave no clear answer after the mail: {_said(str(failed), secrets)}. It may have sent it on.",
            where=where,
            todo="Look in the mailbox of a recipient, or in the log of the server.",
        )
    if isinstance(failed, NotSent):
        return Unavailable(f"The mail was not sent by {server}: {failed}.", where=where, todo=_LATER)
    if isinstance(failed, Untrusted):
        todo = "Look at host, port, security and ca_file in the channel's section, then resume the channel."
        return AccountDisconnected(f"Nothing was sent: {_said(str(failed), secrets)}.", where=where, todo=todo)
    if isinstance(failed, RecipientsRefused):
        return _of_recipients(failed, where, server, secrets, now, is_letter)
    return _of_reply(failed.reply, f"refused to {failed.doing}", where, server, secrets, now)


def _of_recipients(
    failed: RecipientsRefused, where: str, server: str, secrets: Iterable[str], now: datetime, is_letter: bool
) -> PressroomError:
    """Say who is refused. If that may pass for all of them, the mail is tried again, for everybody."""
    for_good = {who: reply for who, reply in failed.refused.items() if reply.code >= 500}
    refused = for_good or failed.refused
    names = "the reader of this letter" if is_letter else ", ".join(refused)
    first = next(iter(refused.values()))
    error = _of_reply(first, f"does not take mail for {names}", where, server, secrets, now)
    if isinstance(error, PostRejected):
        where_they_are = "where the readers are listed" if is_letter else "in the channel's section"
        error.todo = f"Correct or remove {'it' if is_letter else 'them'} {where_they_are}; nobody was sent the mail."
    return error


def _of_reply(
    reply: Reply, refused: str, where: str, server: str, secrets: Iterable[str], now: datetime
) -> PressroomError:
    detail = f"SMTP {reply.code} {_said(reply.words, secrets)}"
    what = f"{server} {refused}: {_said(reply.words, secrets) or reply.code}."
    if reply.code in _NO_ACCESS:
        todo = "Look at the channel's username and password (`pressroom secrets set`), then resume the channel."
        return AccountDisconnected(what, where=where, todo=todo, detail=detail)
    if _LIMIT.search(reply.words) and reply.code not in _TOO_LARGE and not _OF_ONE_MAILBOX.search(reply.words):
        todo = "It is tried again when the wait is over."
        return RateLimited(what, where=where, todo=todo, detail=detail, retry_at=now + _WAIT)
    if reply.code >= 500:
        smaller = "Send fewer or smaller pictures." if reply.code in _TOO_LARGE else ""
        todo = smaller or "Change what it names; the same again would be refused too."
        return PostRejected(what, where=where, todo=todo, detail=detail)
    return Unavailable(what, where=where, todo=_LATER, detail=detail)


def _said(words: str, secrets: Iterable[str]) -> str:
    return redact(words, secrets).rstrip(".")[:_LONGEST_WORDS]
