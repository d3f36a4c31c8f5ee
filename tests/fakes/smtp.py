"""A mail server as a strict local server: `python -m tests.fakes.smtp`, or `with FakeSmtp() as smtp` in a test.

Faults are scripted by command (`method="RCPT", path="ann@example.com"`); `DOT` is the end of a mail.
"""

from __future__ import annotations

import email
import ssl
import threading
import time
from dataclasses import asdict, dataclass
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any, Self

from tests.fakes.control import argument_parser, serve
from tests.fakes.messages import Request
from tests.fakes.server import FakeServer
from tests.fakes.smtp_session import SmtpListener

EXTENSIONS = ("SIZE 25000000", "8BITMIME", "PIPELINING", "ENHANCEDSTATUSCODES")


@dataclass
class Mail:
    """A mail that the server took, with its envelope; `text` holds its bytes as latin-1."""

    sender: str
    recipients: list[str]
    text: str
    at: float

    @property
    def message(self) -> EmailMessage:
        return email.message_from_bytes(self.text.encode("latin-1"), policy=SMTP)


class FakeSmtp(FakeServer):
    """Takes mail on `smtp_port`; its HTTP side has only the control API."""

    def __init__(
        self,
        *,
        port: int = 0,
        smtp_port: int = 0,
        state_file: Path | None = None,
        security: str = "none",
        certificate: Path | None = None,
        username: str = "press",
        password: str = "password-of-the-press",
        extensions: tuple[str, ...] = EXTENSIONS,
        unknown_mailboxes: tuple[str, ...] = (),
        senders: tuple[str, ...] = ("press@example.com",),
        size_limit: int = 25_000_000,
    ) -> None:
        """`certificate` is a file with a key and a certificate; an empty `password` is a server that asks for none."""
        super().__init__(port=port, state_file=state_file)
        self.name = "mail.example.com"
        self.security = security
        self.username, self.password = username, password
        self.extensions = extensions
        self.unknown_mailboxes = unknown_mailboxes
        self.senders = senders
        self.size_limit = size_limit
        self.mails: list[Mail] = []
        self.tls_context: ssl.SSLContext | None = None
        if certificate is not None:
            self.tls_context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.tls_context.load_cert_chain(certificate)
        self._smtp_port = smtp_port
        self._smtp: SmtpListener | None = None
        self._smtp_thread: threading.Thread | None = None

    @property
    def smtp_port(self) -> int:
        assert self._smtp is not None, "The fake is not running."
        port: int = self._smtp.server_address[1]
        return port

    @property
    def commands(self) -> list[str]:
        """What clients have said so far, `DOT` for the end of a mail."""
        return [request.method for request in self.requests]

    def start(self) -> Self:
        super().start()
        self._smtp = SmtpListener(self._smtp_port, self)
        self._smtp_port = self.smtp_port
        self._smtp_thread = threading.Thread(target=self._smtp.serve_forever, args=(0.02,), name="fake smtp")
        self._smtp_thread.start()
        return self

    def stop(self) -> None:
        if self._smtp is not None and self._smtp_thread is not None:
            self._smtp.shutdown()
            self._smtp_thread.join()
            self.release()
            self._smtp.cut_all()
            self._smtp.server_close()
            self._smtp = self._smtp_thread = None
        super().stop()

    def note(self, verb: str, about: str) -> int:
        """Put a command on the list of requests; returns its number."""
        with self._changed:
            self._count += 1
            self.requests.append(Request(self._count, verb, about, "", {}, b"", time.time()))
            self._changed.notify_all()
            return self._count

    def take(self, sender: str, recipients: list[str], mail: bytes) -> str:
        """Take a mail, and have it on the disk before anybody hears of it."""
        with self._changed:
            self.mails.append(Mail(sender, recipients, mail.decode("latin-1"), time.time()))
            self.mark_changed()
            self._persist()
            self._changed.notify_all()
            return f"{len(self.mails):08X}"

    def holdings(self) -> dict[str, Any]:
        mails = [asdict(mail) for mail in self.mails]
        return {"mails": mails, "posts": mails, "smtp": {"host": "127.0.0.1", "port": self.smtp_port}}

    def dump(self) -> dict[str, Any]:
        return {"mails": [asdict(mail) for mail in self.mails]}

    def load(self, state: dict[str, Any]) -> None:
        self.mails = [Mail(**mail) for mail in state["mails"]]

    def reset(self) -> None:
        with self.lock:
            self.mails.clear()
            super().reset()


def main() -> None:
    parser = argument_parser("smtp")
    parser.add_argument("--smtp-port", type=int, default=0, help="0 takes a free one; `GET /_fake/smtp` says which")
    parser.add_argument("--sender", action="append", default=[], metavar="ADDRESS", help="that may send")
    parser.add_argument("--unknown", action="append", default=[], metavar="ADDRESS", help="of a mailbox that is none")
    parser.add_argument("--password", default="", help="empty: everybody may send")
    options = parser.parse_args()
    smtp = FakeSmtp(
        port=options.port,
        smtp_port=options.smtp_port,
        state_file=options.state,
        password=options.password,
        senders=tuple(options.sender) or ("press@example.com",),
        unknown_mailboxes=tuple(options.unknown),
    )
    serve(smtp, options)


if __name__ == "__main__":
    main()
