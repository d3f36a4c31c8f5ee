"""Builds the functions' packages for Lambda's processor without Docker: the same input gives the same bytes."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

PACKAGES = "packages"
"""The folder beside the Terraform that holds what is built."""
Install = Callable[[Path, Path], None]
"""Put what a lock names into a folder."""


@dataclass(frozen=True, slots=True)
class Built:
    name: str
    path: str
    sha256: str
    zipped_bytes: int
    unzipped_bytes: int
    """With the layer, where it is a function's package: that is what Lambda limits."""
    has_bytecode: bool

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def build(folder: Path, tell: Callable[[str], None], install: Install | None = None) -> list[Built]:
    """Build the layer and every package into `packages/`; `tell` is told what goes on.

    Raises `ConfigurationError` if a lock is missing, and `PressroomError` for a package that Lambda would not take.
    """
    from pressroom.deployment.packages import LAYER, Package
    from pressroom.entrypoints.cli import _aws_pip as pip

    install = install or pip.install
    locks = folder.resolve().parent / "requirements"
    python = pip.bytecode_python()
    if python is None:
        tell("There is no Python 3.12 here to compile with: functions will start more slowly than they could.")
    target = folder / PACKAGES
    target.mkdir(parents=True, exist_ok=True)
    built = []
    with tempfile.TemporaryDirectory(prefix="pressroom-build-") as place:
        shared = Path(place) / LAYER
        tell(f"Building {LAYER}, the layer of all functions …")
        install(_lock(locks, LAYER), shared / "python")
        layer = _packed(shared, target, LAYER, python, compiled=["python"], beside=0)
        built.append(layer)
        held = {path.name for path in (shared / "python").iterdir()}
        for package in Package:
            tell(f"Building {package} …")
            stage = Path(place) / package
            if package is not Package.THIN:
                install(_lock(locks, package), stage)
                _drop(stage, held)
            _put_own_code(stage, package)
            compiled = [path.name for path in stage.iterdir()] if package is not Package.MEDIA else ["pressroom"]
            made = _packed(stage, target, package, python, compiled=compiled, beside=layer.unzipped_bytes)
            _refuse_too_large(made)
            built.append(made)
    return built


def missing(folder: Path) -> list[str]:
    """Return the packages that are not built yet."""
    from pressroom.deployment.packages import LAYER, Package

    return [name for name in (LAYER, *Package) if not (folder / PACKAGES / f"{name}.zip").is_file()]


def _lock(locks: Path, name: str) -> Path:
    from pressroom.errors import ConfigurationError

    lock = locks / f"lambda-{name}.lock"
    if not lock.is_file():
        raise ConfigurationError(
            f"There is no {lock}.", where=str(lock), todo="Build in a checkout of Pressroom; `make lock` writes it."
        )
    return lock


def _drop(stage: Path, held: set[str]) -> None:
    """Take away what the layer has already."""
    for name in held:
        path = stage / name
        if path.is_dir():
            shutil.rmtree(path)
        elif path.exists():
            path.unlink()


def _put_own_code(stage: Path, package: Any) -> None:
    """Copy our own code with what says its version; without what this package's functions do not use."""
    from importlib.metadata import version

    import pressroom
    from pressroom.deployment.packages import OWN_CODE_LEFT_OUT

    source = Path(pressroom.__file__).parent
    for path in sorted(source.rglob("*")):
        inside = path.relative_to(source).as_posix()
        if path.is_file() and not any(fnmatch(inside, pattern) for pattern in OWN_CODE_LEFT_OUT[package]):
            goal = stage / "pressroom" / inside
            goal.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, goal)
    about = stage / f"pressroom-{version('pressroom')}.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: pressroom\nVersion: {version('pressroom')}\n")


def _packed(stage: Path, target: Path, name: str, python: str | None, *, compiled: list[str], beside: int) -> Built:
    from pressroom.entrypoints.cli import _aws_pip as pip
    from pressroom.entrypoints.cli._aws_zip import write_zip

    for path in list(_left_out(stage)):
        path.unlink()
    if python is not None:
        pip.compile_bytecode(python, stage, compiled)
    written = write_zip(stage, target / f"{name}.zip")
    return Built(
        name=name,
        path=str(target / f"{name}.zip"),
        sha256=written.sha256,
        zipped_bytes=written.zipped_bytes,
        unzipped_bytes=written.unzipped_bytes + beside,
        has_bytecode=python is not None,
    )


def _left_out(stage: Path) -> Iterator[Path]:
    from pressroom.deployment.packages import is_left_out

    root = stage / "python" if (stage / "python").is_dir() else stage
    for path in sorted(root.rglob("*")):
        if (path.is_file() or path.is_symlink()) and is_left_out(path.relative_to(root).as_posix()):
            yield path


def _refuse_too_large(one: Built) -> None:
    from pressroom.deployment.packages import LARGEST_UNZIPPED_BYTES
    from pressroom.errors import PressroomError

    if one.unzipped_bytes > LARGEST_UNZIPPED_BYTES:
        raise PressroomError(
            f"The package {one.name} has {one.unzipped_bytes:,} bytes unzipped, with the layer, and Lambda takes "
            f"{LARGEST_UNZIPPED_BYTES:,}.",
            where=one.path,
            todo="Take libraries out of its requirements/lambda-*.in, or leave more out in deployment/packages.py.",
        )
