"""Extensions are found by their module's name; there is no list to edit."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pressroom import registry
from pressroom.errors import ConfigurationError, UnknownName

Add = Callable[[str, str, str], None]

GENERATOR = """
from decimal import Decimal
from pressroom.generators.base import Answer, TextGenerator, TextRequest

class Echo(TextGenerator):
    def estimate(self, request: TextRequest) -> Decimal:
        return Decimal(0)

    def ask(self, request: TextRequest) -> Answer:
        return Answer(request.prompt.encode(), "text/plain")

    def text(self, answer: Answer, request: TextRequest) -> str:
        return answer.raw.decode()
"""
PIPELINE = """
from pressroom.pipeline import Pipeline, Request

def step(job): ...

pipeline = Pipeline("{name}", trigger=Request(), steps=[step])
"""


@pytest.fixture
def add(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Add]:
    """Lays a module beside the extensions of a folder, as a new file in it would be."""
    before = set(sys.modules)

    def lay(folder: str, name: str, source: str) -> None:
        place = tmp_path / folder
        place.mkdir(exist_ok=True)
        (place / f"{name}.py").write_text(source, encoding="utf-8")
        package = importlib.import_module(f"pressroom.{folder}")
        if str(place) not in package.__path__:
            monkeypatch.setattr(package, "__path__", [*package.__path__, str(place)])
        importlib.invalidate_caches()

    yield lay
    for name in set(sys.modules) - before:
        if getattr(sys.modules[name], "__file__", None) and str(tmp_path) in str(sys.modules[name].__file__):
            del sys.modules[name]


def test_a_new_file_is_an_extension(add: Add) -> None:
    add("generators", "echo_text", GENERATOR)
    assert "echo_text" in registry.names("generators")
    assert registry.generator("echo_text").__name__ == "Echo"


def test_bases_private_modules_and_packages_are_no_extensions(add: Add) -> None:
    add("generators", "_shared", "")
    for folder in ("generators", "publishers", "handlers", "read_models"):
        assert "base" not in registry.names(folder)
    assert "_shared" not in registry.names("generators")
    assert "offline_art" not in registry.names("generators")


def test_a_pipeline_is_found_by_its_name(add: Add) -> None:
    add("pipelines", "wall_paper", PIPELINE.format(name="wall_paper"))
    assert registry.pipeline("wall_paper").name == "wall_paper"


def test_a_pipeline_that_calls_itself_otherwise_is_refused(add: Add) -> None:
    add("pipelines", "wall_paper", PIPELINE.format(name="poster"))
    with pytest.raises(ConfigurationError, match="wall_paper calls itself 'poster'"):
        registry.pipeline("wall_paper")


def test_a_pipelines_module_without_a_pipeline_is_refused(add: Add) -> None:
    add("pipelines", "wall_paper", "")
    with pytest.raises(ConfigurationError, match="wall_paper declares no `pipeline"):
        registry.pipeline("wall_paper")


def test_an_unknown_name_offers_the_closest(add: Add) -> None:
    add("generators", "echo_text", GENERATOR)
    with pytest.raises(UnknownName, match=r"Did you mean .*echo_text") as refused:
        registry.generator("eccho_text")
    assert "no generator called 'eccho_text'" in str(refused.value)


def test_a_module_without_its_class_is_refused(add: Add) -> None:
    add("generators", "nothing", "from pressroom.generators.base import TextGenerator\n")
    with pytest.raises(ConfigurationError, match="must define one Generator, and defines 0"):
        registry.generator("nothing")


def test_a_module_with_two_classes_is_refused(add: Add) -> None:
    add("generators", "twice", GENERATOR + "\nclass Other(Echo): ...\n")
    with pytest.raises(ConfigurationError, match="must define one Generator, and defines 2"):
        registry.generator("twice")


def test_an_abstract_class_of_a_module_is_only_its_base(add: Add) -> None:
    add("generators", "with_base", GENERATOR + "\nclass Half(TextGenerator): ...\n")
    assert registry.generator("with_base").__name__ == "Echo"


def test_names_come_in_order(add: Add) -> None:
    for name in ("zz_text", "aa_text"):
        add("generators", name, GENERATOR)
    found = registry.names("generators")
    assert found == sorted(found)
    assert {"aa_text", "zz_text"} <= set(found)
