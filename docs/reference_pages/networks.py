"""The limits of each network, read from what its publisher declares, with the source and the date that stand there."""

from __future__ import annotations

import inspect

from docs.reference_pages._markdown import begin, finish, table
from pressroom import registry
from pressroom.contracts.server_answers import ANSWERS
from pressroom.publishers.base import Publisher


def page() -> str:
    lines = begin(
        "Networks",
        "Each publisher declares its network's limits as data. Previews, checks before sending and this page read "
        "that one declaration.",
    )
    for name in registry.names("publishers"):
        lines += network(name, registry.publisher(name))
    lines += ["", "## What a server's answer comes to"]
    lines += ["", "The same for every network; each publisher passes a test of every line."]
    rows = [
        [answer.value, expected.raises.__name__ if expected.raises else "published"]
        for answer, expected in ANSWERS.items()
    ]
    lines += table(["the server's answer to the public call", "outcome"], rows)
    return finish(lines)


def network(name: str, kind: type[Publisher]) -> list[str]:
    text, image = kind.text_rules, kind.image_rules
    rows = [
        ["text", f"{text.limit:,} {text.counted_in}"],
        ["alt text", f"{text.alt_text_limit:,} characters" if text.alt_text_limit else "not taken"],
        ["pictures a post", str(image.most)],
        ["formats", ", ".join(image.formats)],
        ["bytes a picture", f"{image.max_bytes:,}"],
        ["pixels", f"{image.max_width or 'any'} × {image.max_height or 'any'}"],
        ["shape (width / height)", shape(image.narrowest, image.widest)],
        ["made as", f"{image.best_width} × {image.best_height}"],
        [
            "a repeated call",
            "is the same post" if kind.repeatable else "would be a second post: it is looked for first",
        ],
    ]
    about = " ".join((kind.__dict__.get("__doc__") or "").split())
    lines = ["", f"## {kind.title} (`{name}`)", *(["", about] if about else []), *table(["limit", "value"], rows)]
    return lines + [line for said in sources(kind) for line in ("", f"Source: {said}")]


def shape(narrowest: float, widest: float) -> str:
    return f"{narrowest:g} to {widest:g}" if narrowest or widest else "any"


def sources(kind: type[Publisher]) -> list[str]:
    """Return the comments above the declared limits: where they come from, and when that was read."""
    found, comment = [], ""
    for line in inspect.getsource(kind).splitlines():
        stripped = line.strip()
        if stripped.startswith("#"):
            comment = f"{comment} {stripped.lstrip('# ')}".strip()
        elif stripped.startswith(("text_rules", "image_rules")) and comment:
            found.append(comment)
            comment = ""
        else:
            comment = ""
    return found
