"""Text recognised in a picture: its lines, how sure each is, and where it stands."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class RecognitionRequest(BaseModel):
    """A picture whose text is to be read. Where the request is written down, the digest stands for the bytes."""

    model_config = ConfigDict(frozen=True)

    sha256: str
    media_type: str
    data: bytes = Field(exclude=True, repr=False)


class TextLine(BaseModel):
    """One line of text."""

    model_config = ConfigDict(frozen=True)

    text: str
    confidence: float = Field(ge=0, le=1)
    box: tuple[tuple[float, float], tuple[float, float], tuple[float, float], tuple[float, float]]
    """Its corners in pixels of the picture as it is looked at (its orientation applied): from the top left of the
    text clockwise, so that the first side is the one along which it reads, however it is turned."""


class RecognisedText(BaseModel):
    """Everything that was read in one picture, in reading order; without lines there is no text in it."""

    model_config = ConfigDict(frozen=True)

    lines: tuple[TextLine, ...] = ()
    width: int
    """Of the picture as it is looked at, in pixels."""
    height: int

    @property
    def text(self) -> str:
        return "\n".join(line.text for line in self.lines)
