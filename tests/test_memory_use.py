"""What a process frees does not stay with it."""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest

PROGRAM = """
import sys, threading
from pressroom import memory_use
if "little" in sys.argv:
    memory_use.use_little()
turn, kept = threading.Barrier(8), []
def work():
    turn.wait()
    # Some large buffers as pictures take them, each freed in its turn, and small things that outlive them.
    for number in range(12):
        buffer = bytearray((4 + number) * 2**20)
        kept.append(bytes(2000))
        del buffer
    turn.wait()
threads = [threading.Thread(target=work) for _ in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmRSS")))
"""


def _resident_kilobytes(*arguments: str, **environment: str) -> int:
    command = [sys.executable, "-c", PROGRAM, *arguments]
    return int(subprocess.run(command, capture_output=True, check=True, env=environment).stdout)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc" or sys.platform != "linux", reason="it is glibc that keeps it")
def test_threads_that_are_done_with_large_things_keep_little_of_them() -> None:
    assert _resident_kilobytes("little") < 0.8 * _resident_kilobytes()


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc" or sys.platform != "linux", reason="it is glibc that keeps it")
def test_who_says_otherwise_in_the_environment_is_obeyed() -> None:
    usual = {"MALLOC_ARENA_MAX": "8"}
    assert _resident_kilobytes("little", **usual) > 0.8 * _resident_kilobytes(**usual)
