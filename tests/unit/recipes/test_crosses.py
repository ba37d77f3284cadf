from __future__ import annotations

import pytest

from tests.support.samples import ALPHA, AMD64, HEXAGON
from wrongarch.arches.model import Arch
from wrongarch.errors import UsageError
from wrongarch.recipes import crosses


def test_the_image_is_the_hosts_with_the_cross_compiler() -> None:
    image = crosses.cross_image(ALPHA, AMD64)
    assert image.name == "cross-alpha"
    assert image.for_arch(AMD64) == ("bookworm", ("gcc-alpha-linux-gnu", "libc6.1-dev-alpha-cross", "make"))
    assert crosses.cross_for(ALPHA).command == ("alpha-linux-gnu-gcc", "-static", "-Wl,--no-relax")


def test_what_bookworm_lacks_comes_from_a_newer_suite() -> None:
    loong = Arch(**{name: getattr(ALPHA, name) for name in ALPHA.__struct_fields__} | {"qemu": "loongarch64"})
    assert crosses.cross_image(loong, AMD64).for_arch(AMD64)[0] == "trixie"


def test_a_target_without_a_compiler_is_said_in_plain_words() -> None:
    with pytest.raises(UsageError, match="neither an image nor a cross compiler for hexagon") as caught:
        crosses.cross_for(HEXAGON)
    assert "alpha" in caught.value.fix


def test_a_recipe_that_needs_an_image() -> None:
    error = crosses.not_crossed("jsc", ALPHA)
    assert "'jsc' cannot be built for alpha" in error.what
    assert "--recipe hello" in error.fix
