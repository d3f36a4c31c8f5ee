"""One connection to a fake: reads requests, lets faults strike at exact points, sends answers."""

from __future__ import annotations

import select
import socket
import socketserver
import struct
import sys
import threading
import time
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from queue import SimpleQueue
from typing import TYPE_CHECKING

from tests.fakes import control
from tests.fakes.faults import Reply, ScriptedFault, Struck, TakesEffect
from tests.fakes.messages import Answer, Request

if TYPE_CHECKING:
    from tests.fakes.server import FakeServer

JUNK = b"<html><head><title>Welcome</title></head><body>Please wait while we check your browser.</body></html>"
LONGEST_HOLD_SECONDS = 120.0
BODY_TIMEOUT_SECONDS = 30.0


class Connection(BaseHTTPRequestHandler):
    """Serves one connection after the other request until it is closed or cut."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Listener

    def handle(self) -> None:
        try:
            super().handle()
        except (ConnectionError, TimeoutError):
            # The client went away: it was killed, or gave up. That is its right, and often the point of the test.
            self.close_connection = True

    def _serve(self) -> None:
        fake = self.server.fake
        if self.path.startswith("/_fake/"):
            self._send(control.answer(fake, self.command, self.path, self._read_body()))
            return
        line = fake.faults.next_for(self.command, self.path.partition("?")[0])
        if line is not None and line.fault.reply is Reply.CUT_UNREAD:
            request = fake.record(self, b"")
            fake.faults.strike(line.fault, request.number, request.method, request.path)
            self._cut()
            return
        if int(self.headers.get("content-length", 0)) > fake.body_limit_bytes:
            self._send(Answer(413))
            self.close_connection = True
            return
        request = fake.record(self, self._read_body())
        if line is None:
            self._send(fake.process(request))
        else:
            self._strike(request, line)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = _serve  # noqa: N815

    def _strike(self, request: Request, line: ScriptedFault) -> None:
        fake, fault = self.server.fake, line.fault
        ticket = fake.pause_ticket()
        struck = fake.faults.strike(fault, request.number, request.method, request.path)
        answer: Answer | None = None
        if fault.takes_effect is TakesEffect.YES:
            answer = self._carry_out(request, struck)
        status = answer.status if answer else fake.usual_status(request)
        match fault.reply:
            case Reply.REFUSAL:
                self._send(fake.refusal(fault, request))
            case Reply.JUNK:
                self._send(Answer(status, JUNK, {"content-type": "text/html; charset=utf-8"}))
            case Reply.EMPTY:
                self._send(Answer(status))
            case Reply.TRUNCATED if answer:
                self._send(answer, cut_short=True)
            case Reply.ANSWER if answer:
                fake.pause(ticket, line.seconds)
                self._send(answer)
            case Reply.HOLD:
                wait = LONGEST_HOLD_SECONDS if fault.takes_effect is TakesEffect.LATER else line.seconds
                if not self._client_left(ticket, wait) and answer:
                    self._send(answer)
                else:
                    self._cut()
            case _:
                self._cut()
        if fault.takes_effect is TakesEffect.LATER:
            self._hang_up()
            if fake.pause(ticket, line.seconds):
                self._carry_out(request, struck)

    def _carry_out(self, request: Request, struck: Struck) -> Answer:
        with self.server.fake.lock:
            answer = self.server.fake.process(request)
            struck.processed_status = answer.status
            return answer

    def _read_body(self) -> bytes:
        """The whole body, or a ConnectionError if the client left before it was sent."""
        self.connection.settimeout(BODY_TIMEOUT_SECONDS)
        try:
            if self.headers.get("transfer-encoding", "").lower() == "chunked":
                return self._read_chunks()
            return self._read_exactly(int(self.headers.get("content-length", 0)))
        finally:
            self.connection.settimeout(None)

    def _read_exactly(self, size: int) -> bytes:
        data = self.rfile.read(size)
        if len(data) < size:
            raise ConnectionError("the client left in the middle of its request")
        return data

    def _read_chunks(self) -> bytes:
        chunks = []
        while size := int(self.rfile.readline().partition(b";")[0] or b"0", 16):
            chunks.append(self._read_exactly(size))
            self._read_exactly(2)
            if sum(map(len, chunks)) > self.server.fake.body_limit_bytes:
                raise ConnectionError("the client sends more than any service would take")
        while self.rfile.readline().strip():
            pass
        return b"".join(chunks)

    def _send(self, answer: Answer, *, cut_short: bool = False) -> None:
        """Send an answer in one piece; `cut_short` sends half of its body and ends the connection."""
        reason = HTTPStatus(answer.status).phrase
        headers = {"content-length": str(len(answer.body)), **answer.headers}
        if cut_short or self.close_connection:
            self.close_connection = True
            headers["connection"] = "close"
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        body = answer.body[: len(answer.body) // 2] if cut_short else answer.body
        if self.command == "HEAD":
            body = b""
        self.wfile.write(f"HTTP/1.1 {answer.status} {reason}\r\n{head}\r\n".encode("latin-1") + body)

    def _cut(self) -> None:
        """End the connection with a reset, as a crash of the other side would."""
        self.server.reset_on_close(self.connection)
        self.close_connection = True

    def _hang_up(self) -> None:
        """Close now although this thread has still something to do."""
        self.rfile.close()
        self.server.shutdown_request(self.connection)

    def _client_left(self, ticket: int, seconds: float | None) -> bool:
        """Wait for the client to give up; False if the time is over or released before that."""
        watch = select.poll()
        watch.register(self.connection, select.POLLIN | select.POLLHUP)
        until = time.monotonic() + (LONGEST_HOLD_SECONDS if seconds is None else seconds)
        while time.monotonic() < until and self.server.fake.pause_ticket() == ticket:
            if watch.poll(20):
                return True
        return False

    def log_message(self, format: str, *args: object) -> None:
        """Stay silent: the fake keeps its own list of requests."""


class Listener(socketserver.ThreadingMixIn, socketserver.TCPServer):
    """Accepts connections on 127.0.0.1, each served by a thread that is free, and knows which are open."""

    allow_reuse_address = True
    request_queue_size = 128

    def __init__(self, port: int, fake: FakeServer) -> None:
        self.fake = fake
        self._open: set[socket.socket] = set()
        self._resets: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._is_closing = False
        self._accepted: SimpleQueue[tuple[socket.socket, object] | None] = SimpleQueue()
        self._servers: list[threading.Thread] = []
        self._free = 0
        super().__init__(("127.0.0.1", port), Connection)

    def accept_until_stopped(self) -> None:
        while not self._is_closing:
            self.handle_request()

    def stop_accepting(self) -> None:
        """Wake the accepting thread with one last connection, so that it needs no polling."""
        self._is_closing = True
        socket.create_connection(("127.0.0.1", self.server_address[1])).close()

    def verify_request(self, request: object, client_address: object) -> bool:
        return not self._is_closing

    def process_request(self, request: socket.socket | tuple[bytes, socket.socket], client: object) -> None:
        assert isinstance(request, socket.socket)
        with self._lock:
            self._open.add(request)
            is_served = self._free > 0
            self._free -= is_served
        self._accepted.put((request, client))
        if not is_served:  # a new thread for each connection would cost more than most answers
            self._servers.append(threading.Thread(target=self._serve, name="served", daemon=True))
            self._servers[-1].start()

    def _serve(self) -> None:
        while (accepted := self._accepted.get()) is not None:
            self.process_request_thread(*accepted)
            with self._lock:
                self._free += 1

    def server_close(self) -> None:
        """Close, once every connection has been served to its end."""
        for _ in self._servers:
            self._accepted.put(None)
        for server in self._servers:
            server.join()
        super().server_close()

    def reset_on_close(self, connection: socket.socket) -> None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        with self._lock:
            self._resets.add(connection)

    def shutdown_request(self, request: socket.socket | tuple[bytes, socket.socket]) -> None:
        assert isinstance(request, socket.socket)
        with self._lock:
            self._open.discard(request)
            is_reset = request in self._resets
            self._resets.discard(request)
        if is_reset:
            request.close()
        else:
            super().shutdown_request(request)

    def cut_all(self) -> None:
        """Wake every thread that waits for its client."""
        with self._lock:
            for connection in self._open:
                try:
                    connection.shutdown(socket.SHUT_RDWR)
                except OSError:
                    continue  # the client was faster

    def handle_error(self, request: object, client_address: object) -> None:
        error = sys.exception() if sys.version_info >= (3, 12) else sys.exc_info()[1]
        if error is not None:
            self.fake.crashes.append(error)
