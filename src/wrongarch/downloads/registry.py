"""Registries of container images: blobs and manifests by digest, over python-dxf.

Protocol: https://github.com/opencontainers/distribution-spec/blob/main/spec.md. As docker does, a registry on loopback
may be one without TLS; any other has to have it.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from wrongarch import settings
from wrongarch.errors import NetworkError, UntrustedInput, UsageError
from wrongarch.paths import translate_disk_errors

T = TypeVar("T")
Credentials = Callable[[str], tuple[str, str] | None]
"""Gives user and password for a registry's name, or None."""

_REFERENCE = re.compile(
    r"(?P<name>[a-z0-9][a-z0-9._/:-]*?)(?::(?P<tag>[A-Za-z0-9_][A-Za-z0-9._-]{0,127}))?(?:@(?P<digest>sha256:[0-9a-f]{64}))?"
)
_LOOPBACK = re.compile(r"(localhost|127(\.\d+){3}|\[::1\])(:\d+)?")
_HUB = "docker.io"
_ANSWER_SECONDS = 300.0  # a registry checks what it got before it answers
_LARGEST_MANIFEST = 4 << 20
_TEMPORARY = {408, 425, 429, 500, 502, 503, 504}


class Reference(msgspec.Struct, frozen=True, kw_only=True):
    """Where an image is: registry/repository:tag or @digest."""

    registry: str
    repository: str
    tag: str = ""
    digest: str = ""

    @property
    def what(self) -> str:
        """Tag or digest, the digest first."""
        return self.digest or self.tag

    def text(self, digest: str = "") -> str:
        """As people write it; with `digest`, that instead of the tag."""
        where = f"{self.registry}/{self.repository}"
        return f"{where}@{digest}" if digest else f"{where}:{self.tag}" if not self.digest else f"{where}@{self.digest}"


def parse(text: str) -> Reference:
    """Read a reference. Raises UsageError. The registry may be left out (docker.io), the tag too (latest)."""
    match = _REFERENCE.fullmatch(text)
    if match is None:
        raise UsageError(
            f"{text!r} is no name of an image", fix="write registry.example/team/name:tag, or …@sha256:digest"
        )
    first, slash, rest = match["name"].partition("/")
    if slash and (re.search(r"[.:]", first) or first == "localhost"):
        registry, repository = first, rest
    else:
        registry, repository = _HUB, match["name"] if slash else f"library/{match['name']}"
    if not repository or ":" in repository or not all(match["name"].split("/")):
        raise UsageError(f"{text!r} names no repository", fix="write registry.example/team/name:tag")
    digest = match["digest"] or ""
    return Reference(registry=registry, repository=repository, tag=match["tag"] or "latest", digest=digest)


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """A document of a registry, its media type, and the digest that was checked."""

    kind: str
    data: bytes
    digest: str


class Repository:
    """One repository. Every method raises NetworkError; what failed for now is tried again, with growing pauses."""

    def __init__(self, reference: Reference, credentials: Credentials) -> None:
        self.reference = reference
        self._credentials = credentials
        self._dxf: Any = None

    def has_blob(self, digest: str) -> bool:
        """Whether the registry has a blob."""
        try:
            self._do("look for a blob", lambda dxf: dxf.blob_size(digest))
        except NotThereError:
            return False
        return True

    def push_blob(self, digest: str, content: Callable[[], Iterable[bytes]]) -> None:
        """Send a blob, unless it is there. `content` is called for each attempt."""
        if not self.has_blob(digest):
            self._do(
                f"send {digest[:19]}", lambda dxf: dxf.push_blob(data=content(), digest=digest, check_exists=False)
            )

    def pull_blob(self, digest: str, size: int, into: Path, progress: Callable[[int], None]) -> None:
        """Get a blob into a new file. Raises UntrustedInput for other content than its digest says."""

        def pull(dxf: Any) -> None:
            total, length = hashlib.sha256(), 0
            with translate_disk_errors(into), into.open("wb") as file:
                for piece in dxf.pull_blob(digest, chunk_size=1 << 20):
                    length += len(piece)
                    if length > size:
                        break
                    total.update(piece)
                    file.write(piece)
                    progress(len(piece))
            if length != size or f"sha256:{total.hexdigest()}" != digest:
                raise UntrustedInput(f"{self.reference.text()} sent another blob than {digest}", fix="pull again later")

        self._do(f"get {digest[:19]}", pull)

    def put_manifest(self, what: str, data: bytes) -> None:
        """Store a manifest or an index under a tag or its digest; its media type is in it."""
        self._do(f"store {what[:19]}", lambda dxf: dxf.set_manifest(what, data.decode()))

    def find_manifest(self, what: str) -> Manifest | None:
        """As `get_manifest`; None where the registry has none under that tag or digest."""
        try:
            return self.get_manifest(what)
        except NotThereError:
            return None

    def get_manifest(self, what: str) -> Manifest:
        """A manifest or an index. Raises UntrustedInput where it is not what its digest says."""
        text, response = self._do(f"get {what[:19]}", lambda dxf: dxf.get_manifest_and_response(what))
        data = bytes(response.content)
        digest = f"sha256:{hashlib.sha256(data).hexdigest()}"
        if what.startswith("sha256:") and what != digest:
            raise UntrustedInput(f"{self.reference.text()} has other content than its digest says")
        if len(data) > _LARGEST_MANIFEST:
            raise UntrustedInput(f"the manifest of {self.reference.text()} has {len(data)} bytes")
        try:
            kind = str(json.loads(text).get("mediaType") or response.headers.get("Content-Type", "").partition(";")[0])
        except (ValueError, AttributeError, RecursionError) as error:
            raise UntrustedInput(f"the manifest of {self.reference.text()} is no JSON: {error}") from error
        return Manifest(kind=kind, data=data, digest=digest)

    def _do(self, what: str, action: Callable[[Any], T]) -> T:
        import requests  # noqa: PLC0415  loads slowly, and only pushes and pulls need it
        import tenacity  # noqa: PLC0415  as above
        from dxf import exceptions  # noqa: PLC0415  as above

        policy = settings.current().download
        retrying = tenacity.Retrying(
            stop=tenacity.stop_after_attempt(policy.attempts),
            wait=tenacity.wait_exponential(multiplier=policy.backoff_seconds, max=policy.longest_wait_seconds),
            retry=tenacity.retry_if_exception(_is_temporary),
            reraise=True,
        )
        where = self.reference.registry
        try:
            return retrying(lambda: action(self._connected()))
        except requests.exceptions.HTTPError as error:
            status = error.response.status_code if error.response is not None else 0
            if status == 404:
                raise NotThereError(f"{where} does not have it: could not {what}", fix="check its name") from error
            raise self._refused(what, f"HTTP {status} {_words(error)}", denied=status in (401, 403)) from error
        except exceptions.DXFUnauthorizedError as error:
            raise self._refused(what, "it wants other credentials, or some", denied=True) from error
        except (requests.exceptions.RequestException, exceptions.DXFError, OSError) as error:
            raise NetworkError(
                f"could not {what} at {where}: {_words(error)}", fix="check the network and the registry's name"
            ) from error

    def _refused(self, what: str, why: str, *, denied: bool) -> NetworkError:
        where = self.reference.registry
        fix = f"log in: docker login {where} (or podman login {where})" if denied else "see the registry's log"
        return NetworkError(f"the registry {where} refused to {what}: {why}", fix=fix)

    def _connected(self) -> Any:
        if self._dxf is None:
            self._dxf = _connect(self.reference, self._credentials)
        return self._dxf


class NotThereError(NetworkError):
    """The registry does not have it."""


def _is_temporary(error: BaseException) -> bool:
    import requests  # noqa: PLC0415  as above

    if isinstance(error, requests.exceptions.HTTPError):
        return error.response is not None and error.response.status_code in _TEMPORARY
    if isinstance(error, requests.exceptions.SSLError):
        return False
    return isinstance(error, requests.exceptions.ConnectionError | requests.exceptions.Timeout)


def _words(error: BaseException) -> str:
    response = getattr(error, "response", None)
    if response is not None:
        try:
            return str(response.json()["errors"][0]["message"])
        except (ValueError, KeyError, IndexError, TypeError):
            return str(response.reason)
    return str(error)


def _connect(reference: Reference, credentials: Credentials) -> Any:
    """A connection; over TLS, or without where that is on loopback."""
    import requests  # noqa: PLC0415  as above

    if _LOOPBACK.fullmatch(reference.registry):
        plain = _dxf(reference, credentials, insecure=True)
        try:
            _dxf(reference, credentials, insecure=False).api_version_check()
        except requests.exceptions.ConnectionError:  # an SSLError is one: it does not speak TLS
            return plain
        except Exception:  # noqa: BLE001, S110  it speaks TLS; what else is wrong shows with what was asked for
            pass
    return _dxf(reference, credentials, insecure=False)


def _dxf(reference: Reference, credentials: Credentials, *, insecure: bool) -> Any:
    from dxf import DXF, DXFBase  # noqa: PLC0415  as above

    class Client(DXF):  # type: ignore[misc]  # it has no types
        """Sends Basic credentials without TLS, too: only to loopback is there no TLS."""

        def authenticate(self, username: Any = None, password: Any = None, **more: Any) -> Any:
            """Log in."""
            response = more.get("response")
            asked = "" if response is None else response.headers.get("www-authenticate", "")
            if self._insecure and asked.lower().startswith("basic"):
                if username is None:
                    return None  # the registry's refusal says more than that there is no TLS
                import base64  # noqa: PLC0415  as above

                words = base64.b64encode(f"{username}:{password}".encode()).decode()
                self._headers = {"Authorization": f"Basic {words}"}
                return None
            return super().authenticate(username, password, **more)

    def log_in(dxf: DXFBase, response: Any) -> None:
        found = credentials(reference.registry)
        user, secret = found if found is not None else (None, None)
        if user == "<token>":  # what registries that hand out tokens take as a user (Azure's)
            user = "00000000-0000-0000-0000-000000000000"
        dxf.authenticate(user, secret, response=response)

    host = "registry-1.docker.io" if reference.registry == _HUB else reference.registry
    policy = settings.current().download
    timeout: Any = (policy.connect_seconds, max(policy.read_seconds, _ANSWER_SECONDS))
    return Client(host, reference.repository, auth=log_in, insecure=insecure, timeout=timeout)
