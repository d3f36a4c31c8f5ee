"""`POST /v1/responses`: what is taken, and answers in its shape."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from tests.fakes.messages import Request
from tests.fakes.openai_errors import failure, invalid_value, read_parameters, wrong_type
from tests.fakes.openai_models import Model, find_model

MIN_OUTPUT_TOKENS = 16
ROLES = ("user", "assistant", "system", "developer")
PARTS = ("input_text", "input_image", "output_text")
PARAMETERS = {
    *("include", "input", "instructions", "max_output_tokens", "metadata", "model", "parallel_tool_calls"),
    *("prompt_cache_key", "reasoning", "safety_identifier", "service_tier", "store", "stream", "temperature"),
    *("text", "tool_choice", "tools", "top_p", "truncation", "user"),
}


@dataclass(frozen=True)
class Question:
    """A request for text that is valid and not yet paid."""

    model: Model
    given: dict[str, Any]
    words: str
    """All text of the input, and the instructions."""

    @property
    def input_tokens(self) -> int:
        return count_tokens(self.words)


def count_tokens(text: str) -> int:
    """About four characters to a token."""
    return (len(text) + 3) // 4


def read_question(request: Request, now: float) -> Question:
    """The text that a request asks for; refused where the real service refuses."""
    given = read_parameters(request, PARAMETERS)
    model = find_model(given.get("model"), "text", now)
    if "input" not in given:
        raise failure(400, "Missing required parameter: 'input'.", "input", "missing_required_parameter")
    words = _read_input(given["input"])
    if not isinstance(given.get("instructions", ""), str):
        raise wrong_type("instructions", "a string")
    limit = given.get("max_output_tokens", MIN_OUTPUT_TOKENS)
    if not isinstance(limit, int) or isinstance(limit, bool):
        raise wrong_type("max_output_tokens", "an integer")
    if limit < MIN_OUTPUT_TOKENS:
        message = f"Invalid 'max_output_tokens': integer below minimum value. Expected a value >= {MIN_OUTPUT_TOKENS}."
        raise failure(400, message, "max_output_tokens", "integer_below_min_value")
    if given.get("stream"):
        raise failure(400, "This server does not stream.", "stream", "unsupported_value")
    return Question(model, given, f"{given.get('instructions', '')} {words}".strip())


def default_text(question: Question) -> str:
    """Something to read where the test has not said what: a sample of the asked schema, or a sentence."""
    form = question.given.get("text", {}).get("format", {})
    if form.get("type") == "json_schema":
        return json.dumps(_sample(form.get("schema", {}), question.words[:40]))
    if form.get("type") == "json_object":
        return json.dumps({"text": question.words[:40]})
    return f"Here is what came to mind: {' '.join(question.words.split()[-12:])}"


def give_text(question: Question, text: str, reasoning_tokens: int, number: int, now: float) -> dict[str, Any]:
    """The answer; beyond `max_output_tokens` it is incomplete, and reasoning counts as output."""
    limit = question.given.get("max_output_tokens")
    needed = reasoning_tokens + count_tokens(text)
    is_complete = True
    if limit is not None and needed > limit:
        is_complete = False
        reasoning_tokens = min(reasoning_tokens, limit)
        text, needed = text[: 4 * (limit - reasoning_tokens)], limit
    output: list[dict[str, Any]] = []
    if reasoning_tokens:
        output.append({"id": f"rs_{number:024x}", "type": "reasoning", "summary": []})
    if text:
        content = [{"type": "output_text", "text": text, "annotations": [], "logprobs": []}]
        status = "completed" if is_complete else "incomplete"
        message = {"id": f"msg_{number:024x}", "type": "message", "status": status, "role": "assistant"}
        output.append({**message, "content": content})
    given = question.given
    return {
        "id": f"resp_{number:024x}",
        "object": "response",
        "created_at": int(now),
        "status": "completed" if is_complete else "incomplete",
        "error": None,
        "incomplete_details": None if is_complete else {"reason": "max_output_tokens"},
        "instructions": given.get("instructions"),
        "max_output_tokens": limit,
        "metadata": given.get("metadata", {}),
        "model": question.model.id,
        "output": output,
        "parallel_tool_calls": True,
        "temperature": given.get("temperature", 1.0),
        "text": given.get("text", {"format": {"type": "text"}}),
        "tool_choice": "auto",
        "tools": [],
        "top_p": given.get("top_p", 1.0),
        "usage": {
            "input_tokens": question.input_tokens,
            "input_tokens_details": {"cached_tokens": 0},
            "output_tokens": needed,
            "output_tokens_details": {"reasoning_tokens": reasoning_tokens},
            "total_tokens": question.input_tokens + needed,
        },
    }


def _read_input(given: Any) -> str:
    if isinstance(given, str):
        return given
    if not isinstance(given, list) or not given:
        raise wrong_type("input", "a string or an array with at least one item")
    texts = []
    for index, item in enumerate(given):
        if not isinstance(item, dict) or item.get("role") not in ROLES:
            raise invalid_value(f"input[{index}].role", item, ", ".join(map(repr, ROLES)))
        content = item.get("content")
        parts = [{"type": "input_text", "text": content}] if isinstance(content, str) else content
        if not isinstance(parts, list):
            raise wrong_type(f"input[{index}].content", "a string or an array")
        for part in parts:
            if not isinstance(part, dict) or part.get("type") not in PARTS:
                raise invalid_value(f"input[{index}].content", part, ", ".join(map(repr, PARTS)))
            texts.append(str(part.get("text", "")))
    return " ".join(texts)


def _sample(schema: dict[str, Any], words: str) -> Any:
    """The smallest value that fits a JSON schema."""
    if "enum" in schema:
        return schema["enum"][0]
    match schema.get("type"):
        case "object":
            return {name: _sample(inner, words) for name, inner in schema.get("properties", {}).items()}
        case "array":
            return [_sample(schema.get("items", {}), words) for _ in range(max(1, schema.get("minItems", 1)))]
        case "integer" | "number":
            return schema.get("minimum", 1)
        case "boolean":
            return True
        case _:
            return words
