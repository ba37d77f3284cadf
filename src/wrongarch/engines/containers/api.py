"""The docker SDK behind types of our own; podman's service speaks the same API. Nothing of the SDK leaves this module.

Reference: Docker Engine API v1.41 (https://docs.docker.com/reference/api/engine/version/v1.41/).
"""

from __future__ import annotations

import contextlib
import json
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import IO, Any

import docker
import msgspec
from docker.context import ContextAPI
from docker.errors import APIError, DockerException, NotFound
from docker.utils import kwargs_from_env

from wrongarch.arches.model import Platform
from wrongarch.engines.containers.locate import Endpoint
from wrongarch.errors import MachineError

_SECONDS = 120
_STDERR = 2
_CHUNK = 1 << 16


class Refused(MachineError):  # noqa: N818  named by what happened, as in errors.py
    """The daemon said no; `status` is HTTP's."""

    def __init__(self, what: str, *, fix: str = "", detail: str = "", status: int = 0) -> None:
        super().__init__(what, fix=fix, detail=detail)
        self.status = status


class Version(msgspec.Struct, frozen=True, kw_only=True):
    """The daemon: its own version, the architecture it runs on (in Go's words), and a name that only it has."""

    version: str
    arch: str
    daemon: str
    rootless: bool


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """An image in the daemon. `layers` are digests of uncompressed tars."""

    id: str
    platform: Platform
    labels: dict[str, str]
    layers: tuple[str, ...]
    tags: tuple[str, ...]


class Container(msgspec.Struct, frozen=True, kw_only=True):
    """A container in the daemon."""

    id: str
    name: str
    labels: dict[str, str]
    running: bool
    created: float


class Daemon:
    """One daemon. Every method raises MachineError; `Refused` where it answered."""

    def __init__(self, endpoint: Endpoint, url: str = "") -> None:
        """`url` is another way to the same daemon (a tunnel)."""
        self.endpoint = endpoint
        self.engine = endpoint.engine
        with self._translated("connect"):
            self._api: Any = docker.APIClient(**_way(endpoint, url), version="auto", timeout=_SECONDS)

    def close(self) -> None:
        """Let go of the connections."""
        self._api.close()

    def version(self) -> Version:
        """Who answers."""
        with self._translated("ask for its version"):
            facts, info = self._api.version(), self._api.info()
        name = f"{info.get('Name')} {info.get('DockerRootDir')}"
        rootless = any("rootless" in str(option) for option in info.get("SecurityOptions") or ())
        return Version(version=facts["Version"], arch=facts["Arch"], daemon=name, rootless=rootless)

    def image(self, name: str) -> Known | None:
        """An image by its name or id, None if there is none."""
        with self._translated(f"look for the image {name}"):
            try:
                facts = self._api.inspect_image(name)
            except NotFound:
                return None
        return Known(
            id=_digest(facts["Id"]),
            platform=Platform(os=facts["Os"], architecture=facts["Architecture"], variant=facts.get("Variant") or ""),
            labels=(facts.get("Config") or {}).get("Labels") or {},
            layers=tuple(_digest(layer) for layer in (facts.get("RootFS") or {}).get("Layers") or ()),
            tags=tuple(facts.get("RepoTags") or ()),
        )

    def load(self, stream: IO[bytes]) -> None:
        """Give the daemon an archive, which is read as it goes."""
        with self._translated("load an image"):
            for event in self._api.load_image(stream, quiet=True):
                if "error" in event:
                    raise MachineError(f"{self.engine} could not load an image: {event['error']}", fix=_DISK)

    def tag(self, image: str, name: str) -> None:
        """Give an image the name `name` (repository:tag)."""
        repository, _, tag = name.rpartition(":")
        with self._translated(f"tag {name}"):
            self._api.tag(image, repository, tag, force=True)

    def remove_image(self, name: str) -> None:
        """Remove an image, or only this name of it; nothing happens if it is not there."""
        with self._translated(f"remove the image {name}"), contextlib.suppress(NotFound):
            self._api.remove_image(name, force=True)

    def images(self, label: str) -> list[str]:
        """The ids of images that have a label ("name" or "name=value")."""
        with self._translated("list images"):
            return [_digest(one["Id"]) for one in self._api.images(filters={"label": label})]

    def platforms(self, most: int = 200) -> dict[str, str]:
        """The architecture (OCI's word) of images by the names they can be started under, of the first `most`."""
        with self._translated("list images"):
            names = [name for one in self._api.images() for name in one.get("RepoTags") or () if "<none>" not in name]
        known = ((name, self.image(name)) for name in sorted(names)[:most])
        return {name: image.platform.architecture for name, image in known if image is not None}

    def create(self, config: dict[str, Any], *, name: str, platform: str | None = None) -> str:
        """Create a container (ContainerCreate in the API); its id."""
        with self._translated(f"create the container {name}"):
            found: str = self._api.create_container_from_config(config, name=name, platform=platform)["Id"]
        return found

    def start(self, container: str) -> None:
        """Start a container."""
        with self._translated("start a container"):
            self._api.start(container)

    def attach(self, container: str, *, stdin: bool = False) -> Attached:
        """Its standard streams; before it is started, so that nothing is missed."""
        wanted = {"stdin": int(stdin), "stdout": 1, "stderr": 1, "stream": 1}
        with self._translated("attach to a container"):
            raw = self._api.attach_socket(container, params=wanted)
        return Attached(raw)

    def wait(self, container: str, seconds: float) -> int | None:
        """Its exit code once it has ended, None if it has not in `seconds`; -1 if it is gone."""
        end = time.monotonic() + seconds
        pause = 0.005
        while True:
            found = self.state(container)
            if found is None:
                return -1
            if found[0] in ("exited", "dead", "stopped"):
                return found[1]
            if time.monotonic() > end:
                return None
            time.sleep(pause)
            pause = min(pause * 1.5, 0.2)

    def state(self, container: str) -> tuple[str, int] | None:
        """What a container does ("created", "running", "exited", …) and its exit code; None if it is gone."""
        with self._translated("look at a container"):
            try:
                facts = self._api.inspect_container(container)["State"]
            except NotFound:
                return None
        return str(facts["Status"]), int(facts.get("ExitCode") or 0)

    def inspect(self, container: str) -> dict[str, Any]:
        """All that the daemon knows of a container."""
        with self._translated("look at a container"):
            found: dict[str, Any] = self._api.inspect_container(container)
        return found

    def remove(self, container: str) -> None:
        """Kill and remove a container with its volumes, and wait until it is gone."""
        end = time.monotonic() + 20
        while time.monotonic() < end:
            try:
                with self._translated("remove a container"):
                    self._api.remove_container(container, force=True, v=True)
            except Refused as error:
                if error.status == 404:
                    return
                if error.status != 409:  # its removal is under way
                    raise
            if self.state(container) is None:
                return
            time.sleep(0.05)
        raise MachineError(
            f"{self.engine} does not remove the container {container[:12]}",
            fix=f"{self.engine} rm -f {container[:12]}",
        )

    def containers(self, label: str) -> list[Container]:
        """All containers with a label, whatever they do."""
        with self._translated("list containers"):
            found = self._api.containers(all=True, filters={"label": label})
        return [
            Container(
                id=one["Id"],
                name=(one.get("Names") or ["?"])[0].lstrip("/"),
                labels=one.get("Labels") or {},
                running=one.get("State") == "running",
                created=float(one.get("Created") or 0),
            )
            for one in found
        ]

    def put(self, container: str, folder: str, tar: Iterable[bytes]) -> None:
        """Unpack a tar stream into a folder of a container."""
        with self._translated("copy into a container"):
            self._api.put_archive(container, folder, tar)

    def get(self, container: str, path: str) -> Iterable[bytes]:
        """A file or folder of a container, as a tar stream."""
        with self._translated("copy out of a container"):
            stream, _ = self._api.get_archive(container, path)
        found: Iterable[bytes] = stream
        return found

    @contextlib.contextmanager
    def _translated(self, what: str) -> Iterator[None]:
        where = self.endpoint.context or self.endpoint.url
        try:
            yield
        except APIError as error:
            words = str(error.explanation or error)
            raise Refused(
                f"{self.engine} could not {what}: {words}", fix=_fix(words), status=error.status_code or 0
            ) from error
        except (DockerException, OSError, ValueError, struct.error) as error:  # requests' own errors are OSErrors
            raise MachineError(
                f"{self.engine} at {where} could not {what}: {_cause(error)}",
                fix="see whether its daemon still runs; what was done until then is kept. Or use --engine sandbox",
            ) from error


_DISK = "see whether the disk of its storage is full: docker system df, podman system df"


def _fix(words: str) -> str:
    return _DISK if "no space left" in words.lower() else "see the log of its daemon"


def _cause(error: BaseException) -> str:
    """The words of the operating system at the bottom of the layers of exceptions."""
    seen: list[Any] = [error]
    while seen:
        here = seen.pop()
        if isinstance(here, OSError) and here.strerror:
            return here.strerror
        seen += [one for one in (here.__cause__, here.__context__, *here.args) if isinstance(one, BaseException)]
    return str(error)


def resolve(endpoint: Endpoint) -> Endpoint:
    """The same endpoint with the address that its context stands for. Raises MachineError for an unknown context."""
    if not endpoint.context:
        return endpoint
    try:
        found = ContextAPI.kwargs_from_context(endpoint.context)
    except (DockerException, OSError, ValueError, KeyError) as error:
        raise MachineError(f"the docker context {endpoint.context!r} cannot be read: {error}") from error
    if not found:
        raise MachineError(f"there is no docker context {endpoint.context!r}", fix="see: docker context ls")
    return msgspec.structs.replace(endpoint, url=str(found["base_url"]))


def _way(endpoint: Endpoint, url: str) -> dict[str, Any]:
    if url:
        return {"base_url": url}
    if endpoint.context:
        found: dict[str, Any] = ContextAPI.kwargs_from_context(endpoint.context)
        return found
    if endpoint.engine == "docker" and endpoint.url.startswith("tcp:"):
        return {**kwargs_from_env(), "base_url": endpoint.url}
    return {"base_url": endpoint.url}


def _digest(text: str) -> str:
    return text if text.startswith("sha256:") else f"sha256:{text}"


class Attached:
    """The standard streams of a container over one connection (ContainerAttach: frames of 8 bytes and a payload)."""

    def __init__(self, raw: Any) -> None:
        self._raw = raw
        self._socket: Any = getattr(raw, "_sock", raw)
        with contextlib.suppress(AttributeError, OSError):
            self._socket.settimeout(None)

    def send(self, data: bytes) -> None:
        """Write to its standard input."""
        self._socket.sendall(data)

    def end_input(self) -> None:
        """That was all."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_WR)

    def read(self) -> Iterator[tuple[bool, bytes]]:
        """(whether it is standard error, data), until the container ends or the connection breaks."""
        buffer = bytearray()
        with contextlib.suppress(OSError):
            while data := self._socket.recv(_CHUNK):
                buffer += data
                while len(buffer) >= 8:
                    stream, length = struct.unpack_from(">BxxxL", buffer)
                    if len(buffer) < 8 + length:
                        break
                    yield stream == _STDERR, bytes(buffer[8 : 8 + length])
                    del buffer[: 8 + length]

    def close(self) -> None:
        """End the connection; `read` in another thread ends, too."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        with contextlib.suppress(OSError):
            self._raw.close()


class Listener:
    """Reads what a container prints in a thread of its own: errors are kept, output is passed on."""

    def __init__(
        self,
        attached: Attached,
        on_output: Callable[[bytes], None] | None = None,
        on_end: Callable[[], None] = lambda: None,
    ) -> None:
        self._attached = attached
        self._on_output = on_output
        self._on_end = on_end
        self.errors = b""
        self.output = b""
        self._thread = threading.Thread(target=self._read, name="wrongarch-container", daemon=True)
        self._thread.start()

    def join(self, seconds: float = 5.0) -> None:
        """Wait for the end of what it prints."""
        self._thread.join(seconds)

    def _read(self) -> None:
        for is_error, data in self._attached.read():
            if is_error:
                self.errors = (self.errors + data)[-_CHUNK:]
            elif self._on_output is not None:
                self._on_output(data)
            else:
                self.output += data
        self._on_end()


def credentials(registry: str) -> tuple[str, str] | None:
    """User and password for a registry, from docker's configuration and its credential helpers; None if it has none.

    Raises MachineError for a helper that fails, or a configuration that is no JSON.
    """
    from docker import auth  # noqa: PLC0415  only pushes and pulls need it

    try:
        found = auth.load_config().resolve_authconfig(registry)
    except (DockerException, OSError, ValueError, json.JSONDecodeError) as error:
        raise MachineError(
            f"docker's configuration has no usable credentials for {registry}: {error}",
            fix=f"log in anew: docker login {registry}",
        ) from error
    if not found:
        return None
    if found.get("IdentityToken") or found.get("identitytoken"):
        return "<token>", str(found.get("IdentityToken") or found.get("identitytoken"))
    user = found.get("Username") or found.get("username")
    secret = found.get("Password") or found.get("password")
    return (str(user), str(secret)) if user and secret else None
