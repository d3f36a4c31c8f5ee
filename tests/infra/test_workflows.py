"""The workflows of GitHub: pinned, with few rights, and their shell steps do what they say."""

from __future__ import annotations

import json
import os
import re
import stat
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

WORKFLOWS = Path(__file__).parents[2] / ".github" / "workflows"
FILES = sorted(WORKFLOWS.glob("*.yml"))


def _read(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return found


@dataclass(frozen=True)
class Step:
    file: str
    job: str
    values: dict[str, Any]

    @property
    def name(self) -> str:
        return f"{self.job}: {self.values.get('name', self.values.get('uses', 'a step'))}"


def _steps() -> Iterator[Step]:
    for path in FILES:
        for job, values in _read(path)["jobs"].items():
            for step in values["steps"]:
                yield Step(path.name, job, step)


SHELL = [step for step in _steps() if "run" in step.values]
USED = [step for step in _steps() if "uses" in step.values]


def test_there_is_one_for_pull_requests_and_one_for_main() -> None:
    assert [path.name for path in FILES] == ["deploy.yml", "pull-request.yml"]


@pytest.mark.parametrize("step", USED, ids=lambda step: step.name)
def test_every_action_is_pinned_by_a_whole_commit_with_its_version_beside(step: Step) -> None:
    assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", step.values["uses"])
    text = (WORKFLOWS / step.file).read_text(encoding="utf-8")
    assert re.search(rf"{step.values['uses']} # v\d+\.\d+\.\d+\n", text)


def test_one_action_has_one_version_everywhere() -> None:
    pins: dict[str, set[str]] = {}
    for step in USED:
        action, _, commit = step.values["uses"].partition("@")
        pins.setdefault(action, set()).add(commit)
    assert all(len(commits) == 1 for commits in pins.values())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_key_of_aws_is_stored_anywhere(path: Path) -> None:
    text = path.read_text(encoding="utf-8").lower()
    assert "aws_access_key_id" not in text
    assert "aws-access-key-id" not in text
    assert set(re.findall(r"secrets\.(\w+)", text)) <= {"slack_webhook_url"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_job_ends_in_time_and_has_only_the_rights_it_names(path: Path) -> None:
    workflow = _read(path)
    assert workflow["permissions"] == {"contents": "read"}
    for name, job in workflow["jobs"].items():
        assert job["timeout-minutes"] <= 60
        rights = job.get("permissions", {})
        takes_a_role = any("configure-aws-credentials" in step.get("uses", "") for step in job["steps"])
        assert (rights.get("id-token") == "write") is takes_a_role, name


@pytest.mark.parametrize("step", SHELL, ids=lambda step: step.name)
def test_nothing_from_outside_is_written_into_a_script(step: Step) -> None:
    """What somebody may choose, such as a title, reaches a script as a variable only."""
    assert "${{" not in step.values["run"]


def test_nothing_is_applied_without_the_approval_of_the_environment() -> None:
    jobs = _read(WORKFLOWS / "deploy.yml")["jobs"]
    applying = [
        name
        for name, job in jobs.items()
        if any("terraform -chdir=infra apply" in step.get("run", "") for step in job["steps"])
    ]
    assert applying == ["apply"]
    assert jobs["apply"]["environment"] == "production"
    assert (jobs["apply"]["needs"], jobs["smoke"]["needs"]) == ("plan", "apply")


def test_a_failure_anywhere_in_a_deployment_is_told() -> None:
    jobs = _read(WORKFLOWS / "deploy.yml")["jobs"]
    assert jobs["tell"]["if"] == "failure()"
    assert set(jobs["tell"]["needs"]) == set(jobs) - {"tell"}


# --- the shell steps, run with programs that write down what they are called with

PROGRAMS = ("curl", "gh", "make", "terraform")
RECORD = """#!/bin/sh
printf '%s' "$(basename "$0")" >> "$CALLS"
for one in "$@"; do printf ' %s' "$one" >> "$CALLS"; done
echo >> "$CALLS"
case "$(basename "$0") $*" in
  *"--data @-"*) cat >> "$SENT";;
  *"show -no-color"*) echo "Plan: 3 to add, 0 to change, 0 to destroy.";;
  *"output -raw url"*) printf 'https://api.example.org';;
  *http_code*) printf '%s' "${ANSWERS:-401}";;
esac
"""


@dataclass
class Ran:
    code: int
    said: str
    calls: str
    sent: str


def _run(step: Step, place: Path, **variables: str) -> Ran:
    """Run a step as GitHub does: bash, which stops at the first failure, in a checkout."""
    programs = place / "programs"
    for program in [*(programs / name for name in PROGRAMS), place / ".venv" / "bin" / "pressroom"]:
        program.parent.mkdir(parents=True, exist_ok=True)
        program.write_text(RECORD, encoding="utf-8")
        program.chmod(program.stat().st_mode | stat.S_IEXEC)
    examples = place / "infra" / "backends"
    examples.mkdir(parents=True)
    (examples / "s3.tf.example").write_text("terraform {}\n", encoding="utf-8")
    calls, sent = place / "calls", place / "sent"
    environment = {
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "CALLS": str(calls),
        "SENT": str(sent),
        "GITHUB_STEP_SUMMARY": str(place / "summary"),
        "GITHUB_OUTPUT": str(place / "output"),
        "GITHUB_REPOSITORY": "somebody/pressroom",
    }
    given = dict.fromkeys(step.values.get("env", {}), "")
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step.values["run"]],
        cwd=place,
        env=environment | given | variables,
        capture_output=True,
        text=True,
        check=False,
    )
    called, told = (path.read_text(encoding="utf-8") if path.exists() else "" for path in (calls, sent))
    return Ran(done.returncode, done.stdout + done.stderr, called, told)


def _step(name: str) -> Step:
    return next(step for step in SHELL if step.name == name)


@pytest.mark.parametrize("step", SHELL, ids=lambda step: f"{step.file} {step.name}")
def test_every_shell_step_runs(step: Step, tmp_path: Path) -> None:
    ran = _run(step, tmp_path)
    assert ran.code == 0, ran.said


@pytest.mark.parametrize("name", ["announce: A pull request was opened", "tell: A deployment failed"])
def test_slack_is_told_in_json_whatever_the_words_are(name: str, tmp_path: Path) -> None:
    title = 'A "quoted" $(title) with \\ and ünïcode'
    ran = _run(
        _step(name), tmp_path, SLACK_WEBHOOK_URL="https://hooks.example/T", TITLE=title, AUTHOR="ada", PLAN="failure"
    )
    assert ran.code == 0, ran.said
    text = json.loads(ran.sent)["text"]
    assert title in text or "plan: failure" in text
    assert "https://hooks.example/T" in ran.calls


def test_a_plan_is_shown_to_the_pull_request(tmp_path: Path) -> None:
    ran = _run(_step("plan: Tell the pull request"), tmp_path, NUMBER="7", GH_TOKEN="t")
    assert "gh pr comment 7 --repo somebody/pressroom --edit-last --create-if-none" in ran.calls
    assert "Plan: 3 to add" in (tmp_path / "plan.md").read_text(encoding="utf-8")


def test_the_very_plan_that_was_approved_is_applied(tmp_path: Path) -> None:
    ran = _run(_step("apply: Apply what was planned"), tmp_path)
    assert "apply -input=false -no-color pressroom.plan" in ran.calls
    assert (tmp_path / "output").read_text(encoding="utf-8") == "url=https://api.example.org\n"


@pytest.mark.parametrize(("answer", "code"), [("401", 0), ("200", 1)])
def test_an_api_that_lets_anybody_in_fails_the_smoke_test(answer: str, code: int, tmp_path: Path) -> None:
    step = _step("smoke: It answers, and what it stands on answers")
    ran = _run(step, tmp_path, URL="https://api.example.org", ANSWERS=answer)
    assert ran.code == code
    assert "https://api.example.org/readyz" in ran.calls
