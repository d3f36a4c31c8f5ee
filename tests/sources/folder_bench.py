"""A folder source over a temporary workspace, with a clock that the test moves."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any, cast

from PIL import Image

from pressroom.sources.base import Item, Page, Setup
from pressroom.sources.folder import Folder
from pressroom.testing.clock import ManualClock


def picture(number: int, kind: str = "JPEG", size: tuple[int, int] = (24, 16), **how: Any) -> bytes:
    """Return the bytes of a picture with the number in it, as black and white bars."""
    image = Image.new("RGB", size)
    for bit in range(12):
        if number >> bit & 1:
            image.paste("white", (size[0] * bit // 12, 0, size[0] * (bit + 1) // 12, size[1]))
    stream = io.BytesIO()
    image.save(stream, kind, **how)
    return stream.getvalue()


class FolderBench:
    def __init__(self, workspace: Path, **settings: Any) -> None:
        self.workspace = workspace
        self.settings = settings
        self.clock = ManualClock()
        self.inbox = workspace / "inbox"
        self.inbox.mkdir(exist_ok=True)
        self.cursor = ""
        self.folder = self.again()

    def again(self) -> Folder:
        """Make the source anew, as another process would, which knows nothing but the cursor."""
        settings = Folder.Settings(**{"use": "folder", **self.settings})
        # A folder needs no secrets; to ask for one would be an error here.
        setup = Setup(
            name="inbox", settings=settings, workspace=self.workspace, secrets=cast(Any, None), clock=self.clock
        )
        self.folder = Folder(setup)
        return self.folder

    def put(self, path: str, data: bytes) -> Path:
        file = self.inbox / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
        return file

    def pages(self) -> list[Page]:
        """Look once, keeping each cursor as the caller of a source does."""
        found = []
        for page in self.folder.look(self.cursor):
            self.cursor = page.cursor
            found.append(page)
        return found

    def found(self, seconds: float = 1) -> list[Item]:
        """Look, let files settle for so long, and look again."""
        first = self.pages()
        self.clock.advance(seconds=seconds)
        return [item for page in [*first, *self.pages()] for item in page.items]

    def names(self, seconds: float = 1) -> list[str]:
        return [item.info.name for item in self.found(seconds)]
