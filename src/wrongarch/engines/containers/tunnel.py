"""A daemon behind ssh: its socket forwarded to one of ours by the user's own ssh(1), with their keys and settings."""

from __future__ import annotations

import contextlib
import re
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from wrongarch import process
from wrongarch.engines.containers.api import Daemon, resolve
from wrongarch.engines.containers.locate import Endpoint
from wrongarch.errors import MachineError, UsageError

_SECONDS = 20
_URL = re.compile(
    r"ssh://(?P<where>(?:[^@/\s]+@)?(?:\[[0-9a-fA-F:]+\]|[^:/\s-][^:/\s]*))(?::(?P<port>\d+))?(?P<path>/\S*)?"
)
_SOCKETS = {"docker": "/var/run/docker.sock", "podman": "/run/podman/podman.sock"}


@contextlib.contextmanager
def connected(endpoint: Endpoint) -> Iterator[Daemon]:
    """A daemon, by a tunnel where that is needed. Raises MachineError, UsageError for an address that is none."""
    endpoint = resolve(endpoint)
    with contextlib.ExitStack() as stack:
        url = stack.enter_context(_tunnel(endpoint)) if endpoint.url.startswith("ssh:") else ""
        daemon = Daemon(endpoint, url)
        stack.callback(daemon.close)
        yield daemon


@contextlib.contextmanager
def _tunnel(endpoint: Endpoint) -> Iterator[str]:
    match = _URL.fullmatch(endpoint.url)
    if match is None:
        raise UsageError(f"{endpoint.url!r} is no address of a daemon", fix="write ssh://user@host[:port][/socket]")
    there = match["path"] if (match["path"] or "/") != "/" else _SOCKETS[endpoint.engine]
    with tempfile.TemporaryDirectory(prefix="wrongarch-") as folder:
        here = Path(folder) / "s"
        port = ["-p", match["port"]] if match["port"] else []
        options = ["-o", "ExitOnForwardFailure=yes", "-o", "ConnectTimeout=10", "-o", "ServerAliveInterval=15"]
        where = match["where"].replace("[", "").replace("]", "")
        argv = ["ssh", "-nNT", *options, *port, "-L", f"{here}:{there}", "--", where]
        with tempfile.TemporaryFile() as errors:
            try:
                ssh = process.popen(argv, stdin=process.DEVNULL, stdout=process.DEVNULL, stderr=errors, process_group=0)
            except OSError as error:
                raise MachineError(
                    f"cannot start ssh: {error.strerror}", fix="install it: sudo apt install openssh-client"
                ) from error
            try:
                _await(ssh, here, endpoint, argv, errors)
                yield f"unix://{here}"
            finally:
                ssh.terminate()
                ssh.wait()


def _await(ssh: process.Process, here: Path, endpoint: Endpoint, argv: list[str], errors: IO[bytes]) -> None:
    end = time.monotonic() + _SECONDS
    while not here.exists():
        if ssh.poll() is not None or time.monotonic() > end:
            errors.seek(0)
            detail = errors.read().decode(errors="replace")
            raise MachineError(
                f"no way to {endpoint.url} by ssh",
                fix=f"try it by hand: {process.pasteable(argv)}",
                detail=detail.strip(),
            )
        time.sleep(0.05)
