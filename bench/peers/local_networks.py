"""The process of one local network: a strict fake of the tests, with what would disturb the figures made cheap.

`python -m bench.peers.local_networks NAME` writes one line of JSON about itself and serves until its standard input
ends. How much an account may post in a day is not limited. Of a picture only the header is read: a real network
decodes it on machines of its own, and here that would take the cores that are measured.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.fakes import facebook_posts, instagram, linkedin_images, x_media
from tests.fakes.bluesky import FakeBluesky
from tests.fakes.bluesky_limits import LIMITS as BLUESKY_LIMITS
from tests.fakes.facebook import FakeFacebook
from tests.fakes.instagram import FakeInstagram
from tests.fakes.linkedin import FakeLinkedIn
from tests.fakes.meta import FakeMeta
from tests.fakes.meta_pictures import MAGIC, Looked
from tests.fakes.meta_state import APP_SECRET
from tests.fakes.server import FakeServer
from tests.fakes.x import FakeX
from tests.fakes.x_limits import LIMITS as X_LIMITS

_NO_LIMIT = 1_000_000


class X(FakeX):
    def holdings(self) -> dict[str, Any]:
        return {"posted": [_told(post.text, post.id, post.created_at) for post in self.posts]}


class Instagram(FakeInstagram):
    def holdings(self) -> dict[str, Any]:
        return {"posted": [_told(post.text, post.id, post.created_at) for post in self.posts]}


class Facebook(FakeFacebook):
    def holdings(self) -> dict[str, Any]:
        return {"posted": [_told(post.message, post.id, post.created_at) for post in self.posts]}


class LinkedIn(FakeLinkedIn):
    def holdings(self) -> dict[str, Any]:
        return {"posted": [_told(post.text, post.urn, post.created_at) for post in self.posts]}


class Bluesky(FakeBluesky):
    def holdings(self) -> dict[str, Any]:
        return {"posted": [_told(record.value["text"], record.uri, record.indexed_at) for record in self.posts]}


def _told(text: str, id: str, at: float) -> dict[str, Any]:
    return {"text": text.strip(), "id": id, "at": at}


def _x() -> FakeServer:
    return X(limits=dict.fromkeys(X_LIMITS, _NO_LIMIT), refuse_repeats=False)


def _instagram() -> FakeServer:
    return Instagram(quota=_NO_LIMIT)


def _facebook() -> FakeServer:
    return Facebook(refuse_repeats=False)


def _linkedin() -> FakeServer:
    return LinkedIn(refuse_repeats=False)


def _bluesky() -> FakeServer:
    return Bluesky(limits=dict.fromkeys(BLUESKY_LIMITS, _NO_LIMIT))


_MADE: Mapping[str, Callable[[], FakeServer]] = {
    "instagram": _instagram, "x": _x, "facebook": _facebook, "linkedin": _linkedin, "bluesky": _bluesky,
}  # fmt: skip


def _secrets(fake: FakeServer) -> dict[str, str]:
    """Return, by their names within the channel, the secrets that connecting an account would have stored."""
    match fake:
        case FakeX():
            names = ("api_key", "api_secret", "access_token", "access_token_secret")
            return {name: str(getattr(fake.account, name)) for name in names}
        case FakeBluesky():
            return {"identifier": fake.account.handle, "app_password": fake.account.app_password}
        case FakeLinkedIn():
            return {"access_token": fake.connect()[0].text}
        case FakeMeta():
            end = datetime.now(UTC) + timedelta(days=60)
            return {
                "access_token": fake.access_token,
                "access_token_expires_at": end.isoformat(),
                "app_secret": APP_SECRET,
                "webhook_verify_token": "verify-token-of-pressroom",
            }
    raise TypeError(f"Nobody knows what {type(fake).__name__} wants.")


def _read_headers_only() -> None:
    def look(data: bytes) -> tuple[str, int, int]:
        looked = _header_of(data)
        return looked.kind, looked.width, looked.height

    for module, name, replacement in (
        (x_media, "_look_at", look),
        (linkedin_images, "_look_at", look),
        (instagram, "look_at", _header_of),
        (facebook_posts, "look_at", _header_of),
    ):
        assert hasattr(module, name), f"{module.__name__} looks at pictures in another way now"
        setattr(module, name, replacement)


def _header_of(data: bytes) -> Looked:
    import pyvips

    image = pyvips.Image.new_from_buffer(data, "")
    kind = next(kind for kind, magic in MAGIC.items() if data.startswith(magic))
    return Looked(kind, image.width, image.height, len(data))


def main() -> None:
    (name,) = sys.argv[1:]
    _read_headers_only()
    vars(instagram)["MAX_CONTAINERS"] = _NO_LIMIT
    with _MADE[name]() as fake:
        settings = {"network": name, "base_url": fake.base_url}
        if isinstance(fake, FakeLinkedIn):
            settings["author"] = fake.organization
        secrets = {f"channels.{name}.{key}": value for key, value in _secrets(fake).items()}
        print(json.dumps({"settings": settings, "secrets": secrets}), flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
