"""The AWS runtime on an emulator: what opening it needs, and the commands that look at a deployment."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from pressroom.entrypoints.cli import build_app
from pressroom.errors import ConfigurationError
from pressroom.jobs import Job
from pressroom.runtimes.aws import examine, open_aws, read_settings
from tests import emulated_aws
from tests.on_aws import OnAws, on_aws, until

Asks = Callable[..., Any]


def _variables(aws: OnAws) -> dict[str, str]:
    return {
        "PRESSROOM_RUNTIME": "aws",
        "PRESSROOM_AWS__NAME": aws.aws.name,
        "PRESSROOM_AWS__REGION": aws.aws.region,
        "PRESSROOM_AWS__ENDPOINT_URL": aws.aws.endpoint_url,
    }


@pytest.fixture(scope="module")
def aws() -> Iterator[OnAws]:
    with on_aws(channels={"main": {"network": "preview"}}) as made:
        yield made


@pytest.fixture
def asks(aws: OnAws, tmp_path: Path) -> Asks:
    """Run a command about the deployment from a folder that is no workspace; return the code and what it printed."""

    def run(*arguments: str, code: int = 0) -> Any:
        command = ["--workspace", str(tmp_path), *arguments, "--json"]
        result = CliRunner().invoke(build_app(), command, env=_variables(aws))
        assert result.exit_code == code, result.stderr or result.stdout
        return json.loads(result.stdout) if result.stdout else json.loads(result.stderr)

    return run


@pytest.fixture(scope="module")
def job(aws: OnAws) -> Job:
    """One of the jobs of a day, at its end."""
    first, *_ = [aws.finished(one.id) for one in aws.runtime.runner.request("daily_post", {"date": "2026-01-14"})]
    return first


def test_where_nothing_is_deployed_opening_says_so(tmp_path: Path) -> None:
    settings = emulated_aws.deployment()
    variables = {f"PRESSROOM_AWS__{name.upper()}": value for name, value in settings.model_dump().items() if value}
    with pytest.raises(ConfigurationError, match="No settings are deployed"):
        open_aws(tmp_path, variables)
    [finding] = examine(tmp_path, variables)
    assert not finding.ok
    assert finding.todo


def test_the_settings_are_those_that_were_deployed(aws: OnAws, tmp_path: Path) -> None:
    config = read_settings(tmp_path, _variables(aws))
    assert config.channels == {"main": {"network": "preview"}}
    assert config.aws.name == aws.aws.name


def test_a_deployment_is_named_by_the_workspaces_own_file(aws: OnAws, tmp_path: Path) -> None:
    (tmp_path / "pressroom.toml").write_text(
        f'[aws]\nname = "{aws.aws.name}"\nregion = "{aws.aws.region}"\nendpoint_url = "{aws.aws.endpoint_url}"\n'
        '[channels.local]\nnetwork = "preview"\n'
    )
    with open_aws(tmp_path, {}) as runtime:
        assert "main" in runtime.publishing.channels()
        assert "local" not in runtime.publishing.channels(), "it is not deployed"


def test_a_job_and_what_happened_to_it_are_shown(job: Job, asks: Asks) -> None:
    assert job.id in [one["id"] for one in asks("jobs")]
    shown = asks("jobs", job.id)
    assert shown["status"] == "completed"
    assert [one["channel"] for one in shown["publications"]] == ["preview"]
    assert [event["type"] for event in asks("events", "--job", job.id)][:1] == ["JobRequested"]


def test_nothing_needs_a_person(asks: Asks) -> None:
    assert asks("dead", "list") == []
    assert asks("held", "list") == []


def test_doctor_looks_at_the_deployment(aws: OnAws, asks: Asks) -> None:
    lines = asks("doctor", "--offline", code=0)
    assert f"The tables and buckets of the deployment {aws.aws.name} can be read." in [line["what"] for line in lines]


def test_what_happened_is_replayed_into_a_read_model(job: Job, aws: OnAws, asks: Asks) -> None:
    # Only what is old enough that nothing can still come before it.
    until(lambda: asks("replay", "--into", "photos")["events"] > 0)
    assert len(aws.runtime.ports.publications.of_job(job.id)) == 1, "a replay never posts"


def test_secrets_are_kept_by_the_deployment(aws: OnAws, asks: Asks) -> None:
    aws.runtime.ports.secrets.set("channels.main.api_key", "plum-tree-42")
    listed = asks("secrets", "list")
    assert "plum-tree-42" not in json.dumps(listed)
    assert "channels.main.api_key" in json.dumps(listed)


def test_what_runs_things_here_is_refused(asks: Asks) -> None:
    assert "runs by itself" in json.dumps(asks("up", code=2))


def test_a_job_is_asked_for_here_and_worked_on_there(asks: Asks) -> None:
    shown = asks("run", "daily_post", "-i", "date=2026-10-30", code=0)
    assert shown["status"] == "completed", shown
