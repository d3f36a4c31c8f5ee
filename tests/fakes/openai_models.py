"""The models that the fake OpenAI knows, what each is for, and when each ends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from tests.fakes.openai_errors import failure

CREATED = int(datetime(2026, 1, 1, tzinfo=UTC).timestamp())


@dataclass(frozen=True)
class Model:
    """A model by its id."""

    id: str
    kind: str
    """`image`, `text`, `moderation` or `speech`."""
    shutdown_date: date | None = None

    def is_alive(self, today: date) -> bool:
        return self.shutdown_date is None or today < self.shutdown_date

    def as_dict(self) -> dict[str, Any]:
        end = self.shutdown_date.isoformat() if self.shutdown_date else None
        listed = {"id": self.id, "object": "model", "created": CREATED, "owned_by": "system"}
        return {**listed, "shutdown_date": end}


def _models(kind: str, ids: str, end: date | None = None) -> list[Model]:
    return [Model(one, kind, end) for one in ids.split()]


# openai 3.52.0 and the deprecations page, 2026-11-20
MODELS = {
    model.id: model
    for model in [
        *_models("image", "gpt-image-2 gpt-image-2.5-sunburst gpt-image-2.5-flare"),
        *_models("image", "gpt-image-2.6-sunburst gpt-image-2.6-flare"),
        *_models("image", "gpt-image-1", date(2026, 10, 23)),
        *_models("image", "dall-e-2 dall-e-3", date(2026, 5, 12)),
        *_models("text", "gpt-6-astra gpt-6.1-sol gpt-6.1-terra gpt-6-sol gpt-6-luna"),
        *_models("text", "gpt-5.6-sol gpt-5.6-terra gpt-5.6-luna"),
        *_models("text", "gpt-5 gpt-5-mini gpt-5-nano o3", date(2026, 12, 11)),
        *_models("text", "gpt-4o gpt-4o-mini gpt-4.1 gpt-4.1-mini", date(2027, 1, 14)),
        *_models("text", "gpt-5.1 gpt-5.4-nano", date(2027, 4, 1)),
        *_models("moderation", "omni-moderation-latest"),
        *_models("speech", "gpt-4o-mini-tts tts-1 tts-1-hd", date(2027, 1, 6)),
    ]
}


def today(now: float) -> date:
    return datetime.fromtimestamp(now, UTC).date()


def living_models(now: float) -> list[Model]:
    return [model for model in MODELS.values() if model.is_alive(today(now))]


def find_model(name: Any, kind: str, now: float) -> Model:
    """The model that a request names; 404 if it is unknown or has ended, 400 if it does something else."""
    if name is None:
        raise failure(400, "you must provide a model parameter", "model", "missing_required_parameter")
    model = MODELS.get(name) if isinstance(name, str) else None
    if model is None:
        message = f"The model `{name}` does not exist or you do not have access to it."
        raise failure(404, message, None, "model_not_found")
    if not model.is_alive(today(now)):
        message = f"The model `{name}` has been deprecated, learn more here: "
        raise failure(404, message + "https://platform.openai.com/docs/deprecations", None, "model_not_found")
    if model.kind != kind:
        raise failure(400, f"The model `{name}` is not supported with this endpoint.", "model", "invalid_value")
    return model
