"""A command on the user's own terminal, with a real terminal on both sides."""

from __future__ import annotations

import fcntl
import os
import select
import signal
import struct
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

REPO = Path(__file__).parents[3]
ATTACH = """
import json, os, sys, termios
from pathlib import Path
from wrongarch.arches.lookup import host_arch
from wrongarch.engines.base import Command, SessionSpec, describe
from wrongarch.engines.sandbox import Sandbox
at_terminal = os.isatty(0)
before = termios.tcgetattr(0) if at_terminal else None
with Sandbox().open(SessionSpec(arch=host_arch(), root=Path(sys.argv[1]))) as session:
    outcome = session.attach(Command(argv=tuple(sys.argv[2:])))
after = termios.tcgetattr(0) if at_terminal else None
print("ended:", describe(outcome), "same" if before == after else "changed", file=sys.stderr)
"""


class Person:
    """Sits at a terminal."""

    def __init__(self, native: Path) -> None:
        self._native = native
        self.master, self._slave = os.openpty()
        self.seen = b""
        self.size(24, 80)
        self.process: subprocess.Popen[bytes] | None = None

    def attach(self, *argv: str, env: dict[str, str] | None = None) -> None:
        def take_terminal() -> None:
            fcntl.ioctl(0, termios.TIOCSCTTY, 0)

        self.process = subprocess.Popen(
            [sys.executable, "-c", ATTACH, str(self._native), *argv],
            stdin=self._slave,
            stdout=self._slave,
            stderr=self._slave,
            start_new_session=True,
            preexec_fn=take_terminal,  # noqa: PLW1509  nothing else runs in this process yet
            cwd=REPO,
            env={**os.environ, "TERM": "xterm-test", **(env or {})},
        )

    def size(self, rows: int, columns: int) -> None:
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def type(self, keys: bytes) -> None:
        while keys:
            keys = keys[os.write(self.master, keys) :]

    def sees(self, wanted: bytes, patience: float = 60) -> bytes:
        """Watch until `wanted` is on the screen; all that was there until then."""
        end = time.monotonic() + patience
        while wanted not in self.seen:
            left = end - time.monotonic()
            assert left > 0, f"no {wanted!r} in {self.seen[-2000:]!r}"
            if select.select([self.master], [], [], min(left, 0.5))[0]:
                self.seen += os.read(self.master, 1 << 16)
        before, _, self.seen = self.seen.partition(wanted)
        return before

    def close(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()
        os.close(self.master)
        os.close(self._slave)


@pytest.fixture
def person(native: Path) -> Iterator[Person]:
    somebody = Person(native)
    yield somebody
    somebody.close()


def test_all_three_streams_are_a_terminal_of_their_own(person: Person) -> None:
    person.attach("sh", "-c", "tty; test -t 0 && test -t 1 && test -t 2 && echo all $TERM; exit 3")
    person.sees(b"/dev/pts/0\r\nall xterm-test\r\n")
    person.sees(b"ended: exit 3 same")


def test_jobs_can_be_controlled(person: Person) -> None:
    """The command leads a session with that terminal, so that a shell in it can do its work."""
    person.attach("sh", "-c", "cut -d' ' -f5,6,7,8 /proc/self/stat; head -n 1 /dev/tty; echo done")
    group, session, terminal, foreground = person.sees(b"\r\n").split()
    assert group == session == foreground
    assert terminal != b"0"
    person.type(b"words\r")
    person.sees(b"words\r\nwords\r\ndone")


def test_the_window_has_the_size_of_the_users(person: Person) -> None:
    person.size(41, 101)
    person.attach("sh", "-c", "trap 'stty size' WINCH; stty size; while :; do sleep 0.1; done")
    person.sees(b"41 101\r\n")
    person.size(31, 91)
    person.sees(b"31 91\r\n")


def test_keys_reach_the_command(person: Person) -> None:
    person.attach("sh", "-c", "read word; echo got $word; cat; echo end of file")
    person.type(b"typed\r")
    person.sees(b"got typed")
    person.type(b"\x04")
    person.sees(b"end of file")
    person.sees(b"ended: exit 0 same")


def test_an_interrupt_is_for_the_command(person: Person) -> None:
    person.attach("sh", "-c", "trap 'echo caught; exit 5' INT; echo up; while :; do sleep 0.1; done")
    person.sees(b"up")
    person.type(b"\x03")
    person.sees(b"caught")
    person.sees(b"ended: exit 5 same")


def test_an_interrupt_ends_a_command_that_does_not_catch_it(person: Person) -> None:
    person.attach("sleep", "60")
    time.sleep(1)
    person.type(b"\x03")
    person.sees(b"ended: killed by SIGINT same")


def test_an_interrupt_comes_through_a_flood_of_output(person: Person) -> None:
    person.attach("yes", "flood")
    person.sees(b"flood\r\nflood\r\n" * 100)
    person.type(b"\x03")
    person.sees(b"ended: killed by SIGINT same", patience=10)


def test_much_is_pasted_into_a_program_that_says_a_lot_before_it_reads_on(person: Person) -> None:
    """Neither side may wait for the other for ever."""
    text = b"".join(b"%07d\n" % number for number in range(4_000))
    talk = f"dd bs=1 count=8; seq 100000; head -c {len(text) - 8}; echo; echo done"
    person.attach("sh", "-c", f"stty raw -echo; echo ready; {talk}")
    person.sees(b"ready\n")
    typing = threading.Thread(target=person.type, args=(text,), daemon=True)
    typing.start()
    person.sees(b"\n100000\n")
    assert person.sees(b"\ndone\n") == text[8:]
    typing.join(5)


def test_output_just_before_the_end_is_seen(person: Person) -> None:
    person.attach("sh", "-c", "seq 20000")
    assert person.sees(b"ended: exit 0 same").count(b"\r\n") == 20000


def test_a_program_that_is_not_there(person: Person) -> None:
    person.attach("no-such-program")
    person.sees(b"ended: did not start: no-such-program in /: No such file or directory same")


def test_a_background_process_that_holds_the_terminal_is_ended(person: Person) -> None:
    person.attach("sh", "-c", "trap '' HUP; sleep 60 & echo left")
    person.sees(b"left")
    person.sees(b"ended: exit 0 same", patience=8)


def test_a_terminal_that_goes_away_ends_the_command(native: Path, hangups: None) -> None:
    somebody = Person(native)
    somebody.attach("sh", "-c", "echo up; sleep 4040404")
    somebody.sees(b"up")
    process = somebody.process
    assert process is not None
    os.close(somebody.master)
    os.close(somebody._slave)
    assert process.wait(15) in (-signal.SIGHUP, 1)


def test_without_a_terminal_streams_are_handed_on(native: Path, tmp_path: Path) -> None:
    out, err = tmp_path / "out", tmp_path / "err"
    line = [sys.executable, "-c", ATTACH, str(native), "sh", "-c", "cat; echo problem >&2; test -t 0 || exit 4"]
    with out.open("wb") as stdout, err.open("wb") as stderr:
        done = subprocess.run(line, input=b"a\0b\xff", stdout=stdout, stderr=stderr, check=False, cwd=REPO, timeout=60)
    assert done.returncode == 0
    assert out.read_bytes() == b"a\0b\xff"
    assert err.read_bytes().splitlines() == [b"problem", b"ended: exit 4 same"]


def test_without_a_terminal_a_program_that_is_not_there(native: Path) -> None:
    line = [sys.executable, "-c", ATTACH, str(native), "no-such-program"]
    done = subprocess.run(line, capture_output=True, stdin=subprocess.DEVNULL, check=False, cwd=REPO, timeout=60)
    assert b"did not start: no-such-program" in done.stderr
