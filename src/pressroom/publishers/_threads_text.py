"""How Threads counts a text: an emoji as its UTF-8 bytes, whatever it is joined of, all else by characters. Pure.

Threads API, posts, 2026-11-20. What is an emoji by Unicode counts as one here, and so too long rather than too short.
"""

from __future__ import annotations


def counted(text: str) -> int:
    import regex

    emoji = regex.compile(r"[\p{Extended_Pictographic}\p{Regional_Indicator}\u20e3]")
    return sum(
        len(cluster.encode("utf-8", "surrogatepass")) if emoji.search(cluster) else len(cluster)
        for cluster in regex.findall(r"\X", text)
    )
