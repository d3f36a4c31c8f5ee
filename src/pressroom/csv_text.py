"""Writes rows as CSV (RFC 4180) of which no spreadsheet runs anything as a formula. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence

_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a spreadsheet may take for a formula, in full width too: OWASP, "CSV Injection", 2026-11-20."""


def as_csv(columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> Iterator[str]:
    """Yield a header and a line for each row, each ended by CR LF; None is an empty field.

    A text that begins like a formula gets an apostrophe before it, which a spreadsheet takes for "this is text".
    """
    yield _line(columns)
    for row in rows:
        yield _line([_field(row.get(column)) for column in columns])


def _line(fields: Sequence[object]) -> str:
    written = io.StringIO(newline="")
    csv.writer(written, lineterminator="\r\n").writerow(fields)
    return written.getvalue()


def _field(value: object) -> object:
    if isinstance(value, str) and value.startswith(_BEGINS_A_FORMULA):
        return f"'{value}"
    return value
