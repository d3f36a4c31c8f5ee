"""Files that start jobs: asking, taking in, refusing, and what becomes of a job whose file never comes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from pressroom.changes import Change
from pressroom.contracts.base import at_once
from pressroom.errors import BadInput, ConfigurationError, Problem, RateLimited
from pressroom.events import Event
from pressroom.jobs import Job, JobStatus, fold
from pressroom.pipeline import On, Request, Start, Upload
from pressroom.retention import remove_expired
from pressroom.scheduler import Scheduler
from pressroom.upload_refusals import Reason, UploadRefused
from tests.engine import Bench, Calls, a_pipeline
from tests.uploading import OTHER_PNG, PNG, UploadDesk, looking


@pytest.fixture
def desk() -> UploadDesk:
    return UploadDesk()


# --- asking


def test_a_job_that_is_asked_for_waits_for_its_file(desk: UploadDesk) -> None:
    asked = desk.ask()
    desk.work()
    job = desk.job(asked.job)
    assert job.status is JobStatus.UPLOAD_PENDING
    assert job.result == {"image_key": f"uploads/{job.id}.png"}
    assert asked.terms.expires_at == desk.clock.now() + timedelta(minutes=10)
    assert asked.headers == {"Content-Type": "image/png"}
    assert desk.standing(job) == {"on_upload_stored": "waiting"}


@pytest.mark.parametrize(
    ("media_type", "key"), [("image/jpeg", "image_key"), (" IMAGE/PNG", "image_key"), ("application/pdf", "upload_key")]
)
def test_the_file_lies_under_the_job_with_the_extension_of_what_was_announced(media_type: str, key: str) -> None:
    desk = UploadDesk(looking(types=("image/png", "image/jpeg", "application/pdf")))
    asked = desk.ask(media_type=media_type)
    extension = {"image/jpeg": "jpg", "application/pdf": "bin"}.get(media_type, "png")
    assert asked.job.result == {key: f"uploads/{asked.job.id}.{extension}"}


@pytest.mark.parametrize("media_type", ["image/gif", "image/png, image/gif", "", "text/html; charset=utf-8"])
def test_what_the_pipeline_does_not_take_cannot_be_announced(media_type: str) -> None:
    desk = UploadDesk(looking(types=("image/png", "image/jpeg")))
    with pytest.raises(BadInput, match="image/png, image/jpeg"):
        desk.ask(media_type=media_type)
    assert desk.ports.jobs.find() == []


@pytest.mark.parametrize("size", [0, -1, 100_001])
def test_a_size_that_the_pipeline_does_not_take_cannot_be_announced(desk: UploadDesk, size: int) -> None:
    with pytest.raises(BadInput, match="1 to 100000 bytes"):
        desk.ask(bytes=size)


def test_the_settings_replace_what_the_pipeline_declares() -> None:
    desk = UploadDesk(accept=["Image/JPEG"], max_upload_bytes=50, upload_seconds=30)
    terms = desk.ask().terms
    assert (terms.media_type, terms.max_bytes) == ("image/jpeg", 50)
    assert terms.expires_at - desk.clock.now() == timedelta(seconds=30)


def test_a_media_type_in_the_settings_is_one() -> None:
    with pytest.raises(ConfigurationError, match="accept"):
        UploadDesk(accept=["png"])


def test_a_pipeline_that_no_upload_starts_is_not_asked_for_one() -> None:
    bench = Bench(a_pipeline(Calls().step("draw")))
    with pytest.raises(BadInput, match="not started by an upload"):
        bench.runtime.uploads.request("work_through", {})
    assert bench.runtime.ports.jobs.find() == []


def test_it_is_not_asked_for_one_either_where_a_job_stands_for_the_same_key() -> None:
    bench = Bench(a_pipeline(Calls().step("draw"), starts=lambda: [Start({}, "tonight")]))
    bench.request()
    with pytest.raises(BadInput, match="not started by an upload"):
        bench.runtime.uploads.request("work_through", {})


def test_a_pipeline_that_works_on_a_file_is_not_started_without_one(desk: UploadDesk) -> None:
    with pytest.raises(BadInput, match="works on a file"):
        desk.request()


def test_what_is_asked_for_twice_under_one_key_is_one_job_at_one_url(desk: UploadDesk) -> None:
    first, second = desk.ask(key="look_at:1"), desk.ask(key="look_at:1")
    assert (first.job.id, first.url) == (second.job.id, second.url)
    desk.put(first.url)
    third = desk.ask(key="look_at:1")
    assert (third.job.id, third.url) == (first.job.id, "")


def test_what_is_stored_along_is_told_the_url_before_the_job_is_stored(desk: UploadDesk) -> None:
    from pressroom.upload_terms import Announced

    told: list[str] = []

    def along(jobs: Any) -> Change:
        told.append(desk.uploads.asked(jobs[0], Announced(bytes=7)).url)
        return Change()

    assert [desk.ask(bytes=7, along=along).url] == told


def test_so_many_uploads_may_be_awaited_and_no_more() -> None:
    desk = UploadDesk(max_pending_uploads=2)
    first = desk.ask()
    desk.ask()
    with pytest.raises(RateLimited) as raised:
        desk.ask()
    assert raised.value.retry_at is not None
    assert len(desk.ports.jobs.find()) == 2
    desk.put(first.url)
    assert desk.ask().url


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"trigger": Upload((), 10)}, "names no media type"),
        ({"starts": lambda: [Start({})]}, "an upload is for one"),
    ],
)
def test_a_pipeline_that_could_never_take_an_upload_is_refused(more: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigurationError, match=said):
        a_pipeline(Calls().step("draw"), **({"trigger": Upload(("image/png",), 10)} | more))


# --- taking in


def test_a_stored_file_lets_the_job_begin(desk: UploadDesk) -> None:
    asked = desk.ask()
    assert desk.put(asked.url).status is JobStatus.PENDING
    desk.work()
    job = desk.job(asked.job)
    assert job.status is JobStatus.COMPLETED
    assert (job.result["seen"], job.result["type"], job.phase) == (len(PNG), "image/png", "looked")


def test_the_file_its_event_and_what_starts_next_are_one_change(
    desk: UploadDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = desk.ask()
    changes: list[Change] = []
    commit = desk.ports.store.commit

    def told(change: Change) -> None:
        changes.append(change)
        commit(change)

    monkeypatch.setattr(desk.ports.store, "commit", told)
    desk.put(asked.url)
    [change] = changes
    assert [event.type for event in change.events] == ["UploadStored", "StepCompleted"]
    assert change.events[0].subject == asked.terms.key
    assert change.events[0].data == change.assets[0].as_dict()
    assert [delivery.name for delivery in change.deliveries] == ["look"]
    assert change.jobs[0].after.status is JobStatus.PENDING


def test_a_job_that_got_its_file_is_the_fold_of_its_events(desk: UploadDesk) -> None:
    asked = desk.ask()
    desk.put(asked.url)
    for _ in range(2):
        assert fold(desk.ports.events.of_job(asked.job.id)) == desk.job(asked.job)
        desk.work()


def test_the_type_is_that_of_the_bytes_whatever_was_announced(desk: UploadDesk) -> None:
    asked = desk.ask()
    desk.put(asked.url, b"\xff\xd8\xff and so on")
    desk.work()
    [asset] = desk.ports.assets.of_job(asked.job.id)
    assert (asset.media_type, asset.about) == ("image/jpeg", {"announced_type": "image/png"})
    output = desk.records(asked.job)["look"].output
    assert (output["media_type"], output["announced_type"]) == ("image/jpeg", "image/png")


def test_a_file_takes_no_more_memory_than_a_piece_and_its_head(desk: UploadDesk) -> None:
    desk = UploadDesk(looking(max_bytes=10**9))
    with desk.uploads.receive(desk.terms(desk.ask().url)) as receiving:
        for _ in range(40):
            receiving.write(bytes(10_000))
        assert (receiving.size, len(receiving._head)) == (400_000, 65_536)


def test_an_upload_expires_with_its_job(desk: UploadDesk) -> None:
    asked = desk.ask()
    desk.put(asked.url)
    desk.work()
    desk.clock.advance(days=91)
    assert remove_expired(desk.runtime, desk.clock.now()) > 0
    assert desk.blob(asked) is None
    assert desk.ports.assets.of_job(asked.job.id) == []
    assert desk.status(asked.job) is JobStatus.EXPIRED


# --- refusing


def test_of_many_files_at_the_same_moment_exactly_one_is_taken(desk: UploadDesk) -> None:
    for files in ([PNG] * 6, [PNG, OTHER_PNG] * 3):
        asked = desk.ask()
        outcomes = at_once(partial(desk.put, asked.url), files)
        won = [at for at, one in enumerate(outcomes) if isinstance(one, Job)]
        lost = [one for one in outcomes if not isinstance(one, Job)]
        assert len(won) == 1
        assert {one.reason for one in lost if isinstance(one, UploadRefused)} == {Reason.HAS_FILE}
        assert len(lost) == 5
        assert desk.blob(asked) == files[won[0]]
        desk.work()
        assert desk.job(asked.job).result["seen"] == len(files[won[0]])
        assert len(desk.events(asked.job, "UploadStored")) == 1


@pytest.mark.parametrize("data", [PNG, OTHER_PNG])
def test_an_address_takes_one_file_once(desk: UploadDesk, data: bytes) -> None:
    asked = desk.ask()
    desk.put(asked.url)
    assert desk.refused(asked.url, data) is Reason.HAS_FILE
    desk.work()
    assert desk.refused(asked.url, data) is Reason.HAS_FILE
    assert desk.blob(asked) == PNG


def test_a_forged_and_an_altered_address_open_nothing(desk: UploadDesk) -> None:
    asked, other = desk.ask(), desk.ask()
    forged = [
        asked.url.replace(asked.job.id, other.job.id),
        asked.url.replace("max_bytes=100000", "max_bytes=100001"),
        asked.url.replace("max_bytes=", "bytes="),
        asked.url.replace("image%2Fpng", "image%2Fgif"),
        asked.url.replace("expires=", "expires=1"),
        asked.url.replace("signature=", "signature=0"),
        asked.url + "&more=1",
        asked.url.partition("&signature")[0],
    ]
    assert len(set(forged) - {asked.url}) == len(forged)
    for url in forged:
        assert desk.refused(url) is Reason.FORGED
    assert desk.put(asked.url).id == asked.job.id


def test_an_address_is_over_when_its_time_is(desk: UploadDesk) -> None:
    asked = desk.ask()
    desk.clock.advance(timedelta(minutes=10) - timedelta(microseconds=1))
    assert desk.terms(asked.url)
    desk.clock.advance(timedelta(microseconds=1))
    assert desk.refused(asked.url) is Reason.EXPIRED


def test_a_file_that_is_not_whole_in_time_is_not_taken(desk: UploadDesk) -> None:
    asked = desk.ask()
    with desk.uploads.receive(desk.terms(asked.url)) as receiving:
        receiving.write(PNG)
        desk.clock.advance(minutes=10)
        with pytest.raises(UploadRefused) as raised:
            receiving.finish()
    assert raised.value.reason is Reason.EXPIRED
    assert desk.blob(asked) is None


@pytest.mark.parametrize(
    ("announced", "size", "reason"),
    [
        (None, 100_001, Reason.TOO_LARGE),
        (None, 0, Reason.TOO_SMALL),
        (80, 81, Reason.TOO_LARGE),
        (80, 79, Reason.TOO_SMALL),
    ],
)
def test_another_size_than_was_signed_is_refused_and_may_be_tried_again(
    desk: UploadDesk, announced: int | None, size: int, reason: Reason
) -> None:
    asked = desk.ask(bytes=announced)
    assert desk.refused(asked.url, bytes(size)) is reason
    assert desk.blob(asked) is None
    desk.put(asked.url, bytes(announced or 100_000))


def test_of_a_file_that_is_too_large_nothing_more_is_written(desk: UploadDesk) -> None:
    written: list[int] = []
    with desk.uploads.receive(desk.terms(desk.ask(bytes=80).url)) as receiving:
        receiving._incoming.write = lambda piece: written.append(len(piece))  # type: ignore[method-assign]
        receiving.write(bytes(80))
        with pytest.raises(UploadRefused):
            receiving.write(b"x")
    assert written == [80]


def test_a_file_for_a_job_that_was_cancelled_is_not_taken(desk: UploadDesk) -> None:
    asked = desk.ask()
    with desk.uploads.receive(desk.terms(asked.url)) as receiving:
        receiving.write(PNG)
        desk.runtime.runner.cancel(asked.job.id)
        with pytest.raises(UploadRefused, match="it is cancelled") as raised:
            receiving.finish()
    assert raised.value.reason is Reason.ENDED
    assert desk.blob(asked) is None
    assert desk.refused(asked.url) is Reason.ENDED
    assert desk.status(asked.job) is JobStatus.CANCELLED


# --- a file that never comes


def test_a_job_whose_file_never_comes_fails_with_a_sentence_and_its_address_is_dead(desk: UploadDesk) -> None:
    asked = desk.ask()
    desk.later(minutes=9, seconds=59)
    assert desk.status(asked.job) is JobStatus.UPLOAD_PENDING
    desk.later(seconds=1)
    job = desk.job(asked.job)
    assert job.status is JobStatus.FAILED
    assert job.error is not None
    assert job.error.what == "The file for look_at was not uploaded in time."
    assert job.error.todo
    assert desk.refused(asked.url) is Reason.EXPIRED
    assert desk.standing(job) == {"on_upload_stored": "failed"}


def test_a_job_that_has_its_file_goes_on_past_the_time_for_it() -> None:
    calls = Calls()
    desk = UploadDesk(looking(On("PaperArrived"), calls.step("post")))
    asked = desk.ask()
    desk.put(asked.url)
    desk.later(minutes=11)
    assert desk.status(asked.job) is JobStatus.PROCESSING
    event = Event(type="PaperArrived", subject="paper", time=desk.clock.now(), job_id=asked.job.id)
    desk.runtime.bus.commit(Change(events=(event,)))
    desk.work()
    assert desk.status(asked.job) is JobStatus.COMPLETED
    assert calls.paths == ["post"]


def test_the_time_that_a_pipeline_gives_itself_begins_with_its_file() -> None:
    desk = UploadDesk(looking(On("PaperArrived"), deadline=timedelta(minutes=5)))
    asked = desk.ask()
    desk.later(minutes=6)
    assert desk.status(asked.job) is JobStatus.UPLOAD_PENDING
    desk.put(asked.url)
    desk.later(minutes=4)
    assert desk.status(asked.job) is JobStatus.PROCESSING
    desk.later(minutes=1)
    assert desk.status(asked.job) is JobStatus.FAILED


def test_no_file_is_taken_while_the_failure_is_dealt_with() -> None:
    told: list[str] = []

    def tell(problem: Problem) -> None:
        told.append(problem.what)

    desk = UploadDesk(looking(on_failure=[tell, On("PersonAnswered")]))
    asked = desk.ask()
    desk.later(minutes=10)
    assert told == ["The file for look_at was not uploaded in time."]
    slower = replace(asked.terms, expires_at=asked.terms.expires_at + timedelta(seconds=1))
    with desk.uploads.receive(slower) as receiving:  # as a process does whose clock is behind
        receiving.write(PNG)
        with pytest.raises(UploadRefused, match="waits for it no more") as raised:
            receiving.finish()
    assert raised.value.reason is Reason.ENDED
    assert desk.blob(asked) is None


def test_the_same_may_be_asked_for_again_after_its_file_never_came(desk: UploadDesk) -> None:
    first = desk.ask(key="look_at:1")
    desk.later(minutes=10)
    second = desk.ask(key="look_at:1")
    assert second.job.id != first.job.id
    desk.put(second.url)


def test_an_event_of_that_name_that_no_upload_made_moves_nothing() -> None:
    calls = Calls()
    bench = Bench(a_pipeline(calls.step("draw"), On("UploadStored"), calls.step("post"), trigger=Request()))
    job = bench.run()
    bench.runtime.bus.commit(
        Change(events=(Event(type="UploadStored", subject="a", time=bench.clock.now(), job_id=job.id),))
    )
    bench.work()
    assert calls.paths == ["draw", "post"]
    assert bench.status(job) is JobStatus.COMPLETED
    assert fold(bench.runtime.ports.events.of_job(job.id)) == bench.job(job)


# --- a file that is at hand


def test_a_file_that_is_at_hand_starts_its_job_at_once(desk: UploadDesk) -> None:
    job = desk.uploads.start("look_at", {}, PNG)
    assert job.status is JobStatus.PENDING
    desk.work()
    assert desk.job(job).result["seen"] == len(PNG)


def test_whether_a_file_at_hand_is_of_a_type_that_is_taken_is_the_pipelines_to_say(desk: UploadDesk) -> None:
    job = desk.uploads.start("look_at", {}, b"GIF89a and so on")
    desk.work()
    assert desk.job(job).result["type"] == "image/gif"


def test_a_file_at_hand_is_started_however_many_uploads_are_awaited() -> None:
    desk = UploadDesk(max_pending_uploads=1)
    desk.ask()
    assert desk.uploads.start("look_at", {}, PNG).status is JobStatus.PENDING


def test_a_file_at_hand_starts_one_job_under_its_key(desk: UploadDesk) -> None:
    first = desk.uploads.start("look_at", {}, PNG, key="look_at:1")
    assert desk.uploads.start("look_at", {}, OTHER_PNG, key="look_at:1").id == first.id
    assert len(desk.ports.jobs.find()) == 1


def test_the_scheduler_clears_away_what_was_begun_and_left(desk: UploadDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    swept: list[bool] = []
    monkeypatch.setattr(desk.ports.blobs, "drop_abandoned", lambda: swept.append(True))
    Scheduler(desk.runtime).look()
    assert swept
