"""Strapi 5's REST API as a strict local server with one content type, after docs.strapi.io/cms/api, 2026-11-20."""

from __future__ import annotations

import json
from typing import ClassVar

from tests.fakes.cms_products import FakeProduct, is_slug
from tests.fakes.messages import Answer, Refused, Request, json_answer

TOKEN = "d9c1f0a4b7e6strapi0815"
_ARTICLE = ("title", "slug", "content", "cover")


class FakeStrapi(FakeProduct):
    secrets: ClassVar[dict[str, str]] = {"token": TOKEN}
    may_upload = True

    def answer(self, request: Request) -> Answer:
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            raise self.refused(401, "Missing or invalid credentials")
        match request.method, request.path:
            case "POST", "/api/upload":
                return self._upload(request)
            case "POST", "/api/articles":
                return self._create(request)
            case "GET", "/api/articles":
                return self._search(request)
        raise self.refused(404, "Not Found")

    def refused(self, status: int, message: str) -> Refused:
        names = {401: "UnauthorizedError", 403: "ForbiddenError", 404: "NotFoundError"}
        error = {"status": status, "name": names.get(status, "ValidationError"), "message": message, "details": {}}
        return Refused(json_answer(status, {"data": None, "error": error}))

    def _upload(self, request: Request) -> Answer:
        if not self.may_upload:
            raise self.refused(403, "Forbidden")
        parts = self.parts(request, "files", ("fileInfo",))
        info = json.loads(parts["fileInfo"].data) if "fileInfo" in parts else {}
        file = {
            "id": len(self.pictures) + 1,
            "documentId": f"file{len(self.pictures):020}",
            "name": info.get("name") or parts["files"].filename,
            "alternativeText": info.get("alternativeText"),
            "mime": parts["files"].content_type,
            "url": f"/uploads/{parts['files'].filename}",
        }
        self.pictures.append(file)
        return json_answer(201, [file])

    def _create(self, request: Request) -> Answer:
        if request.query.get("status", "published") not in ("draft", "published"):
            raise self.refused(400, "Invalid status")
        data = self.checked(self.table(request, ("data",), ("data",))["data"], _ARTICLE, ("title",))
        if data.get("cover") not in (None, *(file["id"] for file in self.pictures)):
            raise self.refused(400, "1 relation(s) of type plugin::upload.file do not exist")
        if not is_slug(data["slug"]) or data["slug"] in {post["slug"] for post in self.posts}:
            raise self.refused(400, "This attribute must be unique")
        number = len(self.posts) + 1
        post = {"id": number, "documentId": f"article{number:017}", **data}
        self.posts.append(post)
        return json_answer(201, {"data": {key: post[key] for key in post if key != "cover"}, "meta": {}})

    def _search(self, request: Request) -> Answer:
        if set(request.query) - {"filters[slug][$eq]"}:
            raise self.refused(400, f"Invalid key in {sorted(request.query)}")
        slug = request.query["filters[slug][$eq]"]
        found = [post for post in self.posts if post["slug"] == slug]
        return json_answer(200, {"data": found, "meta": {"pagination": {"page": 1, "total": len(found)}}})
