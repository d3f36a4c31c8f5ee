"""Slack as a strict local server: `python -m tests.fakes.slack`, or `with FakeSlack() as slack` in a test."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.fakes import slack_files, slack_messages
from tests.fakes.control import argument_parser, serve
from tests.fakes.faults import Fault
from tests.fakes.messages import Answer, Refused, Request, json_answer
from tests.fakes.server import FakeServer
from tests.fakes.slack_messages import no
from tests.fakes.slack_state import Bot, File, Message, State

WEBHOOK_PATH = "/services/T0PRESS/B0HOOK/the-secret-of-the-webhook"
NEEDED = {
    "auth.test": "",
    "chat.postMessage": "chat:write",
    "files.getUploadURLExternal": "files:write",
    "files.completeUploadExternal": "files:write",
    "files.info": "files:read",
    "conversations.history": "channels:history",
}
REFUSALS = {
    Fault.BAD_REQUEST: "invalid_arguments",
    Fault.TOKEN_EXPIRED: "token_expired",
    Fault.TOKEN_REVOKED: "token_revoked",
    Fault.OUT_OF_CREDIT: "paid_teams_only",
    Fault.DUPLICATE: "restricted_action",  # Slack knows no duplicates
    Fault.TOO_LARGE: "msg_too_long",
    Fault.RATE_LIMITED_BARE: "ratelimited",
    Fault.SERVER_ERROR: "internal_error",
    Fault.PROCESSED_BUT_500: "fatal_error",
}
# docs.slack.dev messaging/sending-messages-using-incoming-webhooks, 2026-11-20
WEBHOOK_REFUSALS = {
    Fault.BAD_REQUEST: (400, "invalid_payload"),
    Fault.TOKEN_EXPIRED: (403, "invalid_token"),
    Fault.TOKEN_REVOKED: (404, "no_service"),
    Fault.OUT_OF_CREDIT: (402, "payment_required"),
    Fault.DUPLICATE: (403, "action_prohibited"),
    Fault.TOO_LARGE: (413, "payload_too_large"),
    Fault.RATE_LIMITED_BARE: (429, "rate_limited"),
    Fault.SERVER_ERROR: (500, "rollup_error"),
    Fault.PROCESSED_BUT_500: (500, "rollup_error"),
}


class FakeSlack(FakeServer):
    """Holds one workspace, its channels, the bot of one app and one incoming webhook."""

    def __init__(
        self,
        *,
        port: int = 0,
        state_file: Path | None = None,
        processing_looks: int = 0,
        read_lag_seconds: float = 0.0,
    ) -> None:
        """`processing_looks`: how often a file is shown without its type after its upload."""
        super().__init__(port=port, state_file=state_file)
        self.processing_looks = processing_looks
        self.read_lag_seconds = read_lag_seconds
        self.has_webhook = True
        self._state = State()

    @property
    def bot(self) -> Bot:
        return self._state.bot

    @property
    def posts(self) -> list[Message]:
        """Every message that was accepted, oldest first."""
        return self._state.messages

    @property
    def files(self) -> list[File]:
        return self._state.files

    def answer(self, request: Request) -> Answer:
        state = self._state
        self.mark_changed()
        if request.method == "POST" and request.path.startswith("/services/"):
            return self._take_by_webhook(request)
        if request.method == "POST" and request.path.startswith("/upload/v1/"):
            return slack_files.put(request, state)
        method = request.path.removeprefix("/api/")
        if method not in NEEDED:
            raise no("unknown_method")
        self._check_token(request, method)
        return self._carry_out(request, method).with_headers({"x-oauth-scopes": ",".join(state.bot.scopes)})

    def _carry_out(self, request: Request, method: str) -> Answer:
        state, now = self._state, self.now()
        match method:
            case "auth.test":
                url, bot = "https://pressroom-hq.slack.com/", self.bot
                return json_answer(200, {"ok": True, "url": url, "team": "Pressroom HQ", "user": bot.name})
            case "files.getUploadURLExternal":
                return slack_files.ask(request, self.base_url, state)
            case "files.completeUploadExternal":
                return slack_files.complete(request, state, self.processing_looks)
            case "files.info":
                return slack_files.info(request, state)
            case "conversations.history":
                return slack_messages.history(request, state, now, self.read_lag_seconds)
        document = slack_messages.read_json(request)
        slack_messages.check_channel(document.get("channel"), state)
        message = slack_messages.post(document, state, now)
        state.messages.append(message)
        shown = message.as_shown(with_metadata=True)
        return json_answer(200, {"ok": True, "channel": message.channel, "ts": message.ts, "message": shown})

    def _check_token(self, request: Request, method: str) -> None:
        token = request.headers.get("authorization", "")
        if not token:
            raise no("not_authed")
        if token != f"Bearer {self.bot.token}":
            raise no("invalid_auth")
        if self.bot.is_revoked:
            raise no("token_revoked")
        if NEEDED[method] and NEEDED[method] not in self.bot.scopes:
            raise no("missing_scope", needed=NEEDED[method], provided=",".join(self.bot.scopes))

    def _take_by_webhook(self, request: Request) -> Answer:
        if request.path != WEBHOOK_PATH or not self.has_webhook:
            raise Refused(Answer(404, b"no_service"))
        try:
            document = slack_messages.read_json(request)
            self._state.messages.append(slack_messages.post(document, self._state, self.now(), by_webhook=True))
        except Refused as refused:
            raise Refused(Answer(400, str(refused.answer.json()["error"]).encode())) from refused
        return Answer(200, b"ok", {"content-type": "text/html"})

    def refusal(self, fault: Fault, request: Request) -> Answer:
        if request.path.startswith("/services/") and fault in WEBHOOK_REFUSALS:
            status, words = WEBHOOK_REFUSALS[fault]
            return Answer(status, words.encode())
        if fault in REFUSALS:
            return no(REFUSALS[fault]).answer
        headers = {"retry-after": "30"} if fault in (Fault.RATE_LIMITED, Fault.UNAVAILABLE_RETRY_AFTER) else {}
        error = "ratelimited" if fault.status == 429 else "service_unavailable"
        return json_answer(fault.status, {"ok": False, "error": error}, headers)

    def holdings(self) -> dict[str, Any]:
        state = self._state.dump()
        return {"posts": state["messages"], "files": state["files"], "bot": state["bot"]}

    def dump(self) -> dict[str, Any]:
        return self._state.dump()

    def load(self, state: dict[str, Any]) -> None:
        self._state = State.load(state)

    def reset(self) -> None:
        with self.lock:
            self._state = State()
            super().reset()


def main() -> None:
    parser = argument_parser("slack")
    parser.add_argument("--processing-looks", type=int, default=0, metavar="N", help="before a file can be shown")
    parser.add_argument("--read-lag", type=float, default=0.0, metavar="SECONDS")
    options = parser.parse_args()
    serve(
        FakeSlack(
            port=options.port,
            state_file=options.state,
            processing_looks=options.processing_looks,
            read_lag_seconds=options.read_lag,
        ),
        options,
    )


if __name__ == "__main__":
    main()
