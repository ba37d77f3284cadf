"""Images on their way: into files, to registries and back. What is sent is the same bytes on every machine."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import IO, Any, Literal

import msgspec
import zstandard

from wrongarch import paths
from wrongarch.arches.model import Arch, Platform
from wrongarch.downloads import registry
from wrongarch.errors import UntrustedInput, UsageError
from wrongarch.images import oci, toolbox, tree

Format = Literal["oci", "rootfs"]
_LEVEL = 6
_CHUNK = 1 << 20
_INDEXES = (oci.INDEX, "application/vnd.docker.distribution.manifest.list.v2+json")
# what a document that is not as it should be makes of the code that reads it
_MALFORMED = (ValueError, KeyError, TypeError, AttributeError, RecursionError, msgspec.ValidationError)
_MANIFESTS = (oci.MANIFEST, "application/vnd.docker.distribution.manifest.v2+json")


class Traveller(msgspec.Struct, frozen=True, kw_only=True):
    """A root to send: the folder, its arch, what is said of it, and UNIX time for "created"."""

    root: Path
    arch: Arch
    labels: dict[str, str]
    created: int

    @property
    def platform(self) -> Platform:
        """Its OCI platform. Raises UsageError where OCI has no name for the arch."""
        if self.arch.platform is None:
            raise UsageError(
                f"OCI has no platform for {self.arch.name}", fix="export it as a plain root: --format rootfs"
            )
        return self.arch.platform

    @property
    def facts(self) -> oci.Facts:
        """What its image says of itself."""
        return oci.Facts(platform=self.platform, created=self.created, labels=self.labels)

    def parts(self) -> tuple[tree.Part, ...]:
        """The whole root."""
        return (tree.Part(source=self.root),)


@contextlib.contextmanager
def packed(
    travellers: Iterable[Traveller], progress: toolbox.Progress = toolbox.silent
) -> Iterator[tuple[oci.Image, ...]]:
    """Images with compressed layers, which lie in the cache until the context ends."""
    with paths.staging(paths.cache_dir() / "layers", "packed") as work:
        yield tuple(_pack(one, work / f"{number}.tar.gz", progress) for number, one in enumerate(travellers))


def _pack(one: Traveller, file: Path, progress: toolbox.Progress) -> oci.Image:
    plain, done = hashlib.sha256(), 0
    with paths.translate_disk_errors(file), file.open("wb") as raw, _zipped(raw) as zipped:
        for piece in tree.chunks(one.parts()):
            plain.update(piece)
            zipped.write(piece)
            done += len(piece)
            progress(f"compressing the image for {one.arch.name}", done, None)
    blob = tree.measure(_read(file))
    layer = oci.Layer(diff=f"sha256:{plain.hexdigest()}", blob=blob, content=partial(_read, file), compression="gzip")
    return oci.make((layer,), one.facts)


def _zipped(raw: IO[bytes]) -> gzip.GzipFile:
    """No name and no time in its header, so that the same content gives the same bytes."""
    return gzip.GzipFile(filename="", mode="wb", compresslevel=_LEVEL, fileobj=raw, mtime=0)


def _read(file: Path) -> Iterator[bytes]:
    with file.open("rb") as opened:
        while piece := opened.read(_CHUNK):
            yield piece


def export(travellers: tuple[Traveller, ...], name: str, into: Path, format: Format, progress: toolbox.Progress) -> str:
    """Write an archive for `docker load` and `podman load`, or one plain root as a tar (.gz, .zst by the file's name).

    Returns the digest of the image (of the file for a root). Raises MachineError where it cannot be written.
    """
    with paths.staging(into.absolute().parent, into.name) as work, paths.translate_disk_errors(into):
        beside = work / "file"
        if format == "rootfs":
            if len(travellers) != 1:
                raise UsageError("a plain root is for one arch", fix="export each by itself")
            digest = _export_root(travellers[0], into.name, beside, progress)
        else:
            with packed(travellers, progress) as images:
                with beside.open("wb") as file:
                    for piece in oci.archive(images, name):
                        file.write(piece)
                digest = images[0].digest if len(images) == 1 else oci.index(images).measure.digest
        beside.chmod(0o644)
        beside.replace(into)
    return digest


def _export_root(one: Traveller, name: str, into: Path, progress: toolbox.Progress) -> str:
    done = 0

    def pieces() -> Iterator[bytes]:
        nonlocal done
        for piece in tree.chunks(one.parts()):
            done += len(piece)
            progress("writing the root", done, None)
            yield piece

    with into.open("wb") as raw, contextlib.ExitStack() as stack:
        out: Any = raw
        if name.endswith(".gz"):
            out = stack.enter_context(_zipped(raw))
        elif name.endswith(".zst"):
            out = stack.enter_context(zstandard.ZstdCompressor(level=_LEVEL).stream_writer(raw, closefd=False))
        for piece in pieces():
            out.write(piece)
    return tree.measure(_read(into)).digest


class Sent(msgspec.Struct, frozen=True, kw_only=True):
    """What a registry has now: the digest behind the tag, and that of each platform's image."""

    reference: str
    digest: str
    images: dict[str, str]


def push(
    travellers: Iterable[Traveller],
    reference: registry.Reference,
    credentials: registry.Credentials,
    progress: toolbox.Progress,
) -> Sent:
    """Send one image, or several under one tag with an index. Blobs that are there are not sent again."""
    if reference.digest:
        raise UsageError("an image is pushed under a tag; its digest comes from what is in it", fix="write name:tag")
    there = registry.Repository(reference, credentials)
    with packed(travellers, progress) as images:
        for image in images:
            _push_image(there, image, progress)
        if len(images) == 1:
            data, digest = images[0].manifest.data, images[0].digest
        else:
            found = oci.index(images)
            data, digest = found.data, found.measure.digest
        there.put_manifest(reference.tag, data)
        by_platform = {oci.platform_text(image.platform): image.digest for image in images}
    return Sent(reference=reference.text(), digest=digest, images=by_platform)


def _push_image(there: registry.Repository, image: oci.Image, progress: toolbox.Progress) -> None:
    for layer in image.layers:
        there.push_blob(layer.blob.digest, _told(layer, progress))
    there.push_blob(image.config.measure.digest, lambda: iter((image.config.data,)))
    there.put_manifest(image.digest, image.manifest.data)


def _told(layer: oci.Layer, progress: toolbox.Progress) -> Callable[[], Iterator[bytes]]:
    def content() -> Iterator[bytes]:
        done = 0
        for piece in layer.content():
            done += len(piece)
            progress("sending the image", done, layer.blob.size)
            yield piece

    return content


@contextlib.contextmanager
def pulled(
    reference: registry.Reference,
    platform: Platform,
    credentials: registry.Credentials,
    progress: toolbox.Progress = toolbox.silent,
) -> Iterator[oci.Image]:
    """An image of a registry, every part checked by its digest; its blobs lie in the cache until the context ends.

    Raises UsageError if the registry has none for the platform, UntrustedInput, NetworkError.
    """
    there = registry.Repository(reference, credentials)
    manifest = _for_platform(there, there.get_manifest(reference.what), platform)
    document = read_manifest(manifest.data)
    with paths.staging(paths.cache_dir() / "layers", "pulled") as work:
        config = _pull(there, document["config"], work / "config", progress).read_bytes()
        found, diffs = read_config(config, reference.text())
        if (found.os, found.architecture) != (platform.os, platform.architecture):
            wanted, other = oci.platform_text(platform), oci.platform_text(found)
            raise UsageError(f"{reference.text()} is for {other}, not for {wanted}", fix="choose another arch or image")
        if len(diffs) != len(document["layers"]):
            raise UntrustedInput(f"{reference.text()} has {len(document['layers'])} layers, and names {len(diffs)}")
        layers = []
        for number, (entry, diff) in enumerate(zip(document["layers"], diffs, strict=True)):
            file = _pull(there, entry, work / str(number), progress)
            blob = tree.Measure(digest=entry["digest"], size=entry["size"])
            zipped: oci.Compression = "gzip" if "gzip" in entry["mediaType"] else "none"
            layers.append(oci.Layer(diff=diff, blob=blob, content=partial(_read, file), compression=zipped))
        yield oci.Image(
            platform=found,
            config=oci.Blob(kind=document["config"]["mediaType"], data=config),
            manifest=oci.Blob(kind=manifest.kind, data=manifest.data),
            layers=tuple(layers),
        )


def _for_platform(there: registry.Repository, manifest: registry.Manifest, platform: Platform) -> registry.Manifest:
    if manifest.kind in _INDEXES:
        return there.get_manifest(entry_for(manifest.data, platform, there.reference.text()))
    if manifest.kind not in _MANIFESTS:
        raise UntrustedInput(f"{there.reference.text()} is no image, but {manifest.kind[:60]!r}")
    return manifest


def entry_for(raw: bytes, platform: Platform, name: str) -> str:
    """The digest of a platform's manifest in an index. Raises UsageError for none, UntrustedInput for no index."""
    wanted = oci.platform_words(platform)
    try:
        entries = json.loads(raw)["manifests"]
        platforms = [entry.get("platform") or {} for entry in entries]
        have = ["/".join(str(part) for part in one.values()) for one in platforms]
        for entry, one in zip(entries, platforms, strict=True):
            if {key: one.get(key) for key in wanted} == wanted:
                return str(entry["digest"])
    except _MALFORMED as error:
        raise UntrustedInput(f"the index of {name} is malformed: {error}") from error
    raise UsageError(f"{name} has no image for {oci.platform_text(platform)}", fix=f"it has: {', '.join(have)}")


def read_manifest(raw: bytes) -> dict[str, Any]:
    """A manifest whose blobs ("config", "layers") all have a digest, a size and a media type. Raises UntrustedInput."""
    try:
        document: dict[str, Any] = json.loads(raw)
        for entry in (document["config"], *document["layers"]):
            if not isinstance(entry["size"], int) or not str(entry["digest"]).startswith("sha256:"):
                raise TypeError("a blob without size or digest")
            if not isinstance(entry["mediaType"], str):
                raise TypeError("a blob without a media type")
    except _MALFORMED as error:
        raise UntrustedInput(f"a manifest is malformed: {error}") from error
    return document


def read_config(raw: bytes, name: str) -> tuple[Platform, list[str]]:
    """The platform of an image and the digests of its layers, from its configuration. Raises UntrustedInput."""
    try:
        facts = json.loads(raw)
        diffs = facts["rootfs"]["diff_ids"]
        if not isinstance(diffs, list) or not all(isinstance(diff, str) for diff in diffs):
            raise TypeError("no list of layers")
        words = {"os": facts["os"], "architecture": facts["architecture"], "variant": facts.get("variant") or ""}
        return msgspec.convert(words, Platform), diffs
    except _MALFORMED as error:
        raise UntrustedInput(f"the configuration of {name} is not one of an image: {error}") from error


def _pull(there: registry.Repository, entry: dict[str, Any], into: Path, progress: toolbox.Progress) -> Path:
    done = 0

    def count(size: int) -> None:
        nonlocal done
        done += size
        progress("getting the image", done, entry["size"])

    there.pull_blob(entry["digest"], entry["size"], into, count)
    return into


def write(image: oci.Image, name: str, into: Path) -> None:
    """Write one image as an archive."""
    with paths.staging(into.absolute().parent, into.name) as work, paths.translate_disk_errors(into):
        with (work / "file").open("wb") as file:
            for piece in oci.archive((image,), name):
                file.write(piece)
        (work / "file").chmod(0o644)
        (work / "file").replace(into)
