"""What `/openapi.json` says of the API as a whole."""

from __future__ import annotations

ABOUT = """\
Everything that Pressroom does can be asked for and followed here.

Send `Authorization: Bearer KEY`; on the server's own machine, with no address outside, no key is needed. Every error
is a problem document (RFC 9457) whose `todo` says what to do. Lists come in pages: `next` is the address of the next
one. Reads carry an `ETag`; with `If-None-Match` what has not changed is a 304. What starts jobs takes an
`Idempotency-Key`, so that the same request twice starts them once.
"""

_TAGS = {
    "pipelines": "What can be started.",
    "jobs": "The record of each execution, which is followed here.",
    "uploads": "Files that jobs wait for.",
    "product images": "Pictures of products, made from their pages.",
    "assets": "What is stored; the bytes are at signed URLs.",
    "publications": "Each post on each channel, and what a person decides about it.",
    "channels": "The configured destinations.",
    "events": "The log of everything that happened, as pages and as a stream.",
    "dead deliveries": "What nobody tries again by themselves.",
    "replay": "Events run again, into read models or through handlers.",
    "analytics": "What became of posts, and what people did with them.",
    "photos": "The photos that came in.",
    "costs": "What was spent.",
    "health": "Whether the server lives, and whether work gets done.",
    "webhooks": "Where networks tell what happens to posts.",
}
TAGS = [{"name": name, "description": words} for name, words in _TAGS.items()]
