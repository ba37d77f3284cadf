"""Frames of large files, made beside each other."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
import zstandard

from wrongarch.capsules import frames


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    monkeypatch.setenv("WRONGARCH_CACHE", str(tmp_path / "cache"))
    made = [tmp_path / str(number) for number in range(5)]
    for file in made:
        file.write_bytes(file.name.encode() * 5000)
    return made


def test_frames_are_made_once_and_hold_the_content(files: list[Path]) -> None:
    made = frames.prepare([*files, files[0]])
    assert list(made) == files
    for file, (digest, frame) in made.items():
        assert frame.name.startswith(digest)
        assert zstandard.ZstdDecompressor().stream_reader(frame.read_bytes()).read() == file.read_bytes()
    before = {frame: frame.stat().st_mtime_ns for _, frame in made.values()}
    assert {frame: frame.stat().st_mtime_ns for _, frame in frames.prepare(files).values()} == before
    assert len(list(next(iter(before)).parent.iterdir())) == len(files)
    assert frames.prepare([]) == {}


def test_a_file_that_cannot_be_read_is_told(files: list[Path]) -> None:
    files[2].unlink()
    with pytest.raises(FileNotFoundError):
        frames.prepare(files)


def test_nobody_waits_at_the_end_for_what_is_being_compressed(
    files: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    daemons: list[bool] = []

    def frame(file: Path) -> tuple[str, Path]:
        daemons.append(threading.current_thread().daemon)
        return "", file

    monkeypatch.setattr(frames, "_frame", frame)
    frames.prepare(files)
    assert daemons == [True] * len(files)
