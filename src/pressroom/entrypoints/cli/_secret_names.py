"""Looks at a secret before it is stored: whether its name means anything here, and whether its value can be one."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pressroom.config import Config

LONGEST_BYTES = 64_000
SHORTEST = 4
"""Characters; nothing that protects anything is shorter."""
ALONE = ("server.key",)
"""Secrets that belong to no section of an extension."""
_KINDS = ("channels", "generators", "sources", "handlers")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def refuse_mistaken_name(name: str, config: Config) -> None:
    """Raise `BadInput` for a name that nothing can ever read, with what was meant."""
    from pressroom.errors import BadInput, UnknownName

    if name in ALONE:
        return
    kind, _, rest = name.partition(".")
    section, _, field = rest.partition(".")
    if kind.lower() not in _KINDS:
        raise UnknownName("kind of secret", kind, (*_KINDS, "server"))
    if not (section and field):
        raise BadInput(
            f"{name} names a section and no secret in it." if section else f"{name} names no section.",
            todo=f"A secret is named after its section: {kind.lower()}.{section or 'NAME'}.api_key.",
        )
    known = _sections(kind.lower(), config)
    if section not in known and name != name.lower():
        raise BadInput(f"{name} is read by nothing: names are in lower case.", todo=f"Did you mean {name.lower()}?")
    if section not in known and (close := difflib.get_close_matches(section, known, n=1, cutoff=0.75)):
        raise BadInput(
            f"There is no section [{kind}.{section}].",
            todo=f"Did you mean {kind}.{close[0]}.{field}? Else add the section to pressroom.toml first.",
        )
    asked = _asked_by(kind, section, config)
    if field not in asked and (close := difflib.get_close_matches(field.lower(), asked, n=1, cutoff=0.8)):
        raise BadInput(
            f"[{kind}.{section}] reads no secret {field!r}.",
            todo=f"Did you mean {kind}.{section}.{close[0]}? It asks for: {', '.join(asked)}.",
        )


def doubts_about(name: str, config: Config) -> str:
    """Say why nothing may use the secret as things stand; empty if something asks for it."""
    kind, _, rest = name.partition(".")
    section, _, field = rest.partition(".")
    if name in ALONE:
        return ""
    if section not in _sections(kind, config):
        key = {"channels": "network", "generators": "use", "sources": "use"}.get(kind, "enabled")
        return f'Nothing uses it yet. Add to pressroom.toml:\n\n  [{kind}.{section}]\n  {key} = "…"'
    asked = _asked_by(kind, section, config)
    if field in asked or kind == "handlers":
        return ""
    known = f"asks for {', '.join(asked)}" if asked else "asks for no secret"
    return f"[{kind}.{section}] {known}; {field} is used only if it takes that too."


def refuse_mistaken_value(name: str, value: str) -> None:
    """Raise `BadInput` for what is no key, token or password: most likely the wrong thing was piped in."""
    from pressroom.errors import BadInput

    if len(value.encode("utf-8", "surrogatepass")) > LONGEST_BYTES:
        wrong = f"is longer than {LONGEST_BYTES // 1000} kB"
    elif not value.strip():
        wrong = "is blank"
    elif len(value) < SHORTEST:
        wrong = f"has fewer than {SHORTEST} characters"
    elif _CONTROL.search(value) and not value.lstrip().startswith("-----BEGIN "):
        wrong = "has a line break or another control character in it"
    else:
        return
    raise BadInput(f"The value for {name} {wrong}; nothing was stored.", todo="Give the value alone, as it was issued.")


def from_environment(names: Iterable[str], get: Any, environment: Mapping[str, str]) -> set[str]:
    """Return those whose value, as it counts now, is the one that a variable gives."""
    given = {name: environment.get(variable_of(name)) for name in names}
    return {name for name, value in given.items() if value and get(name) == value}


def variable_of(name: str) -> str:
    return "PRESSROOM_SECRET__" + name.replace(".", "__").replace("-", "_").upper()


def _sections(kind: str, config: Config) -> list[str]:
    from pressroom import registry

    configured: Mapping[str, Any] = getattr(config, kind)
    # These need no section of their own.
    by_name = ["preview"] if kind == "channels" else [] if kind == "sources" else registry.names(kind)
    return [*configured, *by_name]


def _asked_by(kind: str, section: str, config: Config) -> tuple[str, ...]:
    """Return the secrets that the network or generator of a section declares to need; empty if none or unknown."""
    from pressroom import registry
    from pressroom.errors import PressroomError

    values: Mapping[str, Any] = getattr(config, kind).get(section, {})
    try:
        if kind in ("channels", "sources"):
            made = registry.publisher(str(values.get("network", section))) if kind == "channels" else None
            declared = made or registry.source(str(values.get("use", section)))
            named = (*(field for one in declared.needs_secrets for field in one), *declared.takes_secrets)
            return tuple(dict.fromkeys(named))
        return registry.generator(str(values.get("use") or section)).needs_secrets if kind == "generators" else ()
    except PressroomError:
        return ()  # which network or generator that is, is told by `doctor`
