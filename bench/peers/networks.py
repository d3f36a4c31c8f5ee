"""The five local networks that the benches post to, as their parent sees them; `local_networks` is what they are."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

PUBLIC_CALLS = {
    "instagram": "/v*/media_publish",
    "x": "/2/tweets",
    "facebook": "/v*/feed",
    "linkedin": "/rest/posts",
    "bluesky": "/xrpc/com.atproto.repo.putRecord",
}
"""By network, the path of the one call that makes a post public."""
NAMES = tuple(PUBLIC_CALLS)


@dataclass(frozen=True, slots=True)
class Posted:
    text: str
    id: str
    at: float
    """Unix time at which the network took it."""


class Network:
    """A network in a process of its own, with one channel, which bears its name."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bench.peers.local_networks", name], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"The local {name} ended; its own words are above.")
        greeting = json.loads(line)
        self.settings: dict[str, Any] = greeting["settings"]
        """Of its channel."""
        self.secrets: dict[str, str] = greeting["secrets"]
        """By their whole names."""

    def posted(self) -> list[Posted]:
        """Return every public post, oldest first."""
        return [Posted(**post) for post in self._control("GET", "posted")]

    def fault(self, fault: str, **where: Any) -> None:
        """Let every request meet a fault of `tests.fakes.faults`; `where` narrows it down."""
        self._control("POST", "faults", {"fault": fault, "times": None, **where})

    def stop(self) -> None:
        self.process.kill()
        self.process.communicate()

    def _control(self, method: str, name: str, document: dict[str, Any] | None = None) -> Any:
        address = urlsplit(self.settings["base_url"]).netloc
        with closing(http.client.HTTPConnection(address, timeout=30)) as connection:
            connection.request(method, f"/_fake/{name}", json.dumps(document) if document else None)
            answer = connection.getresponse()
            body = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"The local {self.name} answered {answer.status}: {body!r}")
        return json.loads(body)


@contextmanager
def five_networks(names: Sequence[str] = NAMES) -> Iterator[dict[str, Network]]:
    with ExitStack() as stack:
        found = {}
        for name in names:
            found[name] = Network(name)
            stack.callback(found[name].stop)
        yield found
