"""Jobs over HTTP."""

from __future__ import annotations

import base64

import pytest

from pressroom.api_keys import ApiKeys, Scope
from pressroom.documents import job_document
from pressroom.testing import work_off
from tests.entrypoints.api.world import HEADERS, World, a_world

BASE = "/api/v1/jobs"


@pytest.fixture
def world() -> World:
    return a_world()


def ids(page: dict[str, list[dict[str, str]]]) -> list[str]:
    return [one["id"] for one in page["items"]]


def test_jobs_are_listed_newest_first_page_by_page(world: World) -> None:
    expected = [job.id for job in world.ports.jobs.find()]
    path, seen = f"{BASE}?limit=3", []
    while path:
        page = world.get(path)
        seen += ids(page)
        path = page["next"]
    assert seen == expected
    assert len(seen) == len(world.jobs)


def test_jobs_are_chosen_by_pipeline_status_and_words(world: World) -> None:
    assert ids(world.get(BASE, status="failed")) == [world.jobs["failed"]]
    assert set(ids(world.get(f"{BASE}?status=failed&status=skipped"))) == {world.jobs["failed"], world.jobs["skipped"]}
    assert len(ids(world.get(BASE, pipeline="picture_post"))) == 3
    assert ids(world.get(BASE, pipeline="picture_post", status="failed")) == []
    assert ids(world.get(BASE, q="cake")) == [world.jobs["posted"]]
    assert ids(world.get(BASE, q="no such word")) == []


def test_a_filter_is_kept_on_the_next_page(world: World) -> None:
    first = world.get(f"{BASE}?pipeline=picture_post&limit=2")
    second = world.get(first["next"])
    assert len(ids(first) + ids(second)) == 3
    assert second["next"] is None


def test_a_status_that_there_is_not_is_told(world: World) -> None:
    problem = world.get(BASE, expects=400, status="done")
    assert [one["name"] for one in problem["errors"]] == ["status"]


def test_a_cursor_with_half_a_character_is_refused(world: World) -> None:
    half = base64.urlsafe_b64encode(rb'["/api/v1/jobs", "\ud800"]').decode()
    world.get(BASE, expects=400, cursor=half)


def test_one_job_is_told_as_the_command_line_tells_it_with_addresses(world: World) -> None:
    shown = world.get(f"{BASE}/{world.jobs['posted']}")
    job = world.ports.jobs.get(world.jobs["posted"])
    assert job is not None
    expected = job_document(world.runtime, job)
    [asset] = shown["assets"]
    assert {name: asset[name] for name in expected["assets"][0]} == expected["assets"][0]
    assert shown | {"assets": []} == expected | {"assets": []}
    opened = world.client.get(asset["url"])
    assert opened.content.startswith(b"\x89PNG")


def test_a_failed_job_tells_what_is_dead_in_it(world: World) -> None:
    shown = world.get(f"{BASE}/{world.jobs['failed']}")
    assert shown["error"]["kind"] == "Unavailable"
    assert [one["queue"] for one in shown["dead"]] == ["steps"]


def test_whoever_has_a_job_already_is_told_so_until_it_changes(world: World) -> None:
    path = f"{BASE}/{world.jobs['running']}"
    first = world.client.get(path, headers=HEADERS)
    known = HEADERS | {"if-none-match": first.headers["etag"]}
    assert world.client.get(path, headers=known).status_code == 304
    world.post(f"{path}/cancel")
    assert world.client.get(path, headers=known).status_code == 200


def test_the_events_of_a_job_come_in_pages(world: World) -> None:
    expected = [event.id for event in world.ports.events.of_job(world.jobs["posted"])]
    path, seen = f"{BASE}/{world.jobs['posted']}/events?limit=3", []
    while path:
        page = world.get(path)
        seen += ids(page)
        path = page["next"]
    assert seen == expected


def test_a_job_that_is_not_there_is_told(world: World) -> None:
    for path in ("job_1", "job_1/events"):
        assert "job_1" in world.get(f"{BASE}/{path}", expects=404)["message"]
    for action in ("cancel", "retry", "approve", "refuse"):
        assert "job_1" in world.post(f"{BASE}/job_1/{action}", expects=404)["message"]


def test_a_job_is_cancelled_once(world: World) -> None:
    path = f"{BASE}/{world.jobs['running']}"
    assert world.post(f"{path}/cancel")["status"] == "cancelled"
    assert "already ended" in world.post(f"{path}/cancel", expects=409)["message"]


def test_what_is_dead_in_a_job_is_put_back(world: World) -> None:
    path = f"{BASE}/{world.jobs['failed']}"
    assert world.post(f"{path}/retry")["status"] == "processing"
    assert world.get(path)["dead"] == []
    assert "nothing to retry" in world.post(f"{path}/retry", expects=409)["message"]


def test_retrying_takes_the_scope_that_redriving_takes_for_it_may_publish(world: World) -> None:
    keys = ApiKeys(world.ports.tables, world.clock)
    path = f"{BASE}/{world.jobs['failed']}/retry"
    for scope, status in ((Scope.WRITE, 403), (Scope.PUBLISH, 200)):
        _, key = keys.create(scope.value, [scope])
        assert world.client.post(path, headers={"authorization": f"Bearer {key}"}).status_code == status


def test_a_flagged_post_is_approved_and_goes_out(world: World) -> None:
    job_id = world.jobs["flagged 1"]
    world.post(f"{BASE}/{job_id}/approve", {"comment": "It is small on purpose."})
    work_off(world.runtime)
    shown = world.get(f"{BASE}/{job_id}")
    assert (shown["status"], shown["publications"][0]["state"]) == ("completed", "published")
    [approved] = [event for event in shown["events"] if event["type"] == "PostApproved"]
    assert approved["data"]["comment"] == "It is small on purpose."
    assert approved["data"]["by"] == "over the API"
    assert "has ended as completed" in world.post(f"{BASE}/{job_id}/refuse", expects=409)["message"]


def test_a_flagged_post_is_refused_and_never_goes_out(world: World) -> None:
    job_id = world.jobs["flagged 2"]
    assert world.post(f"{BASE}/{job_id}/refuse")["status"] == "cancelled"
    work_off(world.runtime)
    assert world.get(f"{BASE}/{job_id}")["publications"] == []


@pytest.mark.parametrize("action", ["cancel", "retry", "approve", "refuse"])
def test_who_may_only_read_changes_nothing(world: World, action: str) -> None:
    _, key = ApiKeys(world.ports.tables, world.clock).create("reader", [Scope.READ])
    before = world.ports.events.last_position()
    headers = {"authorization": f"Bearer {key}"}
    response = world.client.post(f"{BASE}/{world.jobs['flagged 1']}/{action}", headers=headers)
    assert response.status_code == 403
    assert world.ports.events.last_position() == before
    assert world.client.get(BASE, headers=headers).status_code == 200
