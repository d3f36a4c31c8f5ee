"""OpenAI as a strict local server: `python -m tests.fakes.openai`, or `with FakeOpenAI() as service` in a test."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tests.fakes.control import argument_parser, serve
from tests.fakes.faults import Fault
from tests.fakes.messages import Answer, Refused, Request, json_answer
from tests.fakes.openai_errors import failure, insufficient_quota, rate_limited, scripted_refusal, wrong_key
from tests.fakes.openai_images import fulfil, read_edit, read_order
from tests.fakes.openai_models import find_model, living_models
from tests.fakes.openai_moderation import moderate
from tests.fakes.openai_speech import hum, read_reading
from tests.fakes.openai_text import default_text, give_text, read_question
from tests.fakes.server import FakeServer

API_KEY = "sk-test-key-of-pressroom"
WINDOW_SECONDS = 60
REASONING_TOKENS = 64
BLOCKED = "Your request was rejected by the safety system. If you believe this is an error, contact us."


@dataclass
class Billed:
    """One generation that is on the invoice, whether its answer arrived or not."""

    kind: str
    model: str
    prompt: str
    input_tokens: int
    output_tokens: int
    request_number: int
    at: float


class FakeOpenAI(FakeServer):
    """Makes images and text, and keeps the invoice."""

    def __init__(
        self,
        *,
        port: int = 0,
        state_file: Path | None = None,
        api_key: str = API_KEY,
        quota: int | None = None,
        requests_per_minute: int = 500,
        reasoning_tokens: int = REASONING_TOKENS,
        blocked_words: Iterable[str] = (),
    ) -> None:
        """`quota` is how many generations are paid for; `blocked_words` are what moderation objects to."""
        super().__init__(port=port, state_file=state_file)
        self.api_key = api_key
        self.quota = quota
        self.requests_per_minute = requests_per_minute
        self.reasoning_tokens = reasoning_tokens
        self.blocked_words = {word.lower() for word in blocked_words}
        self.billed: list[Billed] = []
        self._texts: deque[str] = deque()
        self._windows: dict[str, tuple[float, int]] = {}

    @property
    def base_url_v1(self) -> str:
        """What `base_url` is for a client of OpenAI."""
        return f"{self.base_url}/v1"

    def say(self, *texts: str) -> None:
        """Let the next text generations answer with these, one each."""
        with self.lock:
            self._texts.extend(texts)

    def answer(self, request: Request) -> Answer:
        number = {"x-request-id": f"req_{request.number:032x}"}
        try:
            self._check_key(request)
            return self._route(request).with_headers(number)
        except Refused as refused:
            raise Refused(refused.answer.with_headers(number)) from refused

    def refusal(self, fault: Fault, request: Request) -> Answer:
        return scripted_refusal(fault, self._limit_headers(0, WINDOW_SECONDS) | {"retry-after": str(WINDOW_SECONDS)})

    def holdings(self) -> dict[str, Any]:
        return {"billed": [asdict(billed) for billed in self.billed]}

    def dump(self) -> dict[str, Any]:
        return self.holdings()

    def load(self, state: dict[str, Any]) -> None:
        self.billed = [Billed(**billed) for billed in state["billed"]]

    def reset(self) -> None:
        with self.lock:
            self.billed.clear()
            self._texts.clear()
            self._windows.clear()
            super().reset()

    def _route(self, request: Request) -> Answer:
        now, number = self.now(), request.number
        match request.method, request.path:
            case "GET", "/v1/models":
                models = [model.as_dict() for model in living_models(now)]
                return json_answer(200, {"object": "list", "data": models})
            case "GET", path if path.startswith("/v1/models/"):
                name = path.removeprefix("/v1/models/")
                found = next((model for model in living_models(now) if model.id == name), None)
                return json_answer(200, (found or find_model(name, "none", now)).as_dict())
            case "POST", "/v1/images/generations" | "/v1/images/edits":
                order = (read_edit if request.path.endswith("edits") else read_order)(request, now)
                headers = self._count_request(order.model.id)
                if self.blocked_words & set(order.prompt.lower().split()):
                    raise failure(400, BLOCKED, None, "moderation_blocked", "image_generation_user_error")
                self._check_quota()
                tokens = (order.input_tokens, order.output_tokens)
                self._bill("image", order.model.id, order.prompt, tokens, number)
                return json_answer(200, fulfil(order, number, now), headers)
            case "POST", "/v1/responses":
                question = read_question(request, now)
                headers = self._count_request(question.model.id)
                self._check_quota()
                text = self._texts.popleft() if self._texts else default_text(question)
                document = give_text(question, text, self.reasoning_tokens, number, now)
                usage = document["usage"]
                tokens = (usage["input_tokens"], usage["output_tokens"])
                self._bill("text", question.model.id, question.words, tokens, number)
                return json_answer(200, document, headers)
            case "POST", "/v1/audio/speech":
                reading = read_reading(request, now)
                headers = self._count_request(reading.model.id)
                self._check_quota()
                self._bill("speech", reading.model.id, reading.text, (len(reading.text), 0), number)
                return Answer(200, hum(reading), {"content-type": "audio/wav", **headers})
            case "POST", "/v1/moderations":
                headers = self._count_request("omni-moderation-latest")
                return json_answer(200, moderate(request, self.blocked_words, number, now), headers)
        raise failure(404, f"Invalid URL ({request.method} {request.path})")

    def _check_key(self, request: Request) -> None:
        scheme, _, key = request.headers.get("authorization", "").partition(" ")
        if scheme != "Bearer" or not key:
            raise failure(401, "You didn't provide an API key.")
        if key != self.api_key:
            raise wrong_key()

    def _count_request(self, model: str) -> dict[str, str]:
        """One request more in this minute for this model; 429 if it is one too many."""
        ends_at, used = self._windows.get(model, (0.0, 0))
        if ends_at <= self.now():
            ends_at, used = self.now() + WINDOW_SECONDS, 0
        left = self.requests_per_minute - used
        headers = self._limit_headers(max(0, left - 1), ends_at - self.now())
        if left <= 0:
            raise rate_limited(model, headers | {"retry-after": str(int(ends_at - self.now()) + 1)})
        self._windows[model] = (ends_at, used + 1)
        return headers

    def _limit_headers(self, remaining: int, seconds: float) -> dict[str, str]:
        return {
            "x-ratelimit-limit-requests": str(self.requests_per_minute),
            "x-ratelimit-remaining-requests": str(remaining),
            "x-ratelimit-reset-requests": f"{seconds:.3f}s",
        }

    def _check_quota(self) -> None:
        if self.quota is not None and len(self.billed) >= self.quota:
            raise insufficient_quota()

    def _bill(self, kind: str, model: str, prompt: str, tokens: tuple[int, int], number: int) -> None:
        self.billed.append(Billed(kind, model, prompt, *tokens, number, self.now()))
        self.mark_changed()


def main() -> None:
    parser = argument_parser("openai")
    parser.add_argument("--quota", type=int, help="how many generations are paid for; without it, any number")
    parser.add_argument("--requests-per-minute", type=int, default=500, help="by model")
    options = parser.parse_args()
    serve(
        FakeOpenAI(
            port=options.port,
            state_file=options.state,
            quota=options.quota,
            requests_per_minute=options.requests_per_minute,
        ),
        options,
    )


if __name__ == "__main__":
    main()
