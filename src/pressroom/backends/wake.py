"""Wakes workers: listeners in this process by an event, other processes on the machine by a datagram."""

from __future__ import annotations

import contextlib
import hashlib
import os
import socket
import stat
import tempfile
import threading
from collections.abc import Collection
from pathlib import Path

from pressroom.errors import ConfigurationError


class LocalListener:
    def __init__(self, wake: LocalWake, queues: Collection[str]) -> None:
        self._wake, self._event = wake, threading.Event()
        self._queues = frozenset(queues)

    def hears(self, queues: Collection[str]) -> bool:
        return not queues or not self._queues or not self._queues.isdisjoint(queues)

    def wait(self, timeout: float | None) -> bool:
        notified = self._event.wait(timeout)
        if notified:
            self._event.clear()
        return notified

    def ring(self) -> None:
        self._event.set()

    def close(self) -> None:
        self._wake.forget(self)


class LocalWake:
    """Within one process."""

    def __init__(self) -> None:
        self._listeners: tuple[LocalListener, ...] = ()
        self._mutex = threading.Lock()

    def notify(self, queues: Collection[str] = ()) -> None:
        for listener in self._listeners:
            if listener.hears(queues):
                listener.ring()

    def listen(self, queues: Collection[str] = ()) -> LocalListener:
        listener = LocalListener(self, queues)
        with self._mutex:
            self._listeners += (listener,)
        return listener

    def forget(self, listener: LocalListener) -> None:
        with self._mutex:
            self._listeners = tuple(other for other in self._listeners if other is not listener)

    def close(self) -> None:
        """Nothing is held beyond the process."""


class MachineWake(LocalWake):
    """Within one machine: each process that listens has a datagram socket in a folder of the workspace's own.

    The folder stands with the temporary files because a socket's path may only be about 100 bytes long. A
    datagram that cannot be sent is no loss: workers look by themselves every few seconds.
    """

    def __init__(self, workspace: Path) -> None:
        super().__init__()
        mark = hashlib.sha256(os.fsencode(workspace)).hexdigest()[:16]
        self.folder = Path(tempfile.gettempdir()) / f"pressroom-{os.getuid()}-{mark}"
        self._make_folder()
        self._sender = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._sender.setblocking(False)
        self._own: Path | None = None
        self._receiver: socket.socket | None = None

    def notify(self, queues: Collection[str] = ()) -> None:
        super().notify(queues)
        own = self._own.name if self._own else ""
        try:
            with os.scandir(self.folder) as entries:
                others = [entry for entry in entries if entry.name != own]
        except OSError:
            return  # temporary files were cleaned away; what is to be told is stored, and workers look by themselves
        for entry in others:
            try:
                self._sender.sendto(b"!", entry.path)
            except ConnectionRefusedError:
                # Nobody listens there any more: the process was killed.
                with contextlib.suppress(OSError):
                    Path(entry.path).unlink()
            except OSError:
                continue  # its buffer is full, say: it is about to wake anyway

    def listen(self, queues: Collection[str] = ()) -> LocalListener:
        with self._mutex:
            if self._receiver is None:
                self._open()
        return super().listen(queues)

    def close(self) -> None:
        self._sender.close()
        if self._receiver is not None and self._own is not None:
            with contextlib.suppress(OSError):
                self._receiver.shutdown(socket.SHUT_RDWR)
            self._receiver.close()
            self._own.unlink(missing_ok=True)

    def _make_folder(self) -> None:
        """Make the folder; its name can be guessed, so one that somebody else put there is refused."""
        self.folder.mkdir(mode=0o700, exist_ok=True)
        found = self.folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o077:
            raise ConfigurationError(
                f"{self.folder} is not a folder that only this user may write to.",
                where=str(self.folder),
                todo="Remove it, and see who put it there.",
            )

    def _open(self) -> None:
        self._make_folder()
        self._own = self.folder / f"{os.getpid()}-{os.urandom(4).hex()}"
        self._receiver = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._receiver.bind(str(self._own))
        threading.Thread(target=self._receive, args=(self._receiver,), name="wake", daemon=True).start()

    def _receive(self, receiver: socket.socket) -> None:
        while True:
            try:
                if not receiver.recv(16):
                    return
            except OSError:
                return  # closed
            LocalWake.notify(self)
