"""What of a LinkedIn channel ends and when: the monthly version of the API, and its tokens. Pure but for the clock."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from pressroom.errors import ConfigurationError
from pressroom.oauth import TokenInfo
from pressroom.publishers._linkedin_auth import reconnect
from pressroom.publishers.base import Channel, Finding

NEWEST_KNOWN = "202607"  # learn.microsoft.com linkedin/marketing/versioning as quoted by others, 2026-11-20
VERSIONS_PAGE = "learn.microsoft.com/linkedin/marketing/versioning"
# learn.microsoft.com linkedin/marketing/integrations/migrations, 2026-11-20
_ENDS = {
    "202510": (2026, 10, 15),
    "202511": (2026, 11, 16),
    "202601": (2027, 1, 15),
    "202602": (2027, 2, 15),
    "202603": (2027, 3, 16),
}
_WARN_OF_VERSION = timedelta(days=60)
_WARN_OF_TOKEN = timedelta(days=14)
_SOON, _VERY_SOON = timedelta(days=7), timedelta(days=1)


def ends_at(version: str) -> datetime:
    """Return when a version ends; where no day is announced, the earliest one: each lives for a year at least."""
    if version in _ENDS:
        return datetime(*_ENDS[version], tzinfo=UTC)
    return datetime(int(version[:4]) + 1, int(version[4:]), 1, tzinfo=UTC)


def what_to_set(version: str, channel: str) -> str:
    """Say which version to configure instead of one that ends or has ended."""
    if version < NEWEST_KNOWN:
        return f'Set api_version = "{NEWEST_KNOWN}", or a newer one of {VERSIONS_PAGE}, in [channels.{channel}]'
    return f'Set api_version in [channels.{channel}] to a newer one than "{version}"; {VERSIONS_PAGE} lists them'


def end_of_version(version: str, channel: str) -> TokenInfo:
    return TokenInfo(
        kind=f"API version {version}", expires_at=ends_at(version), todo=f"{what_to_set(version, channel)}."
    )


def end_of_token(channel: Channel) -> TokenInfo | None:
    """Return when somebody has to connect the account again; None if nobody has stored that.

    A refresh token renews the other one, but never itself: it ends a year after the account was connected.
    """
    kind = "refresh token" if channel.secret("refresh_token") else "access token"
    expires_at = _moment(channel, f"{kind.replace(' ', '_')}_expires_at")
    return TokenInfo(kind=kind, expires_at=expires_at, todo=reconnect(channel.name)) if expires_at else None


def warnings(version: str, channel: Channel) -> Iterator[Finding]:
    """Give a line for what has ended or ends soon, more urgent when nearer: a token 14, 7 and 1 days before."""
    now, about_version = channel.clock.now(), end_of_version(version, channel.name)
    left = about_version.expires_at - now
    if left <= _WARN_OF_VERSION:
        # The day may be the earliest one, so that only LinkedIn itself can say that a version is over.
        ends = f"ends {_in(left)}, {_day(about_version)}"
        verb = f"may have ended {_day(about_version)}" if left <= timedelta(0) else ends
        yield Finding(ok=True, what=f"LinkedIn's {about_version.kind} {verb}.", todo=about_version.todo)
    token = end_of_token(channel)
    if token is None:
        return
    left = token.expires_at - now
    if left <= timedelta(0):
        yield Finding(ok=False, what=f"The {token.kind} ended {_day(token)}.", todo=token.todo)
    elif left <= _WARN_OF_TOKEN:
        urgency = "Very soon: the" if left <= _VERY_SOON else "Soon: the" if left <= _SOON else "The"
        yield Finding(ok=True, what=f"{urgency} {token.kind} ends {_in(left)}, {_day(token)}.", todo=token.todo)


def _in(left: timedelta) -> str:
    return f"in {left.days} days" if left.days > 1 else f"in {int(left.total_seconds() // 3600)} hours"


def _day(token: TokenInfo) -> str:
    return f"on {token.expires_at:%Y-%m-%d}"


def _moment(channel: Channel, secret: str) -> datetime | None:
    text = channel.secret(secret)
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise ConfigurationError(
            f"The secret channels.{channel.name}.{secret} is no time.",
            where=f"channel {channel.name}",
            todo="Store a time such as 2027-01-19T12:00:00+00:00, or remove it.",
        ) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
