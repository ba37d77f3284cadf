from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.samples import recipe
from wrongarch.errors import UsageError
from wrongarch.recipes import model
from wrongarch.recipes.forms import Wish
from wrongarch.recipes.reading import Recipe, find_recipe

TEXT = """
name = "mini"
program = "/usr/bin/p"
[image]
packages = ["p"]
[images.mini-build]
packages = ["g++", "ninja-build"]
[sources.release]
image = "mini-build"
program = "/wrongarch/build/p"
variant = "small"
source = { kind = "debian-source", path = "pool/main/p/p.orig.tar.xz", sha256 = "SHA", size = 1 }
variants = { small = { settings = { how = "-Os" } }, fast = { arches = ["arm64"], settings = { how = "-O3 -g" } } }
[sources.release.build]
steps = [["make", "{how}", "{targets}"]]
products = ["p"]
incremental = true
settings = { how = "", targets = "all" }
[sources.checkout]
image = "mini-build"
program = "/wrongarch/build/out/p"
variant = "fast"
source = { kind = "checkout", variable = "P_PATH", marker = "build-p" }
build = { steps = ["{source}/build-p"], products = ["out/p"], settings = { test = "--all --quick" } }
variants = { fast = { arches = ["arm64"] }, plain = {} }
[[suites]]
kind = "scripts"
name = "ours"
folder = "."
modes = [{ name = "default" }, { name = "old", arches = ["arm"] }, { name = "quick", variants = ["packaged", "fast"] }]
[[suites]]
kind = "webkit"
name = "theirs"
product = "/wrongarch/build/out"
options = ["{test}", "--more"]
sources = ["checkout"]
[[expected]]
suite = "ours"
test = "a"
sources = ["packaged", "release"]
reason = "A"
[[expected]]
suite = "ours"
test = "b"
variants = ["fast"]
reason = "B"
[[expected]]
suite = "theirs"
test = "c"
reason = "C"
""".replace("SHA", "ab" * 32)


@pytest.fixture
def mini(tmp_path: Path) -> Recipe:
    return recipe(tmp_path / "mini", TEXT)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    folder = tmp_path / "P"
    folder.mkdir()
    (folder / "build-p").touch()
    return folder


def suites(one: Recipe) -> dict[str, list[str]]:
    return {suite.name: [mode.name for mode in suite.modes] for suite in one.contents.suites}


def reasons(one: Recipe) -> list[str]:
    return [entry.reason for entry in one.contents.expected]


def test_as_it_is_read_a_recipe_is_the_packaged_one(mini: Recipe) -> None:
    assert (mini.name, mini.contents.program, mini.image.name, mini.form.words) == ("mini", "/usr/bin/p", "mini", ())
    assert suites(mini) == {"ours": ["default", "old", "quick"]}
    assert reasons(mini) == ["A"]
    assert mini.in_form(Wish(), "arm", {}) == mini == mini.in_form(Wish(source="packaged"), "arm", {"P_PATH": "/x"})


def test_built_from_its_release(mini: Recipe) -> None:
    built = mini.in_form(Wish(source="release", settings=("targets=p q",)), "arm", {})
    assert (built.name, built.form.place) == ("mini-release-small", "-release-small")
    assert (built.contents.program, built.image.name) == ("/wrongarch/build/p", "mini-build")
    assert built.image.packages == ("g++", "ninja-build")
    assert isinstance(built.contents.source, model.DebianSource)
    assert built.contents.build.settings == {"how": "-Os", "targets": "p q"}
    assert suites(built) == {"ours": ["default", "old"]}
    assert [mode.arches for mode in built.contents.suites[0].modes] == [(), ()]
    assert reasons(built) == ["A"]
    assert built.form.words == ("--source", "release", "--variant", "small", "--set", "targets=p q")


def test_built_from_a_checkout(mini: Recipe, checkout: Path) -> None:
    built = mini.in_form(Wish(source=str(checkout), variant="fast"), "arm64", {})
    assert built.contents.source == model.FolderSource(path=str(checkout))
    assert suites(built) == {"ours": ["default", "old", "quick"], "theirs": ["default"]}
    theirs = built.contents.suites[1]
    assert isinstance(theirs, model.WebkitSuite)
    assert theirs.options == ("--all", "--quick", "--more")
    assert reasons(built) == ["B", "C"]
    assert built.form.words == ("--source", str(checkout), "--variant", "fast")


def test_checkouts_are_built_apart_and_are_called_the_same(mini: Recipe, checkout: Path, tmp_path: Path) -> None:
    other = tmp_path / "Q"
    other.mkdir()
    (other / "build-p").touch()
    one, two = (mini.in_form(Wish(source=str(folder)), "arm", {}) for folder in (checkout, other))
    assert one.name == two.name == "mini-checkout-plain"
    assert one.form.place != two.form.place


def test_the_environment_names_a_checkout(
    mini: Recipe, checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    env = {"P_PATH": str(checkout)}
    for wish in (Wish(), Wish(source="checkout")):
        assert mini.in_form(wish, "arm", env).form.folder == str(checkout)
    assert mini.in_form(Wish(source="release"), "arm", env).form.name == "release"
    monkeypatch.chdir(tmp_path)
    assert mini.in_form(Wish(source="P"), "arm", {}).form.folder == str(checkout)


def test_words_lead_to_the_same_form(mini: Recipe, checkout: Path) -> None:
    for wish in (Wish(source="release", settings=("how=a 'b c'",)), Wish(source=str(checkout))):
        form = mini.in_form(wish, "arm", {}).form
        again = Wish(source=form.folder or form.name, variant=form.variant, settings=form.settings)
        assert mini.in_form(again, "arm", {"P_PATH": "/elsewhere"}).form == form


@pytest.mark.parametrize(
    ("wish", "arch", "env", "what", "fix"),
    [
        (Wish(source="releas"), "arm", {}, "did you mean 'release'", "packaged, release, or the folder of a checkout"),
        (Wish(source="checkout"), "arm", {}, "no folder is named", "set P_PATH"),
        (Wish(source="/nowhere"), "arm", {}, "--source names /nowhere, which has no build-p", "top folder"),
        (Wish(), "arm", {"P_PATH": "/nowhere"}, "P_PATH names /nowhere", "top folder"),
        (Wish(source="release", variant="smal"), "arm", {}, "did you mean 'small'", "variants: small, fast"),
        (Wish(source="release", variant="fast"), "arm", {}, "'fast' is not for arm", "variants for arm: small"),
        (Wish(variant="fast"), "arm", {}, "the packaged mini has no variants", "--source NAME (release, checkout)"),
        (Wish(source="release", settings=("target=x",)), "arm", {}, "did you mean 'targets'", "targets='all'"),
        (Wish(source="release", settings=("targets",)), "arm", {}, "'targets' is no setting", "NAME=WORDS"),
        (Wish(settings=("targets=x",)), "arm", {}, "no setting 'targets'", "settings: none"),
    ],
)
def test_wishes_that_cannot_be(mini: Recipe, wish: Wish, arch: str, env: dict[str, str], what: str, fix: str) -> None:
    with pytest.raises(UsageError) as caught:
        mini.in_form(wish, arch, env)
    assert what in caught.value.what
    assert fix in caught.value.fix


IMAGE = 'image = "mini-build"'
FAULTS = {
    "sources.release.image: there is no 'mini-built'; did you mean 'mini-build'": (IMAGE, 'image = "mini-built"'),
    "sources.release.variant: there is no 'smal'": ('variant = "small"', 'variant = "smal"'),
    "sources.release.build.steps[0]: nothing is known as {howw}": ('"{how}"', '"{howw}"'),
    "sources.release.variants.small.settings: there is no setting 'hov'": ('{ how = "-Os" }', '{ hov = "-Os" }'),
    "sources.release.variants.small.settings.how cannot be taken apart": ('"-Os"', "\"'-Os\""),
    "sources.release.build.settings: 'jobs' has a meaning already": ('how = "", ', 'how = "", jobs = "", '),
    "sources.release.variants.fast.arches: there is no arch 'arm46'": ('"arm64"', '"arm46"'),
    "suites[0].modes.quick.variants: there is no 'fest'": ('["packaged", "fast"]', '["packaged", "fest"]'),
    "suites[1].sources: there is no 'chekout'": ('sources = ["checkout"]', 'sources = ["chekout"]'),
    "suites[1].options: nothing is known as {tests}": ('"{test}"', '"{tests}"'),
    "expected[0].sources: there is no 'packged'": ('"packaged", "release"', '"packged", "release"'),
    "expected[1].variants: there is no 'feast'": ('variants = ["fast"]', 'variants = ["feast"]'),
    "images.mini-build needs packages": ('packages = ["g++", "ninja-build"]', 'like = "jsc"'),
    "sources.packaged: 'packaged' is no name for a source": ("sources.release", "sources.packaged"),
    "suites[1].retries would run the whole harness again": ('name = "theirs"', 'name = "theirs"\nretries = 1'),
}  # fmt: skip


@pytest.mark.parametrize("what", FAULTS)
def test_what_is_wrong_is_said(tmp_path: Path, what: str) -> None:
    old, new = FAULTS[what]
    assert old in TEXT
    with pytest.raises(UsageError) as caught:
        recipe(tmp_path / "mini", TEXT.replace(old, new))
    assert what in caught.value.what


@pytest.mark.parametrize("variant", ["cloop", "llint", "jit"])
def test_forms_of_the_shipped_jsc(variant: str) -> None:
    built = find_recipe("jsc", Path("/nowhere")).in_form(Wish(source="release", variant=variant), "arm", {})
    assert built.contents.build.settings["variant"].startswith("-DENABLE_JIT=")
    assert suites(built)["stress"] == ["default", "gc-scribble", *(["no-jit", "eager"] if variant == "jit" else [])]


def test_the_shipped_jsc_is_built_with_the_interpreter_in_c_unless_asked() -> None:
    for arch in ("arm", "mips", "s390x", "amd64"):
        built = find_recipe("jsc", Path("/nowhere")).in_form(Wish(source="release"), arch, {})
        assert built.name == "jsc-release-cloop"
        assert "-DENABLE_C_LOOP=ON" in built.contents.build.settings["variant"]
