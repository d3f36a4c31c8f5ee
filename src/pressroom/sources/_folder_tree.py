"""Walks a folder and lists the files in it: which may be photos, which are still on their way, what cannot be read."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

# Names under which programs write a file before they rename it, or keep what it was before they changed it:
# rsync and most editors begin with a dot; browsers, rclone and WinSCP; exiftool; editors' backups; Syncthing.
_ON_THE_WAY = re.compile(
    r"^[.~]|~$|\.(part|partial|tmp|temp|filepart|crdownload|download|opdownload|swp|bak|orig)$|_original$|_exiftool_tmp$",
    re.IGNORECASE,
)
# Folders of thumbnails and of what was thrown away: Synology, macOS archives, Windows, Samba and Linux.
_NOT_ENTERED = re.compile(
    r"^(\..*|@eadir|@tmp|__macosx|\$recycle\.bin|system volume information|#recycle|lost\+found)$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class File:
    """A regular file as it was found."""

    path: str
    """Within the folder, with "/"."""
    size: int
    mtime_ns: int
    signature: str
    """The same as long as nobody wrote to the file; moving and renaming it keep it."""
    is_on_the_way: bool
    """Whether its name says that somebody is still writing it, or put it aside."""


@dataclass(slots=True)
class Tree:
    files: dict[str, File] = field(default_factory=dict)
    """By path."""
    troubles: dict[str, str] = field(default_factory=dict)
    """By path, in words: what is there and cannot be used."""
    is_whole: bool = True
    """Whether every folder could be read; if not, a file that is not listed may still be there."""


def read_tree(root: Path, *, recursive: bool, follow_links: bool) -> Tree:
    """List a folder. Raises OSError if it cannot be read itself; what is wrong further down is told in the answer."""
    tree = Tree()
    top = root.stat()
    entered = {(top.st_dev, top.st_ino)}
    waiting = [""]
    while waiting:
        folder = waiting.pop()
        try:
            entries = sorted(os.scandir(root / folder), key=lambda entry: entry.name)
        except FileNotFoundError:
            if not folder:
                raise
            continue
        except OSError as error:
            if not folder:
                raise
            tree.is_whole = False
            tree.troubles[folder] = f"the folder cannot be read ({error.strerror})"
            continue
        for path, entry, status in _usable(folder, entries, tree, follow_links):
            if stat.S_ISREG(status.st_mode):
                tree.files[path] = _file(path, entry.name, status)
            elif stat.S_ISDIR(status.st_mode) and recursive and not _NOT_ENTERED.match(entry.name):
                identity = (status.st_dev, status.st_ino)
                if identity not in entered:  # a link may lead back up
                    entered.add(identity)
                    waiting.append(path)
    return tree


def _usable(
    folder: str, entries: list[os.DirEntry[str]], tree: Tree, follow_links: bool
) -> Iterator[tuple[str, os.DirEntry[str], os.stat_result]]:
    for entry in entries:
        path = f"{folder}/{entry.name}" if folder else entry.name
        if not _is_text(entry.name):
            shown = path.encode(errors="replace").decode()
            tree.troubles[shown] = "its name is not UTF-8; rename it"
            continue
        if entry.is_symlink() and not follow_links:
            tree.troubles[path] = "it is a symbolic link, which is not followed (follow_links = true follows)"
            continue
        try:
            status = entry.stat()
        except FileNotFoundError:
            continue
        except OSError as error:
            tree.is_whole = False
            tree.troubles[path] = f"it cannot be looked at ({error.strerror})"
            continue
        yield path, entry, status


def _file(path: str, name: str, status: os.stat_result) -> File:
    return File(path, status.st_size, status.st_mtime_ns, signature(status), bool(_ON_THE_WAY.search(name)))


def signature(status: os.stat_result) -> str:
    return f"{status.st_size:x}.{status.st_mtime_ns:x}.{status.st_ino:x}"


def _is_text(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True
