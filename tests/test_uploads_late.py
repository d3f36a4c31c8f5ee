"""A file that comes just when the time for it ends: wherever that falls, it is taken whole or leaves nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from pressroom.jobs import JobStatus
from pressroom.testing import work_off
from pressroom.upload_refusals import Reason, UploadRefused
from tests.uploading import PNG, UploadDesk


class Interrupted:
    """A file on its way in, beside which something happens just before or after it is kept."""

    def __init__(self, incoming: Any, before: Callable[[], Any], after: Callable[[], Any]) -> None:
        self._incoming, self._before, self._after = incoming, before, after
        self.write, self.drop = incoming.write, incoming.drop

    def keep(self, revision: int) -> None:
        self._before()
        self._incoming.keep(revision)
        self._after()


def nothing() -> None:
    pass


class LateDesk(UploadDesk):
    def let_the_deadline_pass(self) -> None:
        self.clock.move_to(self.asked.terms.expires_at)
        work_off(self.runtime)

    def send(self, *, before: Callable[[], Any] = nothing, after: Callable[[], Any] = nothing) -> None:
        self.asked = self.ask()
        self.clock.move_to(self.asked.terms.expires_at - timedelta(microseconds=1))
        begin = self.ports.blobs.begin
        self.ports.blobs.begin = lambda key: Interrupted(begin(key), before, after)  # type: ignore[method-assign]
        self.put(self.asked.url)


@pytest.fixture
def desk() -> LateDesk:
    return LateDesk()


def test_a_file_that_is_whole_a_moment_before_the_end_is_taken(desk: LateDesk) -> None:
    desk.send()
    desk.later(minutes=1)
    assert desk.status(desk.asked.job) is JobStatus.COMPLETED


def test_a_file_that_was_kept_and_not_yet_known_when_the_deadline_came_is_taken_by_it(desk: LateDesk) -> None:
    with pytest.raises(UploadRefused) as raised:
        desk.send(after=desk.let_the_deadline_pass)
    assert raised.value.reason is Reason.HAS_FILE, "and so it has: this very one"
    desk.work()
    job = desk.job(desk.asked.job)
    assert (job.status, job.result["seen"]) == (JobStatus.COMPLETED, len(PNG))
    assert desk.blob(desk.asked) == PNG
    assert len(desk.events(job, "UploadStored")) == 1


def test_a_file_that_is_kept_when_the_deadline_has_come_leaves_nothing(desk: LateDesk) -> None:
    with pytest.raises(UploadRefused) as raised:
        desk.send(before=desk.let_the_deadline_pass)
    assert raised.value.reason is Reason.ENDED
    desk.later(minutes=30)
    job = desk.job(desk.asked.job)
    assert job.status is JobStatus.FAILED
    assert job.error is not None
    assert job.error.what == "The file for look_at was not uploaded in time."
    assert desk.blob(desk.asked) is None
    assert (desk.ports.assets.of_job(job.id), desk.events(job, "UploadStored")) == ([], [])


def test_a_file_that_comes_after_the_end_leaves_nothing_also_before_anybody_has_looked(desk: LateDesk) -> None:
    asked = desk.ask()
    desk.clock.move_to(asked.terms.expires_at)
    assert desk.refused(asked.url) is Reason.EXPIRED
    assert desk.status(asked.job) is JobStatus.UPLOAD_PENDING
    assert desk.blob(asked) is None
    desk.work()
    assert desk.status(asked.job) is JobStatus.FAILED
