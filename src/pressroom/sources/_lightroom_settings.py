"""The settings of a `[sources.NAME]` section whose `use` is "lightroom"."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Literal

from pydantic import Field, field_validator

from pressroom.sources._lightroom_cursor import moment_of, spell
from pressroom.sources.base import SourceSettings

LARGEST_PAGE = 500  # AdobeDocs, API specification, 2026-11-20


class LightroomSettings(SourceSettings):
    base_url: str = "https://lr.adobe.io"
    token_url: str = ""
    """Where tokens are renewed; empty: Adobe's, or `/ims/token/v3` of another base_url."""
    album: str = ""
    """Its name or its id; empty for the whole catalog."""
    since: str = "all"
    """Which photos are taken in: "all", what was changed from "now" on, or from a date on."""
    rendition: Literal["640", "1280", "2048", "2560", "fullsize"] = "2048"
    """Longest edge in pixels. 2560 and fullsize are made on demand, and only if Adobe allows it to the app."""
    flag: Literal["", "pick", "unflagged", "reject"] = ""
    """Only photos with this flag; empty for all."""
    min_rating: int = Field(0, ge=0, le=5)
    """Only photos with at least so many stars; without any for 0."""
    page_size: int = Field(100, ge=1, le=LARGEST_PAGE)
    """How many photos are asked for at once."""
    largest_bytes: int = Field(100_000_000, ge=1)
    """A picture that is larger is refused."""
    timeout_seconds: float = Field(30, gt=0)
    """For one question."""
    download_seconds: float = Field(120, gt=0)
    """For one picture."""

    @field_validator("rendition", mode="before")
    @classmethod
    def _as_text(cls, value: object) -> object:
        return str(value) if isinstance(value, int) else value

    @field_validator("since", mode="before")
    @classmethod
    def _as_moment(cls, value: object) -> object:
        """Take dates as TOML has them too; a date without a time begins at midnight UTC."""
        if value in ("all", "now"):
            return value
        if isinstance(value, date) and not isinstance(value, datetime):
            value = datetime.combine(value, time(), UTC)
        moment = moment_of(value.isoformat() if isinstance(value, datetime) else value)
        if moment is None:
            raise ValueError('not "all", "now" or a date such as "2026-11-20"')
        return spell(moment)
