"""JavaScriptCore's own tests, by the harness that a WebKit checkout brings along.

The harness is started once and tells at its end how each test came out; a test that fails is run again by the script
that the harness wrote for it. What is relied on has been the same for many years: the options of
https://github.com/WebKit/WebKit/blob/main/Tools/Scripts/run-javascriptcore-tests, the JSON of `--json-output`, and the
files of Tools/Scripts/run-jsc-stress-tests in its folder of results.
"""

from __future__ import annotations

import posixpath
import re
import shlex
from collections.abc import Iterator
from functools import partial
from pathlib import PurePosixPath

from wrongarch.engines.base import Outcome
from wrongarch.recipes import model
from wrongarch.recipes.suites.base import (
    WORK,
    Case,
    Execution,
    Places,
    ReadFile,
    Verdict,
    failure,
    guest_values,
    judge_by_exit,
    modes_for,
    reject_pattern,
    text_of,
)
from wrongarch.recipes.suites.webkit_results import FILES, Report, read_report
from wrongarch.recipes.templates import expand

HARNESS = "harness"
"""The name of the case that runs all tests."""

_JSON = "results.json"
# The harness's own choice, beside the program: `executableProductDir` of Tools/Scripts/webkitdirs.pm. For JSCOnly that
# is "bin"; it was not in the port's first years.
_RESULTS = ("product/bin/jsc-stress-results", "product/jsc-stress-results")
_START, _AGAIN = "start.sh", "again.sh"
_RUNNING = re.compile(r"^echo Running (?P<name>.+)$", re.MULTILINE)
_CHANGES = re.compile(r"\bcd (?P<folder>\S+)")
_HEAD = 4096  # characters of a script that are looked at
_GRACE = 60.0  # seconds, for the shell and the tools around a test

# The folder of the program is made anew, of links: the build's own is read-only, and results are written into it.
_START_TEXT = """\
# Starts the harness in this folder. $1: the folder of the program; the rest: the harness and its options
set -e
cd "$(dirname "$0")"
rm -rf product results.json && mkdir -p product/bin
for file in "$1"/* "$1"/bin/*; do
    case ${file#"$1"/} in
        bin) ;;
        bin/*) ln -s "$file" product/bin/ ;;
        *) ln -s "$file" product/ ;;
    esac
done
shift
exec "$@"
"""

# A script of the harness for one test says "FAIL: name" and ends with 0 in any case; the one that it leaves to
# reproduce a failure only tells how the program ended.
_AGAIN_TEXT = """\
# Runs one test again as the harness did, and fails if it does. $1: its name; $2: the harness' script for it
cd "${2%/*}" || exit 2
case $2 in
    */test_script_*) ;;
    *) exec bash "$2" ;;
esac
said=$(sh "$2" 2>&1)
printf '%s\\n' "$said"
case "
$said
" in
    *"
FAIL: $1
"*) exit 1 ;;
esac
"""
_TOOLS = ("awk", "bash", "cat", "cmp", "diff", "grep", "rm", "sed", "tee", "touch")
"""What scripts of harnesses start besides the program."""


class Webkit:
    """A suite of JavaScriptCore's own tests on one arch."""

    def __init__(self, suite: model.WebkitSuite, places: Places, program: str, arch: str) -> None:
        self.suite = suite
        self.folder = None
        self.work = places.generated / suite.name
        self._filter = ""
        self._scripts: dict[str, str] = {}
        self._program = program
        self._modes = {mode.name: mode for mode in modes_for(suite, arch)}
        self._reject = reject_pattern(suite)
        self._guest = f"{WORK}/{suite.name}"
        self.work.mkdir(parents=True, exist_ok=True)
        for name, text in ((_START, _START_TEXT), (_AGAIN, _AGAIN_TEXT)):
            (self.work / name).write_text(text, encoding="utf-8")

    def cases(self) -> Iterator[Case]:
        """The harness, in each mode."""
        for mode in self._modes:
            yield Case(self.suite.name, HARNESS, mode)

    def pass_on(self, expression: str) -> None:
        """Have the harness run only the tests whose names match; `suite/` in front and ` [mode]` behind are ours."""
        own = re.sub(rf"^(\^?){re.escape(self.suite.name)}/", r"\1", expression)
        own = re.sub(r" \\\[.*$", "$" if own.endswith("$") else "", own)
        self._filter = "" if own.strip("^$") == HARNESS else own

    def execution(self, case: Case, scratch: str) -> Execution:
        """The harness; or a test of it, once that has run."""
        mode = self._modes[case.mode]
        whole = case.test == HARNESS
        argv = self._whole(mode.options, scratch) if whole else self._again(case.test)
        return Execution(
            case=case,
            argv=argv,
            env={**self._environment(), **mode.env},
            cwd=self._guest,
            timeout=self.suite.timeout if whole else self.suite.test_timeout + self.suite.hard_timeout + _GRACE,
            memory=(self.suite.memory if whole else self.suite.test_memory) << 20,
            processes=self.suite.processes,
            judge=self._judge if whole else partial(_judge_one, self._reject),
            programs=() if whole else (self._program, *self._copies(), *_TOOLS),
            folders=() if whole else tuple(self._folders(argv[-1])),
            tools=whole,
            times={"JSCTEST_timeout": self.suite.test_timeout, "JSCTEST_hardTimeout": self.suite.hard_timeout},
        )

    def _again(self, test: str) -> tuple[str, ...]:
        if test not in self._scripts:
            self._scripts = dict(self._written())
        script = self._scripts.get(test, f"{_RESULTS[0]}/{test}")
        return ("sh", f"{self._guest}/{_AGAIN}", test, f"{self._guest}/{script}")

    def _written(self) -> Iterator[tuple[str, str]]:
        """The tests that the harness has written scripts for, each with the path of its script from `work`."""
        for results in _RESULTS:
            for file in (self.work / results / ".runner").glob("test_script_*"):
                with file.open(encoding="utf-8", errors="replace") as opened:
                    found = _RUNNING.search(opened.read(_HEAD))
                if found is not None:
                    yield _unquoted(found["name"]), str(file.relative_to(self.work))

    def _folders(self, script: str) -> Iterator[str]:
        """The folders, in the guest, that a script (a path of the guest's, too) works in."""
        place = PurePosixPath(script)
        yield str(place.parent)
        try:
            text = (self.work / place.relative_to(self._guest)).read_text(encoding="utf-8", errors="replace")
        except OSError:
            return
        for found in _CHANGES.finditer(text):
            yield posixpath.normpath(place.parent / _unquoted(found["folder"]))

    def _copies(self) -> Iterator[str]:
        """The copies of the program, or links to it, that the harness has made for its tests."""
        for results in _RESULTS:
            for file in sorted((self.work / results / ".vm").rglob("*")):
                if not file.is_dir():
                    yield f"{self._guest}/{file.relative_to(self.work)}"

    def _whole(self, options: tuple[str, ...], scratch: str) -> tuple[str, ...]:
        values = guest_values(self._program, self._guest, options, scratch)
        wrapper = (f"--artifact-exec-wrapper={self.suite.wrapper}",) if self.suite.wrapper else ()
        return (
            "sh",
            f"{self._guest}/{_START}",
            *expand((self.suite.product, *self.suite.command), values),
            *self.suite.options,
            *options,
            *wrapper,
            *((f"--filter={self._filter}",) if self._filter else ()),
            "--no-build",
            f"--root={self._guest}/product",
            f"--json-output={self._guest}/{_JSON}",
        )

    def _environment(self) -> dict[str, str]:
        return {
            "PYTHONDONTWRITEBYTECODE": "1",
            "RUBYOPT": "-EUTF-8",  # the harness asks for a locale that images do not have
            **self.suite.env,
        }

    def _judge(self, outcome: Outcome, read: ReadFile) -> Verdict:
        """The results of all tests. The harness fails as well unless they explain how it ended."""
        text = text_of(outcome)
        places = [f"{self._guest}/{results}" for results in _RESULTS]
        lists = {name: tuple(line for place in places for line in _lines(read, f"{place}/{name}")) for name in FILES}
        try:
            report = read_report(read(f"{self._guest}/{_JSON}"), lists, text)
        except OSError:
            report = Report(fault="the harness wrote no results")
        if outcome.reason != "exit":
            ended = failure(outcome, text)
            return Verdict(status="failed", message=ended.message, cases=report.cases, own=True)
        failed = any(case.status == "failed" for case in report.cases)
        fault = f"{report.fault} ({failure(outcome, text).message})" if report.fault else ""
        if not fault and outcome.exit_code != 0 and not failed:
            fault = failure(outcome, text).message
        if not fault and not report.cases:
            fault = f"no test of its matches {self._filter!r}" if self._filter else "it ran no test"
        return Verdict(status="failed" if fault else "passed", message=fault, cases=report.cases, own=True)


def _unquoted(word: str) -> str:
    """What a word of the shell stands for."""
    try:
        return " ".join(shlex.split(word))
    except ValueError:
        return word


def _judge_one(reject: re.Pattern[str] | None, outcome: Outcome, _read: ReadFile) -> Verdict:
    return judge_by_exit(outcome, reject)


def _lines(read: ReadFile, path: str) -> tuple[str, ...]:
    """The lines of a file of results, none where there is no such file."""
    try:
        return tuple(line for line in read(path).decode(errors="replace").splitlines() if line)
    except OSError:
        return ()
