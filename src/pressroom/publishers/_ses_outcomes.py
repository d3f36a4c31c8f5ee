"""What the end of a call to Amazon SES means for the queue. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from pressroom.errors import (
    AccountDisconnected,
    OutcomeUnknown,
    PostRejected,
    PressroomError,
    RateLimited,
    Unavailable,
)
from pressroom.publishers._ses_client import NoCredentials, NotSent, Refused, Unclear
from pressroom.redaction import redact

Failed = Refused | NotSent | Unclear | NoCredentials
# https://docs.aws.amazon.com/ses/latest/dg/manage-sending-quotas-errors.html, 2026-11-21: "up to 10 minutes"
_PACE_WAIT, _DAY_WAIT = timedelta(minutes=1), timedelta(hours=1)
_BUSY = ("TooManyRequestsException", "ThrottlingException", "Throttling", "LimitExceededException")
_REFUSED_KEYS = (
    *("UnrecognizedClientException", "InvalidSignatureException", "AccessDeniedException", "ExpiredTokenException"),
    *("InvalidClientTokenId", "SignatureDoesNotMatch", "MissingAuthenticationTokenException"),
)
_RESUME = "then resume the channel."
_STOPPED = {
    "AccountSuspendedException": (
        "Amazon SES has suspended the account for good",
        f"Ask AWS support why, or send through another service; {_RESUME}",
    ),
    "SendingPausedException": (
        "Sending is paused for the account or the configuration set",
        f"Look at its reputation in the SES console and resume sending there; {_RESUME}",
    ),
    "MailFromDomainNotVerifiedException": (
        "The MX record of the MAIL FROM domain cannot be read",
        f"Mend it where the domain is kept, as the SES console says; {_RESUME}",
    ),
    "NotFoundException": (
        "The configuration set does not exist in this region",
        f"Correct `configuration_set` in the channel's section, or create it; {_RESUME}",
    ),
}
_NOT_VERIFIED = "not verified"


@dataclass(frozen=True, slots=True)
class About:
    """Whose call it was."""

    where: str
    now: datetime
    sender: str
    """The bare address."""
    secrets: tuple[str, ...] = ()
    """What must not be in an error; of a letter its reader's address too."""


def outcome(failed: Failed, about: About) -> PressroomError:
    """Return what it means: only after a request that went out without a clear word it is not known."""
    if isinstance(failed, NoCredentials):
        return AccountDisconnected(
            "Amazon SES needs credentials, and there are none, or half of them.",
            where=about.where,
            todo="Store access_key_id and secret_access_key of the channel (pressroom secrets set NAME), or give this "
            f"machine a role; {_RESUME}",
        )
    if isinstance(failed, NotSent):
        what = f"The mail was not sent: Amazon SES could not be reached ({failed})."
        return Unavailable(what, where=about.where, todo="It is tried again later.")
    if isinstance(failed, Unclear) or failed.status >= 500:
        why = str(failed) if isinstance(failed, Unclear) else f"{failed.status} {failed.code}"
        return OutcomeUnknown(
            f"Amazon SES gave no clear answer after the mail ({why}). It may have sent it on.",
            where=about.where,
            todo="Look in the mailbox of a recipient, or at the events of the configuration set.",
        )
    return _of_refusal(failed, about)


def _of_refusal(refused: Refused, about: About) -> PressroomError:
    said = redact(refused.said, about.secrets).rstrip(".")[:300]
    detail = f"SES {refused.status} {refused.code}: {said}"
    if refused.code in _BUSY or refused.status == 429:
        is_of_day = "daily" in refused.said.lower()
        what = f"Amazon SES takes no more mails {'today' if is_of_day else 'at this pace'}: {said or refused.code}."
        todo = "It is tried again when the wait is over; ask for a higher quota in the SES console."
        wait = _DAY_WAIT if is_of_day else _PACE_WAIT
        return RateLimited(what, where=about.where, todo=todo, detail=detail, retry_at=about.now + wait)
    if refused.code in _REFUSED_KEYS or refused.status in (401, 403):
        what = f"Amazon SES refuses the credentials ({refused.code})."
        todo = f"Look at them, and that they may call ses:SendEmail for the sender's identity; {_RESUME}"
        return AccountDisconnected(what, where=about.where, todo=todo, detail=detail)
    if refused.code in _STOPPED:
        what, todo = _STOPPED[refused.code]
        return AccountDisconnected(f"{what}.", where=about.where, todo=todo, detail=detail)
    if _NOT_VERIFIED in refused.said.lower():
        return _not_verified(refused, about, detail)
    what = f"Amazon SES refuses the mail: {said or refused.code}."
    todo = "Change what it names; the same again would be refused too."
    return PostRejected(what, where=about.where, todo=todo, detail=detail)


def _not_verified(refused: Refused, about: About, detail: str) -> PressroomError:
    """Tell a sender that was never verified from an account that may write to nobody else yet."""
    domain = about.sender.rpartition("@")[2]
    named = refused.said.rpartition(":")[2].lower()
    if any(one.lower() in [part.strip(" <>.") for part in named.split(",")] for one in (about.sender, domain)):
        what = f"Amazon SES does not know {about.sender}: neither the address nor its domain is verified there."
        todo = f"Verify {domain} in the SES console of this region (it gives DNS records), {_RESUME}"
        return AccountDisconnected(what, where=about.where, todo=todo, detail=detail)
    what = "The account is in the sandbox of Amazon SES, which sends to verified addresses alone."
    todo = f"Ask for production access in the SES console, or verify the recipients there; {_RESUME}"
    return AccountDisconnected(what, where=about.where, todo=todo, detail=detail)
