"""Has the root of a session as an image in the daemon: made from the folder, loaded once, known by its content.

The root is a folder in it, not its top: below the top of a container engines mount things, and a kernel refuses to take
such a folder as the lower layer of an unprivileged overlay (has_locked_children in fs/namespace.c).

Never by `docker import`, which takes the daemon's own architecture for the image's. What the daemon has under our name
is looked at before it is used: another platform, or other layers, are refused.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import msgspec

from wrongarch import documents, paths
from wrongarch.arches.model import Arch, Platform
from wrongarch.engines.containers.api import Daemon, Known
from wrongarch.engines.containers.payload import CODE, PYTHON, Python, code_parts
from wrongarch.errors import MachineError
from wrongarch.images import oci, toolbox, tree

LABEL = "wrongarch.layer"
REPOSITORY = "localhost/wrongarch"
ROOT = "/image"
"""Where the root of a session lies in its container."""


class _Kept(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    digest: str
    size: int


def layer_of(root: Path, progress: toolbox.Progress = toolbox.silent) -> oci.Layer:
    """The layer of a session's image: the whole tree at `root`, read through (but once for a tree of our cache)."""
    if not root.is_dir():
        raise MachineError(f"the root {root} is gone", fix="run it again: what was in the cache is made anew")
    parts = (tree.Part(source=root, name=ROOT.lstrip("/")),)
    done = 0

    def count(size: int) -> None:
        nonlocal done
        done += size
        progress("measuring the image", done, None)

    return layer_from(parts, of=root, place=ROOT, count=count)


def layer_from(
    parts: tuple[tree.Part, ...],
    *,
    of: Path | None = None,
    place: str = "",
    count: tree.Progress | None = None,
) -> oci.Layer:
    """A layer of any parts; of a tree `of` in our cache, put at `place`, its measure is kept."""
    kept = _note_of(of, place) if of is not None else None
    found = _read(kept) if kept is not None else None
    if found is None:
        found = tree.measure(tree.chunks(parts), count)
        if kept is not None:
            kept.parent.mkdir(parents=True, exist_ok=True)
            paths.write_atomically(kept, msgspec.json.encode(_Kept(digest=found.digest, size=found.size)))
    return oci.Layer(diff=found.digest, blob=found, content=lambda: tree.chunks(parts))


def _note_of(root: Path, place: str) -> Path | None:
    """Where the measure of a tree is kept: only of ours, which are named by what is in them and never change."""
    cache = paths.cache_dir()
    for kind in ("images", "toolboxes"):
        if root.is_relative_to(cache / kind):
            status = root.stat()
            name = "-".join(root.relative_to(cache / kind).parts)
            return cache / "layers" / f"{name}{place.replace('/', '-')}-{status.st_ino}-{status.st_ctime_ns}.json"
    return None


def _read(path: Path) -> tree.Measure | None:
    try:
        kept = documents.decode(path.read_bytes(), _Kept)
    except (OSError, documents.DamagedError):
        return None
    return tree.Measure(digest=kept.digest, size=kept.size)


def layers_of(python: Python) -> tuple[oci.Layer, ...]:
    """The agent's Python and the agent, for images that cannot have them mounted."""
    root = layer_from(tuple(python.root_parts()), of=python.root, place=PYTHON)
    return root, layer_from(tuple(code_parts(CODE.lstrip("/"))))


def platform_of(arch: Arch) -> Platform:
    """The platform that images of `arch` carry. What OCI has no name for gets ours."""
    return arch.platform or Platform(architecture=arch.name)


def reference(name: str, layers: tuple[str, ...], platform: Platform) -> str:
    """How an image of ours is called in a daemon: by its content, so that it can never be an older one."""
    words = "\n".join((*layers, oci.platform_text(platform)))
    return f"{REPOSITORY}/{name}:{hashlib.sha256(words.encode()).hexdigest()[:20]}"


def ensure(
    daemon: Daemon,
    root: Path,
    arch: Arch,
    progress: toolbox.Progress = toolbox.silent,
    *,
    more: tuple[oci.Layer, ...] = (),
) -> str:
    """The image of `root` in the daemon, loaded if it is not there; its name. `more` are layers above it."""
    layers = [layer_of(root, progress), *more]
    facts = oci.Facts(platform=platform_of(arch), labels={LABEL: layers[0].diff, "wrongarch.arch": arch.name})
    return ensure_image(daemon, oci.make(layers, facts), f"session-{arch.name}", progress)


def ensure_image(daemon: Daemon, image: oci.Image, name: str, progress: toolbox.Progress = toolbox.silent) -> str:
    """Any image of ours in the daemon; the name it has there. Raises MachineError for one of another platform."""
    called = reference(name, tuple(layer.diff for layer in image.layers), image.platform)
    there = daemon.image(called)
    if there is None:
        load(daemon, image, called, progress)
        there = daemon.image(called)
    check(daemon, there, image, called)
    return called


def load(daemon: Daemon, image: oci.Image, name: str, progress: toolbox.Progress = toolbox.silent) -> None:
    """Stream an image into the daemon under `name`."""
    total, done = sum(layer.blob.size for layer in image.layers), 0

    def count(size: int) -> None:
        nonlocal done
        done += size
        progress(f"loading the image into {daemon.engine}", min(done, total), total)

    with oci.Stream(oci.archive((image,), name), count) as stream:
        daemon.load(stream)  # type: ignore[arg-type]  # a raw stream is enough for it


def check(daemon: Daemon, there: Known | None, image: oci.Image, name: str) -> None:
    """Refuse what is not the image that is wanted. Raises MachineError."""
    if there is None:
        raise MachineError(f"{daemon.engine} took an image and does not have it: {name}", fix="see the daemon's log")
    wanted, found = oci.platform_text(image.platform), oci.platform_text(there.platform)
    remove = f"{daemon.engine} rmi -f {name}"
    # podman's docker API leaves the variant out; that the image's id is the digest of ours says it all the same
    same = there.id in (image.id, image.digest)
    if not (same or same_platform(there.platform, image.platform)):
        raise MachineError(f"the image {name} in {daemon.engine} is for {found}, not for {wanted}", fix=remove)
    if there.layers != tuple(layer.diff for layer in image.layers):
        raise MachineError(f"the image {name} in {daemon.engine} has other content than ours", fix=remove)


def same_platform(one: Platform, other: Platform) -> bool:
    """Whether two platforms are the same; arm64 and arm64/v8 are (containerd's normalisation)."""
    return _normal(one) == _normal(other)


def _normal(platform: Platform) -> tuple[str, str, str]:
    variant = "" if (platform.architecture, platform.variant) == ("arm64", "v8") else platform.variant
    return platform.os, platform.architecture, variant


def bind_source(path: Path) -> str:
    """A path as a daemon of this machine has to get it."""
    return os.fspath(path.resolve())
