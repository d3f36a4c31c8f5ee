"""Waits on loopback until the browser comes back from a network's page, and shows it what became of that."""

from __future__ import annotations

import html
import queue
import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotInTime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from urllib.parse import parse_qsl, urlsplit

_IDLE_SECONDS = 10
"""Browsers open connections in advance; one that says nothing is let go."""
_LONGEST_WORK_SECONDS = 180
_FLUSH_SECONDS = 2
_HEADERS = {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    "cache-control": "no-store",
    # The address carries the code.
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}
_PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><title>{title} · Pressroom</title>
<style>
body {{ margin: 0; min-height: 100vh; display: grid; place-content: center; background: #faf8f3; color: #1b1815;
  font: 1rem/1.5 system-ui, sans-serif; }}
main {{ max-width: 32rem; padding: 2rem; border-top: 4px solid; }}
h1 {{ margin: 0 0 .75rem; font: 600 2rem/1.15 Georgia, "Noto Serif", serif; overflow-wrap: anywhere; }}
p {{ margin: 0 0 .75rem; overflow-wrap: anywhere; }}
@media (prefers-color-scheme: dark) {{ body {{ background: #171513; color: #f3eee5; }} }}
</style><main><h1>{title}</h1>{text}</main></html>
"""


class Visit:
    """One request of a browser that came back; it waits until it is shown something."""

    def __init__(self, query: dict[str, str]) -> None:
        self.query = query
        self.page: Future[tuple[int, str]] = Future()
        self.is_sent = threading.Event()

    def show(self, title: str, *sentences: str, status: int = 200) -> None:
        text = "".join(f"<p>{html.escape(sentence)}</p>" for sentence in sentences if sentence)
        self.page.set_result((status, _PAGE.format(title=html.escape(title), text=text)))


class Callback:
    """Listens while it is entered; answers at one path alone."""

    def __init__(self, bound: socket.socket, path: str) -> None:
        self._visits: queue.Queue[Visit] = queue.Queue()
        self._taken: list[Visit] = []
        self._server = _Server(bound, path, self._visits.put)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), name="callback", daemon=True)

    def next(self, ends: float) -> Visit:
        """Return the next browser that comes; raises `TimeoutError` at this time of `time.monotonic`."""
        try:
            visit = self._visits.get(timeout=max(0.0, ends - time.monotonic()))
        except queue.Empty:
            raise TimeoutError from None
        self._taken.append(visit)
        return visit

    def __enter__(self) -> Callback:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        while not self._visits.empty():
            self._taken.append(self._visits.get())
        for visit in self._taken:
            if not visit.page.done():
                visit.show("This is over", "Look into the terminal, and begin again there.", status=410)
            visit.is_sent.wait(_FLUSH_SECONDS)
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, bound: socket.socket, path: str, came: Callable[[Visit], None]) -> None:
        super().__init__(bound.getsockname()[:2], _Handler, bind_and_activate=False)
        self.socket.close()
        self.socket = bound
        self.path, self.came = path, came

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that hangs up in the middle is no news, and a traceback could show the code."""


class _Handler(BaseHTTPRequestHandler):
    timeout = _IDLE_SECONDS
    server: _Server
    server_version, sys_version = "Pressroom", ""

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        if parts.path != self.server.path:
            self._answer(404, _PAGE.format(title="There is nothing here", text=""))
            return
        try:
            pairs = parse_qsl(parts.query, keep_blank_values=True, max_num_fields=50)
        except ValueError:
            pairs = []
        query = dict(pairs)
        if not pairs or len(query) != len(pairs):
            self._answer(400, _PAGE.format(title="That is not what a network sends", text=""))
            return
        visit = Visit(query)
        self.server.came(visit)
        try:
            self._answer(*visit.page.result(_LONGEST_WORK_SECONDS))
        except NotInTime:
            self._answer(504, _PAGE.format(title="That took too long", text="<p>Look into the terminal.</p>"))
        finally:
            visit.is_sent.set()

    def _answer(self, status: int, page: str) -> None:
        body = page.encode()
        self.send_response(status)
        for name, value in _HEADERS.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing is logged: the address carries the code."""
