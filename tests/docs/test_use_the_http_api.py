"""The commands of the how-to on the HTTP API do what it says, beside a `pressroom up` that really runs."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from pressroom import samples
from pressroom.changes import Change
from pressroom.publications import PublicationState
from pressroom.runtimes.embedded import open_embedded
from tests.entrypoints.edition import UNKNOWN, Edition

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "how-to" / "use-the-http-api.md"
COMMANDS = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
pytestmark = pytest.mark.skipif(
    not (shutil.which("curl") and shutil.which("jq")), reason="the commands of the page are for curl and jq"
)
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("PRESSROOM_")}


def pressroom(workspace: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "pressroom", "--workspace", str(workspace), *arguments],
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as reserved:
        return int(reserved.getsockname()[1])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("curl")


@pytest.fixture(scope="module")
def port(folder: Path) -> Iterator[int]:
    """The port of a server whose workspace has a post that nobody can find out about, and one that waits."""
    workspace = folder / "press"
    with pressroom(workspace, "init") as init:
        init.communicate(timeout=60)
    assert init.returncode == 0
    with open_embedded(workspace, {}) as runtime:
        held = {"ends": "JobHeld", "state": PublicationState.HELD, "problem": UNKNOWN}
        edition = Edition(runtime.ports)
        edition.job("Moon", ago=timedelta(hours=2), **held)  # type: ignore[arg-type]
        waits = edition.job("Tea", ends="JobHeld", state=PublicationState.SCHEDULED)
        [post] = runtime.ports.publications.of_job(waits)
        runtime.bus.commit(Change(publications=(replace(post, attempts=(), version=post.version + 1),)))
    shutil.copy(Path(samples.__file__).parent / "harbour-cinema.png", folder / "poster.png")
    number = free_port()
    with pressroom(workspace, "up", "--port", str(number)) as server:
        try:
            assert server.stdout is not None
            for line in server.stdout:
                if "listens on" in line:
                    break
            yield number
            with subprocess.Popen(
                ["curl", "-sN", f"http://127.0.0.1:{number}/api/v1/events/stream"], stdout=subprocess.PIPE
            ) as reader:
                assert reader.stdout is not None
                assert reader.stdout.readline().startswith(b"retry")
                server.send_signal(signal.SIGTERM)
                reader.communicate(timeout=30)
            assert reader.returncode == 0, "an open stream ends whole when the server stops"
            server.communicate(timeout=30)
            assert server.returncode == 0
        finally:
            server.kill()


@pytest.fixture(scope="module")
def output(folder: Path, port: int) -> str:
    """What the commands of the page print, run in their order in one shell."""
    script = "set -eu -o pipefail\n" + "".join(COMMANDS.findall(PAGE.read_text("utf-8")))
    done = subprocess.run(
        ["bash", "-c", script.replace("8080", str(port))],
        cwd=folder,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_job_is_followed_to_its_end(output: str) -> None:
    stream = output[output.index("event: JobRequested") :]
    assert stream.index("event: PostPublished") < stream.index("event: JobCompleted")
    assert '"National Dress Up Your Pet Day' in output


def test_its_picture_is_read_whole_and_in_part(output: str, folder: Path) -> None:
    whole = (folder / "picture.jpg").read_bytes()
    assert whole.startswith(b"\xff\xd8\xff")
    assert (folder / "beginning.jpg").read_bytes() == whole[:100]


def test_the_post_is_found_among_those_that_are_published(output: str) -> None:
    assert re.search(r"^job_\w+\n/preview/preview_\w+$", output, re.MULTILINE)


def test_an_uploaded_picture_is_read(output: str, folder: Path) -> None:
    assert '"status": "upload_pending"' in output
    assert '"status": "pending"' in output
    title, *text = output.partition("\ncompleted\n")[2].splitlines()[:6]
    assert title.strip()
    assert any("every night at half past nine" in line for line in text)
    assert "event: JobCompleted" in (folder / "events.txt").read_text("utf-8")


def test_the_post_that_waits_is_changed_and_withdrawn(output: str) -> None:
    assert '"text": "National Tea Day! #Tea"' in output
    assert "\nTea for everybody\nrejected\n" in output


def test_the_post_that_was_held_is_published_after_the_decision(output: str, port: int) -> None:
    assert '"it_is_there"' in output
    assert re.search(r"^published$", output, re.MULTILINE)
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/v1/held") as answer:
        assert answer.read() == b'{"items":[],"next":null}'


def test_the_channel_is_looked_at_and_goes_on(output: str) -> None:
    assert '{"name":"preview","state":"open","why":"","waiting":0}' in output
    assert '{"channel":"preview","posts":0}' in output


def test_the_stream_goes_on_where_the_list_ended(output: str) -> None:
    end = output[output.rindex("retry: ") :]
    assert len(re.findall(r"^id: \d+$", end, re.MULTILINE)) >= 1
