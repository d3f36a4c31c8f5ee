"""A small public server that pictures lie on, for services that fetch them by their address."""

from __future__ import annotations

from tests.fakes.messages import Answer, Refused, Request, json_answer
from tests.fakes.server import FakeServer


class MediaHost(FakeServer):
    """Gives out what was put there under its path, and nothing to anybody who does not ask with the signature."""

    signature = "signature-of-the-host"

    def __init__(self) -> None:
        super().__init__()
        self.files: dict[str, tuple[str, bytes]] = {}

    def put(self, key: str, media_type: str, data: bytes) -> str:
        """Lay a file there and return its address."""
        self.files[f"/media/{key}"] = (media_type, data)
        return f"{self.base_url}/media/{key}?signature={self.signature}"

    def answer(self, request: Request) -> Answer:
        if request.query.get("signature") != self.signature:
            raise Refused(json_answer(403, {"error": "unsigned"}))
        if request.path not in self.files or request.method != "GET":
            raise Refused(json_answer(404, {"error": "no such file"}))
        media_type, data = self.files[request.path]
        return Answer(200, data, {"content-type": media_type})
