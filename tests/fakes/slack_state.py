"""What the fake Slack remembers: one workspace with its channels, the bot of an app, files and messages."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

SCOPES = ("chat:write", "files:write", "files:read", "channels:history")


@dataclass
class Bot:
    """The bot of an installed app, with its token and the channels that it was invited to."""

    name: str = "pressroom"
    token: str = "xoxb-fake-token-of-the-pressroom-bot"
    scopes: tuple[str, ...] = SCOPES
    channels: tuple[str, ...] = ("C0PRESS001",)
    is_revoked: bool = False


@dataclass
class File:
    """An upload; its bytes are in the request that brought it."""

    id: str
    name: str
    length: int
    alt_text: str
    state: str = "asked for"
    """asked for, uploaded, complete"""
    looks_left: int = 0
    """How often it is still shown without its type."""
    mimetype: str = ""
    was_shared_alone: bool = False


@dataclass
class Message:
    ts: str
    channel: str
    text: str
    blocks: list[dict[str, Any]]
    metadata: dict[str, Any]
    at: float
    by_webhook: bool = False
    reactions: list[dict[str, Any]] = field(default_factory=list)
    reply_count: int = 0

    def as_shown(self, with_metadata: bool) -> dict[str, Any]:
        shown: dict[str, Any] = {"type": "message", "ts": self.ts, "text": self.text, "bot_id": "B0PRESS"}
        for name in ("blocks", "reactions", "reply_count"):
            if value := getattr(self, name):
                shown[name] = value
        if self.metadata:
            kept = ("event_type", "event_payload") if with_metadata else ("event_type",)
            shown["metadata"] = {name: self.metadata[name] for name in kept}
        return shown


@dataclass
class State:
    bot: Bot = field(default_factory=Bot)
    archived: tuple[str, ...] = ("C0ARCHIVE1",)
    files: list[File] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    last_ts: int = 0

    def new_ts(self, now: float) -> str:
        """A time with microseconds that no other message has."""
        self.last_ts = max(self.last_ts + 1, int(now * 1_000_000))
        return f"{self.last_ts // 1_000_000}.{self.last_ts % 1_000_000:06d}"

    def dump(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def load(cls, data: dict[str, Any]) -> State:
        bot = data["bot"]
        return cls(
            Bot(**(bot | {"scopes": tuple(bot["scopes"]), "channels": tuple(bot["channels"])})),
            tuple(data["archived"]),
            [File(**file) for file in data["files"]],
            [Message(**message) for message in data["messages"]],
            data["last_ts"],
        )
