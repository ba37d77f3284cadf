"""One run from its intent to its last file: whatever happens on the way, what is known gets written down."""

from __future__ import annotations

import os
import platform
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import msgspec

from wrongarch import __version__
from wrongarch.engines.base import Command, Mount, Session, SessionSpec
from wrongarch.errors import Interrupted, MachineError
from wrongarch.paths import remove_tree
from wrongarch.recipes.reading import Recipe
from wrongarch.recipes.suites.base import BUILD, GENERATED, RECIPE, SOURCE, SUITES, WORK, Harness, Kind
from wrongarch.runs import scrub
from wrongarch.runs.building import Build, Ground, native_tools
from wrongarch.runs.diagnose import Probe, diagnosis
from wrongarch.runs.expectations import Expectations
from wrongarch.runs.folder import RunFolder
from wrongarch.runs.history.queries import expected_seconds
from wrongarch.runs.history.store import NATIVE, record
from wrongarch.runs.keeper import Keeper, Nobody, Scene
from wrongarch.runs.model import EmulatorFacts, Intent, Options, Proof, RunDocument, State, Summary
from wrongarch.runs.observer import Observer
from wrongarch.runs.plan import Plan
from wrongarch.runs.proofs import guest_path, interpreter_proof, minimum_proof, program_proof
from wrongarch.runs.results import Collector
from wrongarch.runs.workers import Workers

_PROBE_SECONDS = 60.0
_PROBE_BYTES = 2 << 30


class Setup(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that a run is made of, decided before it starts."""

    recipe: Recipe
    ground: Ground
    options: Options
    plan: Plan
    expectations: Expectations
    build: Build
    jobs: int
    other_emulators: tuple[str, ...] = ()
    explain_loader: Callable[[Path, Path], str] | None = None
    keeper: Keeper = Nobody()


class Execution:
    """The state of a run while it goes."""

    def __init__(self, setup: Setup, folder: RunFolder, observer: Observer) -> None:
        self._setup = setup
        self._folder = folder
        self._observer = observer
        self._collector = Collector(folder, observer.finished)
        self._project = folder.path.parents[2]
        self._intent = _intent(setup, folder.id, self._project, observer.note)
        self._mounts = guest_mounts(setup.recipe, folder.generated, setup.build, setup.plan.kinds)
        self._wanted: Literal["pinned", "native"] = "pinned" if setup.ground.emulator else "native"
        self._began = time.monotonic()
        self._state: State = "broken"
        self._probe: Probe | None = None

    def execute(self) -> RunDocument:
        """Run the plan. Raises Interrupted or MachineError after all that is known was written down."""
        self._folder.begin(self._intent)
        self._observer.started(self._intent)
        try:
            self._run()
        except KeyboardInterrupt as error:
            self._state = "interrupted"
            done, planned = self._collector.executed.total(), self._intent.planned
            what = f"interrupted after {done} of {planned} tests"
            raise Interrupted(what, fix=f"results so far: {self._folder.path}") from error
        except MachineError as error:
            self._folder.event("broken", text=error.what)
            raise
        finally:
            summary = self._close()
        return RunDocument(summary=summary, results=tuple(self._collector.results))

    def _run(self) -> None:
        spec, keeper = self._session_spec(), self._setup.keeper
        with ExitStack() as opened:
            session = opened.enter_context(self._setup.ground.engine.open(spec))
            workers = self._workers(session, self._native_harnesses(spec, opened))
            keeper.begin(self._scene(session, spec), self._folder.path)

            def after_each() -> None:
                self._observer.progress(workers.done)
                self._collector.publish_when_due(lambda: self._summary("running"))

            try:
                workers.run(after_each=after_each, is_dead=lambda: self._program_is_dead(session))
                workers.abandon()
                keeper.finish()
            except BaseException as error:
                workers.abandon(lost=error.what if isinstance(error, MachineError) else "")
                keeper.abandon()
                raise
        self._state = "stopped" if workers.stop else "finished"

    def _native_harnesses(self, spec: SessionSpec, opened: ExitStack) -> Session | None:
        """A session in which harnesses run: their tools are native, the program is emulated, and is seen to be.

        None where all is emulated: without acceleration, or without a harness.
        """
        setup, contents = self._setup, self._setup.recipe.contents
        asked = any(isinstance(setup.plan.kinds[name], Harness) for name in setup.plan.suites)
        if not asked or setup.ground.accel != "full" or not contents.probe:
            return None
        tools = native_tools(setup.ground, self._observer)
        if tools.layer is None:
            return None
        facts = tuple(mount for mount in tools.mounts if not mount.writable)
        native = msgspec.structs.replace(spec, native=tools.layer, mounts=(*facts, *spec.mounts))
        session = opened.enter_context(setup.ground.engine.open(native))
        command = Command(argv=(contents.program, *contents.probe), timeout=_PROBE_SECONDS, memory=_PROBE_BYTES)
        self._collector.interpreters[session.run(command).interpreter] += 1
        return session

    def _workers(self, session: Session, harnesses: Session | None) -> Workers:
        return Workers(
            session,
            self._setup.plan,
            self._collector,
            options=self._setup.options,
            jobs=self._setup.jobs,
            interpreter=self._wanted,
            expected=self._setup.expectations.of,
            keep_log=self._folder.log,
            on_start=lambda case: self._folder.event("begun", text=case.id),
            on_failure=self._setup.keeper.failed,
            harnesses=harnesses,
            on_output=self._observer.output,
        )

    def _scene(self, session: Session, spec: SessionSpec) -> Scene:
        setup = self._setup
        return Scene(
            session=session,
            spec=spec,
            kinds=setup.plan.kinds,
            recipe=setup.recipe,
            engine=setup.ground.engine.name,
            timeout_scale=setup.options.timeout_scale,
        )

    def _session_spec(self) -> SessionSpec:
        ground = self._setup.ground
        return SessionSpec(
            arch=ground.arch,
            root=ground.root,
            emulator=ground.emulator,
            cpu=ground.cpu,
            mounts=self._mounts,
            limits=ground.limits,
            keep=ground.keep,
        )

    def _program_is_dead(self, session: Session) -> bool:
        """Run the program with nothing to do; whether it dies even so."""
        contents = self._setup.recipe.contents
        if not contents.probe:
            return False
        argv = (contents.program, *contents.probe)
        outcome = session.run(Command(argv=argv, timeout=_PROBE_SECONDS, memory=_PROBE_BYTES))
        self._probe = Probe(argv=argv, outcome=outcome)
        return outcome.reason != "exit"

    def _close(self) -> Summary:
        """Prove, diagnose, write the last of each file, remove what only the run itself needed."""
        try:
            proofs = self._proofs() if self._state in ("finished", "stopped") else ()
            summary = self._summary(self._state, proofs=proofs, diagnosed=self._diagnosis())
            self._folder.event("ended", summary=summary)
            self._collector.publish(summary)
            with suppress(MachineError):  # not if that failed: the next start tries again where it sees this (settle)
                remove_tree(self._folder.generated)
            trouble = record(self._project, RunDocument(summary=summary, results=tuple(self._collector.results)))
            if trouble:
                self._observer.note(trouble)
        finally:
            self._folder.close()
        self._observer.ended(summary)
        return summary

    def _summary(self, state: State, *, proofs: tuple[Proof, ...] = (), diagnosed: str = "") -> Summary:
        return Summary(
            intent=self._intent,
            state=state,
            counts=dict(self._collector.counts),
            executed=self._collector.executed.total(),
            elapsed=round(time.monotonic() - self._began, 3),
            process_seconds=round(self._collector.process_seconds, 3),
            proofs=proofs,
            diagnosis=diagnosed,
        )

    def _proofs(self) -> tuple[Proof, ...]:
        arch, plan, collector = self._setup.ground.arch, self._setup.plan, self._collector
        suites = [kind.suite for kind in plan.kinds.values()]
        return (
            program_proof(arch, self._setup.recipe.contents.program, self._program_file()),
            interpreter_proof(collector.interpreters, self._wanted, self._setup.ground.emulator, collector.unproven),
            minimum_proof(suites, arch.name, collector.executed, whole=plan.whole),
        )

    def _program_file(self) -> Path | None:
        return guest_path(self._setup.ground.root, self._mounts, self._setup.recipe.contents.program)

    def _diagnosis(self) -> str:
        explain, file = self._setup.explain_loader, self._program_file()
        return diagnosis(
            self._intent,
            endings=self._collector.endings,
            executed=self._collector.executed.total(),
            probe=self._probe,
            others=self._setup.other_emulators,
            loader=explain(file, self._setup.ground.root) if explain is not None and file is not None else "",
        )


def guest_mounts(recipe: Recipe, generated: Path, build: Build, kinds: Mapping[str, Kind]) -> tuple[Mount, ...]:
    """What tests see below /wrongarch: the recipe, what suites wrote, source, build, and each suite's folder."""
    mounts = [Mount(source=recipe.folder, target=RECIPE), Mount(source=generated, target=GENERATED)]
    for place, target in ((build.source, SOURCE), (build.tree, BUILD)):
        if place is not None:
            mounts.append(Mount(source=place, target=target))
    for name, kind in kinds.items():
        if kind.folder is not None:
            mounts.append(Mount(source=kind.folder, target=f"{SUITES}/{name}"))
        if isinstance(kind, Harness):
            mounts.append(Mount(source=kind.work, target=f"{WORK}/{name}", writable=True))
    return tuple(mounts)


def _intent(setup: Setup, run: str, project: Path, say: Callable[[str], None]) -> Intent:
    ground, recipe = setup.ground, setup.recipe
    emulator, host = ground.emulator, os.uname()
    facts = None
    if emulator is not None:
        facts = EmulatorFacts(
            version=emulator.version, release=emulator.release, target=emulator.target, sha256=emulator.sha256
        )
    return Intent(
        run=run,
        wrongarch=__version__,
        started=datetime.now(UTC).isoformat(timespec="seconds"),
        recipe=recipe.name,
        recipe_file=str(recipe.file),
        form=recipe.form,
        recipe_digest=recipe.digest,
        arch=ground.arch.name,
        root=str(ground.root),
        engine=ground.engine.name,
        jobs=setup.jobs,
        planned=len(setup.plan.cases),
        options=setup.options,
        emulator=facts,
        cpu=ground.cpu,
        command=tuple(scrub.word(word, scrub.secret_values(os.environ)) for word in sys.argv),
        host=f"{host.sysname} {host.release} {host.machine}, {os.cpu_count()} CPUs",
        python=platform.python_version(),
        expected=expected_seconds(
            project,
            [case.id for case in setup.plan.cases],
            recipe=recipe.name,
            arch=ground.arch.name,
            emulator=emulator.version if emulator is not None else NATIVE,
            jobs=setup.jobs,
            say=say,
        ),
    )
