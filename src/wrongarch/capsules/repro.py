"""Replay a capsule in an engine and compare what happens with what was recorded.

A capsule is a stranger's program: it gets no network, no folder of the host, and bounds on memory, processes, time and
disk, whatever its manifest says (see `Bounds`).
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path

import msgspec

from wrongarch.capsules import compare, read
from wrongarch.capsules.compare import Comparison, Likeness
from wrongarch.capsules.manifest import Test
from wrongarch.capsules.unpacked import Unpacked, choose_emulator, unpacked
from wrongarch.emulators.model import Emulator
from wrongarch.engines.base import Command, Engine, Limits, Outcome, Session, SessionSpec
from wrongarch.errors import MachineError, UsageError

OUTPUT_LIMIT = 1 << 20
_SET_UP_SECONDS = 60.0


class Bounds(msgspec.Struct, frozen=True, kw_only=True):
    """The most that a capsule may use, whatever it asks for: seconds, bytes of memory, processes, bytes of disk."""

    seconds: float = 3600.0
    memory: int = 8 << 30
    processes: int = 4096
    disk: int = 2 << 30


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """How to replay. `emulator` is a pinned version, "native", or "" for the recorded one; `cpu` "" for the recorded.

    `test` names a test of the capsule (see `Manifest.find`), `times` is how often it runs, `env` is added to the test's
    environment, `drop_env` taken away. `one_cpu` leaves it a single CPU of the host, `fixed_addresses` keeps the kernel
    from placing memory at random; both need the sandbox.
    """

    test: str = ""
    emulator: str = ""
    cpu: str = ""
    times: int = 1
    jobs: int = 1
    trust_emulator: bool = False
    env: dict[str, str] = {}
    drop_env: tuple[str, ...] = ()
    one_cpu: bool = False
    fixed_addresses: bool = False
    bounds: Bounds = Bounds()


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What came of it. `emulator` and `cpu` in words, `counts` by likeness, `comparisons` in the order of the runs.

    `recorded` says how the test ended when it was captured, `message` what was wrong then, "" for one that passed.
    """

    capsule: str
    test: str
    engine: str
    emulator: str
    cpu: str
    note: str
    recorded: str
    message: str
    counts: dict[Likeness, int]
    comparisons: tuple[Comparison, ...]

    @property
    def times(self) -> int:
        """How often it ran."""
        return len(self.comparisons)

    @property
    def verdict(self) -> Likeness:
        """ "reproduced" if it ever was, else what happened most."""
        if self.counts.get("reproduced"):
            return "reproduced"
        return max(self.counts, key=lambda likeness: self.counts[likeness])


def replay(
    file: Path,
    options: Options,
    engine: Engine,
    *,
    progress: read.Progress = lambda *_: None,
    on_run: Callable[[int, Comparison], None] = lambda *_: None,
) -> Report:
    """Verify, unpack, run and compare. `on_run` hears of each run, counted from 1.

    Raises UntrustedInput for what is no sound capsule, UsageError, MachineError where this machine cannot run it, and
    what the download of an emulator may raise.
    """
    with unpacked(file, progress) as capsule:
        return replay_unpacked(capsule, options, engine, on_run=on_run)


def replay_unpacked(
    capsule: Unpacked,
    options: Options,
    engine: Engine,
    *,
    on_run: Callable[[int, Comparison], None] = lambda *_: None,
) -> Report:
    """As `replay`, of a capsule that is unpacked already."""
    if options.times < 1:
        raise UsageError(f"a test cannot run {options.times} times", fix="give --times 1 or more")
    test = capsule.manifest.find(options.test)
    chosen = choose_emulator(capsule, options.emulator, trust=options.trust_emulator)
    recorded = capsule.recorded(test)
    comparisons: list[Comparison] = []
    with opened(capsule, test, options, engine, chosen.emulator) as bench:
        for outcome, report in bench.runs(options.times, options.jobs):
            comparisons.append(compare.compare(test, recorded, outcome, report))
            on_run(len(comparisons), comparisons[-1])
    return Report(
        capsule=capsule.manifest.name,
        test=test.id,
        engine=engine.name,
        emulator=f"QEMU {chosen.emulator.release}" if chosen.emulator is not None else "native",
        cpu=bench.cpu or "",
        note=chosen.note,
        recorded=compare.ending_words(test.seen),
        message="" if test.seen.passed else test.seen.message,
        counts=dict(Counter(one.likeness for one in comparisons)),
        comparisons=tuple(comparisons),
    )


class Bench:
    """An open session with one test of a capsule in it."""

    def __init__(self, session: Session, capsule: Unpacked, test: Test, options: Options, cpu: str | None) -> None:
        self.session = session
        self.capsule = capsule
        self.test = test
        self.cpu = cpu
        self._options = options

    def command(self, **changes: object) -> Command:
        """The test's command, within bounds; `changes` are fields of `Command`."""
        test, bounds = self.test, self._options.bounds
        env = {name: value for name, value in test.env.items() if name not in self._options.drop_env}
        env.pop("QEMU_CPU", None)
        if self.cpu:
            env["QEMU_CPU"] = self.cpu
        plain = Command(
            argv=test.argv,
            env={**env, **self._options.env},
            cwd=test.cwd,
            timeout=min(test.limits.seconds, bounds.seconds),
            memory=min(test.limits.memory, bounds.memory),
            processes=min(test.limits.processes, bounds.processes),
            output_limit=OUTPUT_LIMIT,
        )
        return msgspec.structs.replace(plain, **changes) if changes else plain

    def runs(self, times: int, jobs: int = 1) -> Iterator[tuple[Outcome, bytes | None]]:
        """Run it `times` times, up to `jobs` at once; outcomes as they come, with the report that the test wrote."""
        if self.test.expected.report or jobs < 2:
            for _ in range(times):
                outcome = self.session.run(self.command())
                yield outcome, self._report(outcome)
            return
        flying: deque[Future[Outcome]] = deque()
        for _ in range(times):
            if len(flying) >= jobs:
                yield flying.popleft().result(), None
            flying.append(self.session.submit(self.command()))
        while flying:
            yield flying.popleft().result(), None

    def _report(self, outcome: Outcome) -> bytes | None:
        written = self.test.expected.report
        if not written or outcome.reason != "exit":
            return None
        command = Command(argv=("cat", "--", f"{self.test.cwd}/{written}"), timeout=_SET_UP_SECONDS, merge_stderr=False)
        done = self.session.run(command)
        return done.stdout if done.reason == "exit" and done.exit_code == 0 else b""


@contextmanager
def opened(
    capsule: Unpacked, test: Test, options: Options, engine: Engine, emulator: Emulator | None, **changes: object
) -> Iterator[Bench]:
    """A session over the capsule's root. `changes` are fields of `SessionSpec`."""
    manifest = capsule.manifest
    cpu = (options.cpu or manifest.cpu or manifest.machine.cpu) if emulator is not None else None
    if (options.one_cpu or options.fixed_addresses) and engine.name != "sandbox":
        raise MachineError(f"{engine.name} cannot be told about CPUs and addresses", fix="use --engine sandbox")
    spec = SessionSpec(
        arch=manifest.machine,
        root=capsule.root,
        emulator=emulator,
        cpu=cpu,
        mounts=capsule.mounts,
        scratch_bytes=options.bounds.disk,
        flags=manifest.flags or "POCF",
        limits=Limits(cpus=1.0 if options.one_cpu else None),
        fixed_addresses=options.fixed_addresses,
    )
    if changes:
        spec = msgspec.structs.replace(spec, **changes)
    with engine.open(spec) as session:
        yield Bench(session, capsule, test, options, cpu)
