"""LinkedIn as a strict local server: `python -m tests.fakes.linkedin`, or `with FakeLinkedIn()` in a test."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from tests.fakes import linkedin_images, linkedin_posts
from tests.fakes.control import argument_parser, serve
from tests.fakes.faults import Fault
from tests.fakes.linkedin_auth import check_version, identify, renew
from tests.fakes.linkedin_problems import denied, refused, scripted_refusal
from tests.fakes.linkedin_state import MEMBER_SCOPES, ORGANIZATION_SCOPES, Image, Member, Post, State, Token
from tests.fakes.messages import Answer, Request, json_answer
from tests.fakes.server import FakeServer

TOKEN_PATH = "/oauth/v2/accessToken"
ACTIVE_VERSIONS = ("202601", "202602", "202603", "202604", "202605", "202606", "202607")


class FakeLinkedIn(FakeServer):
    """Holds one member, who runs one organisation, and what they post."""

    def __init__(
        self,
        *,
        port: int = 0,
        state_file: Path | None = None,
        versions: tuple[str, ...] = ACTIVE_VERSIONS,
        processing_looks: int = 0,
        read_lag_seconds: float = 0.0,
        refuse_repeats: bool = True,
        show_images: bool = True,
        upload_base: str = "",
    ) -> None:
        """`processing_looks`: how often an upload is shown as PROCESSING; `upload_base`: where uploads are to go to."""
        super().__init__(port=port, state_file=state_file)
        self.versions = versions
        self.processing_looks = processing_looks
        self.read_lag_seconds = read_lag_seconds
        self.refuse_repeats = refuse_repeats
        self.show_images = show_images
        self.upload_base = upload_base
        self._begin()

    @property
    def posts(self) -> list[Post]:
        """Every post that was accepted, oldest first."""
        return self._state.posts

    @property
    def images(self) -> list[Image]:
        return self._state.images

    @property
    def member(self) -> Member:
        return self._state.members[0]

    @property
    def organization(self) -> str:
        return self.member.organizations[0]

    def connect(self, scopes: tuple[str, ...] = (*MEMBER_SCOPES, *ORGANIZATION_SCOPES)) -> tuple[Token, Token]:
        """A new access token and refresh token, as after the member's consent."""
        with self.lock:
            self.mark_changed()
            return self._state.issue(self.member, scopes, self.now())

    def answer(self, request: Request) -> Answer:
        state, now = self._state, self.now()
        self.mark_changed()
        if (request.method, request.path) == ("POST", TOKEN_PATH):
            return renew(request, state, now)
        if request.method == "PUT" and request.path.startswith("/dms-uploads/"):
            return linkedin_images.put(request, state, now, self.processing_looks)
        if request.path.startswith("/rest/"):
            check_version(request, self.versions)
        member, token = identify(request, state, now)
        visible = [post for post in state.posts if post.created_at <= now - self.read_lag_seconds]
        match request.method, _resource(request.path):
            case "POST", "images" if request.query_string == "action=initializeUpload":
                return linkedin_images.begin(request, self.upload_base or self.base_url, member, token, state, now)
            case "GET", "images/{urn}" if self.show_images:
                return linkedin_images.show(request, member, state)
            case "POST", "posts":
                return linkedin_posts.create(request, member, token, state, now, refuse_repeats=self.refuse_repeats)
            case "GET", "posts":
                return linkedin_posts.find(request, member, token, visible)
            case "GET", "posts/{urn}":
                return linkedin_posts.show_one(request, member, token, visible)
            case "GET", "organizationalEntityShareStatistics":
                return linkedin_posts.statistics(request, member, token, visible)
            case "GET", "userinfo":
                return self._userinfo(member, token)
            case "GET", "images/{urn}":
                raise denied("images.GET")
        raise refused(404, "RESOURCE_NOT_FOUND", f"No virtual resource found for {request.path}")

    def _userinfo(self, member: Member, token: Token) -> Answer:
        if not {"openid", "profile"} <= set(token.scopes):
            raise denied("userinfo.GET.NO_VERSION")
        return json_answer(200, {"sub": member.id, "name": member.name})

    def refusal(self, fault: Fault, request: Request) -> Answer:
        return scripted_refusal(fault, request.path == TOKEN_PATH, {"retry-after": "120"})

    def usual_status(self, request: Request) -> int:
        is_creation = request.method == "PUT" or (request.method, request.path) == ("POST", "/rest/posts")
        return 201 if is_creation else 200

    def holdings(self) -> dict[str, Any]:
        state = self._state.dump()
        return {name: state[name] for name in ("posts", "images", "members")} | {
            "tokens": {name: state[name] for name in ("access_tokens", "refresh_tokens")}
        }

    def dump(self) -> dict[str, Any]:
        return self._state.dump()

    def load(self, state: dict[str, Any]) -> None:
        self._state = State.load(state)

    def reset(self) -> None:
        with self.lock:
            self._begin()
            super().reset()

    def _begin(self) -> None:
        self._state = State()
        self._state.members.append(
            Member(
                "pReSsRoOm1",
                "Pressroom Press",
                "client-id-of-pressroom",
                "client-secret-of-pressroom",
                ["urn:li:organization:71234567"],
            )
        )
        self.connect()


def _resource(path: str) -> str:
    return re.sub(r"/urn(:|%3A)[^/]+$", "/{urn}", re.sub(r"^/(?:rest|v2)/", "", path))


def main() -> None:
    parser = argument_parser("linkedin")
    parser.add_argument("--processing-looks", type=int, default=0, metavar="N", help="PROCESSING before AVAILABLE")
    parser.add_argument("--read-lag", type=float, default=0.0, metavar="SECONDS")
    parser.add_argument("--allow-repeats", action="store_true", help="take the same text twice within a day")
    options = parser.parse_args()
    serve(
        FakeLinkedIn(
            port=options.port,
            state_file=options.state,
            processing_looks=options.processing_looks,
            read_lag_seconds=options.read_lag,
            refuse_repeats=not options.allow_repeats,
        ),
        options,
    )


if __name__ == "__main__":
    main()
