"""The daily post on X, by the real program in processes of its own, against a strict local X."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pressroom.runtimes.embedded import open_embedded
from tests.e2e.program import PATIENCE, Program, is_there_once
from tests.fakes.faults import Fault
from tests.fakes.x import FakeX
from tests.publishers.x_bench import oauth1_secrets, oauth2_secrets


@pytest.fixture
def x() -> Iterator[FakeX]:
    with FakeX() as fake:
        yield fake


@pytest.fixture
def program(tmp_path: Path, x: FakeX) -> Program:
    """Signed in by OAuth 1.0a."""
    made = Program(tmp_path, x.base_url)
    made.secrets.set_many(oauth1_secrets(x))
    return made


@pytest.fixture
def renewing(tmp_path: Path, x: FakeX) -> Program:
    """Signed in by OAuth 2."""
    made = Program(tmp_path, x.base_url)
    made.secrets.set_many(oauth2_secrets(x))
    return made


def secret(program: Program, name: str) -> str | None:
    return program.secrets.get(f"channels.main.{name}")


def test_a_checked_channel_gets_the_post_once_with_picture_alt_text_and_caption(tmp_path: Path, x: FakeX) -> None:
    program = Program(tmp_path, x.base_url)
    program.set_secrets(oauth1_secrets(x))
    checked = program("channels", "check", "main")
    assert checked.code == 0
    assert "X accepts the credentials of @pressroom." in checked.stdout
    assert x.posts == []

    first = program.post()
    assert first.code == 0, first.stderr
    job = first.json
    assert (job["status"], job["phase"]) == ("completed", "posted")
    assert job["result"]["caption"] == "National Dress Up Your Pet Day!"
    assert job["result"]["url"] == f"https://x.com/i/web/status/{x.posts[0].id}"
    [publication] = job["publications"]
    assert (publication["state"], publication["remote_id"]) == ("published", x.posts[0].id)
    assert charged(job) == [("main", "posts", "0.02")]
    assert is_there_once(x)
    assert x.media[0].alt_text == publication["post"]["media"][0]["alt_text"]

    second = program.post()
    assert second.code == 0
    assert second.json["id"] == job["id"]
    assert is_there_once(x)


def charged(job: Any) -> list[tuple[str, str, str]]:
    return [(one["what"], one["unit"], one["money"]) for one in job["cost"]["lines"] if one["what"] == "main"]


def test_a_post_that_is_only_asked_for_is_made_by_a_worker(program: Program, x: FakeX) -> None:
    asked = program.post("--no-wait")
    assert (asked.code, asked.json["status"]) == (0, "pending")
    assert x.requests == []
    work_until_posted(program, x)
    assert program.job(asked.json["id"])["status"] == "completed"
    assert is_there_once(x)


def work_until_posted(program: Program, x: FakeX) -> None:
    """Have a worker run until the post is there, and stop it as a service would be stopped."""
    with program.running("worker") as worker:
        x.wait_until(lambda: x.posts, PATIENCE)
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(PATIENCE) == 0


def test_an_expired_token_is_renewed_and_the_post_goes_out(renewing: Program, x: FakeX) -> None:
    before = {name: secret(renewing, name) for name in ("access_token", "refresh_token")}
    x.advance(3 * 60 * 60)
    done = renewing.post()
    assert done.code == 0, done.stderr
    assert is_there_once(x)
    after = {name: secret(renewing, name) for name in before}
    assert after["access_token"] != before["access_token"]
    assert after["refresh_token"] != before["refresh_token"]
    assert len([one for one in x.requests if one.path == "/2/oauth2/token"]) == 1


def test_a_renewed_token_is_stored_before_it_is_used_and_survives_a_kill(renewing: Program, x: FakeX) -> None:
    x.advance(3 * 60 * 60)
    # The first upload is refused for its token; the second comes with the new one, and is held back.
    x.script(Fault.TIMEOUT_NOT_PROCESSED, path="/2/media/upload", skip=1)
    with renewing.running("run", "daily_post", "-i", "date=2026-01-14", "-i", "theme=0") as process:
        x.wait_until(lambda: len([one for one in x.requests if one.path == "/2/media/upload"]) == 2, PATIENCE)
        process.kill()
        process.wait(PATIENCE)
    bearer = next(one for one in reversed(x.requests) if one.path == "/2/media/upload").headers["authorization"]
    assert bearer == f"Bearer {secret(renewing, 'access_token')}"
    x.release()
    done = renewing.post()
    assert done.code == 0, done.stderr
    assert is_there_once(x)
    assert len([one for one in x.requests if one.path == "/2/oauth2/token"]) == 1


def test_a_revoked_account_pauses_the_channel_until_it_is_reconnected_and_resumed(renewing: Program, x: FakeX) -> None:
    x.account.is_revoked = True
    held = renewing.post()
    assert held.code == 4
    assert held.json["status"] == "held"
    assert "pressroom channels resume main" in held.json["error"]["todo"]
    [channel] = [one for one in renewing("channels", "list", "--json").json if one["name"] == "main"]
    assert channel["state"] == "paused"
    assert x.posts == []

    x.account.is_revoked = False
    renewing.set_secrets(oauth2_secrets(x))
    resumed = renewing("channels", "resume", "main", "--json")
    assert resumed.json == {"channel": "main", "posts": 1}
    work_until_posted(renewing, x)
    assert renewing.job(held.json["id"])["status"] == "completed"
    assert is_there_once(x)


def test_an_account_without_credit_holds_the_post_until_somebody_has_paid(program: Program, x: FakeX) -> None:
    x.script(Fault.OUT_OF_CREDIT, path="/2/tweets")
    held = program.post()
    assert held.code == 4
    assert "has no credit left" in held.json["error"]["what"]
    assert charged(held.json) == []
    assert program("channels", "resume", "main").code == 0
    done = program.post()
    assert done.code == 0, done.stderr
    assert done.json["id"] == held.json["id"]
    assert is_there_once(x)


def test_a_rejected_post_ends_with_1_and_the_reason(program: Program, x: FakeX) -> None:
    x.script(Fault.BAD_REQUEST, path="/2/tweets")
    done = program.post()
    assert done.code == 1
    assert done.json["status"] == "failed"
    assert "X refused to publish the post" in done.json["error"]["what"]
    assert done.json["error"]["todo"]
    assert x.posts == []
    retried = program("jobs", "retry", done.json["id"])
    assert retried.code == 0, retried.stderr
    assert program.post().code == 0
    assert is_there_once(x)


@pytest.mark.parametrize(
    ("fault", "follower"),
    [
        (Fault.TIMEOUT_AFTER_PROCESSING, "run"),
        (Fault.TIMEOUT_NOT_PROCESSED, "worker"),
        (Fault.ACCEPTED_LATE, "run"),
    ],
)
def test_a_kill_inside_the_publishing_call_leaves_exactly_one_post(
    tmp_path: Path, x: FakeX, fault: Fault, follower: str
) -> None:
    program = Program(tmp_path, x.base_url, timeout=2)
    program.secrets.set_many(oauth1_secrets(x))
    x.script(fault, path="/2/tweets", seconds=1 if fault is Fault.ACCEPTED_LATE else None)
    asked = program.post("--no-wait").json["id"]
    with program.running("run", "daily_post", "-i", "date=2026-01-14", "-i", "theme=0") as process:
        x.wait_until(lambda: [one for one in x.requests if one.path == "/2/tweets"], PATIENCE)
        process.kill()
        assert process.wait(PATIENCE) == -signal.SIGKILL
    assert program.job(asked)["publications"][0]["state"] == "publishing"
    if follower == "run":
        done = program.post()
        assert done.code == 0, done.stderr
        assert done.json["id"] == asked
    else:
        with program.running("worker") as worker:
            wait_for_job(program, asked)
            worker.send_signal(signal.SIGTERM)
            assert worker.wait(PATIENCE) == 0
    job = program.job(asked)
    assert job["status"] == "completed"
    assert is_there_once(x)
    assert job["publications"][0]["remote_id"] == x.posts[0].id
    assert len(job["publications"][0]["attempt_history"]) == (2 if fault is Fault.TIMEOUT_NOT_PROCESSED else 1)


def wait_for_job(program: Program, job_id: str) -> None:
    """Wait until a job has ended in another process, which says so when it commits."""
    with open_embedded(program.workspace, {}) as runtime:
        listener = runtime.ports.wake.listen()
        for _ in range(PATIENCE):
            job = runtime.ports.jobs.get(job_id)
            if job is not None and job.status.has_ended:
                listener.close()
                return
            listener.wait(1)
    raise AssertionError(f"{job_id} did not end within {PATIENCE} s")
