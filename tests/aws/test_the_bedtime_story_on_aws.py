"""The bedtime story on AWS: asked for from the command line, read aloud by Polly, sent as a letter to each reader."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from pressroom import registry
from pressroom.entrypoints.cli import build_app
from pressroom.populating import table_of
from pressroom.readers import Reader
from pressroom.runtime import Runtime
from tests.fakes.polly import KEY_ID, REGION, SECRET_KEY, FakePolly
from tests.fakes.smtp import FakeSmtp
from tests.on_aws import on_aws, until
from tests.on_both import on_one_machine, told, told_on_one_machine

PARTS = ("narrate", "illustrate")
READERS = (Reader(name="Ada", mail="ada@example.com"), Reader(name="Bo", mail="bo@example.org"))
SECRETS = {"generators.voice.access_key_id": KEY_ID, "generators.voice.secret_access_key": SECRET_KEY}


@pytest.fixture
def voice() -> Iterator[FakePolly]:
    with FakePolly() as running:
        yield running


@pytest.fixture
def smtp() -> Iterator[FakeSmtp]:
    with FakeSmtp(password="") as running:
        yield running


def _sections(voice: FakePolly, smtp: FakeSmtp) -> dict[str, Any]:
    letters = {"network": "smtp", "host": "localhost", "port": smtp.smtp_port, "security": "none"}
    story = {"mail": "letters", "speech": "voice", "width": 320, "height": 256}
    return {
        "server": {"public_base_url": "https://stories.example.com"},
        "channels": {"letters": letters | {"sender": "Bedtime stories <press@example.com>"}},
        "generators": {"voice": {"use": "polly", "base_url": voice.base_url, "region": REGION}},
        "pipelines": {"bedtime_story": story},
    }


def _put_readers(runtime: Runtime) -> None:
    runtime.ports.tables.put(table_of("bedtime_story", "readers"), {one.key: one.stored(None) for one in READERS})


def test_a_story_that_is_asked_for_here_is_told_there_and_each_reader_has_one_letter(
    voice: FakePolly, smtp: FakeSmtp, tmp_path: Path
) -> None:
    pipeline = registry.pipeline("bedtime_story")
    here = on_one_machine(pipeline, SECRETS, **_sections(voice, smtp))
    _put_readers(here)
    here.runner.request("bedtime_story", {})
    expected = told_on_one_machine(here, *PARTS)
    smtp.mails.clear()
    voice.billed_characters = 0
    with on_aws(pipeline, **_sections(voice, smtp)) as aws:
        aws.runtime.ports.secrets.set_many(SECRETS)
        _put_readers(aws.runtime)
        variables = {f"PRESSROOM_AWS__{name}": getattr(aws.aws, name.lower()) for name in ("NAME", "REGION")}
        variables["PRESSROOM_AWS__ENDPOINT_URL"] = aws.aws.endpoint_url
        command = ["--workspace", str(tmp_path), "--runtime", "aws", "run", "bedtime_story", "--json"]
        done = CliRunner().invoke(build_app(), command, env=variables)
        assert done.exit_code == 0, done.stderr
        shown = json.loads(done.stdout)
        until(lambda: aws.executions("bedtime_story") == {shown["id"]: "SUCCEEDED"})
        assert shown["result"]["mail"] == "2 letters went out."
        kept = {asset.media_type for asset in aws.runtime.ports.assets.of_job(shown["id"])}
        assert {"application/json", "audio/mpeg"} <= kept, "the sound lies in S3"
        assert told(aws.runtime, shown["id"], *PARTS) == expected
    assert sorted(mail.recipients for mail in smtp.mails) == [[one.mail] for one in READERS]
    assert voice.billed_characters > 0, "Polly read it aloud"
