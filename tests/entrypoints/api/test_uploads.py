"""Asking for uploads over HTTP."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from pressroom.api_keys import ApiKeys, Scope
from pressroom.jobs import JobStatus
from pressroom.testing import work_off
from tests.entrypoints.api.upload_site import KEY_HEADERS, UploadSite, a_site
from tests.uploading import looking


@pytest.fixture
def site(tmp_path: Path) -> UploadSite:
    return a_site(tmp_path)


def test_an_upload_is_asked_for_sent_and_worked_on(site: UploadSite) -> None:
    asked = site.ask()
    job = site.job(asked)
    assert (job.status, job.result) == (JobStatus.UPLOAD_PENDING, {"image_key": f"uploads/{job.id}.png"})
    assert asked["upload_url"].startswith(f"http://127.0.0.1:8080/uploads/{job.id}.png?")
    assert (asked["headers"], asked["expires_in"], asked["max_bytes"]) == ({"Content-Type": "image/png"}, 600, 100_000)
    taken = site.put(asked["upload_url"], headers=asked["headers"])
    assert (taken.status_code, taken.headers["location"]) == (201, f"/api/v1/jobs/{job.id}")
    assert taken.json() == {"job_id": job.id, "status": "pending", "status_url": f"/api/v1/jobs/{job.id}"}
    work_off(site.runtime)
    assert site.job(asked).status is JobStatus.COMPLETED


def test_the_answer_says_where_the_job_is_told_of(site: UploadSite) -> None:
    answer = site.client.post("/api/v1/uploads", json={"pipeline": "look_at"}, headers=KEY_HEADERS)
    assert answer.headers["location"] == answer.json()["status_url"] == f"/api/v1/jobs/{answer.json()['job_id']}"


def test_the_address_is_the_one_outside_where_that_is_set(tmp_path: Path) -> None:
    site = a_site(tmp_path, base_url="http://127.0.0.1:8080", public_base_url="https://press.example/our/")
    assert site.ask()["upload_url"].startswith("https://press.example/our/uploads/job_")


def test_what_was_announced_stands_in_the_address(site: UploadSite) -> None:
    asked = site.ask(media_type="image/png", bytes=321)
    assert (asked["max_bytes"], "bytes=321" in asked["upload_url"]) == (321, True)


@pytest.mark.parametrize(
    ("wish", "status", "said"),
    [
        ({"pipeline": "look_up"}, 422, "Did you mean look_at?"),
        ({"media_type": "image/gif"}, 422, "image/png"),
        ({"bytes": 100_001}, 422, "100000 bytes"),
        ({"bytes": 0}, 422, "100000 bytes"),
        ({"bytes": "many"}, 422, "bytes"),
        ({"input": {"file": "/etc/passwd"}}, 422, "input.file"),
        ({"media_type": 7}, 422, "media_type"),
        ({"bytes": True}, 422, "bytes"),
        ({"mediatype": "image/png"}, 422, "mediatype"),
    ],
)
def test_what_cannot_be_taken_is_refused_with_the_reason(
    site: UploadSite, wish: dict[str, Any], status: int, said: str
) -> None:
    answer = site.client.post("/api/v1/uploads", json={"pipeline": "look_at", **wish}, headers=KEY_HEADERS)
    assert answer.status_code == status
    assert said in answer.text
    assert answer.json()["todo"]
    assert site.runtime.ports.jobs.find() == []


@pytest.mark.parametrize(("size", "todo"), [(0, "empty file"), (-1, "empty file"), (100_001, "Send a smaller file")])
def test_a_size_that_is_none_is_not_answered_as_one_that_is_too_large(site: UploadSite, size: int, todo: str) -> None:
    answer = site.client.post("/api/v1/uploads", json={"pipeline": "look_at", "bytes": size}, headers=KEY_HEADERS)
    assert (answer.status_code, todo in answer.json()["todo"]) == (422, True)


def test_the_same_request_under_one_key_is_one_job_and_one_answer(site: UploadSite) -> None:
    headers = KEY_HEADERS | {"idempotency-key": "receipt-1"}
    first, second = (
        site.client.post("/api/v1/uploads", json={"pipeline": "look_at"}, headers=headers) for _ in range(2)
    )
    assert first.json() == second.json()
    assert second.headers["idempotency-replayed"] == "true"
    assert len(site.runtime.ports.jobs.find()) == 1
    assert site.put(first.json()["upload_url"]).status_code == 201
    other = site.client.post("/api/v1/uploads", json={"pipeline": "look_at", "bytes": 5}, headers=headers)
    assert other.status_code == 422


def test_asking_takes_a_key_that_may_write_and_sending_takes_none(tmp_path: Path) -> None:
    base = "https://press.example"
    site = a_site(tmp_path, base_url=base, host="0.0.0.0", public_base_url=base)
    _, reader = ApiKeys(site.runtime.ports.tables, site.runtime.ports.clock).create("reader", [Scope.READ])
    wish = {"pipeline": "look_at"}
    assert site.client.post("/api/v1/uploads", json=wish).status_code == 401
    headers = {"authorization": f"Bearer {reader}"}
    assert site.client.post("/api/v1/uploads", json=wish, headers=headers).status_code == 403
    assert site.put(site.ask()["upload_url"]).status_code == 201


def test_too_many_uploads_that_never_came_are_told_when_to_ask_again(tmp_path: Path) -> None:
    site = a_site(tmp_path)
    settings = site.runtime.runner.execution.settings["look_at"]
    site.runtime.runner.execution.settings = {"look_at": settings.model_copy(update={"max_pending_uploads": 1})}
    first = site.ask()
    refused = site.client.post("/api/v1/uploads", json={"pipeline": "look_at"}, headers=KEY_HEADERS)
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "60")
    site.runtime.runner.cancel(first["job_id"])
    assert site.ask()["upload_url"]


def test_a_job_whose_file_never_comes_says_so(site: UploadSite) -> None:
    asked = site.ask()
    site.runtime.ports.clock.advance(timedelta(seconds=600))  # type: ignore[attr-defined]
    work_off(site.runtime)
    job = site.job(asked)
    assert job.status is JobStatus.FAILED
    assert job.error is not None
    assert "not uploaded in time" in job.error.what
    assert site.put(asked["upload_url"]).status_code == 410


def test_several_types_are_taken_as_announced(tmp_path: Path) -> None:
    site = a_site(tmp_path, looking(types=("image/png", "image/jpeg")))
    asked = site.ask(media_type="image/jpeg")
    assert asked["key"].endswith(".jpg")
    assert site.put(asked["upload_url"], b"\xff\xd8\xff", {"Content-Type": "image/jpeg"}).status_code == 201
