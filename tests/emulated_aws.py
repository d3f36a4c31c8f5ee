"""AWS as tests see it: one moto server in this process, started when first asked for; no account, no network."""

from __future__ import annotations

import atexit
import contextlib
import functools
import io
import itertools
import logging
import os

from pressroom.backends.aws_clients import AwsClients
from pressroom.config import Aws

REGION = "eu-central-1"
_numbers = itertools.count(1)


@functools.cache
def endpoint() -> str:
    """Return the server's address; the credentials that go with it are in the environment from then on."""
    from moto.core.config import default_user_config
    from moto.server import ThreadedMotoServer

    default_user_config["lambda"] = {"use_docker": False}
    default_user_config["stepfunctions"] = {"execute_state_machine": True}
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    os.environ |= {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_EC2_METADATA_DISABLED": "true"}
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    with contextlib.redirect_stdout(io.StringIO()):
        server.start()
    atexit.register(server.stop)
    host, port = server.get_host_and_port()
    os.environ["MOTO_PORT"] = str(port)  # where executions of its state machines find the other services
    return f"http://{host}:{port}"


def deployment() -> Aws:
    """Return the settings of a deployment that no other test has, so that nothing needs to be wiped."""
    return Aws(name=f"press-{os.getpid()}-{next(_numbers)}", region=REGION, endpoint_url=endpoint())


def clients(settings: Aws | None = None) -> AwsClients:
    return AwsClients(settings or deployment())
