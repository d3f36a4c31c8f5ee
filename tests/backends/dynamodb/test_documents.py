"""More rows and documents than one transaction holds: all or none, whoever crashes, and nothing old over the new."""

from __future__ import annotations

from typing import Any

import pytest

from pressroom.backends.aws_clients import AwsClients
from pressroom.backends.dynamodb import Dynamo
from pressroom.backends.dynamodb.calls import Calls
from pressroom.backends.dynamodb.documents import LONGEST_BYTES, Documents
from pressroom.errors import Conflict, PressroomError
from tests.backends.dynamodb.conftest import Open

MANY = {f"2026-{number:03}": {"theme": f"theme {number}", "words": "x" * 300} for number in range(366)}


class Crash(BaseException):
    """Ends a process, as far as the test is concerned."""


@pytest.fixture
def crashes(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Let whoever has said that many documents count crash before it stores the first of them."""

    def crash(*_: Any) -> None:
        raise Crash

    monkeypatch.setattr(Documents, "_carry_out", crash)
    return monkeypatch


def _left_aside(clients: AwsClients) -> int:
    found = clients("dynamodb").scan(TableName=f"{clients.settings.name}-state")["Items"]
    return sum(item["of"]["S"].startswith("pending#") for item in found)


def test_a_year_of_rows_is_stored_at_once(dynamo: Dynamo, clients: AwsClients) -> None:
    dynamo.tables.put("themes", MANY)
    assert dynamo.tables.all("themes") == MANY
    assert _left_aside(clients) == 0


def test_rows_that_count_are_there_although_their_writer_died(
    opened: Open, clients: AwsClients, crashes: pytest.MonkeyPatch
) -> None:
    opened().tables.put("themes", {"2026-001": {"theme": "old"}, "own": {"theme": "kept"}})
    with pytest.raises(Crash):
        opened().tables.put("themes", MANY)
    crashes.undo()
    after = opened().tables
    assert after.get("themes", "2026-001") == MANY["2026-001"]
    assert after.all("themes") == MANY | {"own": {"theme": "kept"}}
    assert _left_aside(clients) == 0


def test_what_comes_after_them_is_not_written_over(opened: Open, crashes: pytest.MonkeyPatch) -> None:
    with pytest.raises(Crash):
        opened().tables.put("themes", MANY)
    crashes.undo()
    opened().tables.put("themes", {"2026-001": {"theme": "new"}})
    assert opened().tables.get("themes", "2026-001") == {"theme": "new"}


def test_a_writer_waits_for_what_began_to_count_after_it_had_looked(opened: Open, crashes: pytest.MonkeyPatch) -> None:
    carry_out, head = crashes, Documents.head

    def looked_too_soon(self: Documents, group: str) -> Any:
        seen = head(self, group)
        carry_out.setattr(Documents, "head", head)
        with pytest.raises(Crash):
            opened().tables.put("themes", MANY)
        carry_out.undo()
        return seen

    carry_out.setattr(Documents, "head", looked_too_soon)
    opened().tables.put("themes", {"2026-001": {"theme": "new"}})
    assert opened().tables.all("themes") == MANY | {"2026-001": {"theme": "new"}}


def test_a_slow_writer_stops_once_another_has_done_its_work(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    carry_out, slow, quick = Documents._carry_out, opened(), opened()

    def overtaken(self: Documents, group: str, name: str, parts: int) -> None:
        monkeypatch.setattr(Documents, "_carry_out", carry_out)
        found = Calls.get_many

        def meanwhile(calls: Calls, shape: Any, keys: Any) -> Any:
            read = found(calls, shape, keys)
            monkeypatch.setattr(Calls, "get_many", found)
            quick.tables.put("themes", {"2026-001": {"theme": "newer"}})  # carries out first what counts already
            return read

        monkeypatch.setattr(Calls, "get_many", meanwhile)
        carry_out(self, group, name, parts)

    monkeypatch.setattr(Documents, "_carry_out", overtaken)
    slow.tables.put("themes", MANY)
    assert slow.tables.all("themes") == MANY | {"2026-001": {"theme": "newer"}}


def test_many_documents_of_a_view_move_its_position_with_them(dynamo: Dynamo, clients: AwsClients) -> None:
    dynamo.views.write("gallery", dict(MANY), before=0, position=9)
    assert dynamo.views.position("gallery") == 9
    assert len(dynamo.views.find("gallery", limit=1000)) == len(MANY)
    with pytest.raises(Conflict):
        dynamo.views.write("gallery", dict.fromkeys(MANY), before=0, position=10)
    assert len(list(dynamo.views.keys("gallery"))) == len(MANY)
    assert _left_aside(clients) == 0


def test_a_view_goes_on_where_its_writer_died(opened: Open, crashes: pytest.MonkeyPatch) -> None:
    with pytest.raises(Crash):
        opened().views.write("gallery", dict(MANY), before=0, position=9)
    crashes.undo()
    views = opened().views
    assert views.position("gallery") == 9
    assert views.get("gallery", "2026-365") == MANY["2026-365"]


def test_a_view_that_was_to_be_cleared_is_cleared_before_anybody_reads_it(
    opened: Open, crashes: pytest.MonkeyPatch
) -> None:
    crashes.undo()
    opened().views.write("gallery", {"a": {"n": 1}}, before=0, position=3)
    crashes.setattr(Documents, "_carry_out", _crash)
    with pytest.raises(Crash):
        opened().views.clear("gallery")
    crashes.undo()
    assert (opened().views.position("gallery"), opened().views.find("gallery")) == (0, [])


def test_a_document_that_no_item_holds_is_refused_with_what_to_do(dynamo: Dynamo) -> None:
    with pytest.raises(PressroomError, match="longer than DynamoDB stores"):
        dynamo.tables.put("themes", {"a": {"words": "x"}, "b": {"words": "x" * LONGEST_BYTES}})
    assert dynamo.tables.all("themes") == {}


def _crash(*_: Any) -> None:
    raise Crash
