"""`channels connect`, with a browser that is played by httpx and X as a strict local server."""

from __future__ import annotations

import json
import queue
import signal
import socket
import subprocess
import sys
import threading
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from pressroom.entrypoints.cli import _connect
from tests.entrypoints.cli.conftest import Answer, Cli
from tests.fakes.x import FakeX
from tests.newcomer import query_of, sent_to
from tests.publishers.fake_bench import free_port

Part = Callable[[str], None]
Paste = Callable[..., Answer]


class Reader:
    """The user's browser: does its part in a thread, as a real one would, and keeps what it was shown."""

    def __init__(self) -> None:
        self.pages: list[httpx.Response] = []
        self.opened: list[str] = []
        self.part: Part = self.follow
        self.errors: list[Exception] = []
        self._threads: list[threading.Thread] = []

    def open(self, url: str) -> bool:
        self.opened.append(url)
        self._threads.append(threading.Thread(target=self._play, args=(url,)))
        self._threads[-1].start()
        return True

    def follow(self, url: str) -> None:
        self.visit(sent_to(url))

    def visit(self, url: str) -> httpx.Response:
        self.pages.append(httpx.get(url))
        return self.pages[-1]

    def _play(self, url: str) -> None:
        try:
            self.part(url)
        except Exception as error:  # noqa: BLE001 - raised again by `leave`, in the test's own thread
            self.errors.append(error)

    def leave(self) -> None:
        for thread in self._threads:
            thread.join(10)
        if self.errors:
            raise self.errors[0]


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> Iterator[Reader]:
    one = Reader()
    monkeypatch.setattr(webbrowser, "get", lambda: one)
    yield one
    one.leave()


@pytest.fixture
def x() -> Iterator[FakeX]:
    with FakeX() as server:
        yield server


@pytest.fixture
def desk(cli: Cli, workspace: Path, x: FakeX) -> Path:
    """A workspace with a channel on X that has an app's credentials and no account."""
    file = workspace / "pressroom.toml"
    text = file.read_text(encoding="utf-8").replace('channels = ["preview"]', 'channels = ["main"]')
    file.write_text(f'{text}\n[channels.main]\nnetwork = "x"\nbase_url = "{x.base_url}"\n', encoding="utf-8")
    for name, value in (("client_id", x.account.client_id), ("client_secret", x.account.client_secret or "")):
        assert cli("secrets", "set", f"channels.main.{name}", "-w", workspace, stdin=value).code == 0
    return workspace


def connect(cli: Cli, workspace: Path, *options: str) -> Answer:
    return cli("channels", "connect", "main", "--port", str(free_port()), "-w", workspace, *options)


def test_an_account_is_connected_and_its_name_shown_in_both_windows(
    cli: Cli, desk: Path, x: FakeX, reader: Reader
) -> None:
    answer = connect(cli, desk)
    assert answer.code == 0, answer.stderr
    assert "Connected as @pressroom." in answer.stdout
    assert "✓ channel main: X accepts the credentials of @pressroom." in answer.stdout
    assert f'user_id = "{x.account.id}"' in answer.stdout
    assert reader.opened[0] in answer.stderr
    reader.leave()
    (page,) = reader.pages
    assert page.status_code == 200
    assert "Connected as @pressroom." in page.text
    assert "You can close this window." in page.text
    assert page.headers["cache-control"] == "no-store"
    stored = [line["name"] for line in cli("secrets", "list", "--json", "-w", desk).json]
    assert {"channels.main.access_token", "channels.main.refresh_token"} <= set(stored)
    assert cli("channels", "check", "main", "-w", desk).code == 0


@contextmanager
def running(desk: Path, *options: str) -> Iterator[subprocess.Popen[str]]:
    """The real program; it opens no browser."""
    command = [sys.executable, "-m", "pressroom", "channels", "connect", "main", "--no-browser", *options]
    arguments = [*command, "--port", str(free_port()), "-w", str(desk)]
    with subprocess.Popen(arguments, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield process


def until(process: subprocess.Popen[str], beginning: str) -> list[str]:
    """Read what the program says on standard error up to a line that begins like this."""
    assert process.stderr is not None
    lines = []
    for line in iter(process.stderr.readline, ""):
        lines.append(line)
        if line.startswith(beginning):
            return lines
    raise AssertionError("".join(lines))


def test_tokens_and_codes_are_never_shown(desk: Path, x: FakeX) -> None:
    with running(desk, "--debug") as process:
        said = until(process, "Waiting up to 5 min")
        (url,) = [line.strip() for line in said if line.startswith(f"  {x.base_url}")]
        back = sent_to(url)
        assert httpx.get(back).status_code == 200
        out, rest = process.communicate(timeout=30)
    assert process.returncode == 0
    assert "Connected as @pressroom." in out
    told = "".join(said) + out + rest
    given = {**x.dump(), "code": query_of(back)["code"]}
    secrets = [token["text"] for name in ("access_tokens", "refresh_tokens") for token in given[name]]
    assert len(secrets) == 4
    for secret in (*secrets, given["code"], x.account.client_secret):
        assert secret not in told


def test_a_program_gets_one_document(cli: Cli, desk: Path, x: FakeX, reader: Reader) -> None:
    document = connect(cli, desk, "--json").json
    assert document == {
        "channel": "main",
        "account": "@pressroom",
        "expires_at": None,
        "secrets": ["channels.main.access_token", "channels.main.refresh_token"],
        "settings": {"user_id": x.account.id},
        "posts": None,
        "paused": "",
        "findings": [{"ok": True, "what": "X accepts the credentials of @pressroom.", "todo": ""}],
    }


def test_posts_that_waited_for_the_account_go_on(cli: Cli, desk: Path, x: FakeX, reader: Reader) -> None:
    for name, token in zip(("access_token", "refresh_token"), x.connect(x.account), strict=True):
        cli("secrets", "set", f"channels.main.{name}", "-w", desk, stdin=token.text)
    x.account.is_revoked = True
    assert cli("run", "daily_post", "-i", "date=2026-10-31", "-i", "theme=0", "-w", desk).code == 4
    x.account.is_revoked = False
    assert "main goes on; 1 post waited for it." in connect(cli, desk).stdout
    assert cli("held", "list", "--json", "-w", desk).json == []


def test_a_browser_that_brings_something_else_is_refused_and_the_wait_goes_on(
    cli: Cli, desk: Path, reader: Reader
) -> None:
    def strangers_first(url: str) -> None:
        back = sent_to(url)
        base, _, query = back.partition("?")
        for strange in (f"{base}?code=evil&state=forged", f"{base}?code=<b>&error_description=<script>", base):
            reader.visit(strange)
        reader.visit(f"{base}?{query}&state=twice")
        reader.visit(base.replace("/callback", "/elsewhere") + "?" + query)
        reader.visit(back)

    reader.part = strangers_first
    assert connect(cli, desk).code == 0
    reader.leave()
    assert [page.status_code for page in reader.pages] == [400, 400, 400, 400, 404, 200]
    assert "<script>" not in reader.pages[1].text
    assert "forged" not in reader.pages[0].text


def test_a_connection_that_says_nothing_holds_nobody_up(cli: Cli, desk: Path, reader: Reader) -> None:
    """Browsers open connections in advance."""

    def with_a_silent_one(url: str) -> None:
        back = sent_to(url)
        port = httpx.URL(back).port
        with socket.create_connection(("127.0.0.1", port or 0)):
            reader.visit(back)

    reader.part = with_a_silent_one
    assert connect(cli, desk).code == 0


def test_somebody_who_says_no_is_told_so_in_both_windows(cli: Cli, desk: Path, x: FakeX, reader: Reader) -> None:
    x.say_no()
    answer = connect(cli, desk)
    assert answer.code == 1
    assert "somebody said no" in answer.stderr
    assert "pressroom channels connect main" in answer.stderr
    reader.leave()
    assert "somebody said no" in reader.pages[0].text


def test_the_wait_has_an_end_that_says_what_may_be_wrong(
    cli: Cli, desk: Path, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_connect, "WAIT", timedelta(milliseconds=20))
    reader.part = lambda url: None
    answer = connect(cli, desk)
    assert answer.code == 1
    assert "No browser came back from X" in answer.stderr
    assert "--paste" in answer.stderr


def test_an_address_that_is_not_registered_is_shown_before_the_browser_leaves(
    cli: Cli, desk: Path, x: FakeX, reader: Reader
) -> None:
    port = free_port()
    redirect = f"http://localhost:{port}/back"
    x.register_redirect(redirect)
    answer = cli("channels", "connect", "main", "--redirect-uri", redirect, "-w", desk)
    assert answer.code == 0, answer.stderr
    assert redirect in answer.stderr


def test_a_taken_port_is_told_with_the_option_that_helps(cli: Cli, desk: Path, reader: Reader) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        answer = cli("channels", "connect", "main", "--port", str(taken.getsockname()[1]), "-w", desk)
    assert answer.code == 2
    assert "--port" in answer.stderr
    assert reader.opened == []


@pytest.mark.parametrize("address", ["http://127.0.0.1:99999/x", "callback", "http://[x"])
def test_an_address_that_is_none_is_refused(cli: Cli, desk: Path, reader: Reader, address: str) -> None:
    answer = cli("channels", "connect", "main", "--redirect-uri", address, "-w", desk)
    assert answer.code == 2
    assert reader.opened == []


class TestPasting:
    @pytest.fixture
    def paste(self, cli: Cli, desk: Path, reader: Reader, monkeypatch: pytest.MonkeyPatch) -> Paste:
        """Runs the command; the user pastes what a function makes of the address that the browser was sent to."""
        typed: queue.Queue[str] = queue.Queue()
        monkeypatch.setattr(_connect, "read_line", lambda: typed.get(timeout=10))

        def run(made: Callable[[str], str], *options: str) -> Answer:
            def part(url: str) -> None:
                for line in [*made(sent_to(url)).splitlines(keepends=True), ""]:
                    typed.put(line)

            reader.part = part
            return cli("channels", "connect", "main", "-w", desk, *options)

        return run

    @pytest.mark.parametrize("options", [("--paste",), ("--redirect-uri", "https://press.example/callback")])
    def test_the_address_that_the_browser_was_sent_to_is_enough(self, paste: Paste, options: tuple[str, ...]) -> None:
        answer = paste(lambda back: f"  {back}#_=_ \n", *options)
        assert answer.code == 0, answer.stderr
        assert "Connected as @pressroom." in answer.stdout

    def test_what_stands_behind_the_question_mark_is_enough(self, paste: Paste) -> None:
        assert paste(lambda back: back.partition("?")[2], "--paste").code == 0

    def test_another_address_is_refused_and_asked_for_again(self, paste: Paste) -> None:
        others = "https://x.com/home\n\nhello\nhttp://127.0.0.1:8765/callback?code=a&state=b\n"
        answer = paste(lambda back: others + back, "--paste")
        assert answer.code == 0, answer.stderr
        assert answer.stderr.count("not the address that this attempt ends at") == 3

    def test_nothing_pasted_stores_nothing(self, paste: Paste) -> None:
        answer = paste(lambda back: "", "--paste")
        assert answer.code == 2
        assert "nothing was stored" in answer.stderr


def test_a_network_without_a_login_says_which_secrets_to_set(cli: Cli, workspace: Path) -> None:
    with (workspace / "pressroom.toml").open("a", encoding="utf-8") as file:
        file.write('\n[channels.sky]\nnetwork = "bluesky"\n')
    answer = cli("channels", "connect", "sky", "-w", workspace)
    assert answer.code == 2
    assert "pressroom secrets set channels.sky.app_password" in answer.stderr
    assert "pressroom channels check sky" in answer.stderr
    assert "needs no account" in cli("channels", "connect", "preview", "-w", workspace).stderr
    assert "Did you mean preview?" in cli("channels", "connect", "previw", "-w", workspace).stderr


def test_ctrl_c_ends_the_wait_cleanly(desk: Path) -> None:
    with running(desk) as process:
        until(process, "Waiting up to 5 min")
        process.send_signal(signal.SIGINT)
        out, rest = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "Stopped." in rest
    assert "Traceback" not in rest
    assert out == ""


def test_the_list_tells_what_ends(cli: Cli, workspace: Path) -> None:
    with (workspace / "pressroom.toml").open("a", encoding="utf-8") as file:
        file.write('\n[channels.page]\nnetwork = "facebook"\npage_id = "1"\napi_version = "v20.0"\n')
    lines: list[dict[str, Any]] = cli("channels", "--json", "-w", workspace).json
    by_name = {line["name"]: line["ends"] for line in lines}
    assert by_name["preview"] == []
    (end,) = by_name["page"]
    assert (end["kind"], end["days"], end["is_due"]) == ("API version v20.0", 0, True)
    assert json.dumps(end)
    assert (
        "! page: The API version v20.0 ended on 2026-09-24. Set api_version" in cli("channels", "-w", workspace).stdout
    )


def test_doctor_and_check_warn_of_what_ends_once(cli: Cli, workspace: Path) -> None:
    with (workspace / "pressroom.toml").open("a", encoding="utf-8") as file:
        file.write('\n[channels.page]\nnetwork = "facebook"\npage_id = "1"\napi_version = "v20.0"\n')
        file.write('base_url = "http://127.0.0.1:9"\n')
    cli("secrets", "set", "channels.page.access_token", "-w", workspace, stdin="a-token-of-a-page")
    for command in (("doctor", "--offline"), ("channels", "check", "page")):
        lines = [line for line in cli(*command, "--json", "-w", workspace).json if "2026-09-24" in line["what"]]
        assert len(lines) == 1
        assert lines[0]["level"] == "wrong"
        assert "api_version" in lines[0]["todo"]
