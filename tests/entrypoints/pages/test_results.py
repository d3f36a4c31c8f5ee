"""The result of a pipeline's job on its page: a template of its own, found by the pipeline's name."""

from __future__ import annotations

from pathlib import Path

import pytest

from pressroom import registry
from pressroom.entrypoints.pages import results
from pressroom.entrypoints.pages.results import styles_of, template_of

PAGES = Path(results.__file__).parent


def test_a_pipeline_without_a_template_of_its_own_shows_its_pictures() -> None:
    assert template_of("daily_post") == ""
    assert styles_of("daily_post") == ""


@pytest.mark.parametrize("template", sorted((PAGES / "templates" / "results").glob("*.html")), ids=lambda one: one.stem)
def test_every_template_of_a_result_is_found_by_the_name_of_a_pipeline(template: Path) -> None:
    assert template.stem in registry.names("pipelines")
    assert template_of(template.stem) == f"results/{template.name}"
