"""DynamoDB as tests see it: moto's, made to do one request after the other as the real one does with each item."""

from __future__ import annotations

import functools
import threading
from typing import Any

from pressroom.backends.aws_clients import AwsClients
from pressroom.backends.dynamodb.table_shapes import create_tables
from pressroom.config import Aws
from tests.emulated_aws import deployment


@functools.cache
def make_atomic() -> None:
    """Let moto answer one request of DynamoDB at a time.

    It looks at a condition and writes without a lock, and takes a transaction back by putting whole tables back as
    they were, so that of two at once both may go well, or one be lost.
    """
    from moto.dynamodb.responses import DynamoHandler

    answer, mutex = DynamoHandler.call_action, threading.RLock()

    def one_at_a_time(self: Any) -> Any:
        with mutex:
            return answer(self)

    DynamoHandler.call_action = one_at_a_time  # type: ignore[method-assign]


def deployment_with_tables() -> Aws:
    """Return the settings of a deployment of its own whose tables are there."""
    make_atomic()
    settings = deployment()
    clients = AwsClients(settings)
    create_tables(clients)
    clients.close()
    return settings
