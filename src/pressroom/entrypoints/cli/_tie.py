"""What ties a worker process to the program that started it: neither outlives the other unnoticed."""

from __future__ import annotations

import os
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

STOP, LEFT = "stop", "left"
ENDED_WITH_IT = 70
"""The exit code of a worker whose program is gone; nobody is left to read it."""
_LATER_THAN_OTHERS = 15
"""How much nicer than its program a tied worker is: an answer that somebody waits for goes first."""


class Tie:
    """The worker's end. Over it the worker is told to stop, tells that it lives, and sees its program end."""

    def __init__(self, end: socket.socket, ask_to_stop: Callable[[], None]) -> None:
        self._end, self._ask_to_stop = end, ask_to_stop
        end.set_inheritable(False)
        threading.Thread(target=self._listen, name="tie", daemon=True).start()

    def tell(self, heartbeat: datetime) -> None:
        """Say that the worker lives, and when it last looked after what it holds."""
        self._say(heartbeat.isoformat())

    def tell_of_rest(self) -> None:
        """Say that not everything was finished in time, and was handed back."""
        self._say(LEFT)

    def _say(self, text: str) -> None:
        try:
            self._end.sendall(f"{text}\n".encode())
        except OSError:
            return  # the program is gone, and the thread that listens ends this process

    def _listen(self) -> None:
        while True:
            try:
                said = self._end.recv(64)
            except OSError:
                said = b""
            if not said:
                # Killed, most likely. What runs here is as if it were killed too: its leases end, and it comes again.
                os._exit(ENDED_WITH_IT)
            self._ask_to_stop()


@contextmanager
def tied(descriptor: int | None, ask_to_stop: Callable[[], None]) -> Iterator[Tie | None]:
    """Tie this process to the program that started it with this open descriptor; None for a worker of its own."""
    if descriptor is None:
        yield None
        return
    os.nice(_LATER_THAN_OTHERS)
    # In the background of its program's terminal, a line of the log must not stop it.
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    yield Tie(socket.socket(fileno=descriptor), ask_to_stop)
