"""Records of binfmt_misc: the line that registers an emulator, and what the kernel says of one that is registered.

Format and limits: Documentation/admin-guide/binfmt-misc.rst and fs/binfmt_misc.c of Linux.
"""

from __future__ import annotations

import os
import re
import string

import msgspec

from wrongarch.arches.model import Arch
from wrongarch.errors import UntrustedInput, UsageError, WrongarchError

FLAGS = "POCF"
"""P: argv[0] is kept. O: the kernel opens the program. C: setuid of the program counts. F: the interpreter is opened
once, at registration, so that it need not be there in another root."""

LONGEST_LINE = 1920
LONGEST_INTERPRETER = 127
LONGEST_NAME = 255
MATCHED_BYTES = 256  # the start of a file that the kernel compares (BINPRM_BUF_SIZE; 128 before Linux 5.1)

_RESERVED = frozenset({".", "..", "register", "status"})
# The kernel takes any byte before the name as the delimiter. Left out: what is part of a field, of an escape, of a
# comment in binfmt.d, and what a shell or a terminal does something with.
_DELIMITERS = ":,|%@^~+="
_BAD_DELIMITERS = frozenset(string.ascii_letters + string.digits + string.whitespace + "\\#;\0")
_ESCAPE = re.compile(rb"\\x([0-9A-Fa-f]{2})")
_ENTRY_KEYS = frozenset({"interpreter", "flags:", "extension", "offset", "magic", "mask"})


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """A registration by magic. `mask` is as long as `magic`, or empty where every bit counts. `flags`: POCF's order.

    `interpreter` is an absolute path; bytes of it that are no UTF-8 are kept as os.fsdecode does.
    """

    name: str
    interpreter: str
    magic: bytes
    mask: bytes = b""
    offset: int = 0
    flags: str = ""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """What the kernel says in /proc/sys/fs/binfmt_misc/NAME: by magic, or by file name extension (no magic then)."""

    name: str
    enabled: bool
    interpreter: str
    flags: str = ""
    offset: int = 0
    magic: bytes = b""
    mask: bytes = b""
    extension: str = ""


def make_record(arch: Arch, interpreter: str, *, flags: str = FLAGS, name: str = "") -> Record:
    """The record that hands programs of `arch` to `interpreter`; `name` is by default that of QEMU's own records.

    Raises UsageError for flags that are not of POCF, and for a path or name that the kernel would not take.
    """
    record = Record(
        name=name or f"qemu-{arch.qemu}",
        interpreter=interpreter,
        magic=arch.magic,
        mask=arch.mask,
        flags=_in_order(flags),
    )
    _check(record, UsageError)
    return record


def render(record: Record) -> bytes:
    """The line to write to /proc/sys/fs/binfmt_misc/register, without a newline at its end. It has no zero byte.

    Raises UsageError for a record that the kernel would not take.
    """
    _check(record, UsageError)
    interpreter = os.fsencode(record.interpreter)
    taken = record.name.encode() + interpreter
    delimiter = next((mark for mark in _DELIMITERS.encode() if mark not in taken), None)
    if delimiter is None:
        raise UsageError(
            f"no character is left to separate the fields of the record {record.name!r}",
            fix=f"use a path for the interpreter without one of {_DELIMITERS}",
        )
    fields = (
        b"",
        record.name.encode(),
        b"M",
        str(record.offset or "").encode(),
        _escape(record.magic),
        _escape(record.mask),
        interpreter,
        record.flags.encode(),
    )
    line = bytes((delimiter,)).join(fields)
    if len(line) > LONGEST_LINE:
        raise UsageError(
            f"the record {record.name!r} has {len(line)} bytes, the kernel takes {LONGEST_LINE}",
            fix="compare fewer bytes, or use a shorter path for the interpreter",
        )
    return line


def parse(line: bytes) -> Record:
    """Read a line as `render` writes it, or as binfmt.d files have it. Raises UntrustedInput for any other."""
    line = line.removesuffix(b"\n")
    shown = repr(line[:60].decode(errors="replace")) + ("…" if len(line) > 60 else "")
    if len(line) > LONGEST_LINE:
        raise UntrustedInput(f"the record {shown} has {len(line)} bytes, the kernel takes {LONGEST_LINE}")
    fields = line[1:].split(line[:1]) if line[:1] and chr(line[0]) not in _BAD_DELIMITERS else []
    if len(fields) != 7:
        raise UntrustedInput(f"{shown} is no record: it has to be :name:M:offset:magic:mask:interpreter:flags")
    name, kind, offset, magic, mask, interpreter, flags = fields
    if kind != b"M":
        raise UntrustedInput(f"the record {shown} does not go by magic: its type is {kind.decode(errors='replace')!r}")
    if not re.fullmatch(rb"\d{0,9}", offset):
        raise UntrustedInput(f"the record {shown} has no number as its offset")
    if set(flags) - set(FLAGS.encode()):
        raise UntrustedInput(f"the record {shown} has flags other than {FLAGS}")
    record = Record(
        name=name.decode(errors="replace"),
        interpreter=os.fsdecode(interpreter),
        magic=_unescape(magic, shown),
        mask=_unescape(mask, shown),
        offset=int(offset or b"0"),
        flags=_in_order(flags.decode()),
    )
    _check(record, UntrustedInput)
    return record


def parse_entry(name: str, text: str) -> Entry:
    """Read the text of /proc/sys/fs/binfmt_misc/NAME. Raises UntrustedInput for one that Linux would not write."""
    first, *rest = text.removesuffix("\n").split("\n")
    if first not in ("enabled", "disabled"):
        raise UntrustedInput(f"the entry {name!r} of binfmt_misc says neither enabled nor disabled: {first[:60]!r}")
    fields: dict[str, str] = {}
    for line in rest:
        key, _, value = line.partition(" ")
        if key not in _ENTRY_KEYS or key in fields:
            raise UntrustedInput(f"the entry {name!r} of binfmt_misc has a line that means nothing: {line[:60]!r}")
        fields[key] = value
    if not fields.get("interpreter") or ("extension" in fields) == ("magic" in fields):
        raise UntrustedInput(f"the entry {name!r} of binfmt_misc does not say what it matches, or what it starts")
    entry = Entry(
        name=name,
        enabled=first == "enabled",
        interpreter=fields["interpreter"],
        flags=fields.get("flags:", ""),
        offset=_number(name, fields.get("offset", "0")),
        magic=_hex(name, fields.get("magic", "")),
        mask=_hex(name, fields.get("mask", "")),
        extension=fields.get("extension", "").removeprefix("."),
    )
    if len(entry.mask) not in (0, len(entry.magic)):
        raise UntrustedInput(f"the entry {name!r} of binfmt_misc has a mask of another length than its magic")
    return entry


def _in_order(flags: str) -> str:
    wrong = sorted(set(flags) - set(FLAGS))
    if wrong:
        raise UsageError(
            f"binfmt_misc has no flag {''.join(wrong)!r}",
            fix=f"flags are letters of {FLAGS}: P keeps argv[0], O opens the program, C honours setuid, F opens the "
            "interpreter once",
        )
    opened = flags + "O" if "C" in flags else flags  # as the kernel has it: C implies O
    return "".join(flag for flag in FLAGS if flag in opened)


def _check(record: Record, error: type[WrongarchError]) -> None:
    """Raise `error` where the kernel would refuse the record, or do something else with it."""
    problem = _name_problem(record.name) or _interpreter_problem(record.interpreter) or _magic_problem(record)
    if problem:
        raise error(f"binfmt_misc does not take the record {record.name[:60]!r}: {problem}")


def _name_problem(name: str) -> str:
    if not name or name in _RESERVED or "/" in name:
        return "its name cannot be that of a file there"
    if not name.isprintable() or " " in name or "�" in name:
        return "its name has unprintable characters"
    if len(name.encode(errors="replace")) > LONGEST_NAME:
        return f"its name is longer than {LONGEST_NAME} bytes"
    return ""


def _interpreter_problem(path: str) -> str:
    if not path.startswith("/"):
        return f"the interpreter {path[:60]!r} is no absolute path"
    if any(mark in path for mark in "\0\n\r"):
        return "the interpreter's path has a line break or a zero byte"
    try:
        raw = os.fsencode(path)
    except UnicodeEncodeError:
        return f"the interpreter's path {path[:60]!r} can be no file name"
    if len(raw) > LONGEST_INTERPRETER:
        return f"the interpreter's path is longer than {LONGEST_INTERPRETER} bytes"
    return ""


def _magic_problem(record: Record) -> str:
    if not record.magic:
        return "it compares nothing"
    if len(record.mask) not in (0, len(record.magic)):
        return f"its mask has {len(record.mask)} bytes, its magic {len(record.magic)}"
    if record.offset < 0 or record.offset + len(record.magic) > MATCHED_BYTES:
        return f"it compares bytes beyond the first {MATCHED_BYTES}"
    return ""


def _escape(data: bytes) -> bytes:
    return "".join(f"\\x{byte:02x}" for byte in data).encode()


def _unescape(text: bytes, shown: str) -> bytes:
    """As the kernel reads it: \\x and two digits are a byte, all else stands for itself."""
    if re.search(rb"\\x(?![0-9A-Fa-f]{2})", text) or b"\0" in text:
        raise UntrustedInput(f"the record {shown} has an escape that is not \\x and two hexadecimal digits")
    return _ESCAPE.sub(lambda match: bytes((int(match[1], 16),)), text)


def _number(name: str, text: str) -> int:
    if not re.fullmatch("[0-9]{1,9}", text):
        raise UntrustedInput(f"the entry {name!r} of binfmt_misc has an offset that is no number: {text[:60]!r}")
    return int(text)


def _hex(name: str, text: str) -> bytes:
    if len(text) % 2 or not re.fullmatch("[0-9a-fA-F]{0,512}", text):
        raise UntrustedInput(f"the entry {name!r} of binfmt_misc has bytes that are not hexadecimal: {text[:60]!r}")
    return bytes.fromhex(text)
