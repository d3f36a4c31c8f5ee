"""A shop on this machine, in a process of its own: the sample's product under any number of addresses, and its photo.

`python -m bench.support.shop` writes the port that it serves and goes on until its standard input ends.
"""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files

_NAME = "Terra Stoneware Mug"


class _Shop(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        samples = files("pressroom.samples")
        if self.path.endswith(".jpg"):
            self._send("image/jpeg", (samples / "terra-mug.jpg").read_bytes())
            return
        page = (samples / "terra-mug.html").read_text(encoding="utf-8")
        # Each address is another product, so that nothing that was drawn for one serves the next.
        self._send("text/html; charset=utf-8", page.replace(_NAME, f"{_NAME} {self.path.strip('/')}").encode())

    def log_message(self, format: str, *args: object) -> None:
        pass

    def _send(self, media_type: str, body: bytes) -> None:
        self.send_response(200)
        self.send_header("content-type", media_type)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def shop() -> Iterator[str]:
    """Serve the shop while the block runs; yields its `host:port`."""
    command = [sys.executable, "-m", "bench.support.shop"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        port = process.stdout.readline().strip().decode()
        if not port:
            raise RuntimeError("The shop ended; its own words are above.")
        try:
            yield f"127.0.0.1:{port}"
        finally:
            process.kill()


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Shop)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(server.server_address[1], flush=True)
    sys.stdin.buffer.read()
