"""The settings that every channel has, whatever its network."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, field_validator

from pressroom.channels import Pace
from pressroom.pictures import PictureSettings
from pressroom.posting_windows import parse_window
from pressroom.text_templates import Templates


class ChannelSettings(BaseModel):
    """The settings of one `[channels.NAME]` section; a publisher extends it with its own."""

    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)

    network: str
    """The publisher's module name."""
    base_url: str = ""
    """Where the network's API is; empty for the network itself."""
    timeout_seconds: float = Field(20, gt=0)
    """How long one call may take as a whole."""
    settle_seconds: float = Field(60, gt=0)
    """After an unclear answer, how long until "it is not there" is believed; longer than `timeout_seconds`."""
    failures_before_break: int = Field(5, ge=1)
    """Failures in a row after which the network is left alone for a while."""
    break_seconds: float = Field(30, gt=0)
    """How long at first; it doubles with every further failure, up to a quarter of an hour."""
    minimum_gap_seconds: float = Field(0, ge=0)
    """Between two posts on this channel."""
    posts_per_day: int = Field(0, ge=0, le=1000)
    """Posts that go out on one day at most; 0 for any number. What is over waits for the next day."""
    windows: tuple[str, ...] = ()
    """When posts go out, such as "Mon-Fri 08:00-20:00"; empty for at any time."""
    zone: str = "UTC"
    """The IANA zone of `windows` and of the day."""
    measure: bool = True
    """Whether the counts of posts (likes, comments, shares, views) are read, where the network tells them."""
    post_text: Templates = ()
    """Templates of the posts' words on this channel, the fullest first; empty for the pipeline's own."""
    picture: PictureSettings = PictureSettings()
    """How pictures are fitted to the channel."""

    @field_validator("windows")
    @classmethod
    def _are_windows(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for text in value:
            parse_window(text)
        return value

    @field_validator("zone")
    @classmethod
    def _is_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ValueError, OSError, KeyError) as error:
            raise ValueError(f"{value!r} is no time zone; write one like Europe/Berlin") from error
        return value

    @property
    def pace(self) -> Pace:
        return Pace(
            failures=self.failures_before_break,
            first_break=timedelta(seconds=self.break_seconds),
            minimum_gap=timedelta(seconds=self.minimum_gap_seconds),
            windows=tuple(map(parse_window, self.windows)),
            per_day=self.posts_per_day,
            zone=self.zone,
        )
