"""What must hold of the source itself: a test for each extension, no names of networks elsewhere, small files."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import pytest

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "pressroom"
EXTENSIONS = ("pipelines", "sources", "generators", "transforms", "publishers", "handlers", "read_models")
LONGEST_FILE = 400
SIBLINGS: dict[str, str] = {}
"""Extensions that may import a sibling, by name: a network whose service is another network's."""

WEB_AND_STORAGE = {"boto3", "botocore", "sqlite3", "fastapi", "starlette", "uvicorn"}
ITS_OWN_SERVICE = {
    (name, library)
    for name in ("generators/_aws_service.py", "publishers/_ses_client.py")
    for library in ("boto3", "botocore")
}
"""An extension may speak to the one service that it is for with that service's own library."""
HEAVY = {"httpx", "pyvips", "fastapi", "uvicorn", "cryptography", "opentelemetry", "jinja2", "pydantic"}


def _python_files(folder: Path = SOURCE) -> list[Path]:
    return sorted(path for path in folder.rglob("*.py") if "__pycache__" not in path.parts)


def _extensions(folder: str) -> list[str]:
    return sorted(
        path.stem for path in (SOURCE / folder).glob("*.py") if path.stem != "base" and not path.stem.startswith("_")
    )


def _backends() -> list[str]:
    packages = [path.parent.name for path in (SOURCE / "backends").glob("*/__init__.py")]
    return sorted(_extensions("backends") + packages)


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _imports(path: Path) -> Iterator[str]:
    """Yield the full name of everything that a file imports, inside functions too."""
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _name(path: Path) -> str:
    return path.relative_to(SOURCE).as_posix()


@pytest.mark.parametrize(
    ("folder", "name"),
    [(folder, name) for folder in EXTENSIONS for name in _extensions(folder)]
    + [("backends", name) for name in _backends()],
)
def test_each_extension_has_its_test(folder: str, name: str) -> None:
    assert (ROOT / "tests" / folder / f"test_{name}.py").is_file()


def _compared_strings(path: Path) -> Iterator[tuple[str, int]]:
    """Yield the string constants that a file compares something with, and their lines."""
    for node in ast.walk(_tree(path)):
        compared: list[ast.AST] = []
        if isinstance(node, ast.Compare):
            compared = [node.left, *node.comparators]
        elif isinstance(node, ast.match_case):
            compared = [node.pattern]
        for part in compared:
            for inner in ast.walk(part):
                if isinstance(inner, ast.Constant) and isinstance(inner.value, str):
                    yield inner.value, inner.lineno


def _belongs_to(path: Path, folder: str, name: str) -> bool:
    """Say whether a file is the extension's own, or a private part that bears its name: `_x_api.py` of `x`."""
    if (SOURCE / folder) not in path.parents:
        return False
    first = path.relative_to(SOURCE / folder).parts[0].removesuffix(".py").lstrip("_")
    return first == name or first.startswith(f"{name.partition('_')[0]}_")


@pytest.mark.parametrize(
    ("folder", "name"), [(folder, name) for folder in ("publishers", "generators") for name in _extensions(folder)]
)
def test_nothing_is_decided_by_the_name_of_a_network_or_a_provider_outside_its_own_file(folder: str, name: str) -> None:
    found = [
        f"{_name(path)}:{line}"
        for path in _python_files()
        if not _belongs_to(path, folder, name)
        for text, line in _compared_strings(path)
        if text == name
    ]
    assert not found


@pytest.mark.parametrize("folder", EXTENSIONS)
def test_extensions_of_one_folder_leave_each_other_alone(folder: str) -> None:
    names = set(_extensions(folder))
    found = [
        f"{name} imports {imported}"
        for name in names
        for imported in _imports(SOURCE / folder / f"{name}.py")
        for sibling in names - {name, SIBLINGS.get(name)}
        if f"{imported}.".startswith(f"pressroom.{folder}.{sibling}.")
    ]
    assert not found


def test_no_file_is_longer_than_four_hundred_lines() -> None:
    lengths = {_name(path): len(path.read_text(encoding="utf-8").splitlines()) for path in _python_files()}
    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}


def test_the_core_and_the_extensions_know_no_database_no_cloud_and_no_web_framework() -> None:
    outer = {SOURCE / folder for folder in ("backends", "runtimes", "entrypoints")}
    found = [
        f"{_name(path)} imports {imported}"
        for path in _python_files()
        if not outer & set(path.parents)
        for imported in _imports(path)
        if imported.partition(".")[0] in WEB_AND_STORAGE
        and (_name(path), imported.partition(".")[0]) not in ITS_OWN_SERVICE
    ]
    assert not found


IMPORT_EVERYTHING = """
import importlib, os, pkgutil, sys, threading

seen = []
package = sys.argv[1]

def watch(event, arguments):
    if event == "open" and isinstance(arguments[0], (str, bytes)):
        path = os.path.abspath(os.fsdecode(arguments[0]))
        writes = bool((arguments[2] or 0) & (os.O_WRONLY | os.O_RDWR))
        ours = path.startswith(package) and not path.endswith((".py", ".pyc"))
        if ours or (writes and not path.endswith(".pyc") and "__pycache__" not in path):
            seen.append(f"opened {path}")
    elif event in ("socket.bind", "socket.connect", "sqlite3.connect", "subprocess.Popen", "os.mkdir", "os.remove"):
        if "__pycache__" not in str(arguments):
            seen.append(f"{event} {arguments!r}")

sys.addaudithook(watch)
import pressroom
for module in pkgutil.walk_packages(pressroom.__path__, "pressroom."):
    before = set(threading.enumerate())
    importlib.import_module(module.name)
    seen += [f"{module.name} started {thread.name}" for thread in set(threading.enumerate()) - before]
print("\\n".join(seen))
"""


def _python(*arguments: str) -> str:
    done = subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_nothing_happens_when_a_module_is_imported() -> None:
    assert _python("-c", IMPORT_EVERYTHING, str(SOURCE)).split("\n") == ["", ""]


def test_the_command_line_begins_without_heavy_libraries() -> None:
    loaded = _python("-c", "import sys, pressroom.entrypoints.cli; print(*sys.modules)").split()
    assert {name.partition(".")[0] for name in loaded} & HEAVY == set()


def _tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    return [ROOT / name for name in listed.decode().split("\0") if name]


def _addresses_of_this_machine() -> Iterator[str]:
    """Yield what would betray where this was made: its folders, its user's home, its package indexes."""
    yield f"{ROOT}/"
    if Path.home() != Path("/"):
        yield f"{Path.home()}/"
    variables = ("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "UV_INDEX_URL", "NPM_CONFIG_REGISTRY", "GOPROXY")
    settings = [os.environ.get(variable, "") for variable in variables]
    settings += re.findall(r"(?:index-url|find-links)='(.*)'", _python("-m", "pip", "config", "list"))
    for address in re.split(r"\s+|\\n", " ".join(settings)):
        host = urlsplit(address).hostname
        if host and host not in ("pypi.org", "registry.npmjs.org", "proxy.golang.org"):
            yield host
        elif len(path := urlsplit(address).path) > 1 and not host:
            yield path


def test_no_tracked_file_names_this_machine_or_its_package_indexes() -> None:
    betrayals = [address.encode() for address in _addresses_of_this_machine()]
    contents = {path: path.read_bytes() for path in _tracked() if path.is_file()}
    found = [str(path) for path, data in contents.items() if any(betrayal in data for betrayal in betrayals)]
    assert not found


def test_locked_requirements_have_hashes_and_no_address() -> None:
    locks = sorted((ROOT / "requirements").glob("*.lock"))
    assert locks
    for lock in locks:
        text = lock.read_text(encoding="utf-8")
        assert "://" not in text, lock.name
        assert "index-url" not in text, lock.name
        pinned = re.findall(r"^[A-Za-z0-9_.-]+(?:\[[^]]*\])?==", text, re.MULTILINE)
        assert len(pinned) <= text.count("--hash=sha256:"), lock.name
        assert pinned, lock.name


def test_one_way_of_calling_out_serves_publishers_and_generators() -> None:
    """A client of its own would have its own deadline, its own redirects and its own idea of what was sent."""
    own = [
        _name(path)
        for folder in ("publishers", "generators")
        for path in _python_files(SOURCE / folder)
        if re.search(r"\bhttpx\.(Client|AsyncClient|get|post|put|request|stream)\(", path.read_text(encoding="utf-8"))
    ]
    assert own == []
