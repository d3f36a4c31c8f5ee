"""The how-to says of every key what its model says, and its snippets are settings that work."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from pydantic import BaseModel

from pressroom.entrypoints.cli._field_docs import field_docs
from pressroom.publishers._rest_auth import NEEDS
from pressroom.publishers._rest_filters import OURS
from pressroom.publishers._rest_hook import Hook
from pressroom.publishers._rest_limits import ImageLimits, TextLimits
from pressroom.publishers._rest_settings import Auth, Errors, Outcome, RestSettings, Step, Success, Verify
from pressroom.publishers._rest_values import NAMES, OF_PICTURE
from pressroom.publishers.base import ChannelSettings
from tests.publishers.rest_bench import rest_on

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "post-to-any-rest-api.md"
TEXT = PAGE.read_text(encoding="utf-8")
MODELS = (RestSettings, Auth, Step, Success, Verify, Outcome, Errors, TextLimits, ImageLimits, Hook)


@pytest.mark.parametrize("model", MODELS)
def test_every_key_stands_there_with_its_meaning(model: type[BaseModel]) -> None:
    docs = field_docs(model)
    inherited = field_docs(ChannelSettings) if model is RestSettings else {}
    lines = TEXT.splitlines()
    for name, field in model.model_fields.items():
        if inherited.get(name) == docs[name]:
            continue
        row = f"| `{field.alias or name}` |"
        assert any(line.startswith(row) and docs[name].replace("|", "\\|") in line for line in lines), row


def test_every_value_filter_and_way_to_sign_in_stands_there() -> None:
    for name in (*NAMES, *OF_PICTURE, *OURS, *NEEDS):
        assert re.search(rf"`{name}\b", TEXT), name


def test_the_settings_in_the_page_are_settings() -> None:
    blocks = [block.replace("\n  ", "\n") for block in re.findall(r"```toml[^\n]*\n(.*?)```", TEXT, re.DOTALL)]
    first, upload, verify, outcome = (tomllib.loads(block)["channels"]["site"] for block in blocks)
    publisher = rest_on(first["base_url"], first | upload | verify | outcome)
    shown = publisher.dry_run()
    assert [text.partition("\n")[0] for text in shown] == [
        "# upload: for each picture",
        "# create: makes the post public",
        "# only after an unclear answer: is the post there?",
    ]
    assert rest_on(first["base_url"], first).dry_run()
