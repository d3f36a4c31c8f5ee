"""What `doctor` says of the letters about a bedtime story: whether they go out, in time, with links that open."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from pressroom.errors import PressroomError
from pressroom.findings import Finding
from pressroom.links import Links
from pressroom.pipeline import Pipeline
from pressroom.populating import table_of
from pressroom.ports import Tables
from pressroom.publishing import Publishing
from pressroom.readers import Readers, Subscriber
from pressroom.schedules import next_after, schedule_of
from pressroom.story_mail import READERS, MailSettings, letter_publisher, zone_of


def mail_findings(
    pipeline: Pipeline, settings: MailSettings, publishing: Publishing, tables: Tables, links: Links, now: datetime
) -> Iterator[Finding]:
    section = f"[pipelines.{pipeline.name}]"
    everybody = Readers(tables, table_of(pipeline.name, READERS)).all().values()
    readers = [reader for reader in everybody if reader.left_at is None]
    if not settings.mail:
        if readers:
            what = f"{_count(readers)} would have a letter of each story, and {section} mail names no channel."
            yield Finding(
                ok=True, what=what, todo="Name one there that sends mail, or leave it so: nobody is written to."
            )
        return
    try:
        letter_publisher(publishing, settings.mail)
    except PressroomError as error:
        yield Finding(ok=False, what=f"{section} mail: {error.what}", todo=error.todo)
        return
    if not readers:
        todo = f"Write them into config/{pipeline.name}/{READERS}.yaml, then `pressroom populate {pipeline.name}`."
        why = "All readers have left" if everybody else "No reader is listed"
        yield Finding(ok=True, what=f"{why}, so {section} mail = {settings.mail!r} writes to nobody.", todo=todo)
        return
    gone = len(everybody) - len(readers)
    left = f"; {gone} more {'has' if gone == 1 else 'have'} left" if gone else ""
    yield Finding(ok=True, what=f"{_count(readers)} will have a letter of each story by {settings.mail}{left}.")
    yield from _of_links(links)
    yield from _of_times(pipeline, settings, readers, now)


def _of_links(links: Links) -> Iterator[Finding]:
    if not links.reach_outside:
        yield Finding(
            ok=True,
            what=f"The links in letters lead to {links.base}, which only this machine can open.",
            todo="Set public_base_url in [server] to the address by which readers reach Pressroom.",
        )
    elif not links.base.startswith("https://"):
        yield Finding(
            ok=True,
            what=f"The links in letters lead to {links.base}, unencrypted; mail programs offer no one click to leave.",
            todo="Set public_base_url in [server] to an address that begins with https://.",
        )


def _of_times(
    pipeline: Pipeline, settings: MailSettings, readers: list[Subscriber], now: datetime
) -> Iterator[Finding]:
    """Say so if a story is made only after some of its readers wanted it."""
    schedule = schedule_of(pipeline, settings)
    if schedule is None:
        return
    start, zone = next_after(schedule, now), zone_of(pipeline, settings)
    evening = start.astimezone(ZoneInfo(zone)).date()
    late = [reader for reader in readers if (due := reader.due(evening, zone)) and due < start]
    if late:
        first = min(due for reader in late if (due := reader.due(evening, zone))).astimezone(ZoneInfo(zone))
        yield Finding(
            ok=True,
            what=f"The story is made after the time at which {_count(late)} want{'s' if len(late) == 1 else ''} it, "
            "and is sent to them late.",
            todo=f"Let the schedule of [pipelines.{pipeline.name}] begin before {first:%H:%M} ({zone}): "
            "each letter waits for its reader's own time.",
        )


def _count(readers: list[Subscriber]) -> str:
    return f"{len(readers)} reader{'' if len(readers) == 1 else 's'}"
