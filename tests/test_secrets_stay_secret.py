"""Known secrets are planted and then looked for in everything that is stored, shown, logged or printed."""

from __future__ import annotations

import base64
import logging
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
import structlog

from pressroom.composition import compose
from pressroom.config import load
from pressroom.entrypoints.api.access import Access
from pressroom.entrypoints.api.app import create_app
from pressroom.generation import Generators
from pressroom.logs import KnownSecrets, configure
from pressroom.publications import Post, Receipt
from pressroom.publishers._x_auth import OAuth1, OAuth2, sign_in
from pressroom.publishers.base import Channel
from pressroom.publishers.x import X, XSettings
from pressroom.runtime import Runtime
from pressroom.runtimes.embedded import open_ports
from pressroom.testing import ManualClock, a_channel, work_off
from pressroom.tokens import Tokens
from tests.e2e.program import Program
from tests.entrypoints.site import PAGE, Client
from tests.fakes.faults import Fault
from tests.fakes.openai import FakeOpenAI
from tests.fakes.x import FakeX
from tests.press import Network, leaflet

# Nothing about them looks like a secret, except that they are known to be.
PLANTED = {
    "channels.main.api_key": "walrus under a lampshade".replace(" ", "/"),
    "channels.main.api_secret": "marmalade+on+the+ceiling",
    "channels.main.access_token": "seventeen~purple~bicycles",
    "channels.main.access_token_secret": "gargling=politely=upstairs",
    "generators.art.api_key": "quietly-juggling-otters",
    "server.key": "umbrella.weather.for.geese",
}


def found_in(text: str | bytes, secrets: Iterable[str] = tuple(PLANTED.values())) -> list[str]:
    """Return the secrets that stand in a text, as they are or in an encoding that anybody can undo."""
    data = text if isinstance(text, bytes) else text.encode()
    return [secret for secret in secrets if any(form in data for form in _forms(secret))]


def _forms(secret: str) -> list[bytes]:
    raw = secret.encode()
    return [raw, quote(secret, safe="").encode(), base64.b64encode(raw).rstrip(b"="), raw.hex().encode()]


def test_what_is_looked_for_would_be_found() -> None:
    secret = PLANTED["channels.main.api_key"]
    assert found_in(f"a {secret} b") == [secret]
    assert found_in(quote(secret, safe="")) == [secret]
    assert found_in(base64.b64encode(secret.encode())) == [secret]
    assert found_in("nothing") == []


def files_of(workspace: Path) -> dict[str, list[str]]:
    """Return what every file of a workspace gives away, those of the secret store included."""
    paths = [path for path in sorted(workspace.rglob("*")) if path.is_file()]
    assert any(path.name == "pressroom.db" for path in paths)
    return {path.name: found for path in paths if (found := found_in(path.read_bytes()))}


# --- the real program


@pytest.mark.parametrize("log", ["json", "console"])
def test_no_command_prints_or_stores_a_secret_whatever_the_services_answer(tmp_path: Path, log: str) -> None:
    said: list[tuple[str, str]] = []
    with FakeX() as x, FakeOpenAI(api_key=PLANTED["generators.art.api_key"]) as openai:
        art = f'image = "art"\n\n[generators.art]\nuse = "openai_image"\nbase_url = "{openai.base_url_v1}"'
        program = Program(tmp_path, x.base_url, level="debug", log=log, more=art)
        for name in ("api_key", "api_secret", "access_token", "access_token_secret"):
            setattr(x.account, name, PLANTED[f"channels.main.{name}"])

        def run(*arguments: str, stdin: str = "") -> int:
            done = program(*arguments, stdin=stdin)
            said.append((" ".join(arguments), done.stdout + done.stderr))
            return done.code

        name, *rest = PLANTED
        assert run("secrets", "set", name, "--debug", stdin=PLANTED[name]) == 0
        program.secrets.set_many({name: PLANTED[name] for name in rest})
        x.script(Fault.TOKEN_REVOKED, path="/2/tweets")
        openai.script(Fault.TOKEN_REVOKED, path="/v1/images/generations")
        post = ("run", "daily_post", "-i", "date=2026-01-14", "-i", "theme=0", "--json", "--debug")
        assert run(*post) == 1
        assert run("jobs", "--json") == 0
        run("dead", "redrive", "1")
        assert run(*post) == 4
        assert run("channels", "resume", "main") == 0
        assert run(*post) == 0
        assert len(x.posts) == 1
        commands = (
            "events",
            "dead list",
            "held list",
            "channels list",
            "channels check main",
            "secrets list",
            "doctor",
        )
        for command in (*commands, "doctor") if log == "json" else ():
            run(*command.split(), "--json", "--debug")
        bearer = [request.headers.get("authorization", "") for request in [*x.requests, *openai.requests]]
    assert found_in("".join(bearer))  # they were in use
    assert {command: found for command, text in said if (found := found_in(text))} == {}
    assert files_of(program.workspace) == {}


# --- defects of a plugin, with the credentials in their messages


class Leaky(Network):
    """Fails as a library would that quotes the request."""

    fails_at = "publish"

    def _fail(self, method: str) -> None:
        if method == self.fails_at:
            headers = {name: self.channel.secrets.get(name) for name in PLANTED}
            request = httpx.Request("POST", "https://x.example", headers={"authorization": str(list(headers.values()))})
            raise RuntimeError(f"could not send {request!r} with {request.headers.raw!r}, {headers}")

    def prepare(self, *arguments: Any) -> dict[str, Any]:
        self._fail("prepare")
        return super().prepare(*arguments)

    def publish(self, post: Post, prepared: dict[str, Any]) -> Receipt:
        if self.fails_at == "reconcile":
            raise ConnectionError("cut")
        self._fail("publish")
        return super().publish(post, prepared)

    def reconcile(self, *arguments: Any) -> Any:
        self._fail("reconcile")
        return super().reconcile(*arguments)


@pytest.fixture
def _logging_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    yield
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()
    root.handlers = handlers
    root.setLevel(level)


def a_runtime(workspace: Path, publisher: Network, clock: ManualClock) -> Runtime:
    ports = open_ports(workspace, {}, clock)
    ports.secrets.set_many(PLANTED)
    publisher.channel = Channel("main", publisher.channel.settings, ports.secrets, clock)
    config = load(workspace, {"PRESSROOM_PIPELINES__LEAFLET__CHANNELS": '["main"]'})
    return compose(config, ports, {"leaflet": leaflet}, publishers={"main": publisher})


@pytest.mark.usefixtures("_logging_as_before")
@pytest.mark.parametrize("log", ["json", "console"])
@pytest.mark.parametrize("method", ["prepare", "publish", "reconcile"])
def test_an_unforeseen_error_whose_message_holds_the_credentials_gives_none_away(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], method: str, log: str
) -> None:
    clock = ManualClock()
    network = Leaky(clock)
    network.fails_at = method
    with a_runtime(tmp_path, network, clock) as runtime:
        configure("debug", log, redact=KnownSecrets(runtime.ports.secrets))
        [job] = runtime.runner.request("leaflet", {"text": "Boo!"})
        for _ in range(2 if method == "reconcile" else 1):
            work_off(runtime)
            clock.advance(seconds=10)
        stored = [
            runtime.ports.jobs.get(job.id),
            runtime.ports.jobs.steps(job.id),
            runtime.ports.events.of_job(job.id),
            runtime.ports.publications.of_job(job.id),
            runtime.ports.dead_letters.find(),
        ]
        assert found_in(repr(stored)) == []
        [publication] = runtime.ports.publications.of_job(job.id)
        assert "RuntimeError: could not send" in repr(stored)
        client = Client(create_app(runtime, key=PLANTED["server.key"]), "http://127.0.0.1:8080")
        pages = ["/", f"/jobs/{job.id}", "/held", "/dead", "/channels", "/preview", "/healthz", "/metrics", "/nowhere"]
        pages += [f"/preview/{publication.id}", *(f"/dead/{one.id}" for one in runtime.ports.dead_letters.find())]
        shown = {path: client.get(path, headers=head).text for path in pages for head in (PAGE, {})}
        assert "could not send" in shown[f"/jobs/{job.id}"]
        assert {path: found for path, text in shown.items() if (found := found_in(text))} == {}
    logged = capfd.readouterr().err
    assert "RuntimeError" in logged
    assert found_in(logged) == []
    assert files_of(tmp_path) == {}


def test_an_unforeseen_error_of_a_generator_gives_none_away() -> None:
    from tests.test_generation import Study

    study = Study(RuntimeError(f"cannot send Bearer {PLANTED['generators.art.api_key']}"))
    study.poet.setup.secrets.set("generators.art.api_key", PLANTED["generators.art.api_key"])
    job = study.finish(study.ask())
    assert job.error is not None
    assert "cannot send" in job.error.what
    told = [job, study.ports.events.of_job(job.id), study.ports.dead_letters.find()]
    assert found_in(repr(told)) == []


def test_an_unforeseen_error_of_a_step_is_stored_without_what_looks_like_a_credential() -> None:
    from pressroom.errors import problem_of

    problem = problem_of(RuntimeError("GET /me failed: Authorization: Bearer dGhpcyBpcyBhIHRva2Vu"))
    assert "dGhpcyBpcyBhIHRva2Vu" not in repr(problem)


# --- what objects say of themselves


def test_no_object_shows_a_secret_when_it_is_printed(tmp_path: Path) -> None:
    channel = a_channel("main")
    for name, value in PLANTED.items():
        channel.secrets.set(name, value)
    channel.secrets.set("channels.other.client_id", "client")
    channel.secrets.set("channels.other.access_token", PLANTED["channels.main.access_token"])
    channel.secrets.set("channels.other.refresh_token", PLANTED["channels.main.api_secret"])
    settings = XSettings(network="x")
    x = X(Channel("main", settings, channel.secrets, channel.clock))
    other = Channel("other", settings, channel.secrets, channel.clock)
    ways = [sign_in(one.channel, x._api._calls, "https://x.example") for one in (x, X(other))]
    assert [type(way) for way in ways] == [OAuth1, OAuth2]
    (tmp_path / "pressroom.toml").write_text('[generators.art]\nuse = "openai_image"\n')
    clock = ManualClock()
    with a_runtime(tmp_path, Network(clock), clock) as runtime:
        art = Generators(load(tmp_path, {}), runtime.ports.secrets, clock).named("art")
        things = [
            x,
            *ways,
            channel,
            other,
            channel.secrets,
            runtime,
            runtime.ports.secrets,
            art,
            art.setup,
            Tokens(PLANTED["channels.main.access_token"], PLANTED["channels.main.api_secret"]),
            Access(listens_on="127.0.0.1", key=PLANTED["server.key"]),
            KnownSecrets(runtime.ports.secrets),
        ]
        assert {type(thing).__name__: found for thing in things if (found := found_in(repr(thing)))} == {}
