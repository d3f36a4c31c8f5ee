"""A content management system that is posted to by configuration alone."""

from __future__ import annotations

from tests.fakes.cms_auth import Credentials
from tests.soak.fake_process import FakeProcess
from tests.soak.networks.base import Network, Seen

_SECTION = """
network = "rest"
base_url = "{base_url}"
url = "$.link"
auth = {{ kind = "bearer" }}
errors = {{ message = "$.error.message" }}
{more}

[[channels.main.requests]]
path = "/media"
for_each = "media"
multipart = {{ file = {{ file = "picture" }}, alt = "{{{{ picture.alt_text }}}}" }}
take = {{ media_id = "$.media.id" }}

[[channels.main.requests]]
path = "/posts"
json = {{ text = "{{{{ text }}}}", title = "{{{{ title }}}}", key = "{{{{ key }}}}", media = "{{{{ media_id }}}}" }}
"""


class Rest(Network):
    fake = "cms"
    public_call = ("POST", "/posts")
    preparing_call = ("POST", "/media")
    more = ""
    """The lines of the section by which a post without an answer is found again."""

    def section(self, fake: FakeProcess) -> str:
        return _SECTION.format(base_url=fake.base_url, more=self.more)

    def secrets(self, fake: FakeProcess) -> dict[str, str]:
        return {"token": Credentials().token}

    def seen(self, fake: FakeProcess) -> list[Seen]:
        alt_texts = {media["id"]: media["alt"] for media in fake.show("media")}
        return [
            Seen(str(post["id"]), post["text"], tuple(alt_texts[one] for one in post["media"]))
            for post in fake.show("posts")
        ]
