"""A folder on this machine, or mounted into it: photos that are put into it are found as soon as they are complete."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from pressroom.errors import Unavailable
from pressroom.findings import Finding
from pressroom.log import log
from pressroom.media import media_type_of
from pressroom.photo_metadata import read_info
from pressroom.photos import PhotoInfo
from pressroom.sources._folder_check import findings
from pressroom.sources._folder_endings import Ending, ending_of
from pressroom.sources._folder_fetching import fetch_bytes
from pressroom.sources._folder_index import Index, Known, read_index
from pressroom.sources._folder_place import refuse_own_files
from pressroom.sources._folder_reading import (
    StillWritten,
    Unusable,
    content_of,
    is_picture,
    opened,
    shown,
    sidecar_of,
    why_no_picture,
)
from pressroom.sources._folder_recognition import taken_at
from pressroom.sources._folder_settings import FolderSettings
from pressroom.sources._folder_settling import Settling
from pressroom.sources._folder_tree import File, Tree, read_tree, signature
from pressroom.sources._folder_watch import Watch
from pressroom.sources.base import Item, Original, Page, Setup, Source

PAGE = 50
PAGE_SECONDS = 0.25
"""A page that took longer to read is handed on as it is, so that the first posts do not wait for the last file."""
FORGOTTEN_AFTER = timedelta(minutes=1)
"""How long a path keeps its photo after the file is gone: some programs remove a file and write it anew, but a
camera begins again with the same names."""


class Folder(Source):
    Settings = FolderSettings
    is_local = True

    def __init__(self, setup: Setup) -> None:
        super().__init__(setup)
        settings: FolderSettings = setup.settings
        self._settings = settings
        self.root = setup.workspace / Path(settings.path).expanduser()
        refuse_own_files(self.root, setup.workspace, setup.name)
        self._settling = Settling(settings.settle_seconds, setup.clock)
        self._watch = Watch(self.root, self._interrupted)
        self._last: tuple[str, Index] | None = None
        self._no_pictures: dict[str, str] = {}
        """Signatures by path, so that each is looked into once."""
        self._troubles: dict[str, str] = {}
        self._look_seconds = 0.0
        self._is_looked_through = False

    def look(self, cursor: str) -> Iterator[Page]:
        began, self._is_looked_through = time.monotonic(), False
        tree = self._tree()
        index, self._last = self._index(cursor), None
        self._follow_moves(index, tree)
        new = [file for file in tree.files.values() if not index.is_seen(file.path, file.signature)]
        new = [file for file in new if self._no_pictures.get(file.path) != file.signature]
        self._settling.observe(new)
        self._look_seconds = time.monotonic() - began
        items: list[Item] = []
        began = time.monotonic()
        for file in sorted(new, key=lambda file: (file.mtime_ns, file.path)):
            if not self._settling.is_complete(file, partial(self._ending_of, file)):
                continue
            item = self._take(file, index, tree)
            items += [item] if item else []
            if len(items) == PAGE or (items and time.monotonic() - began > PAGE_SECONDS):
                yield self._page(items, index)
                items, self._last, began = [], None, time.monotonic()
        self._tell(tree)
        self._is_looked_through = True
        if items or index.is_changed:
            yield self._page(items, index)
        else:
            self._last = cursor, index

    def fetch(self, item: Item) -> Original:
        found = fetch_bytes(self.root, self._settings, item, self.setup.clock)
        sidecar = sidecar_of(self.root, found.path, follow_links=self._settings.follow_links)
        info = read_info(found.data, name=shown(found.path), location=self._settings.location, sidecar=sidecar)
        return Original(data=found.data, media_type=media_type_of(found.data), info=info, sha256=found.sha256)

    def wait(self, seconds: float) -> None:
        left = self._settling.seconds_left()
        # After a look that failed or was given up, it is the caller who knows when to try again.
        if left is not None and self._is_looked_through:
            seconds = min(seconds, left)
        # A large folder that is being filled is not looked through without a pause.
        pause = min(seconds, 3 * self._look_seconds)
        if self._interrupted.wait(pause):
            seconds = pause
        self._watch.wait(seconds - pause)

    def check(self) -> list[Finding]:
        return findings(self.root, self._settings, self._is_ours)

    @property
    def _is_ours(self) -> bool:
        """Whether the folder lies in the workspace, so that it is made when it is missing."""
        return self.root.resolve().is_relative_to(self.setup.workspace.resolve())

    def _tree(self) -> Tree:
        try:
            if self._is_ours:
                self.root.mkdir(parents=True, exist_ok=True)
            return read_tree(self.root, recursive=self._settings.recursive, follow_links=self._settings.follow_links)
        except OSError as error:
            raise Unavailable(
                f"The folder {self.root} cannot be read: {error.strerror}.",
                where=f"sources.{self.setup.name}",
                todo="Mount or make it, or mend its rights; it is looked for again by itself.",
            ) from error

    def _index(self, cursor: str) -> Index:
        if self._last and self._last[0] == cursor:
            return self._last[1]
        try:
            return read_index(cursor)
        except ValueError as error:
            # Left by a source of another kind that had this name. What it posted is known by other ids.
            log.warning("a folder is read from the beginning", source=self.setup.name, why=str(error))
            return Index()

    def _page(self, items: list[Item], index: Index) -> Page:
        cursor = index.cursor()
        self._last = cursor, index
        return Page(items=tuple(items), cursor=cursor)

    def _follow_moves(self, index: Index, tree: Tree) -> None:
        """Take in files that were only moved, without reading them, and forget paths whose photo is elsewhere."""
        known_files = {known.signature: known for known in index.files.values()}
        there = {file.path: file for file in tree.files.values() if not file.is_on_the_way}
        elsewhere = {file.signature for file in there.values()}
        now = self.setup.clock.now()
        for path, known in list(index.files.items()):
            file = there.get(path)
            has_moved = (file is None or file.signature != known.signature) and known.signature in elsewhere
            if has_moved or _is_over(known, file, tree, now):
                index.forget(path)
            elif file is not None:
                index.note_gone(path, None)
            elif tree.is_whole:
                index.note_gone(path, min(known.gone_since or now, now))
        for path, file in there.items():
            if (seen := known_files.get(file.signature)) and not index.is_seen(path, file.signature):
                index.take(path, file.signature, seen.content, seen.taken_at)

    def _ending_of(self, file: File) -> Ending:
        try:
            with opened(self.root, file.path, follow_links=self._settings.follow_links) as stream:
                return ending_of(stream)
        except OSError:
            return Ending.UNSURE  # what is wrong with it is told when it is read

    def _take(self, file: File, index: Index, tree: Tree) -> Item | None:
        """Read a complete file; return the photo if it is new or was changed."""
        content = taken = None
        try:
            content, taken = self._content(file)
        except StillWritten:
            return None  # it is settling again, under a new signature
        except FileNotFoundError:
            pass  # it is as if it had never been there
        except Unusable as error:
            tree.troubles[file.path] = str(error.strerror)
        except OSError as error:
            tree.troubles[file.path] = f"it cannot be read: {error.strerror}"
        self._settling.done_with(file)
        id = content and index.take(file.path, file.signature, content, taken)
        if not content or not id:
            return None
        info = PhotoInfo(name=shown(file.path))
        return Item(id=id, version=content, info=info, data={"path": file.path, "size": file.size})

    def _content(self, file: File) -> tuple[str | None, datetime | None]:
        """Return what names the file's bytes, None if they are no picture; and when the photo was taken."""
        with opened(self.root, file.path, follow_links=self._settings.follow_links) as stream:
            if not is_picture(stream):
                self._no_pictures[file.path] = file.signature
                if why := why_no_picture(stream, file.path):
                    self._warn(file.path, why)
                return None, None
            if file.size > self._settings.max_bytes:
                raise Unusable(None, f"{file.size:,} bytes are more than max_bytes, {self._settings.max_bytes:,}")
            content, taken = content_of(stream), taken_at(stream, self._settings.max_bytes)
            if signature(os.fstat(stream.fileno())) != file.signature:
                raise StillWritten
            return content, taken

    def _tell(self, tree: Tree) -> None:
        """Log what cannot be used, each thing once."""
        for path, why in tree.troubles.items():
            if self._troubles.get(path) != why:
                self._warn(path, why)
        self._troubles = tree.troubles

    def _warn(self, path: str, why: str) -> None:
        log.warning("something in a folder is left alone", source=self.setup.name, path=path, why=why)


def _is_over(known: Known, file: File | None, tree: Tree, now: datetime) -> bool:
    """Say whether what comes to lie at a path, or lies there by now, is another photo, since it was free for long."""
    if known.gone_since is None or now - known.gone_since < FORGOTTEN_AFTER:
        return False
    if file is None:
        return tree.is_whole
    # It came back while nobody looked: an edit is written soon.
    return file.mtime_ns / 1e9 >= (known.gone_since + FORGOTTEN_AFTER).timestamp()
