"""How a key and a revision become a file's name, and which keys may become one at all. Pure."""

from __future__ import annotations

import re

from pressroom.errors import BadInput

# S3 takes 1,024 bytes for a key (https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html, 2026-11-20);
# a revision must fit in as well.
LONGEST_KEY_BYTES = 1000
# ext4, XFS, Btrfs and APFS take 255 bytes for a name; a revision must fit in as well.
LONGEST_SEGMENT_BYTES = 240
LARGEST_REVISION = 10**9

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_SUFFIX = re.compile(r"(?<=.)\.(?!r[1-9][0-9]*$)[^.]+$")
_REVISION = re.compile(r"(?<=.)\.r([1-9][0-9]*)$")


def segments_of(key: str) -> list[str]:
    """Split a key at its slashes; raises `BadInput` for one that must not become a path."""
    if reason := _objection(key):
        raise BadInput(
            f"{key[:200]!r} cannot be the key of an asset: {reason}.",
            todo="Use a relative path such as images/january_14_0_DressUpYourPet.jpg.",
        )
    return key.split("/")


def _objection(key: str) -> str:
    if not key:
        return "it is empty"
    if _CONTROL.search(key):
        return "it holds a control character"
    if len(key.encode()) > LONGEST_KEY_BYTES:
        return f"it is longer than {LONGEST_KEY_BYTES} bytes"
    if key.startswith("/"):
        return "it is an absolute path"
    if "\\" in key:
        return "its parts are parted by /, and it holds a \\"
    for segment in key.split("/"):
        if not segment:
            return "one of its parts is empty"
        if segment.startswith("."):
            return f"its part {segment!r} begins with a dot"
        if len(segment.encode()) > LONGEST_SEGMENT_BYTES:
            return f"one of its parts is longer than {LONGEST_SEGMENT_BYTES} bytes"
    return ""


def file_name(name: str, revision: int) -> str:
    """Return the name of the file that holds a revision of the key whose last part is `name`.

    Revision 1 of `pet.jpg` is `pet.jpg`, revision 2 is `pet.r2.jpg`. A name that itself looks like a revision
    always carries a second one: revision 1 of the key `pet.r2.jpg` is `pet.r2.r1.jpg`. So no two are the same.
    """
    if not 1 <= revision <= LARGEST_REVISION:
        raise BadInput(f"{revision} is no revision; they are counted from 1.")
    stem, suffix = _split(name)
    if revision == 1 and not _REVISION.search(stem):
        return name
    return f"{stem}.r{revision}{suffix}"


def _split(name: str) -> tuple[str, str]:
    found = _SUFFIX.search(name)
    return (name[: found.start()], found[0]) if found else (name, "")
