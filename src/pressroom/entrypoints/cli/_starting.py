"""Starts a pipeline by hand: with its input alone, or with a file where otherwise an upload starts it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pressroom.jobs import Job
    from pressroom.runtime import Runtime

FILE = "file"


def start(runtime: Runtime, pipeline: str, values: dict[str, Any], *, trigger: str = "run") -> list[Job]:
    """Start the jobs that these values mean; `file` among them is the path of what would be uploaded."""
    if runtime.runner.pipeline(pipeline).upload_gate is None or FILE not in values:
        return runtime.runner.request(pipeline, values, trigger=trigger)
    data = _read(runtime, pipeline, Path(values[FILE]))
    input = {name: value for name, value in values.items() if name != FILE}
    return [runtime.uploads.start(pipeline, input, data, trigger=trigger)]


def _read(runtime: Runtime, pipeline: str, file: Path) -> bytes:
    from pressroom.errors import BadInput
    from pressroom.upload_terms import most_bytes

    most = most_bytes(runtime.runner.pipeline(pipeline), runtime.runner.execution.settings[pipeline])
    try:
        with file.open("rb") as opened:
            data = opened.read(most + 1)
    except OSError as error:
        raise BadInput(
            f"The file {file} cannot be read: {error.strerror}.",
            where=str(file),
            todo="Name a file that is there and that this user may read.",
        ) from error
    if not 0 < len(data) <= most:
        raise BadInput(
            f"The file {file} is {'empty' if not data else 'too large'}: {pipeline} takes 1 to {most} bytes.",
            where=str(file),
            todo=f"Give another file, or set max_upload_bytes in [pipelines.{pipeline}].",
        )
    return data
