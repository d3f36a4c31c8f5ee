"""What a service replied: read without trust, and what of it is looked for, by JSON path, header or template."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from pressroom.http_answers import Answer
from pressroom.publishers._rest_filters import Costly, plain
from pressroom.publishers._rest_settings import Errors, Outcome, Success
from pressroom.publishers._rest_templates import Template, TemplateMistake

LONGEST_VALUE = 20_000
"""Characters of what is taken of a reply; it is stored with the post."""
LONGEST_ID = 500
_MOST_MATCHES = 1_000
_HEADER = "header:"
# Where services say why they refuse, the most telling first: RFC 9457, OAuth 2, JSON:API and what is usual.
_USUAL_WORDS = (
    "$.error.message",
    "$.errors[0].message",
    "$.message",
    "$.error_description",
    "$.errors[0].detail",
    "$.detail",
    "$.error",
    "$.title",
)


class PathMistake(ValueError):
    """A JSON path that cannot be read."""


@dataclass(frozen=True)
class Reply:
    answer: Answer

    @cached_property
    def document(self) -> Any:
        """The body as JSON; None if it is none: junk, empty, cut, too deep."""
        if not self.answer.is_whole:
            return None
        try:
            return json.loads(self.answer.body, parse_constant=_refuse_constant)
        except (ValueError, RecursionError):
            return None

    def at(self, path: str) -> Any:
        """Return what a JSON path leads to, a list if that may be several values; None for nothing."""
        compiled = _compiled_path(path)
        if self.document is None:
            return None
        found: list[Any] = []
        try:
            for match in compiled.finditer(self.document):
                found.append(match.obj)
                if len(found) >= _MOST_MATCHES:
                    break
        except (RecursionError, ValueError, TypeError):
            return None
        except Exception as error:
            if _is_of_jsonpath(error):
                return None
            raise
        return (found[0] if found else None) if compiled.singular_query() else (found or None)


@dataclass(frozen=True)
class Place:
    """Where in a reply something stands: `$.id`, `header:Location`, `body`, or a template over the reply."""

    source: str
    key: str

    def check(self) -> None:
        """Raise `TemplateMistake` if it cannot be read."""
        if self.source.startswith("$"):
            try:
                _compiled_path(self.source)
            except PathMistake as error:
                raise TemplateMistake(self.key, 1, str(error)) from error
        elif not self._is_plain:
            self.template.check()
            if self.template.is_fixed and not self.source.startswith(("https://", "http://")):
                raise TemplateMistake(
                    self.key,
                    1,
                    f"{self.source!r} leads nowhere: write a JSON path ($.id), header:NAME, body, or a template",
                )

    @property
    def _is_plain(self) -> bool:
        return not self.source or self.source == "body" or self.source.lower().startswith(_HEADER)

    @cached_property
    def template(self) -> Template:
        return Template(self.source, self.key)

    def find(self, reply: Reply, values: Mapping[str, Any]) -> Any:
        """Return what stands there, as JSON knows it; None for nothing. Raises `TemplateMistake`."""
        if not self.source:
            return None
        if self.source.startswith("$"):
            found = reply.at(self.source)
        elif self.source == "body":
            found = reply.answer.text.strip() or None
        elif self._is_plain:
            found = reply.answer.headers.get(self.source[len(_HEADER) :].strip().lower())
        else:
            found = self.template.value({**values, "reply": reply.document, "headers": dict(reply.answer.headers)})
        return _kept(found)


def text_of(found: Any) -> str:
    """Return an id or an address as text; empty for what is none: nothing, true, a table, something endless."""
    if isinstance(found, list) and len(found) == 1:
        found = found[0]
    if isinstance(found, bool) or not isinstance(found, str | int):
        return ""
    text = str(found).strip()
    return text if text.isprintable() and len(text) <= LONGEST_ID else ""


def address_of(found: Any, base_url: str) -> str:
    """Return a post's address if it is one that a browser may open, else an empty text."""
    from urllib.parse import urljoin

    text = text_of(found)
    if text.startswith("/"):
        text = urljoin(base_url, text)
    return text if text.startswith(("https://", "http://")) and " " not in text else ""


def fits(rule: Outcome, reply: Reply) -> bool:
    """Say whether a rule is about this reply."""
    if rule.status and rule.status != reply.answer.status:
        return False
    return all(reply.at(path) is not None for path in rule.exists) and all(
        _is_same(reply.at(path), wanted) for path, wanted in rule.equals.items()
    )


def why_not(success: Success, reply: Reply) -> str:
    """Return "" for a success, "refused" if the reply clearly says no, "unclear" if it does not say what it must.

    Only for replies whose status is one of a success.
    """
    found = {path: reply.at(path) for path in success.equals}
    if any(value is not None and not _is_same(value, success.equals[path]) for path, value in found.items()):
        return "refused"
    if any(value is None for value in found.values()) or any(reply.at(path) is None for path in success.exists):
        return "unclear"
    return ""


def words_of(errors: Errors, answer: Answer) -> str:
    """Return why the service refused, in its own words; empty if it does not say."""
    reply = Reply(answer)
    if errors.message:
        found = [Place(errors.message, "errors.message").find(reply, {})]
    else:
        found = [reply.at(path) for path in _USUAL_WORDS]
    return next((" ".join(text.split())[:LONGEST_ID] for text in found if isinstance(text, str) and text.strip()), "")


def _is_same(found: Any, wanted: Any) -> bool:
    """Compare as JSON does: true is not 1."""
    return isinstance(found, bool) == isinstance(wanted, bool) and found == wanted


def _kept(found: Any) -> Any:
    try:
        kept = plain(found, LONGEST_VALUE)
        json.dumps(kept, ensure_ascii=False).encode()
    except (Costly, UnicodeEncodeError, RecursionError):
        return None
    return kept


@lru_cache(maxsize=512)
def _compiled_path(path: str) -> Any:
    from jsonpath import JSONPathEnvironment
    from jsonpath.exceptions import JSONPathError

    try:
        return JSONPathEnvironment(strict=True).compile(path)
    except (JSONPathError, RecursionError) as error:
        said = str(error).splitlines()[0] if str(error) else "it cannot be read"
        raise PathMistake(f"{path!r} is no JSON path: {said}") from error


def _is_of_jsonpath(error: Exception) -> bool:
    from jsonpath.exceptions import JSONPathError

    return isinstance(error, JSONPathError)


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")
