"""Private registration: foreign programs run in the root, the host does not hear of it."""

from __future__ import annotations

import errno
import subprocess
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from tests.support.busybox import busybox
from tests.support.programs import EXIT_CODE, exit_program
from tests.support.rooms import Room, room, unshared
from wrongarch.arches.lookup import find, host_arch, image_arches, runs_natively
from wrongarch.arches.model import Arch
from wrongarch.emulators import pins, store
from wrongarch.emulators.model import Emulator
from wrongarch.errors import MachineError
from wrongarch.namespaces import ids as id_maps
from wrongarch.namespaces.agent import registration
from wrongarch.namespaces.emulation import FOLDER, emulation
from wrongarch.namespaces.plan import Plan, PlanMount, Record

HOSTS = Path("/proc/sys/fs/binfmt_misc")
FOREIGN = [arch for arch in image_arches() if not runs_natively(arch, host_arch())]


def host_registrations() -> list[str]:
    return sorted(entry.name for entry in HOSTS.iterdir()) if HOSTS.is_dir() else []


@pytest.fixture(autouse=True)
def unchanged(pinned: None) -> Iterator[None]:
    """Whatever a test does, the host's registrations are the same after it."""
    before = host_registrations()
    yield
    assert host_registrations() == before


@pytest.fixture(scope="module")
def foreign() -> Arch:
    arch = find("arm")
    return arch if arch in FOREIGN else FOREIGN[0]


@pytest.fixture(scope="module")
def emulator(pinned: None, foreign: Arch) -> Emulator:
    return store.get(pins.load().default, foreign.qemu)


@pytest.fixture(scope="module")
def program(cache: Path, foreign: Arch) -> PlanMount:
    """A static program of the foreign arch that is many."""
    return PlanMount(source=str(busybox(foreign.debian)), target="/foreign/busybox", writable=False)


def plan_for(root: Path, arch: Arch, emulator: Emulator, *mounts: PlanMount, flags: str = "POCF") -> Plan:
    parts = emulation(arch, emulator, flags)
    return Plan(root=root, mounts=(*parts.mounts, *mounts), records=parts.records, emulator=parts.path)


@pytest.fixture(scope="module")
def emulated(native: Path, foreign: Arch, emulator: Emulator, program: PlanMount) -> Iterator[Room]:
    with room(plan_for(native, foreign, emulator, program)) as opened:
        yield opened


def test_a_foreign_program_runs_and_the_pinned_emulator_is_seen(emulated: Room, foreign: Arch) -> None:
    ran = emulated.run("/foreign/busybox", "sh", "-c", "uname -m; sleep 0.2; exit 7")
    assert (ran.ending.exit_code, ran.ending.interpreter) == (7, "pinned")
    assert ran.text.strip() in (foreign.uname, "armv7l", "aarch64")


def test_signals_of_a_foreign_program_come_through(emulated: Room) -> None:
    ending = emulated.run("/foreign/busybox", "sh", "-c", "kill -SEGV $$; sleep 5").ending
    assert (ending.reason, ending.signal) == ("signal", 11)


def test_a_program_of_the_host_in_an_emulated_root_is_told_apart(emulated: Room) -> None:
    assert emulated.run("sleep", "0.2").ending.interpreter == "other"


def test_a_program_of_the_host_where_nothing_is_emulated(shared: Room) -> None:
    assert shared.run("sleep", "0.2").ending.interpreter == "native"


def test_the_registration_is_ours_alone(emulated: Room, foreign: Arch, program: PlanMount) -> None:
    shown = emulated.read(f"cat {HOSTS}/qemu-{foreign.qemu}")
    assert shown.splitlines()[0] == "enabled"
    assert f"interpreter {FOLDER}/qemu-{foreign.qemu}" in shown
    assert "flags: POCF" in shown
    assert emulated.read(f"ls {HOSTS}").split() == [f"qemu-{foreign.qemu}", "register", "status"]
    if f"qemu-{foreign.qemu}" not in host_registrations():
        with pytest.raises(OSError) as caught:
            subprocess.run([program.source, "true"], check=False)
        assert caught.value.errno == errno.ENOEXEC


def test_commands_cannot_change_registrations(emulated: Room, foreign: Arch) -> None:
    for script in (
        f"echo -1 >{HOSTS}/qemu-{foreign.qemu}",
        f"echo 0 >{HOSTS}/status",
        f"echo ':x:M::abc::/bin/true:' >{HOSTS}/register",
    ):
        emulated.shell(script)
    assert emulated.read(f"ls {HOSTS}").split() == [f"qemu-{foreign.qemu}", "register", "status"]
    assert emulated.run("/foreign/busybox", "true").ending.exit_code == 0


@pytest.mark.parametrize("arch", FOREIGN, ids=lambda arch: arch.name)
def test_every_arch_that_has_images(native: Path, tmp_path: Path, arch: Arch, pinned: None) -> None:
    file = tmp_path / "program"
    file.write_bytes(exit_program(arch))
    file.chmod(0o755)
    program = PlanMount(source=str(file), target="/program", writable=False)
    emulator = store.get(pins.load().default, arch.qemu)
    with room(plan_for(native, arch, emulator, program)) as opened:
        assert opened.run("/program").ending.exit_code == EXIT_CODE


def test_two_roots_at_once_have_registrations_of_their_own(
    native: Path, foreign: Arch, emulator: Emulator, program: PlanMount
) -> None:
    other = next(arch for arch in FOREIGN if arch.qemu != foreign.qemu)
    other_emulator = store.get(pins.load().default, other.qemu)
    with (
        room(plan_for(native, foreign, emulator, program)) as first,
        room(plan_for(native, other, other_emulator, program)) as second,
    ):
        assert first.run("/foreign/busybox", "true").ending.exit_code == 0
        assert "Exec format error" in second.run("/foreign/busybox", "true").ending.error
        assert f"qemu-{foreign.qemu}" not in second.read(f"ls {HOSTS}").split()


class TestFlags:
    """Each letter does what the kernel's documentation says, and is missed where it is missing."""

    def test_p_keeps_the_name_a_program_was_called_by(
        self, native: Path, foreign: Arch, emulator: Emulator, program: PlanMount, tools: PlanMount
    ) -> None:
        call = 'exec -a its-name /foreign/busybox echo "by its path"'
        told = {}
        for flags in ("POCF", "OCF"):
            with room(plan_for(native, foreign, emulator, program, tools, flags=flags)) as opened:
                told[flags] = opened.run("/busybox", "sh", "-c", call).text
        assert "its-name: applet not found" in told["POCF"]
        assert told["OCF"] == "by its path\n"

    def test_f_finds_the_interpreter_from_another_root(
        self, native: Path, foreign: Arch, emulator: Emulator, program: PlanMount
    ) -> None:
        script = "mkdir /inner; cp /foreign/busybox /inner/busybox; chroot /inner /busybox true"
        for flags, works in (("POCF", True), ("POC", False)):
            with room(plan_for(native, foreign, emulator, program, flags=flags)) as opened:
                assert (opened.shell(script).ending.exit_code == 0) is works
                assert opened.run("/foreign/busybox", "true").ending.exit_code == 0

    @pytest.mark.skipif(not id_maps.choose().many, reason="needs another user inside")
    def test_o_opens_programs_that_the_user_may_only_run(
        self, native: Path, foreign: Arch, emulator: Emulator, program: PlanMount
    ) -> None:
        script = "cp /foreign/busybox /busybox; chmod 711 /busybox; chroot --userspec=5:5 --groups= / /busybox true"
        for flags, works in (("POF", True), ("PF", False)):
            with room(plan_for(native, foreign, emulator, program, flags=flags)) as opened:
                assert (opened.shell(script).ending.exit_code == 0) is works

    @pytest.mark.skipif(not id_maps.choose().many, reason="needs another user inside")
    def test_c_gives_set_user_id_programs_their_rights(
        self, native: Path, foreign: Arch, emulator: Emulator, program: PlanMount
    ) -> None:
        call = "chroot --userspec=5:5 --groups= / /busybox su -c true"
        for flags, works in (("POCF", True), ("POF", False)):
            with room(plan_for(native, foreign, emulator, program, flags=flags)) as opened:
                ran = opened.shell(f"cp /foreign/busybox /busybox; chmod 4755 /busybox; {call}")
                assert (b"must be suid" not in ran.out) is works


class TestRefusals:
    """Nothing is written to an instance that may be somebody else's."""

    CHECK = """
import sys
from wrongarch.namespaces.agent import mounts, registration
from wrongarch.namespaces.agent import syscalls as sc
def attempt(function, *words):
    try:
        function(*words)
    except (registration.NotPrivateError, OSError) as error:
        print(error)
    else:
        print("fine")
def register(name):
    attempt(registration.register, [{"name": name, "line": f":{name}:M::abcd::/bin/true:"}])
def check(before=None):
    attempt(registration._check_private, mounts.BINFMT, before)
"""

    def run(self, script: str, before: str = "true") -> list[str]:
        inside = unshared("-Urmpf", "--mount-proc", script=f'set -e; {before}; exec "$@"')
        return inside("-c", self.CHECK + script).splitlines()

    def test_in_the_first_user_namespace(self, tmp_path: Path) -> None:
        if Path("/proc/self/uid_map").read_text().split() != ["0", "0", "4294967295"]:
            pytest.skip("this is a container with a user namespace of its own")
        with pytest.raises(registration.NotPrivateError, match="first user namespace"):
            registration._check_private(str(tmp_path), None)

    def test_an_instance_of_our_own(self) -> None:
        assert self.run("register('one')") == ["fine"]

    def test_nothing_to_register_mounts_nothing(self) -> None:
        script = "registration.register([]); import os; print(os.path.exists(mounts.BINFMT + '/status'))"
        assert self.run(script) == ["False"]

    def test_an_instance_that_has_registrations(self) -> None:
        told = self.run("register('one'); check()")
        assert told == ["fine", "the instance has registrations that are not ours: one"]

    def test_an_instance_that_was_there_before(self) -> None:
        script = "import os; check(os.stat(mounts.BINFMT).st_dev); check(); register('one'); check()"
        told = self.run(script, before=f"mount -t binfmt_misc none {HOSTS}")
        assert told[:2] == ["the instance is the one that was there before", "fine"]
        assert "busy" in told[2]
        assert told[3] == "fine"  # so nothing was written

    def test_a_kernel_that_has_no_place_for_it_yet(self) -> None:
        hide = "mount -t tmpfs none /proc/sys/fs && mount -t tmpfs none /run"
        script = "register('one'); import os; print(sorted(os.listdir(mounts.HIDDEN_BINFMT)))"
        assert self.run(script, before=hide) == ["fine", "['one', 'register', 'status']"]


def test_a_record_that_the_kernel_refuses(native: Path) -> None:
    plan = Plan(root=native, records=(Record(name="bad", line=":bad:X::nonsense:"),))
    with pytest.raises(MachineError, match="registration") as caught, room(plan):
        pass
    assert "binfmt show" in caught.value.fix


def test_an_interpreter_that_is_not_there(native: Path, foreign: Arch, emulator: Emulator) -> None:
    """With F the kernel opens it at registration, so this is told at once."""
    plan = plan_for(native, foreign, emulator)
    with pytest.raises(MachineError, match="No such file"), room(msgspec.structs.replace(plan, mounts=())):
        pass
