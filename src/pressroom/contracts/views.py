"""The contract of `Views`: documents of read models, written by one writer at a time, rebuilt at any time."""

from __future__ import annotations

from typing import Any

import pytest

from pressroom.contracts.base import Contract, Reopen, at_once
from pressroom.errors import Conflict
from pressroom.ports import Ports


class ViewsContract(Contract):
    def test_a_read_model_begins_before_the_first_event(self, ports: Ports) -> None:
        assert ports.views.position("gallery") == 0
        assert ports.views.get("gallery", "a") is None
        assert ports.views.find("gallery") == []
        assert list(ports.views.keys("gallery")) == []

    def test_documents_are_written_with_their_position(self, ports: Ports) -> None:
        document = {"title": "Kočka", "tags": ["cat", 1, None]}
        ports.views.write("gallery", {"a": document}, before=0, position=7)
        assert ports.views.position("gallery") == 7
        assert ports.views.get("gallery", "a") == document
        assert ports.views.position("calendar") == 0
        assert ports.views.get("calendar", "a") is None

    def test_a_document_is_replaced_or_removed(self, ports: Ports) -> None:
        ports.views.write("gallery", {"a": {"n": 1}, "b": {"n": 1}, "c": {"n": 1}}, before=0, position=1)
        ports.views.write("gallery", {"a": {"n": 2}, "b": None, "never": None}, before=1, position=2)
        assert ports.views.find("gallery") == [{"n": 1}, {"n": 2}]
        assert ports.views.get("gallery", "b") is None

    def test_writing_from_another_position_is_a_conflict_and_stores_nothing(self, ports: Ports) -> None:
        ports.views.write("gallery", {"a": {"n": 1}}, before=0, position=5)
        for before in (0, 4, 6):
            with pytest.raises(Conflict):
                ports.views.write("gallery", {"a": {"n": 2}, "b": {}}, before=before, position=9)
        assert ports.views.position("gallery") == 5
        assert ports.views.find("gallery") == [{"n": 1}]

    def test_of_many_writers_one_writes(self, ports: Ports) -> None:
        def write(number: int) -> None:
            ports.views.write("gallery", {f"key {number}": {"n": number}}, before=0, position=3)

        outcomes = at_once(write, range(6))
        assert outcomes.count(None) == 1
        assert sum(isinstance(outcome, Conflict) for outcome in outcomes) == 5
        assert ports.views.find("gallery") == [{"n": outcomes.index(None)}]

    def test_the_highest_key_comes_first_and_pages_downwards(self, ports: Ports) -> None:
        ports.views.write("gallery", {key: {"key": key} for key in ("b", "d", "a", "c")}, before=0, position=1)
        assert ports.views.find("gallery", limit=2) == [{"key": "d"}, {"key": "c"}]
        assert ports.views.find("gallery", before="c") == [{"key": "b"}, {"key": "a"}]
        assert sorted(ports.views.keys("gallery")) == ["a", "b", "c", "d"]

    def test_a_prefix_chooses_the_keys_that_begin_with_it(self, ports: Ports) -> None:
        keys = ("day/1", "day/2", "day/3", "day", "dax/9", "days", "day/ž", "job/1", "%/_")
        ports.views.write("gallery", {key: {"key": key} for key in keys}, before=0, position=1)

        def found(**more: Any) -> list[str]:
            return [document["key"] for document in ports.views.find("gallery", **more)]

        assert found(prefix="day/") == ["day/ž", "day/3", "day/2", "day/1"]
        assert found(prefix="day/", limit=2) == ["day/ž", "day/3"]
        assert found(prefix="day/", before="day/3") == ["day/2", "day/1"]
        assert found(prefix="day/", before="zzz") == found(prefix="day/")
        assert found(prefix="day/", before="a") == []
        assert found(prefix="%") == ["%/_"]
        assert found(prefix="nobody") == []
        assert len(found()) == len(keys)

    def test_a_cleared_read_model_begins_anew(self, ports: Ports) -> None:
        for model in ("gallery", "calendar"):
            ports.views.write(model, {"a": {}}, before=0, position=5)
        ports.views.clear("gallery")
        assert (ports.views.position("gallery"), ports.views.find("gallery")) == (0, [])
        assert (ports.views.position("calendar"), ports.views.find("calendar")) == (5, [{}])
        ports.views.write("gallery", {"a": {}}, before=0, position=1)

    def test_documents_survive_closing_and_opening_again(self, ports: Ports, reopen: Reopen) -> None:
        ports.views.write("gallery", {"a": {"n": 1}}, before=0, position=5)
        views = reopen().views
        if self.survives_reopening:
            assert (views.position("gallery"), views.get("gallery", "a")) == (5, {"n": 1})
        else:
            assert (views.position("gallery"), views.get("gallery", "a")) == (0, None)
