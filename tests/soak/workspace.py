"""A workspace whose one channel is on a fake network, opened by whoever asks for posts and counts them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from pressroom.jobs import Job, JobStatus
from pressroom.publications import Publication, PublicationState
from pressroom.runtime import Runtime
from pressroom.runtimes.embedded import open_embedded, put_samples
from tests.publishers.fake_bench import free_port
from tests.soak.fake_process import FakeProcess
from tests.soak.networks.base import Network

CHANNEL = "main"
TIMEOUT = timedelta(seconds=0.8)
SETTLES_IN = timedelta(seconds=3)
MOST_POSTS = 365
"""Each is about a day of its own, and told from the others by its words."""
_SETTINGS = """
[server]
port = {port}
public_base_url = "{public_base_url}"

[worker]
threads = 3
channel_threads = 4
lease_seconds = 2

[pipelines.daily_post]
channels = ["main"]
schedule = "off"
width = 320
height = 256
lettering = false

[channels.main]
timeout_seconds = {timeout}
settle_seconds = {settles_in}
failures_before_break = 4
break_seconds = 0.5
measure = false
{section}
"""


@dataclass
class Workspace:
    """One press with its network."""

    folder: Path
    network: Network
    fake: FakeProcess
    runtime: Runtime
    environment: dict[str, str]
    """Of the processes that work on it; the secrets stand here."""
    jobs: list[Job] = field(default_factory=list)
    """One for each post that was asked for."""

    def ask(self) -> None:
        """Ask for the post of one day after the other: the first theme of it."""
        assert len(self.jobs) < MOST_POSTS, "there are no more days with words of their own"
        day = date(2027, 1, 1) + timedelta(days=len(self.jobs))
        self.jobs += self.runtime.runner.request("daily_post", {"date": day.isoformat(), "theme": "0"})

    def job(self, asked: Job) -> Job:
        """Return the job as it is by now."""
        job = self.runtime.ports.jobs.get(asked.id)
        assert job is not None
        return job

    @property
    def under_way(self) -> int:
        return sum(self.job(asked).status is not JobStatus.COMPLETED for asked in self.jobs)

    @property
    def in_the_call(self) -> list[Publication]:
        """Posts whose public call was begun, with nothing known of it."""
        return [publication for publication in self.find(PublicationState.PUBLISHING) if publication.problem is None]

    def find(self, *states: PublicationState) -> list[Publication]:
        return self.runtime.ports.publications.find(states=states, limit=1000)

    @property
    def log(self) -> Path:
        return self.folder / "workers.log"


@contextmanager
def opened(folder: Path, network: Network) -> Iterator[Workspace]:
    """Start the network's fake and open a workspace for it in `folder`."""
    with FakeProcess(network.fake, network.options, folder) as fake:
        settings = _SETTINGS.format(
            port=free_port(),
            public_base_url=network.public_base_url,
            timeout=TIMEOUT.total_seconds(),
            settles_in=SETTLES_IN.total_seconds(),
            section=network.section(fake),
        )
        (folder / "pressroom.toml").write_text(settings, encoding="utf-8")
        own = {name: value for name, value in os.environ.items() if not name.startswith("PRESSROOM_")}
        prefix = f"PRESSROOM_SECRET__CHANNELS__{CHANNEL.upper()}__"
        environment = own | {prefix + name.upper(): value for name, value in network.secrets(fake).items()}
        with open_embedded(folder, environment) as runtime:
            put_samples(runtime)
            yield Workspace(folder, network, fake, runtime, environment)
