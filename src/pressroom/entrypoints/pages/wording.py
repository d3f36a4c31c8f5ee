"""Words and shapes for states, and times, spans, sizes and money as people read them. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from markupsafe import Markup, escape


@dataclass(frozen=True, slots=True)
class Status:
    """A state as it is shown: the word says it, the shape repeats it, the tone only colours it."""

    word: str
    shape: str
    tone: str


_STATUSES = {
    # jobs
    "upload_pending": Status("Awaiting upload", "up", "wait"),
    "pending": Status("Waiting", "ring", "wait"),
    "processing": Status("Running", "half", "run"),
    "completed": Status("Completed", "check", "good"),
    "failed": Status("Failed", "cross", "bad"),
    "skipped": Status("Skipped", "dash", "quiet"),
    "held": Status("Held for you", "pause", "ask"),
    "cancelled": Status("Cancelled", "slash", "quiet"),
    "expired": Status("Expired", "glass", "quiet"),
    # publications
    "requested": Status("Requested", "ring", "wait"),
    "scheduled": Status("Scheduled", "clock", "wait"),
    "publishing": Status("Publishing", "half", "run"),
    "published": Status("Published", "check", "good"),
    "rejected": Status("Rejected", "cross", "bad"),
    # steps
    "ready": Status("In work", "half", "run"),
    "waiting": Status("Waiting", "clock", "wait"),
    "passed_over": Status("Passed over", "dash", "quiet"),
    # channels
    "open": Status("Open", "check", "good"),
    "resting": Status("Resting", "clock", "wait"),
    "paused": Status("Paused for you", "pause", "ask"),
}


def status_of(value: str) -> Status:
    return _STATUSES.get(value) or Status(words(value), "ring", "quiet")


def words(name: str) -> str:
    """Return a name as words: `daily_post` -> `Daily post`, `upload_pending` -> `Upload pending`."""
    text = name.replace("_", " ").strip()
    return text[:1].upper() + text[1:]


def step_words(path: str) -> str:
    """Return a step's path as words: `publish_post[main]` -> `publish post · main`."""
    return path.replace("_", " ").replace("[", " · ").replace("]", "")


def unit_words(quantity: int, unit: str) -> str:
    name = unit.replace("_", " ")
    return f"{quantity:,} {name.removesuffix('s') if quantity == 1 else name}"


def said(text: str) -> Markup:
    """Return a sentence of ours with its `commands` marked up; everything else is escaped."""
    parts = text.split("`")
    if len(parts) % 2 == 0:
        return escape(text)
    marked = (
        Markup("<code>{}</code>").format(part) if number % 2 else escape(part) for number, part in enumerate(parts)
    )
    return Markup("").join(marked)


def plural(count: int, one: str, many: str = "") -> str:
    return f"{count} {one if count == 1 else many or one + 's'}"


def iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def when(moment: datetime | str | None, form: str = "moment") -> Markup:
    """Return a `<time>` in UTC, which the browser rewrites in the reader's own zone."""
    if not moment:
        return Markup('<span class="nothing">never</span>')
    if isinstance(moment, str):
        moment = datetime.fromisoformat(moment)
    utc = moment.astimezone(UTC)
    text = f"{utc:%H:%M:%S} UTC" if form == "clock" else f"{utc.day} {utc:%b %Y, %H:%M} UTC"
    return Markup('<time datetime="{}" data-form="{}">{}</time>').format(iso(utc), form, text)


def day(value: date | datetime | str) -> str:
    """Return a calendar day in words: `2026-10-31` -> `Saturday, 31 October 2026`; what is no day stays as it is."""
    if not isinstance(value, str):
        return f"{value:%A}, {value.day} {value:%B %Y}"
    try:
        return day(date.fromisoformat(value[:10]))
    except ValueError:
        return value


def span(length: timedelta | float | None) -> str:
    """Return a duration with the two units that matter: `1.2 s`, `3 min 5 s`, `2 h 10 min`."""
    if length is None:
        return ""
    seconds = max(0.0, length.total_seconds() if isinstance(length, timedelta) else float(length))
    if seconds < 0.001:
        return "< 1 ms"
    if seconds < 1:
        return f"{round(seconds * 1000)} ms"
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 48:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    return plural(hours // 24, "day")


def money(amount: Decimal | str, currency: str = "USD") -> str:
    """Return an amount with at least two digits, and as many more as it has up to four."""
    value = Decimal(amount)
    text = f"{value:.4f}".rstrip("0")
    whole, _, fraction = text.partition(".")
    return f"{whole}.{fraction.ljust(2, '0')} {currency}"


def size(count: int) -> str:
    if count < 1000:
        return plural(count, "byte")
    return f"{count / 1000:.0f} kB" if count < 1_000_000 else f"{count / 1_000_000:.1f} MB"
