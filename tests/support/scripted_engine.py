"""An engine that runs nothing: it records what it is asked to run and answers from a function."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager

from wrongarch.engines.base import Command, Outcome, SessionSpec

Answer = Callable[[Command], Outcome]

PASSED = Outcome(reason="exit", exit_code=0, seconds=0.5, interpreter="pinned", max_rss=1 << 20)
FAILED = Outcome(reason="exit", exit_code=3, seconds=0.5, interpreter="pinned", stdout=b"Exception: TypeError: x\n")
ABORTED = Outcome(reason="signal", signal=6, seconds=0.1, interpreter="pinned")


class ScriptedSession:
    """Answers each command at once. What `answer` raises comes out of the future."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self.commands: list[Command] = []

    def submit(self, command: Command, on_output: Callable[[bytes], None] | None = None) -> Future[Outcome]:
        self.commands.append(command)
        future: Future[Outcome] = Future()
        try:
            outcome = self._answer(command)
        except BaseException as error:  # noqa: BLE001 - as the contract has it: the future carries it
            future.set_exception(error)
            return future
        if on_output is not None and outcome.stdout:
            on_output(outcome.stdout)
        future.set_result(outcome)
        return future

    def run(self, command: Command, on_output: Callable[[bytes], None] | None = None) -> Outcome:
        return self.submit(command, on_output).result()

    def attach(self, command: Command) -> Outcome:
        return self.submit(command).result()


class ScriptedEngine:
    """Opens scripted sessions; `sessions` and `specs` say what was opened."""

    name = "scripted"

    def __init__(self, answer: Answer = lambda _command: PASSED) -> None:
        self._answer = answer
        self.specs: list[SessionSpec] = []
        self.sessions: list[ScriptedSession] = []

    @property
    def commands(self) -> list[Command]:
        """Everything that was run, in all sessions."""
        return [command for session in self.sessions for command in session.commands]

    @contextmanager
    def open(self, spec: SessionSpec) -> Iterator[ScriptedSession]:
        self.specs.append(spec)
        self.sessions.append(ScriptedSession(self._answer))
        yield self.sessions[-1]
