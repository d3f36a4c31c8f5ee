"""The documents of posts that wait, as the API's description shows them."""

from __future__ import annotations

from typing import Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, field_validator, model_validator
from pydantic.json_schema import SkipJsonSchema


def _at_least_one(schema: dict[str, Any]) -> None:
    schema["minProperties"] = 1
    for field in schema["properties"].values():
        del field["default"]


class WaitingChange(BaseModel):
    """What is to be otherwise about a waiting post; what is left out stays as it is."""

    model_config = ConfigDict(extra="forbid", json_schema_extra=_at_least_one)

    text: str | SkipJsonSchema[None] = Field(
        None, max_length=100_000, description="Other words.", examples=["National Cake Day! A slice for everybody."]
    )
    publish_at: AwareDatetime | SkipJsonSchema[None] = Field(
        None,
        description="Not before this time, which has its zone; the channel's windows count as well.",
        examples=["2026-12-01T18:00:00+01:00"],
    )

    @field_validator("text", "publish_at", mode="before")
    @classmethod
    def _is_left_out_rather_than_null(cls, value: Any) -> Any:
        if value is None:
            raise ValueError("leave it out, so that it stays as it is")
        return value

    @model_validator(mode="after")
    def _says_what(self) -> WaitingChange:
        if self.text is None and self.publish_at is None:
            raise ValueError("nothing to change is named: give text, publish_at or both")
        return self
