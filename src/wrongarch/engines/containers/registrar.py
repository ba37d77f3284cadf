"""Registration containers: emulators and a registrar FROM scratch, out of the store, which change the host's kernel.

What was there before is never replaced: the kernel looks at the newest entry first, so ours come before the others
while they are there, and nothing is to be restored when they go. Each run has an entry of its own name, so that no run
takes another's away. An entry of someone else that starts a QEMU of the pinned version is used as it is.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Literal

import msgspec

from wrongarch.arches.lookup import image_arches
from wrongarch.arches.model import Arch
from wrongarch.emulators import records
from wrongarch.emulators.model import Emulator
from wrongarch.engines.containers import images, sweep
from wrongarch.engines.containers.api import Attached, Daemon, Listener, Refused
from wrongarch.engines.containers.payload import Python
from wrongarch.errors import MachineError
from wrongarch.images import oci, tree
from wrongarch.namespaces.emulation import FOLDER

EMULATORS = f"{FOLDER}/emulators"
HOLDS = "wrongarch.holds"
"""Label of a container that holds registrations: their names."""
PREFIX = "wrongarch-"
_SECONDS = 60.0

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


def register(daemon: Daemon, python: Python, wanted: Iterable[tuple[Arch, Emulator]], say: Say) -> tuple[Result, ...]:
    """Have every emulator registered until it is unregistered; twice does no more than once.

    Where binfmt_misc is mounted nowhere on the host, its entries end with the registrar's own mount: then a container
    stays to hold it. Raises MachineError if binfmt_misc is off, a run holds an arch with another emulator, or the
    kernel refuses.
    """
    wanted = tuple(wanted)
    request = _request(wanted, "")
    emulators = [emulator for _, emulator in wanted]
    results = _judged(_run(daemon, python, request, emulators, say))
    made = {result.name for result in results if result.done in ("registered", "replaced")}
    if made - show(daemon, python, (), say).entries.keys():
        holder = _Holder(daemon, python, {**request, "hold": True}, emulators, say, forever=True)
        results = _judged(holder.answer)
        say(f"binfmt_misc is not mounted on the host, so the container {holder.name} holds the registration")
    return results


def _request(wanted: tuple[tuple[Arch, Emulator], ...], owner: str) -> dict[str, Any]:
    return {"op": "register", "records": [_record(arch, emulator, owner) for arch, emulator in wanted], "probes": []}


def _judged(answer: dict[str, Any]) -> tuple[Result, ...]:
    if not answer["enabled"]:
        raise MachineError(
            "binfmt_misc is switched off on the host (its status says disabled), so nothing can be registered",
            fix="switch it on: echo 1 | sudo tee /proc/sys/fs/binfmt_misc/status",
        )
    results = msgspec.convert(answer["results"], tuple[Result, ...])
    trouble = next((result for result in results if result.done in ("conflict", "refused")), None)
    if trouble is not None:
        raise _refusal(trouble)
    return results


def unregister(daemon: Daemon, python: Python, names: Iterable[str], say: Say) -> tuple[Removal, ...]:
    """Take entries of ours away, and the containers that hold them."""
    names = [name for name in names if name.startswith(PREFIX)]
    if not names:
        return ()
    answer = _run(daemon, python, {"op": "unregister", "names": names, "probes": []}, (), say)
    left = answer["entries"].keys()
    for container in daemon.containers(HOLDS):
        if not left & set(container.labels[HOLDS].split()):
            daemon.remove(container.id)
    return msgspec.convert(answer["results"], tuple[Removal, ...])


def name_of(arch: Arch, owner: str = "") -> str:
    """The name of our entry for the QEMU target of an arch, for everybody or for one owner."""
    return f"{PREFIX}{arch.qemu}-{owner}" if owner else f"{PREFIX}{arch.qemu}"


@contextlib.contextmanager
def for_run(daemon: Daemon, arch: Arch, emulator: Emulator, python: Python, say: Say) -> Iterator[Result]:
    """A registration for one run, undone on leaving, and by the registrar itself should we be killed.

    The entry has a name of its own, so that another run's can come and go beside it.
    """
    request = {**_request(((arch, emulator),), os.urandom(6).hex()), "hold": True}
    holder = _Holder(daemon, python, request, [emulator], say)
    try:
        (result,) = _judged(holder.answer)
        if result.done == "used":
            say(f"the host has a registration for {arch.name} already, which is used: {result.effective}")
        yield result
    finally:
        holder.close()


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
    layers = list(images.layers_of(python))
    parts = tuple(
        tree.Part(source=emulator.path, name=interpreter_of(emulator).lstrip("/"), mode=0o755)
        for emulator in sorted(emulators, key=lambda one: one.sha256)
    )
    if parts:
        layers.append(images.layer_from(parts))
    labels = {
        sweep.ROLE: "registrar",
        "org.opencontainers.image.title": "wrongarch registrar",
        "org.opencontainers.image.description": "static QEMU emulators, and what registers them in binfmt_misc",
    }
    facts = oci.Facts(platform=images.platform_of(python.host), labels=labels, command=())
    return oci.make(layers, facts)


def _run(
    daemon: Daemon, python: Python, request: dict[str, Any], emulators: Iterable[Emulator], say: Say
) -> dict[str, Any]:
    """One registrar from start to end; its answer."""
    holder = _Holder(daemon, python, request, emulators, say)
    holder.close()
    return holder.answer


class _Holder:
    """A registrar container: with CAP_SYS_ADMIN alone, else privileged. Raises MachineError if neither does."""

    def __init__(
        self,
        daemon: Daemon,
        python: Python,
        request: dict[str, Any],
        emulators: Iterable[Emulator],
        say: Say,
        *,
        forever: bool = False,
    ) -> None:
        self._daemon, self._forever = daemon, forever
        self._names = [record["name"] for record in request.get("records", ())] if forever else []
        self._image = images.ensure_image(daemon, image(python, emulators), "registrar")
        self._argv = python.argv("registrar", json.dumps(request))
        self.name = f"wrongarch-registrar-{os.urandom(4).hex()}"
        found = self._start(privileged=False)
        if found.get("errno") in (errno.EPERM, errno.EACCES, None):
            say(f"the registrar needs more than CAP_SYS_ADMIN here ({found['error']}): starting it with --privileged")
            self.close()
            found = self._start(privileged=True)
        if "error" in found:
            self.close()
            raise MachineError(
                f"the host's binfmt_misc could not be reached from a container of {daemon.engine}: {found['error']}",
                fix="with a rootless daemon, or where containers may not change the host, use the private "
                "registration: on Linux 6.7 or newer no engine needs any other",
            )
        self.answer = found

    def close(self) -> None:
        """Let it undo what it did, and remove it."""
        self._attached.end_input()
        try:
            self._daemon.wait(self._container, _SECONDS)
        finally:
            self._attached.close()
            self._daemon.remove(self._container)

    def _start(self, *, privileged: bool) -> dict[str, Any]:
        """Start it; its answer, {"error", "errno"} in any case if it has none, errno None where it is not known."""
        config = self._config(privileged=privileged)
        self._container = self._daemon.create(config, name=self.name)
        try:
            self._attached = self._daemon.attach(self._container, stdin=not self._forever)
            line, listener = _first_line(self._attached)
            try:
                self._daemon.start(self._container)
            except Refused as error:
                self._attached.close()
                return {"error": error.what, "errno": None}
            answer = line(_SECONDS)
            if not answer:
                listener.join()
                words = listener.errors.decode(errors="replace").strip()[-500:]
                return {"error": words or "it ended without a word", "errno": None}
        except BaseException:
            self._daemon.remove(self._container)
            raise
        found: dict[str, Any] = json.loads(answer)
        return found if "error" in found else {"errno": 0, **found}

    def _config(self, *, privileged: bool) -> dict[str, Any]:
        host: dict[str, Any] = {
            "NetworkMode": "none",
            "ReadonlyRootfs": True,
            "Tmpfs": {"/tmp": "rw,exec,size=1m", "/binfmt_misc": "rw,size=4k"},  # noqa: S108  of the container
            "LogConfig": {"Type": "none"},
            "AutoRemove": not self._forever,
        }
        if privileged:
            host["Privileged"] = True
        else:
            options = ["apparmor=unconfined", "label=disable"]
            host |= {"CapDrop": ["ALL"], "CapAdd": ["SYS_ADMIN"], "SecurityOpt": options}
        labels = {sweep.ROLE: "registrar", sweep.OWNER: sweep.owner()}
        if self._names:
            labels[HOLDS] = " ".join(self._names)
        return {
            "Image": self._image,
            "Entrypoint": self._argv[:1],
            "Cmd": self._argv[1:],
            "User": "0:0",
            "Env": ["LC_ALL=C.UTF-8"],
            "Labels": labels,
            "OpenStdin": True,
            "StdinOnce": not self._forever,
            "AttachStdin": not self._forever,
            "AttachStdout": True,
            "AttachStderr": True,
            "HostConfig": host,
        }


def _first_line(attached: Attached) -> tuple[Callable[[float], bytes], Listener]:
    """A function that waits for the first line that a container prints, b"" if there is none; and its listener."""
    done = threading.Event()
    seen = bytearray()

    def take(data: bytes) -> None:
        seen.extend(data)
        if b"\n" in seen:
            done.set()

    def wait(seconds: float) -> bytes:
        done.wait(seconds)
        return bytes(seen).partition(b"\n")[0] if b"\n" in seen else b""

    return wait, Listener(attached, take, on_end=done.set)


def default_arches() -> tuple[Arch, ...]:
    """Those with images: what `show` looks at when nobody says."""
    return image_arches()
