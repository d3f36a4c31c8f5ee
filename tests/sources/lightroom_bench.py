"""The Lightroom source in front of the fake Lightroom, and the programs that other processes run."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pressroom.backends.encrypted_file import EncryptedFileSecrets
from pressroom.backends.memory.secrets import MemorySecrets
from pressroom.clocks import SystemClock
from pressroom.ports import Clock, Secrets
from pressroom.sources._lightroom_settings import LightroomSettings
from pressroom.sources.base import Item, Page, Setup
from pressroom.sources.lightroom import Lightroom
from pressroom.testing.clock import ManualClock
from tests.fakes.lightroom import FakeLightroom
from tests.fakes.lightroom_auth import CLIENT_ID

ACCESS, REFRESH = "sources.lr.access_token", "sources.lr.refresh_token"


def secrets_of(fake: FakeLightroom) -> dict[str, str]:
    access, refresh = fake.connected
    values = {
        "client_id": CLIENT_ID,
        "client_secret": fake.client_secret,
        "access_token": access.text,
        "refresh_token": refresh.text,
    }
    return {f"sources.lr.{name}": value for name, value in values.items() if value}


def make_source(secrets: Secrets, clock: Clock, **settings: Any) -> Lightroom:
    chosen = LightroomSettings(use="lightroom", **settings)
    return Lightroom(Setup(name="lr", settings=chosen, workspace=Path(), secrets=secrets, clock=clock))


@dataclass
class Bench:
    fake: FakeLightroom
    secrets: MemorySecrets
    clock: ManualClock

    def source(self, **settings: Any) -> Lightroom:
        """As another process would make it: with the same secrets, and nothing remembered."""
        return make_source(self.secrets, self.clock, **{"base_url": self.fake.base_url} | settings)

    def asked(self, path: str = "", method: str = "") -> list[str]:
        """The paths and queries that Lightroom was asked for so far."""
        return [
            f"{one.path}?{one.query_string}".rstrip("?")
            for one in self.fake.requests
            if path in one.path and method in one.method
        ]

    def fetches(self) -> list[str]:
        return self.asked("/renditions/", "GET")


@contextmanager
def a_bench(**fake: Any) -> Iterator[Bench]:
    with FakeLightroom(**fake) as lightroom:
        yield Bench(lightroom, MemorySecrets(secrets_of(lightroom)), ManualClock(datetime.now(UTC)))


def look(source: Lightroom, cursor: str = "") -> tuple[list[Item], str]:
    """All items of one look, and the cursor behind it."""
    items: list[Item] = []
    for page in source.look(cursor):
        items, cursor = [*items, *page.items], page.cursor
    return items, cursor


def pages(source: Lightroom, cursor: str = "") -> list[Page]:
    return list(source.look(cursor))


def titles(items: list[Item]) -> list[str]:
    return sorted(item.info.title for item in items)


def file_secrets(folder: Path) -> EncryptedFileSecrets:
    return EncryptedFileSecrets(folder / "secrets.json", folder / "secret.key", {})


def look_once(folder: str, base_url: str) -> None:
    """What another process does: look, with the secrets of a file, and say how many photos there are."""
    source = make_source(file_secrets(Path(folder)), SystemClock(), base_url=base_url)
    sys.stdout.write(f"{len(look(source)[0])}\n")


if __name__ == "__main__":
    look_once(sys.argv[1], sys.argv[2])
