"""Runs the commands of a page in one shell, in a folder that looks like a checkout, on ports that are free."""

from __future__ import annotations

import contextlib
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
COMMANDS = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
CURL = """\
import sys, time, urllib.error, urllib.request
for _ in range(30):
    try:
        sys.stdout.write(urllib.request.urlopen(sys.argv[-1]).read().decode())
        break
    except urllib.error.URLError:
        time.sleep(1)
"""
"""For a machine without curl, enough for the pages that only read: a container that only tests, say."""
PORTS = ("8080", "8099")
"""That the pages name; they may be taken on this machine."""
needs_curl = pytest.mark.skipif(
    not (shutil.which("curl") and shutil.which("jq")), reason="the commands of the page are for curl and jq"
)


def walk(page: str, folder: Path) -> str:
    """Run the commands of a page under `docs` in this folder; return what they print. Fails as soon as one does."""
    for name in ("src", "tests"):
        (folder / name).symlink_to(ROOT / name)
    commands = folder / ".venv" / "bin"
    commands.mkdir(parents=True)
    for name, module in (("python", ""), ("python3", ""), ("pressroom", "-m pressroom")):
        (commands / name).write_text(f'#!/bin/sh\nexec {sys.executable} {module} "$@"\n', encoding="utf-8")
        (commands / name).chmod(0o755)
    if shutil.which("curl") is None:
        (commands / "curl").write_text(f"#!{sys.executable}\n{CURL}", encoding="utf-8")
        (commands / "curl").chmod(0o755)
    script = "set -eu -o pipefail\n" + "".join(COMMANDS.findall((ROOT / "docs" / page).read_text("utf-8")))
    for port in PORTS:
        script = script.replace(port, str(_free_port()))
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PRESSROOM_")}
    shell = subprocess.Popen(
        ["bash", "-c", script],
        cwd=folder,
        env=inherited | {"PATH": f"{commands}{os.pathsep}{inherited['PATH']}"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        printed = shell.communicate(timeout=110)[0]
    finally:
        # A command that failed leaves what runs in the background.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(shell.pid, signal.SIGKILL)
    assert shell.returncode == 0, printed
    return printed


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as reserved:
        return int(reserved.getsockname()[1])
