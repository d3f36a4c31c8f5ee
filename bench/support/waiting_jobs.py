"""Lets jobs of product images wait in a workspace before anybody works on them."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from pressroom.runtimes.embedded import open_embedded

_AT_ONCE = 16
"""Threads that ask: their commits are synchronised together."""


def let_wait(workspace: Path, count: int, input_of: Callable[[int], dict[str, Any]]) -> None:
    """Store so many jobs that have not begun, each as a request does."""
    with open_embedded(workspace, {}) as runtime, ThreadPoolExecutor(_AT_ONCE) as asking:
        asked = [
            asking.submit(runtime.runner.request, "product_image", input_of(number), trigger="api")
            for number in range(count)
        ]
        for one in asked:
            one.result()
