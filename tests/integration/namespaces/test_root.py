"""The private root: what is in it, what is not, and that nothing leads out of it."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import stat
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.rooms import room, until
from wrongarch.errors import MachineError
from wrongarch.images import contents
from wrongarch.namespaces import ids as id_maps
from wrongarch.namespaces.plan import Plan, PlanMount


@pytest.fixture
def ids() -> id_maps.IdMap:
    return id_maps.choose()


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that root inside may read, and that is not below /tmp, where the agent mounts something of its own."""
    folder = Path(tempfile.mkdtemp(dir="/var/tmp"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def test_the_tree_is_never_changed(native: Path) -> None:
    def listing() -> list[str]:
        return [line for line in contents.listing(native) if "/usr/share/" not in line]

    before = listing()
    with room(Plan(root=native)) as opened:
        opened.read(
            "echo changed >>/etc/debconf.conf; rm /usr/bin/zstd; mkdir -p /new/folder; echo new >/new/folder/file; "
            "chmod 700 /usr/bin; mv /etc/apt /etc/other; ln -sf nowhere /usr/bin/xz; touch /"
        )
        assert (
            opened.read("cat /new/folder/file; readlink /usr/bin/xz; ls -d /etc/other") == "new\nnowhere\n/etc/other\n"
        )
    assert listing() == before
    with room(Plan(root=native)) as opened:
        assert opened.run("test", "-e", "/new").ending.exit_code == 1


def test_nothing_of_the_host_is_to_be_seen(native: Path, place: Path) -> None:
    (place / "secret").write_text("secret")
    with room(Plan(root=native)) as opened:
        assert set(opened.read("ls -A /").split()) <= {entry.name for entry in native.iterdir()}
        assert opened.run("test", "-e", str(place)).ending.exit_code == 1
        mounts = opened.read("cut -d' ' -f5 /proc/self/mountinfo").split()
        devices = [f"/dev/{name}" for name in ("null", "zero", "full", "random", "urandom", "tty")]
        assert set(mounts) == {"/", "/proc", "/dev", "/dev/pts", "/dev/shm", "/sys", *devices} | (
            {mount for mount in mounts if mount.startswith("/proc/")}
        )
        # what a link could lead to: nothing of process 1, which is the only one that began outside
        # (an ordinary user's has their own id, so that the names of its links may be listed, but not read or followed)
        names = opened.shell("ls /proc/1/fd/").out.split() or [b"0"]
        for name in map(bytes.decode, names):
            assert opened.run("readlink", f"/proc/1/fd/{name}").ending.exit_code != 0
            assert opened.run("test", "-e", f"/proc/1/fd/{name}").ending.exit_code != 0
        assert opened.shell("ls /proc/1/root/").ending.exit_code != 0
        assert opened.shell("ls /proc/1/cwd/").ending.exit_code != 0


def test_processes_of_the_host_are_not_to_be_seen(native: Path) -> None:
    with room(Plan(root=native)) as opened:
        seen = opened.read("echo $$; ls -d /proc/[0-9]*").split()
        assert seen[0] == "2"
        assert {"1"} < {entry.rpartition("/")[2] for entry in seen[1:]} <= {"1", "2", "3"}
        assert opened.shell(f"kill -0 {os.getpid()}").ending.exit_code != 0


def test_process_one_cannot_be_killed_from_inside(native: Path) -> None:
    with room(Plan(root=native)) as opened:
        for name in ("KILL", "TERM", "INT", "HUP", "STOP", "CHLD", "USR1", "SEGV"):
            opened.shell(f"kill -{name} 1")
        assert opened.run("true").ending.exit_code == 0


def test_devices(native: Path) -> None:
    with room(Plan(root=native)) as opened:
        assert opened.read("head -c 10 /dev/zero | tr '\\0' z; head -c 4 /dev/urandom | wc -c") == "zzzzzzzzzz4\n"
        assert opened.shell("echo x >/dev/full").ending.exit_code != 0
        assert opened.read("echo gone >/dev/null; stat -c %a /dev/null") == "666\n"
        assert opened.read("echo in | cat /dev/stdin; echo out >/dev/stdout; cat </dev/fd/0") == "in\nout\n"
        assert opened.read("stat -c '%F %a' /dev/shm; echo x >/dev/shm/x; cat /dev/shm/x") == "directory 1777\nx\n"
        assert opened.shell("mknod /dev/sda b 8 0").ending.exit_code != 0
        names = "fd full null ptmx pts random shm stderr stdin stdout tty urandom zero"
        assert opened.read("ls /dev").split() == names.split()


def test_the_size_of_what_is_written_is_bounded(native: Path) -> None:
    with room(Plan(root=native, scratch_bytes=8 << 20)) as opened:
        ran = opened.shell("head -c 20000000 /dev/zero >/file")
        assert ran.ending.exit_code == 1
        assert b"No space left" in ran.out
        assert opened.read("rm /file; echo fine >/file; cat /file") == "fine\n"


def test_host_name_and_files(native: Path) -> None:
    files = {"/etc/hostname": "elsewhere\n", "/etc/debconf.conf": "ours\n", "/new/deep/file": "text é\n"}
    with room(Plan(root=native, hostname="elsewhere", files=files)) as opened:
        assert opened.read("uname -n; cat /etc/debconf.conf /new/deep/file; stat -c %a /new /new/deep/file") == (
            "elsewhere\nours\ntext é\n755\n644\n"
        )
    assert os.uname().nodename != "elsewhere"


def test_modes_do_not_depend_on_the_umask_of_the_user(native: Path, ids: id_maps.IdMap) -> None:
    plan = Plan(root=native, files={"/new/file": "x"})
    before = os.umask(0o077)
    try:
        with room(plan) as opened:
            modes = opened.read("stat -c %a / /new /new/file /dev /dev/pts; umask; mkdir /made; stat -c %a /made")
    finally:
        os.umask(before)
    expected = f"{native.stat().st_mode & 0o777:o}"
    assert modes.split()[1:] == ["755", "644", "755", "755", "0022", "755"]
    assert modes.split()[0] in ("755", expected)


class TestMounts:
    def test_read_only_and_writable(self, native: Path, place: Path, ids: id_maps.IdMap) -> None:
        for name in ("in", "out"):
            (place / name).mkdir()
            (place / name / "file").write_text(name)
            id_maps.give(place / name, ids.owner)
        (place / "single").write_text("one file")
        mounts = (
            PlanMount(source=str(place / "in"), target="/a/in", writable=False),
            PlanMount(source=str(place / "out"), target="/a/out", writable=True),
            PlanMount(source=str(place / "single"), target="/b/one", writable=False),
        )
        with room(Plan(root=native, mounts=mounts)) as opened:
            assert opened.read("cat /a/in/file /a/out/file /b/one") == "inoutone file"
            for script in ("echo x >/a/in/file", "rm /a/in/file", "touch /a/in/new", "echo x >/b/one", "rm /b/one"):
                assert opened.shell(script).ending.exit_code != 0, script
            opened.read("echo changed >/a/out/file; mkdir /a/out/new")
        assert (place / "in/file").read_text() == "in"
        assert (place / "single").read_text() == "one file"
        assert (place / "out/file").read_text() == "changed\n"
        assert (place / "out/new").is_dir()

    def test_set_id_bits_and_devices_of_the_host_mean_nothing(self, native: Path, place: Path) -> None:
        shutil.copy(native / "usr/bin/id", place / "id")
        (place / "id").chmod(0o4755)
        mount = PlanMount(source=str(place), target="/given", writable=False)
        with room(Plan(root=native, mounts=(mount,))) as opened:
            options = opened.read("grep ' /given ' /proc/self/mountinfo | cut -d' ' -f6").strip().split(",")
        assert {"ro", "nosuid", "nodev"} <= set(options)

    def test_over_what_the_tree_has(self, native: Path, place: Path) -> None:
        (place / "file").write_text("mine")
        mounts = (
            PlanMount(source=str(place), target="/usr/share/keyrings", writable=False),
            PlanMount(source=str(place / "file"), target="/etc/debconf.conf", writable=False),
        )
        with room(Plan(root=native, mounts=mounts)) as opened:
            assert opened.read("ls /usr/share/keyrings; cat /etc/debconf.conf") == "file\nmine"

    def test_what_is_mounted_below_is_there_and_read_only_too(self, place: Path, native: Path) -> None:
        if os.geteuid() != 0:
            pytest.skip("only root can mount something on the host")
        (place / "below").mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", "mode=0777", "below", place / "below"], check=True)
        try:
            (place / "below/file").write_text("below")
            mount = PlanMount(source=str(place), target="/given", writable=False)
            with room(Plan(root=native, mounts=(mount,))) as opened:
                assert opened.read("cat /given/below/file") == "below"
                assert opened.shell("echo x >/given/below/file").ending.exit_code != 0
        finally:
            subprocess.run(["umount", place / "below"], check=True)

    def test_a_source_that_is_gone_is_named(self, native: Path, place: Path) -> None:
        mount = PlanMount(source=str(place / "gone"), target="/given", writable=False)
        with pytest.raises(MachineError, match="gone"), room(Plan(root=native, mounts=(mount,))):
            pass

    def test_a_root_that_is_gone_is_named(self, place: Path) -> None:
        with pytest.raises(MachineError, match="no-root"), room(Plan(root=place / "no-root")):
            pass

    def test_names_that_are_no_utf8(self, native: Path, place: Path) -> None:
        odd = Path(os.fsdecode(os.fsencode(place) + b"/caf\xe9"))
        odd.mkdir(mode=0o755)
        (odd / "file").write_text("odd")
        target = os.fsdecode(b"/caf\xe9")
        with room(Plan(root=native, mounts=(PlanMount(source=str(odd), target=target, writable=False),))) as opened:
            assert opened.read('cat "$1"/file', target) == "odd"
        lost = PlanMount(source=f"{odd}/gone", target="/x", writable=False)
        with pytest.raises(MachineError, match="gone") as caught, room(Plan(root=native, mounts=(lost,))):
            pass
        caught.value.what.encode()  # can be written to a terminal


# A tree may hold any link. None of them may make us write, or mount, outside of the tree.
LINKS = {
    "absolute": "{victim}",
    "up and out": "../../../../..{victim}",
    "up from a folder": "usr/../..{victim}",
    "by way of a descriptor": "/proc/self/fd/{number}/../../../../../../..{victim}",
    "by way of process 1": "/proc/1/root/{victim}",
    "by way of the working folder": "/proc/self/cwd/../..{victim}",
}


class TestHostileTree:
    @pytest.fixture
    def victim(self, place: Path) -> Path:
        folder = place / "victim"
        folder.mkdir()
        for path in (folder, folder / "file", folder / "resolv.conf"):
            if path != folder:
                path.write_text("the host's\n")
            path.chmod(0o777)  # nothing but the links themselves keeps anybody away
        return folder

    @pytest.fixture
    def tree(self, place: Path, ids: id_maps.IdMap) -> Path:
        folder = place / "tree"
        for name in ("usr/bin", "proc", "dev", "sys", "etc", "run", "tmp"):
            (folder / name).mkdir(parents=True)
        return folder

    @pytest.mark.parametrize("kind", LINKS)
    @pytest.mark.parametrize("where", ["etc", "run", "opt", "dev", "sys", "proc"])
    def test_a_link_in_the_place_of_a_folder(
        self, place: Path, tree: Path, victim: Path, ids: id_maps.IdMap, kind: str, where: str
    ) -> None:
        (place / "mounted").write_text("from a mount\n")
        mount = PlanMount(source=str(place / "mounted"), target="/opt/file", writable=False)
        plan = Plan(root=tree, mounts=(mount,), files={"/etc/resolv.conf": "ours\n", "/run/made/file": "ours\n"})
        if (tree / where).exists():
            (tree / where).rmdir()
        numbers = range(3, 8) if "{number}" in LINKS[kind] else range(1)
        for number in numbers:
            (tree / where).symlink_to(LINKS[kind].format(victim=victim, number=number))
            id_maps.give(tree, ids.owner)
            before = list(contents.listing(victim))
            # whether it opens is all the same; that it does not reach the host is not
            try:
                with room(plan):
                    pass
            except MachineError:
                pass
            assert list(contents.listing(victim)) == before
            (tree / where).unlink()

    @pytest.mark.parametrize("kind", LINKS)
    def test_a_link_in_the_place_of_a_file(
        self, place: Path, tree: Path, victim: Path, ids: id_maps.IdMap, kind: str
    ) -> None:
        (tree / "etc/resolv.conf").symlink_to(LINKS[kind].format(victim=victim, number=3) + "/resolv.conf")
        (tree / "etc/mounted").symlink_to(LINKS[kind].format(victim=victim, number=3) + "/file")
        id_maps.give(tree, ids.owner)
        mount = PlanMount(source=str(tree), target="/etc/mounted", writable=False)
        before = list(contents.listing(victim))
        with room(Plan(root=tree, files={"/etc/resolv.conf": "ours\n"})):
            pass
        try:
            with room(Plan(root=tree, mounts=(mount,))):
                pass
        except MachineError:
            pass
        assert list(contents.listing(victim)) == before
        assert not os.path.ismount(victim / "file")


class TestNetwork:
    @pytest.fixture
    def port(self) -> Iterator[int]:
        """One that answers with a word on the host's loopback."""

        def answer() -> None:
            with contextlib.suppress(OSError):
                while True:
                    connection, _ = server.accept()
                    with connection:
                        connection.sendall(b"the host")

        with socket.create_server(("127.0.0.1", 0)) as server:
            thread = threading.Thread(target=answer, daemon=True)
            thread.start()
            yield server.getsockname()[1]
            server.shutdown(socket.SHUT_RDWR)
            thread.join()

    def test_one_of_its_own_has_a_loopback_and_nothing_else(self, native: Path, tools: PlanMount, port: int) -> None:
        with room(Plan(root=native, mounts=(tools,))) as opened:
            lines = opened.read("tail -n +3 /proc/net/dev").splitlines()
            assert [line.split(":")[0].strip() for line in lines] == ["lo"]
            assert opened.read("ls /sys/class/net").split() == ["lo"]
            assert opened.run("/busybox", "nc", "-w2", "127.0.0.1", str(port), timeout=5).out != b"the host"
            # on a low port, as root may
            opened.start("sh", "-c", "while :; do echo inside | /busybox nc -l -p 80; done")
            until(lambda: opened.run("/busybox", "nc", "127.0.0.1", "80", timeout=5).out == b"inside\n")

    def test_that_of_the_host(self, native: Path, tools: PlanMount, port: int) -> None:
        with room(Plan(root=native, mounts=(tools,), own_network=False)) as opened:
            assert opened.run("/busybox", "nc", "127.0.0.1", str(port), timeout=5).out == b"the host"
            assert opened.read("cut -d: -f1 /proc/net/dev") == "".join(
                line.partition(":")[0] + "\n" for line in Path("/proc/net/dev").read_text().splitlines()
            )
            options = opened.read("grep ' /sys[/ ]' /proc/self/mountinfo | cut -d' ' -f6").split()
            assert options
            assert {option.split(",")[0] for option in options} == {"ro"}


def test_an_inner_root_has_what_programs_expect(native: Path, place: Path, ids: id_maps.IdMap) -> None:
    inner = place / "inner"
    inner.mkdir()
    for name in ("usr", "tmp"):
        (inner / name).mkdir()
    id_maps.give(inner, ids.owner)
    mounts = (
        PlanMount(source=str(inner), target="/target", writable=True),
        PlanMount(source=str(native / "usr"), target="/target/usr", writable=False),
    )
    with room(Plan(root=native, mounts=mounts, inner="/target")) as opened:
        opened.read("for name in bin lib lib64; do ln -s usr/$name /target/$name; done")
        inside = opened.read("chroot /target sh -c 'echo $$; ls -d /proc/1; echo >/dev/null; ls /sys; ls /dev/pts'")
        assert {"/proc/1", "ptmx", "kernel"} <= set(inside.split())
    assert stat.S_ISDIR((inner / "proc").stat().st_mode)
    assert list((inner / "proc").iterdir()) == []
