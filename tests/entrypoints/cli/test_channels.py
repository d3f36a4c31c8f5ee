"""Channels and held posts, against X as a strict local server that refuses the account."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.entrypoints.cli.conftest import Cli
from tests.fakes.x import FakeX

ONE = ("-i", "date=2026-10-31", "-i", "theme=0")
SECRETS = ("api_key", "api_secret", "access_token", "access_token_secret")


@pytest.fixture
def x() -> Iterator[FakeX]:
    with FakeX() as server:
        yield server


@pytest.fixture
def refused(cli: Cli, workspace: Path, x: FakeX) -> Path:
    """A workspace whose only channel has credentials that X does not know."""
    file = workspace / "pressroom.toml"
    text = file.read_text(encoding="utf-8").replace('channels = ["preview"]', 'channels = ["main"]')
    text += f'\n[channels.main]\nnetwork = "x"\nbase_url = "{x.base_url}"\n'
    file.write_text(text, encoding="utf-8")
    for name in SECRETS:
        assert cli("secrets", "set", f"channels.main.{name}", "-w", workspace, stdin="wrong-" + name).code == 0
    return workspace


def test_the_preview_channel_is_there_and_open(cli: Cli, workspace: Path) -> None:
    (line,) = cli("channels", "--json", "-w", workspace).json
    assert (line["name"], line["state"]) == ("preview", "open")
    assert "preview" in cli("channels", "-w", workspace).stdout
    assert cli("channels", "check", "preview", "-w", workspace).code == 0


def test_a_channel_that_waits_says_until_when(cli: Cli, workspace: Path) -> None:
    from dataclasses import replace
    from datetime import UTC, datetime, timedelta

    from pressroom.entrypoints.cli._output import local
    from pressroom.runtimes.embedded import open_embedded

    until = datetime.now(UTC) + timedelta(hours=1)
    with open_embedded(workspace, {}) as runtime:
        states = runtime.ports.channel_states
        limited = states.get("preview").limited(until, "Too many posts.")
        states.put(replace(limited, version=limited.version + 1))
    shown = cli("channels", "-w", workspace).stdout
    assert "waiting" in shown
    assert local(until) in shown
    assert "Too many posts." in shown


def test_an_unknown_channel_is_answered_with_the_closest(cli: Cli, workspace: Path) -> None:
    for command in ("check", "resume"):
        answer = cli("channels", command, "previw", "-w", workspace)
        assert answer.code == 2
        assert "Did you mean preview?" in answer.stderr


def test_a_channel_that_is_not_configured_is_told_which_lines_to_add(cli: Cli, workspace: Path) -> None:
    answer = cli("channels", "check", "main", "-w", workspace)
    assert answer.code == 2
    assert str(workspace / "pressroom.toml") in answer.stderr
    assert '[channels.main]\n    network = "…"    # one of: ' in answer.stderr


def test_a_channel_without_its_secrets_is_told_how_to_set_them(cli: Cli, refused: Path) -> None:
    cli("secrets", "remove", "channels.main.api_key", "-w", refused)
    answer = cli("channels", "check", "main", "-w", refused)
    assert answer.code == 1
    assert "pressroom secrets set channels.main.api_key" in answer.stdout


def test_a_refused_account_pauses_the_channel_and_holds_the_post(cli: Cli, refused: Path, x: FakeX) -> None:
    answer = cli("run", "daily_post", *ONE, "--json", "-w", refused)
    assert answer.code == 4
    assert answer.json["status"] == "held"
    assert "wrong-" not in answer.stdout + answer.stderr
    (line,) = [line for line in cli("channels", "--json", "-w", refused).json if line["name"] == "main"]
    assert line["state"] == "paused"
    assert line["why"]
    (held,) = cli("held", "list", "--json", "-w", refused).json
    assert {"publication_id", "job_id", "channel", "reason", "known", "actions"} <= held.keys()
    assert held["actions"] == ["it_is_there", "send_again", "give_up"]
    shown = cli("held", "show", held["publication_id"], "-w", refused).stdout
    assert f"pressroom held resolve {held['publication_id']} --action send_again" in shown
    assert held["publication_id"] in cli("held", "-w", refused).stdout
    assert cli("doctor", "--offline", "-w", refused).code == 1
    assert x.posts == []


def test_the_end_of_a_pause_lets_its_posts_go_on(cli: Cli, refused: Path) -> None:
    cli("run", "daily_post", *ONE, "-w", refused)
    assert cli("channels", "resume", "main", "--json", "-w", refused).json == {"channel": "main", "posts": 1}
    assert cli("held", "list", "--json", "-w", refused).json == []


def test_a_person_says_that_a_post_is_there(cli: Cli, refused: Path) -> None:
    job_id = cli("run", "daily_post", *ONE, "--json", "-w", refused).json["id"]
    (held,) = cli("held", "list", "--json", "-w", refused).json
    resolve = ("held", "resolve", held["publication_id"], "-w", refused, "--json", "--action")
    assert cli(*resolve, "it_is_ther").error["todo"] == "Did you mean it_is_there?"
    assert cli(*resolve, "it_is_there").code == 2
    assert cli(*resolve, "give_up", "--url", "https://x.com/a/status/1").code == 2
    done = cli(*resolve, "it_is_there", "--url", "https://x.com/a/status/1", "--remote-id", "1")
    assert done.code == 0
    assert done.json["state"] == "published"
    (publication,) = cli("jobs", job_id, "--json", "-w", refused).json["publications"]
    assert publication["url"] == "https://x.com/a/status/1"
    assert cli(*resolve, "send_again").code != 0


def test_an_unknown_held_post_is_an_error(cli: Cli, workspace: Path) -> None:
    assert cli("held", "show", "pub_nowhere", "-w", workspace).code == 2
    assert "Nothing is held" in cli("held", "-w", workspace).stdout
