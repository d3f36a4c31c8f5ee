"""What the settings of a channel come to: requests compiled and ordered, or every mistake told at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from pressroom.errors import ConfigurationError
from pressroom.publishers import _rest_mistakes as mistakes
from pressroom.publishers._rest_replies import Place
from pressroom.publishers._rest_requests import Ready, ready
from pressroom.publishers._rest_settings import Request, RestSettings
from pressroom.publishers._rest_templates import TemplateMistake

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Plan:
    preparing: tuple[Ready, ...]
    public: Ready
    verify: Ready | None
    check: Ready | None
    id: Place
    url: Place
    verify_id: Place
    verify_url: Place
    uses: frozenset[str]
    """Of a picture, by any template: what need not be made if nobody asks for it."""
    names: frozenset[str]
    """Of values, by the public request: whether it bears our key."""

    @property
    def requests(self) -> tuple[Ready, ...]:
        return (*self.preparing, self.public)


def plan_of(settings: RestSettings, section: str) -> Plan:
    """Return what is to be done for a post; raises `ConfigurationError` with every mistake, each by its key."""
    found = list(mistakes.of_settings(settings))
    if not found:
        plan, found = _compiled(settings)
        if plan is not None:
            found += mistakes.of_plan(plan, settings)
            if not found:
                return plan
    what = "; ".join(dict.fromkeys(found))
    raise ConfigurationError(
        f"[{section}] {what}.",
        where=f"[{section}]",
        todo="Correct it in pressroom.toml; docs/how-to/post-to-any-rest-api.md explains every key.",
    )


def _compiled(settings: RestSettings) -> tuple[Plan | None, list[str]]:
    found: list[str] = []

    def attempt(make: Callable[[], T]) -> T | None:
        try:
            return make()
        except TemplateMistake as mistake:
            found.append(str(mistake))
            return None

    steps = [attempt(partial(_checked, one, key, settings)) for one, key in _steps(settings)]
    verify = settings.verify
    verifying = attempt(partial(_checked, verify, "verify", settings)) if verify else None
    checking = settings.check_with
    check = attempt(partial(_checked, checking, "check_with", settings)) if checking else None
    places = [
        Place(settings.id, "id"),
        Place(settings.url, "url"),
        Place((verify.id if verify else "") or settings.id, "verify.id" if verify and verify.id else "id"),
        Place((verify.url if verify else "") or settings.url, "verify.url" if verify and verify.url else "url"),
    ]
    for number, rule in enumerate(settings.outcomes, start=1):
        places += [Place(rule.id, f"outcomes.{number}.id"), Place(rule.url, f"outcomes.{number}.url")]
    if settings.errors.message:
        places.append(Place(settings.errors.message, "errors.message"))
    for place in places:
        attempt(place.check)
    requests = [one for one in steps if one is not None]
    if found or not requests:
        return None, found
    used: set[str] = set()
    for one in requests:
        for template in one.templates():
            used |= template.attributes()
    names = {name for template in requests[-1].templates() for name in template.names()}
    plan = Plan(
        preparing=tuple(requests[:-1]),
        public=requests[-1],
        verify=verifying,
        check=check,
        id=places[0],
        url=places[1],
        verify_id=places[2],
        verify_url=places[3],
        uses=frozenset(used),
        names=frozenset(names),
    )
    return plan, found


def _steps(settings: RestSettings) -> Iterator[tuple[Request, str]]:
    for number, step in enumerate(settings.requests, start=1):
        yield step, f"requests.{step.name or number}"


def _checked(settings: Request, key: str, all_settings: RestSettings) -> Ready:
    """Compile a request and each of its templates."""
    one = ready(settings, key, all_settings.headers)
    for template in one.templates():
        template.check()
    for place in one.take.values():
        place.check()
    return one
