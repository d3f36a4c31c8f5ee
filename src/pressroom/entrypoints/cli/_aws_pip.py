"""Has pip fetch wheels for Lambda's processor, by hash, and Lambda's Python compile what is loaded at each start."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from shutil import which

SOURCE_ONLY = ("pyvips",)
"""Distributions without wheels, whose code is Python alone once no libvips is found to compile against."""
_WITHOUT_LIBRARIES = {"PKG_CONFIG": "false", "PKG_CONFIG_PATH": os.devnull, "PKG_CONFIG_LIBDIR": os.devnull}


def install(lock: Path, target: Path) -> None:
    """Install what the lock names into the folder; raises `PressroomError` with what pip says."""
    from pressroom.deployment.packages import PLATFORMS, PYTHON

    wheels, sources = split(lock.read_text(encoding="utf-8"))
    common = [
        *("--quiet", "--disable-pip-version-check", "--no-input", "--no-compile", "--no-deps", "--require-hashes"),
        # The lock was made for Lambda's Python; the one that runs pip is another perhaps.
        *("--ignore-requires-python", "--implementation", "cp", "--python-version", PYTHON, "--target", str(target)),
        *(part for platform in PLATFORMS for part in ("--platform", platform)),
    ]
    _pip([*common, "--only-binary=:all:"], wheels, {})
    if sources:
        _pip([*common, f"--no-binary={','.join(SOURCE_ONLY)}"], sources, _WITHOUT_LIBRARIES)


def split(lock: str) -> tuple[str, str]:
    """Return the entries of a lock that have wheels, and those that have none."""
    entries = re.split(r"\n(?=[A-Za-z0-9])", lock)
    is_source = [re.split(r"[=\[ ]", entry, maxsplit=1)[0] in SOURCE_ONLY for entry in entries]
    wheels = [entry for entry, source in zip(entries, is_source, strict=True) if not source]
    sources = [entry for entry, source in zip(entries, is_source, strict=True) if source]
    return "\n".join(wheels) + "\n", "\n".join(sources) + "\n" if sources else ""


def bytecode_python() -> str | None:
    """Return the interpreter whose bytecode Lambda runs; None if there is none here."""
    from pressroom.deployment.packages import PYTHON

    if sys.version_info[:2] == tuple(map(int, PYTHON.split("."))):
        return sys.executable
    found = which(f"python{PYTHON}")
    if found is None:
        return None
    # A shim may stand for a version that is not installed.
    answers = subprocess.run([found, "-c", ""], capture_output=True, check=False).returncode == 0
    return found if answers else None


def compile_bytecode(python: str, stage: Path, names: list[str]) -> None:
    """Compile these folders and files; what is written depends on the sources alone, not on their times or places."""
    from pressroom.errors import PressroomError

    done = subprocess.run(
        [python, "-m", "compileall", "-q", "-j", "2", "--invalidation-mode", "unchecked-hash", "-s", str(stage)]
        + [str(stage / name) for name in sorted(names) if name.endswith(".py") or (stage / name).is_dir()],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONHASHSEED": "0"},
        check=False,
    )
    if done.returncode not in (0, 1):  # 1: a template that a library brings is no Python
        raise PressroomError("The packages could not be compiled.", detail=done.stderr[-2000:])


def _pip(arguments: list[str], lock: str, environment: dict[str, str]) -> None:
    from pressroom.errors import PressroomError

    with tempfile.NamedTemporaryFile("w", suffix=".lock", encoding="utf-8") as file:
        file.write(lock)
        file.flush()
        done = subprocess.run(
            [sys.executable, "-m", "pip", "install", *arguments, "--requirement", file.name],
            capture_output=True,
            text=True,
            env={**os.environ, **environment},
            check=False,
        )
    if done.returncode:
        raise PressroomError(
            "pip could not fetch what the functions are made of.",
            todo="See what it says; is the package index within reach?",
            detail=done.stderr[-2000:],
        )
