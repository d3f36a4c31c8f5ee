"""libvips in a process that lives long."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, BrokenBarrierError

import pyvips

from pressroom.imaging.libvips import a_turn, prepare_libvips


def test_nothing_is_kept_between_pictures() -> None:
    prepare_libvips()
    for size in range(5):
        pyvips.Image.black(10 + size, 10).invert().avg()
    assert pyvips.cache_get_size() == 0
    assert pyvips.concurrency_get() == 1


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
