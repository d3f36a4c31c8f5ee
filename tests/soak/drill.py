"""The short form: four posts and three kills, each at a moment that is chosen and made certain."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

from tests.fakes.faults import Fault
from tests.soak.account import Account, account_of
from tests.soak.networks.base import Network
from tests.soak.person import Person
from tests.soak.workers import Workers
from tests.soak.workspace import Workspace, opened

POSTS, KILLS = 4, 3
SENT = POSTS + 1
"""Times that a post has to be sent: once, and the one once more whose call was not carried out."""
PATIENT = {"channels__main__timeout_seconds": 60, "channels__main__settle_seconds": 60, "worker__lease_seconds": 1.5}
"""So that nothing but the kill ends a call whose answer is held back, however slow the machine is."""
BRIEF = {"channels__main__timeout_seconds": 2, "channels__main__settle_seconds": 0.5, "worker__lease_seconds": 1.5}
"""So that what is not there is soon believed not to be there."""
LATE_SECONDS = 0.3
LOOKS_AFTER = timedelta(seconds=1.5)
"""How long the person waits: longer than a call takes that comes through late."""
LONG_WAIT = timedelta(seconds=0.5)
"""One that the person ends by hand."""
PATIENCE_SECONDS = 100


def drill(folder: Path, network: Network) -> Account:
    """Kill in the midst of three public calls and an upload, of the first calls after that, and of a public call.

    Of the first three public calls one was carried out, one is not, and one is after the kill. The last one was.
    """
    started = time.monotonic()
    with opened(folder, network) as workspace:
        fake, public = workspace.fake, network.public_call
        person = Person(workspace, looks_after=LOOKS_AFTER, waits_for=LONG_WAIT)
        with Workers(workspace, ["up" if network.fetches_pictures else "worker"]) as workers:
            fake.script(Fault.TIMEOUT_NOT_PROCESSED, network.preparing_call, skip=POSTS - 1)
            fake.script(Fault.TIMEOUT_AFTER_PROCESSING, public)
            fake.script(Fault.TIMEOUT_NOT_PROCESSED, public)
            fake.script(Fault.ACCEPTED_LATE, public, seconds=LATE_SECONDS)
            for _ in range(POSTS):
                workspace.ask()
            _kill_when_struck(workspace, workers, person, 4)
            fake.script(Fault.TIMEOUT_NOT_PROCESSED, ("*", "*"), times=None)
            _kill_when_struck(workspace, workers, person, 1)
            fake.calm()
            fake.script(Fault.TIMEOUT_AFTER_PROCESSING, public)
            _kill_when_struck(workspace, workers, person, 1)
            workers.start(**BRIEF)
            _wait(workspace, person, lambda: not workspace.under_way)
        account = account_of(workspace, workers, person, POSTS)
        account.wrong += _sent_too_often(workspace)
    account.seconds = time.monotonic() - started
    return account


def _sent_too_often(workspace: Workspace) -> Iterator[str]:
    """Say where a post was sent again that was there, although the network may have refused it."""
    network = workspace.network
    sent = [one for one in workspace.fake.show("requests") if network.is_public(one["method"], one["path"])]
    if network.is_read_back and len(sent) != SENT:
        yield f"the public call was made {len(sent)} times, and {SENT} times would do"
    keys = {one["headers"].get(network.key_header) for one in sent}
    if network.key_header and len(keys) != POSTS:
        yield f"{POSTS} posts were sent with {len(keys)} keys: {keys}"


def _kill_when_struck(workspace: Workspace, workers: Workers, person: Person, calls: int) -> None:
    """Have a worker run until the faults hold so many more of its calls, and kill it then."""
    enough = workspace.fake.struck() + calls
    workers.start(**PATIENT)
    _wait(workspace, person, lambda: workspace.fake.struck() >= enough)
    workers.kill_all_in_the_call()


def _wait(workspace: Workspace, person: Person, until: Callable[[], bool]) -> None:
    ends = time.monotonic() + PATIENCE_SECONDS
    listener = workspace.runtime.ports.wake.listen()
    try:
        while not until():
            assert time.monotonic() < ends, _state(workspace)
            person.play()
            listener.wait(0.05)
    finally:
        listener.close()


def _state(workspace: Workspace) -> str:
    known = [
        f"{one.id} {one.state} {one.attempts} {one.problem}"
        for job in workspace.jobs
        for one in workspace.runtime.ports.publications.of_job(job.id)
    ]
    return "\n".join(
        ["It takes too long.", *known, *map(str, workspace.fake.show("faults")), workspace.log.read_text()]
    )
