"""What a container needs besides its image to run the agent: a native Python, the agent's code, and the emulator.

Foreign images have no Python that the daemon's machine could run. Ours is a small Debian root of that machine's own
architecture, started through its own loader and with its own libraries, so that it needs nothing of the image.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import msgspec

import wrongarch
from wrongarch.arches import elf, lookup
from wrongarch.arches.model import Arch
from wrongarch.errors import InternalError, MachineError
from wrongarch.images import toolbox
from wrongarch.images.tree import Part
from wrongarch.namespaces.emulation import FOLDER

PYTHON = f"{FOLDER}/python"
CODE = f"{FOLDER}/code"
_START = (
    "import sys; sys.path.insert(0, sys.argv[1]); from wrongarch.namespaces.agent.{0} import main; main(sys.argv[2])"
)

_GO = {"arm": "arm", "386": "i386", "amd64": "amd64", "arm64": "arm64", "mips64le": "mips64", "mipsle": "mips"}
_NOT_NEEDED = ("test", "idlelib", "lib2to3", "pydoc_data", "ensurepip", "distutils", "tkinter", "__pycache__")


class Python(msgspec.Struct, frozen=True, kw_only=True):
    """A Python for machines of `host`, in `root` on this machine; its parts by their paths in there."""

    host: Arch
    root: Path
    loader: str
    program: str
    libraries: tuple[str, ...]

    def argv(self, module: str, argument: str, *, python: str = PYTHON, code: str = CODE) -> list[str]:
        """What starts `main(argument)` of a module of the agent, with root and code at these places."""
        libraries = ":".join(f"{python}/{folder}" for folder in self.libraries)
        start = [f"{python}/{self.loader}", "--library-path", libraries, f"{python}/{self.program}"]
        return [*start, "-I", "-S", "-B", "-c", _START.format(module), code, argument]

    def root_parts(self, python: str = PYTHON) -> Iterator[Part]:
        """What is needed of the root, as parts of a tar, at that place."""
        place = python.lstrip("/")
        for path in sorted(self.root.glob("usr/lib/python3*/*")):
            if path.name not in _NOT_NEEDED:
                yield Part(source=path, name=f"{place}/{path.relative_to(self.root)}")
        folder = self.root / self.libraries[0]
        for path in sorted(folder.iterdir()):
            if ".so" in path.name:
                yield Part(source=path, name=f"{place}/{self.libraries[0]}/{path.name}")
        if not self.loader.startswith(self.libraries[0]):
            yield Part(source=self.root / self.loader, name=f"{place}/{self.loader}")
        yield Part(source=self.root / self.program, name=f"{place}/{self.program}")


def code_parts(place: str) -> Iterator[Part]:
    """The agent's own modules, and the packages that they lie in."""
    package = package_folder()
    names = ["__init__.py", "namespaces/__init__.py"]
    names += [f"namespaces/agent/{path.name}" for path in sorted((package / "namespaces/agent").glob("*.py"))]
    for name in names:
        yield Part(source=package / name, name=f"{place}/wrongarch/{name}", mode=0o644)


def package_folder() -> Path:
    """Where this package lies."""
    return Path(wrongarch.__file__).parent


def arch_of(words: str) -> Arch:
    """The arch that a daemon calls `words` (Go's GOARCH, which are OCI's architectures)."""
    return lookup.find(_GO.get(words, words))


def python_for(host: Arch, progress: toolbox.Progress = toolbox.silent) -> Python:
    """The Python for daemons on machines of `host`, made if it is not there. Raises MachineError, NetworkError."""
    root = toolbox.ensure(host, progress=progress, spec=toolbox.AGENT)
    program = next((path for path in sorted(root.glob("usr/bin/python3.*")) if path.is_file()), None)
    if program is None:
        raise MachineError(f"the Python in {root} is damaged", fix=f"remove it, it is made again: rm -r {root}")
    asked = elf.interpreter_of(program)
    if asked is None:
        raise InternalError(f"{program} asks for no loader")
    loader = next((path for path in sorted(root.glob("usr/lib*/**/*")) if _is_loader(path, asked)), None)
    if loader is None:
        raise MachineError(f"the loader {asked} is missing in {root}", fix=f"remove it: rm -r {root}")
    triplet = f"usr/lib/{_multiarch(host)}"
    libraries = tuple(dict.fromkeys((triplet, str(loader.parent.relative_to(root)))))
    return Python(
        host=host,
        root=root,
        loader=str(loader.relative_to(root)),
        program=str(program.relative_to(root)),
        libraries=libraries,
    )


def _is_loader(path: Path, asked: str) -> bool:
    return path.name == PurePosixPath(asked).name and path.is_file() and not path.is_symlink()


def _multiarch(host: Arch) -> str:
    """The name of its folder of libraries (Debian's multiarch list): i386's differs from its compilers' triplet."""
    return "i386-linux-gnu" if host.name == "i386" else host.triplet
