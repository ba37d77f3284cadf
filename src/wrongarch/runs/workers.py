"""Keep commands in flight until a plan is done.

One thread (the caller's) does all of it: it submits, waits for whichever command ends first, judges, retries, records.
The engine's session runs the commands; a slot is filled again before the command that left it is judged.
"""

from __future__ import annotations

import queue
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from typing import Literal

import msgspec

from wrongarch.engines.base import Command, Outcome, Session, describe
from wrongarch.engines.output import Kept
from wrongarch.errors import MachineError
from wrongarch.process import pasteable
from wrongarch.recipes import model
from wrongarch.recipes.suites.base import SCRATCH, Case, Execution, Verdict, headline, text_of
from wrongarch.runs.model import Options
from wrongarch.runs.plan import Plan
from wrongarch.runs.results import Attempt, Collector, ExpectedOf, failing, settle

_FOLDERS_AT_ONCE = 64
_FOLDERS_SECONDS = 120.0
_LARGEST_FILE = 64 << 20  # bytes of a report
_DEAD_AFTER = 16  # executions that all died alike before we ask whether the program starts at all

Stop = Literal["", "failures", "dead"]
"""Why a run ended before its last test: enough failures, or a program that cannot even start."""


class _Job(msgspec.Struct, kw_only=True, eq=False):
    """An execution under way, with the attempts made so far; `scratch` is its folder in the guest, or "".

    `kept` is the output of a harness.
    """

    execution: Execution
    suite: model.Suite
    attempts: list[Attempt]
    scratch: str
    kept: Kept | None = None


class Workers:
    """Runs the cases of a plan in a session, `jobs` at a time; harnesses in one of their own, where there is one."""

    def __init__(
        self,
        session: Session,
        plan: Plan,
        collector: Collector,
        *,
        options: Options,
        jobs: int,
        interpreter: str,
        expected: ExpectedOf,
        keep_log: Callable[[bytes], int],
        on_start: Callable[[Case], None] = lambda _: None,
        on_failure: Callable[[Case, Outcome | None, Verdict | None], None] = lambda *_: None,
        harnesses: Session | None = None,
        on_output: Callable[[bytes], None] = lambda _: None,
    ) -> None:
        self.stop: Stop = ""
        self.done = 0
        self._session = session
        self._harnesses = harnesses
        self._on_output = on_output
        self._plan = plan
        self._collector = collector
        self._options = options
        self._jobs = jobs
        self._interpreter = interpreter
        self._expected = expected
        self._scratch = ScratchFolders(session)
        self._keep_log = keep_log
        self._on_start = on_start
        self._on_failure = on_failure
        self._flying: list[_Job] = []
        self._again: deque[_Job] = deque()
        self._ended: queue.SimpleQueue[tuple[_Job, Future[Outcome]]] = queue.SimpleQueue()

    def run(self, *, after_each: Callable[[], None], is_dead: Callable[[], bool]) -> None:
        """Run everything, calling `after_each` when an execution is done.

        `is_dead` is asked once, when the first executions all died of the same signal: whether the program dies of it
        even with nothing to do. Ctrl-C comes out as KeyboardInterrupt, a broken session as MachineError; what was
        done until then is in the collector.
        """
        cases = iter(self._plan.cases)
        asked = False
        self._fill(cases, after_each)
        while self._flying:
            job, future = self._ended.get()
            outcome = future.result()
            if job.kept is not None:
                outcome = msgspec.structs.replace(outcome, stdout=job.kept.data, dropped=job.kept.dropped)
            self._flying.remove(job)
            self._fill(cases, after_each)
            if self._judge(job, outcome):
                self._finish(job, after_each)
            else:
                self._fill(cases, after_each)
            if not asked and self._all_died_alike():
                asked = True
                self.stop = "dead" if is_dead() else self.stop
            if self.stop:
                return  # what still runs is killed with the session

    def abandon(self, lost: str = "") -> None:
        """Settle what cannot be tried again. With `lost`, a reason, commands under way count as lost for it."""
        while self._again:
            self._finish(self._again.popleft(), _nothing)
        for job in self._flying if lost else ():
            outcome = Outcome(reason="lost", error=lost)
            job.attempts.append(Attempt(verdict=Verdict(status="failed", message=describe(outcome)), outcome=outcome))
            self._finish(job, _nothing)
        self._flying = []

    def _fill(self, cases: Iterator[Case], after_each: Callable[[], None]) -> None:
        """Start commands until every slot is taken or nothing is left."""
        while len(self._flying) < self._jobs and not self.stop:
            if self._again:
                self._submit(self._again.popleft())
                continue
            case = next(cases, None)
            if case is None:
                return
            job = self._job(case)
            if job.execution.decided is not None:
                job.attempts.append(Attempt(verdict=job.execution.decided, outcome=None))
                self._finish(job, after_each)
            else:
                self._submit(job)

    def _job(self, case: Case) -> _Job:
        kind = self._plan.kinds[case.suite]
        scratch = self._scratch.take() if kind.suite.scratch else ""
        return _Job(execution=kind.execution(case, scratch), suite=kind.suite, attempts=[], scratch=scratch)

    def _renew(self, job: _Job) -> None:
        """Give the next attempt an empty scratch folder."""
        if job.scratch:
            self._scratch.give_back(job.scratch)
            job.scratch = self._scratch.take()
            case = job.execution.case
            job.execution = self._plan.kinds[case.suite].execution(case, job.scratch)

    def _submit(self, job: _Job) -> None:
        if job.attempts:
            self._renew(job)
        else:
            self._on_start(job.execution.case)  # on disk before it starts: a kill of the whole run leaves its name
        future = self._start(job)
        self._flying.append(job)
        future.add_done_callback(lambda done: self._ended.put((job, done)))

    def _start(self, job: _Job) -> Future[Outcome]:
        """Start a command. A harness may take hours: its output is handed on as it comes."""
        command = job.execution.command(self._options.timeout_scale)
        if not job.execution.tools:
            return self._session.submit(command)
        kept = job.kept = Kept(command.output_limit)

        def hear(data: bytes) -> None:
            kept.add(data)
            self._on_output(data)

        return (self._harnesses or self._session).submit(command, hear)

    def _judge(self, job: _Job, outcome: Outcome) -> bool:
        """Judge one attempt; whether it was the last."""
        execution = job.execution
        by_native_tools = execution.tools and self._harnesses is not None
        self._collector.saw(execution.case, outcome, self._interpreter, counts=not by_native_tools)
        if outcome.reason == "lost":
            verdict = Verdict(status="failed", message=describe(outcome))
        else:
            verdict = execution.judge(outcome, self._read)
        bad = verdict.status == "failed" or any(case.status == "failed" for case in verdict.cases)
        log = self._keep_log(log_text(execution, outcome, verdict)) if bad else 0
        logs = {
            case.name: self._keep_log(f"{case.name}\n{case.message}\n\n{case.output}\n".encode())
            for case in (verdict.cases if verdict.own else ())
            if case.status == "failed" or case.flaky
        }
        job.attempts.append(Attempt(verdict=verdict, outcome=outcome, log=log, logs=logs))
        retries = job.suite.retries if self._options.retries is None else self._options.retries
        wanted = len(job.attempts) <= retries and outcome.reason not in ("lost", "not-started")
        if wanted and not self.stop and failing(execution, verdict, self._expected):
            self._again.append(job)
            return False
        return True

    def _finish(self, job: _Job, after_each: Callable[[], None]) -> None:
        results = settle(job.execution, job.attempts, self._expected)
        outcome = job.attempts[-1].outcome
        ran = len(results) if outcome is not None and outcome.reason not in ("lost", "not-started") else 0
        self._collector.add(job.execution.case.suite, results, ran=ran)
        bad = [result for result in results if result.status in ("failed", "flaky")]
        if job.attempts[-1].verdict.own:
            for result in bad:
                if result.test != job.execution.case.test:  # the harness as a whole cannot be captured
                    self._on_failure(Case(result.suite, result.test, result.mode), None, None)
        elif bad:
            self._tell_failure(job)
        if job.scratch:
            self._scratch.give_back(job.scratch)
        self.done += 1
        most = 1 if self._options.fail_fast else self._options.max_failures
        if most is not None and self._collector.failures >= most:
            self.stop = self.stop or "failures"
        after_each()

    def _tell_failure(self, job: _Job) -> None:
        """Hand on the attempt that tells most: the last one that failed."""
        for attempt in reversed(job.attempts):
            bad = attempt.verdict.status == "failed" or any(case.status == "failed" for case in attempt.verdict.cases)
            if bad and attempt.outcome is not None:
                self._on_failure(job.execution.case, attempt.outcome, attempt.verdict)
                return

    def _read(self, path: str) -> bytes:
        """A file of the guest, read by the guest: a link that a test left leads only to the guest's own files."""
        command = Command(argv=("cat", "--", path), timeout=60.0, output_limit=_LARGEST_FILE, merge_stderr=False)
        outcome = self._session.run(command)
        if outcome.dropped:
            raise OSError(f"it is larger than {_LARGEST_FILE >> 20} MiB")
        if outcome.reason != "exit" or outcome.exit_code != 0:
            raise OSError(headline(outcome.stderr.decode(errors="replace")) or describe(outcome))
        return outcome.stdout

    def _all_died_alike(self) -> bool:
        endings = self._collector.endings
        if len(endings) != 1 or endings.total() < min(_DEAD_AFTER, len(self._plan.cases)):
            return False
        ending = next(iter(endings))
        return ending.startswith("killed by") or ending == "not-started"


class ScratchFolders:
    """Empty folders in the guest, for executions to work in.

    They lie in the session's own layer, not in a folder of the host: a file system of the host may number the entries
    of a folder with 64 bits, and emulated 32-bit programs cannot list it (https://bugs.launchpad.net/qemu/+bug/1805913).
    They are made and removed many at once, since each command costs an emulator's start.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._made = 0
        self._ready: deque[str] = deque()
        self._used: list[str] = []

    def take(self) -> str:
        """An empty folder that nobody else has, by its path in the guest. Raises MachineError if none can be made."""
        if not self._ready:
            names = [f"{SCRATCH}/{self._made + number}" for number in range(1, _FOLDERS_AT_ONCE + 1)]
            self._made += len(names)
            script = f"rm -rf -- {' '.join(self._used)}; mkdir -p -- {' '.join(names)} && chmod 1777 {' '.join(names)}"
            outcome = self._session.run(Command(argv=("sh", "-c", script), timeout=_FOLDERS_SECONDS))
            if outcome.reason != "exit" or outcome.exit_code != 0:
                raise MachineError(
                    f"cannot make scratch folders in the guest: {describe(outcome)}",
                    fix="see what the image can do: wrongarch shell ARCH",
                    detail=text_of(outcome),
                )
            self._ready.extend(names)
            self._used = []
        return self._ready.popleft()

    def give_back(self, path: str) -> None:
        """Nobody needs that folder any more."""
        self._used.append(path)


def _nothing() -> None:
    """Nobody has to be told."""


def log_text(execution: Execution, outcome: Outcome, verdict: Verdict) -> bytes:
    """What is kept of a failed attempt: the command, how it ended, and its output."""
    head = [
        execution.case.id,
        f"in the guest: {pasteable(execution.argv, execution.env, execution.cwd)}",
        f"{describe(outcome)} after {outcome.seconds:.2f} s, peak memory {outcome.max_rss >> 20} MiB, "
        f"interpreter {outcome.interpreter}",
        verdict.message,
    ]
    if outcome.stray:
        head.append(f"it left {outcome.stray} processes behind, which were killed")
    if outcome.dropped:
        head.append(f"{outcome.dropped} bytes in the middle of the output were dropped")
    text = "\n".join(line for line in head if line).encode(errors="replace") + b"\n\n" + outcome.stdout
    return text + (b"\n--- stderr ---\n" + outcome.stderr if outcome.stderr else b"")
