"""How a generated page begins, and tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

NOTE = "<!-- Written by `make docs`; change the code that it tells of, not this file. -->"


def begin(title: str, *paragraphs: str) -> list[str]:
    return [NOTE, "", f"# {title}", *(line for text in paragraphs for line in ("", text))]


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    lines = [" | ".join(columns), " | ".join("---" for _ in columns)]
    lines += [" | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in row) for row in rows]
    return ["", *(f"| {line} |" for line in lines)]


def finish(lines: Iterable[str]) -> str:
    return "\n".join(lines).rstrip() + "\n"
