"""The versions of Meta's Graph API and when each ends; what a user is told about the one that is set."""

from __future__ import annotations

from datetime import UTC, datetime

from pressroom.findings import Finding
from pressroom.oauth import TokenInfo

CURRENT = "v26.0"
# developers.facebook.com, Graph API changelog, versions, 2026-11-20; of the current one no end is known yet
_ENDS = {
    "v20.0": datetime(2026, 9, 24, tzinfo=UTC),
    "v21.0": datetime(2027, 1, 21, tzinfo=UTC),
    "v22.0": datetime(2027, 5, 20, tzinfo=UTC),
    "v23.0": datetime(2027, 10, 8, tzinfo=UTC),
    "v24.0": datetime(2028, 2, 18, tzinfo=UTC),
    "v25.0": datetime(2028, 7, 29, tzinfo=UTC),
}
PATTERN = r"^v\d{1,3}\.\d{1,2}$"


def end_of(version: str) -> datetime | None:
    """Return when a version ends or has ended; None for the current one and for later ones, which are not known."""
    oldest = min(_ENDS, key=_order)
    if _order(version) < _order(oldest):
        return _ENDS[oldest]
    return _ENDS.get(version)


def version_info(version: str, section: str) -> list[TokenInfo]:
    end = end_of(version)
    if end is None:
        return []
    todo = f'Set api_version = "{CURRENT}" in [{section}].'
    return [TokenInfo(kind=f"API version {version}", expires_at=end, todo=todo)]


def version_finding(version: str, section: str, now: datetime) -> Finding | None:
    """Return what is wrong with a version that has ended; None if it lives."""
    end = end_of(version)
    if end is None or end > now:
        return None
    return Finding(
        ok=False,
        what=f"Version {version} of the Graph API ended on {end:%Y-%m-%d}.",
        todo=f'Set api_version = "{CURRENT}" in [{section}].',
    )


def _order(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.removeprefix("v").split("."))
