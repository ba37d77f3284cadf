from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.samples import intent, summary
from wrongarch.reports import markdown
from wrongarch.reports.markdown import Row
from wrongarch.runs.model import Proof, Result, RunDocument

HOSTILE = "x`y``z|<img src=x>\x1b[31m[link](http://evil)"


def row(*results: Result, **more: object) -> Row:
    counts = {status: sum(one.status == status for one in results) for status in {one.status for one in results}}
    proofs = more.pop("proofs", ())
    document = RunDocument(summary=summary(counts=counts, proofs=proofs), results=results)
    return Row(**{"name": "arm-jsc-all", "arch": "arm", "exit_code": 0, "document": document, **more})  # type: ignore[arg-type]


def result(status: str, **more: object) -> Result:
    return Result(**{"suite": "s", "test": "a.js", "mode": "m", "status": status, **more})  # type: ignore[arg-type]


def test_all_is_well() -> None:
    text = markdown.summary([row(result("passed"))])
    assert text.startswith("# Passed\n")
    assert "| `arm-jsc-all` | passed | 1 |  |  |  |  | 12 s |" in text
    assert "##" not in text


def test_failures_have_a_line_to_reproduce_each(tmp_path: Path) -> None:
    (tmp_path / "log").mkdir()
    (tmp_path / "log" / "1.txt").write_text("head\n\nException: no\nat line 3\n")
    bad = result("failed", message="exit 3: no", log=1)
    text = markdown.summary(
        [
            row(
                bad,
                result("passed", test="b.js"),
                exit_code=1,
                folder=tmp_path,
                url="https://forge/x/y/actions/runs/1",
                capsules={"s/a.js [m]": ".wrongarch/capsules/a.tar.zst", "s/c.js [m]": ".wrongarch/capsules/c.tar.zst"},
            )
        ]
    )
    assert text.startswith("# 1 of 1 job failed\n")
    assert "### `s/a.js [m]` on arm" in text
    assert "Exception: no\nat line 3" in text
    assert r"wrongarch repro https://forge/x/y/actions/runs/1 --arch arm --test '^s/a\.js \[m\]$'" in text
    assert "\nwrongarch repro .wrongarch/capsules/a.tar.zst\n" in text
    assert "c.tar.zst" not in text
    assert r"wrongarch test arm --recipe jsc --emulator 10.0 --filter '^s/a\.js \[m\]$'" in text
    assert "To reproduce it (from its capsule, or by running it again):" in text


def test_without_a_capsule_none_is_spoken_of() -> None:
    text = markdown.summary([row(result("failed"), exit_code=1)])
    assert "To reproduce it (by running it again):" in text
    assert "wrongarch repro" not in text


def test_flakes_troubles_and_allowed_failures_are_shown_as_such() -> None:
    text = markdown.summary(
        [
            row(result("flaky", attempts=2, message="timed out"), troubles=("no route to host",)),
            row(result("failed"), name="other", exit_code=1, allowed="known *bug*"),
            Row(name="third", arch="mips", exit_code=4, error="the mirror is away"),
        ],
        missing=["gone"],
        faults=["a, b: do not fit"],
    )
    assert text.startswith("# 2 of 4 jobs failed\n")
    assert "- `s/a.js [m]` on arm: passed at attempt 2, after `timed out`" in text
    assert "- `arm-jsc-all`: `no route to host`" in text
    assert r"failed, allowed: known \*bug\*" in text
    assert "the mirror is away" in text
    assert "- `gone`: the job ended before it wrote any" in text
    assert "- `a, b: do not fit`" in text


def test_a_broken_proof_is_told() -> None:
    text = markdown.summary([row(exit_code=1, proofs=(Proof(name="interpreter", held=False, words="native"),))])
    assert "proof of interpreter broken: native" in text


def test_there_is_an_end_to_it() -> None:
    many = [result("failed", test=f"{number}.js") for number in range(80)]
    flaky = [result("flaky", test=f"f{number}.js") for number in range(80)]
    text = markdown.summary([row(*many, *flaky, exit_code=1)])
    assert "30 more failures" in text
    assert "30 more flakes" in text


@pytest.mark.parametrize("text", [HOSTILE, "`", "``a", "a`", "", "a\nb", "\u202eabc"])
def test_what_tests_print_is_never_markup(text: str) -> None:
    span = markdown.code(text)
    assert "\n" not in span
    assert "|" not in span
    assert "\x1b" not in span
    if text:
        fence = span[: len(span) - len(span.lstrip("`"))]
        assert span.endswith(fence)
        assert fence not in span[len(fence) : -len(fence)]


def test_hostile_failures_stay_in_code(tmp_path: Path) -> None:
    (tmp_path / "log").mkdir()
    (tmp_path / "log" / "1.txt").write_text("head\n\n```\n# not a title\n<script>\n")
    bad = result("failed", test=HOSTILE, message=HOSTILE, log=1)
    text = markdown.summary([row(bad, exit_code=1, folder=tmp_path)])
    fenced, inside = [], ""
    for line in text.splitlines():
        if inside:
            inside = "" if line == inside else inside
            continue
        ticks = line[: len(line) - len(line.lstrip("`"))]
        if len(ticks) >= 3 and line.removeprefix(ticks) == "sh":
            inside = ticks
            continue
        fenced.append(line)
    assert not any("not a title" in line or "script" in line for line in fenced)


def test_an_intent_of_another_arch_is_its_own() -> None:
    other = RunDocument(summary=summary(intent=intent(arch="mips"), counts={}), results=())
    assert "mips" not in markdown.summary([Row(name="x", arch="arm", exit_code=0, document=other)])
