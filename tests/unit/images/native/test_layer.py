"""Why an image gets no native tools, before anything is laid out."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from tests.support.samples import AMD64, ARM
from wrongarch.emulators.model import Emulator
from wrongarch.errors import UsageError
from wrongarch.images import toolbox
from wrongarch.images.native import boxes, layer


def image(folder: Path, suite: str) -> Path:
    """A root that says of which suite it is (os-release(5))."""
    (folder / "usr/lib").mkdir(parents=True)
    (folder / "usr/lib/os-release").write_text(f"ID=debian\nVERSION_CODENAME={suite}\n")
    (folder / "etc").mkdir()
    (folder / "etc/os-release").symlink_to("../usr/lib/os-release")
    return folder


@pytest.mark.parametrize(
    ("suite", "host", "why"),
    [
        ("bookworm", AMD64, ""),
        ("bookworm", ARM, "the image is of this machine's own arch"),
        ("potato", AMD64, "there are no native tools for Debian potato"),
    ],
)
def test_why_there_are_none(suite: str, host: object, why: str, tmp_path: Path) -> None:
    assert layer.why_not(image(tmp_path, suite), ARM, host) == why  # type: ignore[arg-type]


def test_tools_of_another_suite_than_the_image_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As after somebody copied a lock to the name of another."""
    real = toolbox.lock_of(boxes.tools("bookworm", AMD64), AMD64)
    other = msgspec.structs.replace(real, suite="trixie")

    def ensure(*_: object) -> boxes.Box:
        return boxes.Box(root=tmp_path, arch=AMD64, lock=other, loader=tmp_path, asked=boxes.LOADER)

    monkeypatch.setattr(boxes, "ensure", ensure)
    emulator = Emulator(path=tmp_path / "qemu", target="arm", version="10.0", release="10.0", sha256="0" * 64)
    with pytest.raises(UsageError, match="are of Debian trixie, the image of bookworm") as refused:
        layer.ensure(image(tmp_path / "root", "bookworm"), ARM, emulator, "full", host=AMD64)
    assert refused.value.fix == "lock them anew: wrongarch image lock arm --native"
