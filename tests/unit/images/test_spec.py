"""What an image is made of on each arch."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wrongarch.arches.lookup import all_arches, find, image_arches
from wrongarch.errors import UsageError
from wrongarch.images.spec import PACKAGE_NAME, ArchImage, ImageSpec

NAME = st.from_regex(PACKAGE_NAME, fullmatch=True)


def test_what_differs_by_arch() -> None:
    spec = ImageSpec(
        name="x",
        packages=("make", "gcc", "make"),
        arch={"arm": ArchImage(packages=("bc", "gcc")), "riscv64": ArchImage(suite="sid", without=("gcc", "none"))},
    )
    assert spec.for_arch(find("amd64")) == (find("amd64").suites[0], ("gcc", "make"))
    assert spec.for_arch(find("arm")) == (find("arm").suites[0], ("bc", "gcc", "make"))
    assert spec.for_arch(find("riscv64")) == ("sid", ("make",))


@given(st.lists(NAME), st.lists(NAME), st.lists(NAME))
def test_packages_come_sorted_and_once(everywhere: list[str], own: list[str], without: list[str]) -> None:
    arch = ArchImage(packages=tuple(own), without=tuple(without))
    spec = ImageSpec(name="x", packages=tuple(everywhere), arch={"arm": arch})
    _, wanted = spec.for_arch(find("arm"))
    assert list(wanted) == sorted(set(everywhere + own) - set(without))


def test_every_arch_with_images_has_a_suite() -> None:
    for arch in image_arches():
        suite, _ = ImageSpec(name="x", packages=()).for_arch(arch)
        assert suite.isalpha()


def test_an_arch_without_images() -> None:
    arch = next(arch for arch in all_arches() if not arch.has_images)
    with pytest.raises(UsageError, match=f"Debian has no {arch.name}"):
        ImageSpec(name="x", packages=()).for_arch(arch)


@pytest.mark.parametrize(
    "name", ["-o=x", "--download-only", "a b", "gcc=1", "gcc/sid", "gcc:arm64", "?all", "gcc-", "G", ""]
)
def test_words_that_apt_would_take_for_something_else(name: str) -> None:
    with pytest.raises(UsageError, match="no name of a Debian package") as caught:
        ImageSpec(name="x", packages=(name,)).for_arch(find("arm"))
    assert repr(name) in caught.value.what


@pytest.mark.parametrize("name", ["g++", "libstdc++6", "libc6", "0ad", "python3.11", "gcc-12-base"])
def test_names_as_packages_have_them(name: str) -> None:
    assert ImageSpec(name="x", packages=(name,)).for_arch(find("arm"))[1] == (name,)


def test_unknown_keys_are_refused() -> None:
    with pytest.raises(msgspec.ValidationError, match="color"):
        msgspec.convert({"name": "x", "packages": [], "color": "red"}, ImageSpec)
