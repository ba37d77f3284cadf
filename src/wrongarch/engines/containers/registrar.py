"""Registration containers: emulators and a registrar FROM scratch, built from the store, which change the host's kernel.

What was there before is never replaced: the kernel looks at the newest entry first, so ours come before the others while
they are there, and nothing is to be restored when they go. Each run has an entry of its own name, so that no run takes
another's away. An entry of someone else that starts a QEMU of the pinned version is used as it is.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Literal

import msgspec

from wrongarch.arches.lookup import image_arches
from wrongarch.arches.model import Arch
from wrongarch.emulators import records
from wrongarch.emulators.model import Emulator
from wrongarch.engines.containers import images, sweep
from wrongarch.engines.containers.api import Daemon, Listener
from wrongarch.engines.containers.payload import Python
from wrongarch.errors import MachineError
from wrongarch.images import oci, tree
from wrongarch.namespaces.emulation import FOLDER

EMULATORS = f"{FOLDER}/emulators"
PREFIX = "wrongarch-"
_SECONDS = 60.0
_STALE_SECONDS = 60

Say = Callable[[str], None]
Done = Literal["registered", "replaced", "there", "used", "conflict", "refused"]


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one record. `effective` is what the emulator says that runs now; `rival` is who is in the way."""

    name: str
    done: Done
    effective: str = ""
    rival: str = msgspec.field(default="", name="with")


class Removal(msgspec.Struct, frozen=True, kw_only=True):
    """Whether an entry was there and has been removed."""

    name: str
    done: bool


class Text(msgspec.Struct, frozen=True, kw_only=True):
    """An entry as the kernel has it, and when it was made (UNIX time)."""

    text: str
    made: float


class State(msgspec.Struct, frozen=True, kw_only=True):
    """The host's binfmt_misc. `effective`: by arch, what the QEMU says of itself that the kernel would start."""

    enabled: bool
    entries: dict[str, Text]
    effective: dict[str, str]


def show(daemon: Daemon, python: Python, arches: Iterable[Arch], say: Say) -> State:
    """What is registered on the daemon's host. Raises MachineError."""
    return msgspec.convert(_run(daemon, python, {"op": "show", "probes": _probes(arches)}, (), say), State)


def register(
    daemon: Daemon, python: Python, wanted: Iterable[tuple[Arch, Emulator]], say: Say, *, owner: str = ""
) -> tuple[Result, ...]:
    """Have every emulator registered; twice does no more than once. `owner` makes entries of their own.

    Raises MachineError if binfmt_misc is off, another run holds an arch with another emulator, or the kernel refuses.
    """
    wanted = tuple(wanted)
    request = {"op": "register", "records": [_record(arch, emulator, owner) for arch, emulator in wanted], "probes": []}
    answer = _run(daemon, python, request, [emulator for _, emulator in wanted], say)
    if not answer["enabled"]:
        raise MachineError(
            "binfmt_misc is switched off on the host (its status says disabled), so nothing can be registered",
            fix="switch it on: echo 1 | sudo tee /proc/sys/fs/binfmt_misc/status",
        )
    results = msgspec.convert(answer["results"], tuple[Result, ...])
    trouble = next((result for result in results if result.done in ("conflict", "refused")), None)
    if trouble is not None:
        unregister(daemon, python, [one.name for one in results if one.done == "registered"], say)
        raise _refusal(trouble)
    return results


def unregister(daemon: Daemon, python: Python, names: Iterable[str], say: Say) -> tuple[Removal, ...]:
    """Take entries of ours away."""
    names = [name for name in names if name.startswith(PREFIX)]
    if not names:
        return ()
    answer = _run(daemon, python, {"op": "unregister", "names": names, "probes": []}, (), say)
    return msgspec.convert(answer["results"], tuple[Removal, ...])


def name_of(arch: Arch, owner: str = "") -> str:
    """The name of our entry for the QEMU target of an arch, for everybody or for one owner."""
    return f"{PREFIX}{arch.qemu}-{owner}" if owner else f"{PREFIX}{arch.qemu}"


@contextlib.contextmanager
def for_run(
    daemon: Daemon, arch: Arch, emulator: Emulator, container: str, python: Python, say: Say
) -> Iterator[Result]:
    """A registration for one run, whose container is `container`; undone on leaving, whatever happened."""
    tag = hashlib.sha256(daemon.version().daemon.encode()).hexdigest()[:8]
    _sweep(daemon, python, tag, arch, say)
    owner = f"{tag}-{container[:12]}"
    (result,) = register(daemon, python, [(arch, emulator)], say, owner=owner)
    if result.done == "used":
        say(f"the host has a registration for {arch.name} already, which is used: {result.effective}")
    try:
        yield result
    finally:
        if result.done in ("registered", "replaced"):
            unregister(daemon, python, [result.name], say)


def _sweep(daemon: Daemon, python: Python, tag: str, arch: Arch, say: Say) -> None:
    """Take away what runs of this daemon left that have no container any more."""
    state = show(daemon, python, (), say)
    alive = {container.id[:12] for container in daemon.containers(sweep.LABEL)}
    head = f"{PREFIX}{arch.qemu}-{tag}-"
    stale = [
        name
        for name, entry in state.entries.items()
        if name.startswith(head) and name.removeprefix(head) not in alive and time.time() - entry.made > _STALE_SECONDS
    ]
    for removal in unregister(daemon, python, stale, say):
        say(f"removed a registration that a killed run left: {removal.name}")


def _refusal(result: Result) -> MachineError:
    if result.done == "conflict":
        return MachineError(
            f"another run has registered another emulator for the same programs on the host ({result.rival})",
            fix="wait until it is done, or use what needs no registration on the host: --engine sandbox",
        )
    seen = f"it starts {result.effective}" if result.effective else "it does not start it"
    return MachineError(
        f"the kernel took the registration {result.name}, but {seen}",
        fix="see what is registered: wrongarch binfmt show --engine docker",
    )


def interpreter_of(emulator: Emulator) -> str:
    """Where an emulator lies in the registrar's image; by its hash, so that another one is another path."""
    return f"{EMULATORS}/{emulator.sha256[:12]}/{emulator.path.name}"


def _record(arch: Arch, emulator: Emulator, owner: str) -> dict[str, Any]:
    interpreter = interpreter_of(emulator)
    record = records.make_record(arch, interpreter, name=name_of(arch, owner))
    return {
        "name": record.name,
        "target": arch.qemu,
        "interpreter": interpreter,
        "line": records.render(record).decode("latin-1"),
        "version": emulator.version,
        "header": header_of(arch).hex(),
    }


def _probes(arches: Iterable[Arch]) -> list[dict[str, str]]:
    return [{"arch": arch.name, "header": header_of(arch).hex()} for arch in arches]


def header_of(arch: Arch) -> bytes:
    """The start of a program of that arch, as long as the kernel wants a file to be before it looks at it."""
    return arch.magic.ljust(64, b"\0")


def image(python: Python, emulators: Iterable[Emulator]) -> oci.Image:
    """The registrar's image, FROM scratch."""
    parts = (
        tuple(python.parts()),
        tuple(
            tree.Part(source=emulator.path, name=interpreter_of(emulator).lstrip("/"), mode=0o755)
            for emulator in sorted(emulators, key=lambda one: one.sha256)
        ),
    )
    layers = [images.layer_from(one) for one in parts if one]
    labels = {
        "wrongarch.role": "registrar",
        "org.opencontainers.image.title": "wrongarch registrar",
        "org.opencontainers.image.description": "static QEMU emulators, and what registers them in binfmt_misc",
    }
    facts = oci.Facts(platform=images.platform_of(python.host), labels=labels, command=())
    return oci.make(layers, facts)


def _run(
    daemon: Daemon, python: Python, request: dict[str, Any], emulators: Iterable[Emulator], say: Say
) -> dict[str, Any]:
    """One registrar container from start to end: with CAP_SYS_ADMIN alone, else privileged."""
    name = images.ensure_image(daemon, image(python, emulators), "registrar")
    argv = python.argv("registrar", json.dumps(request))
    answer, words = _attempt(daemon, name, argv, privileged=False)
    if answer is None or answer.get("errno") in (errno.EPERM, errno.EACCES):
        say(f"the registrar needs more than CAP_SYS_ADMIN here ({words}): starting it with --privileged")
        answer, words = _attempt(daemon, name, argv, privileged=True)
    if answer is None or "error" in answer:
        raise MachineError(
            f"the host's binfmt_misc could not be reached from a container of {daemon.engine}: {words}",
            fix="with a rootless daemon, or where containers may not change the host, use the private registration: "
            "nothing has to be registered for --engine sandbox, docker or podman on Linux 6.7 or newer",
        )
    return answer


def _attempt(daemon: Daemon, name: str, argv: list[str], *, privileged: bool) -> tuple[dict[str, Any] | None, str]:
    host: dict[str, Any] = {
        "NetworkMode": "none",
        "ReadonlyRootfs": True,
        "Tmpfs": {"/tmp": "rw,exec,size=1m", "/binfmt_misc": "rw,size=4k"},  # noqa: S108
        "LogConfig": {"Type": "none"},
    }
    if privileged:
        host["Privileged"] = True
    else:
        host |= {"CapDrop": ["ALL"], "CapAdd": ["SYS_ADMIN"], "SecurityOpt": ["apparmor=unconfined", "label=disable"]}
    config = {
        "Image": name,
        "Entrypoint": argv[:1],
        "Cmd": argv[1:],
        "User": "0:0",
        "Env": ["LC_ALL=C.UTF-8"],
        "Labels": {"wrongarch.role": "registrar", sweep.OWNER: sweep.owner()},
        "AttachStdout": True,
        "AttachStderr": True,
        "HostConfig": host,
    }
    container = daemon.create(config, name=f"wrongarch-registrar-{os.urandom(4).hex()}")
    try:
        listener = Listener(daemon.attach(container))
        try:
            daemon.start(container)
        except MachineError as error:
            return None, error.what
        daemon.wait(container, _SECONDS)
        listener.join()
    finally:
        daemon.remove(container)
    try:
        answer: dict[str, Any] = json.loads(listener.output)
    except ValueError:
        return None, listener.errors.decode(errors="replace").strip()[-500:] or "it ended without a word"
    return answer, str(answer.get("error", ""))


def default_arches() -> tuple[Arch, ...]:
    """Those with images: what `show` looks at when nobody says."""
    return image_arches()
