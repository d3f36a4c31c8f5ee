"""A post office for stories: the steps that write letters, behind a short pipeline whose parts a test decides about."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from pressroom.assets import Assets
from pressroom.backends.memory import build_memory_ports
from pressroom.composition import compose
from pressroom.config import Config
from pressroom.jobs import Job
from pressroom.pipeline import Outcome, Parallel, Pipeline, Schedule
from pressroom.populating import table_of
from pressroom.publications import Publication
from pressroom.readers import Reader, Readers, Subscriber
from pressroom.runtime import Runtime
from pressroom.story_mail import MailSettings, telling
from pressroom.story_text import NamedKind, Story
from pressroom.testing import ManualClock, plain_png, work_off
from pressroom.waiting import next_due
from tests.fakes.smtp import FakeSmtp, Mail

STORY = Story(
    title="The lantern that went for a walk",
    paragraphs=tuple(
        f"On evening {number}, Tilda looked for her lantern. “Where <are> you?” she said." for number in range(40)
    ),
    form="prose",
    language="en",
    characters=(NamedKind(name="Tilda", kind="a hedgehog"), NamedKind(name="Otis", kind="an owl")),
    scenes=(NamedKind(name="the old orchard"),),
)
PICTURE = plain_png(1600, 1200)
DEADLINE = timedelta(minutes=10)
ADA = Reader(name="Ada", mail="hopper@example.com")
BO = Reader(name="Bo", mail="bogart@example.org")


class Evening(BaseModel):
    date: date


Part = Callable[[Job, Assets], Outcome[Any]]


def painted(job: Job, assets: Assets) -> Outcome[Any]:
    about = {"alt_text": "A hedgehog under a lamp"}
    key = f"stories/{job.id}.png"
    asset = assets.store(key, PICTURE, job=job, media_type="image/png", width=1600, height=1200, about=about)
    return Outcome(assets=(asset,))


def spoken(job: Job, assets: Assets) -> Outcome[Any]:
    return Outcome(assets=(assets.store(f"stories/{job.id}.mp3", b"a voice", job=job, media_type="audio/mpeg"),))


def nothing(job: Job, assets: Assets) -> Outcome[Any]:
    return Outcome()


class PostOffice:
    def __init__(
        self,
        smtp: FakeSmtp,
        *readers: Reader,
        clock: ManualClock | None = None,
        paint: Part = painted,
        speak: Part = spoken,
        server: Mapping[str, Any] | None = None,
        channels: Mapping[str, Any] | None = None,
        **settings: Any,
    ) -> None:
        self.smtp, self.clock = smtp, clock or ManualClock()
        self.ports = build_memory_ports(self.clock)
        self.letters = {
            "network": "smtp",
            "host": "localhost",
            "port": smtp.smtp_port,
            "security": "none",
            "sender": "Bedtime stories <press@example.com>",
        }
        self.config = Config.model_validate(
            {
                "workspace": Path("/nowhere"),
                "server": server or {"public_base_url": "https://stories.example.com"},
                "channels": {"letters": self.letters} | dict(channels or {}),
                "pipelines": {"bedtime_story": {"mail": "letters"} | settings},
            }
        )
        self.pipeline = a_pipeline(paint, speak)
        self.runtime = self.fresh()
        self.put(*readers)

    def fresh(self, **ports: Any) -> Runtime:
        """Return a new runtime over what is stored, as another process would have it."""
        return compose(self.config, replace(self.ports, **ports), {self.pipeline.name: self.pipeline})

    def put(self, *readers: Reader) -> None:
        table = table_of("bedtime_story", "readers")
        before = self.ports.tables.all(table)
        rows = {reader.key: reader.stored(before.get(reader.key)) for reader in readers}
        self.ports.tables.put(table, rows)

    @property
    def readers(self) -> Readers:
        return Readers(self.ports.tables, table_of("bedtime_story", "readers"))

    def reader(self, one: Reader) -> Subscriber:
        return self.readers.all()[one.key]

    def tell(self, evening: date | None = None) -> Job:
        """Have the story of an evening told, today's by default, and do all that is due."""
        day = evening or self.clock.now().date()
        [job] = self.runtime.runner.request("bedtime_story", {"date": day.isoformat()})
        self.work()
        return self.job(job)

    def work(self) -> None:
        work_off(self.runtime)

    def finish(self, most: int = 200) -> None:
        """Let time pass until nothing is left to do by itself."""
        for _ in range(most):
            self.work()
            due = next_due(self.runtime)
            if due is None:
                return
            self.clock.move_to(max(due, self.clock.now()))
        raise AssertionError(f"not at rest after {most} waits; next is due at {due}")

    def job(self, job: Job) -> Job:
        found = self.ports.jobs.get(job.id)
        assert found is not None
        return found

    def publications(self, job: Job) -> list[Publication]:
        return self.ports.publications.of_job(job.id)

    def recipients(self) -> list[str]:
        """Return to whom each mail went that the server took, in order."""
        return [one for mail in self.smtp.mails for one in mail.recipients]

    def mail_to(self, reader: Reader) -> Mail:
        [mail] = [mail for mail in self.smtp.mails if mail.recipients == [reader.mail]]
        return mail


def a_pipeline(paint: Part, speak: Part) -> Pipeline:
    def tell(job: Job, assets: Assets) -> Outcome[Any]:
        data = STORY.model_dump_json().encode()
        asset = assets.store(f"stories/{job.id}.json", data, job=job, media_type="application/json")
        return Outcome(assets=(asset,), result={"story": asset.key})

    def illustrate(job: Job, assets: Assets) -> Outcome[Any]:
        return paint(job, assets)

    def narrate(job: Job, assets: Assets) -> Outcome[Any]:
        return speak(job, assets)

    return Pipeline(
        "bedtime_story",
        trigger=Schedule("15 19 * * *"),
        input=Evening,
        settings=MailSettings,
        keep=timedelta(days=2),
        steps=[tell, Parallel(narrate, illustrate, deadline=DEADLINE, optional=True), *telling()],
    )


@contextmanager
def a_post_office(*readers: Reader, unknown: tuple[str, ...] = (), **more: Any) -> Iterator[PostOffice]:
    with FakeSmtp(password="", unknown_mailboxes=unknown) as smtp:
        yield PostOffice(smtp, *readers, **more)


def words_of(mail: Mail, kind: str = "plain") -> str:
    """Return what one part of a mail says, without the marks of its lines' ends."""
    part = mail.message.get_body((kind,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def link_in(mail: Mail, path: str) -> str:
    [found] = re.findall(rf"^https?://\S+{path}\S+$", words_of(mail), re.MULTILINE)
    return str(found)
