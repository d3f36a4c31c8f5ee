"""The settings of a channel that sends mail, by whatever way it goes out."""

from __future__ import annotations

from pydantic import Field, field_validator

from pressroom.publishers import _mail_addresses
from pressroom.publishers._mail_letter import check_template
from pressroom.publishers.base import ChannelSettings


class MailSettings(ChannelSettings):
    timeout_seconds: float = Field(60, gt=0)
    """How long one mail may take as a whole."""
    settle_seconds: float = Field(120, gt=0)
    """Not used for mail: nobody can look whether it is there."""
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
    max_mail_bytes: int = Field(20_000_000, gt=0)
    """Of a whole mail; many servers take 25 MB."""

    @field_validator("sender", "reply_to")
    @classmethod
    def _is_address(cls, value: str) -> str:
        return str(_mail_addresses.parse(value)) if value else value

    @field_validator("to", "bcc")
    @classmethod
    def _are_addresses(cls, values: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(str(_mail_addresses.parse(value)) for value in values)

    @field_validator("subject")
    @classmethod
    def _is_template(cls, value: str) -> str:
        check_template(value)
        return value
