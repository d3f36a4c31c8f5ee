"""Packages for Lambda: the same bytes from the same input, nothing twice, nothing too large."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from pressroom.deployment import packages
from pressroom.deployment.packages import LAYER, Package, is_left_out
from pressroom.entrypoints.cli import _aws_pip
from pressroom.entrypoints.cli._aws_packages import build, missing
from pressroom.errors import ConfigurationError, PressroomError

ROOT = Path(__file__).parents[3]


@pytest.fixture
def infra(tmp_path: Path) -> Path:
    return _checkout(tmp_path)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout whose packages are built: our own code is packed three times, which takes seconds."""
    folder = _checkout(tmp_path_factory.mktemp("built"))
    build(folder, lambda text: None, Shelf())
    return folder


def _checkout(place: Path) -> Path:
    folder = place / "infra"
    folder.mkdir()
    locks = place / "requirements"
    locks.mkdir()
    for name in (LAYER, Package.HTTP, Package.MEDIA):
        (locks / f"lambda-{name}.lock").touch()
    return folder


def _library(folder: Path, name: str, *more: str) -> None:
    for path in (f"{name}/__init__.py", f"{name}/tests/test_it.py", f"{name}-1.0.dist-info/RECORD", *more):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(f"# {path}\n", encoding="utf-8")


class Shelf:
    """Installs small libraries, in another order and at another time with each call."""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self, lock: Path, target: Path) -> None:
        self.calls += 1
        names = ["shared", lock.stem.removeprefix("lambda-")]
        for name in names if self.calls % 2 else reversed(names):
            _library(target, name)
            os.utime(target / name / "__init__.py", (self.calls * 1000, self.calls * 1000))


def _names(infra: Path, package: str) -> set[str]:
    with zipfile.ZipFile(infra / "packages" / f"{package}.zip") as archive:
        return set(archive.namelist())


def test_the_same_input_gives_the_same_bytes(infra: Path, built: Path) -> None:
    shelf = Shelf()
    shelf.calls = 1
    again = {one.name: one.sha256 for one in build(infra, lambda text: None, shelf)}
    before = {name: hashlib.sha256((built / "packages" / f"{name}.zip").read_bytes()).hexdigest() for name in again}
    assert again == before


def test_what_the_layer_has_is_not_in_a_package_again(built: Path) -> None:
    assert "python/shared/__init__.py" in _names(built, LAYER)
    assert "media/__init__.py" in _names(built, "media")
    assert not any(name.startswith("shared/") for name in _names(built, "media"))


def test_tests_and_records_of_libraries_are_left_out(built: Path) -> None:
    names = _names(built, LAYER) | _names(built, "http")
    assert not [name for name in names if "/tests/" in name or name.endswith("RECORD")]


def test_our_own_code_is_in_every_package_with_its_version(built: Path) -> None:
    for package in Package:
        names = _names(built, package)
        assert "pressroom/entrypoints/aws_lambda/steps.py" in names
        assert any(name.startswith("pressroom-") and name.endswith("METADATA") for name in names)
        assert not any(name.startswith(("pressroom/testing/", "pressroom/entrypoints/cli/")) for name in names)


def test_fonts_are_only_where_letters_are_drawn(built: Path) -> None:
    assert any(name.endswith(".ttf") for name in _names(built, Package.MEDIA))
    assert not any(
        name.endswith((".ttf", ".otf")) for name in _names(built, Package.THIN) | _names(built, Package.HTTP)
    )


def test_a_package_that_lambda_would_not_take_is_told(infra: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages, "LARGEST_UNZIPPED_BYTES", 1000)
    with pytest.raises(PressroomError, match="Lambda takes 1,000"):
        build(infra, lambda text: None, Shelf())


def test_a_missing_lock_is_told(infra: Path) -> None:
    (infra.parent / "requirements" / "lambda-media.lock").unlink()
    with pytest.raises(ConfigurationError, match=r"There is no .*lambda-media.lock"):
        build(infra, lambda text: None, Shelf())


def test_what_is_not_built_is_known(infra: Path, built: Path) -> None:
    assert missing(infra) == [LAYER, *Package]
    assert missing(built) == []


def test_descriptions_of_services_that_are_called_stay() -> None:
    assert not is_left_out("botocore/data/dynamodb/2012-08-10/service-2.json.gz")
    assert is_left_out("botocore/data/groundstation/2019-05-23/service-2.json.gz")
    assert not is_left_out("botocore/data/endpoints.json")


def test_a_distribution_without_wheels_is_installed_from_its_source() -> None:
    pinned = ("numpy==2.0", "pyvips==3.2.0", "pyvips-binary==8")
    lock = "".join(f"{pin} \\\n    --hash=sha256:aa\n" for pin in pinned)
    wheels, sources = _aws_pip.split(lock)
    assert sources.startswith("pyvips==3.2.0")
    assert "numpy==" in wheels
    assert "pyvips-binary==" in wheels
    assert "pyvips==3" not in wheels


@pytest.mark.parametrize("name", [LAYER, Package.HTTP, Package.MEDIA])
def test_the_layer_and_the_packages_agree_on_versions(name: str) -> None:
    def pins(lock: str) -> dict[str, str]:
        lines = (ROOT / "requirements" / f"lambda-{lock}.lock").read_text(encoding="utf-8").splitlines()
        return dict(line.split(" ")[0].split("==") for line in lines if "==" in line)

    whole, layer = pins(name), pins(LAYER)
    assert {key: whole[key] for key in layer} == layer


LEFT_OUT_IMPORTS = """
import sys
from importlib.abc import MetaPathFinder
from importlib.machinery import PathFinder
from pressroom.deployment.packages import is_left_out

class Without(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        spec = PathFinder.find_spec(name, path, target)
        where = getattr(spec, "origin", None) or ""
        if "site-packages/" in where and is_left_out(where.rpartition("site-packages/")[2]):
            raise ModuleNotFoundError(f"{name} is left out of the package")
        return spec

sys.meta_path.insert(0, Without())
import numpy
import lxml.etree, lxml.html, pillow_heif, pyvips, scipy.ndimage, scipy.signal, pyloudnorm, httpx, pydantic, fastapi
from aws_lambda_powertools import Logger, Metrics, Tracer
scipy.signal.resample_poly(numpy.ones(100), 3, 2)
scipy.ndimage.uniform_filter1d(numpy.ones(100), 5)
pyloudnorm.Meter(22050).integrated_loudness(numpy.sin(numpy.arange(44100) / 9))
"""


def test_nothing_that_is_used_is_left_out() -> None:
    done = subprocess.run([sys.executable, "-c", LEFT_OUT_IMPORTS], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
