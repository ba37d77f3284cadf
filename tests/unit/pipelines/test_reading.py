from __future__ import annotations

from pathlib import Path

import pytest

from wrongarch.errors import UsageError
from wrongarch.pipelines import reading as matrix
from wrongarch.pipelines.model import Defaults, schema

TEXT = """
arches = ["arm", "mips"]
[defaults]
recipe = "jsc"
suites = ["stress"]
[arch.arm]
cpu = "max"
[arch.mips]
recipe = "quickjs"
cpu = "24Kf"
reason = "its jsc does not start"
[suites.jsc]
stress = {shards = 2}
[env]
MIRROR = "http://deb.debian.org/debian"
"""


def written(folder: Path, text: str) -> Path:
    file = folder / "ci" / "matrix.toml"
    file.parent.mkdir()
    file.write_text(text)
    return file


def test_what_an_arch_says_comes_first(tmp_path: Path) -> None:
    written(tmp_path, TEXT)
    found = matrix.load(tmp_path)
    assert found.of("arm") == Defaults(recipe="jsc", suites=("stress",), cpu="max")
    # suites belong to a recipe: those of the default one say nothing about another
    assert found.of("mips") == Defaults(recipe="quickjs", cpu="24Kf")
    assert found.of("alpha").recipe == "jsc"


def test_ours_is_there_for_projects_without_one(tmp_path: Path) -> None:
    assert matrix.load(tmp_path).defaults.recipe


@pytest.mark.parametrize(
    ("change", "line", "words"),
    [
        (('recipe = "jsc"', 'recipee = "jsc"'), 4, "unknown key 'recipee' at defaults; did you mean 'recipe'"),
        (('suites = ["stress"]', 'suites = "stress"'), 5, "at defaults.suites"),
        (("[arch.mips]", "[arch.mipz]"), 8, "arch.mipz"),
        (
            ('cpu = "24Kf"', 'cpu = "24Kf;reboot"'),
            10,
            "expected a QEMU CPU model, or empty at arch.mips.cpu (it is '24Kf;",
        ),
        (('cpu = "24Kf"', 'kpu = "24Kf"'), 10, "unknown key 'kpu' at arch.mips"),
        (("shards = 2", "shards = 0"), 13, "at suites.jsc.stress.shards (it is 0)"),
        (('"mips"]', '"mips$(id)"]'), 2, "at arches[1]"),
        (("[defaults]", "[defaults"), 3, "no TOML"),
        (("[suites.jsc]", '[suites."jsc; rm"]'), 12, "'jsc; rm' cannot be a key here"),
        (('MIRROR = "http', 'MIRROR = "$(id)http'), 15, "expected printable, without $ { } and quotes at env.MIRROR"),
        (('MIRROR = "http', "MIRROR = '${{ secrets.X }}"), 15, "no TOML"),
        (("MIRROR", "mirror"), 15, "env.mirror"),
        (('recipe = "jsc"', 'recipe = "../../etc"'), 4, "at defaults.recipe"),
        (('recipe = "jsc"', 'recipe = "jsc\\nrun: id"'), 4, "at defaults.recipe"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(tmp_path: Path, change: tuple[str, str], line: int, words: str) -> None:
    file = written(tmp_path, TEXT.replace(*change))
    with pytest.raises(UsageError) as caught:
        matrix.load(tmp_path)
    assert words in caught.value.what
    assert f"{file}:{line}" in caught.value.what
    assert caught.value.fix


@pytest.mark.parametrize(
    ("line", "path"),
    [
        (f'MIRROR = "ghp_{"a" * 36}"', "env.MIRROR"),
        (f'X = "github_pat_{"a" * 40}"', "env.X"),
        (f'X = "glpat-{"a" * 20}"', "env.X"),
        ('X = "AKIAABCDEFGHIJKLMNOP"', "env.X"),
        ('X = "http://user:hunter2@mirror/debian"', "env.X"),
        ('GITHUB_TOKEN = "abc"', "env.GITHUB_TOKEN"),
        ('MY_API_KEY = "abc"', "env.MY_API_KEY"),
        ('X = "-----BEGIN OPENSSH PRIVATE KEY-----"', "env.X"),
    ],
)
def test_secrets_are_refused_and_not_repeated(tmp_path: Path, line: str, path: str) -> None:
    file = written(tmp_path, TEXT.replace('MIRROR = "http://deb.debian.org/debian"', line))
    with pytest.raises(UsageError) as caught:
        matrix.load(tmp_path)
    assert f"{file}:15: {path}: this looks like a secret" in caught.value.what
    value = line.partition('"')[2].rstrip('"')
    assert value not in f"{caught.value.what} {caught.value.fix}"


def test_a_file_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot read"):
        matrix.read(tmp_path)
    (tmp_path / "large").write_bytes(b"#" * (2 << 20))
    with pytest.raises(UsageError, match="larger"):
        matrix.read(tmp_path / "large")
    (tmp_path / "binary").write_bytes(b"\xff\xfe")
    with pytest.raises(UsageError, match="no TOML"):
        matrix.read(tmp_path / "binary")


def test_no_matrix_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matrix, "FILE", Path("no") / "such.toml")
    with pytest.raises(UsageError) as caught:
        matrix.load(tmp_path)
    assert "--recipe" in caught.value.fix


def test_the_schema_is_for_any_validator() -> None:
    text = str(schema())
    assert "additionalProperties': False" in text
    assert "\\Z" not in text
