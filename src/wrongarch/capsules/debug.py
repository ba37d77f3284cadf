"""Look at a failure from within: a shell in its folder, gdb on the emulator's stub, a backtrace, the system calls.

gdb runs in a root of its own (the toolbox `debug`), natively, and sees the capsule's root read-only as the program's
system root. It talks to the stub of QEMU's user mode over a socket in a folder that both roots share
(https://www.qemu.org/docs/master/system/gdb.html, `-g`, which also takes a path).
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import msgspec

from wrongarch.arches import elf
from wrongarch.arches.lookup import host_arch
from wrongarch.capsules.closure import Closure
from wrongarch.capsules.guest import Guest
from wrongarch.capsules.repro import Bench, Options, opened
from wrongarch.capsules.unpacked import Unpacked, choose_emulator, unpacked
from wrongarch.emulators.model import Emulator
from wrongarch.engines.base import Command, Engine, Mount, Outcome, Session, SessionSpec, describe
from wrongarch.engines.sandbox import Sandbox
from wrongarch.errors import MachineError, UsageError
from wrongarch.images import toolbox
from wrongarch.namespaces import ids as id_maps
from wrongarch.paths import remove_tree
from wrongarch.process import pasteable

MEETING = "/run/wrongarch-debug"
SOCKET = f"{MEETING}/gdb"
SYSROOT = "/capsule"
_FRAME = re.compile(r"^#(?P<number>\d+) +(?:0x[0-9a-f]+ in )?(?P<what>.*)$", re.MULTILINE)
_GDB_SECONDS = 180.0
_PATIENCE = 20.0
_MOST_FRAMES = 64


class Backtrace(msgspec.Struct, frozen=True, kw_only=True):
    """Where a program stopped: `ended` as it was seen, `frames` from the innermost, `text` all that gdb said."""

    ended: str
    frames: tuple[str, ...]
    text: str


def backtrace(file: Path, options: Options, engine: Engine) -> Backtrace:
    """Run a test under gdb until it stops by a signal, and print the stack of each thread.

    Raises MachineError for a capsule that runs natively, and what `replay` raises.
    """
    with unpacked(file) as capsule, _stage(capsule, options, engine) as stage:
        commands = [
            *stage.greeting,
            "handle SIGILL SIGSEGV SIGBUS SIGFPE SIGABRT SIGTRAP SIGSYS stop print",
            "handle SIGUSR1 SIGUSR2 SIGPWR SIGXCPU SIGALRM SIGPIPE SIGCHLD nostop noprint pass",
            "continue",
            f"thread apply all backtrace {_MOST_FRAMES}",
            "info registers pc sp",
            "x/4i $pc",
            "kill",
        ]
        said = stage.gdb.run(stage.gdb_command(commands, "-batch", timeout=_GDB_SECONDS))
        ended = _stopped(said)
        text = said.stdout.decode(errors="replace")
        frames = tuple(found["what"] for found in _FRAME.finditer(_first_thread(text)))
        return Backtrace(ended=ended, frames=frames, text=_told(text))


def _stopped(said: Outcome) -> str:
    found = re.search(
        rb"(?:received signal|terminated with signal) (SIG\w+)|exited (?:normally|with code \d+)", said.stdout
    )
    return found[0].decode() if found else f"gdb: {describe(said)}"


def _first_thread(text: str) -> str:
    """The stack of the thread that stopped: gdb lists the others after or before it, by number."""
    current = re.search(r"^Thread (\d+)[^\n]*(?:received|hit)", text, re.MULTILINE)
    parts = re.split(r"^(?=Thread \d+ \()", text, flags=re.MULTILINE)
    if current is not None:
        for part in parts:
            if part.startswith(f"Thread {current[1]} (") and "#0" in part:
                return part
    return next((part for part in parts if re.search(r"^#0", part, re.MULTILINE)), "")


def _told(text: str) -> str:
    """What gdb said, without its complaints of what is stripped."""
    dull = ("warning:", "Reading symbols", "(No debugging symbols", "Use `info auto-load", "To enable execution")
    return "\n".join(line for line in text.splitlines() if not line.startswith(dull)).strip() + "\n"


def gdb(file: Path, options: Options, engine: Engine, say: Callable[[str], None]) -> int:
    """gdb on the user's terminal, the program stopped at its first instruction; gdb's exit code."""
    with unpacked(file) as capsule, _stage(capsule, options, engine) as stage:
        say(f"{stage.bench.test.id}: stopped at its first instruction; `continue` runs it, `quit` ends it")
        outcome = stage.gdb.attach(stage.gdb_command(stage.greeting, timeout=None))
    return outcome.exit_code or 0 if outcome.reason == "exit" else 1


def strace(file: Path, options: Options, engine: Engine, out: IO[bytes]) -> int:
    """Run a test with QEMU's log of system calls going to `out`, together with what it prints; 0."""
    with unpacked(file) as capsule:
        test = capsule.manifest.find(options.test)
        emulator = _emulator(capsule, options)

        def write(data: bytes) -> None:
            out.write(data)
            out.flush()

        with opened(capsule, test, options, engine, emulator) as bench:
            command = bench.command()
            command = msgspec.structs.replace(command, env={**command.env, "QEMU_STRACE": "1"})
            outcome = bench.session.run(command, write)
        out.write(f"{describe(outcome)}\n".encode())
    return 0


def shell(file: Path, options: Options, engine: Engine, say: Callable[[str], None]) -> int:
    """A shell on the user's terminal, in the folder where the test runs; its exit code.

    A slim capsule has none of its own: there it is one of this machine's arch, with the usual tools, which starts the
    capsule's programs as the kernel would.
    """
    with unpacked(file) as capsule:
        test = capsule.manifest.find(options.test)
        chosen = choose_emulator(capsule, options.emulator, trust=options.trust_emulator)
        mounts, argv, path = _shell(capsule)
        mounts = (*capsule.mounts, *mounts)
        with opened(capsule, test, options, engine, chosen.emulator, mounts=mounts) as bench:
            say(f"{test.id}, recorded: {test.seen.message or 'passed'}")
            say(f"the command:  {pasteable(test.argv)}")
            env = {**bench.command().env, "PS1": f"({capsule.manifest.arch}) $ ", "HOME": test.cwd}
            env["PATH"] = ":".join(filter(None, (env.get("PATH", ""), path)))
            outcome = bench.session.attach(Command(argv=argv, env=env, cwd=test.cwd))
    return outcome.exit_code or 0 if outcome.reason == "exit" else 1


def _shell(capsule: Unpacked) -> tuple[tuple[Mount, ...], tuple[str, ...], str]:
    """Mounts, the shell's words, and a folder for PATH."""
    if any(member.path in {"root/usr/bin/sh", "root/bin/sh"} for member in capsule.manifest.members):
        return (), ("/bin/sh", "-i"), ""
    host = host_arch()
    if host.qemu == capsule.manifest.machine.qemu:
        raise MachineError(
            "the capsule has no shell, and one of this machine's would hide its libraries",
            fix="make the capsule with --full, or look at it with --strace and --backtrace",
        )
    box = toolbox.ensure()
    libraries = f"/usr/lib/{'i386-linux-gnu' if host.name == 'i386' else host.triplet}"
    mounts = [Mount(source=box, target="/run/wrongarch-tools")]
    mounts.append(Mount(source=box / libraries[1:], target=libraries))
    loader = next((found for found in _loaders(box) if not (capsule.root / found[1:]).exists()), None)
    if loader is not None:
        mounts.append(Mount(source=(box / loader[1:]).resolve(), target=loader))
    return tuple(mounts), ("/run/wrongarch-tools/usr/bin/dash", "-i"), "/run/wrongarch-tools/usr/bin"


def _loaders(box: Path) -> Iterator[str]:
    """Where programs of the toolbox look for their loader."""
    loader = elf.interpreter_of(box / "usr/bin/dash")
    if loader is not None:
        yield loader


def _emulator(capsule: Unpacked, options: Options) -> Emulator:
    chosen = choose_emulator(capsule, options.emulator, trust=options.trust_emulator).emulator
    if chosen is None:
        raise UsageError(
            "that is a feature of the emulator, and this capsule runs natively", fix="give --emulator VERSION"
        )
    return chosen


class _Stage:
    """A program that waits for a debugger, and the session in which the debugger is."""

    def __init__(self, bench: Bench, gdb_: Session, program: str) -> None:
        self.bench = bench
        self.gdb = gdb_
        self._program = program

    @property
    def greeting(self) -> list[str]:
        """What gdb is told first."""
        return [
            "set confirm off",
            "set pagination off",
            "set width 0",
            "set backtrace past-main off",
            f"set sysroot {SYSROOT}",
            f"file {SYSROOT}{self._program}",
            f"target remote {SOCKET}",
        ]

    def gdb_command(self, commands: list[str], *options: str, timeout: float | None) -> Command:
        """gdb with these commands."""
        words = [word for command in commands for word in ("-ex", command)]
        # safe-path: gdb must not load scripts that a stranger's root brings
        argv = ("gdb-multiarch", "-nx", "-q", "-iex", "set auto-load off", *options, *words)
        env = {"HOME": "/tmp", "LC_ALL": "C.UTF-8", "DEBUGINFOD_URLS": ""}  # noqa: S108  in a root of its own
        return Command(argv=argv, env=env, timeout=timeout)


@contextmanager
def _stage(capsule: Unpacked, options: Options, engine: Engine) -> Iterator[_Stage]:
    test = capsule.manifest.find(options.test)
    emulator = _emulator(capsule, options)
    box = toolbox.ensure(spec=toolbox.DEBUG)
    meeting = Path(tempfile.mkdtemp(prefix="wrongarch-"))
    try:
        if os.geteuid() == 0:  # root inside is another user than we are
            shutil.chown(meeting, *id_maps.choose().owner)
        shared = Mount(source=meeting, target=MEETING, writable=True)
        with (
            opened(capsule, test, options, engine, emulator, mounts=(*capsule.mounts, shared)) as bench,
            Sandbox().open(_gdb_spec(capsule, box, shared)) as session,
        ):
            command = bench.command()
            command = msgspec.structs.replace(command, env={**command.env, "QEMU_GDB": SOCKET})
            future = bench.session.submit(command)
            _wait_for(meeting / "gdb", future.done)
            yield _Stage(bench, session, _program(capsule, command))
    finally:
        remove_tree(meeting)


def _gdb_spec(capsule: Unpacked, box: Path, shared: Mount) -> SessionSpec:
    return SessionSpec(
        arch=host_arch(),
        root=box,
        mounts=(Mount(source=capsule.root, target=SYSROOT), shared),
        scratch_bytes=1 << 30,
    )


def _program(capsule: Unpacked, command: Command) -> str:
    """The guest's path of the program that is debugged."""
    closure = Closure(Guest(capsule.root), capsule.manifest.machine, command.env)
    closure.add(command.argv[0], command.cwd)
    return next(iter(closure.programs), command.argv[0])


def _wait_for(socket: Path, ended: Callable[[], bool]) -> None:
    """Until the stub listens."""
    end = time.monotonic() + _PATIENCE
    while not socket.exists():
        if ended() or time.monotonic() > end:
            raise MachineError(
                "the emulator did not open its stub for gdb", fix="try another: --emulator 10.0, or use --strace"
            )
        time.sleep(0.02)
