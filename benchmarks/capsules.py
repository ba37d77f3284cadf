"""How fast capsules are written and read, and how much memory that takes, with real content.

    .nox-bootstrap/*/bin/python benchmarks/capsules.py [--gigabytes 2] [--output FILE]

The content is a root of the image cache (the toolbox, if there is no other), taken as often as it takes to have that
much. Written as a full capsule (level for much content), and its largest files as a slim one (large files packed small
once, then copied from the cache). Speeds are bytes of content per second of CPU time of this process, which is what one
core does on a machine that is shared. Memory is the peak of resident memory of a process of its own for each step.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import resource
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from wrongarch import paths
from wrongarch.capsules import members, read
from wrongarch.capsules.gather import Gatherer
from wrongarch.capsules.guest import Guest
from wrongarch.capsules.manifest import (
    EmulatorInside,
    Expected,
    HostFacts,
    ImageFacts,
    Limits,
    Manifest,
    RecipeFacts,
    Seen,
    Test,
)
from wrongarch.capsules.write import Piece, write
from wrongarch.images import toolbox

EMULATOR = b"no emulator: this capsule is never run"


def manifest(kind: str) -> Manifest:
    """A manifest that says nothing true but what it has to."""
    test = Test(
        id="a/b [c]",
        suite="a",
        test="b",
        mode="c",
        argv=("x",),
        env={},
        cwd="/",
        limits=Limits(seconds=1.0, memory=1, processes=1),
        expected=Expected(),
        seen=Seen(reason="exit", exit_code=1, output="recorded/1.txt"),
    )
    inside = EmulatorInside(
        version="0.0",
        release="0",
        target="arm",
        sha256=hashlib.sha256(EMULATOR).hexdigest(),
        member="emulator/qemu-arm",
        host="amd64",
    )
    return Manifest(
        format=1,
        name="benchmark",
        wrongarch="0",
        kind=kind,  # type: ignore[arg-type]
        arch="arm",
        engine="none",
        emulator=inside,
        cpu=None,
        flags="POCF",
        recipe=RecipeFacts(name="x", digest="", program="x"),
        image=ImageFacts(),
        host=HostFacts(arch="amd64", kernel="", cpu="", cpus=1, memory=1),
        tests=(test,),
        epoch=1577836800,
        members=(),
    )


def fixed() -> list[Piece]:
    """What every capsule has."""
    return [
        Piece(members.RECORDED, "folder"),
        Piece("recorded/1.txt", "file", 0o644, b""),
        Piece(members.EMULATOR, "folder"),
        Piece("emulator/qemu-arm", "file", 0o755, EMULATOR),
        Piece(members.REPLAY, "file", 0o755, b"#!/bin/sh\n"),
        Piece("root", "folder"),
    ]


def content(root: Path, size: int) -> list[Piece]:
    """Files of a root as often as needed, without links: they have no content."""
    gatherer = Gatherer(Guest(root))
    gatherer.tree("/")
    files = [piece for piece in gatherer.finish().pieces if piece.kind == "file" and isinstance(piece.source, Path)]
    files = [piece for piece in files if os.access(piece.source, os.R_OK)]  # type: ignore[arg-type]
    pieces, total, copy = fixed(), 0, 0
    while total < size:
        copy += 1
        pieces.append(Piece(f"root/{copy}", "folder"))
        for number, piece in enumerate(files):
            pieces.append(Piece(f"root/{copy}/{number}", "file", 0o644, piece.source))
            total += piece.source.stat().st_size  # type: ignore[union-attr]
            if total >= size:
                break
    return pieces


def largest(root: Path) -> list[Piece]:
    """The ten largest files of a root."""
    found = sorted((path for path in root.rglob("*") if path.is_file() and not path.is_symlink()), key=_size)[-10:]
    return [*fixed(), *(Piece(f"root/{at}", "file", 0o644, path, lasting=True) for at, path in enumerate(found))]


def _size(path: Path) -> int:
    return path.stat().st_size


def measured(step: Callable[[], int]) -> dict[str, float]:
    """Run a step in a process of its own: megabytes, seconds of wall and CPU time, megabytes per CPU second, memory."""
    receive, send = os.pipe()
    if (child := os.fork()) == 0:
        begun = time.monotonic()
        amount = step()
        usage = resource.getrusage(resource.RUSAGE_SELF)
        cpu = usage.ru_utime + usage.ru_stime
        facts = {
            "megabytes": amount / 1e6,
            "seconds": time.monotonic() - begun,
            "cpu_seconds": cpu,
            "megabytes_per_cpu_second": amount / 1e6 / cpu,
            "peak_memory_mib": usage.ru_maxrss / 1024,
        }
        os.write(send, json.dumps(facts).encode())
        os._exit(0)
    os.close(send)
    with open(receive, "rb") as answer:  # noqa: PTH123  a pipe
        facts = json.loads(answer.read())
    os.waitpid(child, 0)
    return {key: round(value, 2) for key, value in facts.items()}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--gigabytes", type=float, default=2.0)
    parser.add_argument("--output", type=Path)
    words = parser.parse_args()
    images = sorted((paths.cache_dir() / "images").glob("jsc-*/root"))
    root = images[0] if images else toolbox.ensure()
    with paths.staging(paths.cache_dir() / "benchmarks", "capsules") as stage:
        file, small = stage / "full.tar.zst", stage / "slim.tar.zst"
        pieces, few = content(root, int(words.gigabytes * 1e9)), largest(root)

        def write_full() -> int:
            return sum(one.size for one in write(file, manifest("full"), pieces).manifest.members)

        def write_slim() -> int:
            return sum(one.size for one in write(small, manifest("slim"), few).manifest.members)

        def verify() -> int:
            return sum(one.size for one in read.verify(file).members)

        def unpack() -> int:
            (stage / "out").mkdir()
            return sum(one.size for one in read.unpack(file, stage / "out").members)

        results = {
            "content": str(root.parent.name),
            "write full": measured(write_full),
            "write slim, first": measured(write_slim),
            "write slim, again": measured(write_slim),
            "verify full": measured(verify),
            "unpack full": measured(unpack),
            "full capsule, megabytes": round(file.stat().st_size / 1e6, 1),
        }
    print(json.dumps(results, indent=1))
    if words.output:
        words.output.write_bytes(msgspec.json.format(msgspec.json.encode(results), indent=1) + b"\n")


if __name__ == "__main__":
    main()
