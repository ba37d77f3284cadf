from __future__ import annotations

from pathlib import Path

import pytest

from wrongarch.errors import MachineError, UsageError
from wrongarch.pipelines import starting
from wrongarch.pipelines.reading import read
from wrongarch.recipes.reading import find_recipe


def test_a_start_is_whole(tmp_path: Path) -> None:
    project = tmp_path / "My Engine"
    project.mkdir()
    written = list(starting.start(project, ("arm", "s390x", "armhf"), ""))
    assert written == ["ci/matrix.toml", "ci/matrix.schema.json", "ci/recipes/my-engine/recipe.toml", ".gitignore"]
    matrix = read(project / "ci" / "matrix.toml")
    assert (matrix.arches, matrix.defaults.recipe) == (("arm", "s390x"), "my-engine")
    assert find_recipe("my-engine", project).contents.build.products == ("program",)
    assert (project / ".gitignore").read_text() == "/.wrongarch/\n/.gitlab-ci-local/\n"
    with pytest.raises(UsageError, match="already"):
        list(starting.start(project, ("arm",), ""))


def test_with_a_recipe_of_ours_and_a_gitignore(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("*.o\n/.wrongarch/\n.gitlab-ci-local\n")
    assert list(starting.start(tmp_path, ("arm",), "quickjs")) == ["ci/matrix.toml", "ci/matrix.schema.json"]
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / ".gitignore").write_text("*.o")
    list(starting.start(tmp_path / "more", ("arm",), "quickjs"))
    assert (tmp_path / "more" / ".gitignore").read_text() == "*.o\n/.wrongarch/\n/.gitlab-ci-local/\n"


@pytest.mark.parametrize(
    ("arches", "recipe", "words"),
    [(("alpha",), "", "no alpha"), (("vax",), "", "no arch"), (("arm",), "nothing", "no recipe")],
)
def test_wrong_words(tmp_path: Path, arches: tuple[str, ...], recipe: str, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        list(starting.start(tmp_path, arches, recipe))
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "ci").write_text("a file")
    with pytest.raises(MachineError, match="cannot write"):
        list(starting.start(tmp_path, ("arm",), ""))


@pytest.mark.parametrize(
    ("head", "branch"),
    [
        ("ref: refs/heads/master\n", "master"),
        ("ref: refs/heads/teams/js\n", "teams/js"),
        ("6f1c0a2b\n" * 2, "main"),
        ("ref: refs/heads/a b\n", "main"),
        (None, "main"),
    ],
)
def test_pushes_to_the_branch_that_is_checked_out_start_it(head: str | None, branch: str, tmp_path: Path) -> None:
    if head is not None:
        (tmp_path / ".git").mkdir()
        (tmp_path / ".git" / "HEAD").write_text(head)
    list(starting.start(tmp_path, ("arm",), "quickjs"))
    assert f'push = ["{branch}"]' in (tmp_path / "ci" / "matrix.toml").read_text()
