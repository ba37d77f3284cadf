"""The room where images are made: the toolbox as root, with its native apt and dpkg, and a target mounted in it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

from wrongarch.errors import MachineError, WrongarchError
from wrongarch.namespaces import ids as id_maps
from wrongarch.namespaces.plan import Plan, PlanMount, Record
from wrongarch.namespaces.session import Order, Pending, PrivateRoot, open_root
from wrongarch.process import pasteable

TARGET = "/target"
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_TAIL = 4000  # characters of output that an error shows

Say = Callable[[str], None]


class Workshop:
    """Runs commands in the workshop, each to its end, writing all they print to a log."""

    def __init__(self, root: PrivateRoot, log: Path, env: dict[str, str]) -> None:
        self._root = root
        self._log = log
        self._env = env

    def run(
        self,
        *argv: str,
        error: type[WrongarchError] = MachineError,
        fix: str = "",
        on_line: Say | None = None,
    ) -> str:
        """Run a command and return what it printed. Raises `error` with the end of its output if it fails."""
        output = bytearray()
        with self._log.open("ab") as log:
            log.write(f"$ {pasteable(argv)}\n".encode())

            def take(_: bool, data: bytes) -> None:
                log.write(data)
                output.extend(data)
                if on_line is not None:
                    for line in data.decode(errors="replace").splitlines():
                        on_line(line)

            pending = Pending(take)
            number = self._root.start(Order(argv=argv, env=self._env), pending)
            try:
                ending = pending.future.result()
            except BaseException:
                self._root.kill(number)
                raise
        text = output.decode(errors="replace")
        if ending.reason != "exit" or ending.exit_code != 0:
            how = ending.error or (f"exit {ending.exit_code}" if ending.reason == "exit" else f"signal {ending.signal}")
            raise error(f"{argv[0]} failed ({how}) while an image was made", fix=fix, detail=text[-_TAIL:])
        return text


@contextlib.contextmanager
def open_workshop(
    toolbox: Path,
    log: Path,
    *,
    target: Path | None = None,
    mounts: tuple[PlanMount, ...] = (),
    records: tuple[Record, ...] = (),
    env: dict[str, str] | None = None,
    linux32: bool = False,
    inhabited: bool = False,
    machine: str = "",
    ids: id_maps.IdMap | None = None,
) -> Iterator[Workshop]:
    """A workshop with `target` (writable) at TARGET. Nothing in it has a network.

    `inhabited`: programs run in the target (chroot(2)), so it gets /proc, /dev and /sys.
    `machine` is what uname(2) says to native programs, if not the truth.
    chown is harmless in it: all files of an image belong to root, whoever builds it, so that the digest is the same.
    """
    if target is not None:
        mounts = (PlanMount(source=str(target), target=TARGET, writable=True), *mounts)  # others may lie in it
    plan = Plan(
        root=toolbox,
        mounts=mounts,
        records=records,
        inner=TARGET if inhabited else "",
        hostname="wrongarch-workshop",
        harmless_chown=True,
        linux32=linux32,
        machine=machine,
    )
    base = {"PATH": PATH, "HOME": "/root", "LC_ALL": "C.UTF-8", "TZ": "UTC", "TERM": "dumb"}
    with open_root(plan, ids) as root:
        yield Workshop(root, log, {**base, **(env or {})})
