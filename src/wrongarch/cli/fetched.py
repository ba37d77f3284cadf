"""Capsules that an address leads to, for commands that work on capsules."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from wrongarch.arches import lookup
from wrongarch.cli.progress import Progress
from wrongarch.forges import fetching
from wrongarch.forges.fetching import Capsule, Wish


class Chosen(NamedTuple):
    """A test to replay: the capsule it is in, and its id ("" for a capsule with one alone)."""

    path: Path
    test: str


def download(url: str, *, arch: str, test: str, latest_failure: bool, max_size: int) -> list[Chosen]:
    """Fetch what an address leads to and choose what to replay: every test once. `max_size` in MiB."""
    with Progress() as progress:
        found = fetching.find(url, progress.say, latest_failure=latest_failure)
        wish = Wish(arch=lookup.find(arch).name if arch else "", test=test, most=max_size << 20)
        capsules = fetching.fetch(
            found, wish, Path.cwd(), progress=lambda done, total: progress("downloading capsules", done, total)
        )
    return choose(capsules, test)


def choose(capsules: Iterable[Capsule], test: str = "") -> list[Chosen]:
    """Every test that the regular expression `test` finds once, from the capsule with the fewest others in it."""
    pattern = re.compile(test)
    chosen: list[Chosen] = []
    seen: set[tuple[str, str]] = set()
    for one in sorted(capsules, key=lambda one: len(one.tests)):
        if not one.tests:
            chosen.append(Chosen(one.path, ""))
        for name in one.tests:
            if pattern.search(name) and (one.job, name) not in seen:
                seen.add((one.job, name))
                chosen.append(Chosen(one.path, name if len(one.tests) > 1 else ""))
    return chosen
