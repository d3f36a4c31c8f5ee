"""Files on their way in: what is left of them when their process is killed, and what a full disk does."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from pressroom.backends import _incoming_files
from pressroom.backends.files import FileBlobs
from pressroom.errors import ConfigurationError, NotFound, Unavailable
from pressroom.testing.clock import ManualClock

KEY = "uploads/job_1.png"
BEGIN_AND_DIE = """
import os, signal, sys
from pathlib import Path
from pressroom.backends.files import FileBlobs
from pressroom.testing.clock import ManualClock

incoming = FileBlobs(Path(sys.argv[1]), b"k" * 32, ManualClock()).begin("uploads/job_1.png")
incoming.write(b"half")
print("begun", flush=True)
sys.stdin.readline()
"""


@pytest.fixture
def blobs(tmp_path: Path) -> FileBlobs:
    return FileBlobs(tmp_path / "assets", b"k" * 32, ManualClock())


def on_their_way(blobs: FileBlobs) -> list[Path]:
    return list((blobs.folder / _incoming_files.FOLDER).iterdir())


def test_what_another_process_is_taking_in_stays_until_that_is_killed(blobs: FileBlobs) -> None:
    program = [sys.executable, "-c", BEGIN_AND_DIE, str(blobs.folder)]
    with subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"begun\n"
        assert blobs.drop_abandoned() == 0
        assert [path.read_bytes() for path in on_their_way(blobs)] == [b"half"]
        process.send_signal(signal.SIGKILL)
        process.wait(30)
        assert blobs.drop_abandoned() == 1
    assert on_their_way(blobs) == []
    with pytest.raises(NotFound):
        blobs.get(KEY, 1)


def test_what_is_begun_while_somebody_clears_away_is_never_lost(blobs: FileBlobs) -> None:
    stop = threading.Event()

    def clear_away() -> None:
        while not stop.is_set():
            blobs.drop_abandoned()

    clearing = [threading.Thread(target=clear_away) for _ in range(2)]
    for thread in clearing:
        thread.start()
    try:
        for number in range(200):
            incoming = blobs.begin(KEY)
            incoming.write(b"%d" % number)
            incoming.keep(number + 1)
            assert blobs.get(KEY, number + 1) == b"%d" % number
    finally:
        stop.set()
        for thread in clearing:
            thread.join()
    assert on_their_way(blobs) == []


def test_a_file_that_was_cleared_away_before_it_was_locked_is_begun_anew(
    blobs: FileBlobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock, taken = _incoming_files._is_locked_now, list[Path]()

    def late(descriptor: int) -> bool:
        if not taken:
            taken.extend(on_their_way(blobs))
            taken[0].unlink()
        return lock(descriptor)

    monkeypatch.setattr(_incoming_files, "_is_locked_now", late)
    incoming = blobs.begin(KEY)
    incoming.write(b"one")
    assert len(on_their_way(blobs)) == len(taken) == 1
    incoming.keep(1)
    assert blobs.get(KEY, 1) == b"one"


def test_a_store_without_anything_on_its_way_in_has_nothing_to_clear_away(blobs: FileBlobs) -> None:
    assert blobs.drop_abandoned() == 0
    assert not blobs.folder.exists()


def test_a_full_disk_is_told_and_leaves_nothing(blobs: FileBlobs, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    incoming = blobs.begin(KEY)
    with monkeypatch.context() as disk:
        disk.setattr(os, "write", full)
        with pytest.raises(Unavailable, match="No space left"):
            incoming.write(b"one")
    incoming.drop()
    assert on_their_way(blobs) == []


def test_a_file_is_on_the_disk_before_it_is_seen(blobs: FileBlobs, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    fsync, link = os.fsync, os.link

    def told_fsync(descriptor: int) -> None:
        done.append(f"fsync {Path(f'/proc/self/fd/{descriptor}').readlink().parent.name}")
        fsync(descriptor)

    def told_link(*arguments: object, **named: object) -> None:
        done.append("link")
        link(*arguments, **named)  # type: ignore[arg-type]

    incoming = blobs.begin(KEY)
    incoming.write(b"one")
    blobs.put("uploads/other.png", 1, b"other")
    monkeypatch.setattr(os, "fsync", told_fsync)
    monkeypatch.setattr(os, "link", told_link)
    incoming.keep(1)
    assert done == ["fsync .incoming", "link", "fsync assets"]


def test_a_disk_without_links_is_named(blobs: FileBlobs, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    incoming = blobs.begin(KEY)
    incoming.write(b"one")
    monkeypatch.setattr(os, "link", refuse)
    with pytest.raises(ConfigurationError, match="does not let files be linked"):
        incoming.keep(1)
    incoming.drop()
    assert on_their_way(blobs) == []
