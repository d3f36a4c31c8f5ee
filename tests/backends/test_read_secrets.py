"""Secrets that remember what was read through them: a `Secrets` like any other, and a log without them."""

from __future__ import annotations

import pytest

from pressroom.backends.memory import build_memory_ports
from pressroom.backends.read_secrets import ReadSecrets
from pressroom.contracts.secrets import SecretsContract
from pressroom.testing import ManualClock


class TestReadSecrets(SecretsContract):
    @pytest.fixture
    def secrets(self, clock: ManualClock) -> ReadSecrets:
        return ReadSecrets(build_memory_ports(clock).secrets)


def test_what_was_read_or_stored_is_taken_out_of_a_text_and_what_was_not_stays() -> None:
    kept = build_memory_ports(ManualClock()).secrets
    kept.set_many({"channels.main.api_key": "plum-tree-42", "channels.sky.app_password": "elderberry-7"})
    secrets = ReadSecrets(kept)
    text = "plum-tree-42, elderberry-7 and walnut-99"
    assert secrets.redact(text) == text
    secrets.get("channels.main.api_key")
    assert secrets.redact(text) == "•••, elderberry-7 and walnut-99"
    secrets.set("channels.main.api_key", "walnut-99")
    assert secrets.redact(text) == "•••, elderberry-7 and •••"
    assert "plum-tree" not in repr(secrets)
