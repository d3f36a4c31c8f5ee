"""A problem that is stored with what it happened to; the error of a request itself is in `problems`."""

from __future__ import annotations

from pydantic import BaseModel, Field


class StoredProblem(BaseModel):
    what: str = Field(description="What happened, in one sentence.", examples=["The picture model is overloaded."])
    where: str = Field(description="To which thing.", examples=["step draw_picture"])
    todo: str = Field(description="What to do next.", examples=["Redrive it in a while."])
    kind: str = Field(description="The class of the error, for programs.", examples=["Unavailable"])
    detail: str = Field(description="What the other side said, without secrets.", examples=["HTTP 503"])
