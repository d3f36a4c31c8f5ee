"""How the result of a pipeline's job looks: its own partial template, found by the pipeline's name."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources
from typing import Any

from pressroom.entrypoints.pages.pictures import is_over, url_of
from pressroom.entrypoints.pages.rendering import STATIC
from pressroom.runtime import Runtime

_RESULTS = resources.files("pressroom.entrypoints.pages") / "templates" / "results"


@dataclass(frozen=True, slots=True)
class MadeFile:
    """An asset of a job, with a signed URL that lives a little longer than the page."""

    url: str
    media_type: str
    bytes: int
    width: int
    height: int
    about: dict[str, Any]


def files_of(runtime: Runtime, job_id: str) -> dict[str, MadeFile]:
    """Return the newest revision of everything that a job made, by its key; what is over is left out."""
    now = runtime.ports.clock.now()
    return {
        one.key: MadeFile(
            url=url_of(runtime, one.key, one.revision),
            media_type=one.media_type,
            bytes=one.bytes,
            width=one.width or 0,
            height=one.height or 0,
            about=one.about,
        )
        for one in runtime.ports.assets.of_job(job_id)
        if not is_over(one, now)
    }


def template_of(pipeline: str) -> str:
    """Return the template `results/PIPELINE.html`, empty if the pipeline has none of its own."""
    name = f"{pipeline}.html"
    return f"results/{name}" if (_RESULTS / name).is_file() else ""


def styles_of(pipeline: str) -> str:
    """Return the style sheet `static/PIPELINE.css` that its template needs beside the house's, empty if none."""
    name = f"{pipeline}.css"
    return name if (STATIC / name).is_file() else ""
