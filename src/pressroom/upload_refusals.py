"""Why a file is not taken in, in words of ours."""

from __future__ import annotations

from enum import Enum

from pressroom.errors import BadInput
from pressroom.incoming import UploadTerms
from pressroom.jobs import Job


class Reason(Enum):
    FORGED = "forged"
    """The URL is not one of ours, or something in it was changed."""
    EXPIRED = "expired"
    ENDED = "ended"
    """Its job waits for no file any more, and has none."""
    HAS_FILE = "has_file"
    TOO_LARGE = "too_large"
    TOO_SMALL = "too_small"
    WRONG_TYPE = "wrong_type"


class UploadRefused(BadInput):
    """The file was not taken in, and nothing of it is kept."""

    def __init__(self, reason: Reason, what: str, *, where: str = "", todo: str = "") -> None:
        super().__init__(what, where=where, todo=todo)
        self.reason = reason


def forged() -> UploadRefused:
    return UploadRefused(
        Reason.FORGED,
        "This is not an upload address that was given out here, or something in it was changed.",
        todo="Use `upload_url` exactly as it was answered, or ask for another upload.",
    )


def expired(terms: UploadTerms) -> UploadRefused:
    return UploadRefused(
        Reason.EXPIRED,
        f"This address took a file until {terms.expires_at.isoformat()}.",
        where=terms.key,
        todo="Ask for another upload.",
    )


def has_its_file(terms: UploadTerms) -> UploadRefused:
    return UploadRefused(
        Reason.HAS_FILE,
        "The file of this upload is there already; an address takes one file, once.",
        where=terms.key,
        todo="For another file, ask for another upload.",
    )


def ended(terms: UploadTerms, job: Job | None) -> UploadRefused:
    how = f": it is {job.status}" if job is not None and job.status.has_ended else ""
    return UploadRefused(
        Reason.ENDED,
        f"The job that this file was for waits for it no more{how}.",
        where=terms.key,
        todo="Ask for another upload.",
    )


def wrong_type(terms: UploadTerms, given: str) -> UploadRefused:
    return UploadRefused(
        Reason.WRONG_TYPE,
        f"This address takes a file sent as {terms.media_type}, and this came as {given[:100] or 'nothing'}.",
        where=terms.key,
        todo=f"Send the header `Content-Type: {terms.media_type}`, or announce another type when you ask.",
    )


def wrong_size(terms: UploadTerms, size: int) -> UploadRefused:
    wanted = f"exactly {terms.bytes}" if terms.bytes is not None else f"1 to {terms.max_bytes}"
    if size > terms.max_bytes:
        reason, found = Reason.TOO_LARGE, "more came"
    else:
        reason, found = Reason.TOO_SMALL, f"{size} came"
    return UploadRefused(
        reason,
        f"This address takes {wanted} bytes, and {found}.",
        where=terms.key,
        todo="Send the file that was announced, whole; the address takes it until its time is over.",
    )
