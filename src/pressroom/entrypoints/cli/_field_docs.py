"""Reads what a settings model says about its fields, from their descriptions or the strings below them."""

from __future__ import annotations

import ast
import inspect
import itertools
import textwrap
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic import BaseModel


def field_docs(model: type[BaseModel]) -> dict[str, str]:
    """Return a sentence or two for each documented field of a model, those it inherits included."""
    docs: dict[str, str] = {}
    for cls in reversed(model.__mro__):
        if cls.__module__.partition(".")[0] != "pydantic" and hasattr(cls, "model_fields"):
            docs |= _strings_below_fields(cls)
    for name, field in model.model_fields.items():
        if field.description:
            docs[name] = field.description
    return {name: " ".join(text.split()) for name, text in docs.items() if name in model.model_fields}


def _strings_below_fields(cls: type) -> dict[str, str]:
    try:
        source = textwrap.dedent(inspect.getsource(cls))
    except (OSError, TypeError):
        # Made at run time, or shipped without sources: then its fields have their names alone.
        return {}
    body = next(node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ClassDef)).body
    docs = {}
    for field, below in itertools.pairwise(body):
        if (
            isinstance(field, ast.AnnAssign)
            and isinstance(field.target, ast.Name)
            and isinstance(below, ast.Expr)
            and isinstance(below.value, ast.Constant)
            and isinstance(below.value.value, str)
        ):
            docs[field.target.id] = below.value.value
    return docs
