"""Makes Debian packages, sound and unsound, as dpkg-deb would write them."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import zstandard

PACK: dict[str, Callable[[bytes], bytes]] = {
    "": lambda data: data,
    ".xz": lzma.compress,
    ".gz": gzip.compress,
    ".bz2": bz2.compress,
    ".zst": lambda data: zstandard.ZstdCompressor().compress(data),
}
CONTROL = b"Package: thing\nVersion: 1:2.0-1\nDescription: short\n long\n .\n more\n"


def tar(*entries: dict[str, Any], end: bool = True) -> bytes:
    """Each entry has the attributes of a TarInfo, and `data`."""
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w", format=tarfile.GNU_FORMAT) as archive:
        for entry in entries:
            info = tarfile.TarInfo(entry["name"])
            data = entry.get("data", b"")
            info.size, info.mode, info.mtime = len(data), 0o644, 1_000_000_000
            for key in entry.keys() - {"data", "name"}:
                setattr(info, key, entry[key])
            archive.addfile(info, io.BytesIO(data))
        length = archive.offset
    return target.getvalue() if end else target.getvalue()[:length]


def member(name: str, data: bytes) -> bytes:
    header = f"{name:<16}{0:<12}{0:<6}{0:<6}{'100644':<8}{len(data):<10}`\n".encode()
    return header + data + b"\n" * (len(data) % 2)


def write_deb(path: Path, *entries: dict[str, Any], suffix: str = ".xz", data: bytes | None = None) -> Path:
    """A package of these entries (see `tar`), or with `data` in the place of the packed archive of them."""
    content = PACK[suffix](tar(*entries)) if data is None else data
    parts = [
        member("debian-binary", b"2.0\n"),
        member("control.tar.gz", gzip.compress(tar({"name": "./control", "data": CONTROL}))),
        member("_ignored", b"odd"),
        member(f"data.tar{suffix}", content),
    ]
    path.write_bytes(b"!<arch>\n" + b"".join(parts))
    return path


def folder(name: str, mode: int = 0o755) -> dict[str, Any]:
    return {"name": name, "type": tarfile.DIRTYPE, "mode": mode}


def link(name: str, target: str) -> dict[str, Any]:
    return {"name": name, "type": tarfile.SYMTYPE, "linkname": target, "mode": 0o777}


def hard(name: str, target: str) -> dict[str, Any]:
    return {"name": name, "type": tarfile.LNKTYPE, "linkname": target}


def file(name: str, data: bytes = b"x", mode: int = 0o644) -> dict[str, Any]:
    return {"name": name, "data": data, "mode": mode}
