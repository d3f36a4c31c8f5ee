"""Jinja for templates in settings: what they may use is listed here, and what they may cost is bounded.

Imported only where a template is compiled, since Jinja is heavy.
"""

from __future__ import annotations

import time
from datetime import date
from typing import Any

from jinja2 import StrictUndefined, nodes, pass_context
from jinja2.exceptions import SecurityError, TemplateAssertionError, TemplateRuntimeError
from jinja2.runtime import Context, LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.visitor import NodeTransformer

from pressroom.publishers import _rest_filters
from pressroom.publishers._rest_filters import Costly

MOST_CHARACTERS = 1_000_000
MOST_STEPS = 20_000
MOST_SECONDS = 5.0
_MOST_BITS = 4096
_EXPRESSIONS = (nodes.Const, nodes.List, nodes.Tuple, nodes.Dict, nodes.Pair, nodes.Keyword, nodes.CondExpr)
_OPERATIONS = (nodes.BinExpr, nodes.UnaryExpr, nodes.Compare, nodes.Operand, nodes.Concat, nodes.Filter, nodes.Test)
_ACCESS = (nodes.Name, nodes.Getattr, nodes.Getitem, nodes.Slice, nodes.Call)
_STATEMENTS = (nodes.Template, nodes.Output, nodes.TemplateData, nodes.If, nodes.For, nodes.Assign)
_ALLOWED = (*_EXPRESSIONS, *_OPERATIONS, *_ACCESS, *_STATEMENTS)
_WORDS: dict[type[nodes.Node], str] = {
    nodes.Macro: "macros",
    nodes.Include: "include",
    nodes.Import: "import",
    nodes.Extends: "extends",
}
_TEXT_METHODS = (
    "upper lower title capitalize casefold strip lstrip rstrip split rsplit splitlines partition rpartition "
    "startswith endswith removeprefix removesuffix find rfind count isdigit isalpha isalnum"
)
_LOOP = "index index0 revindex revindex0 first last length"
_DATE = "year month day hour minute second isoformat strftime date time timestamp weekday isoweekday tzinfo utcoffset"
ATTRIBUTES: tuple[tuple[type, frozenset[str]], ...] = (
    (str, frozenset(_TEXT_METHODS.split(" "))),
    (dict, frozenset(("items", "keys", "values", "get"))),
    (list, frozenset(("index", "count"))),
    (date, frozenset(_DATE.split(" "))),
    (LoopContext, frozenset(_LOOP.split(" "))),
)
"""What may be reached with a dot; keys of tables besides. No method here makes more than it is given."""


class Budget:
    """What one rendering may cost."""

    def __init__(self, most_characters: int) -> None:
        self.most_characters = most_characters
        self._steps = 0
        self._end = time.monotonic() + MOST_SECONDS

    def step(self) -> None:
        self._steps += 1
        if self._steps > MOST_STEPS or time.monotonic() > self._end:
            raise TemplateRuntimeError("it goes on for too long: its loops make too many steps")

    def check_size(self, size: int) -> None:
        if size > self.most_characters:
            raise TemplateRuntimeError(f"it makes more than {self.most_characters:,} characters")


class Sandbox(ImmutableSandboxedEnvironment):
    intercepted_binops = frozenset({"*", "**", "+", "%"})

    def __init__(self, finalize: Any) -> None:
        super().__init__(undefined=StrictUndefined, finalize=finalize, optimized=False, keep_trailing_newline=True)
        self.globals = {"range": self.globals["range"]}
        kept = {name: function for name, function in self.filters.items() if name in _rest_filters.FROM_JINJA}
        self.filters = {**kept, **_rest_filters.OURS, "_checked": _checked, "_tick": _tick}

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        return any(isinstance(obj, kind) and attr in names for kind, names in ATTRIBUTES)

    def wrap_str_format(self, value: Any) -> None:
        """Let `format` be as unsafe as any other method that is not listed."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Prefer a key of a table to a method of the same name: `about.items` may well be a keyword of the post."""
        if isinstance(obj, dict) and attribute in obj:
            return obj[attribute]
        return super().getattr(obj, attribute)

    def call(__self, __context: Context, __obj: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: N805
        budget_of(__context).step()
        return super().call(__context, __obj, *args, **kwargs)

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        budget = budget_of(context)
        if operator == "%" and isinstance(left, str):
            raise SecurityError("text cannot be formatted with %; write the values where they belong")
        if operator == "+" and isinstance(left, str | list | tuple) and isinstance(right, str | list | tuple):
            budget.check_size(len(left) + len(right))
        elif operator == "*":
            _check_product(budget, left, right)
        elif operator == "**":
            _check_power(left, right)
        return super().call_binop(context, operator, left, right)

    def _generate(self, source: nodes.Template, *args: Any, **kwargs: Any) -> str:
        _refuse_what_is_not_listed(source)
        _Bounded().visit(source)
        source.set_environment(self)
        return super()._generate(source, *args, **kwargs)


def budget_of(context: Context) -> Budget:
    found = context.parent["_budget"]
    assert isinstance(found, Budget)
    return found


def _check_product(budget: Budget, left: Any, right: Any) -> None:
    for many, times in ((left, right), (right, left)):
        if isinstance(many, str | list | tuple) and isinstance(times, int):
            budget.check_size(len(many) * times)
    if isinstance(left, int) and isinstance(right, int) and left.bit_length() + right.bit_length() > _MOST_BITS:
        raise TemplateRuntimeError("a number gets too large")


def _check_power(left: Any, right: Any) -> None:
    if isinstance(left, int) and isinstance(right, int) and max(left.bit_length(), 1) * abs(right) > _MOST_BITS:
        raise TemplateRuntimeError("a number gets too large")


@pass_context
def _tick(context: Context, value: Any) -> Any:
    budget_of(context).step()
    return value


@pass_context
def _checked(context: Context, value: Any) -> Any:
    """Return a value that is stored under a name; nothing may be doubled again and again through names."""
    try:
        return _rest_filters.plain(value, budget_of(context).most_characters)
    except Costly as error:
        raise TemplateRuntimeError(str(error)) from error


def _refuse_what_is_not_listed(tree: nodes.Template) -> None:
    for node in tree.find_all(nodes.Node):
        line = getattr(node, "lineno", 1)
        if not isinstance(node, _ALLOWED) or (isinstance(node, nodes.For) and node.recursive):
            word = _WORDS.get(type(node), type(node).__name__.lower())
            raise TemplateAssertionError(f"templates here have no {word}", line)
        if isinstance(node, nodes.Name) and node.name.startswith("_"):
            raise TemplateAssertionError(f"there is no value called {node.name}", line)
        if isinstance(node, nodes.Filter) and node.name.startswith("_"):
            raise TemplateAssertionError(f"there is no filter called {node.name}", line)
        if isinstance(node, nodes.Call) and not _is_method_or_range(node):
            raise TemplateAssertionError("only range and methods of text, lists and tables can be called", line)


def _is_method_or_range(call: nodes.Call) -> bool:
    called = call.node
    return isinstance(called, nodes.Getattr) or (isinstance(called, nodes.Name) and called.name == "range")


class _Bounded(NodeTransformer):
    """Puts a check where a template could go on without end, or grow without one."""

    def visit_For(self, node: nodes.For) -> nodes.Node:  # noqa: N802
        self.generic_visit(node)
        node.body.insert(0, nodes.ExprStmt(_through("_tick", nodes.Const(0)), lineno=node.lineno))
        return node

    def visit_Assign(self, node: nodes.Assign) -> nodes.Node:  # noqa: N802
        self.generic_visit(node)
        node.node = _through("_checked", node.node)
        return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:  # noqa: N802
        """Make `a ~ b` an addition of texts, which is one of the operations that are looked at."""
        self.generic_visit(node)
        first, *others = (_through("string", part) for part in node.nodes)
        whole: nodes.Expr = first
        for other in others:
            whole = nodes.Add(whole, other, lineno=node.lineno)
        return whole


def _through(name: str, value: nodes.Node) -> nodes.Filter:
    return nodes.Filter(value, name, [], [], None, None, lineno=getattr(value, "lineno", 1))
