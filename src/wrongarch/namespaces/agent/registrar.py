"""Changes the host's binfmt_misc from inside a container of ours, and tells what is registered there.

Started with a request as JSON, it prints one answer as JSON. It mounts the first user namespace's instance at a folder
of its own (CAP_SYS_ADMIN is enough for that), holds a lock in it while it works, so that two registrars on one kernel
take turns whatever daemon they belong to, and changes no entry but ours: the kernel looks at the newest entry first, so
that ours comes before what others registered, and leaves that as it was when it goes.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from typing import Any, NoReturn

from wrongarch.namespaces.agent import syscalls as sc
from wrongarch.namespaces.agent.idmap import EVERYTHING

PLACE = "/binfmt_misc"
OURS = "wrongarch-"
_SPECIAL = ("register", "status")
_SECONDS = 10


def main(text: str) -> NoReturn:
    """Serve one request: {"op": "show" | "register" | "unregister", "hold": bool, ...}; never returns.

    With "hold" it stays until its standard input ends, and takes away then what it registered. That is so even when the
    session is killed; and where binfmt_misc is mounted nowhere else, its entries last no longer than a mount of it.
    """
    request = json.loads(text)
    signal.signal(signal.SIGTERM, lambda *_: os._exit(143))
    try:
        answer = _serve(request)
    except OSError as error:
        answer = {"error": f"{error.strerror} ({error.filename or 'binfmt_misc'})", "errno": error.errno}
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()
    if request.get("hold") and "error" not in answer:
        while os.read(0, 1024):
            pass
        with _locked():
            for result in answer["results"]:
                if result["done"] in ("registered", "replaced"):
                    _remove(result["name"])
    os._exit(0)


@contextlib.contextmanager
def _locked() -> Iterator[bool]:
    """Alone among all registrars on this kernel; whether binfmt_misc is switched on."""
    with open(f"{PLACE}/status", encoding="ascii") as status:
        fcntl.flock(status, fcntl.LOCK_EX)
        yield status.read().strip() == "enabled"


def _serve(request: dict[str, Any]) -> dict[str, Any]:
    with open("/proc/self/uid_map", encoding="ascii") as file:
        if file.read().split() != ["0", "0", str(EVERYTHING)]:
            return {"error": "this daemon is rootless: its containers cannot reach the host's binfmt_misc", "errno": 0}
    os.makedirs(PLACE, exist_ok=True)
    sc.mount("binfmt_misc", PLACE, "binfmt_misc", sc.MS_NOSUID | sc.MS_NODEV | sc.MS_NOEXEC)
    with _locked() as enabled:
        results = []
        if request["op"] == "register" and enabled:
            results = [_register(record) for record in request["records"]]
        elif request["op"] == "unregister":
            results = [{"name": name, "done": _remove(name)} for name in request["names"]]
        probes = {probe["arch"]: effective(bytes.fromhex(probe["header"])) for probe in request["probes"]}
        return {"enabled": enabled, "results": results, "entries": _entries(), "effective": probes}


def _entries() -> dict[str, dict[str, Any]]:
    found = {}
    for name in sorted(os.listdir(PLACE)):
        if name not in _SPECIAL:
            with open(f"{PLACE}/{name}", encoding="utf-8", errors="surrogateescape") as file:
                made = os.fstat(file.fileno()).st_mtime
                found[name] = {"text": file.read(), "made": made}
    return found


def _register(record: dict[str, Any]) -> dict[str, Any]:
    """Have one record, unless what is there does as well; what was done, in a word."""
    name, interpreter = record["name"], record["interpreter"]
    entries = _entries()
    for other, entry in entries.items():
        rival = other.startswith(f"{OURS}{record['target']}-") and f"interpreter {interpreter}\n" not in entry["text"]
        if rival and other != name:
            return {"name": name, "done": "conflict", "with": other}
    header = bytes.fromhex(record["header"])
    version = f" version {record['version']}."
    if name in entries:
        if f"interpreter {interpreter}\n" in entries[name]["text"] and entries[name]["text"].startswith("enabled"):
            return {"name": name, "done": "there", "effective": effective(header)}
        _remove(name)
    elif not _ours(entries, record["target"]) and version in (before := effective(header)):
        return {"name": name, "done": "used", "effective": before}
    with open(f"{PLACE}/register", "wb", buffering=0) as file:
        file.write(record["line"].encode("latin-1"))
    after = effective(header)
    if version not in after:
        _remove(name)
        return {"name": name, "done": "refused", "effective": after}
    return {"name": name, "done": "replaced" if name in entries else "registered", "effective": after}


def _ours(entries: dict[str, dict[str, Any]], target: str) -> bool:
    """Whether we have an entry for a target: it may go with the run that made it, so that nobody else relies on it."""
    return any(name == f"{OURS}{target}" or name.startswith(f"{OURS}{target}-") for name in entries)


def _remove(name: str) -> bool:
    """Take an entry of ours away; False if there is none. Others' are not touched, whatever is asked for."""
    if not name.startswith(OURS) or not os.path.exists(f"{PLACE}/{name}"):
        return False
    with open(f"{PLACE}/{name}", "wb", buffering=0) as file:
        file.write(b"-1")
    return True


def effective(header: bytes) -> str:
    """What the emulator says that the kernel starts for a file with this header; "" if none starts.

    QEMU prints its version and ends, before it looks at the file, where QEMU_VERSION is set. Only an interpreter that
    the kernel holds open (flag F) starts here: ours is another root than the host's.
    """
    path = "/tmp/probe"  # noqa: S108  nobody else is in this container
    with open(path, "wb") as file:
        file.write(header)
        os.fchmod(file.fileno(), 0o755)
    try:
        done = subprocess.run(
            [path],
            env={"QEMU_VERSION": "1"},
            capture_output=True,
            check=False,
            timeout=_SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.decode(errors="replace").split("\n")[0]
