"""The limits of each network, read from what its publisher declares, with the source and the date that stand there."""

from __future__ import annotations

import inspect

from docs.reference_pages._markdown import begin, finish, table
from pressroom import registry
from pressroom.contracts.server_answers import ANSWERS
from pressroom.publishers.base import ImageRules, Publisher


def page() -> str:
    lines = begin(
        "Networks",
        "Each publisher declares its network's limits as data. Fitting, previews, checks before sending and this page "
        "read that one declaration. Some limits can be set otherwise for a channel, and what is told or taken may need "
        "rights that your app does not have: the how-to of each network says so.",
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
        ["pixels", pixels(image)],
        ["shape (width / height)", shape(image.narrowest, image.widest)],
        ["shown best at", f"{image.best_width} × {image.best_height}"],
        ["a repeated call", repeated(kind)],
        ["counts", counts(kind)],
        ["webhooks", "taken" if overrides(kind, "webhook") else "none"],
        ["an account is connected", connected(kind)],
    ]
    about = " ".join((kind.__dict__.get("__doc__") or "").split())
    lines = ["", f"## {kind.title} (`{name}`)", *(["", about] if about else []), *table(["limit", "value"], rows)]
    return lines + [line for said in sources(kind) for line in ("", f"Source: {said}")]


def pixels(image: ImageRules) -> str:
    said = f"{image.max_width or 'any'} × {image.max_height or 'any'}"
    if image.max_pixels:
        said += f", {image.max_pixels:,} in all"
    return f"{said}, at least {image.min_width} wide" if image.min_width else said


def repeated(kind: type[Publisher]) -> str:
    if kind.repeatable:
        return "is the same post"
    if overrides(kind, "may_repeat"):
        return "is the same post as long as the network knows its key; after that it is looked for first"
    return "would be a second post: it is looked for first, and held where nobody can tell"


def counts(kind: type[Publisher]) -> str:
    """Say whether the network tells likes and the like; some tell only certain accounts, which their how-tos say."""
    if not overrides(kind, "measure"):
        return "not told"
    said = [f"{kind.measured_at_once} posts a call"] if kind.measured_at_once > 1 else []
    said += [f"${kind.price_of_reading} a post and reading, off by default"] if kind.price_of_reading else []
    return ", ".join(["told", *said])


def connected(kind: type[Publisher]) -> str:
    if overrides(kind, "oauth"):
        return "in a browser, or by storing its secrets"
    return "by storing its secrets" if kind.needs_secrets or kind.takes_secrets else "needs none"


def overrides(kind: type[Publisher], method: str) -> bool:
    return getattr(kind, method) is not getattr(Publisher, method)


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
