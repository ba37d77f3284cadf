"""The program `wrongarch` as a process: signals, pipes, terminals, and how fast it starts."""

from __future__ import annotations

import os
import pty
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import wrongarch

PROGRAM = [sys.executable, "-m", "wrongarch"]
IN_ARM = ["arm", "--recipe", "hello", "--no-build"]


def call(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*PROGRAM, *words], capture_output=True, text=True, timeout=300, check=False)


@pytest.fixture(scope="module", autouse=True)
def _image() -> None:
    """What the tests need, made before they look at the clock."""
    done = call("run", *IN_ARM, "--", "true")
    assert done.returncode == 0, done.stderr


def processes_with(word: str) -> list[str]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                line = (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if word.encode() in line:
                found.append(line.replace(b"\0", b" ").decode(errors="replace"))
    return found


def wait_for(condition: Callable[[], object], seconds: float = 30.0) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.05)
    return False


def test_version() -> None:
    assert call("--version").stdout == f"wrongarch {wrongarch.__version__}\n"


def test_help_loads_nothing_heavy() -> None:
    """Its time is measured in benchmarks/harness.py; this is what it depends on."""
    script = (
        "import sys; from wrongarch.cli import main; assert main(['--help']) == 0; "
        "print(*sorted({name.partition('.')[0] for name in sys.modules}), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    heavy = {
        "debian",
        "elftools",
        "junitparser",
        "msgspec",
        "platformdirs",
        "requests",
        "rich",
        "tenacity",
        "zstandard",
    }
    assert heavy & set(done.stderr.split()) == set()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_everything(hangups: None, number: signal.Signals) -> None:
    mark = f"{70 + number}.25"  # seconds, that no other process sleeps
    before = set(Path("/proc/self/mountinfo").read_text().splitlines())
    process = subprocess.Popen(
        [*PROGRAM, "run", *IN_ARM, "--", "sh", "-c", f"sleep {mark} & sleep {mark}"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert wait_for(lambda: sum(f"sleep {mark} " in line for line in processes_with(mark)) >= 2)
    process.send_signal(number)
    begun = time.monotonic()
    _, err = process.communicate(timeout=30)
    assert time.monotonic() - begun < 5
    assert process.returncode == 130
    assert "interrupted" in err
    assert wait_for(lambda: not processes_with(mark), 5)
    assert set(Path("/proc/self/mountinfo").read_text().splitlines()) == before


def test_a_kill_leaves_no_process() -> None:
    mark = "77.75"
    process = subprocess.Popen([*PROGRAM, "run", *IN_ARM, "--", "sleep", mark], stdin=subprocess.DEVNULL)
    assert wait_for(lambda: any(line.startswith("sleep") or "qemu" in line for line in processes_with(mark)))
    process.kill()
    process.wait()
    assert wait_for(lambda: not processes_with(mark), 5)


def test_a_closed_pipe_is_quiet() -> None:
    line = f"{' '.join(PROGRAM)} arches --json | head -c 1"
    done = subprocess.run(["sh", "-c", line], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@contextmanager
def on_a_terminal(*words: str) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """The program on a terminal of its own; the other end of it."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        ["setsid", "--ctty", *PROGRAM, *words],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={**os.environ, "TERM": "xterm", "CI": ""},
    )
    os.close(theirs)
    try:
        yield ours, process
    finally:
        process.kill()
        process.wait()
        os.close(ours)


def read_until(terminal: int, word: bytes, seconds: float = 60.0) -> bytes:
    text, deadline = b"", time.monotonic() + seconds
    while word not in text and time.monotonic() < deadline:
        if select.select([terminal], [], [], 0.2)[0]:
            try:
                text += os.read(terminal, 4096)
            except OSError:  # the other end is gone
                break
    return text


def test_a_shell_on_a_terminal() -> None:
    with on_a_terminal("shell", *IN_ARM) as (terminal, process):
        assert b"wrongarch-arm" in read_until(terminal, b"# ")
        os.write(terminal, b"tty && uname -m; sleep 0 & wait; echo done-$((6*7))\n")
        text = read_until(terminal, b"done-42")
        assert b"/dev/pts/" in text or b"/dev/console" in text
        assert b"armv7l" in text
        os.write(terminal, b"sleep 60\n")
        read_until(terminal, b"sleep 60")
        time.sleep(0.5)
        os.write(terminal, b"\x03")  # Ctrl-C ends the command, not the shell
        os.write(terminal, b"echo still-$((40+2))\n")
        assert b"still-42" in read_until(terminal, b"still-42", 15)
        os.write(terminal, b"exit 5\n")
        assert process.wait(timeout=30) == 0
