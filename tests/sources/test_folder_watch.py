"""How soon a change in the folder is noticed: at once where the system tells of it, else with the next look."""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pressroom.errors import Unavailable
from pressroom.sources.folder import Folder
from tests.sources.folder_bench import FolderBench, picture

LONG = 60.0
SOON = 5.0
"""Seconds; what is told of returns within a tenth of one, but the machine may be busy."""


@pytest.fixture
def bench(tmp_path: Path) -> FolderBench:
    bench = FolderBench(tmp_path)
    bench.pages()
    bench.folder.wait(LONG)  # the first returns at once, since nobody listened before
    return bench


@contextmanager
def waiting(folder: Folder, seconds: float = LONG) -> Iterator[threading.Event]:
    """Wait in another thread; the event says that it returned. It must, before the `with` block is left."""
    returned, begins = threading.Event(), threading.Event()

    def wait() -> None:
        begins.set()
        folder.wait(seconds)
        returned.set()

    thread = threading.Thread(target=wait)
    thread.start()
    begins.wait()
    try:
        yield returned
        assert returned.wait(SOON)
    finally:
        folder.interrupt()
        thread.join()


def test_a_wait_ends_when_a_photo_is_put_into_the_folder(bench: FolderBench) -> None:
    with waiting(bench.folder) as returned:
        assert not returned.wait(0.2)
        bench.put("a.jpg", picture(1))


def test_a_wait_ends_when_a_photo_comes_into_a_new_folder_within(bench: FolderBench) -> None:
    bench.put("2026/october/a.jpg", picture(1))
    bench.folder.wait(LONG)
    with waiting(bench.folder):
        bench.put("2026/october/b.jpg", picture(1))


def test_what_happens_during_a_look_ends_the_next_wait(bench: FolderBench) -> None:
    look = bench.folder.look(bench.cursor)
    assert list(look) == []
    bench.put("a.jpg", picture(1))
    began = time.monotonic()
    bench.folder.wait(LONG)
    assert time.monotonic() - began < SOON


def test_a_wait_is_over_when_something_has_settled(bench: FolderBench) -> None:
    bench.put("a.tif", picture(1, "TIFF"))
    bench.pages()
    bench.clock.advance(seconds=0.1)
    bench.pages()
    began = time.monotonic()
    bench.folder.wait(LONG)
    assert time.monotonic() - began < SOON


def test_a_file_that_cannot_be_used_does_not_make_the_wait_short(bench: FolderBench) -> None:
    bench.put("a.txt", b"words")
    bench.put("empty.jpg", b"")
    bench.found()
    bench.pages()
    while bench.folder._settling.seconds_left() is not None:
        bench.clock.advance(seconds=1)
        bench.pages()
    bench.folder.wait(0.5)  # what was told of until now
    began = time.monotonic()
    bench.folder.wait(0.5)
    assert time.monotonic() - began > 0.4


def test_after_a_look_that_failed_the_wait_is_as_long_as_the_caller_says(bench: FolderBench, tmp_path: Path) -> None:
    bench.put("a.jpg", picture(1))
    bench.pages()
    bench.clock.advance(seconds=1)
    bench.inbox.rename(tmp_path / "away")
    bench.inbox.write_bytes(b"in its place")
    with pytest.raises(Unavailable):
        bench.pages()
    for _ in range(3):
        bench.folder.wait(0.3)  # the system tells of what has happened until now
    began = time.monotonic()
    bench.folder.wait(0.3)
    assert time.monotonic() - began > 0.25


def test_a_wait_without_a_change_lasts_as_long_as_it_should(bench: FolderBench) -> None:
    began = time.monotonic()
    bench.folder.wait(0.3)
    assert 0.25 < time.monotonic() - began < SOON


def test_a_wait_can_be_interrupted_from_another_thread(bench: FolderBench) -> None:
    with waiting(bench.folder) as returned:
        assert not returned.wait(0.1)
        bench.folder.interrupt()


def test_an_interruption_before_the_wait_is_not_lost_and_counts_once(bench: FolderBench) -> None:
    bench.folder.interrupt()
    began = time.monotonic()
    bench.folder.wait(LONG)
    assert time.monotonic() - began < SOON
    began = time.monotonic()
    bench.folder.wait(0.3)
    assert time.monotonic() - began > 0.25


def test_a_folder_that_appears_later_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "workspace").mkdir()
    bench = FolderBench(tmp_path / "workspace", path=str(tmp_path / "share"))
    with waiting(bench.folder):
        (tmp_path / "share").mkdir()
    (tmp_path / "share" / "a.jpg").write_bytes(picture(1))
    assert bench.names() == ["a.jpg"]


def test_a_folder_that_was_replaced_is_listened_to_again(bench: FolderBench) -> None:
    shutil.rmtree(bench.inbox)
    bench.inbox.mkdir()
    bench.folder.wait(LONG)
    bench.pages()
    bench.folder.wait(0.3)
    with waiting(bench.folder) as returned:
        assert not returned.wait(0.1)
        bench.put("a.jpg", picture(1))


def test_where_the_system_does_not_tell_of_changes_they_are_found_by_looking(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from watchfiles import _rust_notify

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")  # inotify's word for: too many watched folders

    monkeypatch.setattr(_rust_notify, "RustNotify", refuse)
    bench = FolderBench(tmp_path)
    bench.folder.wait(LONG)
    began = time.monotonic()
    bench.folder.wait(0.3)
    assert 0.25 < time.monotonic() - began < SOON
    bench.put("a.jpg", picture(1))
    assert bench.names() == ["a.jpg"]


def test_a_name_that_is_not_text_does_not_end_the_waiting(bench: FolderBench) -> None:
    """The system's listener cannot tell of such a name, and fails."""
    Path(os.fsdecode(os.fsencode(bench.inbox) + b"/caf\xe9.jpg")).write_bytes(picture(2))
    bench.folder.wait(LONG)
    for _ in range(3):
        bench.folder.wait(0.3)
    with waiting(bench.folder):
        bench.put("a.jpg", picture(1))
    assert bench.names() == ["a.jpg"]


def test_a_listener_that_fails_again_and_again_is_given_a_rest_and_the_folder_is_looked_at_meanwhile(
    bench: FolderBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    from watchfiles import _rust_notify

    class Broken:
        def __init__(self, *_: object) -> None: ...

        def close(self) -> None: ...

        def watch(self, *_: object) -> None:
            raise RuntimeError("the lock is poisoned")

    monkeypatch.setattr(_rust_notify, "RustNotify", Broken)
    monkeypatch.setattr("pressroom.sources._folder_watch._REST_SECONDS", 0.1)
    shutil.rmtree(bench.inbox)
    bench.inbox.mkdir()
    bench.folder.wait(LONG)
    began, waits = time.monotonic(), 0
    while time.monotonic() - began < 1:
        bench.folder.wait(LONG)
        waits += 1
    assert 5 <= waits <= 30


def test_a_photo_is_found_within_half_a_second_of_being_complete(bench: FolderBench) -> None:
    """With the real clock: that is what is left of a second and a half for the whole way to the networks."""
    from pressroom.clocks import SystemClock

    bench.folder._settling.clock = SystemClock()
    bench.put("a.jpg", picture(1, size=(600, 400)))
    began = time.monotonic()
    while not any(page.items for page in bench.pages()):
        bench.folder.wait(LONG)
        assert time.monotonic() - began < SOON
    # Measured: 0.15 s. A busy machine is given its time.
    assert time.monotonic() - began < 1.0
