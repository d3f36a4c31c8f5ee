from __future__ import annotations

from pathlib import Path

from tests.entrypoints.cli.conftest import Cli

NAME = "channels.main.api_key"
VALUE = "s3cr3t value with spaces"


def test_a_secret_is_set_from_standard_input_listed_by_name_and_removed(cli: Cli, workspace: Path) -> None:
    answer = cli("secrets", "set", NAME, "-w", workspace, stdin=VALUE + "\n")
    assert answer.code == 0
    listed = cli("secrets", "list", "--json", "-w", workspace)
    assert [line["name"] for line in listed.json] == [NAME]
    assert VALUE not in answer.stdout + answer.stderr + listed.stdout
    assert cli("secrets", "remove", NAME, "-w", workspace).code == 0
    assert cli("secrets", "--json", "-w", workspace).json == []


def test_only_the_last_line_end_is_taken_off_the_value(cli: Cli, workspace: Path) -> None:
    from pressroom.runtimes.embedded import open_embedded

    cli("secrets", "set", NAME, "-w", workspace, stdin=" a\nb\n\n")
    with open_embedded(workspace, {}) as runtime:
        assert runtime.ports.secrets.get(NAME) == " a\nb\n"


def test_a_secret_that_nothing_uses_yet_is_told_which_lines_to_add(cli: Cli, workspace: Path) -> None:
    answer = cli("secrets", "set", NAME, "-w", workspace, stdin=VALUE)
    assert "[channels.main]\n  network =" in answer.stderr


def test_a_secret_of_a_section_that_is_there_needs_no_more(cli: Cli, workspace: Path) -> None:
    file = workspace / "pressroom.toml"
    file.write_text(file.read_text(encoding="utf-8") + '\n[channels.main]\nnetwork = "x"\n', encoding="utf-8")
    assert cli("secrets", "set", NAME, "-w", workspace, stdin=VALUE).stderr == ""


def test_a_secret_without_which_the_workspace_cannot_be_opened_can_be_set(cli: Cli, workspace: Path) -> None:
    file = workspace / "pressroom.toml"
    before, after = file.read_text(encoding="utf-8").split("[handlers.notify]")
    after = after.replace("enabled = false", "enabled = true", 1)
    file.write_text(f"{before}[handlers.notify]{after}", encoding="utf-8")
    refused = cli("run", "-w", workspace)
    assert refused.code == 2
    assert "pressroom secrets set handlers.notify.url" in refused.stderr
    assert cli("secrets", "set", "handlers.notify.url", "-w", workspace, stdin="https://example.com/hook").code == 0
    assert cli("run", "-w", workspace).code == 0


def test_no_value_is_wrong_use(cli: Cli, workspace: Path) -> None:
    answer = cli("secrets", "set", NAME, "-w", workspace, stdin="")
    assert answer.code == 2
    assert "No value was given" in answer.stderr


def test_a_name_that_cannot_be_one_is_refused(cli: Cli, workspace: Path) -> None:
    assert cli("secrets", "set", "my key", "-w", workspace, stdin=VALUE).code == 2


def test_an_unknown_secret_is_answered_with_the_closest(cli: Cli, workspace: Path) -> None:
    cli("secrets", "set", NAME, "-w", workspace, stdin=VALUE)
    answer = cli("secrets", "remove", "channels.main.api_ke", "-w", workspace)
    assert answer.code == 2
    assert f"Did you mean {NAME}?" in answer.stderr
