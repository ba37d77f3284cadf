from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.samples import MINIMAL, recipe, write_recipe
from wrongarch.errors import UsageError
from wrongarch.recipes.model import schema
from wrongarch.recipes.reading import find_recipe, read_recipe, recipe_names

SHIPPED = ("factorial", "hello", "jsc", "quickjs")


def test_a_minimal_recipe_is_read_with_its_defaults(tmp_path: Path) -> None:
    read = recipe(tmp_path / "mini")
    suite = read.contents.suites[0]
    assert (read.name, read.image.name, read.image.packages) == ("mini", "mini", ("dash",))
    assert (suite.timeout, suite.memory, suite.retries, suite.minimum) == (60.0, 1024, 1, 1)
    assert [mode.name for mode in suite.modes] == ["default"]
    assert read.folder == tmp_path / "mini"
    assert len(read.digest) == 64


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_recipes_are_sound(name: str) -> None:
    read = find_recipe(name, Path("/nowhere"))
    assert read.name == name
    assert read.contents.description


def test_names_of_the_project_and_the_shipped_ones_are_listed(tmp_path: Path) -> None:
    write_recipe(tmp_path / "ci/recipes/own", MINIMAL.replace("mini", "own"))
    assert set(recipe_names(tmp_path)) >= {*SHIPPED, "own"}
    assert find_recipe("own", tmp_path).folder == tmp_path / "ci/recipes/own"


@pytest.mark.parametrize("ending", ["", "/recipe.toml"])
def test_a_recipe_is_found_by_path(tmp_path: Path, ending: str) -> None:
    write_recipe(tmp_path / "mini")
    assert find_recipe(f"{tmp_path}/mini{ending}").name == "mini"


def test_an_unknown_recipe_names_near_ones() -> None:
    with pytest.raises(UsageError, match="did you mean 'quickjs'") as caught:
        find_recipe("quikjs", Path("/nowhere"))
    assert "quickjs" in caught.value.fix


def test_a_path_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"cannot read the recipe .*nothing.toml: No such file"):
        find_recipe(str(tmp_path / "nothing.toml"))


def test_a_borrowed_image_keeps_its_name(tmp_path: Path) -> None:
    write_recipe(tmp_path / "lender", MINIMAL.replace('"mini"', '"lender"'))
    borrowed = recipe(tmp_path / "mini", MINIMAL.replace('packages = ["dash"]', 'like = "lender"'))
    assert (borrowed.image.name, borrowed.image.packages) == ("lender", ("dash",))
    assert find_recipe("hello", Path("/nowhere")).image.name == "quickjs"


def test_a_borrowed_image_may_come_from_the_shipped_recipes(tmp_path: Path) -> None:
    assert recipe(tmp_path / "mini", MINIMAL.replace('packages = ["dash"]', 'like = "jsc"')).image.name == "jsc"


def test_borrowing_what_is_borrowed_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="borrows the image of 'quickjs' itself") as caught:
        recipe(tmp_path / "mini", MINIMAL.replace('packages = ["dash"]', 'like = "hello"'))
    assert caught.value.fix == "write like = 'quickjs'"


FAULTS = {
    "unknown key 'programm' at the top level; did you mean 'program'?": ("program = ", "programm = "),
    "unknown key 'timout' at suites[0]; did you mean 'timeout'": ('folder = "."', 'folder = "."\ntimout = 3'),
    "unknown key 'packges' at image.arch.arm; did you mean 'packages'": (
        "[[suites]]",
        "[image.arch.arm]\npackges = []\n[[suites]]",
    ),
    "'script' is no kind at suites[0].kind; did you mean 'scripts'": ('"scripts"', '"script"'),
    "missing the key 'kind' at suites[0]": ('kind = "scripts"', ""),
    "missing the key 'program' at the top level": ('program = "/bin/sh"', ""),
    "expected 'float' > 0.0 at suites[0].timeout (it is -3)": ('folder = "."', 'folder = "."\ntimeout = -3'),
    "expected 'str', got 'int' at suites[0].folder (it is 5)": ('folder = "."', "folder = 5"),
    "at program (it is 'sh')": ('"/bin/sh"', '"sh"'),
    "differs from the folder's": ('name = "mini"', 'name = "other"'),
    "image.like stands alone": ('packages = ["dash"]', 'packages = ["dash"]\nlike = "jsc"'),
    "[image] needs packages": ('packages = ["dash"]', ""),
    "image.arch: there is no arch 'armm'; did you mean": ("[[suites]]", "[image.arch.armm]\n[[suites]]"),
    "suites[0].modes.x.arches: there is no arch 'armhf'": (
        'folder = "."',
        'folder = "."\nmodes = [{name = "x", arches = ["armhf"]}]',
    ),
    "two of them are named 'default'": (
        'folder = "."',
        'folder = "."\nmodes = [{name = "default"}, {name = "default"}]',
    ),
    "suites[0].command: nothing is known as {tset}; did you mean 'test'": ('"{test}"', '"{test}", "{tset}"'),
    "suites[0].command does not use {program}": ('"{program}"', '"sh"'),
    "suites[0].reject is no regular expression": ('folder = "."', 'folder = "."\nreject = "("'),
    "build.steps[1] is empty": ("[[suites]]", '[build]\nsteps = ["true", " "]\n[[suites]]'),
    "build.steps[0]: nothing is known as {sourc}": ("[[suites]]", '[build]\nsteps = ["ls {sourc}"]\n[[suites]]'),
    "has to lie in the build folder": ("[[suites]]", '[build]\nproducts = ["../x"]\n[[suites]]'),
    "build.cross without {cc}": ("[[suites]]", '[build]\nsteps = ["make"]\ncross = true\n[[suites]]'),
    "expected[0].suite: there is no suite 'test'; did you mean 'tests'": (
        "[[suites]]",
        'expected = [{suite = "test", test = "x", reason = "y"}]\n[[suites]]',
    ),
}


@pytest.mark.parametrize("words", FAULTS)
def test_faults_name_the_file_the_key_and_what_was_meant(tmp_path: Path, words: str) -> None:
    old, new = FAULTS[words]
    text = MINIMAL.replace(old, new)
    if "expected = [" in new:  # a key of the top level has to come before the first table
        text = new.partition("\n")[0] + "\n" + MINIMAL
    with pytest.raises(UsageError) as caught:
        recipe(tmp_path / "recipes/mini", text)
    assert words in caught.value.what
    assert str(tmp_path / "recipes/mini/recipe.toml") in caught.value.what
    assert caught.value.fix


EXPECTED_FAULTS = {
    'test = "x", regex = "y"': "needs either test (a glob) or regex",
    'regex = "("': "expected[0].regex is no regular expression",
    'test = "x", modes = ["defalt"]': "there is no mode 'defalt'; did you mean 'default'",
    'test = "x", reason = ""': "reason",
}


@pytest.mark.parametrize("entry", EXPECTED_FAULTS)
def test_faults_of_expectations(tmp_path: Path, entry: str) -> None:
    reason = "" if "reason" in entry else ', reason = "known"'
    with pytest.raises(UsageError) as caught:
        recipe(tmp_path / "mini", f'expected = [{{suite = "tests", {entry}{reason}}}]\n{MINIMAL}')
    assert EXPECTED_FAULTS[entry] in caught.value.what


COMMANDS = """
name = "mini"
program = "/bin/sh"
[image]
packages = ["dash"]
[[suites]]
kind = "command"
name = "tests"
SUITE
[[suites.tests]]
name = "one"
command = ["{program}", "-c", "exit 0"]
TEST
"""
COMMAND_FAULTS = {
    ("", 'results = "tap"\nreport = "x.tap"'): "report needs results = tap or junit, and scratch = true",
    ("scratch = true", 'report = "x.tap"'): "report needs results = tap or junit",
    ("scratch = true", 'results = "tap"\nreport = "../x"'): "has to lie in the scratch folder",
    ("", 'match = "["'): "suites[0].tests[0].match is no regular expression",
    ("", '[[suites.tests]]\nname = "one"\ncommand = ["x"]'): "suites[0].tests: two of them are named 'one'",
}


@pytest.mark.parametrize("case", COMMAND_FAULTS)
def test_faults_of_commands(tmp_path: Path, case: tuple[str, str]) -> None:
    suite, test = case
    with pytest.raises(UsageError) as caught:
        recipe(tmp_path / "mini", COMMANDS.replace("SUITE", suite).replace("TEST", test))
    assert COMMAND_FAULTS[case] in caught.value.what


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('command = ["{program}", "{test}"]', "suites[0].command does not use {includes}"),
        ('strict = ["{program}"]', "suites[0].strict does not use {test}"),
        ('exception = "x"', "suites[0].exception needs a group named 'type'"),
    ],
)
def test_faults_of_test262_suites(tmp_path: Path, line: str, words: str) -> None:
    text = MINIMAL.replace('"scripts"', '"test262"').replace('command = ["{program}", "{options}", "{test}"]', line)
    with pytest.raises(UsageError) as caught:
        recipe(tmp_path / "mini", text)
    assert words in caught.value.what


@pytest.mark.parametrize("raw", [b"name = ", b"\xff\xfe", b"a=" + b"[" * 5000, b"#" * (2 << 20)])
def test_what_is_no_toml_is_refused(tmp_path: Path, raw: bytes) -> None:
    file = tmp_path / "recipe.toml"
    file.write_bytes(raw)
    with pytest.raises(UsageError, match=str(file)):
        read_recipe(file)


@given(
    st.dictionaries(st.sampled_from(["name", "image", "suites", "x"]), st.integers() | st.text() | st.lists(st.text()))
)
def test_any_wrong_document_ends_in_a_usage_error(
    tmp_path_factory: pytest.TempPathFactory, data: dict[str, object]
) -> None:
    lines = [f"{key} = {value!r}" for key, value in data.items()]
    file = tmp_path_factory.mktemp("any") / "recipe.toml"
    file.write_text("\n".join(lines), encoding="utf-8", errors="replace")
    with pytest.raises(UsageError):
        read_recipe(file)


@given(st.binary(max_size=300))
def test_any_bytes_end_in_a_usage_error(tmp_path_factory: pytest.TempPathFactory, raw: bytes) -> None:
    file = tmp_path_factory.mktemp("any") / "recipe.toml"
    file.write_bytes(raw)
    with pytest.raises(UsageError):
        read_recipe(file)


def test_the_schema_knows_every_part() -> None:
    document = schema()
    assert document["$schema"].endswith("2020-12/schema")
    assert {"ScriptsSuite", "Test262Suite", "CommandSuite", "Expected", "Build"} <= set(document["$defs"])
    assert document["$defs"]["RecipeFile"]["additionalProperties"] is False


def test_a_recipe_may_have_a_link_as_its_file(tmp_path: Path) -> None:
    real = write_recipe(tmp_path / "mini")
    (tmp_path / "other").mkdir()
    (tmp_path / "other/recipe.toml").symlink_to(real)
    assert read_recipe(tmp_path / "other/recipe.toml").folder == tmp_path / "mini"
