"""One running command: its process, its pipes, its limits and how it ended."""

from __future__ import annotations

import fcntl
import os
import struct
import subprocess
import termios
import time
from typing import IO, Any

from wrongarch.namespaces.agent.watch import MARKER


class Child:
    """A command from start to end. `number` is the session's number for it."""

    def __init__(self, number: int, order: dict[str, Any], descriptors: list[int]) -> None:
        self.number = number
        self.memory: int | None = order["memory"]
        self.processes: int | None = order["processes"]
        self.grace: float = order["grace"]
        self.reason = ""
        self.killed_at: float | None = None
        """When what was asked to end will be killed."""
        self.peak = 0
        self.stray = 0
        self.ended: dict[str, Any] | None = None
        self.terminal: int | None = None
        self.input: int | None = None
        self.started = time.monotonic()
        self.deadline = None if order["timeout"] is None else self.started + order["timeout"]
        env = {**order["env"], MARKER: str(number)}
        self._popen = self._start(order, env, descriptors)
        self.pid = self._popen.pid
        outputs: list[IO[bytes] | None] = [self._popen.stdout, self._popen.stderr]
        if order["io"] == "pty" and self.terminal is not None:  # it stays here: what it shows travels as output
            self.input = os.dup(self.terminal)
            outputs.append(open(self.terminal, "rb", buffering=0))  # noqa: SIM115  closed when its command ends
            self.terminal = None
        self.pipes = {pipe.fileno(): pipe for pipe in outputs if pipe is not None}
        self.stderr = -1 if self._popen.stderr is None else self._popen.stderr.fileno()

    def _start(self, order: dict[str, Any], env: dict[str, str], descriptors: list[int]) -> subprocess.Popen[bytes]:
        common: dict[str, Any] = {"env": env, "cwd": order["cwd"], "start_new_session": True, "bufsize": 0}
        mode = order["io"]
        if not order["argv"]:
            raise ValueError("no program is named")
        if mode in ("terminal", "pty"):
            return self._start_on_terminal(order["argv"], common)
        if mode == "inherit":
            stdin, stdout, stderr = descriptors
        else:
            stdin = descriptors[0] if descriptors else subprocess.DEVNULL
            stdout = subprocess.PIPE
            stderr = subprocess.STDOUT if order["merge_stderr"] else subprocess.PIPE
        if mode != "stream":
            return subprocess.Popen(order["argv"], stdin=stdin, stdout=stdout, stderr=stderr, **common)
        stdin, self.input = os.pipe2(os.O_CLOEXEC)
        try:
            return subprocess.Popen(order["argv"], stdin=stdin, stdout=stdout, stderr=stderr, **common)
        except BaseException:
            os.close(self.input)
            raise
        finally:
            os.close(stdin)

    def _start_on_terminal(self, argv: list[str], common: dict[str, Any]) -> subprocess.Popen[bytes]:
        self.terminal, slave = os.openpty()
        try:
            # the agent has one thread, so code between fork and exec is safe; Popen has no other way to a terminal
            return subprocess.Popen(argv, stdin=slave, stdout=slave, stderr=slave, preexec_fn=_take_terminal, **common)  # noqa: PLW1509  one thread
        except BaseException:
            os.close(self.terminal)
            raise
        finally:
            os.close(slave)

    def resize(self, rows: int, columns: int) -> None:
        """Give the terminal that was kept here another size (tty_ioctl(4))."""
        if self.input is not None and os.isatty(self.input):
            fcntl.ioctl(self.input, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def reaped(self, status: int, usage: Any) -> None:
        """Record the wait status and resource usage (getrusage(2): ru_maxrss is in KiB)."""
        code = os.waitstatus_to_exitcode(status)
        self._popen.returncode = code  # or Popen would wait for a number that may be another process's by now
        self.ended = {
            "reason": self.reason or ("exit" if code >= 0 else "signal"),
            "exit_code": code if code >= 0 else None,
            "signal": -code if code < 0 else None,
            "seconds": time.monotonic() - self.started,
            "user_seconds": usage.ru_utime,
            "system_seconds": usage.ru_stime,
            "max_rss": max(self.peak, usage.ru_maxrss << 10),
        }


def _take_terminal() -> None:
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
