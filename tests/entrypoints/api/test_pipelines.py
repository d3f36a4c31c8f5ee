"""Pipelines over HTTP: what they are, and starting them."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict, Field

from pressroom.changes import Change
from pressroom.entrypoints.api.pipeline_flow import flow
from pressroom.entrypoints.api.pipeline_inputs import checked_input, input_schema
from pressroom.jobs import Job, JobStatus
from pressroom.pipeline import Choice, ForEach, On, Parallel, Pipeline, PipelineSettings, Request
from pressroom.testing import memory_runtime, work_off
from tests.entrypoints.api.world import HEADERS, World, a_world

BASE = "/api/v1/pipelines"


@pytest.fixture(scope="module")
def world() -> World:
    return a_world()


def test_pipelines_are_listed_with_what_starts_them(world: World) -> None:
    found = {one["name"]: one for one in world.get(BASE)["items"]}
    daily = found["daily_post"]
    assert daily["trigger"] == {"kind": "schedule", "cron": "0 8 * * 1-5", "zone": "America/New_York"}
    assert daily["next_start"] > world.clock.now().isoformat()
    assert daily["does"].startswith("A themed picture")
    assert found["picture_post"]["trigger"]["kind"] == "request"
    assert found["picture_post"]["next_start"] is None


def test_one_pipeline_tells_its_input_its_steps_and_its_settings(world: World) -> None:
    shown = world.get(f"{BASE}/daily_post")
    assert set(shown["input"]["properties"]) == {"date", "theme", "again"}
    assert [step["kind"] for step in shown["steps"]][:2] == ["step", "step"]
    assert "event" in {step["kind"] for step in shown["steps"]}
    assert shown["settings"]["image"] == "offline_image"
    assert shown["keep_days"] == 90


def test_the_deadline_of_a_join_is_that_of_the_settings() -> None:
    def patience(settings: PipelineSettings) -> timedelta:
        return settings.keep or timedelta(minutes=1)

    [part] = flow([Parallel(one, deadline=patience)], PipelineSettings(keep_days=2))
    assert part["deadline_seconds"] == 2 * 86400


def test_an_unknown_pipeline_is_told_with_those_that_are_close(world: World) -> None:
    problem = world.get(f"{BASE}/daily_pots", expects=404)
    assert "daily_post" in problem["todo"]


def test_what_is_within_a_part_stands_in_its_branches() -> None:
    pipeline = Pipeline(
        "everything",
        trigger=Request(),
        steps=[Parallel(one, [two, three]), Choice(is_late, four), ForEach(items, five), On("AssetStored")],
    )
    shown = flow(pipeline.steps, PipelineSettings())
    assert [part["kind"] for part in shown] == ["parallel", "choice", "for_each", "event"]
    assert [[step["name"] for step in branch] for branch in shown[0]["branches"]] == [["one"], ["two", "three"]]
    assert [[step["name"] for step in branch] for branch in shown[1]["branches"]] == [["four"], []]
    assert shown[2]["branches"][0][0] == {"kind": "step", "name": "five", "does": "The fifth.", "queue": "steps"}
    assert shown[3]["event"] == "AssetStored"


def one() -> None:
    """Nothing but a name, as the others."""


def two() -> None: ...
def three() -> None: ...
def four() -> None: ...
def five() -> None:
    """The fifth.

    More about it.
    """


def is_late() -> bool:
    return True


def items() -> list[str]:
    return []


def test_a_started_job_is_stored_and_told_of(world: World) -> None:
    response = world.client.post(f"{BASE}/picture_post/jobs", json={"input": {"text": "Boo!"}}, headers=HEADERS)
    assert response.status_code == 202
    started = response.json()
    job = world.ports.jobs.get(started["id"])
    assert job is not None
    assert (job.status, job.input) == (JobStatus.PENDING, {"text": "Boo!"})
    assert response.headers["location"] == f"/api/v1/jobs/{job.id}"
    assert world.get(response.headers["location"])["status"] == "pending"
    assert [one["id"] for one in started["jobs"]] == [job.id]
    assert world.ports.events.of_job(job.id)[0].data["trigger"] == "api"
    work_off(world.runtime)
    assert world.get(f"/api/v1/jobs/{job.id}")["status"] == "held"


def test_one_start_may_mean_several_jobs_and_what_stands_is_not_started_again() -> None:
    world = a_world()
    text = json.dumps({"Prompt": "{theme}", "october": {"31": ["Halloween", "Magic"]}}).encode()
    world.runtime.bus.commit(Change(assets=(world.runtime.assets.store("config/national-days.json", text),)))
    body = {"input": {"date": "2026-10-31"}}
    started = world.post(f"{BASE}/daily_post/jobs", body, expects=202)
    assert [job["input"]["theme"] for job in started["jobs"]] == ["Halloween", "Magic"]
    again = world.post(f"{BASE}/daily_post/jobs", body, expects=202)
    assert [job["id"] for job in again["jobs"]] == [job["id"] for job in started["jobs"]]


def test_the_same_request_twice_starts_one_job(world: World) -> None:
    before = len(world.ports.jobs.find(limit=1000))
    body, headers = {"input": {"text": "Once"}}, HEADERS | {"idempotency-key": "once"}
    first = world.client.post(f"{BASE}/picture_post/jobs", json=body, headers=headers)
    second = world.client.post(f"{BASE}/picture_post/jobs", json=body, headers=headers)
    assert first.json() == second.json()
    assert second.headers["idempotency-replayed"] == "true"
    assert second.headers["location"] == first.headers["location"]
    assert len(world.ports.jobs.find(limit=1000)) == before + 1


def test_a_wrong_input_is_told_field_by_field_and_starts_nothing(world: World) -> None:
    before = world.ports.events.last_position()
    wrong = {"input": {"date": "the 31st", "again": "perhaps", "colour": "red"}}
    problem = world.post(f"{BASE}/daily_post/jobs", wrong, expects=422)
    assert {one["name"] for one in problem["errors"]} == {"input.date", "input.again", "input.colour"}
    assert "the 31st" not in str(problem)
    assert world.ports.events.last_position() == before


def test_what_the_pipeline_itself_refuses_is_told_too(world: World) -> None:
    problem = world.post(f"{BASE}/photo_feed/jobs", {"input": {}}, expects=422)
    assert "Which photo?" in problem["message"]


@pytest.mark.parametrize("input", [{}, {"file": "/etc/passwd"}, {"url": "https://shop.example"}])
def test_every_pipeline_that_an_upload_starts_points_to_where_one_is_asked_for(input: dict[str, Any]) -> None:
    world = a_world()
    known = world.runtime.runner.pipelines()
    uploading = [name for name, one in known.items() if one.upload_gate]
    assert "text_extraction" in uploading
    before = world.ports.jobs.find()
    for name in uploading:
        refused = world.post(f"{BASE}/{name}/jobs", {"input": input}, expects=422)
        assert f'POST /api/v1/uploads with {{"pipeline": "{name}"}}' in refused["todo"]
        assert "works on a file" in refused["message"]
    assert world.ports.jobs.find() == before


def test_a_file_of_the_servers_machine_is_not_taken(world: World, tmp_path: Path) -> None:
    secret = tmp_path / "secret.jpg"
    secret.write_bytes(b"\xff\xd8\xff not yours")
    assert set(world.get(f"{BASE}/photo_feed")["input"]["properties"]) == {"publish_at", "again"}
    problem = world.post(f"{BASE}/photo_feed/jobs", {"input": {"file": str(secret), "found": {}}}, expects=422)
    assert {one["name"] for one in problem["errors"]} == {"input.file", "input.found"}
    assert "secret" not in problem["message"]


class Wish(BaseModel):
    model_config = ConfigDict(extra="forbid")

    files: list[Path] | None = None
    places: dict[str, Path] = {}
    words: list[str] = []
    inner: int = Field(0, json_schema_extra={"by_hand": False})


def grant(job: Job, wish: Wish) -> None:
    """A step."""


def test_paths_are_found_wherever_they_stand_in_a_type() -> None:
    pipeline = Pipeline("wishing", trigger=Request(), input=Wish, steps=[grant])
    memory_runtime(pipeline)
    assert set(input_schema(pipeline)["properties"]) == {"words"}
    assert "Path" not in str(input_schema(pipeline))
    assert checked_input(pipeline, {"words": ["a"]}) == {"words": ["a"]}
    for field in ("files", "places", "inner"):
        with pytest.raises(Exception, match="Not taken over HTTP"):
            checked_input(pipeline, {field: None})


def test_an_unknown_name_in_the_body_does_not_fit_and_one_in_the_path_is_not_there(world: World) -> None:
    problem = world.post(f"{BASE}/bedtime_story/jobs", {"input": {"characters": ["Zed"]}}, expects=422)
    assert problem["type"] == "urn:pressroom:problem:unknown-name"
    assert "'Zed'" in problem["message"]
    world.post(f"{BASE}/bedtime_stroy/jobs", {"input": {}}, expects=404)
