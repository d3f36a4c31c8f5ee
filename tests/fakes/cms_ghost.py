"""Ghost's Admin API as a strict local server, after docs.ghost.org/admin-api, 2026-11-20."""

from __future__ import annotations

from typing import Any, ClassVar

from tests.fakes.cms_auth import jwt_mistake
from tests.fakes.cms_products import FakeProduct, is_slug
from tests.fakes.messages import Answer, Refused, Request, json_answer

KEY = "6748592f4b9b7700010f6564:b1b5b9c1d4e5f6a7b8c9d0e1f2a3b4c5d6e7f8a9b0c1d2e3f4a5b6c7d8e9f0a1"
SITE = "https://journal.example.com"
MOST_OF_ALT_TEXT = 125
_POST = ("title", "slug", "status", "html", "tags", "feature_image", "feature_image_alt", "custom_excerpt")


class FakeGhost(FakeProduct):
    secrets: ClassVar[dict[str, str]] = {"api_key": KEY}

    def answer(self, request: Request) -> Answer:
        path = request.path.removeprefix("/ghost/api/admin")
        if path == request.path:
            raise self.refused(404, "Resource not found")
        if not path.endswith("/"):
            raise Refused(Answer(301, b"", {"location": request.path + "/"}))
        if not request.headers.get("accept-version", "").startswith("v5."):
            raise self.refused(406, "Request not acceptable for provided Accept-Version header.")
        self._check_token(request)
        match request.method, path.strip("/").split("/"):
            case "GET", ["site"]:
                return json_answer(200, {"site": {"title": "Journal"}})
            case "POST", ["images", "upload"]:
                return self._upload(request)
            case "POST", ["posts"]:
                return self._create(request)
            case "GET", ["posts", "slug", slug]:
                found = [post for post in self.posts if post["slug"] == slug]
                if not found:
                    raise self.refused(404, "Resource not found error, cannot read post.")
                return json_answer(200, {"posts": found})
        raise self.refused(404, "Resource not found")

    def refused(self, status: int, message: str) -> Refused:
        kinds = {401: "UnauthorizedError", 404: "NotFoundError", 415: "UnsupportedMediaTypeError"}
        error = {"message": message, "type": kinds.get(status, "ValidationError"), "context": None, "code": None}
        return Refused(json_answer(422 if status == 400 else status, {"errors": [error]}))

    def _check_token(self, request: Request) -> None:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme != "Ghost":
            raise self.refused(401, "Authorization header format is 'Authorization: Ghost [token]'")
        if mistake := jwt_mistake(token, KEY, "/admin/", self.now()):
            raise self.refused(401, mistake)

    def _upload(self, request: Request) -> Answer:
        parts = self.parts(request, "file", ("purpose", "ref"))
        if parts["purpose"].data.decode() not in ("image", "profile_image", "icon"):
            raise self.refused(400, "Validation (AllowedValues) failed for purpose")
        image = {
            "url": f"{SITE}/content/images/2026/10/{parts['file'].filename}",
            "ref": parts["ref"].data.decode() if "ref" in parts else None,
        }
        self.pictures.append(image)
        return json_answer(201, {"images": [image]})

    def _create(self, request: Request) -> Answer:
        if request.query.get("source") != "html":
            raise self.refused(400, "This fake takes HTML alone.")
        posts: Any = self.table(request, ("posts",), ("posts",))["posts"]
        if not isinstance(posts, list) or len(posts) != 1:
            raise self.refused(400, "Validation failed for posts.")
        values = self.checked(posts[0], _POST, ("title",))
        if len(values["title"]) > 255 or not is_slug(values.get("slug", "a")):
            raise self.refused(400, "Validation error, cannot save post.")
        if len(values.get("feature_image_alt", "")) > MOST_OF_ALT_TEXT:
            raise self.refused(400, "Validation error, cannot save post.")
        if values.get("feature_image") not in (None, *(image["url"] for image in self.pictures)):
            raise self.refused(400, "The fake knows no such picture.")
        if values.get("status", "draft") not in ("draft", "published", "scheduled"):
            raise self.refused(400, "Validation error, cannot save post.")
        slug = self.unique_slug(values.get("slug", "untitled"))
        post = {"id": f"{len(self.posts):024x}", "slug": slug, "url": f"{SITE}/{slug}/", **values} | {"slug": slug}
        self.posts.append(post)
        return json_answer(201, {"posts": [post]})
