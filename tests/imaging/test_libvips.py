"""libvips in a process that lives long."""

from __future__ import annotations

import logging
import os
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, BrokenBarrierError

import pytest
import pyvips

from pressroom.imaging.libvips import a_turn, prepare_libvips
from pressroom.imaging.picture_decoding import decode
from pressroom.imaging.picture_opening import PictureLimits, open_picture
from tests.photos import photo


def test_nothing_is_kept_between_pictures() -> None:
    prepare_libvips()
    for size in range(5):
        pyvips.Image.black(10 + size, 10).invert().avg()
    assert pyvips.cache_get_size() == 0
    assert pyvips.concurrency_get() == 1


def test_python_hears_of_troubles_but_not_of_each_piece_of_work(caplog: pytest.LogCaptureFixture) -> None:
    prepare_libvips()
    data = photo(400, 300).jpegsave_buffer()
    caplog.set_level(logging.INFO, "pyvips")
    pyvips.Image.jpegload_buffer(data).resize(0.5).copy_memory()
    assert [record.getMessage() for record in caplog.records] == []
    pyvips.Image.jpegload_buffer(data[: len(data) // 2]).copy_memory()
    assert any("premature end" in record.getMessage().lower() for record in caplog.records)


def test_the_bytes_of_a_picture_are_not_copied_to_open_and_decode_it(monkeypatch: pytest.MonkeyPatch) -> None:
    copied: list[int] = []
    set_value = pyvips.GValue.set

    def set_and_note(value: pyvips.GValue, given: object) -> None:
        copied.extend([len(given)] if isinstance(given, bytes) else [])
        set_value(value, given)

    data = photo(400, 300).jpegsave_buffer()
    monkeypatch.setattr(pyvips.GValue, "set", set_and_note)
    image = decode(open_picture(data, PictureLimits()), 1.0)
    assert (image.width, image.height) == (400, 300)
    assert not copied


def test_as_many_pictures_at_a_time_as_there_are_cores() -> None:
    cores = max(2, os.cpu_count() or 1)

    def meets(others: int) -> bool:
        barrier = Barrier(others)

        def one(_: int) -> bool:
            with a_turn():
                try:
                    barrier.wait(0.5)
                except BrokenBarrierError:
                    return False
            return True

        with ThreadPoolExecutor(others) as threads:
            return all(threads.map(one, range(others)))

    assert meets(cores)
    assert not meets(cores + 1)
