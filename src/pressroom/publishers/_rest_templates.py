"""Templates of settings: compiled once, rendered with bounds, their mistakes told with the key and the line."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import TracebackType
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from pressroom.publishers._rest_filters import Omit, as_text, plain

if TYPE_CHECKING:
    from jinja2 import Template as JinjaTemplate

    from pressroom.publishers._rest_sandbox import Sandbox

_UNDEFINED = re.compile(r"'(\w+)' is undefined")
LONGEST_TEMPLATE = 20_000
_DEEPEST = 32
_OTHER_BASE64 = 4
"""Times that the pictures' base64 may stand in one text."""


class TemplateMistake(Exception):
    """A template that cannot be read, or not rendered; `key` is its place within the channel's section."""

    def __init__(self, key: str, line: int, what: str) -> None:
        super().__init__(f"{key}, line {line}: {what.rstrip('.')}")
        self.key, self.line, self.what = key, line, what


@dataclass(frozen=True)
class Template:
    """One text of the settings. Compiled when it is first used."""

    source: str
    key: str
    """Where it stands: `requests.create.json.title`."""
    in_path: bool = False
    """Whether what is inserted is escaped for a path; not if the whole of it is one value."""

    @cached_property
    def is_whole_value(self) -> bool:
        """Whether it is one `{{ … }}` and nothing else, and so keeps the type of its value."""
        tokens = [kind for _, kind, text in self._environment.lex(self.source) if text.strip()]
        begins = tokens.count("variable_begin")
        return begins == 1 and tokens[0] == "variable_begin" and tokens[-1] == "variable_end"

    @property
    def is_fixed(self) -> bool:
        return not any(mark in self.source for mark in ("{{", "{%", "{#"))

    def check(self) -> None:
        """Raise `TemplateMistake` if it cannot be compiled."""
        if len(self.source) > LONGEST_TEMPLATE:
            raise TemplateMistake(self.key, 1, f"a template has {LONGEST_TEMPLATE:,} characters at most")
        _ = self._compiled

    def value(self, values: Mapping[str, Any]) -> Any:
        """Return what JSON takes of it: the value itself if it is one `{{ … }}`, else a text."""
        if self.is_fixed or not self.is_whole_value:
            return self.text(values)
        from pressroom.publishers._rest_sandbox import Budget

        budget = Budget(_most_characters(values))
        try:
            context = self._compiled.new_context({**values, "_budget": budget})
            for _ in self._compiled.root_render_func(context):
                pass
            return plain(context.vars["result"], budget.most_characters)
        except Exception as error:
            raise self._mistake(error, values) from error

    def text(self, values: Mapping[str, Any]) -> str:
        """Return it as text."""
        if self.is_fixed:
            return self.source
        if self.is_whole_value:
            found = self.value(values)
            try:
                return as_text(found)
            except ValueError as error:
                raise self._mistake(error) from error
        from pressroom.publishers._rest_sandbox import Budget

        budget = Budget(_most_characters(values))
        pieces, size = [], 0
        try:
            context = self._compiled.new_context({**values, "_budget": budget})
            for piece in self._compiled.root_render_func(context):
                size += len(piece)
                budget.check_size(size)
                pieces.append(piece)
        except Exception as error:
            raise self._mistake(error, values) from error
        return "".join(pieces)

    def names(self) -> set[str]:
        """Return the names of values that it uses."""
        from jinja2 import nodes

        return {node.name for node in self._parsed.find_all(nodes.Name) if node.ctx == "load"}

    def attributes(self) -> set[str]:
        """Return what it reaches for with a dot or a fixed key."""
        from jinja2 import nodes

        dots = {node.attr for node in self._parsed.find_all(nodes.Getattr)}
        keys = {node.arg.value for node in self._parsed.find_all(nodes.Getitem) if isinstance(node.arg, nodes.Const)}
        return dots | {key for key in keys if isinstance(key, str)} | self._constants()

    def _constants(self) -> set[str]:
        """Return the texts that stand in it: `map(attribute='url')` reaches for one."""
        from jinja2 import nodes

        return {node.value for node in self._parsed.find_all(nodes.Const) if isinstance(node.value, str)}

    @cached_property
    def _parsed(self) -> Any:
        return self._environment.parse(self.source)

    @cached_property
    def _environment(self) -> Sandbox:
        from pressroom.publishers._rest_sandbox import Sandbox

        return Sandbox(_in_path if self.in_path else as_text)

    @cached_property
    def _compiled(self) -> JinjaTemplate:
        from jinja2 import TemplateError

        environment = self._environment
        try:
            if self.is_whole_value:
                return environment.from_string(_expression(environment, self.source))
            return environment.from_string(self.source)
        except (TemplateError, SyntaxError, RecursionError, MemoryError, ValueError, OverflowError) as error:
            raise self._mistake(error) from error

    def _mistake(self, error: BaseException, values: Mapping[str, Any] | None = None) -> TemplateMistake:
        if isinstance(error, TemplateMistake):
            return error
        line = getattr(error, "lineno", None) or self._line_of(error.__traceback__)
        said = "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
        return TemplateMistake(self.key, line, (said or type(error).__name__) + _hint(said, values or {}))

    def _line_of(self, trace: TracebackType | None) -> int:
        line = 1
        while trace is not None:
            if trace.tb_frame.f_code.co_filename == "<template>":
                line = self._compiled.get_corresponding_lineno(trace.tb_lineno)
            trace = trace.tb_next
        return line


def _hint(said: str, values: Mapping[str, Any]) -> str:
    """Return which value may be meant by a name that is undefined."""
    name = _UNDEFINED.search(said)
    close = difflib.get_close_matches(name[1], list(values), n=1, cutoff=0.6) if name else []
    return f"; did you mean {close[0]}?" if close else ""


def _expression(environment: Sandbox, source: str) -> Any:
    """Return the tree of a template that keeps its one value under `result`."""
    from jinja2 import nodes

    (output,) = environment.parse(source).body
    assert isinstance(output, nodes.Output)
    (value,) = (node for node in output.nodes if not isinstance(node, nodes.TemplateData))
    return nodes.Template([nodes.Assign(nodes.Name("result", "store"), value, lineno=1)], lineno=1)


def _in_path(value: Any) -> str:
    """Escape what is inserted into a path, so that a value from a reply cannot lead elsewhere."""
    text = as_text(value)
    if text in (".", ".."):
        raise ValueError("a value that is inserted into a path is . or ..")
    return quote(text, safe="")


def _most_characters(values: Mapping[str, Any]) -> int:
    from pressroom.publishers._rest_sandbox import MOST_CHARACTERS

    pictures = values.get("media") or ()
    return MOST_CHARACTERS + _OTHER_BASE64 * sum(len(one.get("base64", "")) for one in pictures)


Tree = Any
"""What stands in the settings under `json`: tables, lists and values whose texts are `Template`s."""


def compiled(value: Any, key: str, depth: int = 0) -> Tree:
    """Return the tree with a `Template` in the place of every text; raises `TemplateMistake` if it is too deep."""
    if depth > _DEEPEST:
        raise TemplateMistake(key, 1, f"it is nested more than {_DEEPEST} times")
    if isinstance(value, str):
        return Template(value, key)
    if isinstance(value, Mapping):
        return {name: compiled(inner, f"{key}.{name}", depth + 1) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [compiled(inner, f"{key}.{place}", depth + 1) for place, inner in enumerate(value)]
    return value


def templates_in(tree: Tree) -> Iterator[Template]:
    if isinstance(tree, Template):
        yield tree
    elif isinstance(tree, Mapping):
        for inner in tree.values():
            yield from templates_in(inner)
    elif isinstance(tree, list | tuple):
        for inner in tree:
            yield from templates_in(inner)


def filled(tree: Tree, values: Mapping[str, Any]) -> Any:
    """Render every template of a tree; what comes to `omit` is left out."""
    if isinstance(tree, Template):
        return tree.value(values)
    if isinstance(tree, Mapping):
        return {name: found for name, inner in tree.items() if not isinstance(found := filled(inner, values), Omit)}
    if isinstance(tree, list | tuple):
        return [found for inner in tree if not isinstance(found := filled(inner, values), Omit)]
    return plain(tree, LONGEST_TEMPLATE)
