"""What counts as a difference between two builds."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from wrongarch.errors import UntrustedInput
from wrongarch.runs.fidelity import compare, differs


def elf(**sections: bytes) -> bytes:
    """A 64-bit object with these sections ("text" stands for ".text"), and their names as the last."""
    names = ["", *(f".{name}" for name in sections), ".shstrtab"]
    strings, offsets = b"", []
    for name in names:
        offsets.append(len(strings))
        strings += name.encode() + b"\0"
    body, headers = b"", [struct.pack("<IIQQQQIIQQ", 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)]
    for number, content in enumerate((*sections.values(), strings), 1):
        kind = 3 if number == len(names) - 1 else 1
        headers.append(
            struct.pack("<IIQQQQIIQQ", offsets[number], kind, 0, 0, 64 + len(body), len(content), 0, 0, 1, 0)
        )
        body += content
    ident = b"\x7fELF\x02\x01\x01" + bytes(9)
    start = struct.pack(
        "<HHIQQQIHHHHHH", 1, 62, 1, 0, 0, 64 + len(body), 0, 64, 0, 0, 64, len(headers), len(headers) - 1
    )
    return ident + start + body + b"".join(headers)


def archive(**members: bytes) -> bytes:
    data = b"!<arch>\n"
    for name, content in members.items():
        data += f"{name + '/':<16}{0:<12}{0:<6}{0:<6}{'100644':<8}{len(content):<10}`\n".encode() + content
        data += b"\n" * (len(content) % 2)
    return data


ONE = elf(text=b"code", comment=b"GCC: (Debian 12.2.0-14) 12.2.0")
OTHER = elf(text=b"code", comment=b"GCC: (Debian 12.2.0-14+deb12u1) 12.2.0")
CHANGED = elf(text=b"Code", comment=b"GCC: (Debian 12.2.0-14) 12.2.0")


def test_the_compiler_s_version_does_not_count() -> None:
    assert ONE != OTHER
    assert differs(ONE, OTHER, "a.o") == ""


@pytest.mark.parametrize(
    ("other", "what"),
    [
        (CHANGED, "section .text (1)"),
        (elf(text=b"code"), "header, section .shstrtab (3), section .shstrtab (2)"),
        (b"no ELF file", "the bytes differ"),
        (archive(a=ONE), "one of them is no archive of the same kind"),
    ],
)
def test_anything_else_does(other: bytes, what: str) -> None:
    assert differs(ONE, other, "a.o") == what


def test_members_of_archives_are_compared_one_by_one() -> None:
    assert differs(archive(a=ONE, b=ONE), archive(a=ONE, b=OTHER), "l.a") == ""
    assert differs(archive(a=ONE, b=ONE), archive(a=ONE, b=CHANGED), "l.a") == "member b/: section .text (1)"
    assert differs(archive(a=ONE), archive(b=ONE), "l.a") == "the members of the archives are not the same"


@pytest.mark.parametrize("damaged", [ONE[:-80], archive(a=ONE)[:40] + b"x" * 60])
def test_damaged_files_are_told_as_such(damaged: bytes) -> None:
    sound = ONE if damaged.startswith(b"\x7fELF") else archive(a=ONE)
    with pytest.raises(UntrustedInput, match="damaged"):
        differs(sound, damaged, "x")


def test_two_trees(tmp_path: Path) -> None:
    for tree, content in (("one", ONE), ("other", OTHER)):
        (tmp_path / tree / "sub").mkdir(parents=True)
        (tmp_path / tree / "sub/a.o").write_bytes(content)
        (tmp_path / tree / f"log-{tree}").write_text("text is not compared")
        (tmp_path / tree / "b.o").write_bytes(CHANGED if tree == "one" else ONE)
    (tmp_path / "one/only.o").write_bytes(ONE)
    (tmp_path / "one/link.o").symlink_to("only.o")
    found = compare(tmp_path / "one", tmp_path / "other")
    assert found.compared == 2
    assert [(one.path, one.what) for one in found.differences] == [
        ("only.o", "is in one of the two builds only"),
        ("b.o", "section .text (1)"),
    ]
