"""The engine without a daemon: a private root in namespaces on this machine, as root or as an ordinary user."""

from __future__ import annotations

import contextlib
import math
import os
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path

from wrongarch.engines.base import Command, Outcome, SessionSpec, Stopped
from wrongarch.engines.output import Kept
from wrongarch.engines.terminal import relay
from wrongarch.errors import UsageError
from wrongarch.namespaces import ids as id_maps
from wrongarch.namespaces.emulation import emulation
from wrongarch.namespaces.plan import DEFAULT_LIMITS, Plan, PlanMount
from wrongarch.namespaces.session import Ending, Order, Pending, PrivateRoot, open_root

PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

_KILL_SECONDS = 5.0  # in which what is killed is gone


class SandboxSession:
    """A session in a private root; see `wrongarch.engines.base.Session`."""

    def __init__(self, root: PrivateRoot, env: dict[str, str], *, memory: int | None = None) -> None:
        self._root = root
        self._env = env
        self._memory = memory
        self.failed = False
        """Whether any command did not end with exit code 0."""

    def submit(self, command: Command, on_output: Callable[[bytes], None] | None = None) -> Future[Outcome]:
        """Start a command."""
        return self._start(command, on_output)[0]

    def run(self, command: Command, on_output: Callable[[bytes], None] | None = None) -> Outcome:
        """Start a command and wait for it; it is ended when we are interrupted."""
        answer, number = self._start(command, on_output)
        try:
            return answer.result()
        except BaseException as error:
            self._root.kill(number)
            if command.grace and isinstance(error, KeyboardInterrupt):
                with contextlib.suppress(TimeoutError):
                    raise Stopped(answer.result(command.grace + _KILL_SECONDS)) from error
            raise

    def attach(self, command: Command) -> Outcome:
        """Run a command on our own standard streams; through a terminal of its own if ours is one."""
        streams = (sys.stdin.fileno(), sys.stdout.fileno(), sys.stderr.fileno())
        if all(os.isatty(stream) for stream in streams[:2]):
            with relay(streams[0], streams[1]) as terminal:
                pending = Pending(_ignore, terminal.connect)
                order = self._order(command, io="terminal", env={"TERM": os.environ.get("TERM", "dumb")})
                return self._attached(self._wait(order, pending))
        order = self._order(command, io="inherit")
        return self._attached(self._wait(order, Pending(_ignore), streams))

    def _attached(self, ending: Ending) -> Outcome:
        outcome = _outcome(ending, Kept(0), Kept(0))
        self._note(outcome)
        return outcome

    def _start(self, command: Command, on_output: Callable[[bytes], None] | None) -> tuple[Future[Outcome], int]:
        kept = Kept(command.output_limit), Kept(command.output_limit)

        def take(is_stderr: bool, data: bytes) -> None:
            if on_output is not None:
                on_output(data)
            else:
                kept[is_stderr].add(data)

        def settle(ended: Future[Ending]) -> None:
            error = ended.exception()
            if error is None:
                outcome = _outcome(ended.result(), *kept)
                self._note(outcome)
                answer.set_result(outcome)
            else:
                answer.set_exception(error)

        answer: Future[Outcome] = Future()
        answer.set_running_or_notify_cancel()  # it cannot be cancelled: use what the session has to kill it
        pending = Pending(take)
        pending.future.add_done_callback(settle)
        return answer, self._root.start(self._order(command), pending)

    def _note(self, outcome: Outcome) -> None:
        self.failed = self.failed or (outcome.reason, outcome.exit_code) != ("exit", 0)

    def _wait(self, order: Order, pending: Pending, descriptors: tuple[int, ...] = ()) -> Ending:
        number = self._root.start(order, pending, descriptors)
        try:
            return pending.future.result()
        except BaseException:
            self._root.kill(number)
            raise

    def _order(self, command: Command, io: str = "capture", env: dict[str, str] | None = None) -> Order:
        return Order(
            argv=command.argv,
            env={**self._env, **(env or {}), **command.env},
            cwd=command.cwd,
            stdin=command.stdin,
            timeout=command.timeout,
            grace=command.grace,
            memory=_least(command.memory, self._memory),
            processes=command.processes,
            merge_stderr=command.merge_stderr,
            io=io,  # type: ignore[arg-type]  # a literal at each call
        )


def _least(*bounds: int | None) -> int | None:
    return min((bound for bound in bounds if bound is not None), default=None)


def _ignore(_: bool, __: bytes) -> None:
    pass


def _outcome(ending: Ending, out: Kept, err: Kept) -> Outcome:
    return Outcome(
        reason=ending.reason,  # type: ignore[arg-type]  # the agent's words are ours
        exit_code=ending.exit_code,
        signal=ending.signal,
        seconds=ending.seconds,
        user_seconds=ending.user_seconds,
        system_seconds=ending.system_seconds,
        max_rss=ending.max_rss,
        stdout=out.data,
        stderr=err.data,
        dropped=out.dropped + err.dropped,
        stray=ending.stray,
        interpreter=ending.interpreter,  # type: ignore[arg-type]  # as above
        error=ending.error,
    )


class Sandbox:
    """The engine; see `wrongarch.engines.base.Engine`."""

    name = "sandbox"

    @contextlib.contextmanager
    def open(self, spec: SessionSpec) -> Iterator[SandboxSession]:
        """Open a session in a private root."""
        if spec.keep:
            raise UsageError(
                "a sandbox ends with the process that made it: there is nothing to keep",
                fix="use --engine docker or podman, or look around in one: wrongarch shell ARCH",
            )
        ids = id_maps.choose()
        with _lent(spec, ids), open_root(make_plan(spec), ids) as root:
            yield SandboxSession(root, environment(spec), memory=spec.limits.memory)


def environment(spec: SessionSpec) -> dict[str, str]:
    """What each command of a session has in its environment."""
    env = {"PATH": PATH, "HOME": "/root", "LANG": "C.UTF-8", "TZ": "UTC", "TERM": "dumb"}
    if spec.emulator is not None and spec.cpu:
        env["QEMU_CPU"] = spec.cpu  # the model to emulate (QEMU's user-mode documentation)
    return {**env, **spec.env}


def make_plan(spec: SessionSpec) -> Plan:
    """The private root of a session, as the agent gets it."""
    emulated = emulation(spec.arch, spec.emulator, spec.flags)
    mounts = (
        PlanMount(source=str(mount.source), target=mount.target, writable=mount.writable) for mount in spec.mounts
    )
    hostname = f"wrongarch-{spec.arch.name}"
    return Plan(
        root=spec.root,
        layers=(spec.native.tree,) if spec.native is not None else (),
        machine=spec.native.machine if spec.native is not None else "",
        mounts=(*emulated.mounts, *mounts),
        records=emulated.records,
        emulator=emulated.path,
        files=_files(hostname, network=spec.network),
        hostname=hostname,
        scratch_bytes=spec.scratch_bytes,
        own_network=not spec.network,
        linux32=spec.arch.bits == 32,
        fixed_addresses=spec.fixed_addresses,
        limits=DEFAULT_LIMITS if spec.limits.pids is None else {**DEFAULT_LIMITS, "NPROC": spec.limits.pids},
        cpus=0 if spec.limits.cpus is None else math.ceil(spec.limits.cpus),
    )


def _files(hostname: str, *, network: bool) -> dict[str, str]:
    """Names are looked up as on the host where the network is, and only for ourselves where it is not."""
    files = {"/etc/hosts": f"127.0.0.1 localhost {hostname}\n::1 localhost\n", "/etc/hostname": f"{hostname}\n"}
    with contextlib.suppress(OSError):
        files["/etc/resolv.conf"] = Path("/etc/resolv.conf").read_text("utf-8", "replace") if network else ""
    return files


@contextlib.contextmanager
def _lent(spec: SessionSpec, ids: id_maps.IdMap) -> Iterator[None]:
    """As root, what may be written to belongs to root inside while the session lasts, and to us again after.

    What belongs to root inside already stays so.
    """
    writable = [mount.source for mount in spec.mounts if mount.writable and mount.source.stat().st_uid != ids.owner[0]]
    for source in writable:
        id_maps.give(source, ids.owner)
    try:
        yield
    finally:
        for source in writable:
            id_maps.give(source, (os.geteuid(), os.getegid()))
