"""Writes `RESULTS.md`: one section a bench, each replaced when its bench has run, in a layout that stays."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from bench.base import Bench, Report, Table, Target
from bench.support import machine

FILE = Path(__file__).parents[1] / "RESULTS.md"
_HEAD = """# Results

Written by `make bench`; `make bench BENCH=name` writes one section anew. Do not edit it by hand.
"""


def written(name: str, bench: Bench, report: Report, before: str) -> str:
    """Return the section of one bench."""
    parts = [
        f"## {name}",
        f"Measured {datetime.now(UTC):%Y-%m-%d %H:%M} UTC on {machine.description()}; before it began: {before}.",
    ]
    if report.versions:
        parts.append("With " + ", ".join(f"{peer} {version}" for peer, version in report.versions.items()) + ".")
    if report.targets:
        parts.append(_table(Table("", ("target", "measured", "met"), [_verdict(target) for target in report.targets])))
    parts += [f"**{table.title}**\n\n{_table(table)}" for table in report.tables]
    if report.lines:
        parts.append("```\n" + "\n".join(report.lines) + "\n```")
    if report.notes:
        parts.append("\n".join(f"- {note}" for note in report.notes))
    parts.append(f"Method. {bench.method}")
    return "\n\n".join(parts) + "\n"


def keep(name: str, section: str, file: Path = FILE) -> None:
    """Put a section in the place of the one of that name, the sections in the order of their names."""
    sections = _sections(file) | {name: section}
    file.write_text("\n".join([_HEAD, *(sections[each] for each in sorted(sections))]), encoding="utf-8")


def _sections(file: Path) -> dict[str, str]:
    if not file.exists():
        return {}
    _, *found = file.read_text(encoding="utf-8").split("\n## ")
    return {text.split("\n", 1)[0].strip(): f"## {text.rstrip()}\n" for text in found}


def _verdict(target: Target) -> tuple[str, str, str]:
    return target.claim, target.measured, {True: "yes", False: "**no**", None: "not measured"}[target.met]


def _table(table: Table) -> str:
    rows = [table.head, ["---"] * len(table.head), *table.rows]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)
