"""The settings of webhooks that a service sends: how they are signed, and where things stand in them."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from pressroom.publishers._rest_limits import Table


class Hook(Table):
    """What the service tells about posts by webhook, at /webhooks/NAME; signed with the secret `webhook_secret`."""

    signature_header: str = "x-signature"
    """The header with the signature: HMAC-SHA256 of the raw body."""
    signature: str = "sha256={hex}"
    """How the signature is written: with {hex} or {base64}."""
    timestamp_header: str = ""
    """The header with the time in Unix seconds, if it is signed too, as TIME.BODY; empty if only the body is."""
    max_age_seconds: float = Field(300, gt=0)
    """A signed time that is further away than this is refused, so that nothing old can be sent again."""
    challenge: str = ""
    """The parameter of a GET whose value is to be sent back when the webhook is registered; empty for none."""
    items: str = "$"
    """A JSON path to the notices in the body: "$" for the body itself, "$.events[*]" for a batch."""
    id: str = "$.id"
    """A JSON path in a notice to what tells it from others; it is noted once, however often it comes."""
    post: str = "$.post_id"
    """A JSON path in a notice to the post's id, as it stands in the receipt."""
    kind: str = "$.type"
    """A JSON path in a notice to what happened."""
    kinds: dict[str, Literal["like", "comment", "share", "view", "click", "save"]] = Field(default_factory=dict)
    """What the service's words mean: { liked = "like", replied = "comment" }. Others are kept as they are."""
    at: str = "$.created_at"
    """A JSON path in a notice to its time: ISO 8601, or Unix seconds."""
    text: str = "$.text"
    """A JSON path in a notice to the words of a comment."""
