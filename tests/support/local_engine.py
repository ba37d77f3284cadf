"""An engine without a sandbox: commands are ordinary processes of this machine.

It keeps the contract of `wrongarch.engines.base` (limits, outcomes, streaming, killing everything at the end), so that
runs can be tested with real processes where there are no namespaces. Guest paths become host paths by their text: a
mount's target is replaced by its source in the words, the environment and the working folder. With an emulator in the
session's spec, programs run under it by name, with `-L root`; that reaches the program itself and nothing it starts.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from resource import struct_rusage
from typing import IO, Literal

from wrongarch.engines.base import Command, Outcome, Reason, SessionSpec
from wrongarch.errors import MachineError

_LOOK_EVERY = 0.02  # seconds between looks at limits
_MOST_AT_ONCE = 64
_PAGE = os.sysconf("SC_PAGESIZE")


class LocalEngine:
    """Opens local sessions. `break_after`: the session breaks after that many commands, as a dying sandbox would."""

    name = "local"

    def __init__(self, break_after: int | None = None) -> None:
        self.break_after = break_after

    @contextmanager
    def open(self, spec: SessionSpec) -> Iterator[LocalSession]:
        session = LocalSession(spec, self.break_after)
        try:
            yield session
        finally:
            session.close()


class LocalSession:
    """A session whose commands are processes of this machine."""

    def __init__(self, spec: SessionSpec, break_after: int | None = None) -> None:
        self._spec = spec
        self._layer = tempfile.TemporaryDirectory(prefix="local-session-")  # what is written outside of mounts
        places = [(mount.target, str(mount.source)) for mount in spec.mounts]
        self._places = [*sorted(places, reverse=True), ("/wrongarch", f"{self._layer.name}")]
        self._running: set[int] = set()
        self._lock = threading.Lock()
        self._closed = threading.Event()
        self._left = break_after
        self._pool = ThreadPoolExecutor(_MOST_AT_ONCE)

    def submit(self, command: Command, on_output: Callable[[bytes], None] | None = None) -> Future[Outcome]:
        with self._lock:
            if self._left is not None:
                self._left -= 1
                if self._left < 0:
                    broken: Future[Outcome] = Future()
                    broken.set_exception(MachineError("the session broke", fix="start again"))
                    return broken
        return self._pool.submit(self._run, command, on_output)

    def run(self, command: Command, on_output: Callable[[bytes], None] | None = None) -> Outcome:
        return self.submit(command, on_output).result()

    def attach(self, command: Command) -> Outcome:
        begun = time.monotonic()
        code = subprocess.call(self._argv(command), cwd=self._host(command.cwd), env=self._env(command))
        return Outcome(reason="exit", exit_code=code, seconds=time.monotonic() - begun)

    def close(self) -> None:
        """Kill everything that still runs."""
        self._closed.set()
        with self._lock:
            for session in self._running:
                with suppress(ProcessLookupError):
                    os.killpg(session, signal.SIGKILL)
        self._pool.shutdown(cancel_futures=True)
        self._layer.cleanup()

    def _host(self, text: str) -> str:
        for target, source in self._places:
            text = re.sub(rf"{re.escape(target)}(?=/|$|[^\w.-])", source.replace("\\", r"\\"), text)
        return text

    def _argv(self, command: Command) -> list[str]:
        argv = [self._host(word) for word in command.argv]
        if self._spec.emulator is None:
            return argv
        program = argv[0] if "/" in argv[0] else str(shutil.which(argv[0]))
        inside = f"{self._spec.root}{program}"
        if Path(inside).exists():
            program = inside
        return [str(self._spec.emulator.path), "-L", str(self._spec.root), program, *argv[1:]]

    def _env(self, command: Command) -> dict[str, str]:
        own = {"PATH": os.environ.get("PATH", os.defpath), "HOME": "/tmp", "LANG": "C.UTF-8"}
        if self._spec.cpu:
            own["QEMU_CPU"] = self._spec.cpu
        return own | {key: self._host(value) for key, value in (self._spec.env | command.env).items()}

    def _run(self, command: Command, on_output: Callable[[bytes], None] | None) -> Outcome:
        if self._closed.is_set():
            return Outcome(reason="lost", error="the session was closed")
        begun = time.monotonic()
        try:
            child = subprocess.Popen(
                self._argv(command),
                cwd=self._host(command.cwd),
                env=self._env(command),
                stdin=subprocess.PIPE if command.stdin else subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT if command.merge_stderr else subprocess.PIPE,
                start_new_session=True,
            )
        except OSError as error:
            return Outcome(reason="not-started", error=f"{error.strerror}: {error.filename}")
        with self._lock:
            self._running.add(child.pid)
        interpreter = self._interpreter(child.pid)
        stdout, stderr = _Kept(command.output_limit, on_output), _Kept(command.output_limit, on_output)
        pumps = [
            threading.Thread(target=kept.pump, args=(pipe,), daemon=True)
            for kept, pipe in ((stdout, child.stdout), (stderr, child.stderr))
            if pipe is not None
        ]
        for pump in pumps:
            pump.start()
        if child.stdin is not None:
            with suppress(BrokenPipeError), child.stdin as pipe:
                pipe.write(command.stdin)
        stopped, usage, status = self._watch(child, command, begun)
        stray = len(_members(child.pid))
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        for pump in pumps:
            pump.join(2)
        with self._lock:
            self._running.discard(child.pid)
        code = os.waitstatus_to_exitcode(status)
        child.returncode = code
        reason: Reason = stopped or ("exit" if code >= 0 else "signal")
        return Outcome(
            reason=reason,
            exit_code=code if reason == "exit" else None,
            signal=-code if code < 0 else None,
            seconds=time.monotonic() - begun,
            user_seconds=usage.ru_utime,
            system_seconds=usage.ru_stime,
            max_rss=usage.ru_maxrss * 1024,
            stdout=stdout.bytes,
            stderr=stderr.bytes,
            dropped=stdout.dropped + stderr.dropped,
            stray=stray,
            interpreter=interpreter,
        )

    def _interpreter(self, pid: int) -> Literal["pinned", "native", "other", "unseen"]:
        try:
            seen = Path(f"/proc/{pid}/exe").readlink()
        except OSError:
            return "unseen"
        emulator = self._spec.emulator
        if emulator is None:
            return "native"
        return "pinned" if seen == emulator.path.resolve() else "other"

    def _watch(
        self, child: subprocess.Popen[bytes], command: Command, begun: float
    ) -> tuple[Reason | None, struct_rusage, int]:
        """Wait for the end, and bring it about where a limit is passed."""
        stopped: Reason | None = None
        waited = threading.Event()
        ended: list[tuple[int, int, struct_rusage]] = []

        def wait() -> None:
            ended.append(os.wait4(child.pid, 0))
            waited.set()

        threading.Thread(target=wait, daemon=True).start()
        while not waited.wait(_LOOK_EVERY):
            over = self._over(child.pid, command, begun)
            if over is not None:
                stopped = stopped or over
                with suppress(ProcessLookupError):
                    os.killpg(child.pid, signal.SIGKILL)
        return stopped, ended[0][2], ended[0][1]

    def _over(self, pid: int, command: Command, begun: float) -> Reason | None:
        if self._closed.is_set():
            return "lost"
        if command.timeout is not None and time.monotonic() - begun > command.timeout:
            return "timeout"
        if command.memory is None and command.processes is None:
            return None
        members = _members(pid)
        if command.memory is not None and sum(_resident(one) for one in members) > command.memory:
            return "memory"
        if command.processes is not None and len(members) > command.processes:
            return "processes"
        return None


def _members(session: int) -> list[int]:
    """The processes of a session, from field 6 of /proc/PID/stat (proc(5))."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError, IndexError, ValueError):
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
                if int(fields[3]) == session and fields[0] != "Z":
                    found.append(int(entry.name))
    return found


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE
    except (OSError, IndexError, ValueError):
        return 0


class _Kept:
    """Output: handed on, or its first and last halves kept."""

    def __init__(self, limit: int, on_output: Callable[[bytes], None] | None) -> None:
        self._half = limit // 2
        self._on_output = on_output
        self._first = b""
        self._last = b""
        self.dropped = 0

    @property
    def bytes(self) -> bytes:
        return self._first + self._last

    def pump(self, pipe: IO[bytes]) -> None:
        with pipe:
            while data := os.read(pipe.fileno(), 1 << 16):
                if self._on_output is not None:
                    self._on_output(data)
                    continue
                room = self._half - len(self._first)
                self._first += data[:room]
                last = self._last + data[room:] if room < len(data) else self._last
                self.dropped += max(len(last) - self._half, 0)
                self._last = last[-self._half :] if self._half else b""
