"""An incoming webhook of Slack, which shows nothing: what has no answer is held."""

from __future__ import annotations

from tests.fakes.slack import WEBHOOK_PATH
from tests.soak.fake_process import FakeProcess
from tests.soak.networks.base import Network, Seen
from tests.soak.networks.slack import alt_texts, words


class SlackWebhook(Network):
    fake = "slack"
    public_call = ("POST", WEBHOOK_PATH)
    preparing_call = ("POST", WEBHOOK_PATH)
    public_base_url = "https://press.example.com"  # Slack names pictures by it; the fake fetches none
    tells_ids = False

    def section(self, fake: FakeProcess) -> str:
        return 'network = "slack"\nminimum_gap_seconds = 0'

    def secrets(self, fake: FakeProcess) -> dict[str, str]:
        return {"webhook_url": fake.base_url + WEBHOOK_PATH}

    def seen(self, fake: FakeProcess) -> list[Seen]:
        return [Seen(message["ts"], words(message), alt_texts(message)) for message in fake.show("posts")]
