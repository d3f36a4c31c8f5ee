"""Texts by OpenAI's models, or by any server that answers `POST /responses` as they do."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Literal

from pydantic import Field

from pressroom.errors import BadInput
from pressroom.findings import Finding
from pressroom.fitting import fit_text
from pressroom.generators import _openai
from pressroom.generators._openai_checks import findings
from pressroom.generators._openai_models import TEXT_DEFAULT
from pressroom.generators.base import Answer, TextGenerator, TextRequest

# What a model may think before it writes counts as output; without room for it the answer breaks off empty.
_TOKENS_FOR_THINKING = 2000
# Scripts that models know little of take up to about two tokens for a character.
_TOKENS_FOR_A_CHARACTER = 2
_UNSEEN_INPUT_TOKENS = 100
_TITLED = ("story",)
"""Purposes whose prompt asks for a title of its own."""
_QUOTES = (('"', '"'), ("'", "'"), ("“", "”"), ("„", "“"), ("«", "»"), ("‘", "’"))


class TextOptions(_openai.OpenAIOptions):
    model: str = TEXT_DEFAULT
    timeout_seconds: float = Field(60, gt=0)
    reasoning_effort: Literal["", "none", "minimal", "low", "medium", "high", "xhigh", "max"] = ""
    """How much the model thinks first; empty leaves it to the model."""
    max_output_tokens: int | None = Field(None, ge=16)
    """What one answer may use, thinking included; without it, enough for the text that is asked for."""


class OpenAIText(TextGenerator):
    Options = TextOptions
    needs_secrets = ("api_key",)
    options: TextOptions

    def estimate(self, request: TextRequest) -> Decimal:
        words = request.prompt + _instructions(request)
        input_tokens = len(words.encode(errors="replace")) + _UNSEEN_INPUT_TOKENS
        return self.options.price.of(input_tokens, self._max_output_tokens(request))

    def ask(self, request: TextRequest) -> Answer:
        body: dict[str, Any] = {
            "model": self.options.model,
            "instructions": _instructions(request),
            "input": request.prompt,
            "max_output_tokens": self._max_output_tokens(request),
            # Nothing of ours is kept there for later calls: there are none that would build on this one.
            "store": False,
        }
        if self.options.reasoning_effort:
            body["reasoning"] = {"effort": self.options.reasoning_effort}
        raw = _openai.ask(self.setup, self.options, "/responses", body)
        usage = _openai.usage_of(raw, self.options.price, self.estimate(request))
        return Answer(raw, "application/json", usage, self.options.model)

    def text(self, answer: Answer, request: TextRequest) -> str:
        document = _openai.document_of(answer.raw)
        parts = list(_content(document))
        refused = " ".join(
            str(part["refusal"]) for part in parts if part.get("type") == "refusal" and "refusal" in part
        )
        if refused:
            raise BadInput(
                f"The model refused to write this: {refused}",
                where=f"[generators.{self.setup.name}]",
                todo="Change the words of the prompt or the theme.",
            )
        if document.get("status") in ("failed", "incomplete", "cancelled"):
            raise self._unfinished(document, answer.raw)
        text = "".join(str(part["text"]) for part in parts if part.get("type") == "output_text" and "text" in part)
        text = _without_quotes(text.strip())
        if not text:
            raise _openai.unreadable(self.setup, "it holds no text", answer.raw)
        return fit_text(text, request.max_characters, len)

    def check(self) -> list[Finding]:
        return findings(self.setup, self.options, TEXT_DEFAULT)

    def _max_output_tokens(self, request: TextRequest) -> int:
        return self.options.max_output_tokens or (
            _TOKENS_FOR_THINKING + _TOKENS_FOR_A_CHARACTER * request.max_characters
        )

    def _unfinished(self, document: dict[str, Any], raw: bytes) -> BadInput:
        details = document.get("incomplete_details")
        reason = details.get("reason") if isinstance(details, dict) else None
        section = f"[generators.{self.setup.name}]"
        if reason == "content_filter":
            return BadInput(
                "The model's text was held back because of its content rules.",
                where=section,
                todo="Change the words of the prompt or the theme.",
            )
        if reason == "max_output_tokens":
            return BadInput(
                f"The model used up its {document.get('max_output_tokens')} tokens before the text was done.",
                where=section,
                todo=f"Set a larger max_output_tokens or a lower reasoning_effort in {section}.",
            )
        error = document.get("error")
        said = error.get("message") if isinstance(error, dict) else reason
        return _openai.unreadable(self.setup, f"the model did not finish ({said or document.get('status')})", raw)


def _instructions(request: TextRequest) -> str:
    title = "" if request.purpose in _TITLED else "no title, "
    return (
        f"Write the text itself and nothing else: {title}no remarks, no quotation marks around it, no Markdown. "
        f"Use at most {request.max_characters} characters."
    )


def _content(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Go through the parts of all messages; thinking and tool calls are not for readers."""
    output = document.get("output")
    for item in output if isinstance(output, list) else []:
        content = item.get("content") if isinstance(item, dict) and item.get("type") == "message" else None
        yield from (part for part in (content if isinstance(content, list) else []) if isinstance(part, dict))


def _without_quotes(text: str) -> str:
    for opening, closing in _QUOTES:
        inner = text[1:-1]
        if len(text) > 2 and text[0] == opening and text[-1] == closing and not {opening, closing} & set(inner):
            return inner.strip()
    return text
