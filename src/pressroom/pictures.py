"""How a user wants pictures to be fitted: `[channels.NAME.picture]`. What a network demands: `ImageRules`."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from pressroom.filters import Filters


class PictureSettings(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    width: int = Field(0, ge=0, le=20_000)
    """Pixels; 0 for the size that the network shows best."""
    height: int = Field(0, ge=0, le=20_000)
    """Pixels; 0 for the size that the network shows best."""
    shape: Literal["keep", "crop", "pad"] = "keep"
    """keep: the picture's own shape, cut only as far as the network demands; crop or pad: to width × height."""
    position: Literal["attention", "centre"] = "attention"
    """What stays when a picture is cropped: its most striking part, or its middle."""
    background: str = Field("blur", pattern=r"^(blur|#[0-9a-fA-F]{6})$", examples=["blur", "#ffffff"])
    """What a padded picture is padded with: "blur" or a colour such as "#ffffff"."""
    enlarge_at_most: float = Field(1.0, ge=1.0, le=4.0)
    """A smaller picture is made larger at most by this factor."""
    sharpen: bool = True
    """Whether a picture is sharpened a little after it was made smaller."""
    quality: int = Field(0, ge=0, le=100)
    """Of JPEG, WebP and AVIF; 0 for the best that the network's limit on bytes leaves room for."""
    keep: tuple[Literal["copyright", "credit"], ...] = ()
    """Metadata that stays in the file; all other is removed."""
    filters: Filters = ()
    """Transforms in their order, such as { use = "watermark", text = "© Me" }."""
