"""A stored story as it is read: its words with the moment at which each is heard, its picture and its sound."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from pressroom.errors import NotFound
from pressroom.media import Asset
from pressroom.ports import AssetIndex, BlobStore
from pressroom.story_text import Story

FOLDER = "stories/"
_WORDS_A_MINUTE = 150
"""Of somebody who reads to a child."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words of a line; a sentence where it is known when each is heard."""

    text: str
    at_seconds: float | None = None


Line = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class ToRead:
    """A story with those of its parts that are there by now."""

    story: Story
    asset: Asset
    title: Line
    paragraphs: tuple[tuple[Line, ...], ...]
    """Of each paragraph its lines: one in prose, several in verse."""
    picture: Asset | None
    sound: Asset | None

    @property
    def minutes(self) -> int:
        return max(1, round(self.story.words / _WORDS_A_MINUTE))

    @property
    def stays(self) -> timedelta | None:
        """How long it can be read from the day of its making on."""
        return self.asset.expires_at - self.asset.created_at if self.asset.expires_at else None

    @property
    def characters(self) -> str:
        names = [each.name for each in self.story.characters]
        return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def to_read(assets: AssetIndex, blobs: BlobStore, job_id: str, now: datetime) -> ToRead | None:
    """Return the story of a job; None if there is none, or its time is over."""
    found = {asset.key: asset for asset in assets.of_job(job_id) if asset.key.startswith(FOLDER) and _lives(asset, now)}
    asset = found.get(f"{FOLDER}{job_id}.json")
    if asset is None:
        return None
    try:
        story = Story.model_validate_json(blobs.get(asset.key, asset.revision))
        marks = _marks(found.get(f"{FOLDER}{job_id}.marks.json"), blobs)
    except NotFound:
        return None  # it has gone at this very moment
    lines = [_lines(story.spoken, start, end, marks) for start, end in story.places()]
    return ToRead(
        story=story,
        asset=asset,
        title=lines[0][0],
        paragraphs=tuple(lines[1:]),
        picture=next((one for one in found.values() if one.media_type.startswith("image/")), None),
        sound=next((one for one in found.values() if one.media_type.startswith("audio/")), None),
    )


def _lives(asset: Asset, now: datetime) -> bool:
    return asset.expires_at is None or asset.expires_at > now


def _marks(asset: Asset | None, blobs: BlobStore) -> list[tuple[int, float]]:
    """Return `(place in the spoken text, seconds)` of each mark."""
    if asset is None:
        return []
    return [(int(mark["start"]), float(mark["at"])) for mark in json.loads(blobs.get(asset.key, asset.revision))]


def _lines(spoken: str, start: int, end: int, marks: list[tuple[int, float]]) -> tuple[Line, ...]:
    lines, at = [], start
    for line in spoken[start:end].split("\n"):
        lines.append(tuple(_pieces(spoken, at, at + len(line), marks)))
        at += len(line) + 1
    return tuple(lines)


def _pieces(spoken: str, start: int, end: int, marks: list[tuple[int, float]]) -> Iterator[Piece]:
    """Cut a line where a mark begins; what goes on from the line before is heard with that."""
    before = [seconds for place, seconds in marks if place < start]
    within = [(place, seconds) for place, seconds in marks if start <= place < end]
    cuts = [(start, before[-1] if before else None)] if not within or within[0][0] > start else []
    cuts += within
    for (place, seconds), following in zip(cuts, [*(cut[0] for cut in cuts[1:]), end], strict=True):
        if spoken[place:following]:
            yield Piece(spoken[place:following], seconds)
