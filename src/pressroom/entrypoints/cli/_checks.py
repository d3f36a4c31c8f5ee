"""What `doctor` looks at once the workspace is open. Each check yields findings and changes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from pressroom.entrypoints.cli._findings import Line, ok, warning, wrong

if TYPE_CHECKING:
    from pressroom.findings import Finding
    from pressroom.runtime import Runtime


def secret_checks(runtime: Runtime) -> Iterator[Line]:
    """Read every secret once: a wrong key or a damaged file shows now, not when a post is due."""
    from pressroom.errors import PressroomError

    try:
        names = runtime.ports.secrets.names()
        for name in names:
            runtime.ports.secrets.get(name)
    except PressroomError as error:
        yield wrong("secrets", error.what, error.todo)
        return
    yield ok("secrets", f"{len(names)} can be read." if names else "None is set, and none can leak.")


def queue_checks(runtime: Runtime) -> Iterator[Line]:
    """Look for deliveries that nobody takes: no worker runs, or none serves their queue."""
    from pressroom.entrypoints.cli._output import duration
    from pressroom.waiting import waiting

    well = True
    for one in waiting(runtime):
        waits = f"{one.count} deliveries wait on the queue {one.queue}, the oldest for {duration(one.age)}."
        if not one.is_served:
            well = False
            yield wrong(
                "queues",
                f"{waits} No worker serves this queue: its channel or pipeline is not configured any more.",
                "Configure it again, or cancel the jobs that wait there: `pressroom jobs --status processing`.",
            )
        elif one.is_late:
            well = False
            yield wrong("queues", waits, "No worker takes them. Start one: `pressroom up` or `pressroom worker`.")
    if well:
        yield ok("queues", "Nothing waits for long.")


def attention_checks(runtime: Runtime) -> Iterator[Line]:
    """Look for what waits for a person."""
    from pressroom.publications import PublicationState

    if held := runtime.ports.publications.count([PublicationState.HELD]):
        yield warning("held posts", f"{held} wait for a decision.", "pressroom held list")
    if dead := runtime.ports.dead_letters.count():
        yield warning("dead deliveries", f"{dead} are not tried any more.", "pressroom dead list")


def all_channel_checks(runtime: Runtime, *, offline: bool) -> Iterator[Line]:
    for name in runtime.publishing.channels():
        yield from channel_checks(runtime, name, offline=offline)


def channel_checks(runtime: Runtime, name: str, *, offline: bool) -> Iterator[Line]:
    """Check one channel: its settings, its secrets, whether it is paused, and what its network says."""
    from pressroom.entrypoints.cli._output import local
    from pressroom.errors import PressroomError, UnknownName

    about = f"channel {name}"
    if name not in (known := runtime.publishing.channels()):
        unknown = UnknownName("channel", name, known)
        unknown.todo += f"\nTo add it, write into {runtime.config.file}:\n{lines_to_add(name)}"
        raise unknown
    state = runtime.ports.channel_states.get(name)
    if state.paused:
        yield wrong(about, f"It is paused: {state.paused}", f"Mend that, then `pressroom channels resume {name}`.")
    elif state.closed_until and state.closed_until > runtime.ports.clock.now():
        yield warning(
            about, f"Nothing is sent before {local(state.closed_until)}: {state.why}", "It goes on by itself."
        )
    try:
        publisher = runtime.publishing.publisher(name)
    except PressroomError as error:
        yield wrong(about, error.what, error.todo)
        return
    missing = missing_secrets(runtime, f"channels.{name}", publisher.needs_secrets)
    if missing:
        yield wrong(about, said(missing), how_to_set(missing))
        return
    lines = list(asked(about, publisher, offline))
    yield from lines
    yield from end_checks(about, runtime, name, lines)


def end_checks(about: str, runtime: Runtime, name: str, told: Sequence[Line]) -> Iterator[Line]:
    """Warn of a channel's tokens and versions that end soon or have ended, but for those that `told` speaks of."""
    from pressroom.errors import PressroomError
    from pressroom.token_ends import sentence, stage

    now = runtime.ports.clock.now()
    try:
        infos = runtime.publishing.publisher(name).tokens()
    except PressroomError as error:
        if not any(line.what == error.what for line in told):
            yield wrong(about, error.what, error.todo)
        return
    for info in infos:
        due, day = stage(info, now), f"{info.expires_at:%Y-%m-%d}"
        if due is None or any(day in line.what for line in told):
            continue  # a network's own check may tell of it in its own words
        yield (warning if due else wrong)(about, sentence(info, now), info.todo)


def requests_shown(runtime: Runtime, name: str) -> tuple[str, ...]:
    """Return what a sample post would be sent by; nothing for a channel whose settings are wrong, which is told."""
    from pressroom.errors import PressroomError

    try:
        publisher = runtime.publishing.publisher(name)
    except PressroomError:
        return ()
    return publisher.dry_run()


def generator_checks(runtime: Runtime, *, offline: bool) -> Iterator[Line]:
    """Check every configured generator and those that pipelines name: secrets, reachability, the model's end."""
    from pressroom.errors import PressroomError

    for name in _generators_in_use(runtime):
        about = f"generator {name}"
        try:
            generator: Any = runtime.generators.named(name)
        except PressroomError as error:
            yield wrong(about, error.what, error.todo)
            continue
        missing = missing_secrets(runtime, f"generators.{name}", (generator.needs_secrets,))
        if missing:
            yield wrong(about, said(missing), how_to_set(missing))
            continue
        yield from asked(about, generator, offline)


def _generators_in_use(runtime: Runtime) -> list[str]:
    """Return the configured sections and whatever name of a generator stands in a pipeline's settings."""
    from pressroom import registry

    known = {*registry.names("generators"), *runtime.config.generators}
    used = set(runtime.config.generators)
    for settings in runtime.runner.execution.settings.values():
        used |= {value for value in settings.model_dump().values() if isinstance(value, str) and value in known}
    return sorted(used)


def asked(about: str, thing: Any, offline: bool) -> Iterator[Line]:
    """Ask a publisher or generator itself; `offline` leaves that out, since it may reach out."""
    if offline:
        yield ok(about, "Its settings and secrets are there.")
        return
    try:
        findings: list[Finding] = thing.check()
    except Exception as error:  # noqa: BLE001 - whatever a plugin's check raises is a finding, not the end of doctor
        from pressroom.errors import problem_of

        problem = problem_of(error)
        yield wrong(about, problem.what, problem.todo)
        return
    for finding in findings:
        yield from_core(about, finding)
    if not findings:
        yield ok(about, "It needs nothing from outside.")


def from_core(about: str, finding: Finding) -> Line:
    if not finding.ok:
        return wrong(about, finding.what, finding.todo)
    return warning(about, finding.what, finding.todo) if finding.todo else ok(about, finding.what)


def lines_to_add(channel: str) -> str:
    """Return the lines of the settings that a channel needs at the least."""
    from pressroom import registry

    return f'  [channels.{channel}]\n  network = "…"    # one of: {", ".join(registry.names("publishers"))}'


def missing_secrets(runtime: Runtime, section: str, sets: tuple[tuple[str, ...], ...]) -> list[list[str]]:
    """Return the full names of what is missing, one list for each set that would do; empty if nothing is."""
    from pressroom.secret_sets import lacking

    ways = lacking(sets, lambda name: runtime.ports.secrets.get(f"{section}.{name}"))
    return [[f"{section}.{name}" for name in way] for way in ways]


def said(missing: list[list[str]]) -> str:
    return f"Secrets are missing: {'; or else '.join(', '.join(names) for names in missing)}."


def how_to_set(missing: list[list[str]]) -> str:
    return "\nor else\n".join("\n".join(f"pressroom secrets set {name}" for name in names) for names in missing)
