"""Whether two builds of the same made the same: objects, archives and programs, byte by byte, apart from `.comment`.

`.comment` holds the compiler's own version, of which Debian's cross compilers may have another last part. The linker's
build id (`.note.gnu.build-id`) is a hash over all of a program, `.comment` too, and so is not compared either.
"""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Iterator
from pathlib import Path

import msgspec
from elftools.common.exceptions import ELFError
from elftools.elf.elffile import ELFFile

from wrongarch.errors import UntrustedInput

_LEFT_OUT = (".comment", ".note.gnu.build-id")
_ARCHIVES = (b"!<arch>\n", b"!<thin>\n")
_INDICES = ("/", "//", "/SYM64/")  # of an archive (ar(5)): offsets, which follow from the sizes of its members


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """A file (path below both trees) and what of it differs, in words."""

    path: str
    what: str


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """What was compared: how many objects, archives and programs, and those that differ."""

    compared: int
    differences: tuple[Difference, ...]


def compare(one: Path, other: Path) -> Comparison:
    """Compare all ELF files and archives below two trees. Raises UntrustedInput for one that is damaged."""
    ours, theirs = set(_binaries(one)), set(_binaries(other))
    found = [Difference(path=path, what="is in one of the two builds only") for path in sorted(ours ^ theirs)]
    for path in sorted(ours & theirs):
        what = differs((one / path).read_bytes(), (other / path).read_bytes(), path)
        if what:
            found.append(Difference(path=path, what=what))
    return Comparison(compared=len(ours & theirs), differences=tuple(found))


def differs(one: bytes, other: bytes, name: str) -> str:
    """What differs between two files, "" if nothing does that counts."""
    if one == other:
        return ""
    if one[:8] in _ARCHIVES or other[:8] in _ARCHIVES:
        return _archives_differ(one, other, name)
    if one[:4] != b"\x7fELF" or other[:4] != b"\x7fELF":
        return "the bytes differ"
    ours, theirs = _parts(one, name), _parts(other, name)
    words = [part for part in dict.fromkeys((*ours, *theirs)) if ours.get(part) != theirs.get(part)]
    return ", ".join(words)


def _binaries(tree: Path) -> Iterator[str]:
    for folder, _, files in os.walk(tree):
        for name in files:
            path = Path(folder, name)
            if path.is_symlink() or not path.is_file():
                continue
            with path.open("rb") as file:
                start = file.read(8)
            if start[:4] == b"\x7fELF" or start in _ARCHIVES:
                yield str(path.relative_to(tree))


def _parts(data: bytes, name: str) -> dict[str, str]:
    """Digests of a file's header, segments and sections, by name; where sections lie in the file is left out."""
    try:
        elf = ELFFile(io.BytesIO(data))
        header = {key: value for key, value in elf.header.items() if key not in ("e_shoff",)}
        found = {"header": _digest(repr(header))}
        found["segments"] = _digest(repr([dict(segment.header) for segment in elf.iter_segments()]))
        for number, section in enumerate(elf.iter_sections()):
            if section.name in _LEFT_OUT:
                continue
            facts = {key: value for key, value in section.header.items() if key != "sh_offset"}
            content = b"" if facts["sh_type"] == "SHT_NOBITS" else section.data()
            found[f"section {section.name or number} ({number})"] = _digest(repr(facts), content)
    except (ELFError, KeyError, UnicodeDecodeError) as error:
        raise UntrustedInput(f"{name} is a damaged ELF file: {error}") from error
    return found


def _digest(facts: str, content: bytes = b"") -> str:
    return hashlib.sha256(facts.encode() + content).hexdigest()


def _archives_differ(one: bytes, other: bytes, name: str) -> str:
    if one[:8] != other[:8]:
        return "one of them is no archive of the same kind"
    ours, theirs = list(_members(one, name)), list(_members(other, name))
    if [member for member, _ in ours] != [member for member, _ in theirs]:
        return "the members of the archives are not the same"
    for (member, mine), (_, yours) in zip(ours, theirs, strict=True):
        what = differs(mine, yours, f"{name}({member})")
        if what:
            return f"member {member}: {what}"
    return ""


def _members(data: bytes, name: str) -> Iterator[tuple[str, bytes]]:
    """Name and content of each member of an archive (ar(5)), without its indices; a thin one has names alone."""
    at, thin = 8, data[:8] == b"!<thin>\n"
    while at + 60 <= len(data):
        header = data[at : at + 60]
        if header[58:60] != b"`\n":
            raise UntrustedInput(f"{name} is a damaged archive")
        member, size = header[:16].decode(errors="replace").rstrip(), int(header[48:58])
        at += 60
        if member in _INDICES:
            at += size + size % 2
            continue
        yield member, b"" if thin else data[at : at + size]
        at += 0 if thin else size + size % 2
