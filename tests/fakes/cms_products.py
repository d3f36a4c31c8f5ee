"""What the fakes of the products in the how-to have in common: pictures, slugs and one account."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from tests.fakes.messages import Part, Refused, Request, parse_multipart
from tests.fakes.server import FakeServer

SIGNATURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF", b"GIF8")


class FakeProduct(FakeServer):
    """A content management system with pictures and posts, each a table as the product shows it."""

    secrets: ClassVar[dict[str, str]]
    """What the one account has, by the names of the channel's secrets."""

    def __init__(self, *, port: int = 0) -> None:
        super().__init__(port=port)
        self.pictures: list[dict[str, Any]] = []
        self.posts: list[dict[str, Any]] = []

    def refused(self, status: int, message: str) -> Refused:
        """An error in the product's own form."""
        raise TypeError("A product says how it refuses.")

    def usual_status(self, request: Request) -> int:
        return 201 if request.method == "POST" else 200

    def parts(self, request: Request, file: str, known: tuple[str, ...]) -> dict[str, Part]:
        """The parts of an upload, of which `file` must be a picture."""
        try:
            parts = {part.name: part for part in parse_multipart(request)}
        except ValueError as error:
            raise self.refused(400, str(error)) from error
        if file not in parts or not parts[file].filename or set(parts) - {file, *known}:
            raise self.refused(400, f"No file named {file}, or unknown fields: {sorted(parts)}")
        if not parts[file].data.startswith(SIGNATURES) or not parts[file].content_type.startswith("image/"):
            raise self.refused(415, "Sorry, you are not allowed to upload this file type.")
        return parts

    def table(self, request: Request, known: tuple[str, ...], required: tuple[str, ...]) -> dict[str, Any]:
        """The body as a table that has nothing unknown and all that must be there."""
        if request.content_type != "application/json":
            raise self.refused(400, "The body is not JSON.")
        found: dict[str, Any] = request.json()
        return self.checked(found, known, required)

    def checked(self, found: dict[str, Any], known: tuple[str, ...], required: tuple[str, ...]) -> dict[str, Any]:
        for name in found:
            if name not in known:
                raise self.refused(400, f"Invalid key {name}")
        for name in required:
            if not found.get(name):
                raise self.refused(400, f"Missing parameter: {name}")
        return found

    def unique_slug(self, slug: str) -> str:
        """The slug, or with a number behind it if another post has it."""
        taken = {post["slug"] for post in self.posts}
        number = 2
        found = slug
        while found in taken:
            found, number = f"{slug}-{number}", number + 1
        return found


def is_slug(text: str) -> bool:
    return re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", text) is not None and len(text) <= 191
