"""The quickstart does what it says: its commands are run, in their order, in one shell."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CURL = """\
import sys, time, urllib.error, urllib.request
for _ in range(30):
    try:
        sys.stdout.write(urllib.request.urlopen(sys.argv[-1]).read().decode())
        break
    except urllib.error.URLError:
        time.sleep(1)
"""
"""For a machine without curl: a container that only tests, say."""
COMMANDS = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as reserved:
        return int(reserved.getsockname()[1])


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the commands print, run in a folder that looks like a checkout after `make setup`."""
    folder = tmp_path_factory.mktemp("checkout")
    for name in ("src", "tests"):
        (folder / name).symlink_to(ROOT / name)
    commands = folder / ".venv" / "bin"
    commands.mkdir(parents=True)
    for name, module in (("python", ""), ("pressroom", "-m pressroom")):
        (commands / name).write_text(f'#!/bin/sh\nexec {sys.executable} {module} "$@"\n', encoding="utf-8")
        (commands / name).chmod(0o755)
    if shutil.which("curl") is None:
        (commands / "curl").write_text(f"#!{sys.executable}\n{CURL}", encoding="utf-8")
        (commands / "curl").chmod(0o755)
    script = "set -eu -o pipefail\n" + "".join(COMMANDS.findall((ROOT / "docs/quickstart.md").read_text("utf-8")))
    # The ports of the page may be taken on this machine.
    script = script.replace("8080", str(_free_port())).replace("8099", str(_free_port()))
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PRESSROOM_")}
    shell = subprocess.Popen(
        ["bash", "-c", script],
        cwd=folder,
        env=inherited,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        printed = shell.communicate(timeout=100)[0]
    finally:
        # A command of the page that failed leaves what runs in the background.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(shell.pid, signal.SIGKILL)
    assert shell.returncode == 0, printed
    return printed


def test_the_post_is_on_the_preview_channel(output: str) -> None:
    assert "daily_post completed" in output
    assert "preview: published" in output


def test_the_page_shows_the_post(output: str) -> None:
    assert re.search(r"<[^\n]*National Dress Up Your Pet Day", output)


@pytest.fixture
def posts(output: str) -> list[list[str]]:
    """The words of the posts on the stand-in for X, each time that it was asked for them."""
    # The stand-in ends its answer without a line end.
    asked = [json.JSONDecoder().raw_decode(line)[0] for line in output.splitlines() if line.startswith("[{")]
    return [[post["text"] for post in found] for found in asked]


def test_the_second_post_is_on_both_channels_once(output: str, posts: list[list[str]]) -> None:
    assert posts[0] == ["Halloween!"]
    assert "main: published" in output


def test_the_photo_from_the_folder_is_on_both_channels_once(output: str, posts: list[list[str]]) -> None:
    assert [text.splitlines()[0] for text in posts[-1]] == ["Halloween!", "The lighthouse at dusk"]
    reported = re.findall(r"^\S+ +(\S+) +published +The lighthouse at dusk", output, re.MULTILINE)
    assert sorted(reported) == ["main", "preview"]


def test_the_page_of_photos_shows_the_photo(output: str) -> None:
    assert re.search(r"<[^\n]*The lighthouse at dusk", output)
