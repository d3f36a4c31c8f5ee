"""Secrets that remember what was read through them: a `Secrets` like any other, and a log without them."""

from __future__ import annotations

import pytest

from pressroom.backends.memory import build_memory_ports
from pressroom.backends.memory.secrets import MemorySecrets
from pressroom.backends.read_secrets import ReadSecrets
from pressroom.contracts.secrets import SecretsContract
from pressroom.defects import defect_of
from pressroom.errors import ConfigurationError
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


def test_whoever_may_list_no_secrets_still_leaves_out_of_an_error_what_it_read() -> None:
    class MayListNone(MemorySecrets):
        def names(self) -> list[str]:
            raise ConfigurationError("Secrets Manager does not let this role do that.")

    kept = MayListNone()
    kept.set_many({"channels.main.api_key": "plum-tree-42", "channels.sky.app_password": "elderberry-7"})
    secrets = ReadSecrets(kept, names_what_it_read=True)
    assert secrets.names() == []
    secrets.get("channels.main.api_key")
    assert secrets.names() == ["channels.main.api_key"]
    error = RuntimeError("the library said plum-tree-42")
    assert "plum-tree-42" not in defect_of(error, "channel main", secrets).what
    assert "plum-tree-42" in defect_of(error, "channel main", kept).what, "as it would be without"
