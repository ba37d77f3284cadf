"""The only place that starts processes of the host.

A command that fails is shown as one line that can be pasted into a shell to run it again.
"""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

import msgspec

from wrongarch.errors import MachineError, WrongarchError

Process = subprocess.Popen[bytes]
"""What `popen` gives."""
DEVNULL = subprocess.DEVNULL

_DETAIL = 8000  # characters of a failed command's output that an error carries


class Completed(msgspec.Struct, frozen=True, kw_only=True):
    """A finished command: `code` is its exit code, or minus the signal that killed it."""

    argv: tuple[str, ...]
    code: int
    stdout: bytes
    stderr: bytes

    @property
    def text(self) -> str:
        """Standard output as text; bytes that are no UTF-8 become replacement characters."""
        return self.stdout.decode(errors="replace")


def pasteable(argv: Sequence[str], env: Mapping[str, str] | None = None, cwd: Path | str | None = None) -> str:
    """One line for a POSIX shell that runs `argv` again, with the variables of `env` added, in the folder `cwd`."""
    words = shlex.join(argv)
    if env:
        words = shlex.join(["env", *(f"{key}={value}" for key, value in sorted(env.items()))]) + " " + words
    return f"(cd {shlex.quote(str(cwd))} && {words})" if cwd is not None else words


def run(
    argv: Sequence[str],
    *,
    env: Mapping[str, str] | None = None,
    cwd: Path | str | None = None,
    input: bytes | None = None,
    stdin: IO[bytes] | None = None,
    timeout: float | None = None,
    check: bool = True,
    error: type[WrongarchError] = MachineError,
    fix: str = "",
) -> Completed:
    """Run a command to its end and capture its output.

    `env` is added to our own environment. Standard input is `input`, or the open file `stdin`, or nothing. `timeout` in
    seconds; past it, and when we are interrupted, the command and its descendants are killed.
    Raises `error` (with the pasteable line, the output as detail, and `fix`) when the command cannot start, is too
    slow, or, with `check`, fails.
    """
    line = pasteable(argv, env, cwd)
    try:
        child = popen(
            argv,
            env=None if env is None else {**os.environ, **env},
            cwd=cwd,
            stdin=subprocess.PIPE if input is not None else stdin or subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
    except (OSError, ValueError) as reason:
        raise error(_not_started(argv, cwd, reason), fix=fix or f"try it by hand: {line}") from reason
    try:
        stdout, stderr = child.communicate(input, timeout)
    except subprocess.TimeoutExpired as reason:
        detail = _detail(*_kill_session(child))
        what = f"{argv[0]} did not end within {timeout:g} s"
        raise error(what, fix=fix or f"try it by hand: {line}", detail=detail) from reason
    except BaseException:
        _kill_session(child)
        raise
    if check and child.returncode != 0:
        what = f"{argv[0]} failed ({_ending(child.returncode)})"
        raise error(what, fix=fix or f"to run it again: {line}", detail=_detail(stdout, stderr))
    return Completed(argv=tuple(argv), code=child.returncode, stdout=stdout, stderr=stderr)


def popen(
    argv: Sequence[str],
    *,
    env: Mapping[str, str] | None = None,
    cwd: Path | str | None = None,
    stdin: int | IO[bytes] | None = None,
    stdout: int | IO[bytes] | None = None,
    stderr: int | IO[bytes] | None = None,
    pass_fds: Iterable[int] = (),
    start_new_session: bool = False,
    process_group: int | None = None,
    umask: int = -1,
) -> subprocess.Popen[bytes]:
    """Start a process and give its handle; the caller waits for it.

    `env` is the whole environment (None: ours). Only `pass_fds` and the standard streams are inherited. Raises
    OSError when it cannot start.
    """
    return subprocess.Popen(
        list(argv),
        env=None if env is None else dict(env),
        cwd=cwd,
        stdin=stdin,
        stdout=stdout,
        stderr=stderr,
        pass_fds=tuple(pass_fds),
        start_new_session=start_new_session,
        process_group=process_group,
        umask=umask,
    )


def _not_started(argv: Sequence[str], cwd: Path | str | None, reason: OSError | ValueError) -> str:
    # a folder of PATH into which we may not look is no reason (execvp(3) says EACCES for it)
    nowhere = isinstance(reason, PermissionError) and "/" not in argv[0] and shutil.which(argv[0]) is None
    if isinstance(reason, FileNotFoundError) or nowhere:
        if cwd is not None and not Path(cwd).is_dir():
            return f"cannot start {argv[0]}: there is no folder {cwd}"
        return f"cannot start {argv[0]}: no such program on this machine"
    return f"cannot start {argv[0]}: {getattr(reason, 'strerror', None) or reason}"


def _kill_session(child: subprocess.Popen[bytes]) -> tuple[bytes, bytes]:
    """Kill the child and what it started; what it had printed until then."""
    with suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    try:
        return child.communicate(timeout=2)
    except subprocess.TimeoutExpired as late:  # a descendant in a session of its own still holds the pipe
        return late.output or b"", late.stderr or b""


def _ending(code: int) -> str:
    return f"exit {code}" if code >= 0 else killed_by(-code)


def killed_by(number: int) -> str:
    """A signal in words: "killed by SIGABRT". Most of the real-time ones have no name (signal(7))."""
    try:
        return f"killed by {signal.Signals(number).name}"
    except ValueError:
        return f"killed by signal {number}"


def _detail(stdout: bytes, stderr: bytes) -> str:
    text = "\n".join(part.decode(errors="replace").rstrip() for part in (stdout, stderr) if part.strip())
    return text if len(text) <= _DETAIL else "…" + text[-_DETAIL:]
