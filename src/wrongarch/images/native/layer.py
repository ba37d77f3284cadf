"""The layer: a tree that lies above an image's root, with native files at the names of those that would be emulated."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import msgspec

from wrongarch import paths
from wrongarch.arches.lookup import host_arch
from wrongarch.arches.model import Arch
from wrongarch.emulators.model import Emulator
from wrongarch.errors import MachineError, UsageError
from wrongarch.images import toolbox
from wrongarch.images.native import assemblers, boxes, clang, compilers, twins
from wrongarch.images.native.compilers import NATIVE
from wrongarch.images.spec import ImageSpec
from wrongarch.namespaces import ids as id_maps
from wrongarch.namespaces.emulation import emulation
from wrongarch.namespaces.plan import Plan
from wrongarch.namespaces.session import Order, Pending, open_root

FORMAT = 19
"""Raised when the same boxes would give another layer."""

Mode = Literal["full", "tools", "none"]


class Layer(msgspec.Struct, frozen=True, kw_only=True):
    """A tree for `wrongarch.namespaces.plan.Plan.layers`, and the programs of the image that stay emulated.

    `machine` is what uname(2) has to say; `compilers` a digest of all that decides what compilers make.
    """

    tree: Path
    mode: str
    machine: str
    compilers: str
    emulated: tuple[str, ...] = ()


class _Note(msgspec.Struct, frozen=True, kw_only=True):
    compilers: str
    emulated: tuple[str, ...]


def why_not(root: Path, arch: Arch, host: Arch) -> str:
    """Why the image at `root` gets no native compilers on such a host, "" if it does."""
    suite = twins.codename(root)
    return boxes.why_no_tools(arch, suite, host) or boxes.why_not_locked(boxes.compilers(arch, suite, host), arch, host)


def ensure(
    root: Path,
    arch: Arch,
    emulator: Emulator,
    mode: Mode,
    progress: toolbox.Progress = toolbox.silent,
    *,
    host: Arch | None = None,
) -> Layer:
    """The layer for an image's root, made if it is not in the cache. Ask `why_not` first; raises what boxes raise."""
    host, ids, suite = host or host_arch(), id_maps.choose(), twins.codename(root)

    def box(spec: ImageSpec) -> boxes.Box:
        found = boxes.ensure(spec, host, ids, progress)
        if found.lock.suite != suite:
            raise UsageError(
                f"the native tools {found.lock.image} are of Debian {found.lock.suite}, the image of {suite}",
                fix=f"lock them anew: wrongarch image lock {arch.name} --native",
            )
        return found

    recipe = _Recipe(
        root=root,
        arch=arch,
        emulator=emulator,
        mode=mode,
        usual=box(boxes.tools(suite, host)),
        gcc=box(boxes.compilers(arch, suite, host)),
        llvm=tuple(box(spec) for spec in _llvm(root, suite, host)),
        narrow=assemblers.ensure(arch, suite, host, ids, progress),
        host=host,
        ids=ids,
    )
    made_of = [found.root.name for found in recipe.made_of]
    words = (FORMAT, mode, *made_of, str(root.resolve()), root.stat().st_ino, emulator.sha256)
    identity = hashlib.sha256(msgspec.json.encode(words)).hexdigest()
    folder = paths.cache_dir() / "native" / f"{arch.name}-{mode}-{identity[:16]}"
    with paths.locked(folder.with_name(folder.name + ".lock")):
        note = _noted(folder)
        if note is None:
            paths.remove_tree(folder)  # without its note it is half of a layer
            note = _make(folder, recipe, progress)
    return Layer(tree=folder / "tree", mode=mode, machine=arch.uname, **msgspec.structs.asdict(note))


def _llvm(root: Path, suite: str, host: Arch) -> Iterator[ImageSpec]:
    """The box with clang, for an image that has a part of it, on a host that has the box."""
    spec = boxes.clang(suite, host)
    if toolbox.lock_path(spec, host).exists() and twins.versions(root).keys() & set(spec.packages):
        yield spec


def _noted(folder: Path) -> _Note | None:
    try:
        return msgspec.json.decode((folder / "note.json").read_bytes(), type=_Note)
    except (OSError, msgspec.MsgspecError):
        return None


def cpuinfo(made: Layer, root: Path, arch: Arch, emulator: Emulator, cpu: str | None) -> Path:
    """What an emulated program reads in /proc/cpuinfo, for the native ones."""
    file = made.tree.parent / f"cpuinfo-{cpu or 'default'}-{len(os.sched_getaffinity(0))}".replace("/", "_")
    if not file.is_file():
        with _asking(root, arch, emulator, id_maps.choose(), cpu) as ask:
            paths.write_atomically(file, ask(("cat", "/proc/cpuinfo")))
        file.chmod(0o644)
    return file


class _Recipe(msgspec.Struct, frozen=True, kw_only=True):
    root: Path
    arch: Arch
    emulator: Emulator
    mode: Mode
    usual: boxes.Box
    gcc: boxes.Box
    llvm: tuple[boxes.Box, ...]
    narrow: boxes.Box | None
    host: Arch
    ids: id_maps.IdMap

    @property
    def made_of(self) -> tuple[boxes.Box, ...]:
        """All boxes."""
        return self.usual, self.gcc, *self.llvm, *((self.narrow,) if self.narrow is not None else ())


def _make(folder: Path, recipe: _Recipe, progress: toolbox.Progress) -> _Note:
    progress("laying out native tools", 0, None)
    paths.sweep_stale(folder.parent)
    with paths.staging(folder.parent, folder.name) as stage, paths.translate_disk_errors(folder):
        tree = stage / "tree"
        tree.mkdir()
        writer = _Writer(tree, recipe.root)
        files = _files(recipe)
        with _asking(recipe.root, recipe.arch, recipe.emulator, recipe.ids) as ask:
            found = tuple(_compilers(recipe, files, ask))
        for name, tool in (("sh", "dash"), ("bash", "bash"), ("grep", "grep"), ("ccache", "ccache")):
            files[f"{NATIVE}/bin/{name}"] = recipe.usual.root / "usr/bin" / tool
        scripts = [script for some in found for script in some.scripts]
        for some in found:
            files |= some.files
            for path, source in some.kept.items():
                writer.put(path, source)
            for path, target in some.links.items():
                writer.link(path, target)
        for path, source in files.items():
            writer.put(path, source)
        for script in scripts:
            writer.write(script.path, script.text)
        for box in recipe.made_of:
            writer.put(box.asked[1:], box.loader)
            _libraries(box, writer)
        if recipe.arch.endian != recipe.host.endian:
            _locales(recipe.usual.root, recipe.host, writer)
        writer.finish()
        id_maps.give(tree, recipe.ids.owner)
        done = files.keys() | {script.path for script in scripts}
        emulated = tuple(sorted(set(twins.programs(recipe.root)) - done))
        note = _Note(compilers=_digest(recipe, found), emulated=emulated)
        paths.write_atomically(stage / "note.json", msgspec.json.encode(note))
        stage.rename(folder)
    return note


def _files(recipe: _Recipe) -> dict[str, Path]:
    """Native files by their paths in the image, which are its own."""
    boxed = (*((recipe.usual,) if recipe.mode == "full" else ()), recipe.gcc, *recipe.llvm)
    found: dict[str, Path] = {}
    for box in boxed:
        found |= box.twins_in(recipe.root, recipe.arch)
    return found


def _compilers(recipe: _Recipe, files: dict[str, Path], ask: compilers.Ask) -> Iterator[compilers.Compilers]:
    """Those whose names are led to native ones."""
    gcc, narrow = None, None
    assembler, linker = (f"usr/bin/{recipe.arch.triplet}-{name}" for name in ("as", "ld.bfd"))
    if recipe.narrow is not None:
        narrow = recipe.narrow.twins_in(recipe.root, recipe.arch).get(assembler)
    if files.keys() >= {assembler, linker}:  # they go together
        gcc = compilers.find(recipe.gcc.root, recipe.gcc.lock, recipe.root, recipe.arch, ask, narrow=narrow)
    llvm = (clang.find(box.root, files, recipe.root, recipe.host, ask) for box in recipe.llvm)
    yield from (found for found in (gcc, *llvm) if found is not None)


def _digest(recipe: _Recipe, found: tuple[compilers.Compilers, ...]) -> str:
    """All that decides what compilers make: the image's own, ours in their place, and how ours are called."""
    total = hashlib.sha256()
    for some in found:
        for path, source in sorted({**some.kept, **some.files}.items()):
            with source.open("rb") as file:
                total.update(f"{path} {hashlib.file_digest(file, 'sha256').hexdigest()}\n".encode())
        for script in some.scripts:
            total.update(script.text.encode())
    for box in recipe.llvm:  # most of it is in libraries
        total.update(box.lock.digest.encode())
    return total.hexdigest()


def _libraries(box: boxes.Box, writer: _Writer) -> None:
    """What programs of a box need besides themselves and their loader: folders and files of their own arch."""
    for path in sorted((box.root / box.libraries).rglob("*")):
        if not path.is_dir() or path.is_symlink():
            writer.put(str(path.relative_to(box.root)), path)
    for path in sorted((box.root / "usr/lib").glob(f"python3*/**/*{twins.multiarch(box.arch)}*")):
        if path.is_file():
            writer.put(str(path.relative_to(box.root)), path)


_LOCALES, _OURS = "usr/lib/locale", "run/loc/locale"  # equally long


def _locales(box: Path, host: Arch, writer: _Writer) -> None:
    """Locales are files in the byte order of an arch: where the image's is another, native programs have their own."""
    name = f"usr/lib/{twins.multiarch(host)}/libc.so.6"
    writer.replace(name, (box / name).read_bytes().replace(f"/{_LOCALES}".encode(), f"/{_OURS}".encode()))
    for path in sorted((box / _LOCALES).rglob("*")):
        if path.is_file():
            writer.put(str(path.relative_to(box)).replace(_LOCALES, _OURS, 1), path)


class _Writer:
    """Fills a layer. Its folders have the modes and times of those in the image, which they hide."""

    def __init__(self, tree: Path, root: Path) -> None:
        self._tree, self._root = tree, root

    def put(self, path: str, source: Path) -> None:
        """A file, as a hard link where that is possible, or a link as it is."""
        target = self._place(path)
        if target is None:
            return
        if source.is_symlink():
            target.symlink_to(source.readlink())
            return
        twins.copy(source, self._own(path, source), target)

    def _own(self, path: str, source: Path) -> Path:
        """What the image has at a path, or the file itself where it has nothing."""
        own = self._root / path
        return own if own.is_file() else source

    def write(self, path: str, text: str) -> None:
        """A script."""
        (self._tree / path).parent.mkdir(parents=True, exist_ok=True)
        self.replace(path, text.encode())

    def replace(self, path: str, content: bytes) -> None:
        """A program of our own, in the place of another if there is one."""
        target = self._tree / path
        target.unlink(missing_ok=True)
        target.write_bytes(content)
        target.chmod(0o755)

    def link(self, path: str, to: str) -> None:
        """A symbolic link."""
        target = self._place(path)
        if target is not None:
            target.symlink_to(to)

    def finish(self) -> None:
        """Give folders what they have in the image."""
        for folder, _, _ in os.walk(self._tree, topdown=False):
            inside = self._root / Path(folder).relative_to(self._tree)
            with contextlib.suppress(FileNotFoundError):
                shutil.copystat(inside, folder)

    def _place(self, path: str) -> Path | None:
        """Where to put it, None if there is something already. Links of the image's folders are followed."""
        parent, _, name = path.rpartition("/")
        folder = Path(self._tree, twins.resolved(self._root, parent))
        folder.mkdir(parents=True, exist_ok=True)
        target = folder / name
        return None if target.is_symlink() or target.exists() else target


@contextlib.contextmanager
def _asking(
    root: Path, arch: Arch, emulator: Emulator, ids: id_maps.IdMap, cpu: str | None = None
) -> Iterator[compilers.Ask]:
    """The image as it is, all emulated, to ask its programs."""
    emulated = emulation(arch, emulator)
    plan = Plan(
        root=root,
        mounts=emulated.mounts,
        records=emulated.records,
        emulator=emulated.path,
        linux32=arch.bits == 32,
    )
    env = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C", "HOME": "/root"}
    if cpu:
        env["QEMU_CPU"] = cpu
    with open_root(plan, ids) as opened:

        def ask(argv: tuple[str, ...]) -> str:
            output = bytearray()
            pending = Pending(lambda _, data: output.extend(data))
            opened.start(Order(argv=argv, env=env, timeout=120), pending)
            ending = pending.future.result()
            text = output.decode(errors="replace")
            if (ending.reason, ending.exit_code) != ("exit", 0):
                raise MachineError(
                    f"{argv[0]} does not work in the image: {ending.error or ending.reason}", detail=text
                )
            return text

        yield ask
