"""Adobe Lightroom as a strict local server: `python -m tests.fakes.lightroom`, or `with FakeLightroom() as lightroom`.

Other processes add and edit photos with `POST /control/{photos,edits,albums,members}`, beside `/_fake/…`.
"""

from __future__ import annotations

import base64
import json
from email.utils import formatdate
from pathlib import Path
from typing import Any

from tests.fakes import lightroom_auth, lightroom_lists, lightroom_renditions
from tests.fakes.control import argument_parser, serve
from tests.fakes.faults import Fault, FaultScript, ScriptedFault
from tests.fakes.lightroom_answers import forbidden, not_found, prefixed, scripted_refusal
from tests.fakes.lightroom_catalog import Catalog
from tests.fakes.lightroom_state import State, Token
from tests.fakes.messages import Answer, Refused, Request, json_answer
from tests.fakes.server import FakeServer

TOKEN_PATH = "/ims/token/v3"
CONTROL = "/control/"


class _Faults(FaultScript):
    """Strike what a client asks, not what a test tells."""

    def next_for(self, method: str, path: str) -> ScriptedFault | None:
        return None if path.startswith(CONTROL) else super().next_for(method, path)


class FakeLightroom(FakeServer):
    """One account with its catalog, connected from the start with the tokens of `connected`."""

    def __init__(
        self,
        *,
        port: int = 0,
        state_file: Path | None = None,
        client_secret: str = "client-secret-of-pressroom",
        processing_seconds: float = 0.0,
        making_seconds: float = 0.0,
        has_full_access: bool = True,
        is_since_inclusive: bool = True,
        base: str = "",
    ) -> None:
        """`processing_seconds` pass from an upload or edit to its renditions, `making_seconds` for those on demand.

        An empty `client_secret` is a public client. `base` is what documents give as such, by default this server's.
        """
        super().__init__(port=port, state_file=state_file)
        self.faults = _Faults()
        self.client_secret = client_secret
        self.processing_seconds = processing_seconds
        self.making_seconds = making_seconds
        self.has_full_access = has_full_access
        self.is_since_inclusive = is_since_inclusive
        self._base = base
        self._begin()

    @property
    def state(self) -> State:
        return self._state

    @property
    def catalog(self) -> Catalog:
        """Adds, edits and removes photos and albums, as the user does in Lightroom."""
        return Catalog(self, self._state, self.processing_seconds)

    def connect(self) -> tuple[Token, Token]:
        """A new access token and refresh token, as after the user's consent."""
        with self.lock:
            self.mark_changed()
            return self._state.issue_tokens(self.now())

    def process(self, request: Request) -> Answer:
        return super().process(request).with_headers({"date": formatdate(self.now(), usegmt=True)})

    def answer(self, request: Request) -> Answer:
        if request.path.startswith(CONTROL):
            return self._control(request)
        if (request.method, request.path) == ("POST", TOKEN_PATH):
            self.mark_changed()
            return lightroom_auth.renew(request, self._state, self.now(), self.client_secret)
        lightroom_auth.check_key(request)
        if request.path == "/v2/health":
            return prefixed(200, {"version": "b4f2c1"})
        lightroom_auth.check_token(request, self._state, self.now())
        match request.method, request.path.removeprefix("/v2/").split("/"):
            case "GET", ["account"]:
                return self._say(200, self._account())
            case "GET", ["catalog"]:
                return self._say(200, {"id": self._state.catalog_id, "type": "catalog", "subtype": "lightroom"})
            case _, ["catalogs", catalog, *rest]:
                if catalog != self._state.catalog_id:
                    raise not_found("catalog")
                return self._answer_of_catalog(request, rest)
            case _:
                raise not_found("resource")

    def refusal(self, fault: Fault, request: Request) -> Answer:
        return scripted_refusal(fault, is_token_endpoint=request.path == TOKEN_PATH)

    def holdings(self) -> dict[str, Any]:
        photos = [
            {"id": photo.id, "updated": photo.updated, "payload": photo.payload, "made": photo.made}
            for photo in self._state.photos.values()
        ]
        tokens = {
            "access_tokens": list(self._state.access_tokens),
            "refresh_tokens": [token.text for token in self._state.refresh_tokens.values() if not token.is_used],
        }
        return {"photos": photos, "albums": self._state.dump()["albums"], "tokens": tokens}

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
        self.connected = self.connect()

    def _answer_of_catalog(self, request: Request, rest: list[str]) -> Answer:
        state = self._state
        match request.method, rest:
            case "GET", ["assets"]:
                listed = lightroom_lists.list_assets(request, state, is_since_inclusive=self.is_since_inclusive)
                return self._say(200, listed)
            case "GET", ["albums"]:
                return self._say(200, lightroom_lists.list_albums(request, state))
            case "GET", ["albums", id]:
                return self._say(200, lightroom_lists.album_document(self.catalog.album(id)))
            case "GET", ["albums", id, "assets"]:
                return self._say(200, lightroom_lists.list_album(request, self.catalog.album(id), state))
            case "GET", ["assets", id]:
                return self._say(200, lightroom_lists.asset_document(self.catalog.photo(id)))
            case "POST", ["assets", id, "renditions"]:
                if not self.has_full_access:
                    raise forbidden()
                self.mark_changed()
                return lightroom_renditions.order(request, self.catalog.photo(id), self.now(), self.making_seconds)
            case "GET" | "HEAD", ["assets", id, "renditions", size]:
                photo = self.catalog.photo(id)
                return lightroom_renditions.read(photo, size, self.now(), has_full_access=self.has_full_access)
            case _:
                raise not_found("resource")

    def _say(self, status: int, document: dict[str, Any]) -> Answer:
        base = self._base or f"{self.base_url}/v2/catalogs/{self._state.catalog_id}/"
        return prefixed(status, {"base": base, **document})

    def _account(self) -> dict[str, Any]:
        return {
            "id": self._state.account_id,
            "type": "account",
            "full_name": "Ada Lichtbild",
            "email": "ada@example.org",
            "entitlement": {"status": "subscriber"},
        }

    def _control(self, request: Request) -> Answer:
        """What `Catalog`'s methods take, as JSON, a picture in base64; answers with the id."""
        try:
            told = json.loads(request.body or b"{}")
            if isinstance(picture := told.get("picture"), str):
                told["picture"] = base64.b64decode(picture, validate=True)
            match request.method, request.path.removeprefix(CONTROL):
                case "POST", "photos":
                    photo = self.catalog.add_photo(**told)
                    return json_answer(200, {"id": photo.id, "updated": photo.updated})
                case "POST", "edits":
                    photo = self.catalog.edit(**told)
                    return json_answer(200, {"id": photo.id, "updated": photo.updated})
                case "POST", "albums":
                    return json_answer(200, {"id": self.catalog.add_album(**told).id})
                case "POST", "members":
                    return json_answer(200, {"id": self.catalog.add_to_album(**told).id})
                case _:
                    return json_answer(404, {"error": f"no such control: {request.method} {request.path}"})
        except (KeyError, TypeError, ValueError) as error:
            raise Refused(json_answer(400, {"error": f"{type(error).__name__}: {error}"})) from error


def main() -> None:
    parser = argument_parser("lightroom")
    parser.add_argument("--processing", type=float, default=0.0, metavar="SECONDS", help="until renditions are there")
    parser.add_argument("--making", type=float, default=0.0, metavar="SECONDS", help="for a rendition on demand")
    parser.add_argument("--basic-access", action="store_true", help="no renditions on demand")
    parser.add_argument("--photos", type=int, default=0, help="that are there from the start")
    options = parser.parse_args()
    fake = FakeLightroom(
        port=options.port,
        state_file=options.state,
        processing_seconds=options.processing,
        making_seconds=options.making,
        has_full_access=not options.basic_access,
    )
    for number in range(options.photos):
        fake.catalog.add_photo(f"Photo {number + 1}")
    serve(fake, options)


if __name__ == "__main__":
    main()
