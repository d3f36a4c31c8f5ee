"""The settings of a channel that sends mail."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, field_validator

from pressroom.publishers import _smtp_addresses
from pressroom.publishers._smtp_letter import check_template
from pressroom.publishers.base import ChannelSettings


class SmtpSettings(ChannelSettings):
    timeout_seconds: float = Field(60, gt=0)
    """How long one mail may take as a whole."""
    settle_seconds: float = Field(120, gt=0)
    """Not used for mail: nobody can look whether it is there."""
    host: str = Field("", pattern=r"^[^\s/@]*$", examples=["smtp.example.com"])
    """The mail server that sends on, such as "smtp.example.com"."""
    port: int = Field(587, ge=1, le=65_535)
    """587 for "starttls", 465 for "tls", 25 for "none"."""
    security: Literal["starttls", "tls", "none"] = "starttls"
    """"none" sends everything in the open, and never a password but to this machine."""
    ca_file: str = ""
    """Certificates to trust instead of the machine's own, for a server with one of your own."""
    sender: str = ""
    """From whom: "Pressroom <press@example.com>"."""
    to: tuple[str, ...] = ()
    """Recipients whom every one of them sees."""
    bcc: tuple[str, ...] = ()
    """Recipients whom nobody sees."""
    reply_to: str = ""
    """Where answers go; empty for the sender."""
    subject: str = "{title}"
    """With {title}, the post's title or else its first line, and {text}, its first line."""
    list_unsubscribe: str = Field(
        "", pattern=r"^((https|mailto):[^\s<>]+)?$", examples=["https://example.com/leave", "mailto:leave@example.com"]
    )
    """An address, https:// or mailto:, that mail programs offer for leaving the list."""
    all_or_none: bool = True
    """Whether nobody is sent a mail that the server does not take for one of the recipients."""
    max_mail_bytes: int = Field(20_000_000, gt=0)
    """Of a whole mail; many servers take 25 MB."""

    @field_validator("sender", "reply_to")
    @classmethod
    def _is_address(cls, value: str) -> str:
        return str(_smtp_addresses.parse(value)) if value else value

    @field_validator("to", "bcc")
    @classmethod
    def _are_addresses(cls, values: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(str(_smtp_addresses.parse(value)) for value in values)

    @field_validator("subject")
    @classmethod
    def _is_template(cls, value: str) -> str:
        check_template(value)
        return value
