"""Where a watched folder must not lie: Pressroom's own files would be found in it, and posted."""

from __future__ import annotations

from pathlib import Path

from pressroom.errors import ConfigurationError

STORES = ("assets", "data")
"""What lies in a workspace and is nobody's inbox: the originals and variants that are kept, and what is known."""


def refuse_own_files(root: Path, workspace: Path, name: str) -> None:
    """Raise if the folder is the workspace or above it, or in one of its stores; links are followed."""
    place = root.resolve()
    if workspace.resolve().is_relative_to(place):
        raise _refusal(name, f"{root} holds the workspace, whose own pictures would be taken.")
    for store in STORES:
        own = (workspace / store).resolve()
        if place.is_relative_to(own) or own.is_relative_to(place):
            what = f"{root} is where Pressroom keeps its own files ({store}); its own pictures would be taken."
            raise _refusal(name, what)


def _refusal(name: str, what: str) -> ConfigurationError:
    return ConfigurationError(
        f"[sources.{name}] path: {what}",
        todo="Choose a folder of its own, such as inbox.",
    )
