"""Whether other bytes under a known name are an edit of the photo, or another photo of the same name."""

from __future__ import annotations

from datetime import datetime, timedelta
from io import BufferedReader

from pressroom.metadata_reading.containers import find_blocks
from pressroom.metadata_reading.exif import read_exif

_HEAD_BYTES = 1 << 20
"""In a JPEG, EXIF is one of the first segments, of 64 KB at most each."""
_ROUNDING = timedelta(seconds=1)
_QUARTER = timedelta(minutes=15)


def taken_at(file: BufferedReader, most_bytes: int) -> datetime | None:
    """Return when EXIF says that the photo was taken, by its camera's clock and without a zone; moves the position."""
    file.seek(0)
    head = file.read(min(_HEAD_BYTES, most_bytes))
    if head[:2] != b"\xff\xd8":  # other formats may keep it at their end
        head += file.read(max(0, most_bytes - len(head)))
    # Only EXIF: what XMP and IPTC call the time of creation, editing programs add and round.
    moment = read_exif(find_blocks(head).exif, location=False).captured_at
    return moment.replace(tzinfo=None) if moment else None


def is_another_photo(before: datetime | None, after: datetime | None) -> bool:
    """Say so only if both tell when they were taken and it cannot be the same moment.

    An edit that is taken for another photo is posted a second time; another photo that is taken for an edit is kept
    back, which is told. So every doubt makes it an edit: sizes say nothing, since an edit may be a crop.
    """
    if before is None or after is None:
        return False
    gap = abs(after - before)
    # Who corrects the time zone, day or year of a camera moves it by whole quarters of an hour.
    beside = gap % _QUARTER
    return gap > _ROUNDING and min(beside, _QUARTER - beside) > _ROUNDING
