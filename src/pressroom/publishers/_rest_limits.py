"""What a service takes of words and pictures, as settings of the channel."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from pressroom.publishers.base import ImageRules, TextRules


class Table(BaseModel):
    """An inner table. It lets unknown keys through, so that they can be told with the closest key there is."""

    model_config = ConfigDict(
        extra="allow", frozen=True, coerce_numbers_to_str=True, populate_by_name=True, protected_namespaces=()
    )


class TextLimits(Table):
    """What the service takes of words."""

    limit: int = Field(5000, ge=1)
    """How long a text may be; longer ones are shortened at a word."""
    counted_in: Literal["characters", "graphemes", "bytes"] = "characters"
    """What is counted: code points, what people see as one character, or bytes of UTF-8."""
    alt_text_limit: int = Field(1000, ge=0)
    """How long the alt text of a picture may be, in characters; 0 if the service takes none."""

    @property
    def rules(self) -> TextRules:
        return TextRules(limit=self.limit, counted_in=self.counted_in, alt_text_limit=self.alt_text_limit)

    def length(self, text: str) -> int:
        if self.counted_in == "bytes":
            return len(text.encode("utf-8", "surrogatepass"))
        if self.counted_in == "graphemes":
            import regex

            return len(regex.findall(r"\X", text))
        return len(text)


class ImageLimits(Table):
    """What the service takes of pictures; variants are made to fit."""

    formats: tuple[str, ...] = Field(("image/jpeg", "image/png", "image/webp"), min_length=1)
    """Media types, the preferred one first."""
    max_bytes: int = Field(10_000_000, ge=1)
    """Of one picture."""
    most: int = Field(10, ge=1)
    """Pictures that a post may carry."""
    max_width: int = Field(0, ge=0)
    """Pixels; 0 for no limit."""
    max_height: int = Field(0, ge=0)
    """Pixels; 0 for no limit."""
    max_pixels: int = Field(0, ge=0)
    """Width times height; 0 for no limit."""
    min_width: int = Field(0, ge=0)
    """Pixels; 0 for no limit."""
    narrowest: float = Field(0.0, ge=0)
    """The least width divided by height; 0 for no limit."""
    widest: float = Field(0.0, ge=0)
    """The most width divided by height; 0 for no limit."""
    best_width: int = Field(1600, ge=1)
    """Pixels of the variant that is made."""
    best_height: int = Field(900, ge=1)
    """Pixels of the variant that is made."""

    @property
    def rules(self) -> ImageRules:
        own = {name: getattr(self, name) for name in type(self).model_fields if not name.startswith("best_")}
        return ImageRules(
            **own,
            best_width=min(self.best_width, self.max_width or self.best_width),
            best_height=min(self.best_height, self.max_height or self.best_height),
        )
