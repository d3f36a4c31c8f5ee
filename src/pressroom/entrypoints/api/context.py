"""What routes are given: the runtime, who asks, and whether that is the operator."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from pressroom.entrypoints.api.scopes import CallerHere
from pressroom.runtime import Runtime

__all__ = ["CallerHere", "IsOperator", "RuntimeHere"]


def _runtime(request: Request) -> Runtime:
    runtime: Runtime = request.app.state.runtime
    return runtime


def _is_operator(request: Request) -> bool:
    return bool(getattr(request.state, "is_operator", False))


RuntimeHere = Annotated[Runtime, Depends(_runtime)]
IsOperator = Annotated[bool, Depends(_is_operator)]
