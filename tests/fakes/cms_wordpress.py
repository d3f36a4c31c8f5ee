"""WordPress's REST API as a strict local server, after developer.wordpress.org/rest-api/reference, 2026-11-20."""

from __future__ import annotations

import base64
from typing import Any, ClassVar

from tests.fakes.cms_products import FakeProduct, is_slug
from tests.fakes.messages import Answer, Refused, Request, json_answer

SITE = "https://blog.example.com"
PASSWORD = "abcd EFGH 1234 ijkl MNOP 5678"
_POST = ("title", "slug", "status", "content", "excerpt", "featured_media", "tags", "categories", "date")


class FakeWordPress(FakeProduct):
    secrets: ClassVar[dict[str, str]] = {"username": "editor", "password": PASSWORD}

    def answer(self, request: Request) -> Answer:
        path = request.path.removeprefix("/wp-json/wp/v2")
        if path == request.path:
            raise self.refused(404, "No route was found matching the URL and request method.")
        is_editor = self._is_editor(request)
        if (request.method, path) == ("GET", "/posts"):
            return json_answer(200, self._search(request))
        if not is_editor:
            raise self.refused(401, "Sorry, you are not allowed to do that.")
        match request.method, path:
            case "GET", "/users/me":
                return json_answer(200, {"id": 1, "name": "editor"})
            case "POST", "/media":
                return self._upload(request)
            case "POST", "/posts":
                return self._create(request)
        raise self.refused(404, "No route was found matching the URL and request method.")

    def refused(self, status: int, message: str) -> Refused:
        codes = {401: "rest_cannot_create", 404: "rest_no_route", 415: "rest_upload_unknown_error"}
        status = 500 if status == 415 else status
        document = {"code": codes.get(status, "rest_invalid_param"), "message": message, "data": {"status": status}}
        return Refused(json_answer(status, document))

    def _is_editor(self, request: Request) -> bool:
        scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
        if scheme != "Basic":
            return False
        user, _, password = base64.b64decode(encoded).decode().partition(":")
        # WordPress takes an application password with or without its blanks.
        return user == "editor" and password.replace(" ", "") == PASSWORD.replace(" ", "")

    def _upload(self, request: Request) -> Answer:
        parts = self.parts(request, "file", ("alt_text", "title", "caption"))
        number = 100 + len(self.pictures)
        picture = {
            "id": number,
            "alt_text": parts["alt_text"].data.decode() if "alt_text" in parts else "",
            "source_url": f"{SITE}/wp-content/uploads/{parts['file'].filename}",
            "bytes": len(parts["file"].data),
        }
        self.pictures.append(picture)
        return json_answer(201, picture, {"location": f"{SITE}/wp-json/wp/v2/media/{number}"})

    def _create(self, request: Request) -> Answer:
        values = self.table(request, _POST, ("title", "content"))
        if values.get("status", "draft") not in ("publish", "draft", "pending", "private", "future"):
            raise self.refused(400, "Invalid parameter(s): status")
        featured = values.get("featured_media", 0)
        if not isinstance(featured, int) or featured not in (0, *(picture["id"] for picture in self.pictures)):
            raise self.refused(400, "Invalid featured media ID.")
        if not is_slug(values.get("slug", "a")):
            raise self.refused(400, "Invalid parameter(s): slug")
        slug = self.unique_slug(values.get("slug", "post"))
        number = 200 + len(self.posts)
        post = {
            "id": number,
            "slug": slug,
            "status": values.get("status", "draft"),
            "link": f"{SITE}/2026/10/{slug}/",
            "title": {"rendered": values["title"]},
            "content": {"rendered": values["content"]},
            "featured_media": featured,
        }
        self.posts.append(post)
        return json_answer(201, post, {"location": f"{SITE}/wp-json/wp/v2/posts/{number}"})

    def _search(self, request: Request) -> list[dict[str, Any]]:
        slug = request.query.get("slug")
        return [post for post in self.posts if post["status"] == "publish" and slug in (None, post["slug"])]
