"""What the fake X takes as an image and as its alt text."""

from __future__ import annotations

import base64

import httpx
import pytest

from tests.fakes.x import FakeX
from tests.fakes.x_caller import Caller, message, picture


class TestUploading:
    @pytest.mark.parametrize(
        ("suffix", "mime"), [(".png", "png"), (".jpg", "jpeg"), (".webp", "webp"), (".gif", "gif")]
    )
    def test_an_image_is_taken_and_measured(self, call: Caller, suffix: str, mime: str) -> None:
        data = picture(suffix)
        answer = call.upload(data)
        assert answer.status_code == 200
        media = answer.json()["data"]
        assert media["media_key"] == f"3_{media['id']}"
        assert media["size"] == len(data)
        assert media["image"] == {"w": 40, "h": 30, "image_type": f"image/{mime}"}
        assert media["expires_after_secs"] == 86_400

    def test_an_image_may_come_as_base64(self, call: Caller) -> None:
        document = {"media": base64.b64encode(picture()).decode(), "media_category": "tweet_image"}
        assert call("POST", "/2/media/upload", json=document).status_code == 200

    @pytest.mark.parametrize(
        "document",
        [{"media": "!", "media_category": "tweet_image"}, {"media_category": "tweet_image"}, {"media": "aa"}],
    )
    def test_an_upload_in_json_must_be_complete(self, call: Caller, document: dict[str, str]) -> None:
        assert call("POST", "/2/media/upload", json=document).status_code == 400

    def test_the_category_is_required(self, call: Caller) -> None:
        answer = call("POST", "/2/media/upload", files={"media": ("a.png", picture())})
        assert (answer.status_code, message(answer)) == (400, "$.media_category: is missing but it is required")

    def test_a_type_that_is_named_must_be_known(self, call: Caller) -> None:
        for named, status in (("image/png", 200), ("image/gif", 400)):
            fields = {"media_category": "tweet_image", "media_type": named}
            files = {"media": ("a.png", picture(), "image/png")}
            assert call("POST", "/2/media/upload", data=fields, files=files).status_code == status

    def test_an_unknown_field_is_refused(self, call: Caller) -> None:
        fields = {"media_category": "tweet_image", "alt": "x"}
        answer = call("POST", "/2/media/upload", data=fields, files={"media": ("a.png", picture())})
        assert answer.status_code == 400

    def test_an_image_beyond_five_megabytes_is_too_large(self, call: Caller) -> None:
        data = picture(".png", 3000, 2400)
        assert len(data) > 5_000_000
        assert call.upload(data).status_code == 413

    @pytest.mark.parametrize("data", [b"GIF? no", b"\x89PNG\r\n\x1a\n and then nothing", b""])
    def test_what_is_not_an_image_is_refused(self, call: Caller, data: bytes) -> None:
        assert call.upload(data).status_code == 400

    @pytest.mark.parametrize("suffix", [".png", ".jpg", ".webp", ".gif"])
    def test_an_image_that_is_cut_short_is_refused(self, call: Caller, suffix: str) -> None:
        data = picture(suffix, 300, 300)
        assert call.upload(data[: len(data) // 2]).status_code == 400


class TestAltText:
    def describe(self, call: Caller, media_id: str, text: str) -> httpx.Response:
        document = {"id": media_id, "metadata": {"alt_text": {"text": text}}}
        return call("POST", "/2/media/metadata", json=document)

    def test_it_is_kept_with_the_image(self, x: FakeX, call: Caller) -> None:
        media_id = call.upload(picture()).json()["data"]["id"]
        assert self.describe(call, media_id, "A harbour at dusk").status_code == 200
        assert x.media[0].alt_text == "A harbour at dusk"

    def test_it_has_at_most_a_thousand_characters(self, call: Caller) -> None:
        media_id = call.upload(picture()).json()["data"]["id"]
        assert self.describe(call, media_id, "é" * 1000).status_code == 200
        assert self.describe(call, media_id, "é" * 1001).status_code == 400

    def test_its_image_must_exist(self, call: Caller) -> None:
        assert self.describe(call, "123", "What?").status_code == 400
