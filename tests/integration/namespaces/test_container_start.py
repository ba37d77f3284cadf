"""The agent as a container starts it, without any container: met at a socket, or on its standard streams."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from wrongarch.images import toolbox
from wrongarch.namespaces.agent import container
from wrongarch.namespaces.plan import Plan, PlanMount
from wrongarch.namespaces.session import Ending, Order, Pending, PrivateRoot, introduce_container

PATH = "/usr/sbin:/usr/bin:/sbin:/bin"
START = "from wrongarch.namespaces.agent.container import main; import sys; main(sys.argv[1])"

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="as in a container, only root starts it")


class Started:
    """The process that stands for the container."""

    def __init__(self, popen: subprocess.Popen[bytes]) -> None:
        self.popen = popen

    def ended(self, seconds: float) -> bool:
        self.popen.wait(seconds)
        return True

    def kill(self) -> None:
        self.popen.kill()


@contextmanager
def at_socket(folder: Path) -> Iterator[tuple[socket.socket, Started, bool]]:
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(f"{folder}/s")
        listening.listen()
        with subprocess.Popen([sys.executable, "-c", START, f"{folder}/s"]) as popen:
            control, _ = listening.accept()
            with control:
                yield control, Started(popen), True


@contextmanager
def on_streams(_: Path) -> Iterator[tuple[socket.socket, Started, bool]]:
    ours, theirs = socket.socketpair()
    line = [sys.executable, "-c", START, container.STREAMS]
    with subprocess.Popen(line, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as popen:

        def send() -> None:
            assert popen.stdin is not None
            while data := theirs.recv(1 << 16):
                os.write(popen.stdin.fileno(), data)
            popen.stdin.close()

        def receive() -> None:
            assert popen.stdout is not None
            while data := os.read(popen.stdout.fileno(), 1 << 16):
                theirs.sendall(data)
            theirs.shutdown(socket.SHUT_RDWR)

        for work in (send, receive):
            threading.Thread(target=work, daemon=True).start()
        with ours:
            yield ours, Started(popen), False


@pytest.fixture(params=[at_socket, on_streams])
def root(request: pytest.FixtureRequest, requires_namespaces: None, tmp_path: Path) -> Iterator[PrivateRoot]:
    """A root as a container has it: every id is itself."""
    lent = tmp_path / "lent"
    lent.mkdir()
    os.chown(lent, 4321, 4322)
    tmp_path.chmod(0o755)
    plan = Plan(
        root=toolbox.ensure(),
        mounts=(PlanMount(source=str(lent), target="/lent", writable=True),),
        own_ids=True,
    )
    with request.param(tmp_path) as (control, agent, passes):
        introduce_container(control, plan)
        opened = PrivateRoot(control, agent, "", passes_descriptors=passes)
        yield opened
        opened.close()
    owners = {(path.lstat().st_uid, path.lstat().st_gid) for path in lent.rglob("*")}
    assert owners <= {(4321, 4322)}


class Kept:
    """A command under way and what it prints."""

    def __init__(self, root: PrivateRoot, *argv: str, **order: object) -> None:
        self.out = b""
        self.seen = threading.Event()
        self.pending = Pending(self._take)
        self.number = root.start(Order(argv=argv, env={"PATH": PATH}, **order), self.pending)  # type: ignore[arg-type]

    def _take(self, _: bool, data: bytes) -> None:
        self.out += data
        self.seen.set()

    def ending(self) -> Ending:
        return self.pending.future.result(60)


def test_standard_input_and_files_that_are_returned(root: PrivateRoot) -> None:
    data = os.urandom(2 << 20)
    kept = Kept(root, "cat", stdin=data)
    assert kept.ending().exit_code == 0
    assert kept.out == data
    made = Kept(root, "sh", "-c", "mkdir /lent/deep; echo x >/lent/deep/file; chown 5:6 /lent/deep/file; id -u")
    assert (made.ending().exit_code, made.out) == (0, b"0\n")


def test_streams_and_terminals_in_frames(root: PrivateRoot) -> None:
    stream = Kept(root, "sh", "-c", "read word; echo got $word; cat", io="stream")
    root.feed(stream.number, b"one\ntwo\n")
    root.feed(stream.number, b"")
    assert stream.ending().exit_code == 0
    assert stream.out == b"got one\ntwo\n"
    script = "tty; read word; stty size 2>/dev/null || echo none; echo got $word"
    terminal = Kept(root, "sh", "-c", script, io="pty")
    root.resize(terminal.number, 31, 91)
    assert terminal.seen.wait(30)
    root.feed(terminal.number, b"typed\r")
    assert terminal.ending().exit_code == 0
    assert b"/dev/pts/0" in terminal.out
    assert b"got typed" in terminal.out


def test_commands_end_with_their_session(root: PrivateRoot) -> None:
    killed = Kept(root, "sleep", "60", io="stream")
    root.kill(killed.number)
    assert killed.ending().signal == signal.SIGKILL
    missing = Kept(root, "no-such-program", io="stream")
    assert missing.ending().reason == "not-started"
