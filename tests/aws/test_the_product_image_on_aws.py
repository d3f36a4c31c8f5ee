"""The product image on AWS: asked for by a page's address, and fetched from S3 by the address that is answered."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import pyvips

from pressroom import registry
from tests.on_aws import on_aws, until
from tests.on_both import DeployedApi, local_api, on_one_machine, strict_s3, told, told_on_one_machine
from tests.pipelines.test_product_image import MUG, page
from tests.raw_server import RawServer

GENERATE = "/generative-ai-images/generate"


@pytest.fixture
def shop() -> Iterator[RawServer]:
    answers = {"/mug": page(), "/mug.jpg": MUG}
    with RawServer(lambda path: [answers[path]]) as running:
        yield running


def _sections(shop: RawServer) -> dict[str, Any]:
    return {
        "fetch": {"allow_hosts": [shop.entry]},
        "pipelines": {"product_image": {"width": 400, "height": 400}},
    }


def test_a_products_page_becomes_a_picture_that_lies_at_its_address(shop: RawServer) -> None:
    pipeline, wish = registry.pipeline("product_image"), {"productUrl": f"{shop.url}/mug"}
    here = on_one_machine(pipeline, {}, **_sections(shop))
    assert local_api(here).post(GENERATE, json=wish).status_code == 202
    expected = told_on_one_machine(here)
    with strict_s3() as s3, on_aws(pipeline, **_sections(shop)) as aws:
        ask = DeployedApi(aws)
        started = ask("POST", GENERATE, wish)
        assert started.status == 202, started.text
        job_id = started.json["jobId"]
        assert aws.finished(job_id).status == "completed", aws.why(job_id)()
        until(lambda: aws.executions("product_image") == {job_id: "SUCCEEDED"})
        shown = ask("GET", started.json["statusUrl"]).json
        assert shown["status"] == "completed"
        assert shown["imageUrl"].startswith(s3.base_url)
        picture = httpx.get(shown["imageUrl"])
        assert (picture.status_code, picture.headers["content-type"]) == (200, shown["contentType"])
        assert httpx.get(shown["imageUrl"].replace("Expires=", "Expires=1")).status_code == 403
        image = pyvips.Image.new_from_buffer(picture.content, "")
        assert (image.width, image.height) == (400, 400)
        assert shown["overlayText"] == "Studio Nord · Terra Mug · €24.00"
        assert told(aws.runtime, job_id) == expected
