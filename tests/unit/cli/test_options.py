from __future__ import annotations

from pathlib import Path

import pytest

from wrongarch.cli import options
from wrongarch.errors import MachineError


def test_json_knows_paths(capsys: pytest.CaptureFixture[str]) -> None:
    options.print_json({"path": Path("/a/b"), "number": 1})
    assert capsys.readouterr().out == '{\n  "path": "/a/b",\n  "number": 1\n}\n'


def test_a_file_that_cannot_be_written(tmp_path: Path) -> None:
    path = tmp_path / "none" / "file"
    with pytest.raises(MachineError) as caught:
        options.write(path.touch, path)
    assert str(path) in caught.value.what
    assert caught.value.fix


def test_examples_keep_their_lines() -> None:
    assert options.examples("a", "b") == "\b\nExamples:\n  a\n  b"
