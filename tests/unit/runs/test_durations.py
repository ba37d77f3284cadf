from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.samples import summary
from wrongarch.errors import UntrustedInput, UsageError
from wrongarch.runs import durations
from wrongarch.runs.durations import Durations
from wrongarch.runs.model import Result, RunDocument


def document(**seconds: float) -> RunDocument:
    results = [
        Result(suite="s", test=name, mode="m", status="passed", seconds=value) for name, value in seconds.items()
    ]
    return RunDocument(summary=summary(), results=tuple(results))


def test_times_are_learned_and_smoothed() -> None:
    first = durations.learned(Durations(), [document(a=2.0, b=4.0)])
    assert first.of("jsc", "arm") == {"s/a [m]": 2.0, "s/b [m]": 4.0}
    assert first.of("jsc", "mips") == {}
    second = durations.learned(first, [document(a=4.0, c=1.0)])
    assert second.of("jsc", "arm") == {"s/a [m]": 3.0, "s/b [m]": 4.0, "s/c [m]": 1.0}


def test_points_count_for_their_command_and_what_did_not_run_does_not() -> None:
    results = [
        Result(suite="s", test="t", mode="m", status="passed", seconds=1.0, point="1"),
        Result(suite="s", test="t", mode="m", status="failed", seconds=2.0, point="2"),
        Result(suite="s", test="u", mode="m", status="skipped", seconds=9.0),
        Result(suite="s", test="v", mode="m", status="lost", seconds=9.0),
    ]
    found = durations.learned(Durations(), [RunDocument(summary=summary(), results=tuple(results))])
    assert found.of("jsc", "arm") == {"s/t [m]": 3.0}


def test_of_two_machines_the_slower_counts() -> None:
    found = durations.learned(Durations(), [document(a=1.0), document(a=5.0)])
    assert found.of("jsc", "arm") == {"s/a [m]": 5.0}


def test_a_file_comes_back_and_is_always_the_same(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "durations.json"
    assert durations.digest(file) == ""
    assert durations.read(file) == Durations()
    durations.write(Durations(tests={"b x": {"2": 1.0, "1": 2.0}, "a x": {}}), file)
    first = durations.digest(file)
    durations.write(Durations(tests={"a x": {}, "b x": {"1": 2.0, "2": 1.0}}), file)
    assert durations.digest(file) == first != ""
    assert durations.read(file).tests["b x"] == {"1": 2.0, "2": 1.0}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("{", UntrustedInput),
        ('{"format": 1, "tests": {"a": {"b": -1}}}', UntrustedInput),
        ('{"format": 1, "other": 1}', UntrustedInput),
        ('{"format": 2}', UsageError),
    ],
)
def test_what_is_wrong_is_told(tmp_path: Path, text: str, kind: type[Exception]) -> None:
    file = tmp_path / "d.json"
    file.write_text(text)
    with pytest.raises(kind, match=r"d\.json"):
        durations.read(file)


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot read"):
        durations.read(tmp_path)
