"""Mail: a server shows nobody what it sent on, so that what has no answer after the final dot is held."""

from __future__ import annotations

import email
import re
from email.message import EmailMessage
from email.policy import SMTP

from tests.soak.fake_process import FakeProcess
from tests.soak.networks.base import Network, Seen

_PASSWORD = "password-of-the-press"
_ALT_TEXT = re.compile(r"^\[Picture: (.*)\]$", re.MULTILINE)


class Smtp(Network):
    fake = "smtp"
    options = (f"--password={_PASSWORD}",)
    public_call = ("DOT", "*")
    preparing_call = ("MAIL", "*")
    fault_rate = 0.03  # of each of the seven commands of a mail

    def section(self, fake: FakeProcess) -> str:
        port = fake.show("smtp")["port"]
        return (
            f'network = "smtp"\nhost = "localhost"\nport = {port}\nsecurity = "none"\n'
            'sender = "The Press <press@example.com>"\nto = ["ann@example.com"]'
        )

    def secrets(self, fake: FakeProcess) -> dict[str, str]:
        return {"username": "press", "password": _PASSWORD}

    def seen(self, fake: FakeProcess) -> list[Seen]:
        return [read(mail["text"]) for mail in fake.show("mails")]


def read(mail: str) -> Seen:
    """Return a mail as its recipient reads it: the words of its plain part, and a picture for each that is inside."""
    message = email.message_from_bytes(mail.encode("latin-1"), policy=SMTP)
    assert isinstance(message, EmailMessage)
    plain = message.get_body(("plain",))
    assert plain is not None
    words = plain.get_content().replace("\r\n", "\n")
    pictures = sum(part.get_content_maintype() == "image" for part in message.walk())
    return Seen(
        str(message["Message-ID"]).strip("<>"),
        _ALT_TEXT.sub("", words).strip(),
        tuple(_ALT_TEXT.findall(words)[:pictures]),
    )
