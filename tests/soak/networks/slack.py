"""A Slack bot: its messages bear our key, and the channel is read back."""

from __future__ import annotations

import html
from collections import Counter
from typing import Any

from tests.soak.fake_process import FakeProcess
from tests.soak.networks.base import READ_LAG, Network, Seen


class Slack(Network):
    fake = "slack"
    options = ("--processing-looks=1", *READ_LAG)
    public_call = ("POST", "/api/chat.postMessage")
    preparing_call = ("POST", "/upload/v1/*")
    is_read_back = True

    def section(self, fake: FakeProcess) -> str:
        channel_id = fake.show("bot")["channels"][0]
        return (
            f'network = "slack"\nbase_url = "{fake.base_url}/api"\nchannel_id = "{channel_id}"\nminimum_gap_seconds = 0'
        )

    def secrets(self, fake: FakeProcess) -> dict[str, str]:
        return {"bot_token": fake.show("bot")["token"]}

    def seen(self, fake: FakeProcess) -> list[Seen]:
        return [
            Seen(f"{message['channel']}/{message['ts']}", words(message), alt_texts(message))
            for message in fake.show("posts")
        ]

    def mistakes(self, fake: FakeProcess) -> list[str]:
        keys = Counter(message["metadata"].get("event_payload", {}).get("key") for message in fake.show("posts"))
        return [f"the key {key} stands on {count} messages" for key, count in keys.items() if not key or count != 1]


def words(message: dict[str, Any]) -> str:
    """Return the text as people read it."""
    return html.unescape(message["text"])


def alt_texts(message: dict[str, Any]) -> tuple[str, ...]:
    return tuple(block["alt_text"] for block in message["blocks"] if block["type"] == "image")
