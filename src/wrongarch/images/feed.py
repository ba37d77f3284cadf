"""Images from a registry instead of a build: what one machine built, others get by the lock it was built from.

A tag tells lock, arch and build format, so that the same name always means the same content. Whoever may push to the
repository decides what is in the roots of all who pull from it: the digests show damage, not intent.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import msgspec

from wrongarch import documents, paths
from wrongarch.arches.model import Arch
from wrongarch.downloads import registry
from wrongarch.errors import NetworkError, UntrustedInput
from wrongarch.images import contents, oci, toolbox, travel
from wrongarch.images import lock as locks
from wrongarch.images.workshop import TARGET, open_workshop
from wrongarch.namespaces import ids as id_maps
from wrongarch.namespaces.plan import PlanMount

LABEL = "wrongarch.digest"
"""The label that has the digest of what is in the root (`contents.digest`)."""
_LAYER = "/layer"


class Filled(NamedTuple):
    """What was unpacked: the digest of its contents, and its name in the registry, by digest."""

    digest: str
    registry: str


class Feed(msgspec.Struct, frozen=True, kw_only=True):
    """A repository of images ("registry.example/team/roots"), how to log in to it, and who hears of trouble."""

    repository: str
    credentials: registry.Credentials
    say: Callable[[str], None]

    def reference(self, lock: locks.Lock, arch: Arch, build_format: int) -> registry.Reference:
        """Where the image of a lock is."""
        return registry.parse(f"{self.repository}:{lock.image}-{arch.name}-{lock.digest[:16]}-{build_format}")

    def fill(
        self,
        reference: registry.Reference,
        lock: locks.Lock,
        arch: Arch,
        into: Path,
        *,
        ids: id_maps.IdMap,
        progress: toolbox.Progress = toolbox.silent,
    ) -> Filled | None:
        """Unpack the image into the new folder `into`; None where it cannot be had.

        Raises UntrustedInput where the registry has something else under that name.
        """
        if arch.platform is None:
            return None
        try:
            with travel.pulled(reference, arch.platform, self.credentials, progress) as image:
                digest = _unpack(image, reference, lock, into, ids=ids, progress=progress)
                return Filled(digest, reference.text(image.digest))
        except registry.NotThereError:
            self.say(f"{reference.text()} is not there yet: the image is built here")
        except NetworkError as error:
            self.say(f"{error.what}; the image is built here")
        return None

    def offer(self, one: travel.Traveller, reference: registry.Reference, progress: toolbox.Progress) -> str:
        """Push the image unless it is there; its name by digest, "" after trouble: others can build it, too."""
        try:
            there = registry.Repository(reference, self.credentials).find_manifest(reference.tag)
            if there is not None:
                return reference.text(there.digest)
            sent = travel.push((one,), reference, self.credentials, progress)
        except NetworkError as error:
            self.say(f"{error.what}; who needs the image has to build it")
            return ""
        self.say(f"pushed {sent.reference} ({sent.digest})")
        return reference.text(sent.digest)


def _unpack(
    image: oci.Image,
    reference: registry.Reference,
    lock: locks.Lock,
    into: Path,
    *,
    ids: id_maps.IdMap,
    progress: toolbox.Progress,
) -> str:
    wanted = labels_of(image.config.data)
    if wanted.get("wrongarch.lock") != lock.digest or LABEL not in wanted:
        raise _other(reference, "it was not built from this lock")
    if len(image.layers) != 1:
        raise _other(reference, f"it has {len(image.layers)} layers")
    box = toolbox.ensure(ids=ids, progress=progress)
    into.mkdir()
    id_maps.give(into, ids.owner)
    log = into.with_name(into.name + ".log")
    with paths.staging(into.parent, f"{into.name}-layer") as folder:
        folder.chmod(0o755)
        file = folder / "layer.tar"
        with file.open("wb") as out:
            out.writelines(image.layers[0].content())
        file.chmod(0o644)
        words = ["--gzip"] if image.layers[0].compression == "gzip" else []
        layer = PlanMount(source=str(folder), target=_LAYER, writable=False)
        with open_workshop(box, log, target=into, mounts=(layer,), ids=ids) as shop:
            progress("unpacking the image", 0, None)
            shop.run(
                *("tar", "--extract", *words, f"--file={_LAYER}/{file.name}", f"--directory={TARGET}"),
                *("--same-permissions", "--numeric-owner", "--delay-directory-restore"),
                error=UntrustedInput,
                fix=f"remove {reference.text()} from the registry, or do without: unset WRONGARCH_REGISTRY",
            )
    contents.clamp_times(into, lock.epoch)
    found = contents.digest(contents.listing(into))
    if found != wanted[LABEL]:
        raise _other(reference, f"its contents are {found}, not {wanted[LABEL]}")
    return found


class _Config(msgspec.Struct):
    labels: dict[str, str] | None = msgspec.field(default=None, name="Labels")


class _Document(msgspec.Struct):
    config: _Config | None = None


def labels_of(raw: bytes) -> dict[str, str]:
    """The labels in an image's configuration, none where it is not as it should be."""
    try:
        config = documents.decode(raw, _Document).config
    except documents.DamagedError:
        return {}
    return (config and config.labels) or {}


def _other(reference: registry.Reference, why: str) -> UntrustedInput:
    return UntrustedInput(
        f"{reference.text()} is not the image that its name says: {why}",
        fix="remove it from the registry, or do without: unset WRONGARCH_REGISTRY",
    )
