"""Native tools under the maintainer scripts of an image that is being built: mounted over its own, for that time.

The image itself is written to meanwhile, so nothing may be left of it: neither the folders that mounts need, nor their
traces in the times of the folders above.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from wrongarch import paths
from wrongarch.arches.lookup import host_arch
from wrongarch.arches.model import Arch
from wrongarch.images import toolbox
from wrongarch.images.native import boxes, twins
from wrongarch.namespaces import ids as id_maps
from wrongarch.namespaces.plan import PlanMount


@contextlib.contextmanager
def tools_over(
    root: Path,
    arch: Arch,
    target: str,
    ids: id_maps.IdMap,
    progress: toolbox.Progress = toolbox.silent,
) -> Iterator[tuple[PlanMount, ...]]:
    """Mounts for a workshop that has the unpacked image at `root` as `target`; none where there are no native tools.

    Afterwards nothing of them is left in the image.
    """
    suite, host = twins.codename(root), host_arch()
    if boxes.why_no_tools(arch, suite, host):
        yield ()
        return
    box = boxes.ensure(boxes.tools(suite, host), host, ids, progress)
    files = box.twins_in(root, arch)
    with (
        _place(root, box.libraries, is_folder=True),
        _place(root, box.asked[1:], is_folder=False),
        paths.staging(root.parent, f"{root.name}-tools") as folder,
    ):
        folder.chmod(0o755)
        copies = {
            path: twins.copy(source, root / path, folder / str(number))
            for number, (path, source) in enumerate(files.items())
        }
        id_maps.give(folder, ids.owner)
        sources = {**copies, box.libraries: box.root / box.libraries, box.asked[1:]: box.loader}
        yield tuple(
            PlanMount(source=str(source), target=f"{target}/{path}", writable=False) for path, source in sources.items()
        )


@contextlib.contextmanager
def _place(root: Path, path: str, *, is_folder: bool) -> Iterator[None]:
    """Something to mount at, made with the folders above that are missing, and removed again."""
    steps = [*reversed(PurePosixPath(path).parents), PurePosixPath(path)]
    missing = [root / step for step in steps if not (root / step).exists()]
    with _time_kept(missing[0].parent if missing else root):
        for step in missing:
            if step == root / path and not is_folder:
                step.touch()
            else:
                step.mkdir()
    try:
        yield
    finally:
        with _time_kept(missing[0].parent if missing else root):
            for step in reversed(missing):
                if step.is_dir():
                    step.rmdir()
                else:
                    step.unlink()


@contextlib.contextmanager
def _time_kept(folder: Path) -> Iterator[None]:
    status = folder.stat()
    yield
    os.utime(folder, ns=(status.st_atime_ns, status.st_mtime_ns))
