"""Sets libvips up for a process that lives long and works on pictures of strangers."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from threading import BoundedSemaphore


@cache
def prepare_libvips() -> None:
    """Make libvips keep nothing between pictures, and leave the cores to the workers; the first call does the work.

    Its cache of operations would hold on to the pixels of pictures that are done. Its own threads would gain nothing:
    several pictures are made at a time, one by each worker, and that keeps every core busy with less memory
    (two photos at a time on two cores: the same rate with one thread each as with two).
    """
    import pyvips

    # What it warns of goes into our errors; a stranger's file must not fill the log.
    logging.getLogger("pyvips").setLevel(logging.ERROR)
    _take_no_notes()
    pyvips.cache_set_max(0)
    pyvips.cache_set_max_mem(0)
    pyvips.concurrency_set(1)


def _take_no_notes() -> None:
    """Let libvips tell Python of its troubles alone: each of the 45 notes on a photo would wait for the interpreter.

    Its threads write them, and every thread of this process would have to stand still for each.
    """
    import pyvips

    parts = (getattr(pyvips, name, None) for name in ("glib_lib", "ffi", "_log_handler_id", "_log_handler_cb"))
    glib, ffi, known, tell = parts
    if not (glib and ffi and known and tell):
        return  # another pyvips, whose notes only take time
    levels = pyvips.GLogLevelFlags
    troubles = levels.LEVEL_WARNING | levels.LEVEL_CRITICAL | levels.LEVEL_ERROR
    always = levels.FLAG_FATAL | levels.FLAG_RECURSION
    glib.g_log_remove_handler(b"VIPS", known)
    # pyvips takes away the handler with this number before the interpreter ends.
    pyvips._log_handler_id = glib.g_log_set_handler(b"VIPS", troubles | always, tell, ffi.NULL)


@contextmanager
def a_turn() -> Iterator[None]:
    """Wait until a core is free for a picture: more at a time would not be quicker, only take more memory."""
    with _turns():
        yield


@cache
def _turns() -> BoundedSemaphore:
    return BoundedSemaphore(max(2, os.cpu_count() or 1))
