"""The text extraction on AWS: asked for over the API, sent to S3, read by Rekognition, stored in two buckets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from pressroom import registry
from pressroom.backends._s3_places import buckets_of
from pressroom.contracts.recognition_generator import a_picture_of
from tests.fakes.rekognition import FakeRekognition
from tests.on_aws import ACCOUNT, OnAws, on_aws, until
from tests.on_both import DeployedApi, local_api, on_one_machine, strict_s3, told, told_on_one_machine

PICTURE = a_picture_of("Morning edition", "Number 42").data
WISH = {"pipeline": "text_extraction", "bytes": len(PICTURE)}


@pytest.fixture
def eyes() -> Iterator[FakeRekognition]:
    with FakeRekognition() as running:
        yield running


def _sections(eyes: FakeRekognition) -> dict[str, Any]:
    service = {"use": "rekognition", "base_url": eyes.base_url, "region": "eu-central-1"}
    return {"generators": {"eyes": service}, "pipelines": {"text_extraction": {"recognition": "eyes"}}}


def _secrets(eyes: FakeRekognition) -> dict[str, str]:
    return {
        "generators.eyes.access_key_id": eyes.keys.key_id,
        "generators.eyes.secret_access_key": eyes.keys.secret,
    }


def _told_here(eyes: FakeRekognition) -> list[tuple[str, ...]]:
    here = on_one_machine(registry.pipeline("text_extraction"), _secrets(eyes), **_sections(eyes))
    client = local_api(here)
    asked = client.post("/api/v1/uploads", json=WISH).json()
    put = client.request("PUT", asked["upload_url"], content=PICTURE, headers=asked["headers"])
    assert put.status_code < 300, put.text
    return told_on_one_machine(here)


def _stored(aws: OnAws, bucket: str) -> set[str]:
    found = aws.clients("s3").list_objects_v2(Bucket=bucket).get("Contents", [])
    return {one["Key"] for one in found}


def test_a_picture_that_is_sent_to_s3_becomes_its_text_and_a_processed_picture(eyes: FakeRekognition) -> None:
    expected = _told_here(eyes)
    with strict_s3() as s3, on_aws(registry.pipeline("text_extraction"), **_sections(eyes)) as aws:
        aws.runtime.ports.secrets.set_many(_secrets(eyes))
        ask = DeployedApi(aws)
        answer = ask("POST", "/api/v1/uploads", WISH)
        assert answer.status == 202, answer.text
        asked = answer.json
        assert asked["upload_url"].startswith(s3.base_url)
        forged = asked["upload_url"].replace("uploads/", "uploads/other-")
        assert httpx.put(forged, content=PICTURE, headers=asked["headers"]).status_code == 403
        assert httpx.put(asked["upload_url"], content=PICTURE, headers=asked["headers"]).status_code == 200
        job_id = asked["job_id"]
        assert aws.finished(job_id).status == "completed", aws.why(job_id)()
        until(lambda: aws.executions("text_extraction") == {job_id: "SUCCEEDED"})
        result = ask("GET", asked["status_url"]).json["result"]
        assert result["text"] == "Morning edition\nNumber 42"
        buckets = buckets_of(aws.aws.name, ACCOUNT)
        assert _stored(aws, buckets.processed) == {f"processed/{job_id}.png"}
        kept = {asked["key"], f"OCR/{job_id}_ocr.txt", f"OCR/{job_id}_ocr.json"}
        assert kept <= _stored(aws, buckets.assets)
        assert aws.runtime.assets.read(result["processed_key"]).startswith(b"\x89PNG")
        assert told(aws.runtime, job_id) == expected
    assert len(eyes.requests) == 2, "each run pays for one reading"
