"""The documents of publications and of what is held, as the API's description shows them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from pressroom.approvals import Decision
from pressroom.desk import Resolution
from pressroom.entrypoints.api.events_shapes import JOB_ID
from pressroom.entrypoints.api.problem_shapes import StoredProblem
from pressroom.publications import PublicationState

PUBLICATION_ID = "pub_0197f3c2a1b07c0e8a51d2f0c3b4a596"


class PostMedia(BaseModel):
    key: str = Field(description="The asset's key.", examples=["images/october_31_0_Cake.jpg"])
    revision: int = Field(examples=[1])
    media_type: str = Field(examples=["image/jpeg"])
    width: int = Field(examples=[1600])
    height: int = Field(examples=[900])
    alt_text: str = Field(examples=["A cake with seven candles"])


class PostDocument(BaseModel):
    """What is to be sent, as it was written for its channel."""

    text: str = Field(examples=["National Cake Day! #cake"])
    media: list[PostMedia]
    link: str = Field(examples=[""])
    title: str = Field(examples=["National Cake Day"])
    about: dict[str, Any] = Field(description="What the pipeline knows of it.", examples=[{"day": "2026-10-31"}])
    publish_at: datetime | None = Field(description="Not before; null for as soon as the channel lets it.")
    by_hand: bool = Field(description="Whether a person has changed it.", examples=[False])


class AttemptLine(BaseModel):
    """One time that the call which makes the post public was begun."""

    number: int = Field(examples=[1])
    started_at: datetime
    outcome: Literal["unknown", "published", "refused", "absent"] = Field(examples=["published"])
    absent_at: list[datetime] = Field(description="The readings that did not find the post.")


class PublicationLine(BaseModel):
    """One post on one channel with its state."""

    id: str = Field(examples=[PUBLICATION_ID])
    job_id: str = Field(examples=[JOB_ID])
    pipeline: str = Field(examples=["daily_post"])
    channel: str = Field(examples=["main"])
    network: str = Field(examples=["x"])
    state: PublicationState = Field(examples=["published"])
    remote_id: str | None = Field(description="The network's id of the post.", examples=["1790000000000000001"])
    url: str | None = Field(examples=["https://x.com/pressroom/status/1790000000000000001"])
    published_at: datetime | None
    attempts: int = Field(examples=[1])
    attempt_history: list[AttemptLine]
    problem: StoredProblem | None = Field(description="Why it is rejected, held or waiting.")
    due_at: datetime | None = Field(description="When it is tried next, while scheduled.")
    post: PostDocument
    created_at: datetime


class Known(BaseModel):
    """What a person needs to decide; which of it there is depends on why the post is held."""

    model_config = ConfigDict(extra="allow")

    text: str = Field(examples=["National Cake Day! #cake"])


class PublicationDocument(PublicationLine):
    actions: list[Resolution] = Field(description="What can be decided; empty unless it is held.")
    known: Known | None = Field(
        description="What is known of a held post: attempts, and what was found on the network."
    )


class HeldPost(BaseModel):
    """A post that waits for a person."""

    publication_id: str | None = Field(
        description="Null for a post that was flagged before it was sent; it goes by its job.",
        examples=[PUBLICATION_ID],
    )
    job_id: str = Field(examples=[JOB_ID])
    channel: str = Field(description="Empty for a flagged post.", examples=["main"])
    network: str = Field(examples=["x"])
    reason: str = Field(examples=["Nobody can tell whether the post is on main."])
    todo: str = Field(examples=["Look there, then say so."])
    known: Known
    actions: list[Resolution | Decision] = Field(examples=[["it_is_there", "send_again", "give_up"]])
    since: datetime
    pipeline: str | None = Field(None, description="Of a flagged post.", examples=["daily_post"])
    step: str | None = Field(None, description="Of a flagged post: which of its job's it is.")
    decide_at: dict[str, str] = Field(
        description="By action, the address that a decision is posted to.",
        examples=[{"give_up": f"/api/v1/publications/{PUBLICATION_ID}/resolve"}],
    )


class Resolve(BaseModel):
    """What a person found out about a held post, or has decided."""

    model_config = ConfigDict(extra="forbid")

    action: Resolution = Field(
        description="`it_is_there`, with its url or remote_id; `send_again`, if it surely is not; `give_up`.",
        examples=["it_is_there"],
    )
    url: str = Field("", max_length=2000, examples=["https://x.com/pressroom/status/1790000000000000001"])
    remote_id: str = Field("", max_length=500, description="The network's id.", examples=["1790000000000000001"])


class Consent(BaseModel):
    """A decision about a post that was flagged before it was sent."""

    model_config = ConfigDict(extra="forbid")

    comment: str = Field("", max_length=2000, description="Why; it is kept.", examples=["The word is a name."])
    step: str = Field(
        "", max_length=500, description="Which post, where several of one job wait; as `/held` names it.", examples=[""]
    )
