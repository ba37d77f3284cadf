"""Images in the form in which they travel: a layer, a configuration, a manifest, in one archive.

The archive is an OCI image layout (https://github.com/opencontainers/image-spec/blob/main/image-layout.md) in a tar. It
also has the manifest.json by which `docker load` finds its way before Docker 25, so that one file does for all.
"""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, Literal

import msgspec

from wrongarch.arches.model import Platform
from wrongarch.images.tree import Measure

CONFIG = "application/vnd.oci.image.config.v1+json"
MANIFEST = "application/vnd.oci.image.manifest.v1+json"
INDEX = "application/vnd.oci.image.index.v1+json"
LAYERS = {
    "none": "application/vnd.oci.image.layer.v1.tar",
    "gzip": "application/vnd.oci.image.layer.v1.tar+gzip",
}

Compression = Literal["none", "gzip"]
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


class Layer(msgspec.Struct, frozen=True, kw_only=True):
    """One layer: `content` gives the stream as it is stored, `blob` measures that; `diff` is the digest of the tar."""

    diff: str
    blob: Measure
    content: Callable[[], Iterable[bytes]]
    compression: Compression = "none"


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """What an image says of itself. `created` is UNIX time, `command` what runs when nobody says."""

    platform: Platform
    created: int = 0
    labels: dict[str, str] = {}
    command: tuple[str, ...] = ("/bin/sh",)
    entrypoint: tuple[str, ...] = ()


class Blob(msgspec.Struct, frozen=True, kw_only=True):
    """A document by its bytes."""

    kind: str
    data: bytes

    @property
    def measure(self) -> Measure:
        """Its digest and size."""
        return Measure(digest=f"sha256:{hashlib.sha256(self.data).hexdigest()}", size=len(self.data))

    def descriptor(self, **more: Any) -> dict[str, Any]:
        """As other documents refer to it (descriptor.md of the specification)."""
        found = self.measure
        return {"mediaType": self.kind, "digest": found.digest, "size": found.size, **more}


class Image(msgspec.Struct, frozen=True, kw_only=True):
    """An image, ready to be written or sent."""

    platform: Platform
    config: Blob
    manifest: Blob
    layers: tuple[Layer, ...]

    @property
    def id(self) -> str:
        """What docker calls the image's id: the digest of its configuration."""
        return self.config.measure.digest

    @property
    def digest(self) -> str:
        """The digest that a registry knows it by: that of its manifest."""
        return self.manifest.measure.digest


def make(layers: Iterable[Layer], facts: Facts) -> Image:
    """Put an image together; the same layers and facts give the same digest."""
    layers = tuple(layers)
    config = Blob(kind=CONFIG, data=_document(_config(layers, facts)))
    described = [
        {"mediaType": LAYERS[layer.compression], "digest": layer.blob.digest, "size": layer.blob.size}
        for layer in layers
    ]
    manifest = {"schemaVersion": 2, "mediaType": MANIFEST, "config": config.descriptor(), "layers": described}
    annotations = {key: value for key, value in facts.labels.items() if key.startswith("org.opencontainers.")}
    if annotations:
        manifest["annotations"] = annotations
    return Image(
        platform=facts.platform,
        config=config,
        manifest=Blob(kind=MANIFEST, data=_document(manifest)),
        layers=layers,
    )


def _config(layers: tuple[Layer, ...], facts: Facts) -> dict[str, Any]:
    moment = datetime.fromtimestamp(facts.created, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    run: dict[str, Any] = {"Env": [f"PATH={PATH}"], "WorkingDir": "/"}
    if facts.command:
        run["Cmd"] = list(facts.command)
    if facts.entrypoint:
        run["Entrypoint"] = list(facts.entrypoint)
    if facts.labels:
        run["Labels"] = dict(sorted(facts.labels.items()))
    return {
        "created": moment,
        **platform_words(facts.platform),
        "config": run,
        "rootfs": {"type": "layers", "diff_ids": [layer.diff for layer in layers]},
        "history": [{"created": moment, "created_by": "wrongarch"} for _ in layers],
    }


def platform_words(platform: Platform) -> dict[str, str]:
    """A platform as documents have it: no empty variant."""
    words = {"architecture": platform.architecture, "os": platform.os}
    return {**words, "variant": platform.variant} if platform.variant else words


def platform_text(platform: Platform) -> str:
    """A platform as command lines have it: linux/arm/v7."""
    return "/".join(part for part in (platform.os, platform.architecture, platform.variant) if part)


def index(images: Iterable[Image], annotations: dict[str, str] | None = None) -> Blob:
    """The document that has one image for each platform (image-index.md)."""
    entries = [image.manifest.descriptor(platform=platform_words(image.platform)) for image in images]
    document: dict[str, Any] = {"schemaVersion": 2, "mediaType": INDEX, "manifests": entries}
    if annotations:
        document["annotations"] = annotations
    return Blob(kind=INDEX, data=_document(document))


def archive(images: Iterable[Image], name: str) -> Iterator[bytes]:
    """A tar with all of them, as a stream. `name` is repository:tag, under which engines will know what they load.

    Of several images only the layout tells which is which; `docker load` before 25 takes the last one for the name.
    """
    images = tuple(images)
    tag = name.rpartition(":")[2]
    entries = [
        image.manifest.descriptor(
            platform=platform_words(image.platform),
            annotations={"io.containerd.image.name": name, "org.opencontainers.image.ref.name": tag},
        )
        for image in images
    ]
    yield from _file("oci-layout", _document({"imageLayoutVersion": "1.0.0"}))
    yield from _file("index.json", _document({"schemaVersion": 2, "mediaType": INDEX, "manifests": entries}))
    for_docker = [
        {
            "Config": _path(image.id),
            "RepoTags": [name],
            "Layers": [_path(layer.blob.digest) for layer in image.layers],
        }
        for image in images
    ]
    yield from _file("manifest.json", _document(for_docker))
    written: set[str] = set()
    for image in images:
        for blob in (image.config, image.manifest):
            if blob.measure.digest not in written:
                written.add(blob.measure.digest)
                yield from _file(_path(blob.measure.digest), blob.data)
        for layer in image.layers:
            if layer.blob.digest not in written:
                written.add(layer.blob.digest)
                yield from _file(_path(layer.blob.digest), layer.content(), layer.blob.size)
    yield bytes(2 * tarfile.BLOCKSIZE)


def _path(digest: str) -> str:
    return "blobs/" + digest.replace(":", "/")


def _file(name: str, content: bytes | Iterable[bytes], size: int | None = None) -> Iterator[bytes]:
    info = tarfile.TarInfo(name)
    info.size = len(content) if isinstance(content, bytes) else size or 0
    yield info.tobuf(tarfile.PAX_FORMAT, "utf-8", "surrogateescape")
    yield from (content,) if isinstance(content, bytes) else content
    yield bytes(-info.size % tarfile.BLOCKSIZE)


def _document(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=True).encode()


class Stream(io.RawIOBase):
    """A stream of chunks as a file to read from, for libraries that want one."""

    def __init__(self, pieces: Iterable[bytes], progress: Callable[[int], None] | None = None) -> None:
        self._pieces = iter(pieces)
        self._progress = progress
        self._left = memoryview(b"")

    def readable(self) -> bool:
        """It is there to be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill `buffer` with what is next; 0 at the end."""
        while not self._left:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._left = memoryview(piece)
        taken = min(len(buffer), len(self._left))
        buffer[:taken] = self._left[:taken]
        self._left = self._left[taken:]
        if self._progress is not None:
            self._progress(taken)
        return taken
