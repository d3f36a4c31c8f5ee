"""How everything of a deployment on AWS is called. Whoever makes a thing and whoever looks for it ask here."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pressroom.errors import ConfigurationError

_FITTING = re.compile(r"^[A-Za-z0-9][A-Za-z0-9_-]*$")
LONGEST_NAME = 64
"""Of a function and a role; queues and state machines may have 80.
docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html, 2026-11-20"""
ACCOUNT, REGION, PARTITION, KEY = "{account}", "{region}", "{partition}", "{key}"
"""What nobody knows before the deployment is made; Terraform fills it in."""


@dataclass(frozen=True, slots=True)
class Names:
    """The names of one deployment: `Names("pressroom").queue("daily_post")`."""

    deployment: str

    def of(self, *parts: str) -> str:
        return "-".join((self.deployment, *parts))

    # --- carriers

    @property
    def bus(self) -> str:
        return self.deployment

    @property
    def topic(self) -> str:
        """Return the topic that posts are sent to, each for one channel's queue."""
        return self.of("publishing")

    def pipeline_queue(self, pipeline: str) -> str:
        return self.of(pipeline)

    def channel_queue(self, channel: str) -> str:
        return self.of("publish", channel)

    def subscription_queue(self, subscription: str) -> str:
        """Return the queue of a subscriber of the bus: `pressroom-on-pipeline-daily_post` for `pipeline:daily_post`."""
        return self.of("on", subscription.replace(":", "-"))

    def queue(self, thing: str) -> str:
        """Return a queue that every deployment has: `uploads`, `wake`."""
        return self.of(thing)

    def dead(self, queue: str) -> str:
        return f"{queue}-dead"

    # --- what runs

    def function(self, function: str) -> str:
        return self.of(function)

    def publishing_function(self, channel: str) -> str:
        """Return the function that publishes on one channel: each reads its own secrets only."""
        return self.of("publish", channel)

    def state_machine(self, pipeline: str) -> str:
        return self.of(pipeline)

    # --- what is kept

    def table(self, table: str) -> str:
        return self.of(table)

    def bucket(self, purpose: str, account: str = ACCOUNT) -> str:
        """Return a bucket, `assets` or `processed`; its name has the account in it, since all the world shares them."""
        return self.of(purpose, account)

    def parameter(self, section: str) -> str:
        """Return the parameter of a section of the settings: `server`, `channels/main`."""
        return f"{self.settings_path}/{section}"

    @property
    def settings_path(self) -> str:
        return f"/{self.deployment}/settings"

    def secret(self, section: str) -> str:
        """Return the secret of a section: `pressroom/channels.main`."""
        return f"{self.deployment}/{section}"

    @property
    def key_alias(self) -> str:
        return f"alias/{self.deployment}"


def arn(service: str, resource: str) -> str:
    """Return the ARN of a named thing of this account and region, with what is not known yet in braces."""
    return f"arn:{PARTITION}:{service}:{REGION}:{ACCOUNT}:{resource}"


def refuse_unfitting(kind: str, name: str, whole: str) -> None:
    """Raise `ConfigurationError` if a section's name cannot be part of a name on AWS, or makes it too long."""
    if not _FITTING.match(name):
        raise ConfigurationError(
            f"The {kind} {name!r} cannot be deployed: AWS takes letters, digits, - and _ in a name.",
            where=f"[{kind}s.{name}]",
            todo="Give the section another name.",
        )
    if len(whole) > LONGEST_NAME:
        raise ConfigurationError(
            f"The {kind} {name!r} cannot be deployed: {whole} has {len(whole)} characters, and AWS takes"
            f" {LONGEST_NAME}.",
            where=f"[{kind}s.{name}]",
            todo="Give the section, or the deployment ([aws] name), a shorter name.",
        )
