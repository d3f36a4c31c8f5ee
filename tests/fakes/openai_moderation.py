"""`POST /v1/moderations`: what is taken, and verdicts in its shape."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from tests.fakes.messages import Request
from tests.fakes.openai_errors import failure, invalid_value, read_parameters, wrong_type
from tests.fakes.openai_models import find_model

CATEGORIES = (
    *("harassment", "harassment/threatening", "hate", "hate/threatening", "illicit", "illicit/violent"),
    *("self-harm", "self-harm/instructions", "self-harm/intent", "sexual", "sexual/minors"),
    *("violence", "violence/graphic"),
)
# The others are judged by words alone; the moderation guide, 2026-11-20
OF_PICTURES = (*("self-harm", "self-harm/instructions", "self-harm/intent", "sexual", "violence", "violence/graphic"),)
MOST_PICTURES = 1
MOST_PICTURE_BYTES = 20_000_000


def moderate(request: Request, blocked_words: set[str], number: int, now: float) -> dict[str, Any]:
    """One verdict for each input; what has a blocked word, or a picture that is mostly red, is flagged as violence."""
    given = read_parameters(request, {"model", "input"})
    model = find_model(given.get("model", "omni-moderation-latest"), "moderation", now)
    inputs = given.get("input")
    if isinstance(inputs, str):
        inputs = [inputs]
    if not isinstance(inputs, list) or not inputs:
        raise wrong_type("input", "a string or an array with at least one item")
    if all(isinstance(one, str) for one in inputs):
        verdicts = [_verdict(_has(one, blocked_words), is_red=False, kinds=["text"]) for one in inputs]
    elif all(isinstance(one, dict) for one in inputs):
        verdicts = [_verdict_on_parts(inputs, blocked_words)]
    else:
        raise wrong_type("input", "an array of strings or of objects")
    return {"id": f"modr-{number:024x}", "model": model.id, "results": verdicts}


def _verdict_on_parts(parts: list[dict[str, Any]], blocked_words: set[str]) -> dict[str, Any]:
    texts, pictures = [], []
    for index, part in enumerate(parts):
        match part:
            case {"type": "text", "text": str(text), **more} if not more:
                if not text:
                    raise failure(400, f"Invalid 'input[{index}].text': empty string.", "input", "empty_string")
                texts.append(text)
            case {"type": "image_url", "image_url": {"url": str(url), **other}, **more} if not other and not more:
                pictures.append(_read_picture(url))
            case {"type": "text" | "image_url"}:
                raise wrong_type(f"input[{index}]", "a text or an image_url object and nothing else")
            case _:
                raise invalid_value(f"input[{index}].type", part.get("type"), "'text', 'image_url'")
    if len(pictures) > MOST_PICTURES:
        message = f"Number of images ({len(pictures)}) exceeds maximum of {MOST_PICTURES}"
        raise failure(400, message, "input", "too_many_images")
    kinds = (["text"] if texts else []) + (["image"] if pictures else [])
    return _verdict(_has(" ".join(texts), blocked_words), is_red=any(map(_is_red, pictures)), kinds=kinds)


def _read_picture(url: str) -> bytes:
    head, _, encoded = url.partition(",")
    if head not in [f"data:image/{kind};base64" for kind in ("jpeg", "png", "webp", "gif")]:
        raise failure(400, "This server fetches no pictures: send a data URL.", "input", "invalid_image_url")
    try:
        data = base64.b64decode(encoded, validate=True)
    except binascii.Error:
        raise failure(400, "Invalid base64 image_url.", "input", "invalid_base64") from None
    if len(data) > MOST_PICTURE_BYTES:
        raise failure(400, "The image is too large.", "input", "image_too_large")
    return data


def _is_red(data: bytes) -> bool:
    import pyvips

    try:
        measured = pyvips.Image.new_from_buffer(data, "", fail_on="truncated").colourspace("srgb").stats()
        red, green, blue = (measured(4, band + 1)[0] for band in range(3))
    except pyvips.Error:
        raise failure(400, "You uploaded an unsupported image.", "input", "invalid_image_format") from None
    return bool(red > 150 and green < 90 and blue < 90)


def _has(text: str, blocked_words: set[str]) -> bool:
    return bool(blocked_words & set(text.lower().split()))


def _verdict(has_word: bool, *, is_red: bool, kinds: list[str]) -> dict[str, Any]:
    scores = dict.fromkeys(CATEGORIES, 0.0001)
    scores["violence"] = 0.97 if has_word else 0.0001
    scores["violence/graphic"] = 0.88 if is_red else 0.0001
    return {
        "flagged": has_word or is_red,
        "categories": {name: score > 0.5 for name, score in scores.items()},
        "category_scores": scores,
        "category_applied_input_types": {
            name: [kind for kind in kinds if kind == "text" or name in OF_PICTURES] for name in CATEGORIES
        },
    }
