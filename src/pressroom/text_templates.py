"""Texts with placeholders, `{title}`, filled in with what is known: no code, and nothing left over where nothing is."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from string import Formatter
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator

_BLANK_LINES = re.compile(r"\n{3,}")
_BLANKS = re.compile(r"[ \t]{2,}")


def _one_or_several(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


def _checked(templates: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(check(template, WORDS) for template in templates)


WORDS = ("caption", "copyright", "credit", "day", "hashtags", "link", "name", "title")
"""What a post's text may be made of."""
Templates = Annotated[tuple[str, ...], BeforeValidator(_one_or_several), AfterValidator(_checked)]
"""Templates of a post's text, the fullest first: the first that fits a network is taken, else the last, shortened."""


def placeholders(template: str) -> Iterator[str]:
    """Yield the names that a template asks for; raises `ValueError` for what is none of ours."""
    for _, name, spec, conversion in Formatter().parse(template):
        if name is None:
            continue
        if not name.isidentifier() or spec or conversion:
            raise ValueError(f"{{{name}}} is no placeholder: one is a plain name in braces")
        yield name


def check(template: str, known: Collection[str]) -> str:
    """Return the template; raises `ValueError` if it cannot be filled in with these names."""
    for name in placeholders(template):
        if name not in known:
            raise ValueError(
                f"{{{name}}} is not known; the placeholders are {', '.join(f'{{{one}}}' for one in sorted(known))}"
            )
    return template


def fill(template: str, values: Mapping[str, str]) -> str:
    """Return the template with its placeholders filled in; a line of which nothing is known is left out."""
    lines = []
    for line in template.splitlines():
        names = list(placeholders(line))
        if names and not any(values[name] for name in names):
            continue
        filled = "".join(literal + (values[name] if name else "") for literal, name, _, _ in Formatter().parse(line))
        lines.append(_BLANKS.sub(" ", filled).rstrip() if names else filled)
    return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip()


def first_that_fits(templates: Sequence[str], values: Mapping[str, str], fits: Callable[[str], bool]) -> str:
    """Return the first template that fits once it is filled in, else the last; empty without templates."""
    filled = [fill(template, values) for template in templates]
    return next((text for text in filled if fits(text)), filled[-1] if filled else "")
