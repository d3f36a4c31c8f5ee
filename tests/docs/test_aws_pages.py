"""What the pages of AWS name is there: commands with their options, alarms, roles, queues."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest

from docs.example_deployment import SETTINGS, example
from pressroom.entrypoints.cli._root import load

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
OPERATE, DEPLOY = DOCS / "how-to" / "operate-on-aws.md", DOCS / "how-to" / "deploy-to-aws.md"
CONSOLE = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ALARM = re.compile(r'alarm_name\s*=\s*"(?P<name>[^"]+)"')
LAMBDA_ALARMS = "${lower(each.key)}"
BEFORE_THE_COMMAND = ("--runtime", "--workspace")


def _commands(page: Path) -> list[list[str]]:
    """Return the commands of ours that a page shows, as words behind `pressroom`."""
    lines = [
        line.removeprefix("$ ")
        for block in CONSOLE.findall(page.read_text(encoding="utf-8"))
        for line in block.splitlines()
        if line.startswith("$ ")
    ]
    lines += re.findall(r"`(pressroom [^`]+)`", page.read_text(encoding="utf-8"))
    parts = [part.strip() for line in lines for part in re.split(r"&&|\\?\|", line)]
    words = [shlex.split(part.partition(" <")[0], comments=True) for part in parts if part.startswith("pressroom ")]
    return [one[1:] for one in words]


def _unknown(words: list[str]) -> str:
    """Return what of a command there is not; empty if all of it is."""
    while words[0] in BEFORE_THE_COMMAND:
        words = words[2:]
    command: Any = load(words[0])
    rest = words[1:]
    if rest and rest[0] in getattr(command, "commands", {}):
        command, rest = command.commands[rest[0]], rest[1:]
    # Without a command, some groups list.
    default = getattr(command, "commands", {}).get("show") or getattr(command, "commands", {}).get("list")
    known = {option for one in (command, default) if one for parameter in one.params for option in _options(parameter)}
    return " ".join(word for word in rest if word.startswith("--") and word not in known)


def _options(parameter: Any) -> list[str]:
    return [*parameter.opts, *parameter.secondary_opts]  # `--wait` has `--no-wait`


@pytest.mark.parametrize("page", [OPERATE, DEPLOY], ids=lambda page: page.name)
def test_its_commands_are_there(page: Path) -> None:
    commands = _commands(page)
    assert len(commands) > 5
    assert [f"{' '.join(words)}: {_unknown(words)}" for words in commands if _unknown(words)] == []


def test_a_command_that_is_not_there_is_noticed() -> None:
    assert _unknown(["--runtime", "aws", "jobs", "--status", "failed"]) == ""
    assert _unknown(["aws", "deploy", "--onyl", "base"]) == "--onyl"


def test_every_alarm_is_explained() -> None:
    explained = re.findall(r"^\| `([^`]+)` \|", OPERATE.read_text(encoding="utf-8"), re.MULTILINE)
    found = {match["name"] for file in (ROOT / "infra").rglob("*.tf") for match in ALARM.finditer(file.read_text())}
    wanted = {name.replace("${var.name}", "pressroom").replace("${var.queue.dead}", "QUEUE-dead") for name in found}
    wanted |= {name.replace(LAMBDA_ALARMS, kind) for name in wanted for kind in ("errors", "throttles")}
    endings = {re.sub(r"^\$\{[^}]+\}", "", name) for name in wanted if LAMBDA_ALARMS not in name}
    assert len(endings) >= 7
    assert [ending for ending in endings if not any(name.endswith(ending) for name in explained)] == []


def test_the_reference_is_of_the_settings_that_deploying_begins_with() -> None:
    page = DEPLOY.read_text(encoding="utf-8")
    assert all(line in page for line in SETTINGS.splitlines())


def test_what_the_pages_say_of_roles_holds() -> None:
    """The sentences of docs/aws-security.md about functions, one for one."""
    may = {
        function.module: {action for grant in function.grants for action in grant.actions}
        for function in example().every_function
    }
    assert "s3:DeleteObject" not in may["steps"]
    assert "s3:DeleteObject" in may["http"]
    replacing = {module for module, actions in may.items() if "secretsmanager:PutSecretValue" in actions}
    assert replacing == {"http", "housekeeping", "measuring", "publishing"}
    of_channels = {
        function.module
        for function in example().every_function
        if any("secret:pressroom/channels." in resource for grant in function.grants for resource in grant.resources)
    }
    assert of_channels == replacing
    assert {action.partition(":")[0] for action in may["announcing"]} == {"xray", "logs"}
    changing = re.compile(r"^(iam|lambda):|^kms:(Put|Create|Schedule)|^sqs:(Set|Create|Delete)Q|^s3:(Put|Delete)Bucket")
    assert [action for actions in may.values() for action in actions if changing.match(action)] == []
    for part in example().channels:
        named = {
            re.search(r"channels\.(\w+)", resource)
            for grant in part.function.grants
            for resource in grant.resources
            if "secret:" in resource
        }
        assert {found[1] for found in named if found} == {part.name}
