"""X: knows no key of ours, and is read back."""

from __future__ import annotations

from tests.soak.fake_process import FakeProcess
from tests.soak.networks.base import ENDLESS, READ_LAG, Network, Seen

_ROUTES = (
    "POST /2/tweets",
    "POST /2/media/upload",
    "POST /2/media/metadata",
    "GET /2/users/{id}/tweets",
    "GET /2/users/me",
)


class X(Network):
    fake = "x"
    options = (*(f"--limit={route}={ENDLESS}" for route in _ROUTES), "--allow-repeats", *READ_LAG)
    public_call = ("POST", "/2/tweets")
    preparing_call = ("POST", "/2/media/upload")
    is_read_back = True

    def section(self, fake: FakeProcess) -> str:
        return f'network = "x"\nbase_url = "{fake.base_url}"'

    def secrets(self, fake: FakeProcess) -> dict[str, str]:
        account = fake.show("accounts")[0]
        return {name: account[name] for name in ("api_key", "api_secret", "access_token", "access_token_secret")}

    def seen(self, fake: FakeProcess) -> list[Seen]:
        alt_texts = {media["id"]: media["alt_text"] or "" for media in fake.show("media")}
        return [
            Seen(post["id"], post["text"], tuple(alt_texts[one] for one in post["media_ids"]))
            for post in fake.show("posts")
        ]
