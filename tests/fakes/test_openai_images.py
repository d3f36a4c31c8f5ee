"""The fake OpenAI refuses what the image endpoint refuses, and gives real pictures."""

from __future__ import annotations

import base64
from typing import Any

import httpx
import pytest

from pressroom.testing import plain_png
from tests.fakes.openai import FakeOpenAI
from tests.fakes.openai_caller import draw, error


class TestImages:
    @pytest.mark.parametrize(
        ("size", "width", "height"),
        [("1024x1024", 1024, 1024), ("1536x1024", 1536, 1024), ("auto", 1024, 1024), ("96x288", 96, 288)],
    )
    def test_the_picture_decodes_and_has_the_size(
        self, client: httpx.Client, size: str, width: int, height: int
    ) -> None:
        import pyvips

        answer = draw(client, size=size).json()
        image = pyvips.Image.new_from_buffer(base64.b64decode(answer["data"][0]["b64_json"]), "", fail_on="error")
        assert (image.width, image.height, image.bands) == (width, height, 3)
        assert image.deviate() > 10
        assert answer["size"] == f"{width}x{height}"

    @pytest.mark.parametrize(
        ("output_format", "magic"), [("png", b"\x89PNG"), ("jpeg", b"\xff\xd8\xff"), ("webp", b"RIFF")]
    )
    def test_the_format_is_as_ordered(self, client: httpx.Client, output_format: str, magic: bytes) -> None:
        answer = draw(client, output_format=output_format).json()
        assert base64.b64decode(answer["data"][0]["b64_json"]).startswith(magic)
        assert answer["output_format"] == output_format

    def test_a_transparent_background_has_an_alpha_channel(self, client: httpx.Client) -> None:
        import pyvips

        answer = draw(client, background="transparent").json()
        assert pyvips.Image.new_from_buffer(base64.b64decode(answer["data"][0]["b64_json"]), "").hasalpha()

    def test_several_pictures_differ_and_cost_accordingly(self, client: httpx.Client) -> None:
        one, three = draw(client).json(), draw(client, n=3).json()
        assert len({picture["b64_json"] for picture in one["data"] + three["data"]}) == 4
        assert three["usage"]["output_tokens"] == 3 * one["usage"]["output_tokens"]
        usage = three["usage"]
        assert usage["total_tokens"] == usage["input_tokens"] + usage["output_tokens"]

    def test_quality_decides_the_tokens_of_a_square(self, client: httpx.Client) -> None:
        tokens = [
            draw(client, size="1024x1024", quality=quality).json()["usage"]["output_tokens"]
            for quality in ("low", "medium", "high")
        ]
        assert tokens == [196, 439, 1756]

    @pytest.mark.parametrize(
        ("changes", "param", "code"),
        [
            ({"response_format": "b64_json"}, "response_format", "unknown_parameter"),
            ({"style": "vivid"}, "style", "unknown_parameter"),
            ({"colour": "red"}, "colour", "unknown_parameter"),
            ({"quality": "hd"}, "quality", "invalid_value"),
            ({"quality": "standard"}, "quality", "invalid_value"),
            ({"model": "gpt-image-2", "quality": "max"}, "quality", "invalid_value"),
            ({"size": "1000x1000"}, "size", "invalid_value"),
            ({"size": "1024x256"}, "size", "invalid_value"),
            ({"size": "3840x2176"}, "size", "invalid_value"),
            ({"size": "4096x2048"}, "size", "invalid_value"),
            ({"size": "big"}, "size", "invalid_value"),
            ({"n": 0}, "n", "integer_below_min_value"),
            ({"n": 11}, "n", "integer_above_max_value"),
            ({"n": "2"}, "n", "invalid_type"),
            ({"output_format": "gif"}, "output_format", "invalid_value"),
            ({"output_format": "jpeg", "output_compression": 101}, "output_compression", "integer_above_max_value"),
            ({"output_compression": 50}, "output_compression", "invalid_value"),
            ({"output_format": "jpeg", "background": "transparent"}, "background", "invalid_value"),
            ({"prompt": ""}, "prompt", "empty_string"),
            ({"prompt": "x" * 32_001}, "prompt", "string_above_max_length"),
            ({"prompt": None}, "prompt", "missing_required_parameter"),
            ({"model": None}, "model", "missing_required_parameter"),
            ({"model": "gpt-6-luna"}, "model", "invalid_value"),
        ],
    )
    def test_what_the_endpoint_does_not_take_is_named(
        self, service: FakeOpenAI, client: httpx.Client, changes: dict[str, Any], param: str, code: str
    ) -> None:
        answer = draw(client, **changes)
        assert answer.status_code == 400
        assert (error(answer)["param"], error(answer)["code"]) == (param, code)
        assert service.billed == []

    @pytest.mark.parametrize("model", ["dall-e-3", "gpt-image-1", "gpt-image-9"])
    def test_dead_and_unknown_models_are_not_found(self, client: httpx.Client, model: str) -> None:
        answer = draw(client, model=model)
        assert (answer.status_code, error(answer)["code"]) == (404, "model_not_found")

    def test_the_safety_system_refuses(self, service: FakeOpenAI, client: httpx.Client) -> None:
        answer = draw(client, prompt="much gore")
        assert (answer.status_code, error(answer)["code"]) == (400, "moderation_blocked")
        assert service.billed == []

    def test_a_body_must_be_json(self, client: httpx.Client) -> None:
        assert client.post("/images/generations", content="prompt").status_code == 400


def edit(client: httpx.Client, *files: tuple[str, tuple[str, bytes, str]], **changes: str) -> httpx.Response:
    data = {"model": "gpt-image-2.5-flare", "prompt": "on the moon", "size": "256x256"} | changes
    return client.post("/images/edits", data=data, files=list(files))


PNG = ("image[]", ("a.png", plain_png(30, 25), "image/png"))


class TestEdits:
    def test_a_picture_comes_back_and_those_sent_along_are_counted(self, client: httpx.Client) -> None:
        said = edit(client, PNG, PNG).json()
        assert base64.b64decode(said["data"][0]["b64_json"]).startswith(b"\x89PNG")
        assert said["usage"]["input_tokens_details"]["image_tokens"] == 2

    @pytest.mark.parametrize(
        ("files", "changes", "code"),
        [
            ([], {}, None),
            ([PNG] * 17, {}, "invalid_value"),
            ([("image", PNG[1]), ("image", PNG[1])], {}, "duplicate_parameter"),
            ([("picture", PNG[1])], {}, "unknown_parameter"),
            ([PNG], {"style": "vivid"}, "unknown_parameter"),
            ([PNG], {"n": "many"}, None),
            ([PNG], {"size": "100x100"}, "invalid_value"),
            ([("image[]", ("a.gif", b"GIF89a", "image/gif"))], {}, "unsupported_file_mimetype"),
            ([("image[]", ("a.png", b"words", "image/png"))], {}, "unsupported_file_mimetype"),
            ([("image[]", ("a.png", PNG[1][1][:60], "image/png"))], {}, "invalid_image_file"),
        ],
    )
    def test_what_the_service_refuses_is_refused(
        self, client: httpx.Client, files: list[Any], changes: dict[str, str], code: str | None
    ) -> None:
        answer = edit(client, *files, **changes)
        assert answer.status_code == 400
        assert code is None or error(answer)["code"] == code
