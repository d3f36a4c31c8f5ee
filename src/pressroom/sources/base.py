"""What a source is: something that is looked at again and again, and finds photos that are new or were changed."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from pressroom.findings import Finding
from pressroom.photos import PhotoInfo
from pressroom.ports import Clock, Secrets


class SourceSettings(BaseModel):
    """The settings of one `[sources.NAME]` section; a source extends it with its own."""

    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)

    use: str
    """The source's module name."""
    location: bool = False
    """Whether where a photo was taken may be told."""
    every_seconds: float = Field(300, gt=0)
    """How long after one look the next one comes, where nothing tells of changes earlier."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """What a source is given."""

    name: str
    """Of its section: "inbox" for `[sources.inbox]`."""
    settings: Any
    """Of the source's own `Settings`."""
    workspace: Path
    secrets: Secrets = field(repr=False)
    clock: Clock

    def secret(self, name: str) -> str | None:
        return self.secrets.get(f"sources.{self.name}.{name}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One photo as the source has it now. Looking finds it; its bytes are fetched later, by the job that it starts."""

    id: str
    """The same for the same photo, after edits, moves and renaming too."""
    version: str
    """Another one after each edit, never one that was there before."""
    info: PhotoInfo
    data: dict[str, Any] = field(default_factory=dict)
    """JSON: what `fetch` needs beside the id."""


class FoundPhoto(BaseModel):
    """What a pipeline with the trigger `Poll` takes as its input `found`: which photo, as the source had it."""

    source: str
    id: str
    version: str
    info: PhotoInfo
    data: dict[str, Any] = {}
    is_edit: bool = False
    """Whether an earlier version of the photo was found before."""

    @property
    def item(self) -> Item:
        return Item(id=self.id, version=self.version, info=self.info, data=self.data)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Some items, and from where the next look goes on once they are all taken in."""

    items: tuple[Item, ...]
    cursor: str
    """The source's own word; empty: from the beginning."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """The bytes of one photo, and what is known of it now that they have been read."""

    data: bytes = field(repr=False)
    media_type: str
    info: PhotoInfo
    sha256: str = ""
    """Of the data, in hexadecimal digits, if the source had to count it anyway; else it is counted when stored."""


class Source(ABC):
    """Made once per process. Names of modules are the names that `use = "…"` knows."""

    Settings: ClassVar[type[SourceSettings]] = SourceSettings
    needs_secrets: ClassVar[tuple[tuple[str, ...], ...]] = ()
    """Sets of names under the source's section, one of which must be complete."""
    takes_secrets: ClassVar[tuple[str, ...]] = ()
    """Further names that it reads where they are set."""
    is_local: ClassVar[bool] = False
    """Whether `check` asks nothing beyond this machine, so that it is done without a network too."""

    def __init__(self, setup: Setup) -> None:
        self.setup = setup
        self._interrupted = threading.Event()

    @abstractmethod
    def look(self, cursor: str) -> Iterator[Page]:
        """Yield what is new or changed since `cursor`, page by page; may yield what was found before.

        Each page's cursor is stored after its items are taken in, so that a look that was cut off goes on there.
        Raises `Unavailable` or `RateLimited` for what may pass, `AccountDisconnected` for a person to act.
        """

    @abstractmethod
    def fetch(self, item: Item) -> Original:
        """Return the photo's bytes; raises `NotFound` if it is gone, and what `look` raises."""

    def wait(self, seconds: float) -> None:
        """Sleep for so long, or until something may be new, or until `interrupt` was called since the last `wait`."""
        self._interrupted.wait(seconds)
        self._interrupted.clear()

    def interrupt(self) -> None:
        """Have the `wait` of another thread, or else the next one, return at once; may be called at any time."""
        self._interrupted.set()

    def check(self) -> list[Finding]:
        """Look whether the source can be read."""
        return []
