"""Facebook: photos are uploaded unpublished, a post attaches them, and the Page is read back."""

from __future__ import annotations

from tests.soak.fake_process import FakeProcess
from tests.soak.networks.base import Network, Seen


class Facebook(Network):
    fake = "facebook"
    options = ("--allow-repeats",)
    public_call = ("POST", "/v*/feed")
    preparing_call = ("POST", "/v*/photos")
    is_read_back = True

    def section(self, fake: FakeProcess) -> str:
        return f'network = "facebook"\nbase_url = "{fake.base_url}"'

    def secrets(self, fake: FakeProcess) -> dict[str, str]:
        return {"access_token": fake.show("tokens")[0]["text"]}

    def seen(self, fake: FakeProcess) -> list[Seen]:
        alt_texts = {photo["id"]: photo["alt_text"] for photo in fake.show("photos")}
        return [
            Seen(post["id"], post["message"], tuple(alt_texts[one] for one in post["photo_ids"]))
            for post in fake.show("posts")
        ]

    def remarks(self, fake: FakeProcess) -> list[str]:
        left = sum(photo["post_id"] is None for photo in fake.show("photos"))
        return [f"unpublished photos that no post took: {left}"]
