"""Pictures by OpenAI's image models, or by any server that answers `POST /images/generations` as they do.

A request that brings pictures to go by is asked of `POST /images/edits`.
"""

from __future__ import annotations

import base64
import binascii
import itertools
import math
from decimal import Decimal
from typing import Any, Literal

from pydantic import Field

from pressroom.errors import BadInput
from pressroom.findings import Finding
from pressroom.generators import _openai
from pressroom.generators._openai_checks import findings
from pressroom.generators._openai_models import IMAGE_DEFAULT, IMAGE_INPUT, IMAGE_TOKENS, MILLION, MOST_IMAGE_TOKENS
from pressroom.generators._reduced_pictures import reduced
from pressroom.generators.base import Answer, ImageGenerator, ImageRequest, Picture, ReferencePicture, Usage
from pressroom.media import media_type_of

# openai 3.52.0, images.generate, 2026-11-20
LONGEST_PROMPT = 32_000
STEP = 16
WIDEST, HIGHEST = 3840, 2160
MOST_EXTREME_RATIO = 3
# No official source; a client's README and OpenAI's forum agree on it, 2026-11-20
LEAST_PIXELS = 655_360

# openai-interface 0.12 (images.edit), copied from the API reference: at most 16 of PNG, WebP or JPEG; 2026-11-20
MOST_REFERENCES = 16
_REFERENCE_PIXELS = 1536
"""Of the longer side; larger ones are made smaller by the service, and nobody can say what they would cost."""

_SQUARE = 1024 * 1024
_MOST_PIXELS_READ = 50_000_000
# Tokens that the service may add to the prompt; a token is never less than one byte of it.
_UNSEEN_INPUT_TOKENS = 100


class ImageOptions(_openai.OpenAIOptions):
    model: str = IMAGE_DEFAULT
    timeout_seconds: float = Field(180, gt=0)
    quality: Literal["low", "medium", "high", "xhigh", "max", "auto"] = "medium"
    """What is above high exists for the 2.5 models only."""
    size: str = Field("nearest", pattern=r"^(nearest|[1-9]\d{1,3}x[1-9]\d{1,3})$", examples=["nearest", "1536x1024"])
    """nearest: the allowed size that is closest to the one asked for; or one fixed size, such as 1536x1024."""
    output_format: Literal["jpeg", "png", "webp"] = "jpeg"
    most_output_tokens: int | None = Field(None, gt=0)
    """What one picture uses at the most; without it, what is known of the model."""
    image_input_price: Decimal = Field(IMAGE_INPUT, ge=0)
    """US dollars for a million input tokens of pictures that are sent along."""
    most_reference_tokens: int = Field(8_000, gt=0)
    """What one picture that is sent along uses at the most; no official source tells it."""


class OpenAIImage(ImageGenerator):
    Options = ImageOptions
    needs_secrets = ("api_key",)
    takes_references = True
    options: ImageOptions

    def estimate(self, request: ImageRequest) -> Decimal:
        input_tokens = len(request.prompt.encode(errors="replace")) + _UNSEEN_INPUT_TOKENS
        shown = self.options.most_reference_tokens * len(request.references[:MOST_REFERENCES])
        words_and_picture = self.options.price.of(input_tokens, self._most_output_tokens(request))
        return words_and_picture + shown * self.options.image_input_price / MILLION

    def ask(self, request: ImageRequest) -> Answer:
        if len(request.prompt) > LONGEST_PROMPT:
            raise BadInput(
                f"The prompt has {len(request.prompt)} characters, and OpenAI takes {LONGEST_PROMPT}.",
                where=f"[generators.{self.setup.name}]",
                todo="Shorten the prompt template.",
            )
        width, height = self._size(request)
        body: dict[str, Any] = {
            "model": self.options.model,
            "prompt": request.prompt,
            "n": 1,
            "size": f"{width}x{height}",
            "quality": self.options.quality,
            "output_format": self.options.output_format,
        }
        if request.references:
            files = [_part(number, one) for number, one in enumerate(request.references[:MOST_REFERENCES], start=1)]
            raw = _openai.ask(self.setup, self.options, "/images/edits", body, files=files)
        else:
            raw = _openai.ask(self.setup, self.options, "/images/generations", body)
        usage = self._with_pictures(raw, _openai.usage_of(raw, self.options.price, self.estimate(request)))
        return Answer(raw, "application/json", (*usage, Usage("images", 1)), self.options.model)

    def picture(self, answer: Answer, request: ImageRequest) -> Picture:
        data = self._data(answer.raw)
        media_type = media_type_of(data)
        try:
            width, height = _dimensions(data)
        except ValueError as error:
            raise _openai.unreadable(self.setup, f"its picture cannot be read ({error})", answer.raw) from error
        return Picture(data, media_type, width, height, alt_text="")

    def check(self) -> list[Finding]:
        return findings(self.setup, self.options, IMAGE_DEFAULT)

    def _with_pictures(self, raw: bytes, usage: tuple[Usage, ...]) -> tuple[Usage, ...]:
        """Return what was used, the tokens of pictures that were sent along on a line of their own: they cost more."""
        used = _openai.document_of(raw).get("usage")
        details = used.get("input_tokens_details") if isinstance(used, dict) else None
        shown = details.get("image_tokens") if isinstance(details, dict) else None
        if not isinstance(shown, int) or not 0 < shown <= usage[0].quantity or usage[0].unit != "input_tokens":
            return usage
        said = usage[0].quantity - shown
        return (
            Usage("input_tokens", said, self.options.price.of(said, 0)),
            Usage("image_input_tokens", shown, shown * self.options.image_input_price / MILLION),
            *usage[1:],
        )

    def _data(self, raw: bytes) -> bytes:
        document = _openai.document_of(raw)
        pictures = document.get("data")
        first = pictures[0] if isinstance(pictures, list) and pictures else None
        encoded = first.get("b64_json") if isinstance(first, dict) else None
        if not isinstance(encoded, str):
            has_url = isinstance(first, dict) and "url" in first
            why = "it holds an address instead of a picture" if has_url else "it holds no picture"
            raise _openai.unreadable(self.setup, why, raw)
        try:
            return base64.b64decode(encoded, validate=True)
        except (binascii.Error, ValueError) as error:
            raise _openai.unreadable(self.setup, "its picture is no valid base64", raw) from error

    def _size(self, request: ImageRequest) -> tuple[int, int]:
        if self.options.size == "nearest":
            return nearest_size(request.width, request.height)
        width, _, height = self.options.size.partition("x")
        return int(width), int(height)

    def _most_output_tokens(self, request: ImageRequest) -> int:
        if self.options.most_output_tokens is not None:
            return self.options.most_output_tokens
        known = IMAGE_TOKENS.get(self.options.model, MOST_IMAGE_TOKENS)
        tokens = known.get(self.options.quality, max(known.values()))
        width, height = self._size(request)
        # Larger pictures use more, though less than in proportion: 12,329 tokens for 3584x2048 where 1024x1024 uses
        # 7,024 (OpenAI's forum, 2026-11-20). Smaller or oblong ones may use as much as the square.
        return math.ceil(tokens * max(1.0, width * height / _SQUARE))


def _part(number: int, reference: ReferencePicture) -> _openai.File:
    """Return a picture as a part of a form: a JPEG, whatever it came as, no larger than is looked at."""
    image = reduced(reference.data, _REFERENCE_PIXELS, "the picture to go by")
    jpeg: bytes = image.jpegsave_buffer(Q=92, keep="none")
    return "image[]", (f"reference-{number}.jpg", jpeg, "image/jpeg")


def nearest_size(width: int, height: int) -> tuple[int, int]:
    """Return the allowed size that is closest to the one asked for, in shape before pixels."""
    wanted_width, wanted_height = float(max(width, 1)), float(max(height, 1))
    # A shape that is too long gets its short side made longer, so that it can be cropped to what was asked for.
    wanted_width = max(wanted_width, wanted_height / MOST_EXTREME_RATIO)
    wanted_height = max(wanted_height, wanted_width / MOST_EXTREME_RATIO)
    scale = min(1.0, WIDEST / wanted_width, HIGHEST / wanted_height)
    scale = max(scale, math.sqrt(LEAST_PIXELS / (wanted_width * wanted_height)))
    wanted_width, wanted_height = wanted_width * scale, wanted_height * scale

    def distance(size: tuple[int, int]) -> float:
        return abs(math.log(size[0] / wanted_width)) + abs(math.log(size[1] / wanted_height))

    around = itertools.product(_steps_around(wanted_width), _steps_around(wanted_height))
    return min((size for size in around if _is_allowed(*size)), key=distance)


def _steps_around(length: float) -> list[int]:
    middle = round(length / STEP)
    return [step * STEP for step in range(max(1, middle - 3), middle + 4)]


def _is_allowed(width: int, height: int) -> bool:
    is_shape = max(width, height) <= MOST_EXTREME_RATIO * min(width, height)
    return is_shape and width <= WIDEST and height <= HIGHEST and width * height >= LEAST_PIXELS


def _dimensions(data: bytes) -> tuple[int, int]:
    """Decode the whole picture, so that half a one is found out here; raises `ValueError` with the reason."""
    import pyvips

    try:
        image = pyvips.Image.new_from_buffer(data, "", access="sequential", fail_on="truncated")
        if image.width * image.height > _MOST_PIXELS_READ:
            raise ValueError(f"{image.width}x{image.height} is larger than any that was asked for")
        image.avg()
    except pyvips.Error as error:
        raise ValueError("it is no picture, or only a part of one") from error
    return image.width, image.height
