"""Suites laid out as test262: front matter, harness includes, strict and sloppy variants, negative tests.

Source: https://github.com/tc39/test262/blob/main/INTERPRETING.md.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from functools import partial

from wrongarch.engines.base import Outcome, describe
from wrongarch.recipes import model
from wrongarch.recipes.suites.base import (
    GENERATED,
    SUITES,
    Case,
    Execution,
    Places,
    ReadFile,
    Verdict,
    failure,
    guest_values,
    host_folder,
    judge_by_exit,
    line_around,
    matching_files,
    modes_for,
    reject_pattern,
    text_of,
)
from wrongarch.recipes.suites.frontmatter import FrontMatter, FrontMatterError, read_flags, read_front_matter
from wrongarch.recipes.templates import expand

FIXTURE = "_FIXTURE"
_STANDARD_INCLUDES = ("assert.js", "sta.js")
_ASYNC_INCLUDE = "doneprintHandle.js"
ASYNC_PASSED = "Test262:AsyncTestComplete"
ASYNC_FAILED = "Test262:AsyncTestFailure:"
_SLOPPY, _STRICT, _MODULE, _RAW, _MALFORMED = "sloppy", "strict", "module", "raw", "malformed"


class Test262:
    """A test262 suite on one arch."""

    __test__ = False  # keeps pytest from collecting it

    def __init__(self, suite: model.Test262Suite, places: Places, program: str, arch: str) -> None:
        self.suite = suite
        self.folder = host_folder(suite.name, suite.folder, places)
        self._tests = host_folder(suite.name, f"{suite.folder}/test", places)
        self._harness = host_folder(suite.name, f"{suite.folder}/harness", places)
        self._generated = places.generated / suite.name
        self._program = program
        self._modes = {mode.name: mode for mode in modes_for(suite, arch)}
        self._reject = reject_pattern(suite)
        self._exception = re.compile(suite.exception, re.MULTILINE)
        self._guest = f"{SUITES}/{suite.name}"

    def cases(self) -> Iterator[Case]:
        """Each test in each mode and each variant that its flags ask for."""
        for test in matching_files(self._tests, self.suite.pattern, self.suite.exclude):
            if FIXTURE in test:
                continue
            variants = self._variants(test)
            for mode in self._modes:
                for variant in variants:
                    yield Case(self.suite.name, test, f"{mode} {variant}")

    def _variants(self, test: str) -> tuple[str, ...]:
        try:
            flags = read_flags(self._source(test))
        except FrontMatterError:
            return (_MALFORMED,)
        for flag, variant in (("raw", _RAW), ("module", _MODULE), ("onlyStrict", _STRICT), ("noStrict", _SLOPPY)):
            if flag in flags:
                return (variant,)
        return (_SLOPPY, _STRICT)

    def _source(self, test: str) -> str:
        return (self._tests / test).read_bytes().decode("utf-8", "surrogateescape")  # line ends are kept as they are

    def execution(self, case: Case, scratch: str) -> Execution:
        """Run the test after its includes. What the front matter rules out, or gets wrong, is decided without a run."""
        mode_name, _, variant = case.mode.partition(" ")
        mode = self._modes[mode_name]
        front, decided = self._front(case.test)
        options = (*mode.options, *(self.suite.no_block_options if "CanBlockIsFalse" in front.flags else ()))
        values = {
            **guest_values(self._program, self._guest, options, scratch),
            "test": self._written(case.test, variant, decided),
            "includes": self._includes(front, variant),
        }
        return Execution(
            case=case,
            argv=expand(self._command(variant), values),
            env={**self.suite.env, **mode.env},
            cwd=scratch or self._guest,
            timeout=self.suite.timeout,
            memory=self.suite.memory << 20,
            processes=self.suite.processes,
            judge=partial(self._judge, front),
            decided=decided,
        )

    def _front(self, test: str) -> tuple[FrontMatter, Verdict | None]:
        try:
            front = read_front_matter(self._source(test))
        except FrontMatterError as error:
            return FrontMatter(), Verdict(status="failed", message=str(error))
        missing = [name for name in front.includes if not (self._harness / name).is_file()]
        if missing:
            return front, Verdict(status="failed", message=f"the include {missing[0]!r} is not in harness/")
        lacking = sorted(set(front.features) & set(self.suite.skip_features))
        if lacking:
            return front, Verdict(status="skipped", message=f"needs {', '.join(lacking)}")
        if "CanBlockIsFalse" in front.flags and not self.suite.no_block_options:
            return front, Verdict(status="skipped", message="needs a main agent that cannot block")
        return front, None

    def _command(self, variant: str) -> tuple[str, ...]:
        special = {_STRICT: self.suite.strict, _MODULE: self.suite.module}.get(variant)
        return special or self.suite.command

    def _includes(self, front: FrontMatter, variant: str) -> tuple[str, ...]:
        if variant == _RAW:
            return ()
        own = (_ASYNC_INCLUDE,) if "async" in front.flags else ()
        names = dict.fromkeys((*_STANDARD_INCLUDES, *own, *front.includes))
        return tuple(word for name in names for word in (*self.suite.include_option, f"{self._guest}/harness/{name}"))

    def _written(self, test: str, variant: str, decided: Verdict | None) -> str:
        """The test's path in the guest; a strict variant is written out where the engine has no option for it."""
        if variant != _STRICT or self.suite.strict or decided is not None:
            return f"{self._guest}/test/{test}"
        written = self._generated / test
        if not written.exists():
            written.parent.mkdir(parents=True, exist_ok=True)
            for fixture in (self._tests / test).parent.glob(f"*{FIXTURE}*"):
                shutil.copyfile(fixture, written.parent / fixture.name)
            source = '"use strict";\n' + self._source(test)
            written.write_bytes(source.encode("utf-8", "surrogateescape"))
        return f"{GENERATED}/{self.suite.name}/{test}"

    def _judge(self, front: FrontMatter, outcome: Outcome, _read: ReadFile) -> Verdict:
        if front.negative is not None:
            return self._judge_negative(front.negative.type, front.negative.phase, outcome)
        verdict = judge_by_exit(outcome, self._reject)
        if "async" not in front.flags or verdict.status == "failed":
            return verdict
        text = text_of(outcome)
        failed_at = text.find(ASYNC_FAILED)
        if failed_at >= 0:
            return Verdict(status="failed", message=line_around(text, failed_at))
        if ASYNC_PASSED not in text:
            return Verdict(status="failed", message="it ended without calling $DONE")
        return verdict

    def _judge_negative(self, wanted: str, phase: str, outcome: Outcome) -> Verdict:
        text = text_of(outcome)
        if outcome.reason != "exit":
            return failure(outcome, text)
        expected = f"expected an uncaught {wanted} ({phase})"
        thrown = [found["type"] for found in self._exception.finditer(text)]
        if outcome.exit_code == 0:
            return Verdict(status="failed", message=f"{expected}, but it ended with exit 0")
        if wanted not in thrown:
            seen = f"threw {thrown[-1]}" if thrown else f"ended with {describe(outcome)} and no error that can be read"
            return Verdict(status="failed", message=f"{expected}, but it {seen}")
        return Verdict(status="passed")
