from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from pressroom import samples
from pressroom.clocks import SystemClock
from pressroom.entrypoints.cli._working import exit_code
from pressroom.jobs import Job, JobStatus
from tests.entrypoints.cli.conftest import Cli

ONE = ("-i", "date=2026-10-31", "-i", "theme=0")


def _calendar(workspace: Path, themes: list[str]) -> None:
    """Give the workspace a calendar of its own, in which one date has these themes."""
    from pressroom.changes import Change
    from pressroom.runtimes.embedded import open_embedded

    with open_embedded(workspace, {}) as runtime:
        content = {"Prompt": "A {theme}.", "october": {"31": themes}}
        asset = runtime.assets.store("config/national-days.json", json.dumps(content).encode())
        runtime.bus.commit(Change(assets=(asset,)))


def test_a_run_prints_the_finished_job_as_one_document(cli: Cli, workspace: Path) -> None:
    answer = cli("run", "daily_post", *ONE, "--json", "-w", workspace)
    assert answer.code == 0
    document = answer.json
    assert document["status"] == "completed"
    assert {"result", "error", "steps", "events", "assets", "cost", "publications"} <= document.keys()
    (publication,) = document["publications"]
    assert publication["channel"] == "preview"
    assert publication["state"] == "published"
    assert "also" not in document
    assert "draw_picture" in answer.stderr


class Alive(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b'{"status":"alive"}')

    def log_message(self, format: str, *args: object) -> None:
        """Write nothing."""


def test_a_post_on_our_own_pages_has_an_address_while_they_are_served_there(
    cli: Cli, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with HTTPServer(("127.0.0.1", 0), Alive) as server:
        monkeypatch.setenv("PRESSROOM_SERVER__PORT", str(server.server_port))
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            answer = cli("run", "daily_post", *ONE, "-w", workspace)
        finally:
            server.shutdown()
            thread.join()
    assert f"http://127.0.0.1:{server.server_port}/preview/" in answer.stdout
    again = cli("run", "daily_post", *ONE, "-w", workspace)
    assert "http://" not in again.stdout
    assert "on the pages of `pressroom up`" in again.stdout


def test_a_run_says_what_was_made_and_where(cli: Cli, workspace: Path) -> None:
    answer = cli("run", "daily_post", *ONE, "-w", workspace)
    assert answer.code == 0
    assert "daily_post completed in" in answer.stdout
    picture = workspace / "assets" / "images" / "october_31_0_Halloween.jpg"
    assert picture.exists()
    assert str(picture) in answer.stdout
    assert "/preview/" in answer.stdout
    assert "answers/" not in answer.stdout


def test_a_second_revision_is_shown_under_the_name_of_its_file(cli: Cli, workspace: Path) -> None:
    cli("run", "daily_post", *ONE, "-w", workspace)
    answer = cli("run", "daily_post", *ONE, "-i", "again=true", "-w", workspace)
    picture = workspace / "assets" / "images" / "october_31_0_Halloween.r2.jpg"
    assert picture.exists()
    assert str(picture) in answer.stdout


def test_several_jobs_of_one_start_are_told_together(cli: Cli, workspace: Path) -> None:
    _calendar(workspace, ["Ghost", "Owl", "Pumpkin"])
    answer = cli("run", "daily_post", "-i", "date=2026-10-31", "--json", "-w", workspace)
    assert answer.code == 0
    others = answer.json["also"]
    assert len(others) == 2
    assert {answer.json["status"], *(other["status"] for other in others)} == {"completed"}
    assert len({answer.json["id"], *(other["id"] for other in others)}) == 3


def test_the_same_day_again_shows_what_is_there(cli: Cli, workspace: Path) -> None:
    first = cli("run", "daily_post", *ONE, "--json", "-w", workspace)
    second = cli("run", "daily_post", *ONE, "--json", "-w", workspace)
    assert second.code == 0
    assert second.json["id"] == first.json["id"]
    assert "was run before, as" in second.stderr


def test_a_day_without_a_theme_is_skipped_with_3(cli: Cli, workspace: Path) -> None:
    _calendar(workspace, ["Ghost"])
    answer = cli("run", "daily_post", "-i", "date=2026-10-30", "--json", "-w", workspace)
    assert answer.code == 3
    assert answer.json["status"] == "skipped"
    assert answer.json["error"]["what"]


def test_a_failed_job_ends_with_1_and_says_why_and_what_to_do(cli: Cli, workspace: Path) -> None:
    answer = cli("run", "daily_post", *ONE, "-w", _broken(workspace))
    assert answer.code == 1
    assert "daily_post failed" in answer.stdout
    assert "why" in answer.stdout
    assert "Traceback" not in answer.stdout + answer.stderr


def _broken(workspace: Path) -> Path:
    """Let the pipeline ask for a generator that lacks its key."""
    file = workspace / "pressroom.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace('image = "offline_image"', 'image = "openai_image"'), encoding="utf-8")
    return workspace


def test_without_waiting_only_the_id_and_the_status_are_told(cli: Cli, workspace: Path) -> None:
    answer = cli("run", "daily_post", *ONE, "--no-wait", "--json", "-w", workspace)
    assert answer.code == 0
    assert answer.json.keys() == {"id", "status"}
    assert answer.json["status"] == "pending"


def test_a_mistyped_pipeline_is_answered_with_the_closest_one(cli: Cli, workspace: Path) -> None:
    answer = cli("run", "daly_post", "--json", "-w", workspace)
    assert answer.code == 2
    assert answer.stdout == ""
    assert answer.error["todo"] == "Did you mean daily_post?"


def test_a_mistyped_input_is_answered_with_all_inputs(cli: Cli, workspace: Path) -> None:
    answer = cli("run", "daily_post", "-i", "dat=2026-10-31", "-w", workspace)
    assert answer.code == 2
    assert "Did you mean date?" in answer.stderr
    assert "-i theme=…" in answer.stderr


def test_without_a_name_the_pipelines_are_listed_with_their_inputs(cli: Cli, workspace: Path) -> None:
    answer = cli("run", "-w", workspace)
    assert answer.code == 0
    assert "daily_post takes:" in answer.stdout
    assert "daily_post" in [line["name"] for line in cli("run", "--json", "-w", workspace).json]


@pytest.mark.parametrize(
    ("statuses", "code"),
    [
        (["completed"], 0),
        (["completed", "skipped"], 3),
        (["skipped", "held"], 4),
        (["held", "failed", "completed"], 1),
        (["cancelled"], 1),
        (["expired"], 1),
    ],
)
def test_of_several_jobs_the_worst_decides_the_exit_code(statuses: list[str], code: int) -> None:
    now = SystemClock().now()
    jobs = [Job(id="job_1", pipeline="p", status=JobStatus(one), created_at=now, updated_at=now) for one in statuses]
    assert exit_code(jobs) == code


def test_a_run_without_a_channel_says_that_nothing_was_posted(cli: Cli, workspace: Path) -> None:
    file = workspace / "pressroom.toml"
    text = file.read_text(encoding="utf-8").replace('channels = ["preview"]', "channels = []")
    file.write_text(text, encoding="utf-8")
    answer = cli("run", "daily_post", *ONE, "-w", workspace)
    assert answer.code == 0
    assert "Nothing is posted: [pipelines.daily_post] channels names no channel." in answer.stdout


def test_what_a_source_sets_is_not_listed_among_the_inputs(cli: Cli, workspace: Path) -> None:
    listed = cli("run", "-w", workspace).stdout
    assert "-i file=" in listed
    assert "-i found=" not in listed


def test_a_story_is_told_with_its_title_its_beginning_and_the_address_of_its_page(cli: Cli, workspace: Path) -> None:
    answer = cli("run", "bedtime_story", "-i", "date=2026-10-31", "-w", workspace)
    job = cli("jobs", "--json", "-w", workspace).json[0]
    lines = [" ".join(line.split()) for line in answer.stdout.splitlines()]
    steps = {step["path"]: step for step in cli("jobs", job["id"], "--json", "-w", workspace).json["steps"]}
    assert f"title {steps['write_story']['output']['title']}" in lines
    assert f"look at /stories/{job['id']} on the pages of `pressroom up`" in lines
    [more] = [line for line in lines if line.startswith("… ")]
    assert more.endswith(f"more lines: pressroom jobs {job['id']}")
    assert any(line.startswith("sound /") for line in lines)
    whole = cli("jobs", job["id"], "-w", workspace).stdout
    shown = lines[next(n for n, line in enumerate(lines) if line.startswith("text ")) :]
    assert shown[0].removeprefix("text ") in " ".join(whole.split())
    assert len(whole) > len(answer.stdout)


def test_recognised_text_is_printed_as_it_was_read(cli: Cli, workspace: Path) -> None:
    sample = Path(samples.__file__).parent / "harbour-cinema.png"
    answer = cli("run", "text_extraction", "-i", f"file={sample}", "-w", workspace)
    job = cli("jobs", "--json", "-w", workspace).json[0]
    text = job["result"]["text"].splitlines()
    assert all(line in answer.stdout for line in text[:12])
    assert "'confidence'" not in answer.stdout
    assert len(max(cli("jobs", job["id"], "-w", workspace).stdout.splitlines(), key=len)) < 400
