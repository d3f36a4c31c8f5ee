"""What `[sources.NAME]` may set for a folder."""

from __future__ import annotations

from pydantic import Field

from pressroom.sources.base import SourceSettings


class FolderSettings(SourceSettings):
    path: str = Field("inbox", min_length=1)
    """The folder; one that is not absolute lies in the workspace."""
    recursive: bool = True
    """Whether folders within it are looked through too."""
    follow_links: bool = False
    """Whether symbolic links are followed, also out of the folder."""
    settle_seconds: float = Field(0.5, ge=0, le=3600)
    """How long a file must stand still until it counts as complete; a fifth of it if its format shows that it is."""
    max_bytes: int = Field(200_000_000, gt=0)
    """A larger file is left alone."""
