from __future__ import annotations

import re
from collections import Counter

import pytest

from tests.support.samples import intent
from wrongarch.engines.base import Outcome
from wrongarch.runs.diagnose import Probe, diagnosis
from wrongarch.runs.model import EmulatorFacts, Options, conditions, exact_filter, rerun_line

OLD = EmulatorFacts(version="7.2", release="1:7.2+dfsg-7+deb12u18", target="arm", sha256="cd" * 32)
PROBE = Probe(
    argv=("/usr/bin/jsc", "-e", "1"), outcome=Outcome(reason="signal", signal=6, stdout=b"ASSERTION FAILED: x")
)


def test_a_program_that_aborts_at_start_is_named_with_what_to_paste() -> None:
    text = diagnosis(
        intent(planned=412, emulator=OLD),
        endings=Counter({"killed by SIGABRT": 32}),
        executed=16,
        probe=PROBE,
        others=("11.1", "10.0"),
    )
    assert text.splitlines() == [
        "the program aborts at start under QEMU 7.2 (1:7.2+dfsg-7+deb12u18) (SIGABRT, 32 of 32 commands)"
        "; the other 396 tests were not run",
        "even `/usr/bin/jsc -e 1` is killed by SIGABRT: ASSERTION FAILED: x",
        "to see it yourself: wrongarch run arm --recipe jsc --emulator 7.2 -- /usr/bin/jsc -e 1",
        "other emulators to try: --emulator 11.1, --emulator 10.0",
    ]


@pytest.mark.parametrize(
    "endings", [{}, {"exit 0": 4}, {"exit 1": 4}, {"timeout": 2}, {"killed by SIGABRT": 3, "exit 0": 1}]
)
def test_failures_that_differ_or_come_later_are_not_explained(endings: dict[str, int]) -> None:
    assert diagnosis(intent(), endings=Counter(endings), executed=4, probe=None) == ""


@pytest.mark.parametrize("ending", ["not-started", "exit 255"])
def test_a_missing_loader_is_the_better_explanation(ending: str) -> None:
    loader = "it needs /lib/ld.so.1, which is not there"
    assert diagnosis(intent(), endings=Counter({ending: 4}), executed=4, probe=None, loader=loader) == loader
    assert diagnosis(intent(), endings=Counter({"exit 0": 4}), executed=4, probe=None, loader=loader) == ""


def test_without_an_emulator_none_is_suggested() -> None:
    text = diagnosis(
        intent(emulator=None), endings=Counter({"killed by SIGILL": 4}), executed=4, probe=PROBE, others=("9.9",)
    )
    assert text.startswith("the program dies at start (SIGILL, 4 of 4 commands)\n")
    assert "--emulator" not in text


def test_lines_to_paste_carry_the_conditions() -> None:
    asked = intent(options=Options(cpu="cortex-a7"), recipe_file="/elsewhere/mine/recipe.toml")
    assert conditions(asked) == [
        "arm",
        "--recipe",
        "/elsewhere/mine/recipe.toml",
        "--emulator",
        "10.0",
        "--cpu",
        "cortex-a7",
    ]
    assert rerun_line(intent(emulator=None)) == "wrongarch test arm --recipe jsc"
    assert rerun_line(intent(), "s/a+b.js [m]").endswith(r"--filter '^s/a\+b\.js \[m\]$'")


def test_an_exact_filter_matches_nothing_else() -> None:
    for name in ("s/t.js [m]", "s/a(b)*c|d\\e^f$ [m]", "s/é?{2} [m]"):
        assert re.search(exact_filter(name), name)
        assert not re.search(exact_filter(name), name.replace(".", "x") + " ")
