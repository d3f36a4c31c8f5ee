"""One conversation with a mail server: a limit on its whole time, and the knowledge whether the mail may be there."""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from pressroom.http_answers import Deadline
from pressroom.publishers._smtp_client import Client


@dataclass(frozen=True)
class Reply:
    code: int
    """-1 for what is no reply of a mail server."""
    words: str


class Refused(Exception):
    """The server said no, and has nothing of the mail; `doing` is what it was asked for."""

    def __init__(self, reply: Reply, doing: str) -> None:
        super().__init__(reply.words)
        self.reply, self.doing = reply, doing


class RecipientsRefused(Exception):
    """The server does not take the mail for some, and so nobody has been sent it."""

    def __init__(self, refused: dict[str, Reply]) -> None:
        super().__init__(", ".join(refused))
        self.refused = refused


class NotSent(Exception):
    """The conversation ended before the mail was complete: the server must throw away what it has of it."""


class Unclear(Exception):
    """The mail was complete, and the server's word that it has it, or has not, did not come."""


class Untrusted(Exception):
    """The conversation would not be private: no STARTTLS, or a certificate that is not trusted."""


@dataclass
class Session:
    """What may be said to a server, in its order: `begin`, `address`, then `send` or `stop`."""

    host: str
    port: int
    security: str
    """starttls, tls or none."""
    within: timedelta
    own_name: str
    ca_file: str = ""

    def __post_init__(self) -> None:
        self._client: Client | None = None

    def begin(self, username: str, password: str) -> None:
        """Connect, make it private, sign in. Raises `NotSent`, `Untrusted`, `Refused`."""
        self._guarded(self._begin, username, password)

    def _begin(self, username: str, password: str) -> None:
        context = self._context() if self.security != "none" else None
        implicit = context if self.security == "tls" else None
        client = Client(Deadline(self.within), implicit, self.host, self.own_name)
        self._client = client
        code, words = client.connect(self.host, self.port)
        if code != 220:
            raise Refused(_reply(code, words), "talk")
        client.ehlo_or_helo_if_needed()
        if self.security == "starttls":
            if not client.has_extn("starttls"):
                raise Untrusted(f"{self.host} offers no encryption (STARTTLS)")
            code, words = client.starttls(context=context)
            if code != 220:
                raise Refused(_reply(code, words), "begin to encrypt")
            client.ehlo()
        if username:
            client.login(username, password)

    def _context(self) -> ssl.SSLContext:
        try:
            return ssl.create_default_context(cafile=self.ca_file or None)
        except OSError as error:
            raise Untrusted(f"the certificates in {self.ca_file} cannot be read ({error.strerror})") from None

    def address(self, sender: str, recipients: Sequence[str], size: int, *, utf8: bool, all_or_none: bool) -> list[str]:
        """Say from whom and to whom; return who is refused although others are not.

        Raises `RecipientsRefused` if all are, or any if it is to be all or none, and what `begin` raises.
        """
        refused: dict[str, Reply] = {}
        self._guarded(self._address, sender, recipients, size, utf8, refused)
        if refused and (all_or_none or len(refused) == len(recipients)):
            self._guarded(self._talker.rset)
            raise RecipientsRefused(refused)
        return list(refused)

    def _address(
        self, sender: str, recipients: Sequence[str], size: int, utf8: bool, refused: dict[str, Reply]
    ) -> None:
        client = self._talker
        options = [f"SIZE={size}"] if client.has_extn("size") and size else []
        if client.has_extn("size") and 0 < int(client.esmtp_features["size"] or 0) < size:
            raise Refused(
                Reply(552, f"it takes {int(client.esmtp_features['size']):,} bytes, not {size:,}"), "take the mail"
            )
        if utf8:
            if not client.has_extn("smtputf8"):
                raise Refused(Reply(553, "it takes no addresses but ASCII ones (no SMTPUTF8)"), "take the addresses")
            client.command_encoding = "utf-8"
            options += ["SMTPUTF8", "BODY=8BITMIME"]
        code, words = client.mail(sender, options)
        if code != 250:
            raise Refused(_reply(code, words), f"take a mail from {sender}")
        for recipient in recipients:
            code, words = client.rcpt(recipient)
            if code == 421:
                raise Refused(_reply(code, words), "take the recipients")
            if code not in (250, 251):
                refused[recipient] = _reply(code, words)

    def send(self, mail: bytes) -> str:
        """Send the mail and return the server's words; raises `Unclear` once it was complete, until then as `begin`."""
        self._guarded(self._send_all_but_the_end, mail)
        client = self._talker
        try:
            client.send(b".\r\n")
            reply = _reply(*client.getreply())
        except (OSError, smtplib.SMTPException) as error:
            raise Unclear(_why(error)) from None
        # 421 may be said in the middle of anything; RFC 5321, 3.8 and 4.2.2. Other refusals say that nothing was taken.
        if reply.code == 421 or not 200 <= reply.code < 600 or 300 <= reply.code < 400:
            raise Unclear(f"it said {reply.words!r}")
        if reply.code >= 400:
            raise Refused(reply, "take the mail")
        return reply.words

    def _send_all_but_the_end(self, mail: bytes) -> None:
        code, words = self._talker.docmd("DATA")
        if code != 354:
            raise Refused(_reply(code, words), "take the mail")
        self._talker.send(re.sub(rb"(?m)^\.", b"..", mail.rstrip(b"\r\n") + b"\r\n"))

    def stop(self) -> None:
        """End the conversation as well as it goes. What it was about is decided by now."""
        if self._client is None:
            return
        try:
            self._client.quit()
        except (OSError, smtplib.SMTPException):
            self._client.close()

    @property
    def _talker(self) -> Client:
        assert self._client is not None, "`begin` comes first"
        return self._client

    def _guarded(self, step: Any, *arguments: Any) -> None:
        try:
            step(*arguments)
        except ssl.SSLCertVerificationError as error:
            raise Untrusted(f"the certificate of {self.host} is not trusted ({error.verify_message})") from None
        except smtplib.SMTPAuthenticationError as error:
            raise Refused(_reply(error.smtp_code, error.smtp_error), "sign in") from None
        except smtplib.SMTPNotSupportedError:
            raise Refused(Reply(530, f"{self.host} offers no way to sign in that is known here"), "sign in") from None
        except UnicodeEncodeError:
            raise Refused(
                Reply(535, "the username or the password has a character that is not ASCII"), "sign in"
            ) from None
        except smtplib.SMTPResponseException as error:
            raise Refused(_reply(error.smtp_code, error.smtp_error), "talk") from None
        except (OSError, smtplib.SMTPException) as error:
            raise NotSent(_why(error)) from None


def _reply(code: int, words: bytes | str) -> Reply:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return Reply(code, " ".join(text.split()))


def _why(error: Exception) -> str:
    """Return a clause for people, without anything that was sent."""
    if isinstance(error, smtplib.SMTPServerDisconnected) and isinstance(error.__context__, OSError):
        error = error.__context__
    if isinstance(error, TimeoutError):
        return "there was no answer in time"
    if isinstance(error, socket.gaierror):
        return f"the name of the server cannot be resolved ({error.strerror})"
    if isinstance(error, ConnectionRefusedError):
        return "no connection could be made (connection refused)"
    if isinstance(error, ssl.SSLError):
        return f"no private connection could be made ({error.reason})"
    return "the connection was cut"
