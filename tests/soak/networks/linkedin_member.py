"""A LinkedIn member, whose posts no app may read: what has no answer is held."""

from __future__ import annotations

from tests.soak.fake_process import FakeProcess
from tests.soak.networks.linkedin import LinkedIn


class LinkedInMember(LinkedIn):
    is_read_back = False

    def author(self, fake: FakeProcess) -> str:
        return f"urn:li:person:{fake.show('members')[0]['id']}"
