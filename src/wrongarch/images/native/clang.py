"""Native clang behind the name of an image's own: it makes code for every arch, so it has to be told which one.

Debian builds clang for each arch from one source with all of its targets: which one is made code for by default, and
what `native` means, is all that differs (Cross-compilation using Clang, in its manual). It looks for headers below the
folder that its own program is in, so the native program and the image's own are put beside the name that they share.
"""

from __future__ import annotations

from pathlib import Path

from wrongarch.arches.model import Arch
from wrongarch.images.native import boxes, twins
from wrongarch.images.native.compilers import Ask, Compilers, Script, leave_to


def home(suite: str) -> str:
    """Where the suite's LLVM is, in boxes and images."""
    return f"usr/lib/llvm-{boxes.CLANG[suite]}"


def find(box: Path, files: dict[str, Path], root: Path, host: Arch, ask: Ask) -> Compilers | None:
    """The native clang for the image at `root`, None if its name has no twin among `files`."""
    place = home(twins.codename(root))
    program = f"{place}/bin/clang"
    if program not in files:
        return None
    target = ask((f"/{program}", "-print-target-triple")).strip()
    ours = {f"{program}.native": files[program]}
    # beside the image's own, of the same name, there is no place for libraries; the loader looks here as well
    libraries = (path for path in sorted((box / place / "lib").glob("lib*.so.*")) if not path.is_symlink())
    ours |= {f"usr/lib/{twins.multiarch(host)}/{path.name}": path for path in libraries}
    plugin = f"{place}/lib/LLVMgold.so"  # which the linker loads, native as it is
    if (root / plugin).is_file() and (box / plugin).is_file():
        ours[plugin] = box / plugin
    return Compilers(
        files=ours,
        scripts=(Script(path=program, text=driver(f"/{program}", target)),),
        links={},
        kept={f"{program}.emulated": root / program},
    )


def driver(program: str, target: str) -> str:
    """The script in the place of clang: what asks for this machine, or loads code, is left to the image's own.

    A name may say for which target it is (`s390x-linux-gnu-clang`), and what calls itself as `-cc1` has been told.
    """
    left = leave_to(f"{program}.emulated", "*=native | -fplugin=* | -fpass-plugin=* | -load")
    return f"""{left}target=--target={target}
case $1:${{0##*/}} in -cc1* | *:*-*-clang*) target= ;; esac
exec -a "$0" {program}.native $target "$@"
"""
