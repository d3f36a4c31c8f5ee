"""Mail through Amazon SES: it tells nobody afterwards what it sent on, so that a call without an answer is held."""

from __future__ import annotations

from dataclasses import replace

from tests.soak.fake_process import FakeProcess
from tests.soak.networks.base import Network, Seen
from tests.soak.networks.smtp import read


class Ses(Network):
    fake = "ses"
    public_call = ("POST", "/v2/email/outbound-emails")
    preparing_call = public_call

    def section(self, fake: FakeProcess) -> str:
        return (
            f'network = "ses"\nbase_url = "{fake.base_url}"\nregion = "eu-central-1"\n'
            'sender = "The Press <press@example.com>"\nto = ["ann@example.com"]'
        )

    def secrets(self, fake: FakeProcess) -> dict[str, str]:
        keys = fake.show("keys")
        return {"access_key_id": keys["key_id"], "secret_access_key": keys["secret"]}

    def seen(self, fake: FakeProcess) -> list[Seen]:
        return [replace(read(mail["text"]), id=mail["message_id"]) for mail in fake.show("mails")]
