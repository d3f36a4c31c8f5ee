from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from pressroom.entrypoints.cli import _machine_checks as machine
from pressroom.entrypoints.cli._checks import from_core
from pressroom.entrypoints.cli._findings import Level, Line
from pressroom.findings import Finding
from pressroom.pipelines import daily_post
from tests.entrypoints.cli.conftest import Answer, Cli


def _about(answer: Answer, about: str) -> list[dict[str, Any]]:
    return [line for line in answer.json if line["about"] == about]


def _change(workspace: Path, before: str, after: str) -> None:
    file = workspace / "pressroom.toml"
    file.write_text(file.read_text(encoding="utf-8").replace(before, after), encoding="utf-8")


def test_a_fresh_workspace_is_well(cli: Cli, workspace: Path) -> None:
    answer = cli("doctor", "--offline", "--json", "-w", workspace)
    assert answer.code == 0, answer.stdout
    assert {line["level"] for line in answer.json} == {"ok"}
    looked_at = {line["about"] for line in answer.json}
    assert {
        "configuration",
        "clock",
        "time zones",
        "disk",
        "database",
        "secrets",
        "queues",
        "channel preview",
    } <= looked_at


def test_people_get_a_line_each_with_what_to_do(cli: Cli, workspace: Path) -> None:
    _change(workspace, 'channels = ["preview"]', 'channels = ["main"]')
    answer = cli("doctor", "--offline", "-w", workspace)
    assert answer.code == 1
    assert "✓ clock:" in answer.stdout
    assert "✗ pipeline daily_post: It posts on the channel 'main', which is not configured." in answer.stdout
    assert "    [channels.main]" in answer.stdout


def test_a_folder_that_is_no_workspace_is_a_finding(cli: Cli, tmp_path: Path) -> None:
    answer = cli("doctor", "--json", "-w", tmp_path)
    assert answer.code == 1
    assert "pressroom init" in _about(answer, "configuration")[0]["todo"]


def test_settings_that_cannot_be_read_do_not_hide_the_rest(cli: Cli, workspace: Path) -> None:
    _change(workspace, "port = 8080", 'port = "eighty"')
    answer = cli("doctor", "--json", "-w", workspace)
    assert answer.code == 1
    assert "[server] port" in _about(answer, "configuration")[0]["what"]
    assert _about(answer, "clock")[0]["ok"]


def test_a_generator_without_its_key_is_told_how_to_set_it(cli: Cli, workspace: Path) -> None:
    _change(workspace, 'image = "offline_image"', 'image = "openai_image"')
    answer = cli("doctor", "--offline", "--json", "-w", workspace)
    assert answer.code == 1
    (line,) = _about(answer, "generator openai_image")
    assert line["todo"] == "pressroom secrets set generators.openai_image.api_key"


def test_a_channel_without_any_secret_is_told_of_every_way_to_sign_in(cli: Cli, workspace: Path) -> None:
    with (workspace / "pressroom.toml").open("a", encoding="utf-8") as file:
        file.write('\n[channels.main]\nnetwork = "x"\n')
    (line,) = _about(cli("doctor", "--offline", "--json", "-w", workspace), "channel main")
    assert "channels.main.access_token_secret; or else channels.main.client_id" in line["what"]
    assert "pressroom secrets set channels.main.access_token_secret\nor else\npressroom" in line["todo"]


def test_a_network_that_cannot_be_reached_is_wrong_and_offline_does_not_ask(cli: Cli, workspace: Path) -> None:
    # Port 9 of loopback answers nobody.
    _change(workspace, "#[channels.my_x]", '[channels.main]\nnetwork = "x"\nbase_url = "http://127.0.0.1:9"\n[unused]')
    text = (workspace / "pressroom.toml").read_text(encoding="utf-8").replace("[unused]", "")
    (workspace / "pressroom.toml").write_text(text, encoding="utf-8")
    for name in ("api_key", "api_secret", "access_token", "access_token_secret"):
        cli("secrets", "set", f"channels.main.{name}", "-w", workspace, stdin="value-of-" + name)
    assert cli("doctor", "--offline", "--json", "-w", workspace).code == 0
    answer = cli("doctor", "--json", "-w", workspace)
    assert answer.code == 1
    assert any(not line["ok"] for line in _about(answer, "channel main"))
    assert "value-of-" not in answer.stdout + answer.stderr


def test_work_that_nobody_takes_is_found(cli: Cli, workspace: Path) -> None:
    cli("run", "daily_post", "-i", "date=2026-10-31", "-i", "theme=0", "--no-wait", "-w", workspace)
    assert cli("doctor", "--offline", "-w", workspace).code == 0
    _an_hour_ago(workspace)
    answer = cli("doctor", "--offline", "--json", "-w", workspace)
    assert answer.code == 1
    assert "pressroom worker" in _about(answer, "queues")[0]["todo"]


def _an_hour_ago(workspace: Path) -> None:
    """Let what waits have waited for an hour."""
    connection = sqlite3.connect(workspace / "data" / "pressroom.db")
    with connection:
        names = [row[1] for row in connection.execute("PRAGMA table_info(deliveries)")]
        assert "available_at" in names
        connection.execute("UPDATE deliveries SET available_at = available_at - 3600000000")
    connection.close()


def test_a_damaged_database_is_a_finding(cli: Cli, workspace: Path) -> None:
    for file in (workspace / "data").glob("pressroom.db*"):
        file.unlink()
    (workspace / "data" / "pressroom.db").write_bytes(b"SQLite format 3\0" + b"\xff" * 5000)
    answer = cli("doctor", "--offline", "--json", "-w", workspace)
    assert answer.code == 1
    (line,) = _about(answer, "database")
    assert not line["ok"]
    assert "backup" in line["todo"]


def test_a_clock_before_this_program_was_written_is_wrong() -> None:
    assert next(line.level for line in machine.clock_checks(datetime(1970, 1, 1, tzinfo=UTC))) is Level.WRONG
    assert next(line.level for line in machine.clock_checks(datetime(2027, 1, 1, tzinfo=UTC))) is Level.OK


@pytest.mark.parametrize(("free", "level"), [(10**7, Level.WRONG), (5 * 10**8, Level.WARNING), (10**11, Level.OK)])
def test_a_full_disk_is_told_in_time(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, free: int, level: Level) -> None:
    import shutil
    from types import SimpleNamespace

    monkeypatch.setattr(shutil, "disk_usage", lambda folder: SimpleNamespace(free=free))
    (line,) = machine.disk_checks(tmp_path)
    assert line.level is level


@pytest.mark.parametrize(
    ("finding", "level"),
    [
        (Finding(ok=True, what="Well."), Level.OK),
        (Finding(ok=True, what="It ends soon.", todo="Move on."), Level.WARNING),
        (Finding(ok=False, what="It is gone.", todo="Move on."), Level.WRONG),
    ],
)
def test_what_is_well_and_has_something_to_do_is_a_warning(finding: Finding, level: Level) -> None:
    assert from_core("generator art", finding) == Line("generator art", level, finding.what, finding.todo)


@pytest.mark.parametrize(
    ("before", "after", "what", "todo"),
    [
        ('image = "offline_image"', 'image = "ofline_image"', "called 'ofline_image'", "Did you mean offline_image"),
        ('image = "offline_image"', 'image = "offline_text"', "makes text, and image is needed", "offline_image"),
        ('\ntext = ""', '\ntext = "offline_image"', "makes image, and text is needed", "offline_text"),
        ('channels = ["preview"]', "channels = []", "Nothing is posted", 'channels = ["preview"]'),
        ('channels = ["preview"]', 'channels = ["previw"]', "'previw'", "Did you mean preview?"),
    ],
)
def test_settings_with_which_every_run_fails_are_found(
    cli: Cli, workspace: Path, before: str, after: str, what: str, todo: str
) -> None:
    _change(workspace, before, after)
    answer = cli("doctor", "--offline", "--json", "-w", workspace)
    assert answer.code == 1
    assert any(what in line["what"] and todo in line["todo"] for line in _about(answer, "pipeline daily_post"))


def test_what_a_pipeline_checks_itself_is_told(cli: Cli, workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def check(settings: daily_post.Settings) -> list[Finding]:
        return [Finding(ok=False, what=f"{settings.calendar} is torn.", todo="Glue it.")]

    monkeypatch.setattr(daily_post, "check", check)
    answer = cli("doctor", "--offline", "--json", "-w", workspace)
    assert answer.code == 1
    (line,) = _about(answer, "pipeline daily_post")
    assert (line["what"], line["todo"]) == ("config/national-days.json is torn.", "Glue it.")


def test_a_pipeline_whose_own_check_breaks_is_a_finding(
    cli: Cli, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def check() -> list[Finding]:
        return [Finding(ok=True, what=str(1 / 0))]

    monkeypatch.setattr(daily_post, "check", check)
    answer = cli("doctor", "--offline", "--json", "-w", workspace)
    assert answer.code == 1
    assert "ZeroDivisionError" in _about(answer, "pipeline daily_post")[0]["what"]


def test_a_pipeline_that_posts_only_if_it_is_told_to_is_well_without_channels(cli: Cli, workspace: Path) -> None:
    answer = cli("doctor", "--offline", "--json", "-w", workspace)
    (line,) = _about(answer, "pipeline product_image")
    assert (line["level"], "Nothing is posted" in line["what"]) == ("ok", True)


def test_a_source_that_no_pipeline_reads_is_worth_knowing(cli: Cli, workspace: Path) -> None:
    file = workspace / "pressroom.toml"
    file.write_text(file.read_text(encoding="utf-8") + '\n[sources.inbox]\nuse = "folder"\n', encoding="utf-8")
    answer = cli("doctor", "--offline", "--json", "-w", workspace)
    assert answer.code == 0
    line = _about(answer, "source inbox")[0]
    assert line["level"] == "warning"
    assert "[sources.inbox]" in line["what"]


def test_a_folder_is_looked_at_without_a_network_too(cli: Cli, workspace: Path, tmp_path: Path) -> None:
    missing = tmp_path / "not-mounted"
    with (workspace / "pressroom.toml").open("a", encoding="utf-8") as file:
        file.write(f'\n[sources.inbox]\nuse = "folder"\npath = "{missing}"\n')
    answer = cli("doctor", "--offline", "--json", "-w", workspace)
    assert answer.code == 1
    assert f"The folder {missing} cannot be read" in _about(answer, "source inbox")[-1]["what"]
    missing.mkdir()
    answer = cli("doctor", "--offline", "--json", "-w", workspace)
    assert answer.code == 0
    assert "photos in it: 0." in _about(answer, "source inbox")[-1]["what"]


def test_a_calendar_that_is_missing_or_malformed_is_wrong(cli: Cli, workspace: Path) -> None:
    calendar = workspace / "assets" / "config" / "national-days.json"
    calendar.write_text('{"january": {"32": ["Never"]}}')
    malformed = cli("doctor", "--offline", "--json", "-w", workspace)
    calendar.unlink()
    missing = cli("doctor", "--offline", "--json", "-w", workspace)
    assert (malformed.code, missing.code) == (1, 1)
    assert 'no day "32"' in _about(malformed, "pipeline daily_post")[0]["what"]
    assert "There is no calendar" in _about(missing, "pipeline daily_post")[0]["what"]
