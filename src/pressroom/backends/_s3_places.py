"""Where on S3 an asset lies: in which of a deployment's buckets, and under which name. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from pressroom.backends._file_names import file_name, segments_of

PROCESSED_PREFIXES = ("processed/",)
"""Keys that begin so lie in the second bucket: what the reading of uploaded pictures draws."""


@dataclass(frozen=True, slots=True)
class Buckets:
    assets: str
    processed: str


@dataclass(frozen=True, slots=True)
class Place:
    bucket: str
    name: str
    """The object's key on S3; of an asset's first revision its own key."""

    def __str__(self) -> str:
        return f"s3://{self.bucket}/{self.name}"


def buckets_of(deployment: str, account: str) -> Buckets:
    """Return the names of a deployment's buckets; the account is in them since they are unique in all of AWS."""
    return Buckets(f"{deployment}-assets-{account}", f"{deployment}-processed-{account}")


def place_of(buckets: Buckets, key: str, revision: int) -> Place:
    """Return where a revision lies; raises `BadInput` for what cannot be a key or a revision."""
    *folders, plain = segments_of(key)
    name = "/".join([*folders, file_name(plain, revision)])
    return Place(buckets.processed if key.startswith(PROCESSED_PREFIXES) else buckets.assets, name)
