"""How long an image takes to build for a foreign arch, against the same image for this machine's own: one run, both.

    .nox-bootstrap/*/bin/python benchmarks/images.py [ARCH] [--recipe jsc] [--rounds 3]

Both are built from their locks with all packages downloaded before. Rounds alternate, as the machine may be shared; the
ratio is that of the medians. Prints a table and, with --output, writes JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import time
from pathlib import Path

from wrongarch import paths
from wrongarch.arches.lookup import find, host_arch
from wrongarch.arches.model import Arch
from wrongarch.cli import ground
from wrongarch.debian import pool
from wrongarch.images import build, store, toolbox
from wrongarch.images.lock import Lock
from wrongarch.images.resolve import make_lock
from wrongarch.namespaces import ids as id_maps


def lock_for(arch: Arch, recipe: str) -> Lock:
    """The committed lock of the recipe's image; for an arch without one, the archive is asked."""
    choice = ground.choose(ground.Words(arch=arch.name, recipe=recipe), Path.cwd())
    folders = ground.lock_folders(choice.recipe)
    if any((folder / choice.image.name / f"{arch.name}.json").exists() for folder in folders):
        return ground.find_lock(choice)
    return make_lock(choice.image, arch)


def seconds_to_build(lock: Lock, arch: Arch) -> float:
    """Wall time of one build from downloaded packages, thrown away afterwards."""
    ids = id_maps.choose()
    emulator = store.builder_for(arch)
    with paths.staging(paths.cache_dir() / "benchmarks", arch.name) as stage:
        begun = time.monotonic()
        build.build(lock, arch, emulator, stage / "root", ids=ids)
        return time.monotonic() - begun


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("arch", nargs="?", default="arm")
    parser.add_argument("--recipe", default="jsc")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--output", type=Path)
    words = parser.parse_args()
    host, foreign = host_arch(), find(words.arch)
    toolbox.ensure()
    locks = {arch.name: lock_for(arch, words.recipe) for arch in (host, foreign)}
    for lock in locks.values():
        pool.fetch_pool(lock.packages, taken=lock.taken)
    times: dict[str, list[float]] = {host.name: [], foreign.name: []}
    for _ in range(words.rounds):
        for arch in (host, foreign):
            times[arch.name].append(seconds_to_build(locks[arch.name], arch))
    ratio = statistics.median(times[foreign.name]) / statistics.median(times[host.name])
    print(f"image {words.recipe}, {os.cpu_count()} CPUs, Linux {os.uname().release}, {words.rounds} rounds")
    for name, values in times.items():
        rounds = " ".join(f"{value:.1f}" for value in values)
        print(
            f"  {name:8} {len(locks[name].packages):4} packages  median {statistics.median(values):6.1f} s  ({rounds})"
        )
    print(f"  ratio    {ratio:.2f}")
    if words.output:
        facts = {"recipe": words.recipe, "cpus": os.cpu_count(), "seconds": times, "ratio": round(ratio, 3)}
        words.output.write_text(json.dumps(facts, indent=1) + "\n")


if __name__ == "__main__":
    main()
