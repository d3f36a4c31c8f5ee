"""Made-up pipelines of every shape, for hypothesis."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st

from pressroom.pipeline import Choice, ForEach, On, Parallel, Part, Pipeline, Step
from tests.engine import a_pipeline

deadlines = st.sampled_from([None, None, timedelta(minutes=5)])


def function(name: str) -> Any:
    def named() -> None:
        """Say nothing."""

    named.__name__ = name
    return named


def _containers(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    steps = st.lists(inner, min_size=1, max_size=3)
    return st.one_of(
        st.tuples(st.just("together"), st.lists(steps, min_size=1, max_size=3), deadlines, st.booleans()),
        st.tuples(st.just("choose"), steps, st.lists(inner, max_size=3)),
        st.tuples(st.just("each"), steps, deadlines, st.booleans()),
    )


_leaf = st.sampled_from(["step", "step", "step", "channel", "gate"]).map(lambda kind: (kind,))
_tree = st.recursive(_leaf, _containers, max_leaves=12)
_prefixes = st.sampled_from(["n", "a_step_whose_author_was_in_the_mood_for_very_long_names_indeed_and_more_of_them_"])


def _built(spec: Any, names: Iterator[str], loops: int = 0) -> Part:
    kind, *parts = spec
    name = next(names)

    def inner(specs: Any, deeper: int = 0) -> list[Part]:
        return [_built(each, names, loops + deeper) for each in specs]

    if kind == "together":
        return Parallel(*map(inner, parts[0]), deadline=parts[1], optional=parts[2])
    if kind == "choose":
        return Choice(function(name), inner(parts[0]), inner(parts[1]))
    if kind == "each":
        return ForEach(function(name), *inner(parts[0], 1), deadline=parts[1], optional=parts[2])
    if kind == "gate" and not loops:
        return On("".join(word.title() for word in name.split("_")))
    if kind == "channel":
        return Step(function(name), queue="publish.{item}" if loops else "publish.main")
    return Step(function(name))


@st.composite
def pipelines(draw: st.DrawFn) -> Pipeline:
    prefix = draw(_prefixes)
    names = (f"{prefix}{number}" for number in itertools.count())
    steps = [_built(spec, names) for spec in draw(st.lists(_tree, min_size=1, max_size=4))]
    on_failure = [_built(spec, names) for spec in draw(st.lists(_tree, max_size=2))]
    return a_pipeline(*steps, deadline=draw(deadlines), on_failure=on_failure)
