"""Where there are no native tools, a build is emulated and says why."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from tests.support.samples import AMD64, ARM, QEMU
from wrongarch.arches.lookup import find
from wrongarch.errors import NetworkError
from wrongarch.images.native import layer
from wrongarch.runs.acceleration import Tools, Wish, tools_for
from wrongarch.runs.observer import Silent


class Notes(Silent):
    def __init__(self) -> None:
        self.notes: list[str] = []

    def note(self, text: str) -> None:
        self.notes.append(text)


def wish(root: Path, **changes: object) -> Wish:
    usual = Wish(engine="sandbox", mode="full", root=root, arch=ARM, host=AMD64, emulator=QEMU, cpu=None)
    return msgspec.structs.replace(usual, **changes)


def root_of(folder: Path, suite: str) -> Path:
    (folder / "usr/lib").mkdir(parents=True)
    (folder / "usr/lib/os-release").write_text(f"VERSION_CODENAME={suite}\n")
    return folder


@pytest.mark.parametrize("changes", [{"mode": "none"}, {"emulator": None}])
def test_where_nothing_is_asked_for_nothing_is_said(tmp_path: Path, changes: dict[str, object]) -> None:
    notes = Notes()
    assert tools_for(wish(tmp_path, **changes), notes) == Tools()
    assert notes.notes == []


@pytest.mark.parametrize(
    ("suite", "changes", "why"),
    [
        ("buster", {}, "there are no native tools for Debian buster"),
        ("bookworm", {"arch": AMD64}, "the image is of this machine's own arch"),
        ("bookworm", {"host": ARM, "arch": AMD64}, "no native-bookworm is locked for arm hosts"),
        # which has no port for mips any more
        ("trixie", {"arch": find("mips")}, "no gcc-mips-trixie is locked for amd64 hosts (wrongarch image lock mips"),
    ],
)
def test_what_keeps_them_away_is_noted(tmp_path: Path, suite: str, changes: dict[str, object], why: str) -> None:
    notes = Notes()
    assert tools_for(wish(root_of(tmp_path, suite), **changes), notes) == Tools()
    (note,) = notes.notes
    assert note.startswith(f"all tools are emulated: {why}")


def test_what_is_made_first_is_told_as_steps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Steps(Silent):
        def __init__(self) -> None:
            self.told: list[tuple[str, int, int | None]] = []

        def step(self, what: str, done: int, total: int | None) -> None:
            self.told.append((what, done, total))

    def ensure(*words: object) -> layer.Layer:
        progress = words[-1]
        assert callable(progress)
        for done in range(3):
            progress("downloading the toolbox", done, 3)
        raise NetworkError("the rest is not needed here")

    monkeypatch.setattr(layer, "why_not", lambda *_: "")
    monkeypatch.setattr(layer, "ensure", ensure)
    steps = Steps()
    with pytest.raises(NetworkError):
        tools_for(wish(tmp_path), steps)
    assert steps.told == [("downloading the toolbox", done, 3) for done in range(3)]
