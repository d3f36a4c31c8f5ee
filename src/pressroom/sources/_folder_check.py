"""What somebody is told who asks whether a folder can be read. It changes nothing."""

from __future__ import annotations

from pathlib import Path

from pressroom.findings import Finding
from pressroom.sources._folder_reading import is_picture, opened
from pressroom.sources._folder_settings import FolderSettings
from pressroom.sources._folder_tree import Tree, read_tree

_MOST_NAMED = 5
_SIDECARS = (".xmp",)
# File systems of other machines, whose changes the system does not tell of. proc(5), mount(8), 2026-11-20
_REMOTE = {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "glusterfs", "vboxsf", "virtiofs", "davfs"}


def findings(root: Path, settings: FolderSettings, is_ours: bool) -> list[Finding]:
    if is_ours and not root.exists():
        return [Finding(ok=True, what=f"The folder {root} is not there yet; it is made with the first look.")]
    try:
        tree = read_tree(root, recursive=settings.recursive, follow_links=settings.follow_links)
    except OSError as error:
        what = f"The folder {root} cannot be read: {error.strerror}."
        return [Finding(ok=False, what=what, todo="Mount or make it, or mend its rights.")]
    return [*_contents(root, settings, tree), *_remote(root, settings)]


def _contents(root: Path, settings: FolderSettings, tree: Tree) -> list[Finding]:
    pictures, others = 0, []
    for file in tree.files.values():
        if file.is_on_the_way:
            continue
        try:
            with opened(root, file.path, follow_links=settings.follow_links) as stream:
                is_one = is_picture(stream)
        except FileNotFoundError:
            continue
        except OSError as error:
            tree.troubles[file.path] = f"it cannot be read: {error.strerror}"
            continue
        if is_one and file.size > settings.max_bytes:
            tree.troubles[file.path] = f"{file.size:,} bytes are more than max_bytes, {settings.max_bytes:,}"
        elif is_one:
            pictures += 1
        elif not file.path.lower().endswith(_SIDECARS):
            others.append(file.path)
    found = [Finding(ok=True, what=f"The folder {root} can be read; photos in it: {pictures}.")]
    if others:
        found.append(Finding(ok=True, what=f"No pictures by their first bytes, and left alone: {_some(others)}."))
    if tree.troubles:
        said = _some([f"{path} ({why})" for path, why in sorted(tree.troubles.items())])
        found.append(Finding(ok=True, what=f"Left alone: {said}.", todo="Mend that if they are to be posted."))
    return found


def _some(names: list[str]) -> str:
    more = len(names) - _MOST_NAMED
    return ", ".join(names[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def _remote(root: Path, settings: FolderSettings) -> list[Finding]:
    kind = _file_system(root)
    if kind not in _REMOTE and not kind.startswith("fuse."):
        return []
    return [
        Finding(
            ok=True,
            what=f"The folder is on a file system ({kind}) that may not tell of changes; it is looked through every "
            f"{settings.every_seconds:g} seconds.",
            todo="Set every_seconds lower if photos should be found sooner.",
        )
    ]


def _file_system(root: Path) -> str:
    """Return the kind of the file system that a folder lies on; empty where the system does not say."""
    try:
        lines = Path("/proc/self/mounts").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    path, longest, kind = root.resolve(), -1, ""
    for line in lines:
        _, place, found, *_ = line.split(" ")
        # The kernel writes a space in a path as \\040.
        mounted = Path(place.encode().decode("unicode_escape"))
        if path.is_relative_to(mounted) and len(mounted.parts) >= longest:
            longest, kind = len(mounted.parts), found
    return kind
