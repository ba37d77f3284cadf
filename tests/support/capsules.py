"""Small capsules made of a few files, sound and hostile."""

from __future__ import annotations

import hashlib
import io
import tarfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import zstandard

from wrongarch.capsules import manifest as manifests
from wrongarch.capsules import tarball
from wrongarch.capsules.manifest import (
    EmulatorInside,
    Expected,
    HostFacts,
    ImageFacts,
    Limits,
    Manifest,
    Member,
    RecipeFacts,
    Seen,
    Test,
)
from wrongarch.capsules.write import Piece, head

EPOCH = 1577836800
EMULATOR = b"not really QEMU"
OUTPUT = b"giving up\n"


def test_of(**changes: Any) -> Test:
    """A test that aborts."""
    values: dict[str, Any] = {
        "id": "ways/abort [default]",
        "suite": "ways",
        "test": "abort",
        "mode": "default",
        "argv": ("/usr/bin/program", "abort"),
        "env": {"PATH": "/usr/bin"},
        "cwd": "/",
        "limits": Limits(seconds=10.0, memory=1 << 30, processes=64),
        "expected": Expected(),
        "seen": Seen(reason="signal", signal=6, message="killed by SIGABRT: giving up", output="recorded/1.txt"),
        **changes,
    }
    return Test(**values)


def manifest(**changes: Any) -> Manifest:
    """The manifest of `pieces()`, without members."""
    values: dict[str, Any] = {
        "format": manifests.FORMAT,
        "name": "sample",
        "wrongarch": "0.1.0",
        "kind": "slim",
        "arch": "arm",
        "engine": "sandbox",
        "emulator": EmulatorInside(
            version="10.0",
            release="1:10.0.2",
            target="arm",
            sha256="6" * 64,
            member="emulator/qemu-arm",
            host="amd64",
        ),
        "cpu": "cortex-a7",
        "flags": "POCF",
        "recipe": RecipeFacts(name="sample", digest="0" * 64, program="/usr/bin/program"),
        "image": ImageFacts(),
        "host": HostFacts(arch="amd64", kernel="6.12", cpu="a CPU", cpus=2, memory=4096),
        "tests": (test_of(),),
        "epoch": EPOCH,
        "members": (),
        **changes,
    }
    return Manifest(**values)


def pieces() -> list[Piece]:
    """A root with a program, a link to it, and what every capsule has."""
    return [
        Piece("README.txt", "file", 0o644, b"read me\n"),
        Piece("emulator", "folder"),
        Piece("emulator/qemu-arm", "file", 0o755, EMULATOR),
        Piece("recorded", "folder"),
        Piece("recorded/1.txt", "file", 0o644, OUTPUT),
        Piece("replay", "file", 0o755, b"#!/bin/sh\n"),
        Piece("root", "folder"),
        Piece("root/bin", "link", 0o777, target="usr/bin"),
        Piece("root/usr", "folder"),
        Piece("root/usr/bin", "folder"),
        Piece("root/usr/bin/program", "file", 0o755, b"\x7fELF program"),
    ]


def members(some: Sequence[Piece] | None = None) -> tuple[Member, ...]:
    """Members as the writer would list them."""
    listed = []
    for piece in sorted(pieces() if some is None else some, key=lambda one: one.path.encode()):
        content = piece.source if isinstance(piece.source, bytes) else piece.source.read_bytes()
        is_file = piece.kind == "file"
        listed.append(
            Member(
                path=piece.path,
                kind=piece.kind,
                mode=piece.mode,
                size=len(content) if is_file else 0,
                sha256=hashlib.sha256(content).hexdigest() if is_file else "",
                target=piece.target,
            )
        )
    return tuple(listed)


def sound(**changes: Any) -> Manifest:
    """A manifest with its members and the emulator's real hash."""
    plain = manifest(members=members())
    assert plain.emulator is not None
    inside = msgspec.structs.replace(plain.emulator, sha256=hashlib.sha256(EMULATOR).hexdigest())
    return msgspec.structs.replace(plain, **{"emulator": inside, **changes})


def contents() -> dict[str, bytes]:
    """The contents of the files by path."""
    return {one.path: one.source for one in pieces() if one.kind == "file" and isinstance(one.source, bytes)}


def archive(
    made: Manifest, files: dict[str, bytes] | None = None, *, extra: bytes = b"", raw: bytes | None = None
) -> bytes:
    """The tar stream of a manifest, sound or not; `extra` stands before the end, `raw` instead of the manifest."""
    files = contents() if files is None else files
    text = manifests.encode(made) if raw is None else raw
    stream = head(made, text)
    for member in made.members:
        stream += tarball.header(f"{made.name}/{member.path}", member, made.epoch)
        if member.kind == "file":
            data = files.get(member.path, b"")
            stream += data + tarball.padding(len(data))
    return stream + extra + tarball.END


def pack(path: Path, stream: bytes) -> Path:
    """Compress a tar stream into a file."""
    path.write_bytes(zstandard.ZstdCompressor(level=1).compress(stream))
    return path


def plain_tar(entries: Sequence[tuple[tarfile.TarInfo, bytes]], name: str = "sample") -> bytes:
    """What tarfile makes of entries, after the head of a sound capsule."""
    made = sound()
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for entry, data in entries:
            entry.name = f"{name}/{entry.name}"
            tar.addfile(entry, io.BytesIO(data))
    return head(made, manifests.encode(made)) + stream.getvalue()
