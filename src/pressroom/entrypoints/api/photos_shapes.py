"""The documents that the photos' addresses answer with, as the API's description shows them."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, Field

from pressroom.entrypoints.api.analytics_shapes import Counts

_KEY = "photos/inbox/1f0c9a.jpg"


class PhotoFile(BaseModel):
    """One revision of the original, or of a variant."""

    key: str = Field(description="The asset's key.", examples=[_KEY])
    revision: int = Field(examples=[1])
    media_type: str = Field(examples=["image/jpeg"])
    bytes: int = Field(examples=[4182034])
    width: int | None = Field(description="Pixels.", examples=[6000])
    height: int | None = Field(description="Pixels.", examples=[4000])
    stored_at: datetime
    job_id: str | None = Field(examples=["job_0197f3c2a0c47d1f9b62e3a1d4c5b6a7"])
    url: str = Field(
        description="Signed: opens the bytes for a day or two, for whoever has it.",
        examples=[f"/assets/{_KEY}?revision=1&expires=1795046400&signature=…"],
    )


class VariantFile(PhotoFile):
    original_revision: int | None = Field(description="The revision that it was made from.", examples=[1])
    channels: list[str] = Field(description="For which channels it was made, if that is known.", examples=[["main"]])


class PhotoPost(BaseModel):
    """A post of the photo on one channel."""

    publication_id: str
    job_id: str | None
    channel: str = Field(examples=["main"])
    network: str = Field(examples=["x"])
    state: str = Field(description="`requested`, `published`, `rejected` or `held`.", examples=["published"])
    why: str | None = Field(description="Why it is rejected or held.", examples=[None])
    attempts: int = Field(examples=[1])
    requested_at: datetime
    published_at: datetime | None
    remote_id: str | None
    url: str | None
    media: list[str] = Field(description="The keys of the variants that were sent.")
    counts: Counts
    at_least: Counts = Field(description="What notices tell of counts that no reading tells.")
    noticed: dict[str, int] = Field(examples=[{"comment": 2}])
    as_of: datetime | None = Field(description="When the network told the counts.")


class HistoryEntry(BaseModel):
    at: datetime
    type: str = Field(description="The type of the event.", examples=["PostPublished"])
    channel: str
    publication_id: str
    url: str | None
    said: str | None = Field(description="Why, or what a person decided.")


class Photo(BaseModel):
    id: str = Field(examples=["photo_5e1f0a9c3b7d2468ace0"])
    source: str = Field(description="The source's name in the settings.", examples=["inbox"])
    photo_id: str = Field(description="The source's own id of the photo.")
    arrived_at: datetime
    title: str = Field(examples=["Dunes before sunrise"])
    caption: str
    alt_text: str
    keywords: list[str] = Field(examples=[["dunes", "morning"]])
    captured_at: str | None = Field(
        description="As the camera said it, so often without a zone.", examples=["2026-10-30T06:12:00"]
    )
    revisions: list[PhotoFile] = Field(description="Of the original, the newest last.")
    variants: list[VariantFile]
    posts: list[PhotoPost]
    history: list[HistoryEntry]


class Photos(BaseModel):
    photos: list[Photo]
    next: str | None = Field(description="The address of the next page; null on the last one.")
