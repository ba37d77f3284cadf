"""What a shell and man(1) make of the program: completion, and the page."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.node import CHECKOUT

PAGE = CHECKOUT / "man" / "wrongarch.1"


def completed(reader: dict[str, str], line: str) -> set[str]:
    """What bash offers after `line`, by the script that --show-completion prints, in a real bash."""
    script = subprocess.run(
        ["wrongarch", "--show-completion", "bash"],
        env={**reader, "_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    words = line.split(" ")
    asking = f"COMP_WORDS=({' '.join(words[:-1])} '{words[-1]}'); COMP_CWORD={len(words) - 1}"
    asking += '; _wrongarch_completion wrongarch; printf "%s\\n" "${COMPREPLY[@]}"'
    done = subprocess.run(["bash", "-c", f"{script}\n{asking}"], env=reader, capture_output=True, text=True, check=True)
    return set(done.stdout.split())


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("wrongarch te", {"test"}),
        ("wrongarch test ar", {"arm", "armel", "arm64"}),
        ("wrongarch image lo", {"load", "lock"}),
        ("wrongarch test arm --recipe qu", {"quickjs"}),
        ("wrongarch test arm --emulator 1", {"10.0", "11.1"}),
        ("wrongarch repro --mini", {"--minimize"}),
    ],
)
def test_completion(reader: dict[str, str], line: str, offered: set[str]) -> None:
    assert completed(reader, line) == offered


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_scripts_of_other_shells(reader: dict[str, str], shell: str) -> None:
    env = {**reader, "_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"}
    done = subprocess.run(
        ["wrongarch", "--show-completion", shell], env=env, capture_output=True, text=True, check=True
    )
    assert f"_WRONGARCH_COMPLETE=complete_{shell}" in done.stdout


def need(program: str) -> None:
    if not shutil.which(program):
        (pytest.fail if os.environ.get("CI") else pytest.skip)(f"{program} is not installed: see .ci/setup-debian.sh")


def test_man_shows_the_page_without_a_warning() -> None:
    need("man")
    need("groff")
    # what lintian(1) does with the pages of Debian's packages
    words = ["man", "--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z", str(PAGE)]
    env = {**os.environ, "LC_ALL": "C.UTF-8", "MANROFFSEQ": "", "MANWIDTH": "80"}
    done = subprocess.run(words, env=env, capture_output=True, text=True, check=True)
    assert done.stderr == ""


def test_what_man_shows() -> None:
    need("man")
    env = {**os.environ, "LC_ALL": "C.UTF-8", "MANWIDTH": "100", "MAN_KEEP_FORMATTING": ""}
    done = subprocess.run(["man", "-P", "cat", "-l", str(PAGE)], env=env, capture_output=True, text=True, check=True)
    shown = "\n".join(line.strip() for line in done.stdout.splitlines())
    assert "wrongarch - reproduce a failure on the architecture you do not have" in shown
    for words in (
        "EXIT STATUS",
        "ENVIRONMENT",
        "--emulator VERSION",
        "wrongarch image lock",
        ".wrongarch/runs/",
        "130",
    ):
        assert words in shown
    assert "`" not in shown


def test_the_program_is_where_the_page_is(reader: dict[str, str]) -> None:
    done = subprocess.run(["wrongarch", "--version"], env=reader, capture_output=True, text=True, check=True)
    version = done.stdout.split()[1]
    assert f'"wrongarch {version}"' in PAGE.read_text(encoding="utf-8")
    assert Path(sys.executable).exists()
