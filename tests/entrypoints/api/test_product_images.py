"""The contract of product images over HTTP, word for word."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import pyvips

from pressroom.backends.memory import build_memory_ports
from pressroom.changes import Change
from pressroom.composition import compose
from pressroom.config import Config
from pressroom.entrypoints.api.app import create_app
from pressroom.pipelines.product_image import pipeline
from pressroom.retention import remove_expired
from pressroom.testing import ManualClock, work_off
from tests.entrypoints.site import Client, a_site
from tests.pipelines.test_product_image import MUG, page
from tests.raw_server import RawServer, answer

SHOP = "https://shop.example/mug"
NOT_FOUND = (404, {"message": "Job not found"})


class Studio:
    """The HTTP API over a runtime in memory with the product image alone."""

    def __init__(self, allowed: tuple[str, ...] = (), **server: Any) -> None:
        self.clock = ManualClock()
        self.ports = build_memory_ports(self.clock)
        sections = {
            "workspace": Path("/nowhere"),
            "server": server,
            "fetch": {"allow_hosts": list(allowed)},
            "pipelines": {"product_image": {"width": 400, "height": 400}},
        }
        self.runtime = compose(Config.model_validate(sections), self.ports, {"product_image": pipeline})
        self.client = Client(create_app(self.runtime), "http://127.0.0.1:8080")

    def generate(self, url: str = SHOP, **headers: str) -> dict[str, Any]:
        response = self.client.post("/generative-ai-images/generate", json={"productUrl": url}, headers=headers)
        assert response.status_code == 202, response.text
        return dict(response.json())

    def status(self, job_id: str) -> tuple[int, dict[str, Any]]:
        response = self.client.get(f"/generative-ai-images/status/{job_id}")
        return response.status_code, response.json()


@pytest.fixture
def studio() -> Studio:
    return Studio()


def test_a_picture_is_started_and_its_status_url_works_as_given(studio: Studio) -> None:
    response = studio.client.post("/generative-ai-images/generate", json={"productUrl": SHOP})
    said = response.json()
    assert response.status_code == 202
    assert said == {
        "jobId": said["jobId"],
        "message": "Image generation started",
        "statusUrl": f"http://127.0.0.1:8080/generative-ai-images/status/{said['jobId']}",
    }
    (job,) = studio.ports.jobs.find()
    assert (job.id, job.input) == (said["jobId"], {"url": SHOP})
    assert studio.client.get(said["statusUrl"]).json() == {
        "jobId": job.id,
        "status": "pending",
        "createdAt": int(studio.clock.now().timestamp()),
        "message": "Waiting for its turn",
    }


def test_the_status_url_is_the_one_outside_where_that_is_set() -> None:
    outside = Studio(public_base_url="https://press.example/our/")
    client = Client(create_app(outside.runtime, key="a key that nobody guesses"), "https://press.example")
    headers = {"authorization": "Bearer a key that nobody guesses"}
    said = client.post("/generative-ai-images/generate", json={"productUrl": SHOP}, headers=headers).json()
    assert said["statusUrl"] == f"https://press.example/our/generative-ai-images/status/{said['jobId']}"


def test_a_finished_picture_has_a_url_that_is_signed_anew_each_time() -> None:
    answers = {"/mug": page(), "/mug.jpg": MUG}
    with RawServer(lambda path: [answers[path]]) as server:
        studio = Studio((server.entry,))
        job_id = studio.generate(f"{server.url}/mug")["jobId"]
        work_off(studio.runtime)
    began = int(studio.clock.now().timestamp())
    code, said = studio.status(job_id)
    assert code == 200
    url = said.pop("imageUrl")
    assert said == {
        "jobId": job_id,
        "status": "completed",
        "createdAt": began,
        "message": "The image is ready",
        "completedAt": began,
        "urlExpiresAt": began + 3600,
        "fileName": f"terra-mug-{job_id[-10:]}.jpg",
        "contentType": "image/jpeg",
        "overlayText": "Studio Nord · Terra Mug · €24.00",
    }
    shown = studio.client.get(url)
    assert (shown.status_code, shown.headers["content-type"]) == (200, "image/jpeg")
    assert pyvips.Image.new_from_buffer(shown.content, "").width == 400
    studio.clock.advance(timedelta(hours=2))
    assert studio.client.get(url).status_code == 410
    renewed = studio.status(job_id)[1]
    assert renewed["urlExpiresAt"] == began + 3 * 3600
    assert studio.client.get(renewed["imageUrl"]).status_code == 200
    assert studio.client.get(renewed["imageUrl"].replace("signature=", "signature=0")).status_code == 403


def test_a_failed_picture_says_when_and_why() -> None:
    with RawServer(lambda _: [answer(b"gone", status="404 Not Found")]) as server:
        studio = Studio((server.entry,))
        job_id = studio.generate(f"{server.url}/mug")["jobId"]
        studio.clock.advance(timedelta(seconds=5))
        work_off(studio.runtime)
    code, said = studio.status(job_id)
    assert code == 200
    assert "404" in said.pop("error")
    assert said == {
        "jobId": job_id,
        "status": "failed",
        "createdAt": int(studio.clock.now().timestamp()) - 5,
        "message": "Image generation failed",
        "failedAt": int(studio.clock.now().timestamp()),
    }


def test_while_it_is_made_it_is_said_what_is_being_done(studio: Studio) -> None:
    with RawServer(lambda _: [answer(b"", status="503 Service Unavailable")]) as server:
        studio = Studio((server.entry,))
        job_id = studio.generate(f"{server.url}/mug")["jobId"]
        work_off(studio.runtime)
    assert studio.status(job_id)[1]["status"] == "processing"
    assert studio.status(job_id)[1]["message"] == "Reading the product's page"


def test_a_cancelled_picture_has_failed(studio: Studio) -> None:
    job_id = studio.generate()["jobId"]
    studio.runtime.runner.cancel(job_id)
    said = studio.status(job_id)[1]
    assert (said["status"], said["error"]) == ("failed", "Image generation was cancelled")


@pytest.mark.parametrize("job_id", ["job_0", "nothing", "%2e%2e", "job_ä", "0" * 5000])
def test_an_unknown_job_is_not_found_word_for_word(studio: Studio, job_id: str) -> None:
    assert studio.status(job_id) == NOT_FOUND


def test_another_pipelines_job_is_not_found() -> None:
    site = a_site()
    site.runtime.bus.commit(
        Change(assets=(site.runtime.assets.store("config/national-days.json", b'{"january": {"14": ["Hat"]}}'),))
    )
    (job,) = site.runtime.runner.request("daily_post", {"date": "2026-01-14"})
    response = site.client.get(f"/generative-ai-images/status/{job.id}")
    assert (response.status_code, response.json()) == NOT_FOUND


def test_an_expired_job_is_not_found_before_and_after_it_is_removed(studio: Studio) -> None:
    job_id = studio.generate()["jobId"]
    studio.runtime.runner.cancel(job_id)
    studio.clock.advance(timedelta(hours=24))
    assert studio.status(job_id) == NOT_FOUND
    assert remove_expired(studio.runtime, studio.clock.now()) == 1
    assert studio.status(job_id) == NOT_FOUND


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"productUrl": ""},
        {"productUrl": None},
        {"productUrl": 7},
        {"productUrl": "shop.example/mug"},
        {"productUrl": "ftp://shop.example/mug"},
        {"productUrl": "javascript:alert(1)"},
        {"productUrl": "https://user:hidden@shop.example/"},
        {"productUrl": "https://" + "a" * 9000},
        {"url": SHOP},
        [],
        "https://shop.example/mug",
    ],
)
def test_a_product_url_that_is_none_is_refused_with_a_message(studio: Studio, body: Any) -> None:
    response = studio.client.post("/generative-ai-images/generate", json=body)
    assert response.status_code == 422, response.text
    assert response.json()["message"]
    assert "hidden" not in response.text
    assert studio.ports.jobs.find() == []


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/",
        "http://127.0.0.1:22/",
        "http://[::1]/",
        "http://[::ffff:169.254.169.254]/",
        "http://2130706433/",
        "http://0177.0.0.1/",
    ],
)
def test_an_address_that_is_not_public_is_refused_at_once(studio: Studio, url: str) -> None:
    for path, body in (
        ("/generative-ai-images/generate", {"productUrl": url}),
        ("/api/v1/pipelines/product_image/jobs", {"input": {"url": url}}),
    ):
        response = studio.client.post(path, json=body)
        assert response.status_code == 422, response.text
        assert "is not fetched" in response.text
    assert studio.ports.jobs.find() == []


def test_an_address_that_the_settings_open_is_taken() -> None:
    assert Studio(("127.0.0.1:8099",)).generate("http://127.0.0.1:8099/mug")["jobId"]


def test_what_is_no_json_is_refused(studio: Studio) -> None:
    headers = {"content-type": "application/json"}
    response = studio.client.post("/generative-ai-images/generate", content=b"{", headers=headers)
    assert response.status_code == 400
    assert response.json()["message"]


def test_the_same_key_starts_one_picture(studio: Studio) -> None:
    one = studio.generate(**{"Idempotency-Key": "abc"})
    assert studio.generate(**{"Idempotency-Key": "abc"}) == one
    assert len(studio.ports.jobs.find()) == 1
    assert studio.generate(**{"Idempotency-Key": "other"})["jobId"] != one["jobId"]


def test_outside_both_need_a_key() -> None:
    studio = Studio(host="0.0.0.0")
    studio.client = Client(create_app(studio.runtime, key="a key that nobody guesses"), "http://press.example")
    assert studio.client.post("/generative-ai-images/generate", json={"productUrl": SHOP}).status_code == 401
    assert studio.status("job_0")[0] == 401
    assert studio.ports.jobs.find() == []
