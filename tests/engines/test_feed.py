"""Images that come from a registry by their lock, with a real registry."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from tests.support.daemons import Registry
from wrongarch.downloads import registry as registries
from wrongarch.engines.base import SessionSpec
from wrongarch.errors import UntrustedInput
from wrongarch.images import contents, travel
from wrongarch.images import lock as locks
from wrongarch.images.feed import LABEL, Feed, Filled
from wrongarch.images.toolbox import silent
from wrongarch.namespaces import ids as id_maps

LOCK = locks.read(Path(__file__).parents[2] / "ci/locks/quickjs/arm.json")


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def feed(registry: Registry, said: list[str]) -> Feed:
    def known(_where: str) -> tuple[str, str]:
        return registry.USER, registry.PASSWORD

    return Feed(repository=f"{registry.host}/team/roots", credentials=known, say=said.append)


@pytest.fixture
def traveller(foreign: SessionSpec, tmp_path: Path) -> travel.Traveller:
    root = tmp_path / "built"
    shutil.copytree(foreign.root, root, symlinks=True)
    contents.clamp_times(root, LOCK.epoch)  # as builds do
    labels = {"wrongarch.lock": LOCK.digest, LABEL: contents.digest(contents.listing(root))}
    return travel.Traveller(root=root, arch=foreign.arch, labels=labels, created=LOCK.epoch)


@pytest.fixture
def fill(feed: Feed, traveller: travel.Traveller, tmp_path: Path) -> Callable[[registries.Reference], Filled | None]:
    def get(reference: registries.Reference) -> Filled | None:
        return feed.fill(reference, LOCK, traveller.arch, tmp_path / "root", ids=id_maps.choose())

    return get


def test_what_was_pushed_is_what_others_have(
    feed: Feed,
    traveller: travel.Traveller,
    said: list[str],
    tmp_path: Path,
    fill: Callable[[registries.Reference], Filled | None],
) -> None:
    reference = feed.reference(LOCK, traveller.arch, 1)
    assert fill(reference) is None
    assert said == [f"{reference.text()} is not there yet: the image is built here"]
    assert not (tmp_path / "root").exists()
    name = feed.offer(traveller, reference, silent)
    assert said[1:] == [f"pushed {reference.text()} ({name.partition('@')[2]})"]
    assert feed.offer(traveller, reference, silent) == name
    assert not said[2:]  # it is not sent again
    assert fill(reference) == Filled(traveller.labels[LABEL], name)
    assert (tmp_path / "root/bin/busybox").read_bytes() == (traveller.root / "bin/busybox").read_bytes()


@pytest.mark.parametrize(
    ("changed", "words"),
    [({"wrongarch.lock": "0" * 64}, "it was not built from this lock"), ({LABEL: "0" * 64}, "its contents are")],
)
def test_what_is_not_what_its_name_says_is_refused(
    feed: Feed,
    traveller: travel.Traveller,
    changed: dict[str, str],
    words: str,
    fill: Callable[[registries.Reference], Filled | None],
) -> None:
    other = msgspec.structs.replace(traveller, labels={**traveller.labels, **changed})
    reference = feed.reference(LOCK, traveller.arch, 2)
    travel.push((other,), reference, feed.credentials, silent)
    with pytest.raises(UntrustedInput, match=words):
        fill(reference)


def test_without_rights_it_is_built(feed: Feed, traveller: travel.Traveller, said: list[str], tmp_path: Path) -> None:
    closed = msgspec.structs.replace(feed, credentials=lambda _where: None)
    reference = feed.reference(LOCK, traveller.arch, 3)
    assert closed.fill(reference, LOCK, traveller.arch, tmp_path / "root", ids=id_maps.choose()) is None
    assert not closed.offer(traveller, reference, silent)
    assert said[0].endswith("it wants other credentials, or some; the image is built here")
    assert said[1].endswith("; who needs the image has to build it")
