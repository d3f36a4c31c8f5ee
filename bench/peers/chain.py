"""What a handler of the bench does, alike in every engine: record when it ran, and send the next message."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from pathlib import Path
from queue import SimpleQueue

from bench.peers.base import RECORD, Message, records_file


class Chain:
    """Made in the process in which the handlers run, at the first message."""

    def __init__(self, folder: Path, send: Callable[[Message], None]) -> None:
        self._file, self._send = records_file(folder), send
        self._paced: SimpleQueue[Message] = SimpleQueue()
        self._pacer = threading.Thread(target=self._pace, daemon=True)
        self._pacer.start()

    def hop(self, message: Message) -> None:
        ran = time.monotonic_ns()
        os.write(self._file, RECORD.pack(message["sent"], ran))
        if message["sleep"]:
            time.sleep(message["sleep"])
        if message["left"] <= 0 or ran > message["until"]:
            return
        following = message | {"left": message["left"] - 1}
        if message["pause"]:
            # Sent by another thread, so that the handler ends and is acknowledged meanwhile, as in real life.
            self._paced.put(following)
        else:
            self._send(following | {"sent": time.monotonic_ns()})

    def _pace(self) -> None:
        while True:
            message = self._paced.get()
            time.sleep(message["pause"])
            self._send(message | {"sent": time.monotonic_ns()})
