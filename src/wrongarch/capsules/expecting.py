"""What a suite expects of a test, as data: the rules of `wrongarch.recipes.suites` for one case."""

from __future__ import annotations

from pathlib import Path

from wrongarch.capsules.manifest import Expected
from wrongarch.recipes import model
from wrongarch.recipes.suites.base import Case, Kind
from wrongarch.recipes.suites.frontmatter import FrontMatterError, read_front_matter
from wrongarch.recipes.suites.test262 import ASYNC_FAILED, ASYNC_PASSED


def expected_of(kind: Kind, case: Case) -> Expected:
    """When `case` passes, without the files of the suite."""
    suite = kind.suite
    if isinstance(suite, model.CommandSuite):
        return _command(suite, next(test for test in suite.tests if test.name == case.test))
    if isinstance(suite, model.Test262Suite):
        return _test262(suite, kind.folder, case)
    return Expected(reject=suite.reject)


def _command(suite: model.CommandSuite, test: model.CommandTest) -> Expected:
    return Expected(
        exit_code=test.exit_code,
        stdout=test.stdout,
        match=test.match,
        reject=suite.reject if test.exit_code == 0 else "",
        results=test.results,
        report=test.report,
    )


def _test262(suite: model.Test262Suite, folder: Path | None, case: Case) -> Expected:
    plain = Expected(reject=suite.reject)
    if folder is None:
        return plain
    try:
        source = (folder / "test" / case.test).read_bytes().decode("utf-8", "surrogateescape")
        front = read_front_matter(source)
    except (OSError, FrontMatterError):
        return plain
    if front.negative is not None:
        return Expected(exit_code=None, throws=front.negative.type, thrown=suite.exception)
    if "async" in front.flags:
        return Expected(reject=suite.reject, contains=ASYNC_PASSED, lacks=ASYNC_FAILED)
    return plain
