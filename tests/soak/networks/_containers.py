"""What Instagram and Threads have in common: containers, of pictures that they fetch, which are published once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tests.soak.fake_process import FakeProcess
from tests.soak.networks.base import ENDLESS, Network, Seen

_TOKEN_LIFE = timedelta(days=60)


class Containers(Network):
    options = (f"--quota={ENDLESS}", "--ready-after=0.2")
    fetches_pictures = True
    is_read_back = True

    def section(self, fake: FakeProcess) -> str:
        return f'network = "{self.fake}"\nbase_url = "{fake.base_url}"'

    def secrets(self, fake: FakeProcess) -> dict[str, str]:
        # A token of which no end is known would be renewed at once.
        end = datetime.now(UTC) + _TOKEN_LIFE
        return {"access_token": fake.show("tokens")[0]["text"], "access_token_expires_at": end.isoformat()}

    def seen(self, fake: FakeProcess) -> list[Seen]:
        return [Seen(post["id"], post["text"], tuple(post["alt_texts"])) for post in fake.show("posts")]

    def remarks(self, fake: FakeProcess) -> list[str]:
        left = sum(container["post_id"] is None for container in fake.show("containers"))
        return [f"containers that were never published: {left}"]
