"""Mastodon: knows a key of ours for an hour, and is read back."""

from __future__ import annotations

from tests.soak.fake_process import FakeProcess
from tests.soak.networks.base import ENDLESS, Network, Seen


class Mastodon(Network):
    fake = "mastodon"
    options = (f"--limit=all={ENDLESS}", f"--limit=media={ENDLESS}")
    public_call = ("POST", "/api/v1/statuses")
    preparing_call = ("POST", "/api/v2/media")
    key_header = "idempotency-key"

    def section(self, fake: FakeProcess) -> str:
        return f'network = "mastodon"\nbase_url = "{fake.base_url}"'

    def secrets(self, fake: FakeProcess) -> dict[str, str]:
        return {"access_token": fake.show("tokens")[0]["text"]}

    def seen(self, fake: FakeProcess) -> list[Seen]:
        alt_texts = {media["id"]: media["description"] or "" for media in fake.show("media")}
        return [
            Seen(status["id"], status["text"], tuple(alt_texts[one] for one in status["media_ids"]))
            for status in fake.show("posts")
        ]
