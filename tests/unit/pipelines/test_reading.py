from __future__ import annotations

from pathlib import Path

import pytest

from wrongarch.cli import matrix
from wrongarch.errors import UsageError

TEXT = """
arches = ["arm", "mips"]
[defaults]
recipe = "jsc"
suites = ["stress"]
[arch.mips]
recipe = "quickjs"
cpu = "24Kf"
reason = "its jsc does not start"
"""


def written(folder: Path, text: str) -> Path:
    file = folder / "ci" / "matrix.toml"
    file.parent.mkdir()
    file.write_text(text)
    return file


def test_what_an_arch_says_comes_first(tmp_path: Path) -> None:
    written(tmp_path, TEXT)
    found = matrix.load(tmp_path)
    assert found.of("arm") == matrix.Defaults(recipe="jsc", suites=("stress",))
    # suites belong to a recipe: those of the default one say nothing about another
    assert found.of("mips") == matrix.Defaults(recipe="quickjs", cpu="24Kf")
    assert found.of("alpha").recipe == "jsc"


def test_ours_is_there_for_projects_without_one(tmp_path: Path) -> None:
    assert matrix.load(tmp_path).defaults.recipe


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (('recipe = "jsc"', 'recipee = "jsc"'), "recipee"),
        (('suites = ["stress"]', 'suites = "stress"'), "$.defaults.suites"),
        (("[arch.mips]", "[arch.mipz]"), "arch.mipz"),
        (("[defaults]", "[defaults"), "no TOML"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, change: tuple[str, str], words: str) -> None:
    file = written(tmp_path, TEXT.replace(*change))
    with pytest.raises(UsageError) as caught:
        matrix.load(tmp_path)
    assert words in caught.value.what
    assert str(file) in caught.value.what
    assert caught.value.fix


def test_a_file_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot read"):
        matrix.read(tmp_path)


def test_no_matrix_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matrix, "FILE", Path("no") / "such.toml")
    with pytest.raises(UsageError) as caught:
        matrix.load(tmp_path)
    assert "--recipe" in caught.value.fix
