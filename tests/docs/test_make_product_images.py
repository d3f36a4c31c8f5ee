"""The curl walk of the how-to on product images ends with the picture that it promises."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.docs.walks import needs_curl, walk

pytestmark = needs_curl


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    folder = tmp_path_factory.mktemp("curl")
    return folder, walk("how-to/make-product-images.md", folder)


def _documents(printed: str) -> list[dict[str, object]]:
    decoder, found, at = json.JSONDecoder(), [], 0
    while (at := printed.find("{", at)) >= 0:
        try:
            document, at = decoder.raw_decode(printed, at)
        except json.JSONDecodeError:
            at += 1
            continue
        found.append(document)
    return found


def test_the_request_is_accepted_as_the_page_says(walked: tuple[Path, str]) -> None:
    [accepted] = [one for one in _documents(walked[1]) if one.get("message") == "Image generation started"]
    assert set(accepted) == {"jobId", "message", "statusUrl"}


def test_the_status_tells_what_was_set_over_the_picture(walked: tuple[Path, str]) -> None:
    [ready] = [one for one in _documents(walked[1]) if one.get("status") == "completed"]
    assert "Terra Stoneware Mug" in str(ready["overlayText"])
    assert ready["contentType"] == "image/jpeg"
    assert isinstance(ready["urlExpiresAt"], int)


def test_the_picture_is_there(walked: tuple[Path, str]) -> None:
    import pyvips

    picture = pyvips.Image.new_from_file(str(walked[0] / "mug.jpg"))
    assert (picture.width, picture.height) == (1080, 1080)


def test_a_job_that_is_not_there_is_not_found(walked: tuple[Path, str]) -> None:
    assert {"message": "Job not found"} in _documents(walked[1])
