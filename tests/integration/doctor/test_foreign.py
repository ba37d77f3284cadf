"""What programs of another arch meet: in a session that is well, and in ones with a fault planted."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest

from wrongarch import paths
from wrongarch.arches import lookup
from wrongarch.cli import ground, main
from wrongarch.cli.progress import Progress
from wrongarch.doctor import foreign, guests
from wrongarch.doctor.foreign import Guest
from wrongarch.emulators import store
from wrongarch.engines.base import Command
from wrongarch.recipes.reading import Recipe
from wrongarch.runs.building import Build, Ground, built
from wrongarch.runs.observer import Silent

Made = tuple[Ground, Build, Recipe]
HOST = lookup.host_arch().name


@pytest.fixture(scope="module")
def made(requires_namespaces: None, pinned: None) -> Iterator[Callable[[str], Made]]:
    """The program for an arch, built once in the cache as the command has it."""
    home = paths.cache_dir() / "doctor"
    home.mkdir(exist_ok=True)

    def make(arch: str) -> Made:
        words = ground.Words(arch=arch, recipe=str(foreign.RECIPE), engine="sandbox")
        choice = ground.choose(words, Path.cwd())
        with Progress() as progress:
            base = ground.ground(words, choice, progress)
        with built(choice.recipe, base, project=home, observer=Silent(), jobs=1) as build:
            return base, build, choice.recipe

    known: dict[str, Made] = {}
    yield lambda arch: known.setdefault(arch, make(arch)) if arch not in known else known[arch]


@contextmanager
def opened(made: Made, folder: Path, **options: Any) -> Iterator[Guest]:
    base, build, _ = made
    ground_changes = {key: options.pop(key) for key in ("emulator", "cpu") if key in options}
    base = msgspec.structs.replace(base, **ground_changes)
    with guests.open_guest(base, build, home=folder, here=options.pop("here", folder), **options) as guest:
        yield guest


@pytest.fixture(scope="module")
def guest(made: Callable[[str], Made], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Guest]]:
    """A session that is well, by arch."""
    sessions: list[AbstractContextManager[Guest]] = []
    known: dict[str, Guest] = {}

    def get(arch: str) -> Guest:
        if arch not in known:
            sessions.append(opened(made(arch), tmp_path_factory.mktemp("well")))
            known[arch] = sessions[-1].__enter__()
        return known[arch]

    yield get
    for session in sessions:
        session.__exit__(None, None, None)


WELL = ("starts", "uname", "setuid", "clock", "sockets", "reservation", "cpuinfo", "ownership")
PROBES = {probe.name: probe.look for probe in foreign.PROBES}


@pytest.mark.parametrize("name", WELL)
def test_a_session_that_is_well(name: str, guest: Callable[[str], Guest]) -> None:
    found = PROBES[name](guest("arm"))
    if name == "setuid" and found.status == "skip":
        pytest.skip(found.words)
    assert found.status == "pass", found


@pytest.mark.parametrize("name", ["year-2038", "readdir", "stack", "ptrace", "cpuinfo", "starts"])
def test_without_an_emulator_nothing_is_limited(name: str, guest: Callable[[str], Guest]) -> None:
    found = PROBES[name](guest(HOST))
    assert found.status == "pass", found


def test_limits_of_emulation(guest: Callable[[str], Guest]) -> None:
    arm = guest("arm")
    found = foreign.ptrace(arm)
    assert (found.status, "QEMU_GDB" in found.fix) == ("warn", True)
    found = foreign.year_2038(arm)
    assert (found.status, "32 bits" in found.words) == ("warn", True)
    found = foreign.stack(arm)
    assert (found.status, "is not kept" in found.words) == ("warn", True)
    way_out = arm.session.run(
        Command(argv=(foreign.PROGRAM, "stack", "again"), env={"QEMU_STACK_SIZE": "67108864"}, timeout=60)
    )
    assert way_out.stdout == b"ok\n"  # the fix that is told works
    assert arm.run("stack", "again").reason == "signal"


def test_the_hosts_cpu_is_shown(made: Callable[[str], Made], tmp_path: Path) -> None:
    """QEMU 7.2 does not make a /proc/cpuinfo for ARM."""
    old = store.get("7.2", "arm")
    with opened(made("arm"), tmp_path, emulator=old) as guest:
        found = foreign.cpuinfo(guest)
        assert (found.status, "this machine's CPU" in found.words) == ("warn", True)


def test_the_wrong_emulator(made: Callable[[str], Made], tmp_path: Path) -> None:
    with opened(made("arm"), tmp_path, emulator=store.get("10.0", "mipsel")) as guest:
        found = foreign.starts(guest)
        assert (found.status, "does not run" in found.words) == ("fail", True)


def test_something_else_is_started(guest: Callable[[str], Guest]) -> None:
    found = foreign.starts(msgspec.structs.replace(guest(HOST), emulated=True))
    assert (found.status, "something else" in found.words) == ("fail", True)


def test_another_machine(guest: Callable[[str], Guest]) -> None:
    found = foreign.uname(msgspec.structs.replace(guest("arm"), arch=lookup.find("armel")))
    assert (found.status, "armv7l, not armv5tel" in found.words) == ("warn", True)


def test_setuid_without_its_flag(made: Callable[[str], Made], tmp_path: Path) -> None:
    with opened(made("arm"), tmp_path, flags="POF") as guest:
        found = foreign.setuid(guest)
        if found.status == "skip":
            pytest.skip(found.words)
        assert (found.status, "flag C" in found.fix) == ("fail", True)


def test_wide_places_in_a_folder(made: Callable[[str], Made], tmp_path: Path) -> None:
    """tmpfs numbers them from 0, ext4 by hashes of 63 bits."""
    wide = tmp_path / "wide"
    wide.mkdir(mode=0o755)
    if kind_of(wide) != "ext2/ext3" or kind_of(Path("/dev/shm")) != "tmpfs":
        pytest.skip("needs a folder on ext4 and one on tmpfs")
    with opened(made("arm"), Path("/dev/shm")) as guest:
        assert foreign.readdir(guest).status == "pass"
    with opened(made("arm"), Path("/dev/shm"), here=wide) as guest:
        found = foreign.readdir(guest)
        assert (found.status, foreign.HERE in found.words) == ("warn", True)
        assert "FILE_OFFSET_BITS" in found.fix


def kind_of(folder: Path) -> str:
    return subprocess.check_output(["stat", "-f", "-c", "%T", folder], text=True).strip()


def test_a_clock_that_is_wrong(guest: Callable[[str], Guest]) -> None:
    found = foreign.clock(msgspec.structs.replace(guest("arm"), clock=lambda: time.time() + 3600))
    assert (found.status, "-3600" in found.words or "-3601" in found.words) == ("fail", True)


def test_files_that_cannot_have_late_times(guest: Callable[[str], Guest], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(foreign, "OUT", "/proc")
    found = foreign.year_2038(guest("arm"))
    assert (found.status, "times after 2038 are lost" in found.words) == ("fail", True)


def test_no_more_sockets(guest: Callable[[str], Guest]) -> None:
    few = ("sh", "-c", 'ulimit -n 3; exec "$@"', "sh")
    found = foreign.sockets(msgspec.structs.replace(guest("arm"), before=few))
    assert (found.status, "socket" in found.words) == ("fail", True)


def test_little_address_space(made: Callable[[str], Made], tmp_path: Path) -> None:
    with opened(made("arm"), tmp_path, env={"QEMU_RESERVED_VA": "0x18000000"}) as guest:
        found = foreign.reservation(guest)
        assert (found.status, "QEMU_RESERVED_VA" in found.fix) == ("fail", True), found


def test_files_of_somebody_else(guest: Callable[[str], Guest]) -> None:
    found = foreign.ownership(msgspec.structs.replace(guest("arm"), owner=12345))
    assert (found.status, "chown" in found.fix) == ("fail", True)
    found = foreign.ownership(msgspec.structs.replace(guest("arm"), out=Path("/nonexistent")))
    assert "does not arrive" in found.words


def test_the_command(made: Callable[[str], Made], capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    made("arm")
    names = ("starts", "sockets", "ptrace")
    code = main(["doctor", "arm", "--json", *(word for name in names for word in ("--only", name))])
    out, err = capfd.readouterr()
    assert code == 0, err
    found = json.loads(out)
    assert [(one["arch"], one["probe"], one["status"]) for one in found] == [
        ("arm", "starts", "pass"),
        ("arm", "sockets", "pass"),
        ("arm", "ptrace", "warn"),
    ]


def test_without_an_image(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("WRONGARCH_CACHE", str(tmp_path / "cache"))
    assert main(["doctor", "arm", "--only", "starts"]) == 0
    out = capfd.readouterr().out
    assert "skip  arm: starts" in out
    assert "fix: wrongarch doctor arm --build" in out


def test_without_a_compiler(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "hexagon", "--only", "starts", "--build"]) == 0
    assert "skip  hexagon: starts" in capfd.readouterr().out


@pytest.mark.parametrize(
    "words", [("arm", "--emulator", "99.9", "--build"), ("vax",), ("mips", "--emulator", "native", "--build")]
)
def test_words_that_mean_nothing(words: tuple[str, ...], requires_namespaces: None) -> None:
    assert main(["doctor", *words, "--only", "starts"]) == 2
