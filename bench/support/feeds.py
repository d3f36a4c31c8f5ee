"""A photo feed as a user runs it: a workspace, a watched folder, and `pressroom up` in a process of its own."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from bench.peers.networks import Network, Posted
from bench.peers.pictures import QUALITY, SIZES
from bench.support import command_line, ports, processes
from bench.support.command_line import Server


class Feed:
    """Posts what is dropped into its folder on the given channels, until the block ends."""

    def __init__(
        self, workspace: Path, channels: Mapping[str, Mapping[str, Any]], secrets: Mapping[str, str] | None = None
    ) -> None:
        """`channels`: settings by channel. Each gets pictures of the size that `SIZES` has under its name."""
        self.workspace, self.inbox = workspace, workspace / "inbox"
        self._outside = workspace.with_name(f"{workspace.name}-outside")
        self.log = workspace.with_suffix(".log")
        self.port = ports.free()
        command_line.call("init", str(workspace))
        settings: dict[str, Mapping[str, Any]] = {
            "server": {"port": self.port},
            "pipelines.photo_feed": {"source": "inbox", "channels": list(channels)},
            "pipelines.daily_post": {"schedule": "off"},
            "sources.inbox": {"use": "folder", "path": "inbox"},
            **{f"channels.{name}": values for name, values in channels.items()},
            **{f"channels.{name}.picture": _picture(name) for name in channels},
        }
        (workspace / "pressroom.toml").write_text(_toml(settings), encoding="utf-8")
        _store(workspace, secrets or {})
        for folder in (self.inbox, self._outside):
            folder.mkdir()

    def __enter__(self) -> Self:
        self.server = Server(["up"], self.workspace, self.port)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.server.stop()

    def copy_in(self, name: str, data: bytes) -> float:
        """Write a photo into the folder as a copier does; return the Unix time at which it was complete."""
        with (self.inbox / name).open("wb") as file:
            for start in range(0, len(data), 2**20):
                file.write(data[start : start + 2**20])
        return time.time()

    def lay_by(self, name: str, data: bytes) -> None:
        """Have a photo ready beside the folder, on the disk: to be moved in when it counts."""
        with (self._outside / name).open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())

    def move_in(self, *names: str) -> float:
        """Move photos in that were laid by; return the Unix time just before."""
        began = time.time()
        for name in names:
            (self._outside / name).rename(self.inbox / name)
        return began

    def require_running(self, waiting_for: str) -> None:
        """Raise with the end of its log if `pressroom up` has ended while something is waited for."""
        if self.server.process.poll() is not None:
            tail = self.log.read_text(encoding="utf-8", errors="replace")[-2000:]
            raise processes.Ended(f"`pressroom up` ended while {waiting_for} was waited for.\n{tail}")


def on_networks(networks: Mapping[str, Network], workspace: Path, **more: Any) -> Feed:
    """Return a feed with a channel on each network; `more` are settings of every channel."""
    channels = {name: {**network.settings, **more} for name, network in networks.items()}
    return Feed(workspace, channels, {key: text for one in networks.values() for key, text in one.secrets.items()})


def posts_by_text(network: Network) -> dict[str, Posted]:
    """Return a network's posts; raises if the same words are there twice: no photo is posted a second time."""
    found: dict[str, Posted] = {}
    for post in network.posted():
        if post.text in found:
            raise AssertionError(f"{network.name} has {post.text!r} twice.")
        found[post.text] = post
    return found


def _picture(name: str) -> dict[str, Any]:
    width, height = SIZES[name]
    return {"width": width, "height": height, "shape": "crop", "quality": QUALITY}


def _store(workspace: Path, secrets: Mapping[str, str]) -> None:
    from pressroom.backends.encrypted_file import EncryptedFileSecrets

    data = workspace / "data"
    data.mkdir(mode=0o700, exist_ok=True)
    EncryptedFileSecrets(data / "secrets.enc", data / "secret.key", {}).set_many(dict(secrets))


def _toml(sections: Mapping[str, Mapping[str, Any]]) -> str:
    """Write sections whose values are text, numbers and lists: these look in TOML as they do in JSON."""
    lines = []
    for name, values in sections.items():
        lines += [f"[{name}]", *(f"{key} = {json.dumps(value)}" for key, value in values.items()), ""]
    return "\n".join(lines)
