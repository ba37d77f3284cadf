"""Runs by many names, put together, and compared."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import msgspec
import pytest

from tests.support.documents import document, result
from wrongarch.cli import main
from wrongarch.errors import UntrustedInput, UsageError
from wrongarch.reports import gather
from wrongarch.reports.gather import Loaded
from wrongarch.reports.html import data, page
from wrongarch.reports.markdown import compared
from wrongarch.reports.summary import print_comparison
from wrongarch.runs.folder import INTENT, RESULTS
from wrongarch.runs.history.store import record
from wrongarch.runs.model import Options, Proof, RunDocument


def write(folder: Path, one: RunDocument, *, whole: bool = True) -> Path:
    folder.mkdir(parents=True)
    (folder / RESULTS).write_bytes(msgspec.json.encode(one))
    if whole:
        (folder / INTENT).write_bytes(msgspec.json.encode(one.summary.intent))
    return folder


def loaded(*documents: RunDocument, folder: Path = Path("/nonexistent")) -> list[Loaded]:
    return [Loaded(document=one, folder=folder) for one in documents]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    home = tmp_path / ".wrongarch" / "runs"
    for number in (1, 2):
        one = document([result("a"), result("b", "failed" if number == 2 else "passed")], number=number)
        write(home / one.summary.intent.run, one)
    (home / "latest").symlink_to(one.summary.intent.run)
    return tmp_path


def names(runs: list[Loaded]) -> list[str]:
    return [one.document.summary.intent.run for one in runs]


def test_runs_by_name(project: Path) -> None:
    first, second = "20261101-000001-jsc-arm", "20261101-000002-jsc-arm"
    assert names(gather.load(["latest"], project)) == [second]
    assert names(gather.load(["20261101-000001", "latest", second], project)) == [first, second]
    folder = project / ".wrongarch/runs" / first
    assert names(gather.load([str(folder), str(folder / RESULTS)], project)) == [first]
    with pytest.raises(UsageError, match="fits 2 runs"):
        gather.load(["2026"], project)


def test_runs_below_a_folder(project: Path, tmp_path: Path) -> None:
    for number in (7, 8):
        write(tmp_path / "artifacts" / f"job-{number}", document([result("a")], number=number), whole=False)
    runs = gather.load([str(tmp_path / "artifacts")], project)
    assert [one.folder.name for one in runs] == ["job-7", "job-8"]
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match="no results in"):
        gather.load([str(tmp_path / "empty")], project)


@pytest.mark.parametrize("text", [b"", b"{}", b"[" * 5000, b'{"summary": 3}', b"\xff"])
def test_damaged_results(project: Path, tmp_path: Path, text: bytes) -> None:
    (tmp_path / "bad.json").write_bytes(text)
    with pytest.raises(UntrustedInput, match="holds no results"):
        gather.load([str(tmp_path / "bad.json")], project)


def test_shards_become_one_and_arches_stay_apart() -> None:
    runs = loaded(
        document([result("b")], number=1, options=Options(shard="2/2")),
        document([result("a")], number=2, options=Options(shard="1/2")),
        document([result("a", "failed")], number=3, arch="mips"),
        document([result("a")], number=4, emulator=None),
        document([result("a")], number=5, cpu="cortex-a15"),
    )
    found = gather.groups(runs)
    assert [(group.arch, group.under, [entry.result.test for entry in group.entries]) for group in found] == [
        ("arm", "QEMU 10.0", ["a", "b"]),
        ("arm", "QEMU 10.0, cortex-a15", ["a"]),
        ("arm", "native", ["a"]),
        ("mips", "QEMU 10.0", ["a"]),
    ]


def test_a_later_run_of_the_same_test_wins() -> None:
    runs = loaded(document([result("a", "failed")], number=1), document([result("a")], number=2))
    [group] = gather.groups(runs)
    assert [(entry.result.status, entry.run) for entry in group.entries] == [("passed", 1)]


BEFORE = [
    result("same"),
    result("breaks"),
    result("mended", "failed"),
    result("flakes"),
    result("gone"),
    result("slow"),
]
NOW = [
    result("same", seconds=1.4),
    result("breaks", "lost"),
    result("mended"),
    result("flakes", "flaky"),
    result("new"),
    result("slow", seconds=3.0),
]


def test_compare() -> None:
    found = gather.compare(loaded(document(BEFORE)), loaded(document(NOW, number=2)))
    seen = {name: [one.id.split("/")[1].split()[0] for one in getattr(found, name)] for name in found.__struct_fields__}
    assert seen == {
        "broken": ["breaks"],
        "mended": ["mended"],
        "other": ["flakes"],
        "new": ["new"],
        "gone": ["gone"],
        "slower": ["slow"],
    }
    stream = io.StringIO()
    print_comparison(found, stream)
    assert "newly red: stress/breaks [default] on jsc on arm: passed → lost" in stream.getvalue()
    assert "slower: stress/slow [default] on jsc on arm: 1.0 s → 3.0 s" in stream.getvalue()


def test_nothing_changed() -> None:
    same = loaded(document(BEFORE))
    stream = io.StringIO()
    print_comparison(gather.compare(same, same), stream)
    assert stream.getvalue() == "nothing changed\n"
    many = loaded(document([result(f"t{number}", "failed") for number in range(30)]))
    stream = io.StringIO()
    print_comparison(gather.compare(loaded(document([])), many), stream)
    assert "… and 10 more new tests" in stream.getvalue()


def payload(html: str) -> dict[str, object]:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', html, re.DOTALL)
    assert found is not None
    return json.loads(found[1])  # type: ignore[no-any-return]


def test_what_the_page_holds(tmp_path: Path) -> None:
    results = [
        result("a", point="one"),
        result("b", "failed", message="m"),
        result("<!--</script>", "flaky", message="m"),
    ]
    one = document(results, number=4)
    proof = Proof(name="minimum", held=False, words="too few <tests>")
    broken = msgspec.structs.replace(
        one, summary=msgspec.structs.replace(one.summary, proofs=(proof,), diagnosis="look & see", executed=1)
    )
    for number in (1, 2, 3):
        record(tmp_path, document(results, number=number))
    html = page.render(data.page(loaded(broken), project=tmp_path))
    found = payload(html)
    assert found["groups"] == ["jsc on arm, QEMU 10.0"]
    rows: list[list[object]] = found["rows"]  # type: ignore[assignment]  # as it is written
    assert [row[5] for row in rows] == ["<!--</script>", "a/one", "b"]
    assert "proof of minimum broken: too few &lt;tests&gt;" in html
    assert "look &amp; see" in html
    assert "2 tests not run" in html
    anchors = [row[6] for row in rows if row[6]]
    assert len(anchors) == 2
    assert all(f'<details id="{anchor}"' in html for anchor in anchors)
    again = page.render(data.page(loaded(document(results, number=9)), project=tmp_path))
    assert all(f'<details id="{anchor}"' in again for anchor in anchors)  # links stay the same from run to run
    assert "http://" not in re.sub(r'xmlns(:xlink)?="[^"]*"', "", html)


@pytest.mark.parametrize(
    ("red", "total", "heat"), [(0, 10, 0), (1, 100, 1), (5, 100, 2), (20, 100, 3), (100, 100, 4), (1, 1, 4)]
)
def test_heat(red: int, total: int, heat: int, tmp_path: Path) -> None:
    results = [result(f"t{number}", "failed" if number < red else "passed") for number in range(total)]
    [row] = data.page(loaded(document(results)), project=tmp_path).rows
    [cell] = row.cells
    assert cell is not None
    assert (cell.heat, cell.red, cell.total) == (heat, red, total)


def test_very_many_failures_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data, "_FAILURES", 5)
    results = [result(f"t{number}", "failed") for number in range(9)]
    made = data.page(loaded(document(results)), project=tmp_path)
    assert (len(made.failures), made.hidden, made.total) == (5, 4, 9)
    assert "… and 4 more failures" in page.render(made)


def test_a_run_without_results(tmp_path: Path) -> None:
    html = page.render(data.page(loaded(document([], state="broken")), project=tmp_path))
    assert "broken, red" in html
    assert payload(html)["rows"] == []


def test_the_command(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report"]) == 0
    file = project / ".wrongarch/runs/latest/report.html"
    assert Path(capsys.readouterr().out.strip()).resolve() == file.resolve()
    assert "stress/b [default]" in file.read_text()
    assert main(["report", "latest", "--against", "20261101-000001", "-o", "-"]) == 0
    assert "Newly red (1)" in capsys.readouterr().out
    assert main(["report", "20261101-000001", "latest"]) == 0
    assert (project / ".wrongarch/report.html").exists()
    assert main(["report", "--format", "terminal", "--against", "20261101-000001"]) == 0
    out = capsys.readouterr().out
    assert "RED: 1 passed, 1 FAILED" in out
    assert "newly red: stress/b [default]" in out


def test_capsules_of_a_run_are_named(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsules = project / ".wrongarch/runs/latest/capsules"
    capsules.mkdir()
    (capsules / "jsc-arm-bad it.tar.zst").touch()
    (capsules / "jsc-arm.tar.zst.tmp-1").touch()
    assert main(["report", "-o", "-"]) == 0
    lines = re.findall(r"<code>(.*?)</code>", capsys.readouterr().out)
    assert lines == [f"wrongarch repro &#39;{capsules.resolve()}/jsc-arm-bad it.tar.zst&#39;"]


def test_markdown(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", "--format", "markdown", "--against", "20261101-000001"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("# 1 of 1 job failed")
    assert "### `stress/b [default]` on arm" in out
    assert "- newly red: `stress/b [default]` on jsc on arm: passed → failed" in out
    assert main(["report", "20261101-000001", "--format", "markdown", "--against", "20261101-000001"]) == 0
    assert capsys.readouterr().out.endswith("## What changed\n\nNothing.\n")


def test_many_changes_as_markdown() -> None:
    many = loaded(document([result(f"t`{number}", seconds=5.0) for number in range(150)]))
    few = loaded(document([result("t`0", seconds=1.0)], number=2))
    text = compared(gather.compare(few, many))
    assert "- slower" not in text  # beyond the bound
    assert text.endswith("- … and 50 more changes\n")
    assert "- new: ``stress/t`1 [default]`` on jsc on arm: passed" in text
    assert "- slower: ``stress/t`0 [default]`` on jsc on arm: 1.0 s → 5.0 s" in compared(
        gather.compare(few, loaded(document([result("t`0", seconds=5.0)], number=3)))
    )


def test_a_damaged_history_is_told(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / ".wrongarch" / "history.sqlite").write_bytes(b"this is no database\n" * 100)
    assert main(["report"]) == 0
    assert "note: the history was damaged" in capsys.readouterr().err


def test_wrong_words(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", "nonsense"]) == 2
    assert main(["report", "--format", "terminal", "-o", "x"]) == 2
    assert main(["report", "-o", "no/such/folder/report.html"]) == 3
    assert "wrongarch report --output FILE" in capsys.readouterr().err
