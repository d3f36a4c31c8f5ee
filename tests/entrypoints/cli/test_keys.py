"""`pressroom keys`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.entrypoints.cli.conftest import Cli


def test_a_key_is_printed_once_alone_on_standard_output_and_then_never_again(cli: Cli, workspace: Path) -> None:
    answer = cli("keys", "create", "the app", "--scope", "read", "--scope", "write", "-w", workspace)
    assert answer.code == 0
    key = answer.stdout.strip()
    assert key.startswith("pr_")
    assert "not shown again" in answer.stderr
    listed = cli("keys", "-w", workspace)
    assert "the app" in listed.stdout
    assert "read write" in listed.stdout
    secret = key.rpartition("_")[2]
    assert secret not in listed.stdout + cli("keys", "--json", "-w", workspace).stdout
    stored = b"".join(path.read_bytes() for path in (workspace / "data").iterdir() if path.is_file())
    assert secret.encode() not in stored


def test_without_a_scope_a_key_can_only_read(cli: Cli, workspace: Path) -> None:
    cli("keys", "create", "app", "-w", workspace)
    [key] = cli("keys", "--json", "-w", workspace).json
    assert (key["scopes"], key["state"], key["expires_at"]) == (["read"], "valid", None)


def test_as_json_the_key_comes_with_what_is_known_of_it(cli: Cli, workspace: Path) -> None:
    made = cli("keys", "create", "app", "--expires", "90d", "--json", "-w", workspace).json
    assert made["key"].startswith(f"pr_{made['id']}_")
    assert made["expires_at"][:4] >= "2026"
    assert made["expires_at"][10] == "T"  # as in every other document: ISO 8601


def test_a_revoked_key_is_listed_as_such(cli: Cli, workspace: Path) -> None:
    made = cli("keys", "create", "app", "--json", "-w", workspace).json
    assert cli("keys", "revoke", "app", "-w", workspace).code == 0
    [key] = cli("keys", "list", "--json", "-w", workspace).json
    assert (key["id"], key["state"]) == (made["id"], "revoked")
    assert cli("keys", "revoke", made["id"], "--json", "-w", workspace).json["revoked_at"] == key["revoked_at"]


def test_of_two_keys_with_one_name_the_id_is_asked_for(cli: Cli, workspace: Path) -> None:
    ids = [cli("keys", "create", "app", "--json", "-w", workspace).json["id"] for _ in range(2)]
    refused = cli("keys", "revoke", "app", "-w", workspace)
    assert refused.code == 2
    assert all(id in refused.stderr for id in ids)
    assert cli("keys", "revoke", ids[0], "-w", workspace).code == 0
    assert cli("keys", "revoke", "app", "-w", workspace).code == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["app", "--scope", "reed"], "Did you mean read?"),
        (["app", "--expires", "soon"], "is no time span"),
        (["app", "--expires", "0d"], "cannot have expired"),
        (["app", "--expires", "999999w"], "beyond the year 9999"),
        ([""], "1 to 100 printable characters"),
    ],
)
def test_what_makes_no_key_is_said(cli: Cli, workspace: Path, arguments: list[str], said: str) -> None:
    refused = cli("keys", "create", *arguments, "-w", workspace)
    assert refused.code == 2
    assert said in refused.stderr
    assert cli("keys", "--json", "-w", workspace).json == []


def test_an_unknown_key_is_answered_with_the_closest(cli: Cli, workspace: Path) -> None:
    cli("keys", "create", "newsletter", "-w", workspace)
    assert "Did you mean newsletter?" in cli("keys", "revoke", "newsleter", "-w", workspace).stderr
