"""The contract of `JobStore`: what users follow, found quickly and rebuilt from its events."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from pressroom.changes import Change, JobChange, change_job
from pressroom.contracts.base import Contract
from pressroom.contracts.samples import NOW, PROBLEM, a_new_job, a_step, happened
from pressroom.jobs import Job, JobStatus, StepStatus, fold
from pressroom.ports import Ports

HOUR = timedelta(hours=1)


def _start(ports: Ports, job_id: str, *events: str, **values: object) -> Job:
    asked = a_new_job(job_id, **values)
    ports.store.commit(asked)
    job = asked.jobs[0].after
    for event in events:
        change = change_job(job, [happened(event, job_id)])
        ports.store.commit(change)
        job = change.jobs[0].after
    return job


class JobStoreContract(Contract):
    def test_a_job_comes_back_as_it_was_stored(self, ports: Ports) -> None:
        job = _start(ports, "job_1", key="today", input={"date": "2026-10-31"}, expires_at=(NOW + HOUR).isoformat())
        events = [
            happened("JobStarted", "job_1", phase="drawn"),
            happened("StepCompleted", "job_1", result={"image": "images/pet.jpg"}),
            happened("JobFailed", "job_1", error=PROBLEM.as_dict()),
        ]
        change = change_job(job, events)
        ports.store.commit(change)
        assert ports.jobs.get("job_1") == change.jobs[0].after
        assert ports.jobs.by_key("today") == change.jobs[0].after

    def test_a_job_that_is_not_there_is_none(self, ports: Ports) -> None:
        assert ports.jobs.get("job_1") is None
        assert ports.jobs.by_key("today") is None
        assert ports.jobs.steps("job_1") == {}

    def test_the_newest_jobs_come_first_and_page_downwards(self, ports: Ports) -> None:
        jobs = [_start(ports, f"job_{number}", time=NOW + number * HOUR) for number in range(5)]
        assert ports.jobs.find(limit=2) == [jobs[4], jobs[3]]
        assert ports.jobs.find(limit=2, before="job_3") == [jobs[2], jobs[1]]
        assert ports.jobs.find(before="job_0") == []

    def test_jobs_can_be_found_by_pipeline_and_status(self, ports: Ports) -> None:
        a = _start(ports, "job_1")
        b = _start(ports, "job_2", "JobStarted", pipeline="photo_feed")
        c = _start(ports, "job_3", "JobStarted", "JobCompleted")
        assert ports.jobs.find(pipeline="photo_feed") == [b]
        assert ports.jobs.find(statuses=[JobStatus.PENDING, JobStatus.COMPLETED]) == [c, a]
        assert ports.jobs.find(pipeline="daily_post", statuses=[JobStatus.PROCESSING]) == []
        assert ports.jobs.find(statuses=[JobStatus.PENDING, JobStatus.COMPLETED], before="job_3") == [a]

    def test_jobs_are_found_by_words_of_their_input_and_result_whatever_the_case_and_the_accents(
        self, ports: Ports
    ) -> None:
        read = _start(ports, "job_1", input={"file": "receipt.png"})
        ports.store.commit(
            change_job(read, [happened("StepCompleted", "job_1", result={"text": "Café Größe\nŁódź 42"})])
        )
        asked = _start(ports, "job_2", pipeline="photo_feed", input={"title": "The cafeteria, in Oslo"})
        searches = ("cafe", "CAFÉ", "lod", "grosse", "42 łódź", "cafe oslo", "receipt", "afe", "lodzer")
        found = [[job.id for job in ports.jobs.find(text=words)] for words in searches]
        both, first, second = ["job_2", "job_1"], ["job_1"], ["job_2"]
        assert found == [both, both, first, first, first, second, first, [], []]
        assert ports.jobs.find(text="cafe", pipeline="photo_feed") == [asked]
        assert [job.id for job in ports.jobs.find(text="cafe", before="job_2")] == ["job_1"]
        assert [job.id for job in ports.jobs.find(text="cafe", limit=1)] == ["job_2"]

    def test_what_holds_no_word_finds_no_job(self, ports: Ports) -> None:
        _start(ports, "job_1", input={"title": "% _ * rain"})
        assert [ports.jobs.find(text=text) for text in ("%", "_", " ", '"*"')] == [[], [], [], []]
        assert len(ports.jobs.find(text='"rain" OR')) == 0
        assert len(ports.jobs.find(text='"rain"*')) == 1

    def test_a_job_is_found_by_what_it_holds_now(self, ports: Ports) -> None:
        job = _start(ports, "job_1", input={"title": "autumn leaves"})
        for word in ("copper", "silver"):
            change = change_job(job, [happened("StepCompleted", "job_1", result={"text": f"{word} 銀行"})])
            ports.store.commit(change)
            job = change.jobs[0].after
        assert [len(ports.jobs.find(text=text)) for text in ("copper", "silver", "autumn", "行 銀")] == [0, 1, 1, 1]
        ports.store.commit(change_job(job, [happened("JobExpired", "job_1")]))
        assert [len(ports.jobs.find(text=text)) for text in ("silver", "autumn")] == [0, 0]
        ports.jobs.rebuild("job_1")
        assert ports.jobs.find(text="silver") == []

    def test_jobs_are_counted_by_status(self, ports: Ports) -> None:
        _start(ports, "job_1", "JobStarted")
        _start(ports, "job_2", "JobStarted")
        _start(ports, "job_3", "JobSkipped")
        counted = ports.jobs.count()
        assert {status: number for status, number in counted.items() if number} == {"processing": 2, "skipped": 1}

    def test_jobs_whose_time_is_over_are_found_until_they_are_marked(self, ports: Ports) -> None:
        over = _start(ports, "job_1", expires_at=NOW.isoformat())
        _start(ports, "job_2", expires_at=(NOW + HOUR).isoformat())
        _start(ports, "job_3", "JobExpired", expires_at=NOW.isoformat())
        _start(ports, "job_4")
        assert ports.jobs.expired(NOW - HOUR) == []
        assert ports.jobs.expired(NOW) == [over]
        assert {job.id for job in ports.jobs.expired(NOW + HOUR)} == {"job_1", "job_2"}
        assert len(ports.jobs.expired(NOW + HOUR, limit=1)) == 1

    def test_steps_come_in_the_order_in_which_they_came_up(self, ports: Ports) -> None:
        ports.store.commit(a_new_job("job_1") + Change(steps=(a_step("job_1", "write"), a_step("job_1", "draw"))))
        completed = a_step(
            "job_1",
            "write",
            status=StepStatus.COMPLETED,
            output=["any", {"json": 1}],
            attempts=2,
            started_at=NOW,
            completed_at=NOW + HOUR,
        )
        failed = a_step("job_1", "draw", status=StepStatus.FAILED, error=PROBLEM)
        ports.store.commit(Change(steps=(failed, completed, a_step("job_1", "attach"), a_step("job_2", "write"))))
        steps = ports.jobs.steps("job_1")
        assert list(steps) == ["write", "draw", "attach"]
        assert steps["write"] == completed
        assert steps["draw"] == failed
        assert list(ports.jobs.steps("job_2")) == ["write"]

    def test_a_job_is_rebuilt_as_the_fold_of_its_events(self, ports: Ports) -> None:
        job = _start(ports, "job_1", "JobStarted", "JobCompleted", key="today")
        wrong = replace(job, status=JobStatus.HELD, key=None, result={"left": "over"})
        ports.store.commit(Change(jobs=(JobChange(job.version, wrong),)))
        ports.jobs.rebuild("job_1")
        assert ports.jobs.get("job_1") == job == fold(ports.events.of_job("job_1"))
        assert ports.jobs.by_key("today") == job
        assert ports.jobs.find(statuses=[JobStatus.HELD]) == []
