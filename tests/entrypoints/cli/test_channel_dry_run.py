"""`channels check` shows the requests of a channel on any REST API, exactly, and never a secret."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.entrypoints.cli.conftest import Cli
from tests.fakes.cms import FakeCms

SECTION = """
[channels.blog]
network = "rest"
base_url = "{base_url}"
auth = {{ kind = "bearer" }}
check_with = {{ path = "/me" }}

[[channels.blog.requests]]
name = "upload"
path = "/media"
for_each = "media"
multipart = {{ file = {{ file = "picture" }} }}
take = {{ media_id = "$.media.id" }}

[[channels.blog.requests]]
name = "create"
path = "/posts"
{json} = {{ text = "{{{{ text }}}}", media = "{{{{ media_id }}}}" }}
"""


@pytest.fixture
def cms() -> Iterator[FakeCms]:
    with FakeCms("bearer") as server:
        yield server


def configure(workspace: Path, cms: FakeCms, json: str = "json") -> None:
    with (workspace / "pressroom.toml").open("a", encoding="utf-8") as file:
        file.write(SECTION.format(base_url=cms.base_url, json=json))


def test_the_requests_are_shown_with_the_secret_masked_and_the_picture_shortened(
    cli: Cli, workspace: Path, cms: FakeCms
) -> None:
    configure(workspace, cms)
    cli("secrets", "set", "channels.blog.token", "-w", workspace, stdin=cms.door.credentials.token)
    answer = cli("channels", "check", "blog", "-w", workspace)
    assert answer.code == 0, answer.stdout
    assert "accepts the credentials" in answer.stdout
    assert f"POST {cms.base_url}/media\n" in answer.stdout
    assert "<48,213 bytes of image/jpeg>" in answer.stdout
    assert f"POST {cms.base_url}/posts\n" in answer.stdout
    assert "authorization: Bearer •••" in answer.stdout
    assert cms.door.credentials.token not in answer.stdout + answer.stderr
    assert cms.posts == []
    assert cms.media == []


def test_programs_get_each_request_beside_the_findings(cli: Cli, workspace: Path, cms: FakeCms) -> None:
    configure(workspace, cms)
    cli("secrets", "set", "channels.blog.token", "-w", workspace, stdin=cms.door.credentials.token)
    lines = cli("channels", "check", "blog", "--json", "-w", workspace).json
    assert all({"about", "level", "ok", "what", "todo"} <= line.keys() for line in lines)
    upload, create = (line["request"] for line in lines if "request" in line)
    assert upload.startswith(f"# upload: for each picture\nPOST {cms.base_url}/media\n")
    assert '"media": ["media_id-of-upload"]' in create


def test_the_requests_are_shown_before_the_secrets_are_there(cli: Cli, workspace: Path, cms: FakeCms) -> None:
    configure(workspace, cms)
    answer = cli("channels", "check", "blog", "-w", workspace)
    assert answer.code == 1
    assert "pressroom secrets set channels.blog.token" in answer.stdout
    assert f"POST {cms.base_url}/posts\n" in answer.stdout


def test_a_mistake_names_the_key_and_the_closest_one(cli: Cli, workspace: Path, cms: FakeCms) -> None:
    configure(workspace, cms, json="jsn")
    answer = cli("channels", "check", "blog", "-w", workspace)
    assert answer.code == 1
    assert "requests.create.jsn: there is no such setting (did you mean json?)" in answer.stdout


def test_a_network_that_shows_nothing_is_checked_as_before(cli: Cli, workspace: Path) -> None:
    answer = cli("channels", "check", "preview", "--json", "-w", workspace)
    assert answer.code == 0
    assert not any("request" in line for line in answer.json)


def test_a_post_goes_out_as_it_was_shown(cli: Cli, workspace: Path, cms: FakeCms) -> None:
    configure(workspace, cms)
    file = workspace / "pressroom.toml"
    text = file.read_text(encoding="utf-8").replace('channels = ["preview"]', 'channels = ["blog"]')
    file.write_text(text, encoding="utf-8")
    cli("secrets", "set", "channels.blog.token", "-w", workspace, stdin=cms.door.credentials.token)
    answer = cli("run", "daily_post", "-i", "date=2026-10-31", "-i", "theme=0", "--json", "-w", workspace)
    assert answer.code == 0, answer.stdout + answer.stderr
    (publication,) = answer.json["publications"]
    (post,) = cms.posts
    assert (publication["state"], publication["remote_id"]) == ("published", str(post.id))
    assert post.media == [cms.media[0].id]
    assert cms.door.credentials.token not in answer.stdout + answer.stderr
