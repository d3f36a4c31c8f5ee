"""The photo feed: a photo is kept as it is, fitted to each channel, posted once on each; an edit is a revision."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
import pyvips

from pressroom.backends.memory import build_memory_ports
from pressroom.composition import compose
from pressroom.config import Config
from pressroom.errors import BadInput, ConfigurationError
from pressroom.feeding import Feeder
from pressroom.jobs import Job, JobStatus
from pressroom.pipelines.photo_feed import pipeline
from pressroom.publications import Publication, PublicationState
from pressroom.publishers.base import ImageRules, TextRules
from pressroom.retention import remove_expired
from pressroom.testing import ManualClock, work_off
from tests.photos import photo
from tests.press import Network


class Square(Network):
    image_rules = ImageRules(
        formats=("image/jpeg",), max_bytes=60_000, most=1, min_width=320, max_width=640, narrowest=0.8, widest=1.0
    )
    text_rules = TextRules(limit=30, counted_in="characters")


class Room:
    """A photo feed over a real folder, with two networks in memory that want different things."""

    def __init__(self, folder: Path, channels: Mapping[str, Mapping[str, Any]] | None = None, **settings: Any) -> None:
        self.clock = ManualClock()
        self.folder = folder
        self.ports = build_memory_ports(self.clock)
        self.wide = Network(self.clock, "wide", **(channels or {}).get("wide", {}))
        self.square = Square(self.clock, "square")
        sections = {
            "sources": {"inbox": {"use": "folder", "path": str(folder), "settle_seconds": 0}},
            "pipelines": {"photo_feed": {"source": "inbox", "channels": ["wide", "square"], **settings}},
        }
        config = Config.model_validate({"workspace": folder.parent / "workspace", **sections})
        publishers = {"wide": self.wide, "square": self.square}
        self.runtime = compose(config, self.ports, {"photo_feed": pipeline}, publishers=publishers)
        self.feeder = Feeder(self.runtime, pipeline, "inbox")

    def drop(self, name: str = "boats.jpg", *, width: int = 1200, noise: float = 4.0, **exif: str) -> Path:
        image = photo(width, width * 2 // 3, noise=noise).copy()
        for field, value in exif.items():
            image.set_type(pyvips.GValue.gstr_type, f"exif-ifd0-{field}", value)
        (self.folder / name).write_bytes(image.jpegsave_buffer(Q=90))
        return self.folder / name

    def look(self) -> int:
        for _ in range(3):  # a file counts once it has been seen to stand still
            found = self.feeder.look()
            self.clock.advance(seconds=2)
            if found:
                break
        work_off(self.runtime)
        return found

    def jobs(self) -> list[Job]:
        return list(reversed(self.ports.jobs.find()))

    def run(self, **input: Any) -> Job:
        [job] = self.runtime.runner.request("photo_feed", input)
        work_off(self.runtime)
        found = self.ports.jobs.get(job.id)
        assert found is not None
        return found

    def publications(self, job: Job) -> dict[str, Publication]:
        return {one.channel: one for one in self.ports.publications.of_job(job.id)}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "inbox"
    made.mkdir()
    return made


@pytest.fixture
def room(folder: Path) -> Room:
    return Room(folder)


def size(data: bytes) -> tuple[int, int]:
    image = pyvips.Image.new_from_buffer(data, "")
    return image.width, image.height


def test_a_photo_that_is_dropped_is_posted_once_on_each_channel_in_the_form_that_it_wants(room: Room) -> None:
    room.drop()
    assert room.look() == 1
    assert room.look() == 0
    [wide], [square] = room.wide.uploads.values(), room.square.uploads.values()
    assert size(wide) == (1200, 800)
    assert size(square)[0] <= 640
    assert 0.8 <= size(square)[0] / size(square)[1] <= 1.0
    assert len(square) <= 60_000
    assert (len(room.wide.posts), len(room.square.posts)) == (1, 1)
    assert [job.status for job in room.jobs()] == [JobStatus.COMPLETED]


def test_the_original_is_kept_byte_for_byte_and_linked_with_its_variants(room: Room) -> None:
    file = room.drop()
    room.look()
    [job] = room.jobs()
    original = room.ports.assets.get(job.result["photo"])
    assert original is not None
    assert room.runtime.assets.read(original.key) == file.read_bytes()
    assert original.sha256 == hashlib.sha256(file.read_bytes()).hexdigest()
    assert original.about["source"] == "inbox"
    variants = room.ports.assets.find("variants/")
    assert variants
    assert {(one.about["original"], one.about["original_revision"]) for one in variants} == {(original.key, 1)}
    assert ["square"] in [one.about["channels"] for one in variants]


def test_nothing_of_what_the_camera_wrote_is_in_what_is_posted(room: Room) -> None:
    room.drop(Make="SpyCam", ImageDescription="A secret place")
    room.look()
    for data in [*room.wide.uploads.values(), *room.square.uploads.values()]:
        assert b"SpyCam" not in data
        assert b"secret place" not in data


def test_the_words_are_those_that_fit_each_network_and_every_picture_has_alt_text(room: Room) -> None:
    room.drop(XPTitle="", ImageDescription="Boats in the harbour, early in the morning")
    room.look()
    [wide], [square] = room.wide.posts, room.square.posts
    assert wide.text == "Boats in the harbour, early in the morning"
    assert len(square.text) <= 30
    assert wide.media[0].alt_text == square.media[0].alt_text == "Boats in the harbour, early in the morning"


def test_a_photo_of_which_nothing_is_told_has_an_alt_text_all_the_same(room: Room) -> None:
    room.drop()
    room.look()
    assert room.wide.posts[0].media[0].alt_text == "A photo."


def test_an_edit_is_a_new_revision_and_is_not_posted_again(room: Room) -> None:
    room.drop()
    room.look()
    room.drop(noise=30)
    room.look()
    first, second = room.jobs()
    assert (second.status, second.phase) == (JobStatus.SKIPPED, "kept")
    assert first.id in second.result["not_posted"]
    assert second.error is not None
    assert second.error.what == (
        "boats.jpg is kept and not posted: it counts as an edit. "
        f"An earlier version of this photo is posted by the job {first.id}."
    )
    assert "pressroom run photo_feed -i file=PATH -i again=true" in second.error.todo
    assert len(room.wide.posts) == 1
    revisions = [room.ports.assets.get(first.result["photo"], number) for number in (1, 2)]
    assert all(revisions)
    stored = [event for event in room.ports.events.after(0, types=["AssetStored"]) if event.job_id == second.id]
    assert [event.data["revision"] for event in stored] == [2]
    assert first.result["photo"] == second.result["photo"]


def test_an_edit_that_was_kept_is_posted_by_what_its_job_says(room: Room) -> None:
    room.drop()
    room.look()
    edit = room.drop(noise=30)
    room.look()
    assert len(room.wide.posts) == 1
    room.run(file=str(edit), again=True)
    assert len(room.wide.posts) == 2


def test_an_edit_is_posted_again_if_the_pipeline_says_so(folder: Path) -> None:
    room = Room(folder, republish_edits=True)
    room.drop()
    room.look()
    room.drop(noise=30)
    room.look()
    assert len(room.wide.posts) == 2


def test_a_photo_that_is_renamed_or_copied_is_not_posted_again(room: Room) -> None:
    file = room.drop()
    room.look()
    (room.folder / "copy.jpg").write_bytes(file.read_bytes())
    file.rename(room.folder / "renamed.jpg")
    room.look()
    assert (len(room.jobs()), len(room.wide.posts)) == (1, 1)


def test_a_photo_whose_job_has_expired_is_not_posted_again(room: Room) -> None:
    room.drop()
    room.look()
    room.clock.advance(days=2000)
    remove_expired(room.runtime, room.clock.now())
    room.look()
    assert len(room.wide.posts) == 1
    assert room.jobs()[0].status is JobStatus.EXPIRED


def test_a_broken_file_fails_its_own_job_with_the_reason_and_its_repair_is_posted(room: Room) -> None:
    file = room.drop()
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2] + b"\xff\xd9")
    room.look()
    room.drop("other.jpg", noise=12)
    room.look()
    broken, other = room.jobs()
    assert (broken.status, other.status) == (JobStatus.FAILED, JobStatus.COMPLETED)
    assert broken.error is not None
    assert "boats.jpg" in broken.error.what
    assert broken.error.todo
    file.write_bytes(whole)
    room.look()
    assert len(room.wide.posts) == 2


def test_one_channel_that_cannot_have_the_picture_does_not_keep_the_others_from_it(room: Room) -> None:
    room.drop(width=200)
    room.look()
    assert (len(room.wide.posts), len(room.square.posts)) == (1, 0)
    [job] = room.jobs()
    assert job.status is JobStatus.FAILED
    assert job.error is not None
    assert "320" in job.error.what
    assert room.publications(job)["square"].state is PublicationState.REJECTED
    assert [event.data["channel"] for event in room.ports.events.after(0, types=["PostRejected"])] == ["square"]


def test_a_file_by_hand_is_posted_once_whatever_its_name_unless_it_is_to_be_again(room: Room, tmp_path: Path) -> None:
    file = room.drop().rename(tmp_path / "mine.jpg")
    first = room.run(file=str(file))
    again = room.run(file=str(file.rename(tmp_path / "yours.jpg")))
    assert first.id == again.id
    third = room.run(file=str(tmp_path / "yours.jpg"), again=True)
    assert third.id != first.id
    assert len(room.wide.posts) == 2


def test_identical_bytes_of_another_job_are_a_revision_of_their_own(room: Room, tmp_path: Path) -> None:
    file = str(room.drop().rename(tmp_path / "mine.jpg"))
    first, second = room.run(file=file), room.run(file=file, again=True)
    assert first.result["photo"] == second.result["photo"]
    assert len({(one.key, one.revision) for job in (first, second) for one in room.ports.assets.of_job(job.id)}) >= 4


def test_the_variants_of_a_photo_are_stored_at_the_same_time(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    together, put = Barrier(2, timeout=10), room.ports.blobs.put

    def put_with_the_other(key: str, *arguments: Any, **options: Any) -> None:
        if key.startswith("variants/"):
            together.wait()
        put(key, *arguments, **options)

    monkeypatch.setattr(room.ports.blobs, "put", put_with_the_other)
    room.drop()
    room.look()
    [job] = room.jobs()
    assert job.status is JobStatus.COMPLETED
    assert len(room.ports.assets.find("variants/")) == 2


def test_filters_of_the_pipeline_and_of_one_channel_are_applied(folder: Path) -> None:
    room = Room(
        folder,
        {"wide": {"picture": {"filters": [{"use": "border", "width": 0.1, "colour": "#ff0000"}]}}},
        filters=[{"use": "monochrome"}],
    )
    room.drop()
    room.look()
    [wide], [square] = room.wide.uploads.values(), room.square.uploads.values()
    inner = pyvips.Image.new_from_buffer(wide, "")
    assert inner(2, 2)[0] > 200 > 60 > inner(2, 2)[1]
    grey = pyvips.Image.new_from_buffer(square, "")
    middle = grey(grey.width // 2, grey.height // 2)
    assert max(middle) - min(middle) <= 6


@pytest.mark.parametrize("input", [{}, {"file": "/nowhere/boats.jpg"}])
def test_a_run_without_a_photo_says_what_to_name(room: Room, input: dict[str, Any]) -> None:
    with pytest.raises(BadInput) as raised:
        room.run(**input)
    assert raised.value.todo


def test_a_wrong_filter_is_named_with_its_place(room: Room, folder: Path) -> None:
    with pytest.raises(ConfigurationError, match="filters"):
        Room(folder, filters=[{"use": "sepia"}])


def test_a_killed_worker_leaves_nothing_twice_and_nothing_out(folder: Path) -> None:
    """A worker may end between any two steps: each of them is run again by another, over the same stores."""
    room = Room(folder)
    room.drop()
    room.feeder.look()
    room.clock.advance(seconds=2)
    room.feeder.look()

    from pressroom.waiting import queues
    from pressroom.worker import Worker

    for _ in range(20):
        # One takes the delivery and is never heard of again; its lease ends; another one runs it.
        claimed = room.ports.queue.claim(queues(room.runtime), 1, timedelta(seconds=30))
        room.clock.advance(seconds=31)
        worker = Worker(room.runtime)
        for delivery in worker.claim(queues(room.runtime), 1):
            worker.run(delivery)
        worker.stop()
        if not claimed:
            break
    work_off(room.runtime)
    assert (len(room.wide.posts), len(room.square.posts)) == (1, 1)
    assert [job.status for job in room.jobs()] == [JobStatus.COMPLETED]


def test_a_whole_file_that_comes_while_its_half_is_still_being_dealt_with_is_posted(room: Room) -> None:
    file = room.drop()
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2] + b"\xff\xd9")
    for _ in range(2):
        room.feeder.look()
        room.clock.advance(seconds=2)
    file.write_bytes(whole)
    for _ in range(2):
        room.feeder.look()
        room.clock.advance(seconds=2)
    assert len(room.jobs()) == 2
    for _ in range(20):
        work_off(room.runtime)
        room.clock.advance(seconds=30)
    assert len(room.wide.posts) == 1


def test_a_filter_that_cannot_be_applied_for_one_channel_does_not_keep_the_others_from_posting(folder: Path) -> None:
    missing = {"use": "watermark", "picture": "marks/none.png"}
    room = Room(folder, {"wide": {"picture": {"filters": [missing]}}})
    room.drop()
    room.look()
    assert (len(room.wide.posts), len(room.square.posts)) == (0, 1)


def test_a_time_without_a_zone_is_refused_when_it_is_asked_for(room: Room, tmp_path: Path) -> None:
    file = room.drop().rename(tmp_path / "mine.jpg")
    with pytest.raises(BadInput, match="publish_at"):
        room.run(file=str(file), publish_at="2026-12-01T18:00:00")
    job = room.run(file=str(file), publish_at=(room.clock.now() + timedelta(hours=1)).isoformat())
    assert room.wide.posts == []
    room.clock.advance(hours=1)
    work_off(room.runtime)
    assert len(room.wide.posts) == 1
    assert room.publications(job)["wide"].state is PublicationState.PUBLISHED
