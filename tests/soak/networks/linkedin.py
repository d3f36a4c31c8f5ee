"""A LinkedIn organisation: knows no key of ours, and is read back."""

from __future__ import annotations

from tests.soak.fake_process import FakeProcess
from tests.soak.networks.base import READ_LAG, Network, Seen


class LinkedIn(Network):
    fake = "linkedin"
    options = ("--allow-repeats", "--processing-looks=1", *READ_LAG)
    public_call = ("POST", "/rest/posts")
    preparing_call = ("PUT", "/dms-uploads/*")
    is_read_back = True

    def section(self, fake: FakeProcess) -> str:
        oauth_url = f"{fake.base_url}/oauth/v2"
        author = self.author(fake)
        return f'network = "linkedin"\nbase_url = "{fake.base_url}"\noauth_url = "{oauth_url}"\nauthor = "{author}"'

    def author(self, fake: FakeProcess) -> str:
        """Return the URN of whoever posts."""
        return str(fake.show("members")[0]["organizations"][0])

    def secrets(self, fake: FakeProcess) -> dict[str, str]:
        return {"access_token": fake.show("tokens")["access_tokens"][0]["text"]}

    def seen(self, fake: FakeProcess) -> list[Seen]:
        return [
            Seen(post["urn"], post["text"], (post["content"].get("media", {}).get("altText", ""),))
            for post in fake.show("posts")
        ]
