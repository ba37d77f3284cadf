"""The commands on the real thing: foreign programs of every architecture that has images."""

from __future__ import annotations

import hashlib
import json
import shutil
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from wrongarch import settings
from wrongarch.arches.lookup import host_arch, image_arches
from wrongarch.emulators import pins
from wrongarch.images import lock as locks
from wrongarch.images import toolbox

Call = Callable[..., Any]  # the fixture `call`: words to (code, out, err)
REGISTRATIONS = Path("/proc/sys/fs/binfmt_misc")


def registrations() -> list[str]:
    return sorted(entry.name for entry in REGISTRATIONS.iterdir()) if REGISTRATIONS.is_dir() else []


# besides those with images: a cross compiler, and one of its other word size, whose programs share a machine number
@pytest.mark.parametrize("arch", [*(arch.name for arch in image_arches()), "alpha", "mipsn32"])
def test_a_program_is_built_and_tested(
    arch: str, call: Call, project: Path, locked_anew: Callable[[str, str], None]
) -> None:
    before = registrations()
    done = call("test", arch, "--recipe", "hello", "--json")
    if done.code == 4:
        warnings.warn(f"the lock of {arch} was made anew for this test: {done.err}", stacklevel=1)
        locked_anew(arch, "hello")
        done = call("test", arch, "--recipe", "hello", "--json")
    assert done.code == 0, done.err
    document = json.loads(done.out)
    assert document["summary"]["counts"]["passed"] == 3
    assert {proof["name"] for proof in document["summary"]["proofs"] if proof["held"]} == {
        "program",
        "interpreter",
        "minimum",
    }
    latest = project / ".wrongarch" / "runs" / "latest"
    assert json.loads((latest / "results.json").read_text())["summary"]["state"] == "finished"
    assert (latest / "junit.xml").read_text().startswith("<?xml")
    assert registrations() == before


@pytest.mark.parametrize(
    ("words", "code", "out", "err"),
    [
        (("uname", "-m"), 0, "armv7l\n", ""),
        (("sh", "-c", "exit 3"), 3, "", ""),
        (("sh", "-c", "kill -TERM $$"), 143, "", "killed by SIGTERM"),
        (("no-such-program",), 127, "", "did not start"),
        (("cat",), 0, "from outside\n", ""),
        (("cat", "file-of-mine"), 0, "mine\n", ""),
        (("sh", "-c", "echo no >file-of-mine"), 2, "", "Read-only"),
        (("id", "-u"), 0, "0\n", ""),
    ],
)
def test_run(words: tuple[str, ...], code: int, out: str, err: str, call: Call, project: Path) -> None:
    (project / "file-of-mine").write_text("mine\n")
    done = call("run", "arm", "--recipe", "hello", "--no-build", "--", *words, stdin="from outside\n")
    assert (done.code, done.out) == (code, out), done.err
    assert err in done.err


def test_run_with_a_time_limit(call: Call) -> None:
    done = call("run", "arm", "--recipe", "hello", "--no-build", "--timeout", "0.5", "--", "sleep", "20")
    assert done.code == 124
    assert "timed out after 0.5 s" in done.err


def test_run_sees_what_was_built(call: Call) -> None:
    done = call("run", "arm", "--recipe", "hello", "--", "/wrongarch/build/hello", "--machine")
    assert (done.code, done.out) == (0, "32-bit little-endian\n"), done.err


def test_run_explains_a_missing_loader(call: Call, project: Path) -> None:
    (project / "true").write_bytes(Path("/bin/true").read_bytes())
    done = call("run", "arm", "--recipe", "hello", "--no-build", "--", "./true")
    assert done.code == 127
    assert "loader" in done.err


def test_run_for_a_target_without_images(call: Call) -> None:
    done = call("run", "alpha", "--", "sh", "-c", "echo the tools are ours")
    assert (done.code, done.out) == (0, "the tools are ours\n"), done.err


def test_shell_reads_its_commands(call: Call) -> None:
    done = call("shell", "arm", "--recipe", "hello", "--no-build", stdin="uname -m\npwd\nexit 7\n")
    assert (done.code, done.out) == (0, "armv7l\n/wrongarch/here\n"), done.err


def test_build_again(call: Call) -> None:
    first = call("build", "arm", "--recipe", "hello")
    assert first.code == 0, first.err
    assert "hello for arm: built in" in first.out
    assert "already built" in call("build", "arm", "--recipe", "hello").out
    again = json.loads(call("build", "arm", "--recipe", "hello", "--again", "--json").out)
    assert again["fresh"] is True
    product = again["build"]["record"]["products"][0]
    assert hashlib.sha256(Path(again["build"]["tree"], product["path"]).read_bytes()).hexdigest() == product["sha256"]


def test_nothing_to_build(call: Call) -> None:
    done = call("build", "arm", "--recipe", "jsc")
    assert done.code == 0, done.err
    assert "jsc has nothing to build: /usr/bin/jsc is in its image" in done.out


def test_a_red_run(call: Call, project: Path) -> None:
    recipe = project / "mine"
    recipe.mkdir()
    (recipe / "recipe.toml").write_text(
        """
        name = "mine"
        program = "/bin/true"
        [image]
        like = "quickjs"
        [[suites]]
        kind = "command"
        name = "exits"
        tests = [
            { name = "good", command = ["true"] },
            { name = "bad", command = ["sh", "-c", "echo it is bad; exit 3"] },
        ]
        """
    )
    done = call("test", "arm", "--recipe", "./mine", "--retries", "0", "--jobs", "1")
    assert done.code == 1, done.err
    assert "exit 3" in done.out and "RED" in done.out
    assert "wrongarch test arm --recipe" in done.out


def test_image_lock_and_build(call: Call, project: Path, locked_anew: Callable[[str, str], None]) -> None:
    locked_anew("arm", "hello")
    path = project / "ci" / "locks" / "quickjs" / "arm.json"
    assert locks.read(path).image == "quickjs"
    done = call("image", "build", "arm", "--recipe", "hello", "--json")
    assert done.code == 0, done.err
    (built,) = json.loads(done.out)
    assert built["lock"] == locks.read(path).digest
    assert Path(built["root"], "bin", "sh").exists()
    text = call("image", "build", "arm", "--recipe", "hello").out
    assert f"quickjs for arm: sha256:{built['digest']}" in text


def test_a_lock_of_a_toolbox(call: Call, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    folder = tmp_path / "locks"
    shutil.copytree(toolbox.locks_folder(), folder)
    monkeypatch.setattr(toolbox, "locks_folder", lambda: folder)  # the real one is under version control
    done = call("image", "lock", "arm64", "--toolbox", "--json")
    assert done.code == 0, done.err
    assert json.loads(done.out)[0]["lock"] == str(folder / "toolbox" / "arm64.json")
    lock = locks.read(folder / "toolbox" / "arm64.json")
    assert lock.arch == "arm64"
    assert {"apt", "dpkg"} <= {package.name for package in lock.packages}


def test_emulators(call: Call) -> None:
    listed = json.loads(call("emulator", "list", "--json").out)
    default = next(entry for entry in listed if entry["default"])
    assert default["packages"]
    assert f"{default['version']} (default)" in call("emulator", "list").out
    (emulator,) = json.loads(call("emulator", "get", default["version"], "s390x", "--json").out)
    path = Path(emulator["path"])
    assert hashlib.sha256(path.read_bytes()).hexdigest() == emulator["sha256"]
    assert f"{path} sha256:{emulator['sha256']}" in call("emulator", "get", default["version"], "s390x").out


def test_emulator_refresh(call: Call, tmp_path: Path) -> None:
    done = call("emulator", "refresh", "--output", str(tmp_path / "pins.json"))
    assert done.code == 0, done.err
    assert f"written: {tmp_path / 'pins.json'}" in done.out
    assert json.loads((tmp_path / "pins.json").read_text())["candidates"]


def test_emulator_refresh_after_the_archive_moved_on(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WRONGARCH_CONFIG", str(tmp_path))
    known, host = pins.load(), host_arch().debian
    old = known.candidates["10.0"][host][0]
    gone = msgspec.structs.replace(old, file=msgspec.structs.replace(old.file, version="1:10.0.0+old", sha256="0" * 64))
    moved = {**known.candidates, "10.0": {host: (gone,)}}
    # nothing of the shipped pins stays beside those of the user
    monkeypatch.setattr(pins, "load", lambda: msgspec.structs.replace(known, candidates=moved))
    done = call("emulator", "refresh", "--json")
    assert done.code == 0, done.err
    told = json.loads(done.out)
    assert told["file"] == str(tmp_path / "pins.json")
    assert any(line.startswith(f"10.0 on {host}: {old.file.name}") for line in told["changes"])
    assert "0" * 64 not in (tmp_path / "pins.json").read_text()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("test", "nosuch"), "there is no arch 'nosuch'"),
        (("test", "arm", "--recipe", "nosuch"), "there is no recipe 'nosuch'"),
        (("test", "arm", "--suite", "nosuch"), "there is no suite 'nosuch'"),
        (("test", "arm", "--engine", "nosuch"), "there is no engine 'nosuch'"),
        (("test", "arm", "--emulator", "1.0"), "no emulator is pinned as '1.0'"),
        (("test", "arm", "--shard", "3/2"), "'3/2' is no shard"),
        (("test", "arm", "--recipe", "hello", "--filter", "nothing-like-that"), "no test matches"),
        (("test", "arm", "--recipe", "hello", "--filter", "("), "no regular expression"),
        (("test", "alpha"), "recipe 'jsc' cannot be built for alpha"),
        (("test", "hexagon", "--recipe", "hello"), "neither an image nor a cross compiler"),
        (("image", "build", "arm", "--recipe", "./nosuch"), "cannot read the recipe"),
        (("emulator", "get", "10.0", "nosuch"), "there is no arch 'nosuch'"),
    ],
)
def test_bad_input(words: tuple[str, ...], told: str, call: Call, project: Path) -> None:
    done = call(*words)
    assert done.code == 2
    assert told in done.err
    assert "\nfix: " in done.err
    assert not (project / ".wrongarch" / "runs").exists() or not list((project / ".wrongarch" / "runs").iterdir())


def test_a_lock_that_is_missing(call: Call, project: Path, locked_anew: Callable[[str, str], None]) -> None:
    recipe = project / "mine"
    recipe.mkdir()
    (recipe / "recipe.toml").write_text(
        'name = "mine"\nprogram = "/bin/true"\n[image]\npackages = ["dash"]\n'
        '[[suites]]\nkind = "command"\nname = "a"\ntests = [{ name = "b", command = ["true"] }]\n'
    )
    done = call("test", "arm", "--recipe", "./mine")
    assert done.code == 2
    assert "there is no lock for the image mine on arm" in done.err
    fix = done.err.partition("fix: ")[2].split()
    assert fix[0] == "wrongarch"
    assert call(*fix[1:]).code == 0, "the advice has to work"
    assert (project / "mine" / "locks" / "mine" / "arm.json").exists()


def test_a_mirror_that_does_not_answer(call: Call, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    settings.current.cache_clear()
    for name in ("MIRROR", "SNAPSHOT"):
        monkeypatch.setenv(f"WRONGARCH_DEBIAN_{name}", "http://127.0.0.1:9/debian")
    monkeypatch.setenv("WRONGARCH_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("WRONGARCH_CONFIG", str(tmp_path))
    (tmp_path / "config.toml").write_text("[download]\nattempts = 1\n")  # patience has its own tests
    try:
        done = call("image", "build", "arm", "--recipe", "hello")
    finally:
        settings.current.cache_clear()
    assert done.code == 4
    assert "fix: " in done.err
