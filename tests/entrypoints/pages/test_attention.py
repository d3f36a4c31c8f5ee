"""What needs a person, as every page asks for it."""

from __future__ import annotations

from typing import Any

import pytest

from pressroom.entrypoints.pages.attention import attention
from pressroom.publications import PublicationState
from tests.entrypoints.site import a_site


def test_everything_is_counted_and_only_the_newest_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    site = a_site()
    for theme in ("Cake", "Bread", "Mousse"):
        site.edition.job(theme, ends="JobHeld", state=PublicationState.HELD)
        newest = site.edition.dead(site.edition.job(theme, ends="JobFailed"))
    ports = site.runtime.ports
    read: list[Any] = []
    for port in (ports.publications, ports.dead_letters):

        def counted(find: Any = port.find, **wanted: Any) -> Any:
            found = find(**wanted)
            read.extend(found)
            return found

        monkeypatch.setattr(port, "find", counted)
    found = attention(site.runtime)
    assert (found.held, found.dead) == (3, 3)
    assert found.newest_dead is not None
    assert found.newest_dead.id == newest
    assert len(read) == 2


def test_without_anything_that_needs_a_person_there_is_nothing_to_say() -> None:
    assert not attention(a_site().runtime)
