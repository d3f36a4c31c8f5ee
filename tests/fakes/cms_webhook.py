"""A receiver of webhooks that checks the signature of the raw body and takes each key once."""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import ClassVar

from tests.fakes.cms_products import SIGNATURES, FakeProduct
from tests.fakes.messages import Answer, Refused, Request, json_answer

SECRET = "shared-secret-of-the-hook"


class FakeWebhook(FakeProduct):
    secrets: ClassVar[dict[str, str]] = {"api_key": SECRET}

    def answer(self, request: Request) -> Answer:
        if (request.method, request.path) != ("POST", "/pressroom"):
            raise self.refused(404, "No such hook.")
        digest = hmac.new(SECRET.encode(), request.body, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(request.headers.get("x-hub-signature-256", ""), f"sha256={digest}"):
            raise self.refused(401, "The signature is wrong.")
        names = ("id", "at", "title", "text", "link", "tags", "about", "picture")
        call = self.table(request, names, ("id", "text"))
        if request.headers.get("idempotency-key") != call["id"]:
            raise self.refused(400, "The key is not the id.")
        if call["picture"] and not base64.b64decode(call["picture"]["base64"]).startswith(SIGNATURES):
            raise self.refused(400, "The picture is none.")
        if call["id"] not in {post["id"] for post in self.posts}:
            self.posts.append(call)
        return Answer(204)

    def refused(self, status: int, message: str) -> Refused:
        return Refused(json_answer(status, {"message": message}))
