"""The bytes of a capsule's archive: exactly one way to write a member, so that a reader can compare instead of parse.

Headers are POSIX.1-1988 (ustar), with one extended record of POSIX.1-2001 (pax) where a name is too long or not ASCII.
Owners are 0 and have no names, times are the manifest's epoch. Everything but that is refused when it is read.
"""

from __future__ import annotations

from wrongarch.capsules.manifest import Member

BLOCK = 512
END = bytes(2 * BLOCK)
_TYPES = {"file": b"0", "folder": b"5", "link": b"2"}
_LONGEST_NAME, _LONGEST_LINK = 100, 100


def padding(size: int) -> bytes:
    """What fills the last block of a member's content."""
    return bytes(-size % BLOCK)


def header(name: str, member: Member, epoch: int) -> bytes:
    """The header of a member under the full name `name` (with the capsule's folder in front), pax record included."""
    raw = name.encode() + (b"/" if member.kind == "folder" else b"")
    target = member.target.encode()
    records = b""
    if len(raw) > _LONGEST_NAME or not raw.isascii():
        records += _record(b"path", raw)
    if len(target) > _LONGEST_LINK or not target.isascii():
        records += _record(b"linkpath", target)
    size = member.size if member.kind == "file" else 0
    plain = _block(_short(raw), _TYPES[member.kind], _short(target), mode=member.mode, size=size, epoch=epoch)
    if not records:
        return plain
    extended = _block(b"././@PaxHeader", b"x", b"", mode=0o644, size=len(records), epoch=epoch)
    return extended + records + padding(len(records)) + plain


def _short(raw: bytes) -> bytes:
    """What stands in a ustar field for a name that has a pax record: its beginning, in ASCII."""
    return raw.decode(errors="replace").encode("ascii", "replace")[:_LONGEST_NAME]


def _record(key: bytes, value: bytes) -> bytes:
    """LENGTH KEY=VALUE, where the length counts itself."""
    rest = len(key) + len(value) + 3
    length = rest + len(str(rest))
    while length != rest + len(str(length)):
        length = rest + len(str(length))
    return b"%d %s=%s\n" % (length, key, value)


def _block(name: bytes, kind: bytes, target: bytes, *, mode: int, size: int, epoch: int) -> bytes:
    fields = (
        name.ljust(100, b"\0"),
        b"%07o\0" % mode,
        b"%07o\0" % 0,
        b"%07o\0" % 0,
        b"%011o\0" % size,
        b"%011o\0" % epoch,
        b" " * 8,
        kind,
        target.ljust(100, b"\0"),
        b"ustar\x0000",
        bytes(32),
        bytes(32),
        b"%07o\0" % 0,
        b"%07o\0" % 0,
        bytes(155 + 12),
    )
    block = b"".join(fields)
    return block[:148] + b"%06o\0 " % sum(block) + block[156:]


def first_name(block: bytes) -> str:
    """The name in the first header of an archive, which has to be an ASCII folder name; "" if it is none."""
    name, _, rest = block[:100].partition(b"\0")
    text = name.decode("ascii", "replace")
    return text[:-1] if text.endswith("/") and not rest.strip(b"\0") and "�" not in text else ""


def size_field(block: bytes) -> int | None:
    """The size in a header that is not checked yet; None where there is no octal number."""
    digits = block[124:135]
    return int(digits, 8) if len(digits) == 11 and set(digits) <= set(b"01234567") else None
