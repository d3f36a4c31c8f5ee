"""The process is killed at every single point of an upload: before and after each thing that is stored."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pressroom.backends.memory import build_memory_ports
from pressroom.composition import compose
from pressroom.config import Config
from pressroom.jobs import Job, JobStatus
from pressroom.retention import remove_expired
from pressroom.runtime import Runtime
from pressroom.testing import ManualClock, work_off
from pressroom.upload_refusals import Reason, UploadRefused
from pressroom.uploads import AskedUpload
from tests.test_publishing_crashes import Killed, Reaper, killing
from tests.uploading import OTHER_PNG, PNG, blob_of, looking, parts_of

DURABLE = {"store": ("commit",), "blobs": ("remove", "put"), "queue": ("claim",)}


class MortalIncoming:
    def __init__(self, reaper: Reaper, incoming: Any) -> None:
        self._reaper, self._incoming = reaper, incoming

    def write(self, piece: bytes) -> None:
        self._reaper.at(self._incoming.write, piece)

    def keep(self, revision: int) -> None:
        self._reaper.at(self._incoming.keep, revision)

    def drop(self) -> None:
        """Do nothing: a killed process cleans nothing up."""


class Desk:
    """Takes uploads in processes that are killed; each next one works over what the one before has stored."""

    def __init__(self, reaper: Reaper) -> None:
        self.clock, self.reaper, self.kills = ManualClock(), reaper, 0
        self.ports = build_memory_ports(self.clock)
        self.runtime = self.fresh()

    def fresh(self) -> Runtime:
        ports = {port: self.reaper.wrap(getattr(self.ports, port), names) for port, names in DURABLE.items()}
        begin = self.ports.blobs.begin
        ports["blobs"].begin = lambda key: MortalIncoming(self.reaper, begin(key))
        config = Config.model_validate({"workspace": Path()})
        return compose(config, replace(self.ports, **ports), {"look_at": looking()})

    def living(self, work: Callable[[], Any], *, again: bool = True) -> Any:
        """Do the work, in a new process once the leases of the killed one are over; once only without `again`."""
        while True:
            self.runtime = self.fresh()
            try:
                return work()
            except Killed:
                self.kills += 1
                self.clock.advance(seconds=61)
                if not again:
                    return None

    def ask(self) -> AskedUpload:
        return self.runtime.uploads.request("look_at", {})

    def put(self, url: str, data: bytes) -> Job:
        uploads = self.runtime.uploads
        with uploads.receive(uploads.terms(*parts_of(url))) as receiving:
            for at in range(0, len(data), 50):
                receiving.write(data[at : at + 50])
            return receiving.finish()

    def put_until_told(self, url: str, data: bytes) -> Reason | None:
        """Send a file as a patient client does; return why it was refused in the end, None if it was taken."""

        def put() -> Reason | None:
            try:
                self.put(url, data)
            except UploadRefused as refused:
                return refused.reason
            return None

        return self.living(put)  # type: ignore[no-any-return]

    def finish(self) -> None:
        """Let time pass until all that can happen has happened."""
        for _ in range(4):
            self.living(lambda: work_off(self.runtime))
            self.clock.advance(minutes=6)

    def check(self, asked: AskedUpload, *files: bytes) -> JobStatus:
        """Hold what is stored to the promise: a job has a file, its event and its bytes, or none of them."""
        job = self.ports.jobs.get(asked.job.id)
        assert job is not None
        stored = [event for event in self.ports.events.of_job(job.id) if event.type == "UploadStored"]
        assets, blob = self.ports.assets.of_job(job.id), blob_of(self.ports, asked)
        if job.status is JobStatus.COMPLETED:
            assert blob in files
            assert [asset.sha256 for asset in assets] == [hashlib.sha256(blob or b"").hexdigest()]
            assert [event.data for event in stored] == [assets[0].as_dict()]
            assert job.result["seen"] == len(blob or b"")
        else:
            assert (stored, assets, blob) == ([], [], None)
            assert job.status in (JobStatus.FAILED, JobStatus.CANCELLED)
        return job.status


def moments(run: Callable[[Reaper], Any]) -> range:
    reaper = Reaper()
    run(reaper)
    assert reaper.moment >= 6
    return range(1, reaper.moment + 1)


def every_kill(run: Callable[[Reaper], Desk]) -> None:
    kills = [run(killing(where, moment)).kills for moment in moments(run) for where in ("before", "after")]
    assert set(kills) == {1}


def test_a_client_that_tries_again_has_its_file_taken_once_wherever_the_server_was_killed() -> None:
    def run(reaper: Reaper) -> Desk:
        desk = Desk(reaper)
        asked = desk.living(desk.ask)
        told = desk.put_until_told(asked.url, PNG)
        # Killed after all was stored, the server told nobody: the client then hears that its file is there.
        assert told in (None, Reason.HAS_FILE)
        desk.finish()
        assert desk.check(asked, PNG) is JobStatus.COMPLETED
        return desk

    every_kill(run)


def test_a_client_that_gives_up_leaves_a_job_that_runs_or_has_failed_and_no_bytes_of_nobody() -> None:
    ended: set[JobStatus] = set()

    def run(reaper: Reaper) -> Desk:
        desk = Desk(reaper)
        asked = desk.living(desk.ask)
        desk.living(lambda: desk.put(asked.url, PNG), again=False)
        desk.finish()
        ended.add(desk.check(asked, PNG))
        return desk

    every_kill(run)
    assert ended == {JobStatus.COMPLETED, JobStatus.FAILED}


def test_a_client_that_sends_another_file_the_second_time_has_one_of_the_two_taken() -> None:
    taken: set[bytes | None] = set()

    def run(reaper: Reaper) -> Desk:
        desk = Desk(reaper)
        asked = desk.living(desk.ask)
        if desk.living(lambda: desk.put(asked.url, PNG), again=False) is None:
            desk.put_until_told(asked.url, OTHER_PNG)
        desk.finish()
        assert desk.check(asked, PNG, OTHER_PNG) is JobStatus.COMPLETED
        taken.add(blob_of(desk.ports, asked))
        return desk

    every_kill(run)
    assert taken == {PNG, OTHER_PNG}


@pytest.mark.parametrize("where", ["before", "after"])
def test_what_a_kill_left_of_a_cancelled_job_goes_with_the_job(where: str) -> None:
    left: set[bool] = set()

    def run(reaper: Reaper) -> Desk:
        desk = Desk(reaper)
        asked = desk.living(desk.ask)
        desk.living(lambda: desk.put(asked.url, PNG), again=False)
        job = desk.ports.jobs.get(asked.job.id)
        if job is not None and job.status is JobStatus.UPLOAD_PENDING:
            desk.living(lambda: desk.runtime.runner.cancel(job.id))
            left.add(blob_of(desk.ports, asked) is not None)
        desk.finish()
        desk.clock.advance(days=91)
        reaper.before = reaper.after = frozenset()
        remove_expired(desk.fresh(), desk.clock.now())
        assert blob_of(desk.ports, asked) is None
        return desk

    for moment in moments(run):
        run(killing(where, moment))
    assert left == {True, False}
