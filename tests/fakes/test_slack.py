"""The fake Slack says no with the status 200, takes what the real one takes, and outlives its process."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.fakes.faults import Fault
from tests.fakes.slack import WEBHOOK_PATH, FakeSlack
from tests.fakes.x_caller import picture

CHANNEL = "C0PRESS001"
IMAGE = {"type": "image", "alt_text": "Noise"}


@pytest.fixture
def slack() -> Iterator[FakeSlack]:
    with FakeSlack() as fake:
        yield fake


def call(slack: FakeSlack, http_method: str, method: str, **more: Any) -> httpx.Response:
    headers = {"authorization": f"Bearer {slack.bot.token}", **more.pop("headers", {})}
    return httpx.request(http_method, f"{slack.base_url}/api/{method}", headers=headers, **more)


def post(slack: FakeSlack, **body: Any) -> dict[str, Any]:
    answer = call(slack, "POST", "chat.postMessage", json={"channel": CHANNEL, "text": "Boo"} | body)
    assert answer.status_code == 200
    document: dict[str, Any] = answer.json()
    return document


def upload(slack: FakeSlack, data: bytes) -> str:
    form = {"filename": "a.png", "length": str(len(data))}
    asked = call(slack, "POST", "files.getUploadURLExternal", data=form).json()
    assert httpx.post(asked["upload_url"], content=data).status_code == 200
    named = {"files": [{"id": asked["file_id"]}]}
    assert call(slack, "POST", "files.completeUploadExternal", json=named).json()["ok"]
    return str(asked["file_id"])


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"channel": "#general"}, "channel_not_found"),
        ({"channel": "C0OTHER001"}, "not_in_channel"),
        ({"channel": "C0ARCHIVE1"}, "is_archived"),
        ({"text": ""}, "no_text"),
        ({"text": "b" * 40_001}, "msg_too_long"),
        ({"pictures": []}, "invalid_arguments"),
        ({"metadata": {"event_type": "boo"}}, "invalid_metadata_format"),
        ({"metadata": {"event_type": "b oo", "event_payload": {}}}, "invalid_metadata_schema"),
        ({"blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "b" * 3001}}]}, "invalid_blocks"),
        ({"blocks": [IMAGE]}, "invalid_blocks"),
        ({"blocks": [IMAGE | {"slack_file": {"id": "F0UNKNOWN1"}}]}, "invalid_blocks"),
        ({"blocks": [{"type": "image", "image_url": "https://example.com/a.png"}]}, "invalid_blocks"),
    ],
)
def test_what_is_wrong_is_refused(slack: FakeSlack, body: dict[str, Any], error: str) -> None:
    said = post(slack, **body)
    assert (said["ok"], said["error"]) == (False, error)
    assert slack.posts == []


def test_tokens_and_their_rights_are_checked(slack: FakeSlack) -> None:
    assert call(slack, "POST", "auth.test", headers={"authorization": ""}).json()["error"] == "not_authed"
    assert call(slack, "POST", "auth.test", headers={"authorization": "Bearer x"}).json()["error"] == "invalid_auth"
    slack.bot.scopes = ()
    refused = post(slack)
    assert (refused["error"], refused["needed"]) == ("missing_scope", "chat:write")


def test_a_message_is_shown_with_its_metadata_only_if_asked(slack: FakeSlack) -> None:
    ts = post(slack, metadata={"event_type": "boo", "event_payload": {"key": "1"}})["ts"]
    query = {"channel": CHANNEL}
    [bare] = call(slack, "GET", "conversations.history", params=query).json()["messages"]
    [whole] = call(slack, "GET", "conversations.history", params=query | {"include_all_metadata": "true"}).json()[
        "messages"
    ]
    assert bare["ts"] == ts
    assert "event_payload" not in bare["metadata"]
    assert whole["metadata"]["event_payload"] == {"key": "1"}


def test_a_file_is_shown_only_once_slack_has_looked_at_it() -> None:
    with FakeSlack(processing_looks=1) as slack:
        blocks = [IMAGE | {"slack_file": {"id": upload(slack, picture())}}]
        refused = post(slack, blocks=blocks)
        assert "invalid slack file" in refused["response_metadata"]["messages"][0]
        query = {"file": slack.files[0].id}
        types = [call(slack, "GET", "files.info", params=query).json()["file"]["mimetype"] for _ in range(2)]
        assert types == ["", "image/png"]
        assert post(slack, blocks=blocks)["ok"]


def test_what_is_no_picture_is_in_no_block(slack: FakeSlack) -> None:
    file_id = upload(slack, b"words")
    assert post(slack, blocks=[IMAGE | {"slack_file": {"id": file_id}}])["error"] == "invalid_blocks"


def test_an_upload_must_have_its_length_and_no_token(slack: FakeSlack) -> None:
    form = {"filename": "a.png", "length": "3"}
    url = call(slack, "POST", "files.getUploadURLExternal", data=form).json()["upload_url"]
    assert httpx.post(url, content=b"four").status_code == 500
    assert httpx.post(url, content=b"fou", headers={"authorization": "Bearer x"}).status_code == 403
    assert httpx.post(url, content=b"fou").status_code == 200
    assert httpx.post(url, content=b"fou").status_code == 403


def test_a_webhook_says_ok_and_nothing_else(slack: FakeSlack) -> None:
    answer = httpx.post(slack.base_url + WEBHOOK_PATH, json={"text": "Boo"})
    assert (answer.status_code, answer.text) == (200, "ok")
    assert httpx.post(slack.base_url + "/services/other", json={"text": "Boo"}).text == "no_service"
    assert httpx.post(slack.base_url + WEBHOOK_PATH, json={"text": "Boo", "channel": "C1"}).status_code == 400
    assert [message.by_webhook for message in slack.posts] == [True]


@pytest.mark.parametrize("fault", [fault for fault in Fault if fault.status], ids=lambda fault: fault.value)
def test_scripted_refusals_have_the_shape_of_slack(slack: FakeSlack, fault: Fault) -> None:
    slack.script(fault, method="POST", path="/api/chat.postMessage")
    answer = call(slack, "POST", "chat.postMessage", json={"channel": CHANNEL, "text": "Boo"})
    assert answer.json()["ok"] is False
    assert answer.json()["error"]
    assert len(slack.posts) == (1 if fault.value.startswith("processed") else 0)


def test_messages_outlive_the_process(tmp_path: Path) -> None:
    with FakeSlack(state_file=tmp_path / "slack.json") as slack:
        upload(slack, picture())
        post(slack)
        held = slack.dump()
    with FakeSlack(state_file=tmp_path / "slack.json") as slack:
        assert slack.dump() == held


def test_it_can_be_run_and_told_what_to_do_from_another_process() -> None:
    with subprocess.Popen([sys.executable, "-m", "tests.fakes.slack"], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        base_url = process.stdout.readline().strip()
        httpx.post(f"{base_url}/_fake/faults", json={"fault": "rate_limited"}).raise_for_status()
        assert httpx.post(f"{base_url}/api/auth.test").headers["retry-after"] == "30"
        assert httpx.get(f"{base_url}/_fake/posts").json() == []
        process.terminate()
    assert process.returncode == 0
