"""`POST /v1/images/generations` and `/edits`: what is taken, and pictures that really decode."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass, replace
from typing import Any

from pressroom.media import media_type_of
from tests.fakes.messages import Part, Request, parse_multipart
from tests.fakes.openai_errors import failure, invalid_value, read_parameters, wrong_type
from tests.fakes.openai_models import Model, find_model

# openai 3.52.0, images.generate, 2026-11-20
MAX_PROMPT = 32_000
NAMED_SIZES = ("1024x1024", "1536x1024", "1024x1536")
MAX_EDGE = 3840
MAX_PIXELS = 3840 * 2160
FORMATS = ("png", "jpeg", "webp")
# The reference of images.edit, as copied by openai-interface 0.12, 2026-11-20
MAX_REFERENCES = 16
MAX_REFERENCE_BYTES = 50_000_000
REFERENCE_TYPES = ("image/png", "image/webp", "image/jpeg")
TOKENS_OF_A_SQUARE = {"low": 196, "medium": 439, "high": 1756, "xhigh": 3133, "max": 7033}
PARAMETERS = {
    "background",
    "complexity",
    "model",
    "moderation",
    "n",
    "output_compression",
    "output_format",
    "partial_images",
    "prompt",
    "quality",
    "safety_identifier",
    "size",
    "stream",
    "user",
}


@dataclass(frozen=True)
class Order:
    """A generation that is valid and not yet paid."""

    model: Model
    prompt: str
    count: int
    width: int
    height: int
    quality: str
    output_format: str
    compression: int
    background: str
    references: tuple[tuple[int, int], ...] = ()
    """The sizes of the pictures that were sent along."""

    @property
    def text_tokens(self) -> int:
        return len(self.prompt) // 4 + 1

    @property
    def image_tokens(self) -> int:
        return sum(round(width * height / 750) for width, height in self.references)

    @property
    def input_tokens(self) -> int:
        return self.text_tokens + self.image_tokens

    @property
    def output_tokens(self) -> int:
        share = self.width * self.height / (1024 * 1024)
        return self.count * round(TOKENS_OF_A_SQUARE[self.quality] * share)


def read_order(request: Request, now: float) -> Order:
    """The generation that a request asks for; refused where the real service refuses."""
    return _order(read_parameters(request, PARAMETERS), now)


def read_edit(request: Request, now: float) -> Order:
    """The edit that a form asks for; refused where the real service refuses."""
    try:
        parts = parse_multipart(request)
    except ValueError as error:
        raise failure(400, f"We could not parse your form: {error}.") from error
    pictures = [part for part in parts if part.filename is not None]
    words = [part for part in parts if part.filename is None]
    for part in pictures:
        if part.name not in ("image", "image[]"):
            raise failure(400, f"Unknown parameter: '{part.name}'.", part.name, "unknown_parameter")
    for part in words:
        if part.name not in PARAMETERS:
            raise failure(400, f"Unknown parameter: '{part.name}'.", part.name, "unknown_parameter")
    if len({part.name for part in words}) != len(words) or sum(part.name == "image" for part in pictures) > 1:
        raise failure(400, "Duplicate parameter: send several pictures as 'image[]'.", "image", "duplicate_parameter")
    if not 1 <= len(pictures) <= MAX_REFERENCES:
        message = f"Invalid 'image': expected 1 to {MAX_REFERENCES} files, but got {len(pictures)} instead."
        raise failure(400, message, "image", "invalid_value" if pictures else "missing_required_parameter")
    given: dict[str, Any] = {part.name: part.data.decode() for part in words}
    for name in ("n", "output_compression"):
        if name in given and given[name].isdigit():
            given[name] = int(given[name])
    return replace(_order(given, now), references=tuple(_size_of(part) for part in pictures))


def _size_of(part: Part) -> tuple[int, int]:
    import pyvips

    if part.content_type not in REFERENCE_TYPES or media_type_of(part.data) != part.content_type:
        message = f"Invalid file '{part.name}': unsupported mimetype ('{part.content_type}')."
        raise failure(400, message, part.name, "unsupported_file_mimetype")
    if len(part.data) >= MAX_REFERENCE_BYTES:
        raise failure(413, "The file is too large.", part.name)
    try:
        image = pyvips.Image.new_from_buffer(part.data, "", fail_on="truncated")
        image.avg()
    except pyvips.Error as error:
        raise failure(400, "Invalid image file.", part.name, "invalid_image_file") from error
    return image.width, image.height


def _order(given: dict[str, Any], now: float) -> Order:
    if "prompt" not in given:
        raise failure(400, "Missing required parameter: 'prompt'.", "prompt", "missing_required_parameter")
    prompt = given["prompt"]
    if not isinstance(prompt, str):
        raise wrong_type("prompt", "a string")
    if not 1 <= len(prompt) <= MAX_PROMPT:
        message = f"Invalid 'prompt': string of length {len(prompt)}. Expected a length from 1 to {MAX_PROMPT}."
        raise failure(400, message, "prompt", "string_above_max_length" if prompt else "empty_string")
    if given.get("stream") or given.get("partial_images"):
        raise failure(400, "This server does not stream.", "stream", "unsupported_value")
    model = find_model(given.get("model"), "image", now)
    width, height = _read_size(given.get("size", "auto"))
    output_format = _one_of(given, "output_format", "png", FORMATS)
    background = _one_of(given, "background", "auto", ("auto", "opaque", "transparent"))
    if background == "transparent" and output_format == "jpeg":
        raise failure(400, "Transparent background is not supported for JPEG.", "background", "invalid_value")
    _one_of(given, "moderation", "auto", ("auto", "low"))
    _one_of(given, "complexity", "medium", ("low", "medium", "high"))
    qualities = ("low", "medium", "high", "auto", *(("xhigh", "max") if "-2.5-" in model.id else ()))
    quality = _one_of(given, "quality", "auto", qualities)
    compression = _number(given, "output_compression", 100, 0, 100)
    if compression < 100 and output_format == "png":
        message = "Compression less than 100 is not supported for PNG output format."
        raise failure(400, message, "output_compression", "invalid_value")
    return Order(
        model,
        prompt,
        _number(given, "n", 1, 1, 10),
        width,
        height,
        "medium" if quality == "auto" else quality,
        output_format,
        compression,
        "opaque" if background == "auto" else background,
    )


def fulfil(order: Order, number: int, now: float) -> dict[str, Any]:
    """The answer to an order; `number` makes each generation another picture, as it is with a model."""
    pictures = [draw(order, f"{number} {index}") for index in range(order.count)]
    usage = {
        "input_tokens": order.input_tokens,
        "input_tokens_details": {"text_tokens": order.text_tokens, "image_tokens": order.image_tokens},
        "output_tokens": order.output_tokens,
        "output_tokens_details": {"text_tokens": 0, "image_tokens": order.output_tokens},
        "total_tokens": order.input_tokens + order.output_tokens,
    }
    return {
        "created": int(now),
        "data": [{"b64_json": base64.b64encode(picture).decode()} for picture in pictures],
        "background": order.background,
        "output_format": order.output_format,
        "quality": order.quality,
        "size": f"{order.width}x{order.height}",
        "usage": usage,
    }


def draw(order: Order, seed: str) -> bytes:
    """Waves in three colours of the ordered size, decided by the prompt and the seed."""
    import pyvips

    dice = hashlib.sha256(f"{order.prompt} {seed}".encode()).digest()
    place = pyvips.Image.xyz(order.width, order.height)
    bands = []
    for band in range(3):
        across, down, shift, level = (value / 255 for value in dice[band * 4 : band * 4 + 4])
        wave = (place[0] * (across / 2) + place[1] * (down / 2) + shift * 360).math("sin")
        bands.append(wave * 60 + (80 + 90 * level))
    image = bands[0].bandjoin(bands[1:])
    if order.background == "transparent":
        image = image.bandjoin(place[0] > order.width / 10)
    image = image.cast("uchar").copy(interpretation="srgb")
    options = {"compression": 1} if order.output_format == "png" else {"Q": max(1, min(order.compression, 90))}
    data: bytes = image.write_to_buffer(f".{order.output_format}", **options)
    return data


def _read_size(size: Any) -> tuple[int, int]:
    if size == "auto":
        return 1024, 1024
    allowed = f"'auto', {', '.join(map(repr, NAMED_SIZES))} and WIDTHxHEIGHT in steps of 16"
    match = re.fullmatch(r"([1-9]\d{0,4})x([1-9]\d{0,4})", size) if isinstance(size, str) else None
    if match is None:
        raise invalid_value("size", size, allowed)
    width, height = int(match[1]), int(match[2])
    if width % 16 or height % 16:
        raise failure(400, f"Invalid size '{size}'. Width and height must be divisible by 16.", "size", "invalid_value")
    if not 1 / 3 <= width / height <= 3:
        raise failure(400, f"Invalid size '{size}'. The ratio must be from 1:3 to 3:1.", "size", "invalid_value")
    if max(width, height) > MAX_EDGE or width * height > MAX_PIXELS:
        raise failure(400, f"Invalid size '{size}'. The maximum is 3840x2160.", "size", "invalid_value")
    return width, height


def _one_of(given: dict[str, Any], name: str, default: str, allowed: tuple[str, ...]) -> str:
    value = given.get(name, default)
    if value not in allowed:
        raise invalid_value(name, value, ", ".join(map(repr, allowed)))
    return str(value)


def _number(given: dict[str, Any], name: str, default: int, least: int, most: int) -> int:
    value = given.get(name, default)
    if not isinstance(value, int) or isinstance(value, bool):
        raise wrong_type(name, "an integer")
    if not least <= value <= most:
        message = f"Invalid '{name}': expected a value from {least} to {most}, but got {value} instead."
        code = "integer_above_max_value" if value > most else "integer_below_min_value"
        raise failure(400, message, name, code)
    return value
