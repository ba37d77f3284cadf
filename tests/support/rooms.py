"""Private roots for tests: commands run in one to their end, with what they printed."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from wrongarch.namespaces import ids as id_maps
from wrongarch.namespaces.plan import Plan
from wrongarch.namespaces.session import Ending, Order, Pending, PrivateRoot, open_root

PATH = "/usr/sbin:/usr/bin:/sbin:/bin"


class Ran(NamedTuple):
    """How a command ended and what it printed."""

    ending: Ending
    out: bytes
    err: bytes

    @property
    def text(self) -> str:
        return self.out.decode()


class Running:
    """A command under way."""

    def __init__(self, root: PrivateRoot, order: Order, on_output: Callable[[bytes], None] | None = None) -> None:
        self._kept = bytearray(), bytearray()
        self._on_output = on_output
        self._pending = Pending(self._take)
        self._root = root
        self.number = root.start(order, self._pending)

    def _take(self, is_stderr: bool, data: bytes) -> None:
        if self._on_output is not None:
            self._on_output(data)
        else:
            self._kept[is_stderr].extend(data)

    @property
    def out(self) -> bytes:
        """What it has printed so far."""
        return bytes(self._kept[0])

    def printed(self, wanted: bytes, patience: float = 20) -> None:
        """Wait until it has printed `wanted`."""
        until(lambda: wanted in self.out, patience)

    def kill(self) -> None:
        self._root.kill(self.number)

    def wait(self, patience: float = 60) -> Ran:
        ending = self._pending.future.result(patience)
        return Ran(ending, bytes(self._kept[0]), bytes(self._kept[1]))


class Room:
    """A private root under test."""

    def __init__(self, root: PrivateRoot) -> None:
        self.root = root

    def start(self, *argv: str, on_output: Callable[[bytes], None] | None = None, **order: Any) -> Running:
        order["env"] = {"PATH": PATH, **order.get("env", {})}
        return Running(self.root, Order(argv=argv, **order), on_output)

    def run(self, *argv: str, patience: float = 60, **order: Any) -> Ran:
        return self.start(*argv, **order).wait(patience)

    def shell(self, script: str, *words: str, **order: Any) -> Ran:
        return self.run("sh", "-c", script, "sh", *words, **order)

    def read(self, script: str, *words: str, **order: Any) -> str:
        """What a script prints that has to work."""
        ran = self.shell(script, *words, **order)
        assert ran.ending.exit_code == 0, (ran.ending, ran.out, ran.err)
        return ran.text


@contextlib.contextmanager
def room(plan: Plan, ids: id_maps.IdMap | None = None) -> Iterator[Room]:
    with open_root(plan, ids) as root:
        yield Room(root)


def until(true: Callable[[], bool], patience: float = 20) -> None:
    """Wait for something that another process does."""
    end = time.monotonic() + patience
    while not true():
        assert time.monotonic() < end, f"not in {patience} s"
        time.sleep(0.01)


def processes_with(word: str) -> list[int]:
    """The processes of the host that have `word` in their command line."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with contextlib.suppress(OSError):
                if word.encode() in (folder / "cmdline").read_bytes():
                    found.append(int(folder.name))
    return found


def unshared(*flags: str, script: str = 'exec "$@"') -> Callable[..., str]:
    """Runs our Python in namespaces made by unshare(1), as a container would have it; gives what that prints."""

    def run(*argv: str) -> str:
        line = ["unshare", *flags, "sh", "-c", script, "sh", sys.executable, *argv]
        done = subprocess.run(line, check=False, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run
