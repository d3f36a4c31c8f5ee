"""The settings of a channel that sends mail through a mail server."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from pressroom.publishers._mail_settings import MailSettings


class SmtpSettings(MailSettings):
    host: str = Field("", pattern=r"^[^\s/@]*$", examples=["smtp.example.com"])
    """The mail server that sends on, such as "smtp.example.com"."""
    port: int = Field(587, ge=1, le=65_535)
    """587 for "starttls", 465 for "tls", 25 for "none"."""
    security: Literal["starttls", "tls", "none"] = "starttls"
    """"none" sends everything in the open, and never a password but to this machine."""
    ca_file: str = ""
    """Certificates to trust instead of the machine's own, for a server with one of your own."""
    all_or_none: bool = True
    """Whether nobody is sent a mail that the server does not take for one of the recipients."""
