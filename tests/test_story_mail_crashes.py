"""The process is killed at every single point while letters go out: nobody gets two, and nobody gets none."""

from __future__ import annotations

from typing import Any

import pytest

from pressroom.desk import Resolution
from pressroom.jobs import Job, JobStatus
from pressroom.publications import PublicationState
from pressroom.readers import Reader
from pressroom.runtime import Runtime
from tests.fakes.smtp import FakeSmtp
from tests.story_post_office import ADA, BO, PostOffice, nothing
from tests.test_publishing_crashes import DURABLE, LEASE_SECONDS, Killed, Reaper, killing

PORTS = DURABLE | {"blobs": ("put",)}
CALLS = ("prepare", "publish", "reconcile")


class MortalOffice(PostOffice):
    """Works on after each kill as a new process would, once the killed one's lease is over."""

    def __init__(self, reaper: Reaper, smtp: FakeSmtp, *readers: Reader) -> None:
        self.reaper, self.kills = Reaper(), 0
        super().__init__(smtp, *readers, speak=nothing)
        [self.asked] = self.runtime.runner.request("bedtime_story", {"date": "2026-10-31"})
        self.reaper = reaper

    def fresh(self, **ports: Any) -> Runtime:
        ports = {port: self.reaper.wrap(getattr(self.ports, port), names) for port, names in PORTS.items()}
        runtime = super().fresh(**ports)
        smtp = runtime.publishing.publisher("letters")
        for name in CALLS:
            setattr(smtp, name, _mortal(self.reaper, getattr(smtp, name)))
        return runtime

    def work(self) -> None:
        while True:
            self.runtime = self.fresh()
            try:
                return super().work()
            except Killed:
                self.kills += 1
                self.clock.advance(seconds=LEASE_SECONDS + 1)

    def look_and_decide(self) -> None:
        """Do what a person does about held letters: look in the server's log, and say what is there."""
        self.runtime = super().fresh()
        there = {str(mail.message["Message-ID"]).strip("<>") for mail in self.smtp.mails}
        for held in self.runtime.publishing.held():
            message_id = str(held.prepared["message_id"]).strip("<>")
            action = Resolution.IT_IS_THERE if message_id in there else Resolution.SEND_AGAIN
            self.runtime.publishing.resolve(held.id, action, remote_id=message_id if message_id in there else "")


def _mortal(reaper: Reaper, call: Any) -> Any:
    return lambda *arguments: reaper.at(call, *arguments)


def run(office: MortalOffice) -> Job:
    for _ in range(6):
        office.finish()
        if not office.runtime.publishing.held():
            break
        office.look_and_decide()
    job = office.job(office.asked)
    story = f"{office.reaper}: {[(one.post.letter, one.state, one.attempts) for one in office.publications(job)]}"
    assert sorted(office.recipients()) == sorted([ADA.mail, BO.mail]), story
    assert job.status is JobStatus.COMPLETED, story
    assert job.result["mail"] == "2 letters went out.", story
    assert {one.state for one in office.publications(job)} == {PublicationState.PUBLISHED}, story
    return job


def moments() -> int:
    """Return how many there are while nobody kills."""
    with FakeSmtp(password="") as smtp:
        office = MortalOffice(Reaper(), smtp, ADA, BO)
        run(office)
        return office.reaper.moment


@pytest.mark.parametrize("where", ["before", "after"])
def test_a_kill_at_any_point_leaves_one_letter_for_each_reader_and_a_job_that_completes(where: str) -> None:
    last, killed = moments(), 0
    assert last > 30
    with FakeSmtp(password="") as smtp:
        for moment in range(1, last + 1):
            smtp.reset()
            office = MortalOffice(killing(where, moment), smtp, ADA, BO)
            run(office)
            killed += office.kills
    assert killed > 0.8 * last


@pytest.mark.parametrize("moment", range(1, 9))
@pytest.mark.parametrize("where", ["before", "after"])
def test_who_has_left_gets_none_whenever_the_process_is_killed(where: str, moment: int) -> None:
    later = ADA.model_copy(update={"at": "19:15", "zone": "UTC"})
    with FakeSmtp(password="") as smtp:
        office = MortalOffice(Reaper(), smtp, later, BO)
        office.work()
        office.readers.leave(office.reader(later).token, office.clock.now())
        office.reaper = killing(where, moment)
        office.finish()
        assert office.kills == 1
        assert office.recipients() == [BO.mail]
        assert office.job(office.asked).status is JobStatus.COMPLETED
