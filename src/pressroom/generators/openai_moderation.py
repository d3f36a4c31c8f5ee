"""Verdicts on words and pictures by OpenAI's moderation model, or any server that answers `POST /moderations` as it."""

from __future__ import annotations

import base64
import math
from decimal import Decimal
from typing import Annotated, Any

from pydantic import Field

from pressroom.errors import BadInput, ConfigurationError
from pressroom.findings import Finding
from pressroom.generators import _openai
from pressroom.generators._openai_checks import findings
from pressroom.generators._openai_models import MODERATION_DEFAULT
from pressroom.generators._reduced_pictures import reduced
from pressroom.generators.base import (
    Answer,
    Flag,
    ModerationGenerator,
    ModerationPicture,
    ModerationRequest,
    Usage,
    Verdict,
)

MOST_PICTURES = 1  # 400 too_many_images beyond; as reported in antiwork/gumroad#4709, 2026-04-23
LONGEST_SIDE = 1024
"""Pixels of what is sent: enough to see what is shown, and far below the service's 20 MB."""
_QUALITY = 85
_UNNAMED = "flagged"
"""For a server that flags something and does not say as what."""


class ModerationOptions(_openai.ServerOptions):
    model: str = MODERATION_DEFAULT
    timeout_seconds: float = Field(60, gt=0)
    """How long one call may take. The service takes nothing for it."""
    thresholds: dict[str, Annotated[float, Field(ge=0, le=1)]] = Field(default_factory=dict)
    """By category, from which score on it is flagged: { violence = 0.4 }; for the others the service's own word."""


class OpenAIModeration(ModerationGenerator):
    Options = ModerationOptions
    needs_secrets = ("api_key",)
    options: ModerationOptions

    def estimate(self, request: ModerationRequest) -> Decimal:
        return Decimal(0)  # "free models", developers.openai.com/api/docs/models/omni-moderation-latest, 2026-11-20

    def ask(self, request: ModerationRequest) -> Answer:
        """Send words and picture as they belong together. Raises `BadInput` for more than one picture."""
        if len(request.pictures) > MOST_PICTURES:
            raise BadInput(
                f"{len(request.pictures)} pictures were to be judged at once, and OpenAI takes {MOST_PICTURES}.",
                where=self._section,
                todo="Ask for each picture by itself.",
            )
        parts: list[dict[str, Any]] = [{"type": "text", "text": request.text}] if request.text.strip() else []
        parts += [{"type": "image_url", "image_url": {"url": _as_url(picture)}} for picture in request.pictures]
        if not parts:
            raise BadInput("There are neither words nor pictures to judge.", where=self._section, todo="Ask for some.")
        body = {"model": self.options.model, "input": parts}
        raw = _openai.ask(self.setup, self.options, "/moderations", body, is_billed=False)
        return Answer(raw, "application/json", (Usage("moderations", 1),), self.options.model)

    def verdict(self, answer: Answer, request: ModerationRequest) -> Verdict:
        result = self._result(answer.raw)
        said = {name for name, is_flagged in result["categories"].items() if is_flagged is True}
        if result.get("flagged") is True and not said:
            said = {_UNNAMED}
        # What is flagged without a score must not pass for want of one.
        scores = dict.fromkeys(said, 1.0) | result["category_scores"]
        thresholds = self.options.thresholds
        if unknown := thresholds.keys() - scores.keys():
            raise ConfigurationError(
                f"{self.options.model} has no category {', '.join(map(repr, sorted(unknown)))}.",
                where=self._section,
                todo=f"Correct thresholds there; its categories: {', '.join(sorted(scores))}.",
            )
        flags = [
            Flag(category=name, score=min(1.0, max(0.0, float(score))), why=self._why(name, result, request))
            for name, score in scores.items()
            if (score >= thresholds[name] if name in thresholds else name in said)
        ]
        return Verdict(flags=tuple(sorted(flags, key=lambda flag: -flag.score)))

    def check(self) -> list[Finding]:
        return findings(self.setup, self.options, MODERATION_DEFAULT)

    @property
    def _section(self) -> str:
        return f"[generators.{self.setup.name}]"

    def _why(self, category: str, result: dict[str, Any], request: ModerationRequest) -> str:
        applied = result.get("category_applied_input_types")
        kinds = applied.get(category) if isinstance(applied, dict) else None
        asked = [("text", "the words")] if request.text.strip() else []
        asked += [("image", f"picture {picture.number}") for picture in request.pictures]
        places = [place for kind, place in asked if not isinstance(kinds, list) or kind in kinds]
        return f"Found by {self.options.model} in {' or in '.join(places or [place for _, place in asked])}."

    def _result(self, raw: bytes) -> dict[str, Any]:
        """Return the one result of an answer; one that lacks a part is of no use, and never a clean verdict."""
        results = _openai.document_of(raw).get("results")
        result = results[0] if isinstance(results, list) and len(results) == 1 else None
        scores = result.get("category_scores") if isinstance(result, dict) else None
        if (
            not isinstance(result, dict)
            or not isinstance(result.get("categories"), dict)
            or not isinstance(scores, dict)
            or not scores
            or not all(isinstance(score, int | float) and math.isfinite(score) for score in scores.values())
        ):
            raise _openai.unreadable(self.setup, "it holds no verdict", raw)
        return result


def _as_url(picture: ModerationPicture) -> str:
    image = reduced(picture.data, LONGEST_SIDE, f"Picture {picture.number}")
    jpeg: bytes = image.jpegsave_buffer(Q=_QUALITY, keep="none")
    return f"data:image/jpeg;base64,{base64.b64encode(jpeg).decode()}"
