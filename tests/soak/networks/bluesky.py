"""Bluesky: a post is put under a key of ours, as often as need be."""

from __future__ import annotations

from tests.soak.fake_process import FakeProcess
from tests.soak.networks.base import ENDLESS, Network, Seen

_LIMITS = ("requests", "sessions", "sessions per day", "writes", "writes per day")


class Bluesky(Network):
    fake = "bluesky"
    options = tuple(f"--limit={name}={ENDLESS}" for name in _LIMITS)
    public_call = ("POST", "/xrpc/com.atproto.repo.putRecord")
    preparing_call = ("POST", "/xrpc/com.atproto.repo.uploadBlob")

    def section(self, fake: FakeProcess) -> str:
        return f'network = "bluesky"\nbase_url = "{fake.base_url}"'

    def secrets(self, fake: FakeProcess) -> dict[str, str]:
        account = fake.show("accounts")[0]
        return {"identifier": account["handle"], "app_password": account["app_password"]}

    def seen(self, fake: FakeProcess) -> list[Seen]:
        return [
            Seen(
                record["uri"],
                record["value"]["text"],
                tuple(image["alt"] for image in record["value"].get("embed", {}).get("images", ())),
            )
            for record in fake.show("posts")
        ]

    def mistakes(self, fake: FakeProcess) -> list[str]:
        return [
            f"{record['uri']} was changed {record['updates']} times by putting it again"
            for record in fake.show("posts")
            if record["updates"]
        ]

    def remarks(self, fake: FakeProcess) -> list[str]:
        again = sum(record["puts"] - 1 for record in fake.show("posts"))
        return [f"records put again: {again}"]
