"""Functions are what they are said to be: their handlers are there, and their packages hold what they load."""

from __future__ import annotations

import importlib
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from pressroom import registry
from pressroom.deployment.functions import MODULES, Function
from pressroom.deployment.packages import LAYER, Package
from tests.deployment.deployments import a_deployment

ROOT = Path(__file__).parents[2]
EVERY = {function.module: function for function in a_deployment().every_function}
MOST_SECONDS = 900
"""docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html, 2026-11-20"""


@pytest.mark.parametrize("function", EVERY.values(), ids=EVERY)
def test_its_handler_is_there(function: Function) -> None:
    assert callable(importlib.import_module(f"{MODULES}.{function.module}").handler)


@pytest.mark.parametrize("function", EVERY.values(), ids=EVERY)
def test_it_is_within_what_lambda_allows(function: Function) -> None:
    assert 128 <= function.memory_mb <= 10_240
    assert 0 < function.time_out.total_seconds() <= MOST_SECONDS


def test_every_module_of_a_function_is_deployed() -> None:
    folder = ROOT / "src" / "pressroom" / "entrypoints" / "aws_lambda"
    handlers = {
        path.stem for path in folder.glob("*.py") if re.search(r"^def handler\(", path.read_text(), re.MULTILINE)
    }
    assert handlers == set(EVERY)


def _locked(lock: str) -> list[str]:
    text = (ROOT / "requirements" / f"lambda-{lock}.lock").read_text(encoding="utf-8")
    return sorted(re.findall(r"^([A-Za-z0-9_.-]+)(?:\[[^]]*\])?==", text, re.MULTILINE))


WITH_A_PACKAGE = """
import importlib, json, re, sys
from importlib.abc import MetaPathFinder
from importlib.metadata import packages_distributions

wanted = json.load(sys.stdin)
plain = lambda name: re.sub(r"[-_.]+", "-", name).lower()
held = {plain(name) for name in wanted["held"]} | {"pressroom"}
places = packages_distributions()

class Only(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        known = {plain(one) for one in places.get(name.partition(".")[0], ())}
        if known and not known & held:
            raise ModuleNotFoundError(f"{name} is in no package of this function", name=name)

sys.meta_path.insert(0, Only())
for module in wanted["modules"]:
    importlib.import_module(module)
"""


LOADED_LATER = {
    Package.THIN: (
        "httpx",
        "jinja2",
        "jsonpath",
        "oauthlib",
        "regex",
        "twitter_text",
        "aws_lambda_powertools",
        "boto3",
    ),
    Package.HTTP: ("pillow_heif", "prometheus_client", "pyvips"),
    Package.MEDIA: ("defusedxml", "lameenc", "lxml", "pillow_heif", "price_parser", "pyloudnorm", "pyvips", "scipy"),
}
"""What is imported inside the functions that use it."""


def _modules(package: Package) -> list[str]:
    """Return what functions of a package load: themselves, and every extension that a runtime is composed of."""
    folders = ("pipelines", "publishers", "handlers", "read_models", "sources", "generators")
    extensions = [f"pressroom.{folder}.{name}" for folder in folders for name in registry.names(folder)]
    own = [f"{MODULES}.{function.module}" for function in EVERY.values() if function.package is package]
    return ["pressroom.composition", "pressroom.runtimes.aws", *own, *extensions, *LOADED_LATER[package]]


@pytest.mark.parametrize("package", list(Package))
def test_a_package_holds_all_that_its_functions_load(package: Package) -> None:
    held = _locked(LAYER if package is Package.THIN else package)
    wanted = json.dumps({"held": held, "modules": _modules(package)})
    done = subprocess.run(
        [sys.executable, "-c", WITH_A_PACKAGE], input=wanted, capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert done.returncode == 0, done.stderr[-1500:]
