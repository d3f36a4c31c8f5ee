"""The documents that the analytics' addresses answer with, as the API's description shows them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

_COUNTS = {"likes": 12, "comments": 2, "shares": 1, "views": 340, "clicks": None, "saves": None}
_NO_BOUNDS = dict.fromkeys(_COUNTS)


def _shown(**example: Any) -> ConfigDict:
    return ConfigDict(json_schema_extra={"example": example})


class Counts(BaseModel):
    """What people did with a post; null: nobody knows, which is not 0."""

    model_config = _shown(**_COUNTS)

    likes: int | None
    comments: int | None
    shares: int | None = Field(description="Reposts and quotes together.")
    views: int | None
    clicks: int | None
    saves: int | None


class Picture(BaseModel):
    key: str = Field(description="The asset's key.", examples=["images/october_31_0_Cake.jpg"])
    revision: int = Field(examples=[1])
    width: int = Field(examples=[1600])
    height: int = Field(examples=[900])
    alt_text: str = Field(examples=["A cake with seven candles"])


class PostLine(BaseModel):
    """One post on one channel."""

    publication_id: str = Field(examples=["pub_0197f3c2a1b07c0e8a51d2f0c3b4a596"])
    job_id: str = Field(examples=["job_0197f3c2a0c47d1f9b62e3a1d4c5b6a7"])
    pipeline: str = Field(description="Empty if the log did not name it yet.", examples=["daily_post"])
    channel: str = Field(examples=["main"])
    network: str = Field(examples=["x"])
    state: str = Field(description="`requested`, `published`, `rejected` or `held`.", examples=["published"])
    day: date = Field(description="Of publishing, in UTC; while it is not published, of where it stands.")
    requested_at: datetime
    published_at: datetime | None
    remote_id: str | None = Field(description="The network's id of the post.", examples=["1790000000000000001"])
    url: str | None = Field(examples=["https://x.com/pressroom/status/1790000000000000001"])
    title: str = Field(description="Empty once its job has expired.", examples=["National Cake Day"])
    text: str = Field(description="Empty once its job has expired.", examples=["National Cake Day! #cake"])
    image: Picture | None = Field(description="The first picture; null once its job has expired.")
    why: str | None = Field(description="Why it is rejected or held.", examples=[None])
    attempts: int = Field(examples=[1])
    counts: Counts
    as_of: datetime | None = Field(description="When the network told the counts; null: it never has.")
    at_least: Counts = Field(
        description="For counts that no reading tells: how many notices came of it, a bound from below.",
        examples=[_NO_BOUNDS],
    )
    noticed: dict[str, int] = Field(
        description="All notices that a network sent, by kind; they are not added to the counts.",
        examples=[{"comment": 2}],
    )


class Posts(BaseModel):
    as_of: datetime | None = Field(description="The newest reading on this page.")
    posts: list[PostLine]
    next: str | None = Field(
        description="The address of the next page; null on the last one.",
        examples=["/api/v1/analytics/posts?limit=50&before=pub_0197f3c2a1b07c0e8a51d2f0c3b4a596"],
    )


class CountSum(BaseModel):
    model_config = _shown(sum=12, posts=3, at_least=0)

    sum: int | None = Field(description="Of the posts whose count is known; null if it is known of none.")
    posts: int = Field(description="Of how many posts the count is known.")
    at_least: int = Field(description="What notices tell of the posts whose count is not known; not in the sum.")


class CountSums(BaseModel):
    likes: CountSum
    comments: CountSum
    shares: CountSum
    views: CountSum
    clicks: CountSum
    saves: CountSum


class TallyLine(BaseModel):
    posts: int = Field(description="All of them, whatever became of them.", examples=[4])
    published: int = Field(examples=[3])
    rejected: int = Field(description="Refused by the network, or given up by a person.", examples=[1])
    held: int = Field(description="Waiting for a person.", examples=[0])
    under_way: int = Field(description="Requested, and without an outcome yet.", examples=[0])
    attempts: int = Field(description="Times that a post was sent.", examples=[5])
    counts: CountSums
    noticed: dict[str, int] = Field(examples=[{"comment": 2}])
    as_of: datetime | None = Field(description="The newest reading among these posts; others may be older.")


class ChannelLine(TallyLine):
    channel: str = Field(examples=["main"])
    network: str = Field(examples=["x"])


class PipelineLine(TallyLine):
    pipeline: str = Field(examples=["daily_post"])


class DayLine(TallyLine):
    day: date = Field(description="Of publishing, in UTC.", examples=["2026-10-31"])


class Channels(BaseModel):
    as_of: datetime | None
    channels: list[ChannelLine]


class Pipelines(BaseModel):
    as_of: datetime | None
    pipelines: list[PipelineLine]


class Days(BaseModel):
    as_of: datetime | None
    days: list[DayLine] = Field(description="The newest first; a day without posts is left out.")
