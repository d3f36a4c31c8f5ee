"""A REST API that can be asked whether there is a post with our key."""

from __future__ import annotations

from tests.soak.networks._rest import Rest

_VERIFY = """
path = "/posts"
query = { key = "{{ key }}" }
success = { exists = ["$.items"] }
found = "$.items[*].id"
id = "$.items[0].id"
url = "$.items[0].link"
"""


class RestVerified(Rest):
    more = f"[channels.main.verify]{_VERIFY}"
    is_read_back = True
