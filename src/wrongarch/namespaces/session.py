"""The host's side of a private root: start the agent, send it commands, gather what they print and how they end."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any, Literal, Protocol

import msgspec

import wrongarch
from wrongarch import process
from wrongarch.errors import MachineError
from wrongarch.namespaces import ids as id_maps
from wrongarch.namespaces import trouble
from wrongarch.namespaces.agent import frames
from wrongarch.namespaces.plan import Plan

START_SECONDS = 60.0
_END_SECONDS = 5.0
_PIECE = 1 << 20
_BOOT = "import sys; sys.path.insert(0, sys.argv[1]); from wrongarch.namespaces.agent.main import main; main({})"
_FOLDER = str(Path(wrongarch.__file__).parent.parent)


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """A command for the agent. See `wrongarch.engines.base.Command`."""

    argv: tuple[str, ...]
    env: dict[str, str]
    cwd: str = "/"
    stdin: bytes = b""
    timeout: float | None = None
    grace: float = 0.0
    memory: int | None = None
    processes: int | None = None
    merge_stderr: bool = True
    io: Literal["capture", "terminal", "inherit", "stream", "pty"] = "capture"
    """Where no descriptor can be passed, "pty" stands for "terminal" and "stream" for "inherit"."""


class Ending(msgspec.Struct, frozen=True, kw_only=True):
    """What the agent says of a command that ended; see `wrongarch.engines.base.Outcome`."""

    reason: str
    exit_code: int | None = None
    signal: int | None = None
    seconds: float = 0.0
    user_seconds: float = 0.0
    system_seconds: float = 0.0
    max_rss: int = 0
    stray: int = 0
    interpreter: str = "unseen"
    error: str = ""


class Pending:
    """A command under way. `on_output(is_stderr, data)` and `on_terminal(fd)` are called from the session's thread.

    Should `on_output` raise, the command is killed, and that is what the future raises.
    """

    def __init__(
        self, on_output: Callable[[bool, bytes], None], on_terminal: Callable[[int], None] | None = None
    ) -> None:
        self.future: Future[Ending] = Future()
        self.on_output = on_output
        self.on_terminal = on_terminal
        self.interpreter = "unseen"


class Agent(Protocol):
    """What the agent runs in: a process of ours, or a container."""

    def ended(self, seconds: float) -> bool:
        """Wait for its end; whether it came."""
        ...

    def kill(self) -> None:
        """End it now, and wait for that."""
        ...


class _Process:
    """The agent as a process of this machine; its child, process 1 of the root, dies with it."""

    def __init__(self, popen: subprocess.Popen[bytes]) -> None:
        self._popen = popen
        self.pid = popen.pid

    def ended(self, seconds: float) -> bool:
        try:
            self._popen.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def kill(self) -> None:
        self._popen.kill()
        self._popen.wait()


class PrivateRoot:
    """A running private root. Use `open_root`."""

    def __init__(
        self, control: socket.socket, agent: Agent, kernel: str, *, passes_descriptors: bool = True, keep: bool = False
    ) -> None:
        self.kernel = kernel
        self.passes_descriptors = passes_descriptors
        self.keep = keep
        self._control = control
        self._agent = agent
        self._sending = threading.Lock()
        self._pending: dict[int, Pending] = {}
        self._numbers = 0
        self._lost = ""
        self._listener = threading.Thread(target=self._listen, name="wrongarch-session", daemon=True)
        self._listener.start()

    def start(self, order: Order, pending: Pending, descriptors: tuple[int, ...] = ()) -> int:
        """Have the agent start a command; its number. With io "inherit", `descriptors` are its standard streams."""
        with contextlib.ExitStack() as stack:
            if order.stdin and order.io == "capture" and self.passes_descriptors:
                descriptors = (stack.enter_context(_as_file(order.stdin)),)
            with self._sending:
                self._numbers += 1
                number = self._numbers
                self._pending[number] = pending
                lost = self._lost or self._send(number, order, descriptors)
        if lost:  # settled without the lock: whoever waits for it may start another command at once
            self._settle(number, Ending(reason="lost", error=lost))
        return number

    def _send(self, number: int, order: Order, descriptors: tuple[int, ...]) -> str:
        """Why that was not possible, or an empty text."""
        facts = {**msgspec.structs.asdict(order), "descriptors": len(descriptors)}
        del facts["stdin"]
        frame = frames.pack_json(frames.SPAWN, number, facts)
        try:
            if order.stdin and not descriptors:
                for at in range(0, len(order.stdin), _PIECE):
                    self._control.sendall(frames.pack(frames.INPUT, number, order.stdin[at : at + _PIECE]))
            if descriptors:
                sent = socket.send_fds(self._control, [frame], list(descriptors))
                frame = frame[sent:]
            self._control.sendall(frame)
        except OSError as error:
            return f"the session is gone: {error.strerror}"
        return ""

    def feed(self, number: int, data: bytes) -> None:
        """Give a command that was started with io "stream" or "pty" something to read; nothing: that was all."""
        with self._sending, contextlib.suppress(OSError):
            self._control.sendall(frames.pack(frames.INPUT, number, data))

    def resize(self, number: int, rows: int, columns: int) -> None:
        """Tell a command that was started with io "pty" how large its terminal is."""
        with self._sending, contextlib.suppress(OSError):
            self._control.sendall(frames.pack_json(frames.SIZE, number, {"rows": rows, "columns": columns}))

    @property
    def lost(self) -> str:
        """Why the session is over though nobody closed it, "" while it is not."""
        return self._lost

    def kill(self, number: int) -> None:
        """End a command and all it started, after its grace; nothing happens if it has ended."""
        with self._sending, contextlib.suppress(OSError):
            self._control.sendall(frames.pack(frames.KILL, number, b""))

    def close(self) -> None:
        """End everything in the root. Returns when the last process is gone."""
        with contextlib.suppress(OSError):
            if self.keep:
                self._control.sendall(frames.pack_json(frames.QUIT, 0, {"keep": True}))
            self._control.shutdown(socket.SHUT_WR)
        if not self.keep and not self._agent.ended(_END_SECONDS):
            self._agent.kill()
        if self.keep:
            self._control.shutdown(socket.SHUT_RDWR)
        self._listener.join()
        self._control.close()

    def _listen(self) -> None:
        reader = frames.Reader()
        descriptors: list[int] = []
        lost = "the agent of the session ended"
        try:
            while True:
                data, received, _, _ = socket.recv_fds(self._control, 1 << 18, 4)
                if not data:
                    break
                descriptors += received
                for kind, number, payload in reader.feed(data):
                    self._handle(kind, number, payload, descriptors)
        except Exception as error:  # noqa: BLE001  the agent lives beside what it runs: nobody may wait for ever
            lost = f"the session broke: {error or type(error).__name__}"
        with self._sending:
            self._lost = self._lost or lost
            left = list(self._pending)
        for number in left:
            self._settle(number, Ending(reason="lost", error=self._lost))

    def _handle(self, kind: bytes, number: int, payload: bytes, descriptors: list[int]) -> None:
        if kind == frames.FAILED and number == 0:
            self._lost = msgspec.json.decode(payload, type=trouble.Failure).error
            return
        pending = self._pending.get(number)
        if pending is None:
            return
        if kind in (frames.OUT, frames.ERR):
            self._pass_on(number, pending, payload, is_stderr=kind == frames.ERR)
        elif kind == frames.BEGAN:
            pending.interpreter = msgspec.json.decode(payload)["interpreter"]
        elif kind == frames.TERMINAL and pending.on_terminal is not None:
            pending.on_terminal(descriptors.pop(0))
        elif kind == frames.EXIT:
            facts = msgspec.json.decode(payload)
            self._settle(number, msgspec.convert({**facts, "interpreter": pending.interpreter}, Ending))
        elif kind == frames.FAILED:
            self._settle(number, Ending(reason="not-started", error=msgspec.json.decode(payload)["error"]))

    def _pass_on(self, number: int, pending: Pending, data: bytes, *, is_stderr: bool) -> None:
        try:
            pending.on_output(is_stderr, data)
        except Exception as error:  # noqa: BLE001  whatever it was: other commands go on, and nobody waits for ever
            self.kill(number)
            if self._pending.pop(number, None) is not None:
                pending.future.set_exception(error)

    def _settle(self, number: int, ending: Ending) -> None:
        pending = self._pending.pop(number, None)
        if pending is not None:
            pending.future.set_result(ending)


@contextlib.contextmanager
def _as_file(data: bytes) -> Iterator[int]:
    """An open file with this content: no pipe to keep filled, no limit to its size."""
    descriptor = os.memfd_create("stdin", os.MFD_CLOEXEC)
    try:
        with open(descriptor, "wb", closefd=False) as file:
            file.write(data)
        os.lseek(descriptor, 0, os.SEEK_SET)
        yield descriptor
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def open_root(plan: Plan, ids: id_maps.IdMap | None = None) -> Iterator[PrivateRoot]:
    """Make a private root and give it; on leaving everything in it is ended and nothing of it is left.

    Raises MachineError, with what to do, where this machine or user can't.
    """
    ids = ids if ids is not None else id_maps.choose()
    ours, theirs = socket.socketpair()
    with theirs:
        argv = [sys.executable, "-I", "-S", "-c", _BOOT.format(theirs.fileno()), _FOLDER]
        # a session of its own: Ctrl-C in the terminal is for us, and we end the commands
        agent = process.popen(argv, stdin=subprocess.DEVNULL, pass_fds=[theirs.fileno()], start_new_session=True)
    try:
        ours.settimeout(START_SECONDS)
        kernel = _introduce(ours, agent, plan, ids)
        ours.settimeout(None)
    except BaseException:
        agent.kill()
        agent.wait()
        ours.close()
        raise
    root = PrivateRoot(ours, _Process(agent), kernel)
    try:
        yield root
    finally:
        root.close()


def _introduce(control: socket.socket, agent: subprocess.Popen[bytes], plan: Plan, ids: id_maps.IdMap) -> str:
    """The three steps of `wrongarch.namespaces.agent.main`, seen from outside; returns the kernel's release."""
    facts = {**msgspec.to_builtins(plan, enc_hook=str), "many_ids": ids.many}
    facts["harmless_chown"] = plan.harmless_chown or not ids.many
    facts["real_root"] = ids.owner[0] == 0
    answers = _answers(control)
    try:
        control.sendall(frames.pack_json(frames.PLAN, 0, facts))
        next_answer(answers, frames.UNSHARED)
        id_maps.write(ids, agent.pid)
        with contextlib.suppress(BrokenPipeError):  # an agent that has given up by now says why in its answer
            control.sendall(frames.pack(frames.GO, 0, b""))
        return str(next_answer(answers, frames.READY)["kernel"])
    except OSError as error:
        raise MachineError(
            f"the agent of the private root did not start: {error}",
            fix=f"see whether this Python works: {sys.executable} -I -S -c 'import ctypes, socket'",
        ) from error


def introduce_container(control: socket.socket, plan: Plan) -> str:
    """The same for an agent that maps its ids itself: `plan` has `own_ids`. Raises MachineError, OSError."""
    facts = {**msgspec.to_builtins(plan, enc_hook=str), "many_ids": True, "real_root": True}
    control.sendall(frames.pack_json(frames.PLAN, 0, facts))
    return str(next_answer(_answers(control), frames.READY)["kernel"])


def _answers(control: socket.socket) -> Iterator[tuple[bytes, Any]]:
    reader = frames.Reader()
    while data := control.recv(1 << 16):
        for kind, _, payload in reader.feed(data):
            yield kind, msgspec.json.decode(payload)


def next_answer(answers: Iterator[tuple[bytes, Any]], wanted: bytes) -> Any:
    """The facts of the next frame, which has to be a `wanted` one. Raises MachineError for what the agent reports."""
    kind, facts = next(answers, (b"", None))
    if kind == frames.FAILED:
        raise trouble.explain(msgspec.convert(facts, trouble.Failure), trouble.kernel_version(os.uname().release))
    if kind != wanted:
        raise OSError("it ended before it was ready")
    return facts
