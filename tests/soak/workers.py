"""Processes of the real program that are killed without warning, and replaced."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterable, Sequence

from tests.soak.workspace import Workspace


class Workers:
    """Keeps a process running for each command while it is entered; `kill` ends them by SIGKILL."""

    def __init__(self, workspace: Workspace, commands: Sequence[str]) -> None:
        self._workspace, self._commands = workspace, list(commands)
        self._log = workspace.log.open("a")
        self._processes: list[subprocess.Popen[bytes]] = []
        self.kills = 0
        self.cut_off: set[tuple[str, str]] = set()
        """Public calls that were under way when every worker was killed: the post, and when its call was begun."""
        self.ended: list[int] = []
        """Exit codes of those that ended by themselves."""

    def start(self, **settings: object) -> None:
        """Start what does not run; `settings` of the environment are `pressroom.toml`'s, with __ between names."""
        over = {f"PRESSROOM_{name.upper()}": str(value) for name, value in settings.items()}
        fresh = [self._new(command, over) for command in self._commands[len(self._processes) :]]
        self._processes += fresh
        for number, process in enumerate(self._processes):
            code = process.poll()
            if code is None:
                continue
            if code != -signal.SIGKILL:
                self.ended.append(code)
            self._processes[number] = self._new(self._commands[number], over)

    def kill(self, numbers: Iterable[int] = ()) -> None:
        """Kill some, or all of them at once, and wait until they are gone."""
        chosen = list(numbers) or range(len(self._processes))
        for number in chosen:
            if self._processes[number].poll() is None:
                self._processes[number].send_signal(signal.SIGKILL)
                self.kills += 1
        for number in chosen:
            self._processes[number].wait()

    def kill_all_in_the_call(self) -> None:
        """Kill all of them, and note the posts whose public call that has cut off."""
        self.kill()
        self.cut_off |= self.calls()

    def calls(self) -> set[tuple[str, str]]:
        """Return the public calls that are under way now, without those that were cut off before."""
        in_the_call = self._workspace.in_the_call
        return {(one.id, one.attempts[-1].last_call_at.isoformat()) for one in in_the_call} - self.cut_off

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._processes:
            process.terminate()
        for process in self._processes:
            process.wait(30)
        self._log.close()

    def _new(self, command: str, over: dict[str, str]) -> subprocess.Popen[bytes]:
        line = [sys.executable, "-m", "pressroom", "--workspace", str(self._workspace.folder), command]
        environment = self._workspace.environment | over
        return subprocess.Popen(line, env=environment, stdout=self._log, stderr=self._log)
