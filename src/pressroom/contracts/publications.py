"""The contract of `Publications`: one post on one channel, with every attempt and its receipt."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from pressroom.changes import Change
from pressroom.contracts.base import Contract, at_once
from pressroom.contracts.samples import NOW, PROBLEM, a_publication
from pressroom.errors import Conflict
from pressroom.ports import Ports
from pressroom.publications import Attempt, Publication, PublicationState, Receipt

MINUTE = timedelta(minutes=1)


def _store(ports: Ports, *publications: Publication) -> None:
    for publication in publications:
        ports.store.commit(Change(publications=(publication,)))


class PublicationsContract(Contract):
    def test_a_publication_comes_back_as_it_was_stored(self, ports: Ports) -> None:
        full = a_publication(
            "pub_1",
            state=PublicationState.PUBLISHING,
            prepared={"media": {"images/pet.jpg": "1455952740635586573"}, "bytes": 3},
            attempts=(
                Attempt(number=1, started_at=NOW, outcome="absent", absent_at=(NOW + MINUTE, NOW + 2 * MINUTE)),
                Attempt(number=2, started_at=NOW + 3 * MINUTE),
            ),
            receipt=Receipt(remote_id="1455953449422516226", url="https://x.example/1", at=NOW + 4 * MINUTE),
            problem=PROBLEM,
            due_at=NOW + MINUTE,
        )
        _store(ports, full)
        assert ports.publications.get("pub_1") == full
        assert ports.publications.by_key("key of pub_1") == full
        assert ports.publications.of_job("job_1") == [full]

    def test_what_is_not_there_is_none(self, ports: Ports) -> None:
        assert ports.publications.get("pub_1") is None
        assert ports.publications.by_key("key of pub_1") is None
        assert ports.publications.of_job("job_1") == []

    def test_the_same_key_is_the_same_publication(self, ports: Ports) -> None:
        one_key = [a_publication(f"pub_{number}", key="job_1 main 1") for number in range(6)]
        outcomes = at_once(lambda item: _store(ports, item), one_key)
        assert outcomes.count(None) == 1
        assert sum(isinstance(outcome, Conflict) for outcome in outcomes) == 5
        assert ports.publications.find() == [ports.publications.by_key("job_1 main 1")]

    def test_of_two_changes_of_one_version_one_is_a_conflict(self, ports: Ports) -> None:
        _store(ports, a_publication("pub_1"))
        nexts = [a_publication("pub_1", version=2, prepared={"by": number}) for number in range(6)]
        outcomes = at_once(lambda item: _store(ports, item), nexts)
        assert outcomes.count(None) == 1
        assert sum(isinstance(outcome, Conflict) for outcome in outcomes) == 5
        assert ports.publications.get("pub_1") == nexts[outcomes.index(None)]

    def test_a_version_cannot_be_left_out(self, ports: Ports) -> None:
        with pytest.raises(Conflict):
            _store(ports, a_publication("pub_1", version=2))
        _store(ports, a_publication("pub_1"))
        with pytest.raises(Conflict):
            _store(ports, a_publication("pub_1", version=3))

    def test_the_newest_come_first_and_page_downwards(self, ports: Ports) -> None:
        items = [a_publication(f"pub_{n}", created_at=NOW + n * MINUTE) for n in range(4)]
        _store(ports, *items)
        assert ports.publications.find(limit=2) == [items[3], items[2]]
        assert ports.publications.find(before="pub_2") == [items[1], items[0]]

    def test_they_can_be_counted_by_state(self, ports: Ports) -> None:
        states = [PublicationState.HELD, PublicationState.PUBLISHED, PublicationState.HELD, PublicationState.REQUESTED]
        assert ports.publications.count(states) == 0
        _store(ports, *(a_publication(f"pub_{number}", state=state) for number, state in enumerate(states)))
        assert ports.publications.count([PublicationState.HELD]) == 2
        assert ports.publications.count([PublicationState.HELD, PublicationState.PUBLISHED]) == 3
        assert ports.publications.count([PublicationState.REJECTED]) == 0
        assert ports.publications.count([]) == 0

    def test_they_can_be_found_by_state_and_channel(self, ports: Ports) -> None:
        held = a_publication("pub_1", state=PublicationState.HELD)
        elsewhere = replace(a_publication("pub_2", channel="sky"), state=PublicationState.HELD)
        sent = a_publication("pub_3", state=PublicationState.PUBLISHED)
        _store(ports, held, elsewhere, sent)
        assert ports.publications.find(states=[PublicationState.HELD]) == [elsewhere, held]
        assert ports.publications.find(channel="main") == [sent, held]
        assert ports.publications.find(states=[PublicationState.HELD], channel="main", limit=1) == [held]
