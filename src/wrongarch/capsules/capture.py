"""Look at a failing test again, in the session it failed in, and know all that it takes to see it elsewhere.

The command runs once more with QEMU's log of system calls; the files it asked for, what its programs need to start,
and the test itself are what a slim capsule holds.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec

from wrongarch.capsules import compare, expecting
from wrongarch.capsules.closure import Closure
from wrongarch.capsules.gather import Gathered, Gatherer
from wrongarch.capsules.guest import Entry, Guest
from wrongarch.capsules.manifest import Limits, Test, seen_of
from wrongarch.capsules.trace import Trace
from wrongarch.engines.base import Command, Outcome
from wrongarch.engines.sandbox import environment
from wrongarch.errors import MachineError
from wrongarch.recipes.suites.base import SCRATCH, Case, Execution, Harness, Verdict, text_of
from wrongarch.runs import scrub
from wrongarch.runs.keeper import Scene
from wrongarch.runs.model import exact_filter

WORKPLACE = f"{SCRATCH}/capsule"
"""The scratch folder of a captured test: the same each time, so that the capsule is."""

TRACES = "/run/wrongarch-trace"
_PATH = re.compile(r"/[^\s=,:;'\"]+")
_SET_UP_SECONDS = 60.0
_TRACE_SECONDS = (20.0, 60.0)  # at least, at most: a test that hangs opens its files at the start


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """A test looked at: its entry of the manifest, what it printed, its program's path, and what it needs.

    `loader` is the program's ELF interpreter, "" where it has none.
    """

    test: Test
    output: bytes
    program: str
    loader: str
    entries: dict[str, Entry]
    folders: tuple[str, ...]
    left_out: tuple[str, ...] = ()


class Capturer:
    """Captures tests of one scene, one at a time."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.guest = Guest(scene.spec.root, scene.spec.mounts)
        self._secrets = scrub.secret_values(os.environ)

    def take(self, case: Case, outcome: Outcome | None = None, verdict: Verdict | None = None) -> Taken:
        """Look at a test. Without `outcome` and `verdict` of a run it is run here first.

        Raises MachineError where the session cannot make folders, or broke.
        """
        kind = self.scene.kinds[case.suite]
        execution = kind.execution(case, WORKPLACE if kind.suite.scratch else "")
        if execution.decided is not None:
            raise MachineError(
                f"{case.id} runs no command ({execution.decided.message}): there is nothing to capture",
                fix="choose another test",
            )
        if outcome is None or verdict is None:
            self._make_folders(execution)
            outcome = self.scene.session.run(execution.command(self.scene.timeout_scale))
            verdict = execution.judge(outcome, self._read)
        trace, again = self._traced(execution, outcome)
        trace.folders.update(dict.fromkeys(execution.folders))
        return self._taken(execution, outcome, verdict, trace, again)

    def start(self, harness: Harness, case: Case) -> None:
        """Have a harness run one of its tests, which leaves what it takes to run that by itself.

        Raises MachineError if it does not run it.
        """
        harness.pass_on(exact_filter(case.test))
        whole = next(one for one in harness.cases() if one.mode == case.mode)
        execution = harness.execution(whole, "")
        outcome = self.scene.session.run(execution.command(self.scene.timeout_scale))
        verdict = execution.judge(outcome, self._read)
        if all(one.name != case.test for one in verdict.cases):
            raise MachineError(
                f"{case.id} was not run: {verdict.message}", fix="see the ids in results.json of the run"
            )

    def _make_folders(self, execution: Execution) -> None:
        places = [TRACES, *([WORKPLACE] if execution.cwd == WORKPLACE else [])]
        words = " ".join(places)
        script = f"rm -rf -- {words}; mkdir -p -- {words} && chmod 1777 {words}"
        made = self.scene.session.run(Command(argv=("sh", "-c", script), timeout=_SET_UP_SECONDS))
        if made.reason != "exit" or made.exit_code != 0:
            raise MachineError("cannot make folders in the guest for a capsule", detail=text_of(made))

    def _traced(self, execution: Execution, first: Outcome) -> tuple[Trace, Outcome | None]:
        """Run it once more, logging; what the log says, and how it came out."""
        trace = Trace()
        if self.scene.spec.emulator is None:
            return trace, None
        self._make_folders(execution)
        command = execution.command(self.scene.timeout_scale)
        least, most = _TRACE_SECONDS
        seconds = min(command.timeout or most, max(least, min(most, 4 * first.seconds)))
        env = {**command.env, "QEMU_STRACE": "1", "QEMU_LOG_FILENAME": f"{TRACES}/%d"}
        logged = self.scene.session.run(msgspec.structs.replace(command, env=env, timeout=seconds))
        script = f"cat {TRACES}/*"
        read = Command(argv=("sh", "-c", script), timeout=_SET_UP_SECONDS, merge_stderr=False)
        told = self.scene.session.run(read, trace.feed)
        trace.close()
        if "lost" in (logged.reason, told.reason):  # the run is being stopped: half of a trace is no trace
            raise MachineError("the session ended before the test was captured", fix="wrongarch capsule create")
        return trace, logged

    def _read(self, path: str) -> bytes:
        done = self.scene.session.run(Command(argv=("cat", "--", path), timeout=_SET_UP_SECONDS, merge_stderr=False))
        if done.reason != "exit" or done.exit_code != 0:
            raise OSError(text_of(done))
        return done.stdout

    def _taken(
        self, execution: Execution, outcome: Outcome, verdict: Verdict, trace: Trace, again: Outcome | None
    ) -> Taken:
        env = {**environment(self.scene.spec), **execution.command(self.scene.timeout_scale).env}
        closure = Closure(self.guest, self.scene.spec.arch, env)
        closure.add(execution.argv[0], execution.cwd)
        program = next(iter(closure.programs), "")
        for path in (*execution.programs, *trace.executed):
            closure.add(path, execution.cwd)
        if any(
            getattr(one, "report", "") for one in getattr(self.scene.kinds[execution.case.suite].suite, "tests", ())
        ):
            closure.add("cat")  # reads the report that the test writes
        gatherer = Gatherer(self.guest)
        gatherer.entries(closure.found.values())
        for path in (*_paths_in(execution.argv, env), execution.cwd, *trace.candidates(execution.cwd)):
            gatherer.path(path, execution.cwd)
        gatherer.listing(trace.listed, execution.cwd)
        if self.scene.spec.emulator is None:  # nothing told what was opened: the tests' own folders, then
            for mount in self.scene.spec.mounts:
                gatherer.tree(mount.target)
        return Taken(
            test=self._test(execution, outcome, verdict, again, env),
            output=self._output(outcome),
            program=program,
            loader=closure.loader,
            entries=gatherer.entries_now,
            folders=(execution.cwd,) if execution.cwd == WORKPLACE else (),
        )

    def _output(self, outcome: Outcome) -> bytes:
        return compare.normalise(scrub.text(outcome.stdout + outcome.stderr, self._secrets))

    def _test(
        self, execution: Execution, outcome: Outcome, verdict: Verdict, again: Outcome | None, env: Mapping[str, str]
    ) -> Test:
        case = execution.case
        expected = expecting.expected_of(self.scene.kinds[case.suite], case)
        bad = verdict.status == "failed" or any(one.status == "failed" for one in verdict.cases)
        message = (compare.judge(expected, outcome) or verdict.message or "its points failed") if bad else ""
        said = scrub.word(compare.normalise(message.encode(errors="replace")).decode(errors="replace"), self._secrets)
        test = Test(
            id=case.id,
            suite=case.suite,
            test=case.test,
            mode=case.mode,
            argv=tuple(scrub.word(word, self._secrets) for word in execution.argv),
            env=scrub.environment(env, self._secrets),
            cwd=execution.cwd,
            limits=Limits(
                seconds=execution.timeout * self.scene.timeout_scale,
                memory=execution.memory,
                processes=execution.processes,
            ),
            expected=expected,
            seen=seen_of(outcome, passed=not bad, message=said, output="recorded/1.txt", again=None),
        )
        if again is None:
            return test
        came_back = compare.same_ending(test.seen, again)
        return msgspec.structs.replace(test, seen=msgspec.structs.replace(test.seen, again=came_back))


def _paths_in(argv: Iterable[str], env: Mapping[str, str]) -> Iterable[str]:
    """Absolute paths in the words of a command and in its environment."""
    for word in (*argv, *env.values()):
        yield from _PATH.findall(word)


def gathered(guest: Guest, taken: Iterable[Taken], *, full: bool = False) -> Gathered:
    """The members of `root` for some tests; with `full` all that the guest has."""
    gatherer = Gatherer(guest)
    if full:
        gatherer.tree("/")
    folders: list[str] = []
    for one in taken:
        gatherer.entries(one.entries.values())
        folders += one.folders
    return gatherer.finish(folders)


def host_file(guest: Guest, path: str) -> Path | None:
    """The host's file of a guest's path."""
    found = guest.resolve(path)
    return found.host if found is not None and found.kind == "file" else None
