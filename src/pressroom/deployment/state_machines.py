"""The state machine of a pipeline: it walks the same tree as `plan`, asks the core at each node, and decides nothing.

Why so: docs/decisions/0026. What it asks and is answered: `standing`.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pressroom.deployment import states
from pressroom.deployment.standing import Go, is_a_channels
from pressroom.deployment.states import Patience, State, named
from pressroom.errors import UnknownName
from pressroom.nodes import Choice, ForEach, Node, Parallel, Step
from pressroom.pipeline import Pipeline

THE_JOB = "The job"
_IN_TIME = "All of it is over, so the deadline is not waited for."
_ARN = re.compile(r"\$\{(\w+)\}")


def state_machine(pipeline: Pipeline, patience: Patience = Patience()) -> State:  # noqa: B008 - a frozen value
    """Return the definition of the pipeline's state machine; its executions get `{"job_id": …}` as their input.

    `${steps}`, `${look}`, `${pause}` (functions) and `${publishing}` (the topic) stand where ARNs belong: `filled`
    puts them in, as does Terraform's `templatefile` with the definition as JSON.
    """
    machine = _Machine(patience, is_in_a_loop=False)
    return {
        "Comment": f"The pipeline {pipeline.name}. Made from it by `pressroom aws synth`: change it there.",
        "QueryLanguage": "JSONPath",
        "StartAt": machine.job(pipeline),
        "States": machine.states,
    }


def filled(definition: State, arns: Mapping[str, str]) -> State:
    """Return the definition with the ARNs in it: of `steps`, `look`, `pause` and `publishing`."""

    def arn(found: re.Match[str]) -> str:
        if found[1] not in arns:
            raise UnknownName("ARN for a state machine", found[1], arns)
        return arns[found[1]]

    def fill(part: Any) -> Any:
        if isinstance(part, str):
            return _ARN.sub(arn, part)
        if isinstance(part, dict):
            return {key: fill(value) for key, value in part.items()}
        return [fill(value) for value in part] if isinstance(part, list) else part

    whole: State = fill(definition)
    return whole


@dataclass
class _Machine:
    """The states of one machine, or of one branch or turn inside it, as they come up."""

    patience: Patience
    is_in_a_loop: bool
    states: dict[str, State] = field(default_factory=dict)

    # --- the whole

    def job(self, pipeline: Pipeline) -> str:
        """Add everything; return where the machine starts."""
        steps = pipeline.steps[1:] if pipeline.upload_gate else pipeline.steps
        # The job as a whole is asked for like a join: it may be reopened, and then its steps go on.
        work = named(steps[0].name)
        start = work
        if pipeline.deadline is not None:
            start = THE_JOB
            work = named(THE_JOB, "its steps or its deadline")
            self.states[work] = self._race("", THE_JOB, self._branch(steps, states.failing(states.JOINED, _IN_TIME)))
        else:
            self.sequence(steps, THE_JOB, THE_JOB)
        ways = [(Go.ON, named(THE_JOB, "over")), (Go.ENTER, work)]
        if pipeline.on_failure:
            ways.append((Go.ON_FAILURE, named(pipeline.on_failure[0].name)))
        decision = named(THE_JOB, "what now?")
        self.states[THE_JOB] = self._look(
            "", ["go", "at"], decision, "How the job stands, now that its steps are over."
        )
        self.states[decision] = states.deciding([({"go": go}, then) for go, then in ways], named(THE_JOB, "failed"))
        self.sequence(pipeline.on_failure, THE_JOB, THE_JOB)
        self.states[named(THE_JOB, "over")] = states.ending("Completed, skipped or cancelled.")
        self.states[named(THE_JOB, "failed")] = states.failing(
            "Pressroom.JobFailed", "`pressroom --runtime aws jobs JOB` says why; the execution bears the job's id."
        )
        return start

    def sequence(self, nodes: Sequence[Node], then: str, stop: str) -> str:
        """Add nodes, one after the other; return where they start. From `stop` nothing of them goes on."""
        following = [*(named(node.name) for node in nodes[1:]), then]
        for node, after in zip(nodes, following, strict=False):
            self._node(node, after, stop)
        return named(nodes[0].name) if nodes else then

    # --- its nodes

    def _node(self, node: Node, then: str, stop: str) -> None:
        name = named(node.name)
        decision = named(node.name, "what now?")
        if isinstance(node, Step):
            self.states[name] = self._step(node, decision)
        else:
            self.states[name] = self._look(node.name, _SELECTED.get(type(node), ["go"]), decision, _comment(node))
        ways: list[tuple[Mapping[str, str | bool], str]] = [({"go": Go.ON}, then)]
        if isinstance(node, Choice):
            yes, no = (_first(nodes, then) for nodes in (node.then, node.otherwise))
            ways = [({"go": Go.ON, "chosen": True}, yes), ({"go": Go.ON}, no)]
        elif isinstance(node, Step):
            ways.append(({"go": Go.AGAIN}, named(node.name, "later")))
        elif isinstance(node, Parallel | ForEach):
            ways.append(({"go": Go.ENTER}, named(node.name, "go in")))
        self.states[decision] = states.deciding([*ways, ({"go": Go.PAUSE}, named(node.name, "pause"))], stop)
        if isinstance(node, Step):
            self.states[named(node.name, "later")] = states.waiting(name, "Until it is due: a retry, a pace, a lease.")
        asked = states.question(node.name, is_in_a_loop=self.is_in_a_loop)
        self.states[named(node.name, "pause")] = states.pausing(asked, name, self.patience)
        if isinstance(node, Choice):
            self.sequence(node.then, then, stop)
            self.sequence(node.otherwise, then, stop)
        elif isinstance(node, Parallel | ForEach):
            self.states[named(node.name, "go in")] = self._inside(node, name)

    def _step(self, step: Step, then: str) -> State:
        asked = states.question(step.name, is_in_a_loop=self.is_in_a_loop)
        if not is_a_channels(step):
            return states.asking(states.STEPS, asked, ["go", "at"], then, self.patience, _comment(step))
        queue = {"StringValue": step.queue}
        if self.is_in_a_loop:
            queue = {"StringValue.$": f"$.queues.{step.name}"}
        return states.sending(queue, asked, ["go", "at"], then, self.patience, _comment(step))

    def _inside(self, node: Parallel | ForEach, then: str) -> State:
        """Return what is done inside a join; `then` asks how it stands once that is over."""
        if node.deadline is None:
            return self._work(node, then)
        work, joined = named(node.name, "work"), named(node.name, "joined")
        raced = {work: self._work(node, joined), joined: states.failing(states.JOINED, _IN_TIME)}
        return self._race(node.name, then, {"StartAt": work, "States": raced})

    def _work(self, node: Parallel | ForEach, then: str) -> State:
        if isinstance(node, Parallel):
            return states.together([self._branch(branch) for branch in node.branches], then, _comment(node))
        return states.turning(_Machine(self.patience, is_in_a_loop=True)._branch(node.steps), then, _comment(node))

    # --- parts of nodes

    def _look(self, path: str, selected: Sequence[str], then: str, comment: str) -> State:
        asked = states.question(path, is_in_a_loop=self.is_in_a_loop)
        return states.asking(states.LOOK, asked, selected, then, self.patience, comment)

    def _branch(self, nodes: Sequence[Node], end: State | None = None) -> State:
        """Return a machine of its own that ends so, by default well, whatever becomes of its nodes."""
        inner = _Machine(self.patience, self.is_in_a_loop)
        name = named(nodes[0].name, "end of branch")
        start = inner.sequence(nodes, name, name)
        inner.states[name] = end or states.ending("Whoever joins the branches asks what became of it.")
        return {"StartAt": start, "States": inner.states}

    def _race(self, path: str, then: str, work: State) -> State:
        """Return the race of work against the deadline at `path`, which the core keeps: the machine only waits."""
        node = path or THE_JOB
        until, late, check = (named(node, says) for says in ("until its deadline", "deadline", "has it passed?"))
        over = named(node, "late")
        asked = states.question(path, is_in_a_loop=self.is_in_a_loop)
        timer = {
            until: states.waiting(late, "It may be changed by the settings: the core says when."),
            late: states.asking(
                states.STEPS, asked, ["go", "at"], check, self.patience, "Passes over what is not done yet."
            ),
            # Somebody else may hold the deadline at this moment; then it is asked for once more.
            check: states.deciding([({"go": Go.ENTER}, until)], over),
            over: states.failing(states.LATE, "The deadline has passed."),
        }
        return states.racing([work, {"StartAt": until, "States": timer}], then, "Until the first of the two is over.")


_SELECTED: Mapping[type, Sequence[str]] = {
    Choice: ["go", "chosen"],
    Parallel: ["go", "at"],
    ForEach: ["go", "at", "turns"],
}


def _first(nodes: Sequence[Node], otherwise: str) -> str:
    return named(nodes[0].name) if nodes else otherwise


def _comment(node: Node) -> str:
    """Return what the node is for, in its author's words where it is a function's."""
    if isinstance(node, Parallel):
        return "All branches at the same time, and on once all are over."
    function = node.run if isinstance(node, Step) else node.when if isinstance(node, Choice) else None
    if isinstance(node, ForEach):
        function = node.over
    if function is None:
        return f"Waits for {getattr(node, 'event', 'an event')} of the job."
    said = (inspect.getdoc(function) or f"The step {node.name}.").partition("\n")[0]
    return said.replace("${", "{").replace("%{", "{")  # which Terraform would take for its own
