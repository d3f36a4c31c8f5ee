"""JSON in which every key and value knows its line and column, and a repeated key is still there."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn

DEEPEST = 50
"""Far more nesting than a file for people has, far less than Python's recursion bears."""
BLANKS = re.compile(r"[ \t\n\r]*")


@dataclass(frozen=True)
class Located:
    """A JSON value and where it starts; `value` is a scalar, `Members`, or a tuple of `Located`."""

    value: Any
    line: int
    """Counted from 1, as the column is."""
    column: int


class Members(tuple[tuple[Located, Located], ...]):
    """The members of an object in their order, a repeated key as often as it is written."""

    __slots__ = ()


class NotJson(ValueError):
    """The text is not JSON; says where reading stopped."""

    def __init__(self, what: str, line: int, column: int) -> None:
        super().__init__(what)
        self.what, self.line, self.column = what, line, column


def parse(text: str) -> Located:
    """Read one JSON document. Raises NotJson."""
    return _Parser(text).document()


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.line_starts = [0, *(match.end() for match in re.finditer("\n", text))]
        # float takes numbers of any length, int refuses those of more than 4,300 digits.
        self.scalars = json.JSONDecoder(parse_int=float, parse_constant=self._constant)

    def document(self) -> Located:
        self._skip_blanks()
        if self.at == len(self.text):
            self._stop("the file is empty")
        value = self._value(depth=1)
        self._skip_blanks()
        if self.at < len(self.text):
            self._stop("there is more text after the end of the JSON document")
        return value

    def _value(self, depth: int) -> Located:
        if depth > DEEPEST:
            self._stop(f"nested more than {DEEPEST} levels deep")
        line, column = self._place()
        if self.text.startswith("{", self.at):
            members: list[tuple[Located, Located]] = []
            self._each("}", lambda: members.append(self._member(depth)))
            return Located(Members(members), line, column)
        if self.text.startswith("[", self.at):
            items: list[Located] = []
            self._each("]", lambda: items.append(self._value(depth + 1)))
            return Located(tuple(items), line, column)
        return self._scalar()

    def _member(self, depth: int) -> tuple[Located, Located]:
        if not self.text.startswith('"', self.at):
            self._stop("a name in double quotes is expected here")
        name = self._scalar()
        self._skip_blanks()
        self._expect(":")
        self._skip_blanks()
        return name, self._value(depth + 1)

    def _each(self, end: str, read_one: Callable[[], None]) -> None:
        self.at += 1
        self._skip_blanks()
        if self.text.startswith(end, self.at):
            self.at += 1
            return
        while True:
            read_one()
            self._skip_blanks()
            if self.text.startswith(end, self.at):
                self.at += 1
                return
            self._expect(",", f"a comma or {end!r} is expected here")
            self._skip_blanks()
            if self.text.startswith(end, self.at):
                self._stop(f"there is a comma before {end!r}; take it away")

    def _scalar(self) -> Located:
        line, column = self._place()
        try:
            value, self.at = self.scalars.raw_decode(self.text, self.at)
        except json.JSONDecodeError as error:
            self.at = min(error.pos, len(self.text))
            self._stop(error.msg[:1].lower() + error.msg[1:])
        return Located(value, line, column)

    def _constant(self, word: str) -> NoReturn:
        self._stop(f"{word} is not JSON")

    def _expect(self, sign: str, otherwise: str = "") -> None:
        if not self.text.startswith(sign, self.at):
            self._stop(otherwise or f"{sign!r} is expected here")
        self.at += len(sign)

    def _skip_blanks(self) -> None:
        match = BLANKS.match(self.text, self.at)
        self.at = match.end() if match else self.at

    def _place(self) -> tuple[int, int]:
        line = bisect_right(self.line_starts, self.at)
        return line, self.at - self.line_starts[line - 1] + 1

    def _stop(self, what: str) -> NoReturn:
        raise NotJson(what, *self._place())
