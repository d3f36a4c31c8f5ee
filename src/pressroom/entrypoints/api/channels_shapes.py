"""The documents of channels, as the API's description shows them."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

from pressroom.entrypoints.api.problem_shapes import StoredProblem


class End(BaseModel):
    """Something of the channel that ends: a token, a version of an API."""

    kind: str = Field(examples=["access token"])
    expires_at: datetime
    days: int = Field(description="Until then; a begun one counts whole.", examples=[12])
    renews_itself: bool
    is_due: bool = Field(description="Whether somebody has to act by now.")
    says: str = Field(examples=["The access token ends in 12 days, on 2026-12-02."])
    todo: str


class TextLimits(BaseModel):
    limit: int = Field(examples=[280])
    counted_in: str = Field(examples=["weighted characters"])
    alt_text_limit: int = Field(description="0: the network takes no alt text.", examples=[1000])


class ImageLimits(BaseModel):
    """What the network takes; 0 stands for no limit that is known."""

    formats: list[str] = Field(examples=[["image/jpeg", "image/png"]])
    max_bytes: int = Field(examples=[5242880])
    most: int = Field(description="Pictures in a post.", examples=[4])
    max_width: int
    max_height: int
    max_pixels: int
    min_width: int
    narrowest: float = Field(description="Least width divided by height.")
    widest: float
    best_width: int
    best_height: int


class PaceDocument(BaseModel):
    """How the settings want the channel to be treated."""

    minimum_gap_seconds: float = Field(description="Between two posts.", examples=[0])
    per_day: int = Field(description="0 for any number.", examples=[0])
    windows: list[str] = Field(description="When posts go out; empty for any time.", examples=[["Mon-Fri 08:00-20:00"]])
    zone: str = Field(description="Of windows and days.", examples=["UTC"])
    failures: int = Field(description="In a row, that let the network rest.", examples=[5])


class ChannelLine(BaseModel):
    """One configured destination."""

    name: str = Field(examples=["main"])
    network: str = Field(examples=["x"])
    state: Literal["open", "waiting", "paused"] = Field(examples=["open"])
    why: str = Field(description="Why it waits or is paused.", examples=[""])
    closed_until: datetime | None = Field(description="Nothing is sent before.")
    last_sent_at: datetime | None
    failures: int = Field(description="In a row.", examples=[0])
    waiting: int = Field(description="Posts that wait for their turn on it.", examples=[0])
    ends: list[End]


class ChannelDocument(ChannelLine):
    """The same with what the network imposes."""

    title: str = Field(description="The network's name as people write it.", examples=["X"])
    text: TextLimits | None
    images: ImageLimits | None
    pace: PaceDocument | None
    posts_today: int = Field(description="Of those that `per_day` allows.", examples=[0])
    problem: StoredProblem | None = Field(description="Why its settings cannot be used; null if they can.")


class ChannelList(BaseModel):
    items: list[ChannelLine]


class Resumed(BaseModel):
    channel: str = Field(examples=["main"])
    posts: int = Field(description="How many had waited for it.", examples=[2])


class FindingLine(BaseModel):
    about: str = Field(examples=["channel main"])
    level: Literal["ok", "warning", "wrong"] = Field(examples=["ok"])
    ok: bool
    what: str = Field(examples=["It needs nothing from outside."])
    todo: str


class Checked(BaseModel):
    """What a look at the channel found; nothing was published."""

    ok: bool = Field(description="Whether a post would go through, as far as that can be found out.")
    findings: list[FindingLine]
    requests: list[str] = Field(
        description="Where the settings make the requests: those by which a sample post would be sent, secrets masked."
    )
