"""The smallest service that has an effect to look for, to test the machinery of the fakes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.fakes.messages import Answer, Request, json_answer
from tests.fakes.server import FakeServer


class Guestbook(FakeServer):
    """Keeps what is posted, and crashes if it is asked to."""

    def __init__(self, state_file: Path | None = None) -> None:
        super().__init__(state_file=state_file)
        self.entries: list[str] = []

    def answer(self, request: Request) -> Answer:
        if request.path == "/crash":
            raise ZeroDivisionError
        if request.method == "POST":
            self.entries.append(request.body.decode())
            self.mark_changed()
        return json_answer(201, {"entries": self.entries})

    def usual_status(self, request: Request) -> int:
        return 201

    def holdings(self) -> dict[str, Any]:
        return {"entries": self.entries}

    def dump(self) -> dict[str, Any]:
        return {"entries": self.entries}

    def load(self, state: dict[str, Any]) -> None:
        self.entries = state["entries"]
