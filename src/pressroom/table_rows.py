"""The row of a table that people fill from a file. Reading such files is `row_files`' business."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

_NOT_IN_A_KEY = re.compile(r"[\W_]+")


class Row(BaseModel):
    """What every row has; a table's model adds what else it holds."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    name: str = Field(min_length=1, max_length=80)
    """What tells it from the others, whatever its capitals."""

    @property
    def key(self) -> str:
        return _NOT_IN_A_KEY.sub("-", self.name.casefold()).strip("-") or self.name

    def stored(self, before: Mapping[str, Any] | None) -> dict[str, Any]:
        """Return what is stored. A model whose rows programs write to as well keeps here what they wrote before."""
        return self.model_dump(mode="json")
