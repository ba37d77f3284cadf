"""Says what the kernel really ran for a command: the pinned emulator, the host's CPU, or something else."""

from __future__ import annotations

import hashlib
import os
import subprocess
from typing import Any

_VERSION_SECONDS = 10
_CHUNK = 1 << 20


class Judge:
    """Knows the pinned emulator of a plan.

    With a registration of our own that is a file of the root, known by its inode. With one of the host's the emulator
    lies in some other root: it is known by its hash, or, where the plan says so, by the version that it says it has.
    """

    def __init__(self, plan: dict[str, Any]) -> None:
        self._native = not plan["emulator"] and not plan["emulator_sha256"]
        self._sha256: str = plan["emulator_sha256"]
        self._version: str = plan["emulator_version"]
        self._known: dict[tuple[int, int], str] = {}
        if plan["emulator"]:
            seen = os.stat(plan["emulator"])
            self._known[seen.st_dev, seen.st_ino] = "pinned"

    def of(self, pid: int) -> str:
        """What process `pid` is run by (proc_pid_exe(5)): "pinned", "native", "other", or "unseen" once it is gone."""
        path = f"/proc/{pid}/exe"
        try:
            seen = os.stat(path)
        except OSError:
            return "unseen"
        if self._native:
            return "native"
        identity = seen.st_dev, seen.st_ino
        if identity not in self._known:
            try:
                self._known[identity] = self._look_at(path)
            except OSError:
                return "unseen"
        return self._known[identity]

    def _look_at(self, path: str) -> str:
        if not self._sha256:
            return "other"
        with open(path, "rb") as file:
            total = hashlib.sha256()
            while piece := file.read(_CHUNK):
                total.update(piece)
            if total.hexdigest() == self._sha256:
                return "pinned"
            if not self._version:
                return "other"
            # through the descriptor: the process may be gone by now, and its path means nothing in this root
            answer = subprocess.run(
                ["qemu", "--version"],
                executable=f"/proc/self/fd/{file.fileno()}",
                pass_fds=[file.fileno()],
                capture_output=True,
                check=False,
                timeout=_VERSION_SECONDS,
            )
        return "pinned" if f" version {self._version}.".encode() in answer.stdout else "other"
