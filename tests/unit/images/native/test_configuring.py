"""Places for mounts in an image leave no trace."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.support.samples import AMD64, ARM
from wrongarch.images.native.configuring import _place, tools_over
from wrongarch.namespaces import ids


@pytest.mark.parametrize(("path", "is_folder"), [("usr/lib/x86_64-linux-gnu", True), ("run/deep/ld.so", False)])
def test_a_place_is_made_and_removed_and_times_stay(tmp_path: Path, path: str, is_folder: bool) -> None:
    for folder in ("usr/lib", "run"):
        (tmp_path / folder).mkdir(parents=True)
        os.utime(tmp_path / folder, (1000, 2000))
    with _place(tmp_path, path, is_folder=is_folder):
        assert (tmp_path / path).is_dir() is is_folder
        assert (tmp_path / path).exists()
        assert (tmp_path / "usr/lib").stat().st_mtime == 2000
    assert not (tmp_path / path).exists()
    assert sorted(entry.name for entry in tmp_path.rglob("*")) == ["lib", "run", "usr"]
    assert (tmp_path / "usr/lib").stat().st_mtime == (tmp_path / "run").stat().st_mtime == 2000


@pytest.mark.parametrize("arch", [ARM, AMD64])
def test_an_image_of_an_unknown_suite_gets_no_tools(tmp_path: Path, arch: object) -> None:
    with tools_over(tmp_path, arch, "/target", ids.choose()) as mounts:  # type: ignore[arg-type]
        assert mounts == ()
