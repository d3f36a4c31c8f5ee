"""The contract of `Tables`: rows by table and key."""

from __future__ import annotations

import pytest

from pressroom.contracts.base import Contract, Reopen, at_once
from pressroom.ports import Ports

MIRA = {"name": "Mira", "kinds": ["fox"], "age": 7}
OTTO: dict[str, object] = {"name": "Otto – größer", "kinds": [], "age": None}


class TablesContract(Contract):
    def test_a_table_that_nobody_filled_has_no_rows(self, ports: Ports) -> None:
        assert ports.tables.all("characters") == {}
        assert ports.tables.get("characters", "mira") is None

    def test_rows_are_read_back_in_the_order_of_their_keys(self, ports: Ports) -> None:
        ports.tables.put("characters", {"otto": OTTO, "mira": MIRA})
        assert list(ports.tables.all("characters").items()) == [("mira", MIRA), ("otto", OTTO)]
        assert ports.tables.get("characters", "otto") == OTTO

    def test_a_row_takes_the_place_of_the_one_before_it_and_others_stay(self, ports: Ports) -> None:
        ports.tables.put("characters", {"otto": OTTO, "mira": MIRA})
        ports.tables.put("characters", {"mira": {"name": "Mira II"}})
        assert ports.tables.all("characters") == {"mira": {"name": "Mira II"}, "otto": OTTO}

    def test_tables_are_kept_apart(self, ports: Ports) -> None:
        ports.tables.put("characters", {"mira": MIRA})
        ports.tables.put("scenes", {"mira": {"place": "a pond"}})
        ports.tables.remove("scenes", ["mira"])
        assert ports.tables.all("characters") == {"mira": MIRA}

    def test_of_rows_that_cannot_all_be_stored_none_is(self, ports: Ports) -> None:
        with pytest.raises(TypeError):
            ports.tables.put("characters", {"mira": MIRA, "otto": {"name": object()}})
        assert ports.tables.all("characters") == {}

    def test_what_is_read_can_be_changed_without_changing_what_is_stored(self, ports: Ports) -> None:
        ports.tables.put("characters", {"mira": MIRA})
        read = ports.tables.all("characters")["mira"]
        read["kinds"].append("wolf")
        assert ports.tables.get("characters", "mira") == MIRA

    def test_of_many_who_add_one_key_exactly_one_succeeds(self, ports: Ports) -> None:
        outcomes = at_once(lambda number: ports.tables.add("readers", "ada", {"by": number}), range(8))
        assert sorted(outcomes, key=bool) == [False] * 7 + [True]
        assert ports.tables.get("readers", "ada") == {"by": outcomes.index(True)}

    def test_removing_says_how_many_there_were(self, ports: Ports) -> None:
        ports.tables.put("characters", {"otto": OTTO, "mira": MIRA})
        assert ports.tables.remove("characters", ["mira", "nobody"]) == 1
        assert ports.tables.remove("characters", []) == 0
        assert ports.tables.all("characters") == {"otto": OTTO}

    def test_rows_survive_closing_and_opening_again(self, ports: Ports, reopen: Reopen) -> None:
        ports.tables.put("characters", {"mira": MIRA})
        assert reopen().tables.all("characters") == ({"mira": MIRA} if self.survives_reopening else {})
