"""What routes are given: the runtime, and whether whoever asks is the operator."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from pressroom.runtime import Runtime


def _runtime(request: Request) -> Runtime:
    runtime: Runtime = request.app.state.runtime
    return runtime


def _is_operator(request: Request) -> bool:
    return bool(getattr(request.state, "is_operator", False))


RuntimeHere = Annotated[Runtime, Depends(_runtime)]
IsOperator = Annotated[bool, Depends(_is_operator)]
