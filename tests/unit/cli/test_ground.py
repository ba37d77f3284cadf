from __future__ import annotations

from pathlib import Path

import pytest

from wrongarch.arches import lookup
from wrongarch.cli import ground
from wrongarch.cli.progress import Progress
from wrongarch.emulators.model import Emulator
from wrongarch.errors import UsageError


def words(arch: str = "arm", **own: str) -> ground.Words:
    return ground.Words(arch=arch, **own)


def chosen(version: str) -> Emulator:
    return Emulator(version=version, release="1", target="arm", sha256="0" * 64, path=Path("/nowhere"))


def test_the_cpu_that_was_typed_comes_first(tmp_path: Path) -> None:
    assert ground.choose(words(cpu="cortex-a7"), tmp_path).cpu == "cortex-a7"
    assert ground.choose(words(), tmp_path).cpu == lookup.find("arm").cpu


def test_a_cross_built_recipe_has_an_image_of_the_host(tmp_path: Path) -> None:
    choice = ground.choose(words("alpha", recipe="hello"), tmp_path)
    assert choice.image.name == "cross-alpha"
    assert choice.image_arch == choice.host == lookup.host_arch()


def test_a_missing_lock_says_what_to_type(tmp_path: Path) -> None:
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "recipe.toml").write_text(
        'name = "own"\nprogram = "/bin/true"\n[image]\npackages = ["dash"]\n'
        '[[suites]]\nkind = "command"\nname = "a"\ntests = [{ name = "b", command = ["true"] }]\n'
    )
    choice = ground.choose(words(recipe=str(folder)), tmp_path)
    with pytest.raises(UsageError) as caught:
        ground.find_lock(choice)
    assert caught.value.fix == f"wrongarch image lock arm --recipe {folder}"
    assert ground.lock_folders(choice.recipe)[0] == folder / "locks"


def test_every_arch_with_images_has_the_lock_of_its_default_recipe(tmp_path: Path) -> None:
    for arch in lookup.image_arches():
        choice = ground.choose(words(arch.name), tmp_path)
        assert ground.find_lock(choice).arch == arch.debian


def test_the_host_needs_no_emulator() -> None:
    host = lookup.host_arch()
    assert ground.emulator(host, host, "", Progress()) is None
    assert ground.other_emulators(None, host) == ()


def test_other_emulators_newest_first() -> None:
    others = ground.other_emulators(chosen("10.0"), lookup.find("amd64"))
    assert "10.0" not in others
    assert list(others) == sorted(others, key=lambda one: [int(part) for part in one.split(".")], reverse=True)


def test_what_is_no_program_has_no_loader_to_explain(tmp_path: Path) -> None:
    assert ground.explain_loader(tmp_path / "none", tmp_path) == ""
    (tmp_path / "text").write_text("text")
    assert ground.explain_loader(tmp_path / "text", tmp_path) == ""
    assert ground.explain_loader(tmp_path, tmp_path) == ""


def test_limits_in_words() -> None:
    found = ground.parse_limits(("cpus=1.5", "memory=2g", "pids=20"))
    assert (found.cpus, found.memory, found.pids) == (1.5, 2 << 30, 20)
    assert ground.parse_limits(("memory=3MiB",)).memory == 3 << 20
    assert ground.parse_limits(()) == ground.Limits()


@pytest.mark.parametrize("word", ["cpus=0", "memory=much", "pids=1.5", "threads=2", "cpus", ""])
def test_what_is_no_limit(word: str) -> None:
    with pytest.raises(UsageError, match="is no limit"):
        ground.parse_limits((word,))
