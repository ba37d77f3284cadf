from __future__ import annotations

import random
import shlex
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support import capsules, samples
from wrongarch.capsules import board, conditions, expecting, script
from wrongarch.capsules.manifest import Expected
from wrongarch.capsules.minimize import reduce
from wrongarch.capsules.repro import Options
from wrongarch.errors import UsageError
from wrongarch.recipes.suites.base import Places
from wrongarch.recipes.suites.kinds import kind_of


@given(st.sets(st.integers(0, 60), max_size=8), st.integers(8, 61))
def test_reduction_finds_exactly_what_is_needed(needed: set[int], count: int) -> None:
    items = list(range(max(count, max(needed, default=0) + 1)))
    random.Random(count).shuffle(items)
    kept = reduce(items, lambda some: needed <= set(some))
    assert set(kept) == needed
    assert kept == [item for item in items if item in needed]


def test_the_script_quotes_everything() -> None:
    evil = "'; touch /tmp/evil; '$(id)`id`\\"
    test = capsules.test_of(argv=("/bin/p", evil, "-x"), env={"A": evil}, id=evil, cwd=f"/{evil}")
    made = capsules.sound(tests=(test,), read_only=(f"/{evil}",))
    text = script.replay_script(made, {evil: "/bin/p"}, "/lib/ld.so")
    assert text.startswith("#!/bin/sh\n")
    assert shlex.quote(evil) in text
    assert shlex.quote(f"A={evil}") in text
    assert evil not in text.replace(shlex.quote(evil), "").replace(shlex.quote(f"A={evil}"), "").replace(
        shlex.quote(f"/{evil}"), ""
    )


def test_the_readme_says_what_to_do() -> None:
    text = script.readme(capsules.sound())
    assert "./replay" in text
    assert "ways/abort [default]: killed by SIGABRT" in text
    assert max(map(len, text.splitlines())) <= 120


@pytest.mark.parametrize("word", ["ssh:pi", "ssh:me@pi.local", "ssh:root@10.0.0.1"])
def test_boards(word: str) -> None:
    assert board.destination(word) == word.removeprefix("ssh:")


@pytest.mark.parametrize("word", ["pi", "ssh:", "ssh:-oProxyCommand=x", "ssh:a b", "http://x", "ssh:a;b", "ssh:@pi"])
def test_words_that_name_no_board(word: str) -> None:
    with pytest.raises(UsageError, match="no board"):
        board.destination(word)


def test_conditions_change_one_thing_each() -> None:
    made = capsules.sound(tests=(capsules.test_of(argv=("/usr/bin/jsc", "x.js")),))
    some = list(conditions.conditions(made, made.tests[0], Options(), engine="sandbox", board="pi"))
    kinds = [one.kind for one in some]
    assert kinds[0] == "recorded"
    assert {"emulator", "cpu", "threads", "addresses", "jit", "board"} <= set(kinds)
    assert [one.version for one in some if one.kind == "emulator"] == ["7.2", "11.1"]
    assert next(one for one in some if one.kind == "jit").options.env == {"JSC_useJIT": "0"}
    others = [one.kind for one in conditions.conditions(made, made.tests[0], Options(), engine="docker")]
    assert "threads" not in others


def test_a_native_program_has_no_emulators_to_try() -> None:
    made = capsules.sound(arch="amd64", emulator=None, cpu=None, flags="")
    kinds = [one.kind for one in conditions.conditions(made, made.tests[0], Options(), engine="sandbox")]
    assert kinds == ["recorded", "threads", "addresses"]


RECIPE = """
name = "mini"
program = "/bin/p"
[image]
packages = ["dash"]
[[suites]]
kind = "scripts"
name = "scripts"
folder = "s"
reject = "^bad"
[[suites]]
kind = "command"
name = "commands"
[[suites.tests]]
name = "one"
command = ["{program}"]
exit_code = 3
stdout = "x"
[[suites]]
kind = "test262"
name = "conformance"
folder = "t"
"""


@pytest.fixture
def kinds(tmp_path: Path) -> dict[str, object]:
    for name, text in (
        ("s/a.js", "1"),
        ("t/harness/assert.js", ""),
        ("t/test/plain.js", "/*---\ndescription: x\n---*/"),
        ("t/test/negative.js", "/*---\nnegative:\n  phase: runtime\n  type: TypeError\n---*/"),
        ("t/test/async.js", "/*---\nflags: [async]\n---*/"),
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    recipe = samples.recipe(tmp_path, RECIPE)
    places = Places(recipe=tmp_path, generated=tmp_path / "g")
    return {suite.name: kind_of(suite, places, "/bin/p", "arm") for suite in recipe.contents.suites}


def test_what_suites_expect_becomes_data(kinds: dict[str, object]) -> None:
    def of(suite: str, test: str) -> Expected:
        kind = kinds[suite]
        case = next(case for case in kind.cases() if case.test == test)  # type: ignore[attr-defined]
        return expecting.expected_of(kind, case)  # type: ignore[arg-type]

    assert of("scripts", "a.js") == Expected(reject="^bad")
    assert of("commands", "one") == Expected(exit_code=3, stdout="x")
    assert of("conformance", "plain.js") == Expected()
    negative = of("conformance", "negative.js")
    assert (negative.exit_code, negative.throws) == (None, "TypeError")
    assert of("conformance", "async.js").contains == "Test262:AsyncTestComplete"
