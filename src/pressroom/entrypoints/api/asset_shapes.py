"""The documents of assets, as the API's description shows them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

_KEY = "images/october_31_0_Cake.jpg"
_URL = f"/assets/{_KEY}?revision=1&expires=1795046400&signature=…"


class AssetLine(BaseModel):
    """One revision of a stored file."""

    key: str = Field(examples=[_KEY])
    revision: int = Field(description="1 for the first.", examples=[1])
    media_type: str = Field(examples=["image/jpeg"])
    bytes: int = Field(examples=[182034])
    width: int | None = Field(description="Pixels; null for what is no picture.", examples=[1600])
    height: int | None = Field(description="Pixels.", examples=[900])
    sha256: str = Field(description="Of the bytes, in hexadecimal digits.", examples=["9f86d081884c7d65…"])
    created_at: datetime
    expires_at: datetime | None = Field(description="Then it is removed; null: never.")
    about: dict[str, Any] = Field(examples=[{"alt_text": "A cake with seven candles"}])
    url: str = Field(description="Signed: opens the bytes for a day or two, for whoever has it.", examples=[_URL])
    url_expires_at: datetime = Field(description="When the URL ends; ask again for a new one.")


class AssetDocument(AssetLine):
    """The newest revision, and every one that is kept."""

    revisions: list[AssetLine] = Field(description="The newest first.")
