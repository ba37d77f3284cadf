"""Verdicts from rows: no capsule is run."""

from __future__ import annotations

import random

import pytest

from wrongarch.capsules import evidence
from wrongarch.capsules.compare import Comparison
from wrongarch.capsules.statistics import interval
from wrongarch.capsules.triage import Triage, counted
from wrongarch.capsules.verdict import Row, Verdict, decide


def row(name: str, failed: int, runs: int = 3, **more: object) -> Row:
    values: dict[str, object] = {"name": name, "kind": "emulator", "version": name, **more}
    return Row(same=failed, passed=runs - failed, **values)  # type: ignore[arg-type]


def base(failed: int, runs: int = 10, version: str = "7.2") -> Row:
    return row("as recorded", failed, runs, kind="recorded", version=version)


def test_an_emulator_that_was_mended() -> None:
    verdict = decide([base(10), row("10.0", 0), row("11.1", 0)])
    assert (verdict.blame, verdict.bad, verdict.good) == ("emulator", ("7.2",), ("10.0", "11.1"))
    assert verdict.sentence == "bad 7.2, good from 10.0"


def test_an_emulator_that_got_worse() -> None:
    verdict = decide([base(10, version="11.1"), row("7.2", 0), row("10.0", 0)])
    assert (verdict.blame, verdict.sentence) == ("emulator", "good up to 10.0, bad from 11.1")


def test_an_emulator_that_was_bad_in_between() -> None:
    verdict = decide([base(10, version="10.0"), row("7.2", 0), row("11.1", 0)])
    assert (verdict.blame, verdict.sentence) == ("emulator", "bad 10.0, good 7.2 and 11.1")


def test_all_emulators_alike_is_the_product() -> None:
    verdict = decide([base(10), row("10.0", 3), row("11.1", 3), row("CPU max", 3, kind="cpu", version="")])
    assert verdict.blame == "product"
    assert "7.2, 10.0 and 11.1 alike" in verdict.sentence
    assert any("hardware" in hint for hint in verdict.hints)


@pytest.mark.parametrize("kind", ["native", "board"])
def test_hardware_has_the_last_word(kind: str) -> None:
    rows = [base(10), row("10.0", 3), row("natively", 3, kind=kind, version="")]
    assert decide(rows).blame == "product"
    rows[-1] = row("natively", 0, kind=kind, version="")
    assert decide(rows).blame == "emulator"


def test_one_version_proves_nothing() -> None:
    verdict = decide([base(10), Row(name="QEMU 10.0", kind="emulator", version="10.0", note="could not be had")])
    assert verdict.blame == "unknown"


def test_it_depends_on_the_cpu() -> None:
    verdict = decide([base(10), row("10.0", 3), row("CPU max", 0, kind="cpu", version="")])
    assert verdict.blame == "unknown"
    assert "it passes on max" in verdict.sentence


def test_natively_alone_is_the_product() -> None:
    assert decide([base(10, version="")]).blame == "product"


def test_now_and_then_is_flaky_with_its_rate() -> None:
    verdict = decide([base(30, 100), row("10.0", 30, 100), row("11.1", 0, 100)])
    assert verdict.blame == "flaky"
    assert verdict.rate == 0.3
    assert verdict.low is not None
    assert verdict.high is not None
    assert verdict.low < 0.3 < verdict.high
    assert any(hint.startswith("11.1: 0 of 100") for hint in verdict.hints)
    assert not any(hint.startswith("10.0") for hint in verdict.hints)


def test_mixed_under_another_version_only() -> None:
    verdict = decide([base(10), row("10.0", 1)])
    assert verdict.blame == "unknown"
    assert "now and then" in verdict.sentence


def test_never_here_is_the_environment() -> None:
    verdict = decide([base(0), row("10.0", 0)], "Linux 5.10, a CPU")
    assert verdict.blame == "environment"
    assert "captured on Linux 5.10" in verdict.sentence
    elsewhere = decide([base(0), row("10.0", 3)])
    assert "fails with 10.0" in elsewhere.sentence


def test_not_tried_is_unknown() -> None:
    verdict = decide([Row(name="as recorded", kind="recorded", note="no such pin")])
    assert (verdict.blame, verdict.sentence) == ("unknown", "it could not be run as recorded: no such pin")


@pytest.mark.parametrize(
    ("kind", "words"), [("threads", "threads"), ("addresses", "where memory lies"), ("jit", "the JIT made")]
)
def test_what_makes_it_pass_is_told(kind: str, words: str) -> None:
    verdict = decide([base(10), row("10.0", 3), row("changed", 0, kind=kind, version="")])
    assert verdict.blame == "product"
    assert any(words in hint for hint in verdict.hints)


def test_rows_are_counted() -> None:
    some = [
        Comparison(likeness="reproduced", ended="exit 1"),
        Comparison(likeness="not reproduced", ended="exit 0"),
        Comparison(likeness="different failure", ended="exit 2", message="other"),
    ]
    counted_row = counted(row("x", 0, 0), some)
    assert (counted_row.same, counted_row.passed, counted_row.other, counted_row.message) == (1, 1, 1, "other")
    missing = Comparison(likeness="different failure", ended="exit 1", message="unable to find CPU model 'max'")
    assert counted(row("x", 0, 0), [missing]).runs == 0
    dead = Comparison(likeness="not run", ended="lost", message="gone")
    assert counted(row("x", 0, 0), [dead]).note == "it could not be run: gone"


def test_the_interval_is_wilsons() -> None:
    # NIST/SEMATECH e-Handbook, 7.2.4.1: 4 defectives of 20, 90 %: 0.0959 to 0.3710 (score interval)
    low, high = interval(4, 20, z=1.6448536269514722)
    assert low == pytest.approx(0.0914, abs=0.01)
    assert high == pytest.approx(0.3710, abs=0.02)
    assert interval(0, 0) == (0.0, 1.0)
    assert interval(0, 10)[0] == 0.0
    assert interval(10, 10)[1] == 1.0
    with pytest.raises(ValueError, match="3 of 2"):
        interval(3, 2)


def test_the_interval_holds_the_rate_as_often_as_it_says() -> None:
    chance = random.Random(7)
    held = 0
    for _ in range(2000):
        hits = sum(chance.random() < 0.3 for _ in range(40))
        low, high = interval(hits, 40)
        held += low <= 0.3 <= high
    assert 0.93 <= held / 2000 <= 0.97


def result(**changes: object) -> Triage:
    values: dict[str, object] = {
        "capsule": "sample",
        "test": "ways/abort [default]",
        "arch": "arm",
        "engine": "sandbox",
        "recorded": "exit 1",
        "message": "exit 1: ```oops``` | @everyone",
        "verdict": Verdict(blame="emulator", sentence="bad 7.2, good from 10.0", hints=("a | hint",)),
        "rows": (base(10), row("10.0", 0), Row(name="CPU max", kind="cpu", note="not\x1b[2J there")),
        **changes,
    }
    return Triage(**values)  # type: ignore[arg-type]


def test_text_has_the_table_and_the_verdict() -> None:
    lines = evidence.text(result()).splitlines()
    assert any(line.startswith("as recorded") and "10/10" in line for line in lines)
    assert "verdict: EMULATOR: bad 7.2, good from 10.0" in lines
    assert "\x1b" not in evidence.text(result())


def test_markdown_cannot_be_broken_out_of() -> None:
    text = evidence.markdown(result(test="x | y <img> [a](b) @me"))
    assert "<img>" not in text
    assert "@me" not in text
    assert "\\[a\\](b)" in text
    assert text.count("```") == 2
    assert all(
        line.count(" | ") == 5 for line in text.splitlines() if line.startswith("| as") or line.startswith("| 10")
    )
