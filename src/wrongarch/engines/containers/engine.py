"""The engines docker and podman: a session is a container of the image with the sandbox's agent in it.

Inside the container the agent makes the same private root as on the host, in namespaces of its own, with a private
registration. So a test meets the same mounts, limits and processes whatever the engine; the container adds its image,
its cgroup and its network.
"""

from __future__ import annotations

import contextlib
import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from wrongarch import paths
from wrongarch.arches.model import Arch
from wrongarch.emulators import store
from wrongarch.engines.base import SessionSpec
from wrongarch.engines.containers import images, payload, registrar, sweep
from wrongarch.engines.containers.api import Daemon, Listener, Refused
from wrongarch.engines.containers.locate import Endpoint, Name
from wrongarch.engines.containers.session import ContainerSession
from wrongarch.engines.containers.transport import Copied, Shared, Transport, place_of
from wrongarch.engines.containers.tunnel import connected
from wrongarch.engines.sandbox import environment, make_plan
from wrongarch.errors import MachineError, UsageError
from wrongarch.images import toolbox
from wrongarch.namespaces import trouble
from wrongarch.namespaces.plan import DEFAULT_LIMITS, Plan, PlanMount
from wrongarch.namespaces.session import PrivateRoot, introduce_container
from wrongarch.process import pasteable

REGISTRATION = "WRONGARCH_REGISTRATION"
"""Set to "private" or "container" to try only that way of registration."""

_CAPABILITIES = ("CHOWN", "DAC_OVERRIDE", "DAC_READ_SEARCH", "FOWNER", "SETFCAP", "SETGID", "SETUID")
"""To map ids in a namespace of its own, and to return files to the user; what commands get is less."""

_END_SECONDS = 10.0
_NOT_SHARED = ("bind source path does not exist", "no such file or directory", "making volume mountpoint")

Say = Callable[[str], None]


class ContainerEngine:
    """An engine with a daemon; see `wrongarch.engines.base.Engine`. `say` hears what the user should know."""

    def __init__(self, endpoint: Endpoint, say: Say) -> None:
        self.name: str = endpoint.engine
        self._endpoint = endpoint
        self._say = say

    def prepare(self, root: Path, arch: Arch, progress: toolbox.Progress) -> None:
        """Have the image of a root in the daemon and the agent's Python on this machine, showing how far that is."""
        with connected(self._endpoint) as daemon:
            payload.python_for(payload.arch_of(daemon.version().arch), progress)
            images.ensure(daemon, root, arch, progress)

    @contextlib.contextmanager
    def open(self, spec: SessionSpec) -> Iterator[ContainerSession]:
        """Open a session in a container of its own."""
        with connected(self._endpoint) as daemon:
            for name in sweep.sweep(daemon):
                self._say(f"removed a container that a killed run left: {name}")
            with paths.staging(sweep.folder(), daemon.engine) as work:
                yield from _Opening(daemon, spec, work, self._say).session()


class _Opening:
    """One session on its way: tries the ways to start it, best first."""

    def __init__(self, daemon: Daemon, spec: SessionSpec, work: Path, say: Say) -> None:
        self._daemon, self._work, self._say = daemon, work, say
        version = daemon.version()
        self._host = payload.arch_of(version.arch)
        self._spec = _for_host(spec, self._host)
        self._python = payload.python_for(self._host)
        self._shared = daemon.endpoint.socket is not None
        self._plan = make_plan(self._spec)

    def session(self) -> Iterator[ContainerSession]:
        with contextlib.ExitStack() as stack:
            container, transport, control, kernel = self._start(stack)
            root = PrivateRoot(
                control,
                _Contained(self._daemon, container),
                kernel,
                passes_descriptors=transport.passes_descriptors,
            )
            session = ContainerSession(root, environment(self._spec), memory=self._spec.limits.memory)
            lost = ""
            try:
                yield session
                lost = root.lost
            finally:
                root.keep = self._spec.keep and session.failed
                root.close()
                if root.keep:
                    stack.pop_all()
                    self._tell_kept(container)
                elif not lost:
                    transport.finish(self._daemon, container)
        if lost:
            raise MachineError(
                f"the container of {self._daemon.engine} ended in the middle of its session: {lost}",
                fix=f"see whether the {self._daemon.engine} daemon runs, then run it again; what was done is kept",
            )

    def _tell_kept(self, container: str) -> None:
        engine, name = self._daemon.engine, container[:12]
        enter = pasteable([engine, "exec", "-it", name, *self._python.argv("enter", "/bin/sh")])
        self._say(f"a command failed, so its container is kept. To look around in it:\n{enter}")
        self._say(f"to remove it: {engine} rm -f {name}")

    def _start(self, stack: contextlib.ExitStack) -> tuple[str, Transport, socket.socket, str]:
        """Start the agent, with more rights only where less do not do; whatever is given up is removed."""
        wanted = os.environ.get(REGISTRATION, "")
        if wanted not in ("", "private", "container"):
            raise UsageError(f"{REGISTRATION} is {wanted!r}", fix=f"unset it, or set {REGISTRATION}=container")
        more: tuple[str, ...] = ()
        private = wanted != "container" or not self._spec.emulator
        while True:
            with contextlib.ExitStack() as attempt:
                try:
                    found = self._try(attempt, more, private=private)
                except trouble.RootError as error:
                    if error.failure.stage == "registration" and private and wanted != "private":
                        self._say(f"no private registration here ({error.what}): registering on the host instead")
                        private = False
                    elif not more and error.denied:
                        more = ("SYS_ADMIN",)
                        self._say(f"starting the container with CAP_SYS_ADMIN, as without it: {error.what}")
                    else:
                        raise
                    continue
                except Refused as error:
                    if self._shared and any(words in error.what for words in _NOT_SHARED):
                        self._shared = False
                        self._say(f"{self._daemon.engine} does not see the files of this machine: copying them to it")
                        continue
                    raise
                stack.push(attempt.pop_all())
                return found

    def _try(
        self, stack: contextlib.ExitStack, more: tuple[str, ...], *, private: bool
    ) -> tuple[str, Transport, socket.socket, str]:
        plan, mounts = _inside(self._plan if private else _without_records(self._plan, self._spec))
        transport = self._transport(mounts)
        config = self._config(transport, more)
        name = f"wrongarch-{self._spec.arch.name}-{os.urandom(4).hex()}"
        container = self._daemon.create(config, name=name)
        stack.callback(self._remove, container)
        if not private and self._spec.emulator is not None:
            registered = registrar.for_run(self._daemon, self._spec.arch, self._spec.emulator, self._python, self._say)
            stack.enter_context(registered)
        transport.fill(self._daemon, container)
        control, listener = transport.meet(self._daemon, container)
        stack.callback(control.close)
        control.settimeout(60)
        kernel = self._introduce(control, plan, listener)
        control.settimeout(None)
        return container, transport, control, kernel

    def _remove(self, container: str) -> None:
        """What was done is done: a daemon that is gone by now breaks nothing of it."""
        try:
            self._daemon.remove(container)
        except MachineError as error:
            self._say(f"the container {container[:12]} is left until the next start: {error.what}")

    def _introduce(self, control: socket.socket, plan: Plan, listener: Listener) -> str:
        try:
            return introduce_container(control, plan)
        except OSError as error:
            listener.join(2)
            raise MachineError(
                f"the agent in the container did not start: {error}",
                fix="see the log of the daemon; or use --engine sandbox",
                detail=listener.errors.decode(errors="replace")[-2000:],
            ) from error

    def _transport(self, mounts: tuple[PlanMount, ...]) -> Transport:
        if self._shared:
            with contextlib.suppress(FileNotFoundError):
                paths.remove_tree(self._work / "host")
            return Shared(self._work, self._python, mounts)
        return Copied(mounts)

    def _image(self) -> str:
        """Where the daemon does not see our files, the agent is in the image, too."""
        more = () if self._shared else images.layers_of(self._python)
        return images.ensure(self._daemon, self._spec.root, self._spec.arch, more=more)

    def _config(self, transport: Transport, more: tuple[str, ...]) -> dict[str, Any]:
        spec, limits = self._spec, self._spec.limits
        host: dict[str, Any] = {
            "NetworkMode": "host" if spec.network else "none",
            "ReadonlyRootfs": not transport.writable_root,
            "CapDrop": ["ALL"],
            "CapAdd": [*_CAPABILITIES, *more],
            # the agent makes namespaces and mounts; commands get what the sandbox leaves them
            "SecurityOpt": ["seccomp=unconfined", "apparmor=unconfined", "label=disable", *_unmask(self._daemon)],
            "MaskedPaths": [],
            "ReadonlyPaths": [],
            "Mounts": transport.mounts(),
            "Tmpfs": {"/tmp": "rw,size=1m,mode=1777"},  # noqa: S108  the agent's own stage
            "LogConfig": {"Type": "none"},
            "AutoRemove": not (spec.keep or transport.writable_root),
            "PidsLimit": limits.pids or DEFAULT_LIMITS["NPROC"] + 64,
        }
        if limits.cpus is not None:
            host["NanoCpus"] = int(limits.cpus * 1e9)
        if limits.memory is not None:
            host |= {"Memory": limits.memory, "MemorySwap": limits.memory}
        labels = {sweep.LABEL: self._work.name, sweep.OWNER: sweep.owner(), "wrongarch.arch": spec.arch.name}
        if spec.keep:
            labels[sweep.KEPT] = "if a command fails"
        argv = self._python.argv("container", transport.argument)
        stdin = not transport.passes_descriptors
        return {
            "Image": self._image(),
            "Entrypoint": argv[:1],
            "Cmd": argv[1:],
            "User": "0:0",
            "WorkingDir": "/",
            "Env": ["LC_ALL=C.UTF-8"],
            "Labels": labels,
            "OpenStdin": stdin,
            "StdinOnce": stdin,
            "AttachStdin": stdin,
            "AttachStdout": True,
            "AttachStderr": True,
            "Tty": False,
            "HostConfig": host,
        }


def _unmask(daemon: Daemon) -> list[str]:
    """podman's word for what docker says by empty MaskedPaths."""
    return ["unmask=ALL"] if daemon.engine == "podman" else []


def _for_host(spec: SessionSpec, host: Arch) -> SessionSpec:
    """The spec for a daemon on a machine of `host`, which need not be of our own arch."""
    from wrongarch.arches.lookup import host_arch, runs_natively  # noqa: PLC0415  loads tables

    if spec.emulator is None:
        if not runs_natively(spec.arch, host):
            raise UsageError(
                f"the daemon's machine ({host.name}) does not run {spec.arch.name} by itself",
                fix="choose an emulator: --emulator 10.0",
            )
        return spec
    if host == host_arch():
        return spec
    emulator = store.get(spec.emulator.version, spec.emulator.target, host=host.debian)
    return msgspec.structs.replace(spec, emulator=emulator)


def _inside(plan: Plan) -> tuple[Plan, tuple[PlanMount, ...]]:
    """The plan as the agent sees it in the container, and what has to be mounted there for it."""
    layers = tuple(PlanMount(source=str(layer), target="", writable=False) for layer in plan.layers)
    wanted = (*plan.mounts, *layers)
    places = [place_of(number) for number in range(len(wanted))]
    inside = tuple(
        msgspec.structs.replace(mount, source=place) for mount, place in zip(plan.mounts, places, strict=False)
    )
    above = tuple(Path(place) for place in places[len(inside) :])
    return msgspec.structs.replace(plan, root=Path(images.ROOT), layers=above, mounts=inside, own_ids=True), wanted


def _without_records(plan: Plan, spec: SessionSpec) -> Plan:
    """With a registration of the host's, which has its own emulator."""
    emulator = spec.emulator
    return msgspec.structs.replace(
        plan,
        records=(),
        mounts=tuple(mount for mount in plan.mounts if mount.target != plan.emulator),
        emulator="",
        emulator_sha256=emulator.sha256 if emulator else "",
        emulator_version=emulator.version if emulator else "",
    )


class _Contained:
    """The agent in its container."""

    def __init__(self, daemon: Daemon, container: str) -> None:
        self._daemon, self._container = daemon, container

    def ended(self, seconds: float) -> bool:
        """Wait for its end; it returns lent files to their owner first, so it gets more time than was asked for."""
        try:
            return self._daemon.wait(self._container, max(seconds, _END_SECONDS)) is not None
        except MachineError:  # the daemon is gone, and told so elsewhere
            return True

    def kill(self) -> None:
        """Remove it."""
        self._daemon.remove(self._container)


def engine(name: Name, endpoint: Endpoint, say: Say) -> ContainerEngine:
    """The engine `name` at an endpoint."""
    return ContainerEngine(msgspec.structs.replace(endpoint, engine=name), say)
