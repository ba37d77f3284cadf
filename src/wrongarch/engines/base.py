"""The contract of an engine: open a session in a root, run many commands in it at once.

A session starts one agent inside the root; commands are spawned by that agent, so a command costs a fork and an exec
and nothing else, whatever the engine.
"""

from __future__ import annotations

import signal
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Literal, Protocol, runtime_checkable

import msgspec

from wrongarch.arches.model import Arch
from wrongarch.emulators.model import Emulator
from wrongarch.images.native.layer import Layer
from wrongarch.process import killed_by

Reason = Literal["exit", "signal", "timeout", "memory", "processes", "not-started", "lost"]
"""How a command ended: by itself, by a signal, stopped by a limit of ours, never started, or the engine died."""


class Mount(msgspec.Struct, frozen=True, kw_only=True):
    """A host folder or file shown inside the root at `target` (absolute path in the guest)."""

    source: Path
    target: str
    writable: bool = False


class Command(msgspec.Struct, frozen=True, kw_only=True):
    """One program to run in a session.

    `argv[0]` is looked up in the guest's PATH. `env` is the whole environment besides what the session sets itself
    (PATH, HOME, LANG, QEMU_CPU); a key given here wins. `timeout` in seconds of wall time; `memory` in bytes of
    resident memory over the command and all its descendants; `processes` the same way, as a count.
    `output_limit` in bytes: of what goes beyond, the first and last halves are kept. When time is up or Ctrl-C comes,
    all of its processes are killed; with a `grace`, they are asked to end (SIGTERM) that many seconds before.
    """

    argv: tuple[str, ...]
    env: dict[str, str] = {}
    cwd: str = "/"
    stdin: bytes = b""
    timeout: float | None = None
    grace: float = 0.0
    memory: int | None = None
    processes: int | None = None
    output_limit: int = 1 << 20
    merge_stderr: bool = True


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """How a command ended. `interpreter` is what the kernel really ran, read from /proc/PID/exe after exec.

    `exit_code` is set for reason "exit"; `signal` (number) for the others where known. Times in seconds, `max_rss` in
    bytes. `stray` counts processes the command left behind, which were killed. `error` is text for "not-started" and
    "lost".
    """

    reason: Reason
    exit_code: int | None = None
    signal: int | None = None
    seconds: float = 0.0
    user_seconds: float = 0.0
    system_seconds: float = 0.0
    max_rss: int = 0
    stdout: bytes = b""
    stderr: bytes = b""
    dropped: int = 0
    stray: int = 0
    interpreter: Literal["pinned", "native", "other", "unseen"] = "unseen"
    error: str = ""


class Stopped(KeyboardInterrupt):
    """Ctrl-C while a command with a grace was running, and how that ended."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__()
        self.outcome = outcome


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """Bounds of a whole session; None: none of ours. `cpus` may be a fraction, `memory` is in bytes.

    Containers hold them by cgroup. The sandbox has no cgroup of its own: there `cpus` is how many CPUs commands may be
    placed on, `memory` what each command may have, and `pids` what the user of the session may have (RLIMIT_NPROC).
    """

    cpus: float | None = None
    memory: int | None = None
    pids: int | None = None


class SessionSpec(msgspec.Struct, frozen=True, kw_only=True):
    """What a session needs. `root` is a Debian root on the host, never changed: writes go to a layer on top.

    `emulator` None means that the host runs the arch natively. `cpu` is a QEMU CPU model. `scratch_bytes` bounds
    what commands may write outside of writable mounts. `keep` leaves the container running if a command in it failed,
    to be looked at; the sandbox, which ends with its process, refuses it. `fixed_addresses` asks the kernel not to
    place memory at random (personality(2), ADDR_NO_RANDOMIZE); engines that cannot do so leave it. `native` puts native
    tools in the place of emulated ones: for builds and harnesses, never for what is under test.
    """

    arch: Arch
    root: Path
    emulator: Emulator | None = None
    cpu: str | None = None
    mounts: tuple[Mount, ...] = ()
    env: dict[str, str] = {}
    network: bool = False
    scratch_bytes: int = 4 << 30
    flags: str = "POCF"
    limits: Limits = Limits()
    keep: bool = False
    fixed_addresses: bool = False
    native: Layer | None = None


class Session(Protocol):
    """A running root. Thread-safe; many commands at once."""

    def submit(self, command: Command, on_output: Callable[[bytes], None] | None = None) -> Future[Outcome]:
        """Start `command`; the future never raises for what the command does, only `MachineError` if the session broke.

        With `on_output`, output is handed over as it comes (from another thread) and not kept.
        """
        ...

    def run(self, command: Command, on_output: Callable[[bytes], None] | None = None) -> Outcome:
        """`submit` and wait; Ctrl-C ends the command, and raises Stopped if that has a grace."""
        ...

    def attach(self, command: Command) -> Outcome:
        """Run `command` on the user's terminal, with a real terminal inside."""
        ...


@runtime_checkable
class Preparing(Protocol):
    """An engine that has work to do before a session can be opened quickly."""

    def prepare(self, root: Path, arch: Arch, progress: Callable[[str, int, int | None], None]) -> None:
        """Do what takes long, telling (what, done, total)."""
        ...


class Engine(Protocol):
    """A way to open sessions."""

    name: str

    def open(self, spec: SessionSpec) -> AbstractContextManager[Session]:
        """Open a session; leaving the context kills everything in it and removes every trace.

        Raises MachineError where this machine can't, with what to do.
        """
        ...


def ended_gently(outcome: Outcome) -> bool:
    """Whether a command that was asked to end did so, with all of its processes, before it was killed."""
    return outcome.signal != signal.SIGKILL and outcome.stray == 0


def describe(outcome: Outcome) -> str:
    """One phrase for people: "exit 3", "killed by SIGABRT", "timed out after 60.0 s"."""
    if outcome.reason == "exit":
        return f"exit {outcome.exit_code}"
    if outcome.reason == "signal":
        return killed_by(outcome.signal or 0)
    return {
        "timeout": f"timed out after {outcome.seconds:.1f} s",
        "memory": f"stopped: over its memory limit (peak {outcome.max_rss >> 20} MiB)",
        "processes": "stopped: over its process limit",
        "not-started": f"did not start: {outcome.error}",
        "lost": f"lost with its session: {outcome.error}",
    }[outcome.reason]
