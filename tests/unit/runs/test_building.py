from __future__ import annotations

import signal
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from tests.support.samples import ALPHA, AMD64, ARM, HEXAGON, QEMU, recipe
from tests.support.scripted_engine import ABORTED, FAILED, PASSED, ScriptedEngine
from wrongarch.arches.model import Arch
from wrongarch.engines.base import Command, Outcome, Stopped
from wrongarch.errors import TestsFailed, UsageError
from wrongarch.images.native.layer import Mode
from wrongarch.recipes.forms import Wish
from wrongarch.recipes.reading import Recipe
from wrongarch.runs.building import Build, Ground, built, run_build
from wrongarch.runs.observer import Silent

RECIPE = """
name = "mini"
program = "/wrongarch/build/p"
[image]
packages = ["x"]
[build]
steps = ["{cc} -o p {recipe}/p.c # ${HOME}", ["make", "-j{jobs}", "CC={cc}", "{cc}"]]
products = ["p"]
env = {A = "1"}
timeout = 50
CROSS
[[suites]]
kind = "scripts"
name = "t"
folder = "."
"""


class Shop(Silent):
    """A project, a recipe, an engine whose first command of each build makes the product, and what was told."""

    def __init__(self, tmp_path: Path, cross: bool = True, text: str = RECIPE) -> None:
        self.project = tmp_path / "project"
        self.folder = tmp_path / "mini"
        self.cross = cross
        self.text = text
        self.made = b"program"
        self.engine = ScriptedEngine(self.answer)
        self.stages: list[str] = []
        self.notes: list[str] = []
        self.printed = b""
        self.accel: Mode = "none"
        self.outcome: Callable[[Command], Outcome] = lambda _: PASSED
        (tmp_path / "root").mkdir()
        self.root = tmp_path / "root"

    def answer(self, command: Command) -> Outcome:
        tree = next(mount.source for mount in self.engine.specs[-1].mounts if mount.target == "/wrongarch/build")
        if self.made:
            (tree / "p").write_bytes(self.made)
        return self.outcome(command)

    def stage(self, text: str) -> None:
        self.stages.append(text)

    def note(self, text: str) -> None:
        self.notes.append(text)

    def output(self, data: bytes) -> None:
        self.printed += data

    def recipe(self) -> Recipe:
        self.folder.mkdir(exist_ok=True)
        (self.folder / "p.c").touch()
        return recipe(self.folder, self.text.replace("CROSS", "cross = true" if self.cross else ""))

    def ground(self, arch: Arch) -> Ground:
        emulator = QEMU if arch is not AMD64 else None
        return Ground(
            engine=self.engine,
            root=self.root,
            arch=arch,
            host=AMD64,
            emulator=emulator,
            cpu="c",
            accel=self.accel,
        )

    def build(self, arch: Arch = ARM, *, again: bool = False) -> Build:
        return run_build(self.recipe(), self.ground(arch), project=self.project, observer=self, jobs=3, again=again)


def test_steps_run_in_the_guest_in_order(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    build = shop.build()
    first, second = shop.engine.commands
    assert first.argv == ("sh", "-ec", "gcc -o p /wrongarch/recipe/p.c # ${HOME}")
    assert second.argv == ("make", "-j3", "CC=gcc", "gcc")
    assert (first.env, first.cwd) == ({"A": "1"}, "/wrongarch/build")
    assert first.timeout is not None
    assert 49 < first.timeout <= 50
    assert build.tree is not None
    assert build.tree.parent.parent == tmp_path / "project/.wrongarch/builds/mini/arm"
    assert build.record is not None
    assert [(one.path, one.size) for one in build.record.products] == [("p", 7)]
    assert shop.stages == ["building mini for arm"]
    assert b"+ make -j3" in shop.printed
    assert shop.printed == (build.tree.parent / "build.log").read_bytes()


def test_the_build_folder_alone_is_writable(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    shop.build()
    (spec,) = shop.engine.specs
    assert {mount.target: mount.writable for mount in spec.mounts} == {
        "/wrongarch/build": True,
        "/wrongarch/recipe": False,
    }
    assert (spec.arch, spec.emulator, spec.cpu) == (ARM, QEMU, "c")


def test_a_target_without_an_image_is_cross_built_on_the_host(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    shop.build(ALPHA)
    (spec,) = shop.engine.specs
    assert (spec.arch, spec.emulator, spec.cpu) == (AMD64, None, None)
    assert shop.engine.commands[0].argv[2].startswith("alpha-linux-gnu-gcc -static -Wl,--no-relax -o p ")
    assert shop.engine.commands[1].argv[2:] == (
        "CC=alpha-linux-gnu-gcc -static -Wl,--no-relax",
        "alpha-linux-gnu-gcc",
        "-static",
        "-Wl,--no-relax",
    )


def test_recipes_and_targets_that_cannot_be_cross_built(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be built for alpha"):
        Shop(tmp_path, cross=False).build(ALPHA)
    shop = Shop(tmp_path / "other") if (tmp_path / "other").mkdir() is None else None
    assert shop is not None
    with pytest.raises(UsageError, match="neither an image nor a cross compiler for hexagon"):
        shop.build(HEXAGON)


def test_what_is_built_is_not_built_again(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    assert shop.build().fresh
    assert not shop.build().fresh
    assert len(shop.engine.specs) == 1
    assert shop.build(again=True).fresh


@pytest.mark.parametrize("change", ["source", "recipe", "product", "record", "root"])
def test_what_changed_is_built_again(tmp_path: Path, change: str) -> None:
    shop = Shop(tmp_path)
    first = shop.build()
    assert first.tree is not None
    if change == "source":
        (shop.folder / "p.c").write_text("changed")
        shop.folder.joinpath("p.c").chmod(0o644)
    elif change == "recipe":
        shop.text = shop.text.replace("make", "gmake")
    elif change == "product":
        (first.tree / "p").write_text("damaged it")
    elif change == "record":
        (first.tree.parent / "build.json").write_text("{")
    else:
        shop.root = tmp_path
    if change == "source":  # touch(1) of the sample leaves the content as it is

        def keep() -> Recipe:
            return recipe(shop.folder, shop.text.replace("CROSS", "cross = true"))

        shop.recipe = keep  # type: ignore[method-assign]  # the sample would only touch the file
    assert shop.build().fresh
    homes = [path for path in first.tree.parent.parent.iterdir() if path.is_dir()]
    assert len(homes) == 1


def test_suites_and_comments_of_the_recipe_do_not_matter(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    shop.build()
    shop.text += "timeout = 5 # of tests\n"
    (shop.folder / "tests").mkdir()
    assert not shop.build().fresh


def test_a_step_that_fails_says_which_and_how_to_run_it_again(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    shop.outcome = lambda command: FAILED if command.argv[0] == "make" else PASSED
    with pytest.raises(TestsFailed, match="building mini for arm failed at step 2 of 2: exit 3") as caught:
        shop.build()
    assert f"wrongarch build arm --recipe {shop.folder}/recipe.toml --emulator 10.0" in caught.value.fix
    assert "(cd /wrongarch/build && make -j3 CC=gcc gcc)" in caught.value.fix
    assert "TypeError" in caught.value.detail
    shop.outcome = lambda _: PASSED
    assert shop.build().fresh


def killed(_: Command) -> Outcome:
    raise KeyboardInterrupt


def asked_to_end(_: Command) -> Outcome:
    raise Stopped(Outcome(reason="signal", signal=signal.SIGTERM))


def test_what_ended_gently_goes_on(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    shop.outcome = asked_to_end
    with pytest.raises(KeyboardInterrupt):
        shop.build()
    (tree,) = (shop.project / ".wrongarch/builds/mini/arm").glob("*/tree")
    (tree / "whole.o").touch()
    shop.outcome = lambda _: PASSED
    assert shop.build().fresh
    assert {file.name for file in tree.iterdir()} == {"p", "whole.o"}
    assert not any("killed" in note for note in shop.notes)


@pytest.mark.parametrize("how", [killed, lambda _: ABORTED], ids=["interrupted", "by a signal"])
def test_what_a_killed_build_left_is_not_taken_for_whole(tmp_path: Path, how: Callable[[Command], Outcome]) -> None:
    shop = Shop(tmp_path)
    shop.outcome = how
    with pytest.raises((KeyboardInterrupt, TestsFailed)):
        shop.build()
    (tree,) = (shop.project / ".wrongarch/builds/mini/arm").glob("*/tree")
    (tree / "half.o").touch()
    shop.outcome = lambda _: PASSED
    assert shop.build().fresh
    assert [file.name for file in tree.iterdir()] == ["p"]
    assert "killed" in shop.notes[0]
    assert sorted(file.name for file in tree.parent.iterdir()) == ["build.json", "build.log", "tree"]


def test_a_build_that_failed_goes_on_where_it_was(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    shop.outcome = lambda command: FAILED if command.argv[0] == "make" else PASSED
    with pytest.raises(TestsFailed):
        shop.build()
    (tree,) = (shop.project / ".wrongarch/builds/mini/arm").glob("*/tree")
    (tree / "whole.o").touch()
    shop.outcome = lambda _: PASSED
    shop.build()
    assert (tree / "whole.o").exists()


def test_a_product_that_is_not_made(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    shop.made = b""
    with pytest.raises(UsageError, match="went through without making p"):
        shop.build()


INCREMENTAL = RECIPE.replace("timeout = 50", 'timeout = 50\nincremental = true\nsettings = { more = "x y" }').replace(
    '"{cc}"]]', '"{more}"]]'
)


def test_settings_are_words_of_the_steps(tmp_path: Path) -> None:
    shop = Shop(tmp_path, text=INCREMENTAL)
    shop.build()
    assert shop.engine.commands[1].argv == ("make", "-j3", "CC=gcc", "x", "y")


def test_an_incremental_build_goes_on_in_its_folder(tmp_path: Path) -> None:
    shop = Shop(tmp_path, text=INCREMENTAL)
    first = shop.build()
    shop.text = INCREMENTAL.replace('"x y"', '"z"')
    second, third = shop.build(), shop.build()
    assert first.tree == second.tree == third.tree
    assert (first.fresh, second.fresh, third.fresh) == (True, True, False)
    shop.root = tmp_path / "other-root"
    shop.root.mkdir()
    assert shop.build().tree != first.tree
    assert first.tree is not None
    assert not first.tree.exists()


def test_with_settings_of_the_user_less_may_be_made(tmp_path: Path) -> None:
    shop = Shop(tmp_path, text=INCREMENTAL)
    shop.made = b""
    read = shop.recipe()
    with pytest.raises(UsageError, match="without making p"):
        run_build(read, shop.ground(ARM), project=shop.project, observer=shop, jobs=1)
    changed = read.in_form(Wish(settings=("more=part",)), "arm", {})
    part = run_build(changed, shop.ground(ARM), project=shop.project, observer=shop, jobs=1)
    assert part.record is not None
    assert part.record.products == ()


def test_a_recipe_without_steps_has_nothing_to_build(tmp_path: Path) -> None:
    start, end = RECIPE.index("[build]"), RECIPE.index("[[suites]]")
    build = Shop(tmp_path, text=RECIPE[:start] + RECIPE[end:]).build()
    assert build == Build(tree=None, source=None)


def test_a_folder_as_source_is_left_to_make(tmp_path: Path) -> None:
    (tmp_path / "checkout").mkdir()
    source = '[source]\nkind = "folder"\npath = "../checkout"\n[build]'
    shop = Shop(tmp_path, text=RECIPE.replace("[build]", source))
    first, second = shop.build(), shop.build()
    assert first.source == tmp_path / "checkout"
    assert (first.fresh, second.fresh, first.tree) == (True, True, second.tree)
    assert any(mount.target == "/wrongarch/source" and not mount.writable for mount in shop.engine.specs[0].mounts)
    (tmp_path / "checkout").rmdir()
    with pytest.raises(UsageError, match="there is no folder"):
        shop.build()


def test_a_build_in_use_is_found_complete(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    with built(shop.recipe(), shop.ground(ARM), project=shop.project, observer=shop, jobs=1) as build:
        assert build.tree is not None
        assert (build.tree / "p").read_bytes() == b"program"
        with built(shop.recipe(), shop.ground(ARM), project=shop.project, observer=shop, jobs=1) as again:
            assert again.tree == build.tree
    assert len(shop.engine.specs) == 1


@pytest.mark.parametrize(
    ("printed", "told"),
    [
        (b"fatal error: error writing to /tmp/x.s: No space left on device\n", "the disk is full"),
        (b"c++: fatal error: Killed signal terminated program cc1plus\n", "memory ran out"),
        (b"error: expected ';'\n", ""),
    ],
)
def test_a_machine_that_is_too_small_is_told_so(tmp_path: Path, printed: bytes, told: str) -> None:
    shop = Shop(tmp_path)
    shop.outcome = lambda _: msgspec.structs.replace(FAILED, stdout=printed)
    with pytest.raises(TestsFailed) as failed:
        shop.build()
    assert told in failed.value.what
    assert ("what was built is kept" in failed.value.what) is bool(told)
    (tree,) = (shop.project / ".wrongarch/builds/mini/arm").glob("*/tree")
    assert (tree / "p").exists()


def test_the_tools_are_part_of_what_a_build_depends_on(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    first = shop.build().tree
    shop.accel = "full"
    assert shop.build().tree != first
