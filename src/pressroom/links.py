"""Links to our own pages, as they stand in posts and mails: absolute, and signed where they are not for everybody."""

from __future__ import annotations

import ipaddress
from datetime import datetime
from urllib.parse import urlsplit

from pressroom.config import Server
from pressroom.ports import BlobStore


class Links:
    def __init__(self, server: Server, blobs: BlobStore) -> None:
        self._server, self._blobs = server, blobs

    @property
    def base(self) -> str:
        """The server's address outside; that on this machine where none is set."""
        server = self._server
        host = f"[{server.host}]" if ":" in server.host else server.host
        return server.public_base_url.rstrip("/") or f"http://{host}:{server.port}"

    @property
    def reach_outside(self) -> bool:
        """Whether somebody on another machine can open them, as far as the settings tell."""
        try:
            host = urlsplit(self._server.public_base_url).hostname or "localhost"
        except ValueError:
            return False
        try:
            return not ipaddress.ip_address(host).is_loopback
        except ValueError:
            return host != "localhost"

    def to(self, path: str) -> str:
        return self.base + path

    def signed(self, path: str, key: str, revision: int, until: datetime) -> str:
        """Return a link to the page at `path` for whoever may see this revision of an asset, until then."""
        return f"{self.base}{path}?{query_of(self._blobs, key, revision, until)}"


def query_of(blobs: BlobStore, key: str, revision: int, until: datetime) -> str:
    """Return the query by which a page that shows an asset knows that it may: what the asset's own signed URL has."""
    return blobs.sign(key, revision, until).partition("?")[2]
