"""Takes in files that clients have put into the store: words from the queue `uploads`."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from pressroom.entrypoints.aws_lambda._batches import Received, each
from pressroom.entrypoints.aws_lambda._invocation import invoked
from pressroom.log import log

NEEDS = timedelta(seconds=30)


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Take S3's events that an object was created; what is not what was announced is refused and removed."""
    from pressroom.upload_refusals import UploadRefused

    with invoked("uploading", context) as call:

        def take_in(received: Received) -> None:
            key = str(received.event["object"]["key"])
            try:
                call.deployed.runtime.uploads.arrived(key)
            except UploadRefused as refused:
                # Trying again would refuse it again.
                log.warning("an upload was refused", key=key, why=str(refused))

        return each(call, event, take_in, needs=NEEDS)
