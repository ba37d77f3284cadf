"""Assemblers for ARM of 32 bits that are programs of 32 bits themselves.

GNU as reads its input into pieces as long as there is room in a chunk of memory (gas/frags.c), and where GCC says that
an address has changed (`view -0`, in GNU as' manual, .loc; with -g and -O), how that is written down depends on where a
piece ends (gas/dwarf2dbg.c). So line tables of a program of 64 bits, with larger pointers, are others than the image's.
Debian builds the same assembler for i386, whose pointers, and the heads of pieces with them, are as large as on ARM.
MIPS' own keeps addresses in 64 bits, which have to lie at other places there than on i386.

What is left are the chunks: glibc's obstacks ask for 4096 bytes less what malloc(3) may need, rounded by the largest
type (malloc/obstack.c, _obstack_begin): 4072 on ARM, where `long double` has 8 bytes, 4064 on i386, where it has 12. So
the libc of such a box, which nothing else uses, gets the number of ARM's.
"""

from __future__ import annotations

from pathlib import Path

from elftools.elf.elffile import ELFFile
from elftools.elf.sections import SymbolTableSection

from wrongarch import process
from wrongarch.arches import lookup
from wrongarch.arches.model import Arch
from wrongarch.errors import MachineError
from wrongarch.images import toolbox
from wrongarch.images.native import boxes
from wrongarch.images.spec import ArchImage, ImageSpec
from wrongarch.namespaces import ids as id_maps

LOADER = "/run/ld32.so"
"""As `boxes.LOADER`, for programs of 32 bits."""

_ARCHES = ("arm", "armel")
_OWN = "i386"
_FORMAT = 1

_CHUNK, _CHUNK_ON_ARM = (size.to_bytes(4, "little") for size in (4064, 4072))


def spec(arch: Arch, suite: str, host: Arch) -> tuple[ImageSpec, Arch] | None:
    """The box for `arch`, and whose programs are in it; None if there is none on such a host."""
    own = lookup.find(_OWN)
    if arch.name not in _ARCHES or not lookup.runs_natively(own, host):
        return None
    packages, only = (f"binutils-{arch.triplet}",), {_OWN: ArchImage(suite=suite)}
    return ImageSpec(name=f"as-{arch.name}-{suite}", packages=packages, arch=only), own


def ensure(
    arch: Arch, suite: str, host: Arch, ids: id_maps.IdMap, progress: toolbox.Progress = toolbox.silent
) -> boxes.Box | None:
    """The box, made if it is not in the cache; None where there is none, or the kernel does not run its programs."""
    found = spec(arch, suite, host)
    if found is None or not toolbox.lock_path(*found).exists():
        return None
    finish = toolbox.Finish(_finish, _FORMAT)
    box = boxes.ensure(*found, ids, progress, finish=finish, asked=LOADER)
    return box if _runs(box.command(f"usr/bin/{arch.triplet}-as")) else None


def _finish(tree: Path) -> None:
    boxes.lead_to_loader(tree, LOADER)
    for libc in tree.glob("usr/lib/*-linux-gnu/libc.so.6"):
        if not ask_as_on_arm(libc):
            for program in tree.glob("usr/bin/*-as"):
                program.unlink()


def ask_as_on_arm(libc: Path) -> bool:
    """Have a libc of i386 make obstacks as ARM's does; whether it could be done: it is another one than we know."""
    with libc.open("r+b") as file:
        elf = ELFFile(file)
        symbols = elf.get_section_by_name(".dynsym")
        if not isinstance(symbols, SymbolTableSection):
            return False
        symbol = next(iter(symbols.get_symbol_by_name("_obstack_begin") or ()), None)
        if symbol is None:
            return False
        offset = next(iter(elf.address_offsets(symbol["st_value"], symbol["st_size"])))
        file.seek(offset)
        code = file.read(symbol["st_size"])
        if code.count(_CHUNK) != 1:
            return False
        file.seek(offset)
        file.write(code.replace(_CHUNK, _CHUNK_ON_ARM))
    return True


def _runs(command: tuple[str, ...]) -> bool:
    """Whether the kernel runs such a program, which is a question of its configuration (CONFIG_IA32_EMULATION)."""
    try:
        return process.run((*command, "--version"), check=False, timeout=60).code == 0
    except MachineError:  # ENOEXEC
        return False
