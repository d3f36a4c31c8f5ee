"""The photo: what is known of a picture that somebody took, wherever it came from."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict


class Place(BaseModel):
    model_config = ConfigDict(frozen=True)

    latitude: float
    """Degrees, north is positive."""
    longitude: float
    """Degrees, east is positive."""


class PhotoInfo(BaseModel):
    """What is told with a photo; empty where nothing is. Where it was taken only if that is allowed."""

    model_config = ConfigDict(frozen=True)

    name: str = ""
    """Of the file."""
    title: str = ""
    caption: str = ""
    alt_text: str = ""
    """What the photo shows, for people who cannot see it, as its author wrote it."""
    keywords: tuple[str, ...] = ()
    rating: int | None = None
    """0 to 5."""
    captured_at: datetime | None = None
    """Without a zone if the camera gave none."""
    copyright: str = ""
    credit: str = ""
    """Who is to be named: the photographer."""
    place: Place | None = None
    """Only if the source is allowed to tell."""
